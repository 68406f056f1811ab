"""A list as a file, exactly as searched, filtered and sorted; streamed, and safe to open in a spreadsheet."""

import csv
import io
from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from flask import Response, stream_with_context

from backoffice.extensions import db
from backoffice.records import chunks, utc_now
from backoffice.settings.money import plain_amount
from backoffice.web import formats
from backoffice.web.attributes import attributes_of

ROWS_AT_ONCE = 500
KEYS_AT_ONCE = 10_000
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
    for keys in keys_in_order(screen, arguments, ROWS_AT_ONCE):
        rows = screen.load_rows(keys, arguments.columns)
        yield from ([plain_value(screen, one, name) for name in arguments.columns] for one in rows)
        # Each chunk is let go of before the next, so that memory stays flat whatever the length of the list.
        db.session.expunge_all()


def _line(values: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(values)
    return buffer.getvalue()


def keys_in_order(screen: Any, arguments: Any, rows_at_once: int) -> Iterator[list[int]]:
    """The keys of the whole list in its order, some at a time.

    The list is sorted once, and only its keys are kept: a number a row, however it is sorted. So each record comes
    just once, though others move it in the list meanwhile; one that left the list since is left out.
    """
    found, lead = screen.found(arguments), screen.leading(arguments)
    others = found.where(screen.model.id.not_in(lead)) if lead else found
    sorted_keys = screen.order(arguments.sort).apply(others)
    sorted_keys = sorted_keys.with_only_columns(screen.model.id, maintain_column_froms=True)
    keys = array("q", lead)
    keys.extend(db.session.scalars(sorted_keys.execution_options(yield_per=KEYS_AT_ONCE)))
    for some in chunks(keys, rows_at_once):
        yield screen.found_of(found, some)
