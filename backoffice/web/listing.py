"""A page of a list: searched, filtered, sorted and counted, from what the address says."""

import math
import re
from collections.abc import Sequence
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

# What is no filter. view: the saved view that is shown; from_view: the one that the address began from;
# groups: how many groups of filters the page offers.
OWN_PARAMETERS = {"search", "sort", "page", "page_size", "columns", "view", "from_view", "groups", TYPED_IN}
# What only moves about in the same list.
MOVES = {"page", "page_size"}
PAGE_SIZES = (25, 50, 100, 200)
EXACT_UP_TO = 10_000
LAST_PAGE = 10_000_000


@dataclass(frozen=True)
class ListArguments:
    """What an address asks of a list. page counts from 1; sort is a column's name, with `-` before it downwards.

    groups: a record is found that any of them finds. view: the saved view whose list it is, or was before somebody
    changed it. given: what the address says; asked: the same with the view's own address in its place.
    """

    search: str
    groups: tuple[Group, ...]
    sort: str
    page: int
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
    def query(self) -> str:
        """What a saved view keeps: all that was asked but for where in the list one was."""
        return urlencode([(key, value) for key, value in self.asked.items(multi=True) if key not in MOVES])

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
            if value and key not in changes and (key != "page" or "page" in changes)
        ]
        for key, value in changes.items():
            values = value if isinstance(value, list | tuple) else [value]
            pairs += [(key, str(one)) for one in values if one not in (None, "")]
        return f"?{urlencode(pairs)}" if pairs else "?"


@dataclass(frozen=True)
class Page:
    records: list[Any]
    count: int
    arguments: ListArguments

    @property
    def is_count_exact(self) -> bool:
        return self.count <= EXACT_UP_TO

    @property
    def count_words(self) -> str:
        return formats.show_count(self.count, EXACT_UP_TO)

    @property
    def last(self) -> int:
        return max(1, math.ceil(self.count / self.arguments.page_size))

    @property
    def has_next(self) -> bool:
        return self.arguments.page < self.last or not self.is_count_exact and bool(self.records)

    @property
    def first_number(self) -> int:
        return (self.arguments.page - 1) * self.arguments.page_size + 1

    @property
    def last_number(self) -> int:
        return self.first_number + len(self.records) - 1


def read_page_number(text: str | None) -> int:
    if not text:
        return 1
    if not re.fullmatch(r"[1-9]\d{0,7}", text, re.ASCII) or int(text) > LAST_PAGE:
        raise Refusal(_("There is no such page. Pages count from 1."))
    return int(text)


def read_page_size(text: str | None) -> int:
    if not text:
        return PAGE_SIZES[0]
    if text not in {str(size) for size in PAGE_SIZES}:
        sizes = ", ".join(str(size) for size in PAGE_SIZES)
        raise Refusal(_("A page holds %(sizes)s rows. Choose one of these.", sizes=sizes))
    return int(text)


def sorted_by(statement: Any, model: Any, column: Any, downwards: bool) -> Any:
    """Order by a column, then by key so that no row moves between pages; empty values come last."""
    if column is None:
        return statement.order_by(model.id.desc() if downwards else model.id)
    nullable = getattr(column.property.columns[0], "nullable", False) if hasattr(column, "property") else True
    order = [column.is_(None)] if nullable else []
    order += [column.desc(), model.id.desc()] if downwards else [column, model.id]
    return statement.order_by(*order)


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
