"""How a screen finds its records: one by its key, or a page of them by what the address asks."""

import re
from typing import Any

from flask import abort, request

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.records import Trashable
from backoffice.web import filters, formats, listing
from backoffice.web.attributes import attributes_of
from backoffice.web.fields import normalise_text

KEY = re.compile(r"[1-9]\d{0,17}", re.ASCII)


class Finding:
    """The part of a screen that reads. Every way to a record starts from `live`, so that no scope is left out."""

    def live(self) -> Any:
        """The statement that every way to a record of this screen starts from."""
        statement = db.select(self.model)
        return statement.where(self.model.deleted_token == 0) if issubclass(self.model, Trashable) else statement

    def get_one(self, id: Any) -> Any:
        if not KEY.fullmatch(str(id or "")):
            return None
        return db.session.scalar(self.live().where(self.model.id == int(id)))

    def get_deleted(self, key: Any) -> Any:
        """A record of the trash, for somebody who still has its form open."""
        if not issubclass(self.model, Trashable) or not KEY.fullmatch(str(key or "")):
            return None
        return db.session.scalar(db.select(self.model).where(self.model.id == int(key), self.model.deleted_token != 0))

    def require_one(self, key: Any) -> Any:
        record = self.get_one(key)
        if record is None:
            abort(404, f"There is no such {self.noun}. It may have been deleted; look in the trash.")
        return record

    def arguments(self) -> listing.ListArguments:
        args = request.args
        active = filters.read_filters(self.filters, args, listing.OWN_PARAMETERS)
        sort = args.get("sort", "") or self.column_default_sort
        if sort != self.column_default_sort and sort.removeprefix("-") not in self.column_sortable_list:
            raise Refusal("This list can’t be sorted like that. Choose one of its columns.")
        return listing.ListArguments(
            search=tidy_search(args.get("search", "")),
            filters=tuple(active),
            sort=sort,
            page=listing.read_page_number(args.get("page")),
            page_size=listing.read_page_size(args.get("page_size")),
            columns=self.chosen_columns(args.getlist("columns")),
            given=args,
        )

    def chosen_columns(self, chosen: list[str]) -> tuple[str, ...]:
        """The columns to show, in the screen's order; the first one names the row and always stays."""
        wanted = [name for name in chosen if name in self.column_list]
        shown = wanted or [name for name in self.column_list if name not in self.column_hidden]
        return tuple(name for name in self.column_list if name in shown or name == self.column_list[0])

    def found(self, arguments: listing.ListArguments) -> Any:
        """The statement of all records that the arguments find, unsorted."""
        statement = self.live()
        if arguments.search:
            statement = statement.where(
                *listing.search_condition(self.model, self.column_searchable_list, arguments.search)
            )
        return statement.where(*(active.condition for active in arguments.filters))

    def sorted(self, statement: Any, sort: str) -> Any:
        name = sort.removeprefix("-")
        return listing.sorted_by(statement, self.model, self.sort_column(name), sort.startswith("-"))

    def sort_column(self, name: str) -> Any:
        attribute = attributes_of(self.model).get(name)
        return getattr(self.model, attribute.column.key) if attribute is not None and name != "id" else None

    def load_page(self, arguments: listing.ListArguments) -> listing.Page:
        statement = self.found(arguments)
        rows = self.sorted(statement, arguments.sort).options(*self.list_options)
        rows = rows.limit(arguments.page_size).offset((arguments.page - 1) * arguments.page_size)
        records = list(db.session.scalars(rows).unique())
        self.prepare_rows(records)
        return listing.Page(records, listing.count_up_to(statement), arguments)

    def prepare_rows(self, records: list[Any]) -> None:
        """Load what the rows show beside their own columns, in a fixed number of queries."""

    def get_list_value(self, _context: Any, record: Any, name: str) -> Any:
        """What a cell shows."""
        if name in self.column_formatters:
            return self.column_formatters[name](self, record)
        attribute = attributes_of(self.model)[name]
        value = getattr(record, attribute.key)
        if attribute.kind == "moment" and value is not None:
            return formats.show_age(value)
        return formats.show(attribute, value)

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
