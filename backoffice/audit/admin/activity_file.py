"""The activity as a file: a line for each field that was changed, so that a spreadsheet can sort and count."""

from collections.abc import Iterable, Iterator

from backoffice.audit.history import rows_of, rows_of_several
from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.web.history import entry_of, how, noun_of, preload_rows, readable_entities

HEAD = [
    marked("Change"),
    marked("When"),
    marked("Who"),
    marked("How"),
    marked("What"),
    marked("Kind of record"),
    marked("Record"),
    marked("Done"),
    marked("Field"),
    marked("Before"),
    marked("After"),
]
SETS_AT_ONCE = 500
ROWS_AT_ONCE = 500
# Of so many rows at most are those that are read together.
SMALL = 10


def activity_lines(found: Iterable[list[ChangeSet]]) -> Iterator[list[str]]:
    """found: the change sets in the order of the list, some at a time."""
    yield [_(words) for words in HEAD]
    entities = readable_entities()
    for change_sets in found:
        # Most change sets are small, and read together; a large one is read by itself, some rows at a time.
        small = rows_of_several([one.id for one in change_sets], entities, SMALL)
        _held = preload_rows(row for rows in small.values() for row in rows)
        for change_set in change_sets:
            yield from _lines_of(change_set, entities, small.get(change_set.id))
        # Let go of before the next, so that memory stays flat whatever the length of the history.
        db.session.expunge_all()


def _lines_of(change_set: ChangeSet, entities: list[str], small: list[ChangeRow] | None) -> Iterator[list[str]]:
    when = change_set.at.isoformat(timespec="seconds")
    act = [str(change_set.id), when, change_set.actor_name or _("the system"), how(change_set), change_set.told]
    has_rows = False
    for row in small if small is not None else _rows_of_large(change_set, entities):
        has_rows = True
        yield from (act + line for line in _lines_of_row(row, change_set))
    if not has_rows:
        yield [*act, *[""] * 6]


def _rows_of_large(change_set: ChangeSet, entities: list[str]) -> Iterator[ChangeRow]:
    after = 0
    while rows := rows_of(change_set, entities, ROWS_AT_ONCE, after):
        after = rows[-1].id
        _held = preload_rows(rows)
        yield from rows


def _lines_of_row(row: ChangeRow, change_set: ChangeSet) -> Iterator[list[str]]:
    entry = entry_of(row, change_set)
    record = [noun_of(row.entity), row.label, entry.operation]
    for change in entry.fields:
        yield [*record, change.label, change.old, change.new]
    if not entry.fields:
        yield [*record, "", "", ""]
