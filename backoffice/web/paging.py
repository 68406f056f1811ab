"""Which rows a page of a list holds: those behind or before a row, at the end, or by the page's number.

A row is told by what the list is sorted by and its key, so that an index leads straight to it however deep it lies,
and rows that others add or delete meanwhile move no row from one page to the next. A page's number must be counted
off, and then only keys are.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func

from backoffice import dialects
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _

LAST_PAGE = 10_000_000
LONGEST_PLACE = 6000
END = "end"


@dataclass(frozen=True)
class Place:
    """A row in a list. value: what the list is sorted by, None where that is empty or the key alone sorts.

    position: the row's number, from 1; counted from the end, -1 for the last, where the list is too long to be counted.
    """

    value: Any
    key: int
    position: int

    def __str__(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        text = json.dumps([value, self.key, self.position], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass(frozen=True)
class Asked:
    """Which page: behind a row, before one, the last one, or the one with a number."""

    number: int = 1
    after: Place | None = None
    before: Place | None = None
    is_last: bool = False

    @property
    def is_first(self) -> bool:
        return self == Asked()


@dataclass(frozen=True)
class Rows:
    """The keys of a page in their order. first: the position of its first row, as Place has it."""

    keys: list[int]
    first: int
    has_previous: bool
    has_next: bool


def read_asked(given: Any, column: Any) -> Asked:
    """What an address asks. column: what the list is sorted by. Raises Refusal for what names no page."""
    after, before = given.get("after"), given.get("before")
    if after:
        return Asked(after=_read_place(after, column))
    if before == END:
        return Asked(is_last=True)
    if before:
        return Asked(before=_read_place(before, column))
    return Asked(number=_read_number(given.get("page")))


def _read_number(text: str | None) -> int:
    if not text:
        return 1
    if not re.fullmatch(r"[1-9]\d{0,7}", text, re.ASCII) or int(text) > LAST_PAGE:
        raise Refusal(_("There is no such page. Pages count from 1."))
    return int(text)


def _read_place(text: str, column: Any) -> Place:
    try:
        if len(text) > LONGEST_PLACE:
            raise ValueError("too long")
        read = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode())
        value, key, position = read
        if not all(type(one) is int and abs(one) <= dialects.LARGEST_INTEGER for one in (key, position)):
            raise ValueError("no numbers")
        return Place(_read_value(value, column), key, position)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise Refusal(
            _("The address of this page is damaged, or the list is sorted otherwise now. Go to its first page.")
        ) from None


def _read_value(value: Any, column: Any) -> Any:
    """The value of the sorted column. Raises ValueError for one that the column can't hold."""
    if value is None:
        if column is not None and not is_nullable(column):
            raise ValueError("never empty")
        return None
    kind = column.type.python_type if column is not None else type(None)
    if issubclass(kind, datetime):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("no time zone")
        return moment
    if issubclass(kind, date):
        return date.fromisoformat(value)
    if type(value) is not kind or isinstance(value, int) and abs(value) > dialects.LARGEST_INTEGER:
        raise ValueError("of another type")
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("can't be stored")
    return value


def is_nullable(column: Any) -> bool:
    return bool(column.property.columns[0].nullable)


class Order:
    """The order of a list: by a column up or down, then by key; empty values come last, whichever way."""

    def __init__(self, model: Any, column: Any, downwards: bool) -> None:
        self.model = model
        self.column = column
        self.downwards = downwards

    def apply(self, statement: Any) -> Any:
        """Sort a whole statement."""
        if self.column is not None and is_nullable(self.column):
            statement = statement.order_by(self.column.is_(None))
        return statement.order_by(*self._columns(self.column is not None, self.downwards))

    def rows(self, statement: Any, asked: Asked, size: int, lead: Sequence[int] = (), count: int | None = None) -> Rows:
        """The page that is asked for. lead: keys that come before all others, on the first page.

        count: of all rows, where it is known; the last page then holds what the full ones leave.
        """
        rows = self._rows(statement, asked, size, lead, count)
        if count is None:
            return rows
        first = rows.first if rows.first > 0 else count + 1 + rows.first
        return replace(rows, first=max(1, min(first, count - len(rows.keys) + 1)))

    def _rows(self, statement: Any, asked: Asked, size: int, lead: Sequence[int], count: int | None) -> Rows:
        if lead:
            statement = statement.where(self.model.id.not_in(lead))
        if asked.is_last:
            return self._last(statement, size, lead, count)
        if asked.before is not None:
            return self._before(statement, asked.before, size, lead)
        if asked.after is not None:
            keys = self._keys(statement, size + 1, asked.after)
            position = asked.after.position + 1
            return Rows(keys[:size], position, True, len(keys) > size)
        offset = (asked.number - 1) * size - len(lead)
        keys = list(lead) if asked.number == 1 else []
        keys += self._keys(statement, size + 1 - len(keys), offset=max(offset, 0))
        return Rows(keys[:size], (asked.number - 1) * size + 1, asked.number > 1, len(keys) > size)

    def _last(self, statement: Any, size: int, lead: Sequence[int], count: int | None) -> Rows:
        wanted = (count % size or size) if count else size
        keys = self._keys(statement, size + 1, backwards=True)
        if len(keys) <= size - len(lead):
            return self._rows(statement, Asked(), size, lead, count)
        keys = keys[:wanted][::-1]
        return Rows(keys, -len(keys), True, False)

    def _before(self, statement: Any, place: Place, size: int, lead: Sequence[int]) -> Rows:
        keys = self._keys(statement, size + 1, place, backwards=True)
        if len(keys) < size:
            # Hardly anything is left before it: the first page, which is full, serves better.
            return self._rows(statement, Asked(), size, lead, None)
        first = place.position - size
        # Rows that came in meanwhile push a position below the list's first.
        first = max(first, 1 + len(lead)) if place.position > 0 else first
        return Rows(keys[:size][::-1], first, len(keys) > size or bool(lead), True)

    def place_of(self, record: Any, position: int) -> Place:
        return Place(getattr(record, self.column.key) if self.column is not None else None, record.id, position)

    def _keys(
        self, statement: Any, most: int, place: Place | None = None, backwards: bool = False, offset: int = 0
    ) -> list[int]:
        """The first keys behind a place, or of the list; backwards those before it, from there on."""
        keys: list[int] = []
        for part, holds_values in self._parts(statement, place, backwards):
            wanted = part.with_only_columns(self.model.id, maintain_column_froms=True)
            wanted = wanted.order_by(None).order_by(*self._columns(holds_values, self.downwards != backwards))
            keys += db.session.scalars(wanted.limit(most - len(keys)).offset(offset or None)).all()
            if len(keys) == most:
                break
            offset = max(offset - count_all(part), 0) if offset and not keys else 0
        return keys

    def _parts(self, statement: Any, place: Place | None, backwards: bool) -> Iterator[tuple[Any, bool]]:
        """The rows with a value and those without, each by itself: an index holds each in its order on every database."""
        if self.column is None:
            yield self._beyond(statement, place, False, backwards), False
            return
        if not is_nullable(self.column):
            yield self._beyond(statement, place, True, backwards), True
            return
        for holds_values in (False, True) if backwards else (True, False):
            part = statement.where(self.column.is_not(None) if holds_values else self.column.is_(None))
            if place is None or (place.value is not None) == holds_values:
                yield self._beyond(part, place, holds_values, backwards), holds_values
                place = None

    def _beyond(self, statement: Any, place: Place | None, holds_values: bool, backwards: bool) -> Any:
        if place is None:
            return statement
        downwards = self.downwards != backwards
        if not holds_values:
            return statement.where(self.model.id < place.key if downwards else self.model.id > place.key)
        return statement.where(dialects.Beyond(self.column, place.value, self.model.id, place.key, downwards))

    def _columns(self, holds_values: bool, downwards: bool) -> list[Any]:
        columns = [self.column, self.model.id] if holds_values else [self.model.id]
        return [column.desc() for column in columns] if downwards else columns


def count_all(statement: Any) -> int:
    return db.session.scalar(db.select(func.count()).select_from(statement.order_by(None).subquery())) or 0
