"""The screens of staff: people, roles with what they may do, and signed-in browsers."""

from typing import Any

from flask import request
from flask_login import current_user

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import lock
from backoffice.search.finders import KeptFinder
from backoffice.staff.accounts import lock as lock_member
from backoffice.staff.accounts import normalise_email, set_password, set_role, unlock
from backoffice.staff.models import Role, SignIn, StaffMember
from backoffice.staff.passwords import hash_password
from backoffice.staff.permissions import AREAS, VERBS
from backoffice.staff.sessions import end_sign_in
from backoffice.web import formats
from backoffice.web.base import Screen
from backoffice.web.editing import RecordEditor
from backoffice.web.searching import Finder


class StaffEditor(RecordEditor):
    """A person's page; the password is typed beside the fields and kept only as its hash."""

    @property
    def typed_password(self) -> str:
        return self.posted.get("password", "")

    def _create(self) -> Any:
        if not self.typed_password:
            sentence = _("The password is missing. Enter a first one; the person changes it after signing in.")
            raise Refusal(sentence, "password")
        return super()._create()

    def apply_parts(self, record: StaffMember) -> None:
        if not self.is_new and self.typed_password:
            set_password(record, self.typed_password)


class StaffMemberScreen(Screen):
    model = StaffMember
    title, noun, icon = "People", "person", "people"

    can_create = True
    can_edit = True
    can_view_details = True

    column_list = ("name", "email", "role", "is_locked", "updated_at")
    column_labels = {"updated_at": "Updated"}
    column_sortable_list = ("name", "email")
    column_default_sort = "name"

    column_searchable_list = ("name", "email")
    stays_small = True
    search_hint = "Name or email"
    column_filters = ("role", "is_locked")

    form_columns = ("name", "email", "role", "is_locked")
    column_descriptions = {"is_locked": "A locked person is signed out everywhere and can’t come in."}
    form_template = "staff/person_form.html"
    editor_class = StaffEditor

    def on_model_change(self, form: Any, model: StaffMember, is_created: bool) -> None:
        model.email = normalise_email(model.email or "")
        if is_created:
            model.password_hash = hash_password(request.form.get("password", ""))
            return
        self._change_guarded(model)

    def _change_guarded(self, model: StaffMember) -> None:
        """Roles and locks go through the services that keep an owner and end sign-ins."""
        history = db.inspect(model).attrs
        role, is_locked = model.role, model.is_locked
        if history.role.history.has_changes():
            # Its key is still the former one's, whether or not anybody looked at the role itself before.
            model.role = db.session.get(Role, model.role_id)
            model.is_locked = history.is_locked.history.deleted[0] if history.is_locked.history.deleted else is_locked
            _refuse_self(model, _("Somebody else must change your own role."))
            set_role(model, role)
            model.is_locked = is_locked
        if history.is_locked.history.has_changes():
            model.is_locked = not is_locked
            _refuse_self(model, _("You can’t lock yourself out."))
            (lock_member if is_locked else unlock)(model)


def _refuse_self(member: StaffMember, sentence: str) -> None:
    if member.id == current_user.id:
        raise Refusal(sentence)


class RoleScreen(Screen):
    model = Role
    title, noun, icon = "Roles", "role", "shield-check"

    can_edit = True
    can_view_details = True

    column_list = ("name", "description", "updated_at")
    column_labels = {"updated_at": "Updated"}
    column_default_sort = "id"
    # The four roles come with words of ours; what an owner wrote instead reads as it is.
    column_formatters = {
        "name": lambda screen, record: str(record),
        "description": lambda screen, record: _(record.description) if record.description else "",
    }
    column_searchable_list = ("name", "description")
    stays_small = True
    palette_most = 0

    form_columns = ("description",)
    column_details_list = ("name", "description")
    details_template = "staff/role_details.html"
    form_template = "staff/role_form.html"

    def table_of(self, role: Role) -> list[tuple[str, list[tuple[str, bool]]]]:
        """What the role may do, a row an area: (area, [(verb, whether it may)])."""
        return [(area, [(verb, role.allows(area, verb)) for verb in VERBS]) for area in AREAS]


class SignInScreen(Screen):
    model = SignIn
    title, noun, icon = "Sign-ins", "sign-in", "box-arrow-in-right"

    can_view_details = True

    column_list = ("staff_member", "browser", "address", "created_at", "last_seen_at", "ended_at")
    column_labels = {"staff_member": "Who", "created_at": "Since", "last_seen_at": "Last seen", "ended_at": "Ended"}
    column_sortable_list = ("created_at", "last_seen_at")
    column_default_sort = "-created_at"
    column_formatters = {"browser": lambda screen, record: formats.dim((record.browser or "")[:60])}

    column_searchable_list = ("staff_member.name", "staff_member.email", "address")
    search_hint = "Name or address"
    shows_count, palette_most = False, 0
    column_filters = ("staff_member", "created_at", "ended_at")

    column_details_list = ("staff_member", "browser", "address", "created_at", "last_seen_at", "ended_at")
    action_rights = {"end": "edit"}
    action_labels = {"end": "Sign out"}

    def make_finder(self) -> Finder:
        return KeptFinder(SignIn)

    def do_end(self, record: SignIn) -> None:
        end_sign_in(lock(SignIn, record.id))
