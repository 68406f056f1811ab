"""Who has which record open: told by their pages while they look at them, and forgotten soon after.

It is written at once or not at all, on a connection of its own, so that nobody's save waits for it or fails by it.
"""

import contextlib
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import exists, func, literal, select
from sqlalchemy.exc import IntegrityError

from backoffice import dialects
from backoffice.audit.models import OpenRecord
from backoffice.extensions import db
from backoffice.staff.models import StaffMember

THERE_FOR = timedelta(seconds=60)
KEPT_FOR = timedelta(minutes=5)

pages: Any = OpenRecord.__table__


class Other(NamedTuple):
    """Somebody else who has the record open, and the time of the first of their pages."""

    name: str
    since: datetime


def note(staff_member_id: int, page_key: str, entity: str, record_id: int, at: datetime) -> None:
    """Note that a page shows a record to somebody at this moment."""
    row = {
        "staff_member_id": staff_member_id,
        "page_key": page_key,
        "entity": entity,
        "record_id": record_id,
        "opened_at": at,
        "seen_at": at,
    }
    mine = _page(staff_member_id, page_key)
    same = (pages.c.entity == entity) & (pages.c.record_id == record_id)
    seen = pages.update().where(mine, same).values(seen_at=at)
    values = select(*(literal(value, pages.c[name].type) for name, value in row.items()))
    missing = values.select_from(StaffMember).where(StaffMember.id == staff_member_id, ~exists().where(mine))
    # The same page may tell of itself twice at once; the first row is as good as the second.
    with contextlib.suppress(IntegrityError):
        dialects.write_unless_busy(db.engine, seen, pages.insert().from_select(list(row), missing))


def leave(staff_member_id: int, page_key: str, at: datetime) -> None:
    """Forget a page that was closed, and all that closed without a word."""
    mine = pages.delete().where(_page(staff_member_id, page_key))
    silent = pages.delete().where(pages.c.seen_at < at - KEPT_FOR)
    dialects.write_unless_busy(db.engine, mine, silent)


def others(staff_member_id: int, entity: str, record_id: int, at: datetime) -> list[Other]:
    """Everybody else who has the record open, the longest there first."""
    since = func.min(OpenRecord.opened_at)
    statement = (
        db.select(StaffMember.name, since)
        .join(OpenRecord, OpenRecord.staff_member_id == StaffMember.id)
        .where(OpenRecord.entity == entity, OpenRecord.record_id == record_id)
        .where(OpenRecord.seen_at >= at - THERE_FOR, StaffMember.id != staff_member_id)
        .group_by(StaffMember.id, StaffMember.name)
        .order_by(since, StaffMember.name, StaffMember.id)
    )
    return [Other(*row) for row in db.session.execute(statement)]


def _page(staff_member_id: int, page_key: str) -> Any:
    return (pages.c.staff_member_id == staff_member_id) & (pages.c.page_key == page_key)
