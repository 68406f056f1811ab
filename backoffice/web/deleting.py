"""The page before a deletion: what goes, what else is touched, and whether it may go at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_admin import expose

from backoffice.audit import trash
from backoffice.audit.history import last_change_of
from backoffice.audit.trash import Touched
from backoffice.errors import Refusal
from backoffice.languages import gettext as _
from backoffice.languages import said
from backoffice.records import lock
from backoffice.web import access
from backoffice.web.notes import conclude, say_why
from backoffice.wording import counted, joined

MOST_KEYS_IN_AN_ADDRESS = 20


@dataclass(frozen=True)
class Fact:
    """One line of what else is touched; url leads to the list of them."""

    what: str
    effect: str
    names: str
    url: str | None


def facts_of(model: Any, keys: Sequence[int]) -> list[Fact]:
    """What else a deletion touches, without what the person may not look at."""
    seen = [one for one in trash.touched_by(model, keys) if access.may("read", one.area)]
    return [Fact(counted(one.count, one.noun), one.effect, one.names, _list_of(one)) for one in seen]


def sum_of(facts: Sequence[Fact]) -> str:
    return joined([fact.what for fact in facts])


def _list_of(one: Touched) -> str | None:
    screen = current_app.extensions["screens"].get(one.entity)
    is_long = any(isinstance(keys, list) and len(keys) > MOST_KEYS_IN_AN_ADDRESS for keys in one.filters.values())
    if screen is None or is_long or not screen.is_accessible():
        return None
    return url_for(f"{one.entity}.index_view", **one.filters)


class Deleting:
    """The part of a screen that deletes one record."""

    delete_template = "web/delete.html"

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> Any:
        if request.method == "GET":
            return self._delete_page(self.require_one(request.args.get("id")))
        record = lock(self.model, self.require_one(request.form.get("id")).id) or self.require_one(None)
        if problem := self._moved_since(record):
            return self._delete_page(record, problem), 409
        name = str(record)
        say_why("delete", said("%(name)s deleted", name=name))
        try:
            trash.trash(record)
        except Refusal:
            return self._delete_page(record), 422
        back = access.own_address(request.form.get("back"), url_for(f"{self.endpoint}.index_view"))
        return conclude(_("%(name)s is in the trash.", name=name), back, undoable=True)

    def _moved_since(self, record: Any) -> str:
        """Why what the person saw is not what would go now, if so."""
        version, parts = request.form.get("version"), request.form.get("parts")
        if not version:
            return _("Look at what goes along first.")
        if version != str(record.version):
            return _("It was changed since you opened the page.")
        if parts is not None and parts != trash.parts_state(self.model, [record.id]):
            return _("What goes along was changed since you opened the page.")
        return ""

    def _delete_page(self, record: Any, problem: str = "") -> str:
        return self.render(
            self.delete_template,
            screen=self,
            record=record,
            problem=problem,
            last=last_change_of(record) if problem else None,
            refusal=trash.refusal_of(record),
            facts=facts_of(self.model, [record.id]),
            parts=trash.parts_state(self.model, [record.id]),
        )
