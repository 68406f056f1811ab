"""Signing in and out, and one's own account."""

from functools import cached_property
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from sqlalchemy import update

from backoffice import dialects
from backoffice.errors import Refusal
from backoffice.extensions import db, limiter, login_manager
from backoffice.languages import gettext as _
from backoffice.languages import languages, said
from backoffice.records import utc_now
from backoffice.staff.accounts import find_staff_member, open_sign_ins, set_password
from backoffice.staff.models import DENSITIES, THEMES, SignIn, StaffMember
from backoffice.staff.passwords import is_password, spend_the_same_time
from backoffice.staff.permissions import rights_of
from backoffice.staff.sessions import end_sign_in, find_arrival, open_sign_in, was_seen_long_ago
from backoffice.web.access import PUBLIC, SIGNED_IN, allows, is_unattended, own_address
from backoffice.web.notes import conclude, say_why
from backoffice.web.reading import note_choices

blueprint = Blueprint("staff_access", __name__)


class Visitor:
    """The person of this request as Flask-Login wants them: known by their sign-in's token, not by their key."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, member: StaffMember, sign_in: SignIn | None, token: str) -> None:
        self.member = member
        self.sign_in = sign_in
        self.token = token

    def get_id(self) -> str:
        return self.token

    @cached_property
    def rights(self) -> frozenset[tuple[str, str]]:
        """What their role may do, as (area, verb), read once a request."""
        return rights_of(self.member.role_id)

    def may(self, verb: str, area: str) -> bool:
        return not self.member.is_locked and (area, verb) in self.rights

    def __getattr__(self, name: str) -> Any:
        return getattr(self.member, name)


@login_manager.user_loader
def load_visitor(token: str) -> Visitor | None:
    screen = (request.endpoint or "").partition(".")[0]
    arrival = find_arrival(token, screen)
    if arrival is not None and was_seen_long_ago(arrival.sign_in) and not is_unattended():
        _note_seen(arrival.sign_in.id)
        arrival = find_arrival(token, screen)
    if arrival is None:
        return None
    note_choices(arrival.preference, screen, arrival.list_choice)
    return Visitor(arrival.sign_in.staff_member, arrival.sign_in, token)


def _note_seen(sign_in_id: int) -> None:
    # Writing takes a connection of its own; this one is given back first. Of many who come in at the same moment,
    # each would else hold one and wait for another.
    db.session.rollback()
    seen = update(SignIn.__table__).where(SignIn.id == sign_in_id).values(last_seen_at=utc_now())
    dialects.write_unless_busy(db.engine, seen)


@blueprint.get("/")
@allows(PUBLIC)
def start() -> Any:
    return redirect("/admin/")


@blueprint.get("/login")
@allows(PUBLIC)
def sign_in() -> Any:
    if current_user.is_authenticated:
        return redirect(own_address(request.args.get("next")))
    return render_template("staff/sign_in.html", email="", problem="")


@blueprint.post("/login")
@allows(PUBLIC)
@limiter.limit("20 per minute; 200 per hour")
@limiter.limit(
    "10 per minute; 60 per hour", key_func=lambda: f"account {request.form.get('email', '').strip().lower()[:254]}"
)
def sign_in_post() -> Any:
    email, password = request.form.get("email", ""), request.form.get("password", "")
    member = find_staff_member(email[:254]) if email else None
    if member is None:
        spend_the_same_time(password)
    # A locked account learns no more than an unknown one.
    if member is None or not is_password(member.password_hash, password) or member.is_locked:
        problem = _("Email or password is wrong. Check both, and whether Caps Lock is on.")
        return render_template("staff/sign_in.html", email=email, problem=problem), 401
    # A new session: nothing that was planted before signing in lives on.
    session.clear()
    token = open_sign_in(member, request.remote_addr, request.user_agent.string)
    db.session.commit()
    session.permanent = request.form.get("stay") == "y"
    login_user(Visitor(member, None, token))
    return redirect(own_address(request.form.get("next")))


@blueprint.post("/logout")
@allows(SIGNED_IN)
def sign_out() -> Any:
    if current_user.sign_in is not None:
        end_sign_in(current_user.sign_in)
        db.session.commit()
    logout_user()
    session.clear()
    return redirect(url_for("staff_access.sign_in"))


@blueprint.get("/account")
@allows(SIGNED_IN)
def account() -> Any:
    return _account_page("")


def _account_page(problem: str) -> str:
    return render_template(
        "staff/account.html",
        problem=problem,
        sign_ins=open_sign_ins(current_user.member),
        languages=languages,
        themes=THEMES,
        densities=DENSITIES,
    )


@blueprint.post("/account")
@allows(SIGNED_IN)
@limiter.limit("10 per minute; 60 per hour", key_func=lambda: f"person {current_user.id}")
def change_password() -> Any:
    member = current_user.member
    try:
        if not is_password(member.password_hash, request.form.get("current_password", "")):
            raise Refusal(_("The current password is wrong. Type it again."))
        new = request.form.get("new_password", "")
        if new != request.form.get("new_password_again", ""):
            raise Refusal(_("The two new passwords differ. Type both again."))
        say_why("form", said("%(name)s changed their password", name=member.name))
        set_password(member, new)
    except Refusal as refusal:
        db.session.rollback()
        return _account_page(refusal.message), 422
    # All sign-ins end with the old password; this browser gets a new one.
    token = open_sign_in(member, request.remote_addr, request.user_agent.string)
    answer = conclude(_("The password is changed. Every other browser is signed out."), url_for("staff_access.account"))
    login_user(Visitor(member, None, token))
    return answer


def cookie_settings(is_guarded: bool) -> dict[str, Any]:
    """Cookies that no script reads, no other site sends, and, where data is real, only HTTPS carries."""
    return {
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": is_guarded,
        "SESSION_COOKIE_NAME": "backoffice_session",
        "WTF_CSRF_SSL_STRICT": is_guarded,
    }
