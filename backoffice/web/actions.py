"""Doing one thing to many chosen records: on those that were seen as they are, or after a page that says what differs."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import abort, request, url_for
from flask_admin import expose
from werkzeug.exceptions import Forbidden

from backoffice.audit import trash
from backoffice.audit.history import changes_since
from backoffice.audit.undo import AREAS_WITHOUT_UNDO
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import lazy_gettext, said, said_counted
from backoffice.records import loads_beside
from backoffice.web import access
from backoffice.web.deleting import facts_of, sum_of
from backoffice.web.finding import KEY
from backoffice.web.history import Entry, entry_of, preload_rows
from backoffice.web.notes import conclude, say_why
from backoffice.wording import counted, figure, plural

MOST_ROWS = 1000
MOST_MATCHING = 20_000
VERSION = re.compile(r"\d{1,10}", re.ASCII)


@dataclass
class Chosen:
    """The records of an action, locked and as they are now.

    gone: the names of those deleted since; changed: what others did to those that were shown otherwise;
    refused: why one may not go; query: the list that was chosen as a whole, where no rows were ticked.
    """

    records: list[Any]
    gone: list[str]
    query: str | None = None
    changed: dict[Any, list[Entry]] = field(default_factory=dict)
    refused: dict[Any, Refusal] = field(default_factory=dict)

    @property
    def able(self) -> list[Any]:
        return [record for record in self.records if record not in self.refused]

    @property
    def others(self) -> list[Any]:
        """Those that are as they were seen."""
        return [record for record in self.able if record not in self.changed]

    @property
    def differs(self) -> bool:
        return bool(self.gone or self.changed or self.refused)

    @property
    def state(self) -> str:
        """What tells these records, as they are, from any others: for a choice that no row was ticked for."""
        facts = ",".join(f"{record.id}:{getattr(record, 'version', '')}" for record in self.able)
        return hashlib.sha256(facts.encode()).hexdigest()


class Acting:
    """The part of a screen that acts on many records."""

    action_rights: dict[str, str] = {}
    action_labels: dict[str, str] = {"delete": "Delete"}
    action_phrases: dict[str, str] = {}
    # What an action reads beside the records themselves, as loader options: loaded once, not by each record.
    action_loads: dict[str, tuple[Any, ...]] = {}
    action_template = "web/action.html"

    def allowed_actions(self) -> list[tuple[str, str]]:
        """The buttons below a list; a deletion asks more before it happens."""
        allowed = [name for name, verb in self.action_rights.items() if access.may(verb, self.area)]
        return [(name, self._actions_label(name) + ("…" if name == "delete" else "")) for name in allowed]

    def _actions_label(self, name: str) -> str:
        return _(self.action_labels.get(name, name.capitalize()))

    def action_phrase(self, name: str, number: int) -> str:
        """What a button does and to how many, as in `Delete 3 products`."""
        what = counted(number, self.noun)
        phrase = self.action_phrases.get(name)
        return (
            _(phrase).format(what) if phrase else _("%(action)s %(what)s", action=self._actions_label(name), what=what)
        )

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        name = request.form.get("action", "")
        verb = self.action_rights.get(name)
        if verb is None:
            raise Forbidden(_("This list does not offer that."))
        access.require(verb, self.area)
        if request.form.get("all_matching"):
            return self.run_action_on_all(name, request.form.get("query", ""))
        return self.run_action(name, request.form.getlist("rowid"))

    def run_action_on_all(self, name: str, query: str) -> Any:
        """The same for all that a list finds, on other pages too: shown first, then done to just what was shown."""
        found = self.found_at(query).with_only_columns(self.model.id).order_by(self.model.id).limit(MOST_MATCHING + 1)
        keys = list(dict.fromkeys(db.session.scalars(found)))
        if not keys:
            raise Refusal(_("Nothing matches any more. Go back to the list and look."))
        most = MOST_ROWS if name == "delete" else MOST_MATCHING
        if len(keys) > most:
            raise Refusal(_("More than %(number)s rows match. Narrow the list first.", number=figure(most)))
        chosen = self._hold(name, keys)
        chosen.query = query
        if name == "delete":
            chosen.refused = trash.refusals_of(chosen.records)
        is_as_seen = request.form.get("seen") and request.form.get("state") == chosen.state
        if not is_as_seen or name == "delete" and self._parts_moved(chosen.able):
            return self._action_page(name, chosen, bool(request.form.get("seen")))
        return self._do(name, chosen.able)

    def run_action(self, name: str, keys: list[str]) -> Any:
        """Do one thing to every chosen record, as one change set; none is changed where one is refused."""
        chosen = self._choose(name, _checked_keys(keys))
        is_seen = bool(request.form.get("seen"))
        if name == "delete":
            chosen.refused = trash.refusals_of(chosen.records)
        has_moved = name == "delete" and is_seen and self._parts_moved(chosen.records)
        if chosen.differs or has_moved or name == "delete" and not is_seen:
            return self._action_page(name, chosen, has_moved)
        return self._do(name, chosen.records)

    def _do(self, name: str, records: list[Any]) -> Any:
        label = lazy_gettext(self.action_labels.get(name, name.capitalize()))
        what = said_counted(len(records), self.noun, plural(self.noun))
        say_why("bulk", said("%(action)s: %(what)s", action=label, what=what))
        self._act(name, records)
        done = _("%(action)s: %(what)s.", action=self._actions_label(name), what=counted(len(records), self.noun))
        return conclude(done, self._list_address(), self.area not in AREAS_WITHOUT_UNDO)

    def _act(self, name: str, records: list[Any]) -> None:
        if name == "delete":
            for refusal in trash.trash_each(records).values():
                raise refusal
            return
        with db.session.no_autoflush:
            for record in records:
                getattr(self, f"do_{name}")(record)

    def _list_address(self) -> str:
        return access.own_address(request.form.get("back"), url_for(f"{self.endpoint}.index_view"))

    # What was chosen, as it is now
    def _choose(self, name: str, keys: list[int]) -> Chosen:
        chosen = self._hold(name, keys)
        chosen.changed = self._changed(chosen.records)
        return chosen

    def _hold(self, name: str, keys: list[int]) -> Chosen:
        # All in the order of their keys, so that two who act on the same ones do not wait for each other.
        wanted = db.select(self.model).where(self.model.id.in_(keys)).order_by(self.model.id)
        loads = *loads_beside(self.model), *self.action_loads.get(name, ())
        held = wanted.options(*loads).with_for_update().execution_options(populate_existing=True)
        found = list(db.session.scalars(held))
        live = set(db.session.scalars(self.live().with_only_columns(self.model.id).where(self.model.id.in_(keys))))
        gone = [record for record in found if record.id not in live]
        if len(found) < len(keys) or any(not getattr(record, "is_deleted", False) for record in gone):
            self.require_one(None)
        records = [record for record in found if record.id in live]
        return Chosen(records, [str(record) for record in gone])

    def _changed(self, records: list[Any]) -> dict[Any, list[Entry]]:
        """What others did to the records that the person saw as they no longer are."""
        if not hasattr(self.model, "version"):
            return {}
        shown = {record.id: _shown_version(record) for record in records}
        moved = [record for record in records if shown[record.id] != record.version]
        rows = changes_since(self.model, {record.id: shown[record.id] for record in moved})
        # Held until the entries are made, so that each name is in the session and none asks for itself.
        _held = preload_rows([row for several in rows.values() for row in several])
        return {record: [entry_of(row, row.change_set) for row in rows.get(record.id, [])] for record in moved}

    def _parts_moved(self, records: list[Any]) -> bool:
        """Whether other parts would go along than the page said."""
        key = "parts-others" if request.form.get("apply_to") == "others" else "parts"
        return request.form.get(key) != self._parts_of(records)

    def _parts_of(self, records: list[Any]) -> str:
        return trash.parts_state(self.model, [record.id for record in records])

    def _action_page(self, name: str, chosen: Chosen, has_moved: bool) -> Any:
        """Nothing is done yet: what differs, what else is touched, and the choice."""
        asks_first = name == "delete" or chosen.query is not None
        is_first = asks_first and not request.form.get("seen") and not (chosen.gone or chosen.changed)
        facts = facts_of(self.model, [one.id for one in chosen.able]) if name == "delete" and chosen.able else []
        page = self.render(
            self.action_template,
            screen=self,
            name=name,
            label=self._actions_label(name),
            chosen=chosen,
            facts=facts,
            sum=sum_of(facts),
            has_moved=has_moved,
            parts=self._parts_of(chosen.able),
            parts_others=self._parts_of(chosen.others),
            back=self._list_address(),
        )
        return page, 200 if is_first else 409


def _checked_keys(keys: Sequence[str]) -> list[int]:
    """The keys that were chosen, without those that the person left out on the page in between."""
    if not keys:
        raise Refusal(_("Nothing is chosen. Tick the rows first."))
    if len(keys) > MOST_ROWS:
        raise Refusal(_("That is more than 1,000 rows. Choose fewer."))
    if not all(KEY.fullmatch(key) for key in keys):
        abort(404, _("There is no such row. Reload the list and choose again."))
    left_out = set(request.form.getlist("changed")) if request.form.get("apply_to") == "others" else set()
    kept = [int(key) for key in dict.fromkeys(keys) if key not in left_out]
    if not kept:
        raise Refusal(_("Nothing is left of what was chosen. Go back to the list and choose again."))
    return kept


def _shown_version(record: Any) -> int:
    version = request.form.get(f"version-{record.id}", "")
    if not VERSION.fullmatch(version):
        raise Refusal(
            _("The list did not say which state of “%(name)s” it showed. Reload it, then try again.", name=record)
        )
    return int(version)
