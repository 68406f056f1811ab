"""How a screen finds its records: one by its key, or a page of them by what the address asks."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Any

from flask import abort, request
from sqlalchemy import inspect, or_
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.datastructures import MultiDict

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import Trashable, in_order_of
from backoffice.staff.models import SavedView
from backoffice.web import filters, formats, listing, paging
from backoffice.web.attributes import attributes_of
from backoffice.web.fields import normalise_text
from backoffice.web.junk import read_address

# Fewer than a page holds, so that each page has a row by which the next one is found.
MOST_LEADING = 20
KEY = re.compile(r"[1-9]\d{0,17}", re.ASCII)


class Finding:
    """The part of a screen that reads. Every way to a record starts from `live`, so that no scope is left out."""

    def live(self) -> Any:
        """The statement that every way to a record of this screen starts from."""
        statement = db.select(self.model)
        return statement.where(self.model.deleted_token == 0) if issubclass(self.model, Trashable) else statement

    def get_one(self, id: Any, names: Sequence[str] = ()) -> Any:
        """The live record of a key as an address has it. names: attributes that are read along with it."""
        if not KEY.fullmatch(str(id or "")):
            return None
        return db.session.scalar(self.live().where(self.model.id == int(id)).options(*self._loads(names)))

    def get_deleted(self, key: Any) -> Any:
        """A record of the trash, for somebody who still has its form open."""
        if not issubclass(self.model, Trashable) or not KEY.fullmatch(str(key or "")):
            return None
        return db.session.scalar(db.select(self.model).where(self.model.id == int(key), self.model.deleted_token != 0))

    def require_one(self, key: Any) -> Any:
        record = self.get_one(key)
        if record is None:
            abort(404, _("There is no such %(noun)s. It may have been deleted; look in the trash.", noun=_(self.noun)))
        return record

    def arguments(self, given: MultiDict[str, str] | None = None) -> listing.ListArguments:
        """What an address asks of this list: the request's, or the one that is given.

        Raises Refusal for what the list does not offer; a value that can't be read is told on the page.
        """
        args = request.args if given is None else given
        view = self.view_of(args)
        asked = self._asked(args, view)
        sort = asked.get("sort", "") or self.column_default_sort
        if sort != self.column_default_sort and sort.removeprefix("-") not in self.column_sortable_list:
            raise Refusal(_("This list can’t be sorted like that. Choose one of its columns."))
        choice = self.own_choice()
        return listing.ListArguments(
            search=tidy_search(asked.get("search", "")),
            groups=tuple(filters.read_groups(self.filters, asked, listing.OWN_PARAMETERS)),
            sort=sort,
            asks=paging.read_asked(args, self.sort_column(sort.removeprefix("-"))),
            page_size=listing.read_page_size(args.get("page_size") or str(choice and choice.page_size or "")),
            columns=self.chosen_columns(asked.getlist("columns") or (choice and choice.columns) or []),
            given=args,
            asked=asked,
            view=view,
        )

    def require_arguments(self, given: MultiDict[str, str] | None = None) -> listing.ListArguments:
        """The same, where a value that can't be read must not be passed over: for files, actions and saved views."""
        arguments = self.arguments(given)
        if arguments.problems:
            raise Refusal(arguments.problems[0])
        return arguments

    def arguments_at(self, query: str) -> listing.ListArguments:
        """What the query part of an address asks. Raises Refusal where any of it can't be read."""
        return self.require_arguments(read_address(query))

    def _asked(self, args: MultiDict[str, str], view: SavedView | None) -> MultiDict[str, str]:
        """All that narrows, sorts and shows: the address's own, or that of the saved view it names."""
        given = read_address(view.query) if view is not None and "view" in args else args
        left_out = {*listing.MOVES, "view", "from_view", "groups", filters.TYPED_IN}
        return MultiDict((key, value) for key, value in given.items(multi=True) if key not in left_out)

    def chosen_columns(self, chosen: Sequence[str]) -> tuple[str, ...]:
        """The columns to show, in the order chosen; the first one of the screen names the row and always leads."""
        first = self.column_list[0]
        wanted = [name for name in dict.fromkeys(chosen) if name in self.column_list and name != first]
        if not wanted and first not in chosen:
            wanted = [name for name in self.column_list[1:] if name not in self.column_hidden]
        return (first, *wanted)

    def found(self, arguments: listing.ListArguments) -> Any:
        """The statement of all records that the arguments find, unsorted."""
        statement = self._narrowed(arguments)
        return statement.where(*self.finder.condition(arguments.search)) if arguments.search else statement

    def _narrowed(self, arguments: listing.ListArguments) -> Any:
        """The statement of all records that the filters find, whatever is searched."""
        groups = [group.condition for group in arguments.groups if group.filters]
        return self.live().where(or_(*groups)) if groups else self.live()

    def found_at(self, query: str) -> Any:
        """The statement of all records that the query part of an address finds. Raises Refusal as `arguments_at`."""
        return self.found(self.arguments_at(query))

    def order(self, sort: str) -> paging.Order:
        return paging.Order(self.model, self.sort_column(sort.removeprefix("-")), sort.startswith("-"))

    def leading(self, arguments: listing.ListArguments) -> list[int]:
        """The keys that lead the list, nearest first: what is named or numbered just as somebody typed."""
        best = self.finder.best(arguments.search, MOST_LEADING) if arguments.ranks else []
        return self.found_of(self.found(arguments), best)

    def found_of(self, statement: Any, keys: Sequence[int]) -> list[int]:
        """Those of the keys that a statement finds, in their order."""
        if not keys:
            return []
        wanted = statement.with_only_columns(self.model.id, maintain_column_froms=True)
        found = set(db.session.scalars(wanted.where(self.model.id.in_(keys))))
        return [key for key in keys if key in found]

    def with_keys(self, keys: Sequence[int], names: Sequence[str] = ()) -> list[Any]:
        """The live records of these keys in their order, with what such columns of a list show of them."""
        if not keys:
            return []
        wanted = self.live().where(self.model.id.in_(keys)).options(*self._loads(names), *self.list_options)
        return in_order_of(keys, db.session.scalars(wanted).unique())

    def sort_column(self, name: str) -> Any:
        attribute = attributes_of(self.model).get(name)
        return getattr(self.model, attribute.column.key) if attribute is not None and name != "id" else None

    def _loads(self, names: Sequence[str]) -> Iterator[Any]:
        relations = inspect(self.model).relationships
        for name in names:
            if name in relations:
                load = selectinload if relations[name].uselist else joinedload
                yield load(getattr(self.model, name))

    def load_rows(self, keys: Sequence[int], names: Sequence[str] = ()) -> list[Any]:
        """What the list shows of these keys, in their order, in a fixed number of queries: records, or facts like them."""
        records = self.with_keys(keys, names)
        self.prepare_rows(records)
        return records

    def count(self, arguments: listing.ListArguments) -> int:
        """How many records the arguments find, no further than one beyond what is told, unless all shall be counted."""
        if arguments.wants_exact_count:
            return listing.told_count(self.found(arguments), arguments)
        if (
            arguments.search
            and not arguments.filters
            and self.finder.finds_more_than(arguments.search, listing.EXACT_UP_TO)
        ):
            return listing.EXACT_UP_TO + 1
        if not arguments.search and any(one.filter.surely for one in arguments.filters):
            # What is surely found may be too many to be told already.
            sure = [group.sure_condition for group in arguments.groups if group.filters]
            number = listing.count_up_to(self.live().where(or_(*sure)))
            if number > listing.EXACT_UP_TO:
                return number
        return listing.told_count(self.found(arguments), arguments)

    def load_page(self, arguments: listing.ListArguments) -> listing.Page:
        order, lead = self.order(arguments.sort), self.leading(arguments)
        load = partial(self.load_rows, names=arguments.columns)
        page = listing.page_of(order, self.found(arguments), arguments, self.count(arguments), load, lead)
        if not page.records and arguments.search and arguments.asks.is_first:
            keys = self.found_of(self._narrowed(arguments), self.finder.similar(arguments.search, MOST_LEADING))
            page = replace(page, similar=load(keys))
        return page

    def prepare_rows(self, records: list[Any]) -> None:
        """Load what records show beside their own columns, in a fixed number of queries."""

    def cell_writer(self, name: str) -> Callable[[Any], Any]:
        """What a cell of a column shows of a record."""
        if name in self.column_formatters:
            return partial(self.column_formatters[name], self)
        attribute = attributes_of(self.model)[name]
        read = attrgetter(attribute.key)
        if attribute.kind == "moment":
            return lambda record: formats.show_age(moment) if (moment := read(record)) is not None else ""
        return lambda record: formats.show(attribute, read(record))

    def get_list_value(self, _context: Any, record: Any, name: str) -> Any:
        """What one cell shows."""
        return self.cell_writer(name)(record)

    def get_detail_value(self, _context: Any, record: Any, name: str) -> Any:
        """What the page of a record shows: the full time instead of its age, names as links where there are any."""
        attribute = attributes_of(self.model).get(name)
        if attribute is None:
            return self.get_list_value(None, record, name)
        return formats.show_as_text(attribute, getattr(record, attribute.key))

    def is_number(self, name: str) -> bool:
        attribute = attributes_of(self.model).get(name)
        return attribute is not None and attribute.kind in ("number", "money", "percent")


def tidy_search(text: str) -> str:
    return " ".join(normalise_text(text[:800]).split())[:200]
