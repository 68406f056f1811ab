"""A list as a file, exactly as searched and filtered; streamed, and safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from flask import Response, stream_with_context
from sqlalchemy import inspect
from sqlalchemy.orm import joinedload, selectinload

from backoffice.extensions import db
from backoffice.records import utc_now
from backoffice.settings.money import plain_amount
from backoffice.web import formats
from backoffice.web.attributes import attributes_of

ROWS_AT_ONCE = 500
# The wide forms are what East Asian keyboards type, and some spreadsheets take them for the narrow ones.
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def armour(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula; plain negative numbers stay numbers."""
    if text.startswith(RUN_BY_SPREADSHEETS) and not _is_number(text):
        return f"'{text}"
    return text


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isascii() and text.lstrip("-").replace(".", "", 1).isdigit()


def plain_value(screen: Any, record: Any, name: str) -> str:
    """A value for a file: amounts with a point and no sign, times in UTC, names instead of keys."""
    if name in screen.column_formatters and name not in attributes_of(screen.model):
        formatter = getattr(screen, f"export_{name}", None)
        return (
            formatter(record)
            if formatter
            else formats.mark_up(screen.column_formatters[name](screen, record)).striptags()
        )
    attribute = attributes_of(screen.model)[name]
    value = getattr(record, attribute.key)
    if value is None:
        return ""
    if attribute.kind == "money":
        return plain_amount(value, formats.settings().currency)
    if attribute.kind == "moment":
        return value.isoformat(timespec="seconds")
    if attribute.kind == "number":
        return str(value)
    return formats.show(attribute, value)


def file_response(name: str, lines: Iterable[Iterable[str]]) -> Response:
    """A file for spreadsheets, sent as it is made; lines: the head, then the rows, as plain text."""
    headers = {"Content-Disposition": f"attachment; filename={name}-{utc_now():%Y-%m-%d}.csv"}
    texts = (_line([armour(text) for text in line]) for line in lines)
    return Response(stream_with_context(chain(["\ufeff"], texts)), mimetype="text/csv", headers=headers)


def lines_of(screen: Any, arguments: Any) -> Iterator[list[str]]:
    yield [screen.label_of(name) for name in arguments.columns]
    for records in _chunks(screen, arguments):
        screen.prepare_rows(records)
        yield from ([plain_value(screen, one, name) for name in arguments.columns] for one in records)
        # Each chunk is let go of before the next, so that memory stays flat whatever the length of the list.
        db.session.expunge_all()


def _line(values: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(values)
    return buffer.getvalue()


def _chunks(screen: Any, arguments: Any) -> Iterator[list[Any]]:
    """The whole list by key, a chunk at a time: a long list costs no more than a short one for each row."""
    after = 0
    statement = (
        screen.found(arguments).order_by(screen.model.id).limit(ROWS_AT_ONCE).options(*_loads(screen, arguments))
    )
    while True:
        records = list(db.session.scalars(statement.where(screen.model.id > after)).unique())
        if not records:
            return
        after = records[-1].id
        yield records


def _loads(screen: Any, arguments: Any) -> list[Any]:
    relations = inspect(screen.model).relationships
    named = [name for name in arguments.columns if name in relations]
    loads = [
        selectinload(getattr(screen.model, name))
        if relations[name].uselist
        else joinedload(getattr(screen.model, name))
        for name in named
    ]
    return [*loads, *screen.list_options]
