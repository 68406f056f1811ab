"""The screen of all that happened, and of each change with its way back."""

from typing import Any

from flask import request, url_for
from flask_admin import expose
from flask_login import current_user
from markupsafe import Markup

from backoffice.audit.admin.activity_file import SETS_AT_ONCE, activity_lines
from backoffice.audit.history import (
    count_rows,
    people_in_history,
    readable_change_sets,
    rows_of,
    subjects_of,
    subjects_of_several,
    touched_fields,
    touches,
    undos_of,
)
from backoffice.audit.models import ChangeSet
from backoffice.audit.plan import is_undoable, plan_undo
from backoffice.audit.taking_back import hold
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.records import model_of
from backoffice.search.finders import KeptFinder
from backoffice.web import access, exports
from backoffice.web.base import Screen
from backoffice.web.filters import Filter, filter_by
from backoffice.web.finding import KEY
from backoffice.web.history import (
    KIND_WORDS,
    entry_of,
    field_label,
    how,
    is_told,
    noun_of,
    preload_rows,
    readable_entities,
    subjects_in_words,
)
from backoffice.web.notes import conclude, say_why
from backoffice.web.parts import name_link
from backoffice.web.searching import Finder
from backoffice.web.undoing import TakingBack, could_undo, outcome_words, require_all, rights_to_undo, undo_summary
from backoffice.wording import capitalised

ROWS_A_PAGE = 100


class ChangeSetScreen(Screen):
    model = ChangeSet
    title, noun, icon = "Activity", "change", "clock-history"

    can_export = True
    can_view_details = True

    column_list = ("summary", "actor_name", "kind", "at")
    column_labels = {"summary": "What", "actor_name": "Who", "kind": "How", "at": "When"}
    column_sortable_list = ("at",)
    column_default_sort = "-at"
    column_formatters = {
        "summary": lambda screen, record: screen.summary_link(record),
        "actor_name": lambda screen, record: record.actor_name or _("the system"),
        "kind": lambda screen, record: how(record),
    }

    column_searchable_list = ("summary", "actor_name", "source")
    search_hint = "What, who or file"
    shows_count, palette_most = False, 0
    column_filters = ("actor", "kind", "entity", "field", "at")

    details_template = "audit/change_set.html"

    def make_finder(self) -> Finder:
        return KeptFinder(ChangeSet)

    def live(self) -> Any:
        return readable_change_sets(readable_entities())

    def make_filters(self) -> list[Filter]:
        own = {"actor": _person_filter, "kind": _kind_filter, "entity": _entity_filter, "field": _field_filter}
        return [own[name]() if name in own else filter_by(ChangeSet, name) for name in self.column_filters]

    def label_of(self, name: str) -> str:
        own = {"actor": marked("Who"), "entity": marked("Kind of record"), "field": marked("Field")}
        return _(own[name]) if name in own else super().label_of(name)

    def prepare_rows(self, records: list[Any]) -> None:
        subjects = subjects_of_several([record.id for record in records], readable_entities())
        for record in records:
            record.shown_subjects = subjects_in_words(subjects.get(record.id, []))

    def summary_link(self, record: ChangeSet) -> Any:
        link = name_link(record.told, url_for("change_set.details_view", id=record.id))
        below = Markup('<span class="product-sku">{}</span>').format(record.shown_subjects)
        return Markup('<div class="product-cell-text">{}{}</div>').format(link, below)

    def right_of(self, view_name: str) -> access.Right:
        return access.SIGNED_IN if view_name == "undo_view" else super().right_of(view_name)

    def export_lines(self, arguments: Any) -> Any:
        return activity_lines(self.with_keys(keys) for keys in exports.keys_in_order(self, arguments, SETS_AT_ONCE))

    @expose("/details/")
    def details_view(self) -> Any:
        change_set = self.require_one(request.args.get("id"))
        readable = readable_entities()
        subjects, undos = subjects_of(change_set), undos_of(change_set)
        rows = rows_of(change_set, readable, ROWS_A_PAGE + 1, _row_key(request.args.get("after")))
        # Held until the entries are made, so that each name is in the session and none asks for itself.
        _named = preload_rows(rows)
        return self.render(
            self.details_template,
            screen=self,
            record=change_set,
            how=how(change_set),
            entries=[entry_of(row, change_set) for row in rows[:ROWS_A_PAGE]],
            following=rows[ROWS_A_PAGE - 1].id if len(rows) > ROWS_A_PAGE else None,
            is_first_page="after" not in request.args,
            count=count_rows(change_set, readable),
            may_undo=could_undo(change_set, subjects) and not undos.is_whole,
            is_of_staff=bool(subjects) and not is_undoable(subjects),
            undos=undos,
            undoes=db.session.get(ChangeSet, change_set.undoes_id) if change_set.undoes_id else None,
        )

    @expose("/undo/", methods=("GET", "POST"))
    def undo_view(self) -> Any:
        given = request.form if request.method == "POST" else request.args
        change_set = self.require_one(given.get("id"))
        require_all(rights_to_undo(change_set, subjects_of(change_set)))
        if request.method == "POST":
            # Two who take it back at once must not both find that nobody has.
            hold(change_set)
        taking = TakingBack(plan_undo(change_set, current_user.id), request.form)
        if request.method == "GET":
            return self._preview(taking, change_set, 200)
        return self._undo(taking, change_set)

    def _preview(self, taking: TakingBack, change_set: ChangeSet, status: int) -> Any:
        back = access.own_address(request.values.get("back"), url_for("change_set.details_view", id=change_set.id))
        return taking.page("audit/undo.html", status, screen=self, record=change_set, how=how(change_set), back=back)

    def _undo(self, taking: TakingBack, change_set: ChangeSet) -> Any:
        # Where nothing stands in the way, a small change is taken back at once.
        if not taking.is_seen and (taking.needs_a_look or taking.is_changed_meanwhile):
            return self._preview(taking, change_set, 409)
        key, summary = change_set.id, undo_summary(change_set)
        back = access.own_address(request.form.get("back"), url_for("change_set.index_view"))
        say_why("undo", summary, undoes_id=key)
        outcome = taking.carry_out()
        if outcome is None:
            return self._preview(taking, self.require_one(str(key)), 409)
        if not outcome.taken:
            raise Refusal(taking.why_nothing)
        return conclude(f"{summary}{outcome_words(outcome)}.", back, undoable=True)


def _row_key(text: str | None) -> int:
    if text and not KEY.fullmatch(text):
        raise Refusal(_("This part of the change does not exist. Open the change from its beginning."))
    return int(text or 0)


def _choice_filter(name: str, choices: Any, condition: Any) -> Filter:
    """A filter of several values; choices: the values with their words, as they are when it is shown."""

    def read(text: str) -> str:
        if text not in dict(choices()):
            raise Refusal(_("Choose one of the list."))
        return text

    def of(operator: str, values: list[Any]) -> Any:
        # What the system did has no actor, and is none of these people either.
        return ~db.func.coalesce(condition(values), db.false()) if operator == "not" else condition(values)

    return Filter(name, "choice", of, read, lambda value: dict(choices())[value], is_nullable=False, load=choices)


def _person_filter() -> Filter:
    def choices() -> list[tuple[str, str]]:
        return [*((str(one.id), one.name) for one in people_in_history()), ("system", _("The system"))]

    def condition(values: list[str]) -> Any:
        people = ChangeSet.actor_id.in_([int(value) for value in values if value != "system"])
        return people | ChangeSet.actor_id.is_(None) if "system" in values else people

    return _choice_filter("actor", choices, condition)


def _kind_filter() -> Filter:
    def choices() -> list[tuple[str, str]]:
        return [(kind, capitalised(_(words))) for kind, words in KIND_WORDS.items()]

    return _choice_filter("kind", choices, lambda values: ChangeSet.kind.in_(values))


def _entity_filter() -> Filter:
    def choices() -> list[tuple[str, str]]:
        recorded = (entity for entity in readable_entities() if model_of(entity).is_recorded)
        return sorted(((entity, capitalised(noun_of(entity))) for entity in recorded), key=lambda pair: pair[1])

    return _choice_filter("entity", choices, touches)


def _field_filter() -> Filter:
    def choices() -> list[tuple[str, str]]:
        fields = touched_fields(readable_entities())
        words = [
            (
                f"{entity}.{field}",
                _("%(field)s of %(name)s", field=field_label(model_of(entity), field), name=noun_of(entity)),
            )
            for entity, field in fields
            if is_told(model_of(entity), field)
        ]
        return sorted(words, key=lambda pair: pair[1])

    def condition(values: list[str]) -> Any:
        return db.or_(*(touches([value.partition(".")[0]], value.partition(".")[2]) for value in values))

    return _choice_filter("field", choices, condition)
