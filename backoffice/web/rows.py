"""The rows of a list as a page shows them: what is alike in every row is made once, and not for each cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from backoffice.languages import gettext as _
from backoffice.web import cells

# Widths, and what shows on a phone, are told by what a column is.
KNOWN_COLUMNS = {
    "status": "col-status",
    "price": "col-price col-number",
    "stock": "col-stock",
    "on_hand": "col-stock",
    "category": "col-category",
    "updated_at": "col-updated",
}


@dataclass(frozen=True)
class Column:
    """One column. show: what a record's cell shows. opening: the attributes of each of its cells.

    edits: those of one that may be edited in place, its own value and version aside; empty where the person may not.
    value: what a cell holds as somebody would type it, and its version.
    """

    name: str
    label: str
    style: str
    show: Callable[[Any], Any]
    opening: Markup
    edits: Markup
    value: Callable[[Any], tuple[str, int | None]]
    choices: list[tuple[str, str]] | None


@dataclass(frozen=True, slots=True)
class Row:
    """One record's row. selects, more: what its box and its menu are called. cells: all of them as they stand."""

    key: int
    version: int | None
    selects: Markup
    more: Markup
    cells: Markup


def columns_of(screen: Any, names: Sequence[str]) -> list[Column]:
    return [_column(screen, name, place == 0) for place, name in enumerate(names)]


def _column(screen: Any, name: str, is_first: bool) -> Column:
    label = screen.label_of(name)
    other = "col-other col-number" if screen.is_number(name) else "col-other"
    style = "col-name" if is_first else KNOWN_COLUMNS.get(name, other)
    opening = Markup('role="cell" class="{}" data-label="{}"').format(style, label)
    show = screen.cell_writer(name)
    if is_first:
        show = _linked(screen, show)
    if not screen.may_edit_column(name):
        return Column(name, label, style, show, opening, Markup(""), cells.no_value, None)
    attribute = screen.cell_attribute(name)
    edits = Markup('role="cell" class="{} cell-editable" data-label="{}" data-cell="{}" data-kind="{}"')
    edits = edits.format(style, label, name, attribute.kind)
    value = cells.value_reader(screen, name)
    return Column(
        name, label, style, show, opening, edits, value, attribute.told_choices if attribute.choices else None
    )


def _linked(screen: Any, show: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The first cell names its record and leads to it, where it is no markup of the screen's own."""
    nameless = _("without a name")

    def linked(record: Any) -> Any:
        shown = show(record)
        url = None if hasattr(shown, "__html__") else screen.record_url(record)
        return Markup('<a class="product-name" href="{}">{}</a>').format(url, shown or nameless) if url else shown

    return linked


def rows_of(screen: Any, columns: Sequence[Column], records: Sequence[Any]) -> list[Row]:
    selects, more = _around(_("Select %(name)s", name="\0")), _around(_("More for %(name)s", name="\0"))
    rows = []
    for record in records:
        name = escape(str(record))
        cells = Markup("".join([_cell(screen, column, record) for column in columns]))
        rows.append(Row(record.id, getattr(record, "version", None), selects(name), more(name), cells))
    return rows


def _around(words: str) -> Callable[[str], Markup]:
    """Puts a name where a sentence has its gap, which is a NUL."""
    before, _gap, after = words.partition("\0")
    before, after = escape(before), escape(after)
    return lambda name: Markup(f"{before}{name}{after}")


def _cell(screen: Any, column: Column, record: Any) -> str:
    shown = escape(column.show(record))
    if not column.edits or not screen.stands_for_one(column.name, record):
        return f"<td {column.opening}>{shown}</td>"
    value, version = column.value(record)
    own = f'data-value="{escape(value)}" data-version="{version or ""}"'
    return f'<td {column.edits} {own}><div class="cell-shown">{shown}</div></td>'
