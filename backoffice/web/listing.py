"""A page of a list: searched, filtered, sorted and counted, from what the address says."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, literal, select
from werkzeug.datastructures import MultiDict

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.staff.models import SavedView
from backoffice.web import formats
from backoffice.web.filters import MOST_GROUPS, TYPED_IN, ActiveFilter, Filter, Group
from backoffice.web.paging import Asked, Order, Place, Rows, count_all

# What is no filter. view: the saved view that is shown; from_view: the one that the address began from;
# groups: how many groups of filters the page offers.
OWN_PARAMETERS = {"search", "sort", "page", "page_size", "columns", "view", "from_view", "groups", TYPED_IN}
OWN_PARAMETERS |= {"after", "before", "count", "offer"}
# Where in a list a page lies: each of these takes the place of the others.
PLACES = {"page", "after", "before"}
# What only moves about in the same list.
MOVES = PLACES | {"page_size", "count", "offer"}
PAGE_SIZES = (25, 50, 100, 200)
EXACT_UP_TO = 10_000


@dataclass(frozen=True)
class ListArguments:
    """What an address asks of a list. sort is a column's name, with `-` before it downwards.

    groups: a record is found that any of them finds. view: the saved view whose list it is, or was before somebody
    changed it. given: what the address says; asked: the same with the view's own address in its place.
    """

    search: str
    groups: tuple[Group, ...]
    sort: str
    asks: Asked
    page_size: int
    columns: tuple[str, ...]
    given: MultiDict[str, str] = field(compare=False)
    asked: MultiDict[str, str] = field(compare=False, default_factory=MultiDict)
    view: SavedView | None = field(compare=False, default=None)

    @property
    def filters(self) -> list[ActiveFilter]:
        return [active for group in self.groups for active in group.filters]

    @property
    def problems(self) -> list[str]:
        return [problem for group in self.groups for problem in group.problems.values()]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.filters)

    @property
    def is_view_changed(self) -> bool:
        """Whether the list began from a view and is no longer it."""
        return self.view is not None and "view" not in self.given

    @property
    def shown_groups(self) -> list[Group]:
        """The groups that a page draws: those that are set, and as many more as were asked for."""
        asked = self.given.get("groups", "")
        wanted = min(int(asked), MOST_GROUPS) if re.fullmatch(r"[1-9]", asked, re.ASCII) else 1
        used = {group.prefix for group in self.groups}
        free = (prefix for prefix in ("", *(f"{number}." for number in range(2, 10))) if prefix not in used)
        more = [Group(next(free), ()) for _number in range(wanted - len(self.groups))]
        return [*self.groups, *more]

    @property
    def has_room_for_a_group(self) -> bool:
        return len(self.shown_groups) < MOST_GROUPS

    @property
    def ranks(self) -> bool:
        """Whether what comes closest to the words that were typed leads the list: nobody chose another order."""
        return bool(self.search) and not self.asked.get("sort")

    @property
    def wants_exact_count(self) -> bool:
        return self.given.get("count") == "exact"

    @property
    def query(self) -> str:
        """What a saved view keeps: all that was asked but for where in the list one was."""
        return urlencode([(key, value) for key, value in self.asked.items(multi=True) if key not in MOVES])

    @property
    def moving_pairs(self) -> list[tuple[str, str]]:
        """What a form keeps of the address to lead to another page of the same list."""
        return [pair for pair in self.given.items(multi=True) if pair[0] not in PLACES and pair[1]]

    def without(self, one: Filter, prefix: str = "") -> str:
        """The address of this list with one filter taken away."""
        keys = [key for key in self.asked if key.partition("__")[0] == f"{prefix}{one.name}"]
        return self.address(**dict.fromkeys(keys))

    def address(self, **changes: Any) -> str:
        """The query part of this list's address with some parameters changed; None drops one."""
        given = self.given
        if self.view is not None and "view" in given and not set(changes) <= MOVES:
            # Something of the view is changed: the address says all of it, and where it began.
            given = MultiDict([("from_view", str(self.view.id)), *self.asked.items(multi=True)])
        pairs = [
            (key, value)
            for key, values in given.lists()
            for value in values
            if value and key not in changes and key not in PLACES
        ]
        for key, value in changes.items():
            values = value if isinstance(value, list | tuple) else [value]
            pairs += [(key, str(one)) for one in values if one not in (None, "")]
        return f"?{urlencode(pairs)}" if pairs else "?"


@dataclass(frozen=True)
class Page:
    """A page of a list. count: of all rows, told no further than one beyond EXACT_UP_TO unless somebody asked for more.

    rows: where it lies. previous, next: the rows that the pages beside it lie before and behind. similar: what comes
    close to what was typed, where nothing has all of it.
    """

    records: list[Any]
    count: int
    arguments: ListArguments
    rows: Rows
    previous: Place | None = None
    next: Place | None = None
    similar: list[Any] = field(default_factory=list)

    @property
    def is_count_exact(self) -> bool:
        return self.count <= EXACT_UP_TO or self.arguments.wants_exact_count

    @property
    def count_words(self) -> str:
        return formats.show_count(self.count, self.count if self.arguments.wants_exact_count else EXACT_UP_TO)

    @property
    def last(self) -> int:
        return max(1, math.ceil(self.count / self.arguments.page_size))

    @property
    def is_told_from_end(self) -> bool:
        """Whether only the end of the list is near enough to number its rows."""
        return self.rows.first < 0

    @property
    def first_number(self) -> int:
        return -self.rows.first if self.is_told_from_end else self.rows.first

    @property
    def last_number(self) -> int:
        return abs(self.rows.first + len(self.records) - 1)

    @property
    def number(self) -> int | None:
        """Its number, where its rows are counted from the start."""
        return None if self.is_told_from_end else (self.rows.first - 1) // self.arguments.page_size + 1


def read_page_size(text: str | None) -> int:
    if not text:
        return PAGE_SIZES[0]
    if text not in {str(size) for size in PAGE_SIZES}:
        sizes = ", ".join(str(size) for size in PAGE_SIZES)
        raise Refusal(_("A page holds %(sizes)s rows. Choose one of these.", sizes=sizes))
    return int(text)


def page_of(
    order: Order,
    statement: Any,
    arguments: ListArguments,
    count: int,
    load: Callable[[list[int]], list[Any]],
    lead: Sequence[int] = (),
) -> Page:
    """The page of a statement that the arguments ask for.

    count: of the statement, as `told_count` tells it. load: gives the records of some keys, in their order.
    """
    is_known = arguments.wants_exact_count or count <= EXACT_UP_TO
    rows = order.rows(statement, arguments.asks, arguments.page_size, lead, count if is_known else None)
    records = load(rows.keys)
    # A row that led the list because of what was typed is none that others lie behind.
    beside = [(rows.first + at, record) for at, record in enumerate(records) if record.id not in lead]
    first, last = (order.place_of(beside[end][1], beside[end][0]) if beside else None for end in (0, -1))
    return Page(records, count, arguments, rows, first if rows.has_previous else None, last if rows.has_next else None)


def told_count(statement: Any, arguments: ListArguments) -> int:
    """How many rows a statement finds: all of them where somebody asked for that, else as far as is told."""
    return count_all(statement) if arguments.wants_exact_count else count_up_to(statement)


def count_up_to(statement: Any, most: int = EXACT_UP_TO) -> int:
    """How many rows a statement finds, counting no further than one beyond `most`."""
    return count_each_up_to([statement], most)[0]


def count_each_up_to(statements: Sequence[Any], most: int = EXACT_UP_TO) -> list[int]:
    """How many rows each of the statements finds, asked in one query."""
    return list(db.session.execute(select(*(_count_of(statement, most) for statement in statements))).one())


def _count_of(statement: Any, most: int) -> Any:
    limited = (
        statement.with_only_columns(literal(1), maintain_column_froms=True).order_by(None).limit(most + 1).subquery()
    )
    return select(func.count()).select_from(limited).scalar_subquery()
