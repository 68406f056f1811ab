"""Making and changing the accounts of staff."""

import re
import secrets

from sqlalchemy import func

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.staff.models import Role, SignIn, StaffMember
from backoffice.staff.passwords import hash_password
from backoffice.staff.sessions import end_sign_ins

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[^@\s]+@localhost")


def normalise_email(email: str) -> str:
    address = email.strip().lower()
    if not EMAIL.fullmatch(address):
        raise Refusal(_("Write the email like name@example.com."), "email")
    return address


def random_password() -> str:
    return secrets.token_urlsafe(15)


def find_staff_member(email: str) -> StaffMember | None:
    return db.session.scalar(db.select(StaffMember).where(StaffMember.email == email.strip().lower()))


def first_owner() -> StaffMember | None:
    """Who was the first to get the role of owner, None where nobody has it."""
    owners = db.select(StaffMember).join(Role).where(Role.name == "owner").order_by(StaffMember.id)
    return db.session.scalars(owners.limit(1)).first()


def require_staff_member(email: str) -> StaffMember:
    member = find_staff_member(email)
    if member is None:
        raise Refusal(_("Nobody has the email %(email)s. See who there is with: manage.py staff list", email=email))
    return member


def require_role(name: str) -> Role:
    role = db.session.scalar(db.select(Role).where(Role.name == name))
    if role is None:
        names = ", ".join(db.session.scalars(db.select(Role.name).order_by(Role.id)))
        raise Refusal(_("There is no role “%(name)s”. The roles are: %(names)s.", name=name, names=names), "role")
    return role


def create_staff_member(email: str, name: str, role: Role, password: str) -> StaffMember:
    address = normalise_email(email)
    if find_staff_member(address):
        raise Refusal(_("%(email)s has an account already. Use another email.", email=address), "email")
    member = StaffMember(email=address, name=name or address, role=role, password_hash=hash_password(password))
    db.session.add(member)
    db.session.flush()
    return member


def set_password(member: StaffMember, password: str) -> None:
    member.password_hash = hash_password(password)
    end_sign_ins(member)


def set_role(member: StaffMember, role: Role) -> None:
    if member.role_id == role.id:
        return
    _keep_an_owner(member, _("Give somebody else the owner’s role first."))
    member.role = role
    end_sign_ins(member)


def lock(member: StaffMember) -> None:
    _keep_an_owner(member, _("Make somebody else an owner first."))
    member.is_locked = True
    end_sign_ins(member)


def unlock(member: StaffMember) -> None:
    member.is_locked = False


def _keep_an_owner(member: StaffMember, way_out: str) -> None:
    if member.role is None or member.role.name != "owner" or member.is_locked:
        return
    # Locked, so that two owners who demote each other at once do not both succeed.
    owners = (
        db.select(StaffMember.id)
        .join(Role, StaffMember.role_id == Role.id)
        .where(Role.name == "owner", StaffMember.is_locked.is_(False))
        .order_by(StaffMember.id)
        .with_for_update()
    )
    others = [key for key in db.session.scalars(owners) if key != member.id]
    if not others:
        raise Refusal(f"{_('%(name)s is the last owner.', name=member.name)} {way_out}")


def count_staff() -> int:
    return db.session.scalar(db.select(func.count(StaffMember.id))) or 0


def open_sign_ins(member: StaffMember) -> list[SignIn]:
    return list(
        db.session.scalars(db.select(SignIn).where(SignIn.staff_member_id == member.id, SignIn.ended_at.is_(None)))
    )
