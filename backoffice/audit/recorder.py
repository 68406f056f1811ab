"""The one change recorder: every write becomes rows of one change set, in the same transaction.

Registered once, when this module is imported: a listener that create_app registered would
multiply when tests make several applications.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import event, func, insert, inspect, select
from sqlalchemy.orm import ORMExecuteState, RelationshipDirection, Session, object_session

from backoffice.audit.models import ChangeRow, ChangeSet, ChangeSubject
from backoffice.dialects import gives_keys_again
from backoffice.extensions import db
from backoffice.languages import Said, force_locale
from backoffice.records import Record, Trashable, utc_now

# Times and counters change with every write and would only bury what a person changed.
BOOKKEEPING = {"version", "updated_at", "created_at"}
SECRET = "(secret)"

Subject = tuple[str, str, bool, str]
SUBJECT_COLUMNS = ("entity", "operation", "is_part", "field")


@dataclass(frozen=True)
class Occasion:
    """Why the writes that follow happen; the same words for a screen, a command and an import.

    kind: form, cell, bulk, delete, restore, undo, import, seed, command or system.
    source: the file or command line it came from, where there is one.
    """

    kind: str
    summary: str = ""
    actor_id: int | None = None
    actor_name: str = ""
    source: str | None = None
    undoes_id: int | None = None


def record_as(occasion: Occasion) -> None:
    """Say why the writes of this session happen, from now on."""
    db.session().info["occasion"] = occasion


def describe(summary: str) -> None:
    """Say in the person's words what the act at hand does; kept with its change set."""
    session = db.session()
    occasion = session.info.get("occasion", Occasion("system"))
    record_as(replace(occasion, summary=summary))
    if "change_set_id" in session.info:
        session.execute(
            db.update(ChangeSet)
            .where(ChangeSet.id == session.info["change_set_id"])
            .values(summary=summary[:500], summary_message=_message_of(summary)),
            execution_options={"synchronize_session": False},
        )


def _message_of(summary: str) -> dict[str, Any] | None:
    """What a summary was made of, where it is one that can be told in other languages and is not too long."""
    return summary.message if isinstance(summary, Said) and len(summary) <= 500 else None


def current_change_set_id() -> int | None:
    """The change set of the transaction at hand, or of the one just committed, if anything was written."""
    info = db.session().info
    return info.get("change_set_id") or info.get("last_change_set_id")


def has_change_set() -> bool:
    """Whether the transaction at hand wrote anything that is recorded."""
    return "change_set_id" in db.session().info


def note_counts(counts: dict[str, Any]) -> int:
    """Record an act by its counts alone, for writes too many to keep a row each."""
    change_set_id = _change_set_id(db.session())
    db.session.execute(
        db.update(ChangeSet).where(ChangeSet.id == change_set_id).values(counts=counts),
        execution_options={"synchronize_session": False},
    )
    return change_set_id


def note_rows(rows: list[dict[str, Any]]) -> None:
    """Record writes that went past the session (Core statements); rows hold a ChangeRow's columns."""
    _write_rows(db.session(), rows)


@event.listens_for(db.session, "before_flush")
def _count_versions_of_links(session: Session, _context: Any, _instances: Any) -> None:
    """Let a record whose tags or categories alone changed count its version up too."""
    session.info["deleted_rows"] = []
    for record in session.dirty:
        if isinstance(record, Record) and hasattr(record, "updated_at") and _changed_links(record):
            record.updated_at = utc_now()


@event.listens_for(db.Model, "before_insert", propagate=True)
def _give_fresh_key(_mapper: Any, connection: Any, record: Any) -> None:
    """Never give a new record the key of a deleted one: the history would take the one for the other."""
    if _is_recorded(record) and record.id is None and gives_keys_again(connection):
        fresh = object_session(record).info.setdefault("fresh_keys", {})
        entity = record.__tablename__
        record.id = fresh.get(entity) or _fresh_key(connection, type(record))
        fresh[entity] = record.id + 1


def _fresh_key(connection: Any, model: Any) -> int:
    known = select(func.max(ChangeRow.record_id)).where(ChangeRow.entity == model.__tablename__)
    return max(connection.scalar(select(func.max(model.id))) or 0, connection.scalar(known) or 0) + 1


@event.listens_for(db.Model, "before_delete", propagate=True)
def _record_deletion(_mapper: Any, _connection: Any, record: Any) -> None:
    """Note every deletion; the session itself does not list parts that were only taken out of their whole."""
    if row := _deleted(record):
        object_session(record).info["deleted_rows"].append(row)


@event.listens_for(db.session, "after_flush")
def _record_flush(session: Session, _context: Any) -> None:
    rows = [row for record in session.new if (row := _created(record))]
    rows += [row for record in session.dirty if (row := _updated(record))]
    rows += session.info["deleted_rows"]
    if rows:
        _write_rows(session, rows)


@event.listens_for(db.session, "do_orm_execute")
def _refuse_unrecorded(state: ORMExecuteState) -> None:
    """Refuse a statement that writes rows of a recorded table past the session, and so past the history.

    Who has a reason for one notes its rows by hand and says so: `execution_options(is_noted=True)`.
    """
    if not (state.is_insert or state.is_update or state.is_delete) or state.execution_options.get("is_noted"):
        return
    table = state.statement.table.name
    if table in _recorded_tables():
        raise RuntimeError(f"A statement wrote to {table} without the history knowing. Use the session, or note_rows.")


@cache
def _recorded_tables() -> frozenset[str]:
    recorded = {mapper for mapper in db.Model.registry.mappers if getattr(mapper.class_, "is_recorded", False)}
    # What links two records belongs to one of them, as its tags belong to a product.
    links = {
        relation.secondary.name
        for mapper in recorded
        for relation in mapper.relationships
        if relation.secondary is not None
    }
    return frozenset({mapper.local_table.name for mapper in recorded} | links)


@event.listens_for(db.session, "after_commit")
def _end_change_set(session: Session) -> None:
    savepoint = session.get_nested_transaction()
    if savepoint is None:
        session.info.pop("change_subjects", None)
        session.info.pop("fresh_keys", None)
        session.info["last_change_set_id"] = session.info.pop("change_set_id", None)
    elif session.info.get("change_set_savepoint") is savepoint:
        # A savepoint's release is told as a commit too, and ends nothing: what it holds goes to the one around it.
        session.info["change_set_savepoint"] = savepoint.parent if savepoint.parent.nested else None


@event.listens_for(db.session, "after_rollback")
def _drop_change_set(session: Session) -> None:
    """Forget the change set where its own row was rolled back; a savepoint after it leaves it."""
    session.info.pop("change_subjects", None)
    session.info.pop("fresh_keys", None)
    if (
        not session.in_nested_transaction()
        or session.info.get("change_set_savepoint") is session.get_nested_transaction()
    ):
        session.info.pop("change_set_id", None)


def _write_rows(session: Session, rows: list[dict[str, Any]]) -> None:
    change_set_id = _change_set_id(session)
    session.connection().execute(insert(ChangeRow), [row | {"change_set_id": change_set_id} for row in rows])
    _write_subjects(session, change_set_id, {subject for row in rows for subject in _subjects(row)})


def _write_subjects(session: Session, change_set_id: int, subjects: set[Subject]) -> None:
    known = session.info.setdefault("change_subjects", {})
    if change_set_id not in known:
        # A savepoint that was taken back may have taken some of them along.
        stored = select(*(getattr(ChangeSubject, name) for name in SUBJECT_COLUMNS))
        of_this = stored.where(ChangeSubject.change_set_id == change_set_id)
        known[change_set_id] = {tuple(row) for row in session.connection().execute(of_this)}
    new = sorted(subjects - known[change_set_id])
    if new:
        known[change_set_id].update(new)
        values = [dict(zip(SUBJECT_COLUMNS, subject)) | {"change_set_id": change_set_id} for subject in new]
        session.connection().execute(insert(ChangeSubject), values)


def _subjects(row: dict[str, Any]) -> Iterator[Subject]:
    is_part = (row["entity"], row["record_id"]) != (row["root_entity"], row["root_id"])
    for field in row["new"] if row["operation"] == "update" else ("",):
        yield row["entity"], row["operation"], is_part, field


def _change_set_id(session: Session) -> int:
    if "change_set_id" not in session.info:
        occasion = session.info.get("occasion", Occasion("system"))
        facts = asdict(occasion) | {"summary": occasion.summary[:500], "summary_message": _message_of(occasion.summary)}
        result = session.connection().execute(insert(ChangeSet.__table__).values(at=utc_now(), **facts))
        session.info["change_set_savepoint"] = session.get_nested_transaction()
        session.info["change_set_id"] = result.inserted_primary_key[0]
    return session.info["change_set_id"]


def _created(record: Any) -> dict[str, Any] | None:
    if not _is_recorded(record):
        return None
    new = {key: _plain(record, key, getattr(record, key)) for key in _column_keys(record)}
    new |= {key: after for key, (_, after) in _changed_links(record).items()}
    return _row(record, "create", None, {key: value for key, value in new.items() if value is not None})


def _updated(record: Any) -> dict[str, Any] | None:
    if not _is_recorded(record):
        return None
    old, new = {}, {}
    for key in _column_keys(record):
        history = inspect(record).attrs[key].history
        if history.has_changes():
            before = history.deleted[0] if history.deleted else None
            old[key], new[key] = _plain(record, key, before), _plain(record, key, history.added[0])
    for key, (before, after) in _changed_links(record).items():
        old[key], new[key] = before, after
    changed = [key for key in new if old[key] != new[key] or new[key] == SECRET]
    if not changed:
        return None
    operation = _trash_operation(record, old, new) or "update"
    return _row(record, operation, {key: old[key] for key in changed}, {key: new[key] for key in changed})


def _trash_operation(record: Any, old: dict[str, Any], new: dict[str, Any]) -> str | None:
    if not isinstance(record, Trashable) or "deleted_token" not in new:
        return None
    return "trash" if new["deleted_token"] else "restore"


def _deleted(record: Any) -> dict[str, Any] | None:
    if not _is_recorded(record):
        return None
    old = {key: _plain(record, key, getattr(record, key)) for key in _column_keys(record)}
    return _row(record, "delete", {key: value for key, value in old.items() if value is not None}, None)


def _row(record: Any, operation: str, old: Any, new: Any) -> dict[str, Any]:
    root_entity, root_id = record.history_root()
    # The history names records alike, whoever changed them.
    with force_locale("en"):
        label = str(record)[:300]
    return {
        "entity": record.__tablename__,
        "record_id": record.id,
        "root_entity": root_entity,
        "root_id": root_id,
        "label": label,
        "operation": operation,
        "version": getattr(record, "version", None),
        "old": old,
        "new": new,
    }


def _is_recorded(record: Any) -> bool:
    return isinstance(record, Record) and record.is_recorded


def _column_keys(record: Any) -> list[str]:
    return [key for key in inspect(type(record)).column_attrs.keys() if key not in BOOKKEEPING | {"id"}]


def _plain(record: Any, key: str, value: Any) -> Any:
    """The value as JSON writes it; a secret only as the word that it is one."""
    column = inspect(type(record)).column_attrs[key].columns[0]
    if column.info.get("secret"):
        return SECRET if value is not None else None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _changed_links(record: Any) -> dict[str, tuple[list[int], list[int]]]:
    """Many-to-many collections that changed, as keys before and after."""
    changed = {}
    state = inspect(record)
    for relation in state.mapper.relationships:
        if relation.direction is not RelationshipDirection.MANYTOMANY or relation.viewonly:
            continue
        history = state.attrs[relation.key].history
        if history.has_changes():
            kept = list(history.unchanged or ())
            before = sorted(linked.id for linked in [*kept, *history.deleted])
            after = sorted(linked.id for linked in [*kept, *history.added] if linked.id is not None)
            changed[relation.key] = (before, after)
    return changed
