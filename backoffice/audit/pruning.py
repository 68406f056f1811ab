"""Shortening the history: old change sets go, and whatever other slices keep of the past and no longer need.

What a rule still needs stays, however old: a slice registers what it keeps and how it forgets.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, func

from backoffice.audit.models import ChangeRow, ChangeSet, ChangeSubject
from backoffice.extensions import db

SETS_AT_ONCE = 200
PLAINLY = {"synchronize_session": False}

# Counts, or removes and counts, what lies before a moment; the name is that of the table.
Forgetter = Callable[[datetime], int]

_counters: dict[str, Forgetter] = {}
_removers: dict[str, Forgetter] = {}


def register(table: str, count: Forgetter, remove: Forgetter) -> None:
    """Say what of a table may be forgotten before a moment."""
    _counters[table], _removers[table] = count, remove


def count(before: datetime) -> dict[str, int]:
    """How much would go, by table."""
    old = ChangeSet.at < before
    sets = db.session.scalar(db.select(func.count(ChangeSet.id)).where(old)) or 0
    rows = db.session.scalar(db.select(func.count(ChangeRow.id)).join(ChangeRow.change_set).where(old)) or 0
    return {"change_set": sets, "change_row": rows} | {table: counter(before) for table, counter in _counters.items()}


def prune(before: datetime, notify: Callable[[int], None] = lambda done: None) -> dict[str, int]:
    """Remove it, some at a time so that memory stays flat; returns how much went, by table."""
    counts = {"change_set": 0, "change_row": 0}
    while keys := _oldest(before):
        # Children by hand: a database that was asked to follow the keys would do it row by row.
        counts["change_row"] += db.session.execute(_of(ChangeRow, keys)).rowcount
        db.session.execute(_of(ChangeSubject, keys))
        db.session.execute(db.update(ChangeSet).where(ChangeSet.undoes_id.in_(keys)).values(undoes_id=None))
        db.session.execute(delete(ChangeSet).where(ChangeSet.id.in_(keys)), execution_options=PLAINLY)
        counts["change_set"] += len(keys)
        notify(counts["change_set"])
    return counts | {table: remove(before) for table, remove in _removers.items()}


def _oldest(before: datetime) -> list[int]:
    oldest = db.select(ChangeSet.id).where(ChangeSet.at < before).order_by(ChangeSet.id).limit(SETS_AT_ONCE)
    return list(db.session.scalars(oldest))


def _of(model: type, keys: list[int]) -> object:
    return delete(model).where(model.change_set_id.in_(keys)).execution_options(**PLAINLY)
