"""Taking a change set back: as a new change set, in one transaction, and never over somebody's later work.

By default the old values are written back. A slice registers what else its records need:
stock goes back by an opposite movement.
"""

import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from backoffice.audit import trash
from backoffice.audit.history import undone_by
from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.audit.recorder import SECRET
from backoffice.dialects import UtcDateTime
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.records import Trashable, lock
from backoffice.staff.models import StaffMember

Undoer = Callable[[ChangeRow, Any, StaffMember | None], None]

_undoers: dict[str, Undoer] = {}
_checks: dict[str, Callable[[Any], None]] = {}

# Who may come in is never changed by taking something back: a lock or a role is set anew, on purpose.
AREAS_WITHOUT_UNDO = {"staff"}


def register(entity: str, undoer: Undoer) -> None:
    """Say how a table's rows are taken back; the undoer gets the row, the record as it is, and the actor."""
    _undoers[entity] = undoer


def register_check(entity: str, check: Callable[[Any], None]) -> None:
    """Say what a table's record must keep, and what follows from it, once old values are written back."""
    _checks[entity] = check


def is_undoable(change_set: ChangeSet) -> bool:
    areas = {model_of(row.entity).area for row in change_set.rows}
    return bool(areas) and not areas & AREAS_WITHOUT_UNDO


def model_of(entity: str) -> Any:
    return next(m.class_ for m in db.Model.registry.mappers if m.local_table.name == entity)


def undo(change_set: ChangeSet, actor: StaffMember | None) -> int:
    """Take every row of the change set back, newest first; return how many. Raises Refusal and then does nothing."""
    if not is_undoable(change_set):
        raise Refusal("This change can’t be taken back.")
    # Two who take it back at once must not both find that nobody has.
    db.session.execute(db.select(ChangeSet.id).where(ChangeSet.id == change_set.id).with_for_update())
    if undone_by(change_set) is not None:
        raise Refusal("This change was taken back already.")
    _refuse_later_work(change_set, actor)
    rows = _in_order(change_set.rows)
    for row in rows:
        _undo_row(row, actor)
        db.session.flush()
    return len(rows)


def _refuse_later_work(change_set: ChangeSet, actor: StaffMember | None) -> None:
    """Refuse to take away a record that somebody else has worked on since it was made."""
    for row in change_set.rows:
        if row.operation != "create" or not _is_root(row):
            continue
        taken_back = db.select(ChangeSet.undoes_id).where(ChangeSet.undoes_id.is_not(None))
        later = (
            db.select(ChangeSet)
            .join(ChangeRow, ChangeRow.change_set_id == ChangeSet.id)
            .where(
                ChangeRow.root_entity == row.entity, ChangeRow.root_id == row.record_id, ChangeSet.id > change_set.id
            )
            .where(ChangeSet.undoes_id.is_(None), ChangeSet.id.not_in(taken_back))
            .where(ChangeSet.actor_id.is_distinct_from(actor.id if actor else None))
        )
        if (other := db.session.scalar(later.limit(1))) is not None:
            who = other.actor_name or "the system"
            raise Refusal(f"“{row.label}” was changed by {who} since. Delete it instead, if it shall go.")


def _in_order(rows: list[ChangeRow]) -> list[ChangeRow]:
    """Roots out of and into the trash first, then what was deleted, parents before children, then the rest, newest first.

    A record that the change set made goes to the trash as it is and with all its parts, so what else
    was written to it is left out. It goes after what was given to others of it: a category made
    for a product that was there before is in use until the product has its old one again.
    """
    made = {(row.entity, row.record_id) for row in rows if row.operation == "create" and _is_root(row)}
    wanted = [row for row in rows if row.operation == "create" and _is_root(row) or _root_of(row) not in made]
    depth = {table.name: place for place, table in enumerate(db.metadata.sorted_tables)}
    return sorted(
        wanted,
        key=lambda row: (
            not (_is_root(row) and row.operation in ("trash", "restore")),
            row.operation != "delete",
            depth[row.entity] if row.operation == "delete" else -row.id,
        ),
    )


def _root_of(row: ChangeRow) -> tuple[str, int]:
    return row.root_entity, row.root_id


def _is_root(row: ChangeRow) -> bool:
    return (row.entity, row.record_id) == _root_of(row)


def _undo_row(row: ChangeRow, actor: StaffMember | None) -> None:
    model = model_of(row.entity)
    record = lock(model, row.record_id)
    if row.operation == "delete":
        _bring_back(row, model, record)
    elif record is None and row.operation != "create":
        raise Refusal(f"“{row.label}” is gone. The change can’t be taken back.")
    elif record is None:
        return
    elif row.entity in _undoers:
        _undoers[row.entity](row, record, actor)
    elif row.operation == "create":
        _take_away(record)
    elif row.operation == "trash":
        trash.restore(record)
    elif row.operation == "restore":
        trash.trash(record)
    else:
        _write_back(row, record)


def _bring_back(row: ChangeRow, model: Any, record: Any) -> None:
    """Make a deleted part again under its own key; what was deleted from the trash is gone for good."""
    if issubclass(model, Trashable) or record is not None:
        raise Refusal(f"“{row.label}” was deleted for good. It can’t be brought back.")
    again = model(id=row.record_id)
    for key, value in (row.old or {}).items():
        _set(again, key, value)
    db.session.add(again)


def _take_away(record: Any) -> None:
    if isinstance(record, Trashable):
        # Its parts may have gone with it already, in the same undo.
        trash.trash(record)
        return
    # An option's value may be held by a variant in the trash, and stays for it.
    with contextlib.suppress(IntegrityError), db.session.begin_nested():
        db.session.delete(record)


def _write_back(row: ChangeRow, record: Any) -> None:
    for key, old in (row.old or {}).items():
        new = (row.new or {}).get(key)
        if old == SECRET or new == SECRET:
            raise Refusal("A password can’t be taken back. Set a new one.")
        if _current(record, key) not in (new, old):
            raise Refusal(f"“{row.label}” was changed again since. Undo the later change first.")
    for key, old in (row.old or {}).items():
        _set(record, key, old)
    if row.entity in _checks:
        with db.session.no_autoflush:
            _checks[row.entity](record)


def _current(record: Any, key: str) -> Any:
    value = getattr(record, key)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return sorted(linked.id for linked in value)
    return value


def _set(record: Any, key: str, value: Any) -> None:
    mapper = inspect(type(record))
    if key in mapper.relationships:
        target = mapper.relationships[key].mapper.class_
        setattr(record, key, list(db.session.scalars(db.select(target).where(target.id.in_(value or [])))))
        return
    if value is not None and isinstance(mapper.column_attrs[key].columns[0].type, UtcDateTime):
        value = datetime.fromisoformat(value)
    setattr(record, key, value)
    relation = key.removesuffix("_id")
    if relation != key and relation in mapper.relationships and inspect(record).persistent:
        # What was loaded of the other end is the one that has just been taken back.
        db.session.expire(record, [relation])
