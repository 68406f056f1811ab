"""Sign-ins: a browser's cookie holds a random token, the table its hash, so that signing out ends it everywhere."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import joinedload

from backoffice.extensions import db
from backoffice.records import utc_now
from backoffice.staff.models import ListChoice, Preference, Role, SignIn, StaffMember

LONGEST_IDLE = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_sign_in(member: StaffMember, address: str | None, browser: str | None) -> str:
    """Sign the person in, and return the token that their cookie shall hold."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignIn(
            staff_member_id=member.id,
            token_hash=_hash(token),
            address=(address or "")[:45] or None,
            browser=(browser or "")[:300] or None,
        )
    )
    return token


# Made once, as each request asks. What the role may do is read by itself, as plain words: only some look at the role.
_OF_TOKEN = (
    db.select(SignIn, Preference, ListChoice)
    .outerjoin(Preference, Preference.staff_member_id == SignIn.staff_member_id)
    .outerjoin(
        ListChoice,
        (ListChoice.staff_member_id == SignIn.staff_member_id) & (ListChoice.screen == db.bindparam("screen")),
    )
    .options(joinedload(SignIn.staff_member).joinedload(StaffMember.role).lazyload(Role.permissions))
    .where(SignIn.token_hash == db.bindparam("token_hash"))
)


@dataclass(frozen=True)
class Arrival:
    """A sign-in, with what its person chose for all pages and for one list; None where they chose nothing."""

    sign_in: SignIn
    preference: Preference | None
    list_choice: ListChoice | None


def find_arrival(token: str, screen: str) -> Arrival | None:
    """The sign-in that a cookie's token stands for, while it holds. screen: whose list, by its endpoint."""
    found = db.session.execute(_OF_TOKEN, {"token_hash": _hash(token), "screen": screen}).one_or_none()
    if found is None:
        return None
    arrival = Arrival(*found)
    if arrival.sign_in.ended_at is not None or arrival.sign_in.staff_member.is_locked:
        return None
    return None if utc_now() - arrival.sign_in.last_seen_at > LONGEST_IDLE else arrival


def was_seen_long_ago(sign_in: SignIn) -> bool:
    """Whether the time of the last visit is old enough to be written again."""
    return utc_now() - sign_in.last_seen_at > SEEN_EVERY


def end_sign_in(sign_in: SignIn) -> None:
    sign_in.ended_at = utc_now()


def end_sign_ins(member: StaffMember) -> None:
    """Sign the person out of every browser."""
    db.session.execute(
        db.update(SignIn)
        .where(SignIn.staff_member_id == member.id, SignIn.ended_at.is_(None))
        .values(ended_at=utc_now())
    )
