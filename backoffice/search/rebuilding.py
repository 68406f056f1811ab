"""Kept texts as a whole: what is wrong with them, and all of them anew. In the caller's transaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from backoffice import dialects
from backoffice.extensions import db
from backoffice.search.keeping import keep
from backoffice.search.kept import Kept, Row, all_kept

READ_AT_ONCE = 5000
# What is compared record by record; of more than these, as many are, spread over all.
COMPARED_AT_MOST = 20_000
COMPARED_AT_ONCE = 500

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Drift:
    """What is wrong with one entity's texts. compared: of how many records the text itself was looked at.

    left: texts whose record is gone.
    """

    entity: str
    records: int
    compared: int
    missing: int
    wrong: int
    left: int = 0

    @property
    def is_right(self) -> bool:
        return not (self.missing or self.wrong or self.left)


def rebuild(progress: Progress | None = None) -> dict[str, int]:
    """Write every text that is missing or wrong; returns by entity how many these were. Never commits.

    An entity that has no text yet is filled before the engine makes its index, which is much faster.
    """
    connection = db.session.connection()
    db.session.flush()
    return {kept.model.__tablename__: _rebuild(connection, kept, progress) for kept in all_kept()}


def _rebuild(connection: Any, kept: Kept, progress: Progress | None) -> int:
    entity = kept.model.__tablename__
    total = _count(connection, kept.model.__table__)
    is_empty = connection.scalar(select(kept.table.c.record_id).limit(1)) is None
    if is_empty:
        dialects.drop_search_index(connection, kept.table.name)
    done = written = 0
    for first, last, number in _ranges(connection, kept, READ_AT_ONCE):
        if is_empty:
            written += _fill(connection, kept, first, last)
        else:
            written += _mend(connection, kept, first, last)
        done += number
        if progress is not None:
            progress(entity, done, total)
    left = connection.execute(kept.table.delete().where(_is_left(kept))).rowcount
    dialects.make_search_index(connection, kept.table.name)
    if written:
        dialects.tell_planner(connection, kept.table.name)
    return written + left


def _fill(connection: Any, kept: Kept, first: int, last: int) -> int:
    rows = _wanted(connection, kept, first, last)
    if rows:
        dialects.load_rows(connection, kept.table, [(key, *row) for key, row in rows.items()])
    return len(rows)


def _mend(connection: Any, kept: Kept, first: int, last: int) -> int:
    wrong = [key for key, state in _differences(connection, kept, first, last).items() if state]
    # Read again under a lock: somebody may write one of them meanwhile.
    return keep(connection, kept, wrong) if wrong else 0


def find_drift(is_full: bool = True, progress: Progress | None = None) -> Iterator[Drift]:
    """What is wrong, entity by entity. Changes nothing.

    is_full: compare the text of every record; else of some thousands, while every record's is looked for.
    """
    connection = db.session.connection()
    for kept in all_kept():
        entity = kept.model.__tablename__
        records, stored = _count(connection, kept.model.__table__), _count(connection, kept.table)
        counts = {"missing": 0, "wrong": 0, "left": 0}
        compared = 0
        for first, last, number in _ranges_to_compare(connection, kept, records, is_full):
            for state in _differences(connection, kept, first, last).values():
                if state:
                    counts[state] += 1
            compared += number
            if progress is not None:
                progress(entity, compared, records)
        # What was not compared is told by the numbers.
        missing = max(counts["missing"], records - stored)
        left = max(counts["left"], stored - records, _count_left(connection, kept) if is_full else 0)
        yield Drift(entity, records, compared, missing, counts["wrong"], left)


def _count_left(connection: Any, kept: Kept) -> int:
    return connection.scalar(select(func.count()).select_from(kept.table).where(_is_left(kept)))


def _is_left(kept: Kept) -> Any:
    model = kept.model.__table__
    return ~select(model.c.id).where(model.c.id == kept.table.c.record_id).exists()


def _ranges_to_compare(connection: Any, kept: Kept, records: int, is_full: bool) -> Iterator[tuple[int, int, int]]:
    if is_full or records <= COMPARED_AT_MOST:
        yield from _ranges(connection, kept, READ_AT_ONCE)
        return
    key = kept.model.id
    smallest, largest = connection.execute(select(func.min(key), func.max(key))).one()
    places = COMPARED_AT_MOST // COMPARED_AT_ONCE
    after = smallest - 1
    for place in range(places):
        after = max(after, smallest - 1 + (largest - smallest) * place // places)
        found = _next_range(connection, key, after, COMPARED_AT_ONCE)
        if found is not None:
            yield found
            after = found[1]


def _ranges(connection: Any, kept: Kept, size: int) -> Iterator[tuple[int, int, int]]:
    """The first and last key, and the number, of some records at a time."""
    after = 0
    while found := _next_range(connection, kept.model.id, after, size):
        yield found
        after = found[1]


def _next_range(connection: Any, key: Any, after: int, size: int) -> tuple[int, int, int] | None:
    some = select(key.label("key")).where(key > after).order_by(key).limit(size).subquery()
    first, last, number = connection.execute(
        select(func.min(some.c.key), func.max(some.c.key), func.count()).select_from(some)
    ).one()
    return (first, last, number) if number else None


def _differences(connection: Any, kept: Kept, first: int, last: int) -> dict[int, str]:
    """Which records lack their text or have another one."""
    wanted = _wanted(connection, kept, first, last)
    table = kept.table
    found = connection.execute(select(table).where(table.c.record_id.between(first, last)))
    stored: dict[int, Row] = {row.record_id: (row.name, row.text) for row in found}
    states = {
        key: "" if key in stored and stored[key] == row else "wrong" if key in stored else "missing"
        for key, row in wanted.items()
    }
    return states | {key: "left" for key in stored if key not in wanted}


def _wanted(connection: Any, kept: Kept, first: int, last: int) -> dict[int, Row]:
    return kept.rows(connection, lambda column: and_(column >= first, column <= last))


def _count(connection: Any, table: Any) -> int:
    return connection.scalar(select(func.count()).select_from(table))
