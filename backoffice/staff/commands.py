"""`manage.py staff`: accounts from the command line."""

import sys

import click
from flask.cli import AppGroup

from backoffice import dialects
from backoffice.command_line import Outcome, command
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.staff import accounts
from backoffice.staff.models import StaffMember
from backoffice.staff.permissions import ensure_roles

staff = AppGroup("staff", help="Make, list, lock and unlock the accounts of staff.")

with_email = click.argument("email")
with_password = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


def _password(password_stdin: bool) -> tuple[str, str, dict[str, str]]:
    """The password to set, and what tells a made-up one, once: in words and for programs."""
    if not password_stdin:
        password = accounts.random_password()
        return password, f" Password (shown once): {password}", {"password": password}
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise Refusal("No password came on standard input. Send it in one line, or leave --password-stdin out.")
    return password, "", {}


@command("create", needs_schema=True)
@with_email
@click.option("--role", required=True, help="viewer, editor, manager or owner.")
@click.option("--name", default="", help="What the person is called on the screens.")
@with_password
def create(email: str, role: str, name: str, password_stdin: bool) -> Outcome:
    """Make an account."""
    ensure_roles()
    password, words, shown = _password(password_stdin)
    member = accounts.create_staff_member(email, name, accounts.require_role(role), password)
    address = member.email
    db.session.commit()
    return Outcome(f"{address} may sign in as {role}.{words}", {"email": address, "role": role} | shown)


@command("list", needs_schema=True)
def list_staff() -> Outcome:
    """List the accounts."""
    with dialects.only_reading():
        members = db.session.scalars(db.select(StaffMember).order_by(StaffMember.email)).all()
    facts = [
        {"email": member.email, "name": member.name, "role": member.role.name, "locked": member.is_locked}
        for member in members
    ]
    lines = [f"{one['email']:<32} {one['role']:<10} {'locked' if one['locked'] else ''}".rstrip() for one in facts]
    return Outcome("\n".join(lines) or "There are no accounts yet.", {"staff": facts})


@command("password", needs_schema=True)
@with_email
@with_password
def change_password(email: str, password_stdin: bool) -> Outcome:
    """Set a new password and sign the person out everywhere."""
    member = accounts.require_staff_member(email)
    password, words, shown = _password(password_stdin)
    accounts.set_password(member, password)
    db.session.commit()
    return Outcome(f"{email} has a new password and is signed out everywhere.{words}", {"email": email} | shown)


@command("lock", needs_schema=True)
@with_email
def lock(email: str) -> Outcome:
    """Lock an account and sign the person out everywhere."""
    accounts.lock(accounts.require_staff_member(email))
    db.session.commit()
    return Outcome(f"{email} is locked and signed out everywhere.", {"email": email})


@command("unlock", needs_schema=True)
@with_email
def unlock(email: str) -> Outcome:
    """Let a locked person sign in again."""
    accounts.unlock(accounts.require_staff_member(email))
    db.session.commit()
    return Outcome(f"{email} may sign in again.", {"email": email})


for one in (create, list_staff, change_password, lock, unlock):
    staff.add_command(one)
