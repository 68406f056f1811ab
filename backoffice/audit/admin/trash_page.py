"""The pages of the trash: what was deleted, the way back, and the way out for good."""

from datetime import datetime
from typing import Any

from flask import abort, current_app, flash, request, url_for
from flask_admin import expose
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict

from backoffice.audit import trash
from backoffice.audit.holding import count_going_along, holders_of
from backoffice.audit.trash_listing import count_listed, deletions_of, listed, went_along
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import ngettext, said, said_counted
from backoffice.records import Trashable, in_order_of, lock
from backoffice.web import access, listing, paging
from backoffice.web.fields import normalise_text
from backoffice.web.finding import KEY, tidy_search
from backoffice.web.notes import conclude, say_why
from backoffice.web.pages import Page
from backoffice.wording import counted, joined, plural

ROWS_A_PAGE = 50
MOST_EMPTIED_AT_ONCE = 200
MOST_NAMED = 5


class TrashPage(Page):
    """What staff deleted, with the way back."""

    icon = "trash"
    rights = {
        "index": access.SIGNED_IN,
        "restore": access.SIGNED_IN,
        "delete": access.SIGNED_IN,
        "empty": access.SIGNED_IN,
    }

    def is_accessible(self) -> bool:
        return any(access.may("read", model.area) for model in trash.trashable_models())

    def __init__(self) -> None:
        super().__init__(name="Trash", endpoint="trash")

    # What is in it
    @expose("/")
    def index(self) -> Any:
        models = _readable_models()
        if not models:
            raise access.MissingRight(("catalog", "read"))
        return self._list_page(_chosen(models))

    def _list_page(self, model: Any, problem: str = "") -> str:
        page = _load_page(model)
        keys = [record.id for record in page.records]
        models = _readable_models()
        return self.render(
            "audit/trash.html",
            models=models,
            chosen=model,
            counts={one: count_listed(one) for one in models},
            page=page,
            arguments=page.arguments,
            problem=problem,
            deletions=deletions_of(page.records),
            along=_in_words(went_along(model, keys)),
            whole_of=_whole_of,
            screens=current_app.extensions["screens"],
            may_restore=access.may("delete", model.area),
            may_empty=access.may("empty_trash", model.area),
        )

    # The way back
    @expose("/restore/", methods=("POST",))
    def restore(self) -> Any:
        record = _require_record("delete")
        if problem := _moved_since(record):
            return self._list_page(type(record), problem), 409
        plan = trash.plan_return(record, _typed_names())
        if not plan.is_settled or plan.homes and not request.form.get("together"):
            return self._restore_page(record, plan), 409
        for home in plan.homes:
            access.require("delete", home.area)
        say_why("restore", said("%(name)s restored", name=record))
        trash.restore_with_homes(record, _typed_names())
        back = url_for("trash.index", kind=record.__tablename__)
        return conclude(_said_of_return(record, plan), back, undoable=True)

    def _restore_page(self, record: Any, plan: trash.Return) -> str:
        return self.render(
            "audit/restore.html",
            record=record,
            plan=plan,
            may_restore=all(access.may("delete", home.area) for home in plan.homes),
            can_be_named=all(one.can_be_typed for one in plan.taken),
            url_of=_url_of,
            noun=_(_noun(type(record))),
        )

    # The way out
    @expose("/delete/", methods=("GET", "POST"))
    def delete(self) -> Any:
        record = _require_record("empty_trash")
        if request.method == "GET":
            return self._delete_page(record)
        if problem := _moved_since(record):
            return self._delete_page(record, problem), 409
        if not _is_typed(_name_to_type(record)):
            return self._delete_page(record, _mistyped(_name_to_type(record))), 422
        name, kind = str(record), record.__tablename__
        say_why("delete", said("%(name)s deleted for good", name=name))
        try:
            trash.delete_for_good(record)
        except Refusal as refusal:
            return self._delete_page(record, refusal.message), 422
        return conclude(_("%(name)s is deleted for good.", name=name), url_for("trash.index", kind=kind))

    def _delete_page(self, record: Any, problem: str = "") -> str:
        model = type(record)
        return self.render(
            "audit/delete_for_good.html",
            record=record,
            name=_name_to_type(record),
            noun=_(_noun(model)),
            problem=problem,
            holders=holders_of(model, [record.id]).get(record.id, []),
            along=_along(model, [record.id]),
        )

    @expose("/empty/", methods=("GET", "POST"))
    def empty(self) -> Any:
        model = _require_model("empty_trash")
        if request.method == "GET":
            return self._empty_page(model)
        until = _shown_until()
        if until is None:
            return self._empty_page(model, _("Look at what goes first.")), 409
        if not _is_typed(_nouns(model)):
            return self._empty_page(model, _mistyped(_nouns(model)), until), 422
        return self._empty(model, until)

    def _empty(self, model: Any, until: datetime) -> Any:
        records = _oldest(model, until)
        say_why(
            "delete",
            said("Trash emptied: %(what)s", what=said_counted(len(records), _noun(model), plural(_noun(model)))),
        )
        left = trash.delete_each_for_good(records)
        gone = len(records) - len(left)
        if not gone:
            return self._empty_page(model, _("Nothing of it can be deleted for good now."), until), 422
        done = ngettext(
            "%(what)s is deleted for good.", "%(what)s are deleted for good.", gone, what=counted(gone, _noun(model))
        )
        if left:
            what = counted(len(left), _noun(model))
            done += f" {ngettext('%(what)s stays.', '%(what)s stay.', len(left), what=what)}"
        answer = conclude(done, url_for("trash.index", kind=model.__tablename__))
        for refusal in list(left.values())[:MOST_NAMED]:
            flash({"text": refusal.message}, "warning")
        return answer

    def _empty_page(self, model: Any, problem: str = "", until: datetime | None = None) -> str:
        records = _oldest(model, until)
        keys = [record.id for record in records]
        holders = holders_of(model, keys) if keys else {}
        held = {record: holders[record.id] for record in records if _is_held(model, holders.get(record.id, []))}
        going = [record.id for record in records if record not in held]
        return self.render(
            "audit/empty.html",
            chosen=model,
            nouns=_nouns(model),
            noun=_(_noun(model)),
            records=records,
            count=count_listed(model),
            until=records[-1].deleted_at.isoformat() if records else "",
            held=list(held.items()),
            along=_along(model, going) if going else "",
            problem=problem,
        )


def _readable_models() -> list[Any]:
    return [model for model in trash.trashable_models() if access.may("read", model.area)]


def _chosen(models: list[Any]) -> Any:
    wanted = request.args.get("kind")
    if wanted is None:
        return next((model for model in models if model.__tablename__ == "product"), models[0])
    found = next((model for model in models if model.__tablename__ == wanted), None)
    return found or abort(404, _("There is no such trash."))


def _load_page(model: Any) -> listing.Page:
    # What follows a refused request shows the beginning.
    given = request.args if request.method == "GET" else MultiDict({"kind": model.__tablename__})
    search, asks = tidy_search(given.get("search", "")), paging.read_asked(given, model.deleted_at)
    arguments = listing.ListArguments(search, (), "", asks, ROWS_A_PAGE, (), given)
    statement = listed(model)
    if search:
        finder = current_app.extensions["screens"][model.__tablename__].finder
        statement = statement.where(*finder.condition(search))
    whole = trash.rules_of(model).whole
    loads = [joinedload(whole)] if whole is not None else []

    def load(keys: list[int]) -> list[Any]:
        wanted = db.select(model).where(model.id.in_(keys)).options(*loads)
        return in_order_of(keys, db.session.scalars(wanted).unique())

    order = paging.Order(model, model.deleted_at, downwards=True)
    return listing.page_of(order, statement, arguments, listing.told_count(statement, arguments), load)


def _in_words(along: dict[int, list[tuple[int, str]]]) -> dict[int, str]:
    return {key: joined([counted(*one) for one in several]) for key, several in along.items()}


def _whole_of(record: Trashable) -> str:
    """What a part was of, where its own name does not say so."""
    whole = trash.rules_of(type(record)).whole
    name = str(getattr(record, whole.key)) if whole is not None else ""
    return "" if name in str(record) else name


def _noun(model: Any) -> str:
    return current_app.extensions["screens"][model.__tablename__].noun


def _nouns(model: Any) -> str:
    """What its records are called together, in the reader's language."""
    return ngettext(_noun(model), plural(_noun(model)), 2)


def _url_of(record: Any) -> str | None:
    """Where the person may look at a record; at one of the trash, in the list there."""
    if getattr(record, "is_deleted", False):
        return url_for("trash.index", kind=record.__tablename__, search=getattr(record, "name", None))
    screen = current_app.extensions["screens"].get(record.__tablename__)
    return screen.record_url(record) if screen is not None and screen.is_accessible() else None


def _require_model(verb: str) -> Any:
    """The kind that was named; refused before anything is looked up where the right is missing."""
    kind = request.values.get("kind", "")
    model = next((model for model in trash.trashable_models() if model.__tablename__ == kind), None)
    access.require(verb, model.area if model else "catalog")
    return model or abort(404, _("There is no such trash."))


def _require_record(verb: str) -> Any:
    """The record that was named, locked; refused before it is looked up where the right is missing."""
    model, key = _require_model(verb), request.values.get("id", "")
    access.require("read", model.area)
    record = lock(model, int(key)) if KEY.fullmatch(key) else None
    if record is None:
        abort(404, _("It is not in the trash."))
    if not record.is_deleted:
        raise Refusal(_("“%(name)s” is not in the trash. Somebody restored it already.", name=record))
    return record


def _moved_since(record: Trashable) -> str:
    """Why what the person saw is not what lies in the trash now, if so."""
    shown = request.form.get("deleted_at")
    if not shown:
        return _("Look at “%(name)s” as it is now, then try again. Nothing is done.", name=record)
    if shown != record.deleted_at.isoformat():
        return _("“%(name)s” was restored and deleted again since you opened the page. Nothing is done.", name=record)
    return ""


def _typed_names() -> dict[str, str]:
    return {key.removeprefix("name-"): text for key, text in request.form.items() if key.startswith("name-")}


def _said_of_return(record: Trashable, plan: trash.Return) -> str:
    homes = joined([str(home) for home in plan.homes])
    names = joined([f"{one.label} {one.chosen or _('empty')}" for one in plan.taken[:MOST_NAMED]])
    facts = {"name": record, "homes": homes, "names": names}
    if homes and names:
        return _("%(name)s is back together with %(homes)s, with %(names)s.", **facts)
    if homes:
        return _("%(name)s is back together with %(homes)s.", name=record, homes=homes)
    if names:
        return _("%(name)s is back, with %(names)s.", name=record, names=names)
    return _("%(name)s is back.", name=record)


def _name_to_type(record: Trashable) -> str:
    """A name of its own where it has one: what stands above it in a tree is not for typing."""
    return str(getattr(record, "name", None) or record)


def _is_typed(name: str) -> bool:
    typed = normalise_text(request.form.get("typed", "")[:2000])
    return " ".join(typed.split()) == " ".join(normalise_text(name).split())


def _mistyped(name: str) -> str:
    return _("That is not the name. Type “%(name)s” as it stands here. Nothing is deleted.", name=name)


def _along(model: Any, keys: list[int]) -> str:
    counts = count_going_along(model, keys, trash.part_models(model))
    return joined([counted(*one) for one in counts])


def _is_held(model: Any, holders: list[Any]) -> bool:
    """Whether others than its own kind hold it: those go together."""
    return any(not isinstance(holder.example, model) for holder in holders)


def _shown_until() -> datetime | None:
    """The moment of the last deletion that the page showed; what was deleted later stays."""
    try:
        until = datetime.fromisoformat(request.form.get("until", "")[:40])
    except ValueError:
        return None
    return until if until.tzinfo is not None and 1970 <= until.year <= 9000 else None


def _oldest(model: Any, until: datetime | None) -> list[Any]:
    statement = listed(model) if until is None else listed(model).where(model.deleted_at <= until)
    first = statement.order_by(model.deleted_at, model.id).limit(MOST_EMPTIED_AT_ONCE)
    return list(db.session.scalars(first).unique())
