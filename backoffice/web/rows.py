"""The rows of a list as a page shows them: what is alike in every row is made once, and not for each cell."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from markupsafe import Markup, escape

from backoffice.languages import gettext as _
from backoffice.web import cells, formats
from backoffice.web.parts import icon

# Some twenty pages of rows, and two kilobytes each.
MOST_DRAWN = 1000

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


def columns_of(screen: Any, names: Sequence[str]) -> tuple[Column, ...]:
    return _columns(screen, tuple((name, screen.may_edit_column(name)) for name in names))


@formats.remembered
def _columns(screen: Any, names: tuple[tuple[str, bool], ...]) -> tuple[Column, ...]:
    return tuple(_column(screen, name, is_edited, place == 0) for place, (name, is_edited) in enumerate(names))


def _column(screen: Any, name: str, is_edited: bool, is_first: bool) -> Column:
    label = screen.label_of(name)
    other = "col-other col-number" if screen.is_number(name) else "col-other"
    style = "col-name" if is_first else KNOWN_COLUMNS.get(name, other)
    opening = Markup('role="cell" class="{}" data-label="{}"').format(style, label)
    show = screen.cell_writer(name)
    if is_first:
        show = _linked(screen, show)
    if not is_edited:
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


def rows_of(
    screen: Any, columns: Sequence[Column], records: Sequence[Any], is_chosen: bool, has_menu: bool
) -> Iterator[Markup]:
    """The rows as they stand on the page. A row is drawn once for all who would see it alike.

    is_chosen, has_menu: whether each begins with a box to choose it by, and ends with a menu.
    """
    look = (
        *(screen.endpoint, screen.page_of_records(), request.root_path, is_chosen, has_menu),
        *((column.name, bool(column.edits)) for column in columns),
    )
    draw = _row_writer(screen, columns, is_chosen, has_menu)
    for record in records:
        facts = screen.row_facts(record)
        yield draw(record) if facts is None else _drawn.of((formats.reader(), look, facts), draw, record)


_drawn = formats.Memory(MOST_DRAWN)


def _row_writer(screen: Any, columns: Sequence[Column], is_chosen: bool, has_menu: bool) -> Callable[[Any], Markup]:
    selects, more = _around(_("Select %(name)s", name="\0")), _around(_("More for %(name)s", name="\0"))
    dots = icon("three-dots")

    def draw(record: Any) -> Markup:
        key, name = record.id, escape(str(record))
        parts = [f'<tr role="row" data-key="{key}">']
        if is_chosen:
            parts.append(_BOX.format(key=key, words=selects(name)))
            version = getattr(record, "version", None)
            parts.append(f'<input type="hidden" name="version-{key}" value="{version}"></td>' if version else "</td>")
        parts += [_cell(screen, column, record) for column in columns]
        if has_menu:
            parts.append(_MENU.format(words=more(name), dots=dots))
        return Markup("".join([*parts, "</tr>"]))

    return draw


_BOX = (
    '<td role="cell" class="col-check"><label class="check-target"><input class="form-check-input" type="checkbox" '
    'name="rowid" value="{key}" aria-label="{words}"></label>'
)
_MENU = (
    '<td role="cell" class="col-more"><button type="button" class="btn btn-plain btn-icon btn-small" '
    'data-action="row-menu" aria-haspopup="menu" aria-expanded="false" aria-controls="row-menu" '
    'aria-label="{words}">{dots}</button></td>'
)


def _around(words: str) -> Callable[[str], str]:
    """Puts a name where a sentence has its gap, which is a NUL."""
    before, _gap, after = words.partition("\0")
    before, after = escape(before), escape(after)
    return lambda name: f"{before}{name}{after}"


def _cell(screen: Any, column: Column, record: Any) -> str:
    shown = escape(column.show(record))
    if not column.edits or not screen.stands_for_one(column.name, record):
        return f"<td {column.opening}>{shown}</td>"
    value, version = column.value(record)
    own = f'data-value="{escape(value)}" data-version="{version or ""}"'
    return f'<td {column.edits} {own}><div class="cell-shown">{shown}</div></td>'
