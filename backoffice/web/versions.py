"""A record's history page, and going back to one of its versions."""

from typing import Any

from flask import abort, request, url_for
from flask_admin import expose
from flask_login import current_user

from backoffice.audit.history import MOST_CHANGES_SHOWN
from backoffice.audit.models import ChangeSet
from backoffice.audit.plan import plan_revert
from backoffice.audit.undo import AREAS_WITHOUT_UNDO, goes_forward_only
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import said
from backoffice.records import lock
from backoffice.web import formats
from backoffice.web.finding import KEY
from backoffice.web.history import history_of, versions_of
from backoffice.web.notes import conclude, say_why
from backoffice.web.undoing import TakingBack, acts_of, may_all, require_all, rights_to_take_back


class Versions:
    """The part of a screen that shows what a record was, and brings it back."""

    @expose("/history/")
    def history_view(self) -> Any:
        key = request.args.get("id")
        record = self.get_one(key) or self.get_deleted(key) or self.require_one(None)
        entries = history_of(record, MOST_CHANGES_SHOWN + 1, self._row_key("before"))
        has_older, entries = len(entries) > MOST_CHANGES_SHOWN, entries[:MOST_CHANGES_SHOWN]
        return self.render(
            "web/history.html",
            screen=self,
            record=record,
            versions=versions_of(entries),
            may_revert=self.may_revert(record),
            is_first_page="before" not in request.args,
            older=entries[-1].row.id if has_older else None,
        )

    def _row_key(self, name: str) -> int | None:
        text = request.args.get(name, "")
        if text and not KEY.fullmatch(text):
            raise Refusal(_("This part of the history does not exist. Open the history from its beginning."))
        return int(text) if text else None

    @property
    def can_revert(self) -> bool:
        """Whether this kind of record goes back to a version at all."""
        goes_back = self.area not in AREAS_WITHOUT_UNDO and not goes_forward_only(self.model.__tablename__)
        return self.can_edit and self.can_view_details and goes_back

    def may_revert(self, record: Any) -> bool:
        return self.can_revert and self.may("edit") and not getattr(record, "deleted_token", 0)

    @expose("/revert/", methods=("GET", "POST"))
    def revert_view(self) -> Any:
        given = request.form if request.method == "POST" else request.args
        record = self.require_one(given.get("id"))
        to = self._version(given.get("to"))
        if request.method == "POST":
            record = lock(self.model, record.id) or self.require_one(None)
        plan = plan_revert(record, to, current_user.id)
        taking = TakingBack(plan, request.form)
        rights = rights_to_take_back(acts_of(plan.steps), plan.is_of_others)
        if request.method == "GET":
            return self._revert_page(taking, record, to, may_all(rights), 200)
        require_all(rights)
        return self._revert(taking, record, to)

    def _version(self, key: str | None) -> ChangeSet:
        found = db.session.get(ChangeSet, int(key)) if KEY.fullmatch(key or "") else None
        return found or abort(404, _("There is no such version. Open the history and choose one."))

    def _revert(self, taking: TakingBack, record: Any, to: ChangeSet) -> Any:
        name, moment, key = str(record), formats.show_moment(to.at), record.id
        if not taking.is_seen:
            return self._revert_page(taking, record, to, True, 409)
        say_why("revert", said("%(name)s back to how it was on %(moment)s", name=name, moment=moment))
        outcome = taking.carry_out()
        if outcome is None:
            return self._revert_page(taking, self.require_one(str(key)), self._version(str(to.id)), True, 409)
        address = url_for(f"{self.endpoint}.edit_view", id=key)
        return conclude(
            _("%(name)s is as it was on %(moment)s.", name=name, moment=moment), address, undoable=outcome.taken > 0
        )

    def _revert_page(self, taking: TakingBack, record: Any, to: ChangeSet, is_allowed: bool, status: int) -> Any:
        return taking.page("web/revert.html", status, screen=self, record=record, to=to, is_allowed=is_allowed)
