"""Keeping texts right: what a transaction changed is noted at each flush, and written anew before it ends.

Registered once, when this module is imported. Statements past the session (`is_noted`) are noted like a flush;
a load that goes past even these says `paused` and rebuilds afterwards.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import event, func, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session

from backoffice.audit.models import ChangeSet
from backoffice.dialects import finds_uncommitted, write_over
from backoffice.extensions import db
from backoffice.records import chunks, models_by_table
from backoffice.search.kept import Kept, Source, all_kept

WRITTEN_AT_ONCE = 1000


@dataclass
class Pending:
    """What is to be written of one entity: records by their keys, and all in which these sources stand."""

    keys: set[int] = field(default_factory=set)
    keys_of_sources: dict[Source, set[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Watch:
    """One of the texts in which a model's values stand: its own, or that of another of which it is a source."""

    kept: Kept
    source: Source | None
    fields: frozenset[str]

    @property
    def is_of_part(self) -> bool:
        return self.source is None or bool(self.source.owner)

    @property
    def owner(self) -> str:
        return self.source.owner if self.source is not None else "id"


@cache
def _watches(model: Any) -> tuple[Watch, ...]:
    own = [Watch(kept, None, kept.fields) for kept in all_kept() if kept.model is model]
    others = [
        Watch(kept, source, source.fields) for kept in all_kept() for source in kept.sources if source.model is model
    ]
    return (*own, *others)


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Keep nothing of what this session writes meanwhile; whoever asks for this rebuilds afterwards."""
    info = db.session().info
    before = info.get("search_is_paused", False)
    db.session.flush()
    info["search_is_paused"] = True
    try:
        yield
        db.session.flush()
    finally:
        info["search_is_paused"] = before


def note(model: Any, keys: Sequence[int]) -> None:
    """Say that records were written in a way that the session was not told of."""
    _note_keys(db.session(), model, keys)


def catch_up() -> None:
    """Write what is to be written, so that a search of this transaction finds it too.

    Not within a savepoint, which may be taken back, nor where the engine finds only what is committed.
    """
    session = db.session()
    if session.in_nested_transaction() or not finds_uncommitted(session.get_bind()):
        return
    if session.info.get("search_pending") or session.info.get("search_fresh"):
        _write(session)


def keep(connection: Any, kept: Kept, keys: Sequence[int]) -> int:
    """Write the texts of these records anew where they are not right, and drop those of records that are gone.

    Returns how many were not right.
    """
    table = kept.table
    # Locked before the sources are read: two who change different parts of one product write one after the other,
    # and the later one reads what the other wrote.
    held = select(table).where(table.c.record_id.in_(keys)).order_by(table.c.record_id).with_for_update()
    stored = {row.record_id: (row.name, row.text) for row in connection.execute(held)}
    wanted = kept.rows(connection, lambda column: column.in_(keys))
    wrong = [key for key in sorted(wanted) if stored.get(key) != wanted[key]]
    if wrong:
        rows = [{"record_id": key, "name": wanted[key][0], "text": wanted[key][1]} for key in wrong]
        write_over(connection, table, rows)
    gone = [key for key in stored if key not in wanted]
    if gone:
        connection.execute(table.delete().where(table.c.record_id.in_(gone)))
    return len(wrong) + len(gone)


# Noting
def _pending(session: Session, kept: Kept) -> Pending:
    return session.info.setdefault("search_pending", {}).setdefault(kept, Pending())


@event.listens_for(db.session, "after_flush")
def _note_flush(session: Session, _context: Any) -> None:
    if session.info.get("search_is_paused"):
        return
    for record in (*session.new, *session.deleted):
        for watch in _watches(type(record)):
            # What is new stands in no text yet but its own and that of its whole, and what goes in no other any more.
            if watch.is_of_part:
                _note_record(session, record, watch)
    for record in session.dirty:
        for watch in _watches(type(record)):
            if _has_changed(record, watch.fields):
                _note_record(session, record, watch)


def _has_changed(record: Any, fields: frozenset[str]) -> bool:
    attributes = inspect(record).attrs
    return any(attributes[name].history.has_changes() for name in fields)


def _note_record(session: Session, record: Any, watch: Watch) -> None:
    pending = _pending(session, watch.kept)
    if watch.is_of_part:
        pending.keys.add(getattr(record, watch.owner))
    else:
        pending.keys_of_sources.setdefault(watch.source, set()).add(record.id)


def _note_keys(session: Session, model: Any, keys: Sequence[int]) -> None:
    for watch in _watches(model):
        pending = _pending(session, watch.kept)
        if not watch.is_of_part:
            pending.keys_of_sources.setdefault(watch.source, set()).update(keys)
        elif watch.source is None:
            pending.keys.update(keys)
        else:
            owner = getattr(model, watch.owner)
            for some in chunks(list(keys), WRITTEN_AT_ONCE):
                pending.keys.update(session.connection().scalars(select(owner).where(model.id.in_(some)).distinct()))


@event.listens_for(db.session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    """Note what a statement is about to write past the session's own records."""
    if not (state.is_insert or state.is_update or state.is_delete) or state.session.info.get("search_is_paused"):
        return
    statement = state.statement
    model = models_by_table().get(statement.table.name)
    watches = _watches(model) if model is not None else ()
    if not watches:
        return
    if state.is_insert:
        # Which keys it gives is not told: all beyond the last one there is.
        fresh = state.session.info.setdefault("search_fresh", {})
        if model not in fresh:
            fresh[model] = state.session.connection().scalar(select(func.max(model.id))) or 0
    elif state.is_delete or _written(state) & frozenset().union(*(watch.fields for watch in watches)):
        _note_keys(state.session, model, _found_by(state, model))


def _found_by(state: ORMExecuteState, model: Any) -> list[int]:
    found = select(model.id).where(*state.statement._where_criteria)
    return list(state.session.connection().scalars(found))


def _written(state: ORMExecuteState) -> set[str]:
    given = [*(state.statement._values or ())]
    given += [*(state.parameters or {})] if isinstance(state.parameters, dict) else []
    return {str(getattr(one[0] if isinstance(one, tuple) else one, "key", one)) for one in given}


# Writing
@event.listens_for(db.session, "before_commit")
def _write_before_commit(session: Session) -> None:
    # A savepoint's release is told as a commit too; what it wrote is noted, and written with all else at the end.
    # Once and at the end also because nothing is locked after it, so that nobody waits for each other in a circle.
    if session.in_nested_transaction():
        return
    session.flush()
    _write(session)


def _write(session: Session) -> None:
    session.flush()
    connection = session.connection()
    for model, last_key in session.info.get("search_fresh", {}).items():
        for keys in _walk(connection, select(model.id), model.id, last_key):
            _note_keys(session, model, keys)
    if "change_set_id" in session.info and not session.info.get("search_is_paused"):
        # The recorder writes it past the session.
        _note_keys(session, ChangeSet, [session.info["change_set_id"]])
    pending = session.info.get("search_pending", {})
    for kept in all_kept():
        if kept in pending:
            _write_all(connection, kept, pending[kept])
    _forget(session)


def _write_all(connection: Any, kept: Kept, pending: Pending) -> None:
    for keys in chunks(sorted(pending.keys), WRITTEN_AT_ONCE):
        keep(connection, kept, keys)
    for source, keys_of_source in pending.keys_of_sources.items():
        for some in chunks(sorted(keys_of_source), WRITTEN_AT_ONCE):
            reached = source.reached(some)
            [column] = reached.selected_columns
            for keys in _walk(connection, reached.distinct(), column, 0):
                keep(connection, kept, [key for key in keys if key not in pending.keys])


def _walk(connection: Any, statement: Any, column: Any, after: int) -> Iterator[list[int]]:
    """The keys that a statement finds beyond one, upwards and some at a time."""
    while keys := connection.scalars(statement.where(column > after).order_by(column).limit(WRITTEN_AT_ONCE)).all():
        yield list(keys)
        after = keys[-1]


def _forget(session: Session) -> None:
    session.info.pop("search_pending", None)
    session.info.pop("search_fresh", None)


@event.listens_for(db.session, "after_rollback")
def _forget_what_was_taken_back(session: Session) -> None:
    if not session.in_nested_transaction():
        _forget(session)
