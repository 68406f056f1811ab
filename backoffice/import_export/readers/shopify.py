"""Shopify's product CSV, in both generations of its columns, as a catalog file.

Source: Shopify's own exports and its help pages on product CSV files; FORMATS lists the facts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backoffice.errors import Refusal
from backoffice.import_export import values
from backoffice.import_export.catalog_file import CatalogFile, FilePicture, FileProduct, FileVariant, Problem
from backoffice.import_export.readers.text import read_records
from backoffice.languages import gettext as _

# Each field by every header it has had, compared without regard to case and to the number of blanks.
HEADERS = {
    "handle": ("handle", "url handle"),
    "name": ("title",),
    "description": ("body (html)", "body html", "body", "description"),
    "brand": ("vendor",),
    "type": ("type", "custom product type"),
    "taxonomy": ("product category", "standard product type", "standardized product type"),
    "tags": ("tags",),
    "is_online": ("published", "published on online store"),
    "status": ("status",),
    "option1_name": ("option1 name",),
    "option1_value": ("option1 value",),
    "option2_name": ("option2 name",),
    "option2_value": ("option2 value",),
    "option3_name": ("option3 name",),
    "option3_value": ("option3 value",),
    "sku": ("variant sku", "sku"),
    "barcode": ("variant barcode", "barcode"),
    "price": ("variant price", "price"),
    "compare_at_price": (
        "variant compare at price",
        "variant compare-at price",
        "compare-at price",
        "compare at price",
    ),
    "cost": ("cost per item", "variant cost"),
    "weight_grams": ("variant grams", "weight value (grams)"),
    "tracks_stock": ("variant inventory tracker", "inventory tracker"),
    "quantity": ("variant inventory qty", "variant inventory quantity", "inventory quantity"),
    "allows_backorder": ("variant inventory policy", "continue selling when out of stock"),
    "picture_url": ("image src", "product image url"),
    "position": ("image position",),
    "alt_text": ("image alt text",),
    "variant_picture_url": ("variant image", "variant image url"),
    "seo_title": ("seo title",),
    "seo_description": ("seo description",),
}
FIELD_OF_HEADER = {header: name for name, headers in HEADERS.items() for header in headers}

# Columns that say nothing our catalog keeps, so that nobody needs to be told they were not read.
PASSED_OVER = {
    "gift card",
    "charge tax",
    "tax code",
    "collection",
    *(f"variant {one}" for one in ("fulfillment service", "fullfilment service", "requires shipping", "taxable")),
    *("variant tax code", "variant weight unit", "weight unit for display", "requires shipping", "fulfillment service"),
    *(f"option{place} linked to" for place in (1, 2, 3)),
    *(f"unit price {one} measure{unit}" for one in ("total", "base") for unit in ("", " unit")),
}
PASSED_OVER_BEGINNINGS = ("google shopping", "price /", "compare-at price /", "compare at price /", "included /")

PRODUCT_FIELDS = ("name", "description", "brand", "tags", "is_online", "status", "seo_title", "seo_description")
VARIANT_FIELDS = (
    *("sku", "barcode", "price", "compare_at_price", "cost", "weight_grams"),
    *("tracks_stock", "quantity", "allows_backorder"),
)
OPTION_NAMES = ("option1_name", "option2_name", "option3_name")
OPTION_VALUES = ("option1_value", "option2_value", "option3_value")


def _parse_status(text: str) -> str:
    if text.casefold() not in ("active", "draft", "archived"):
        raise Refusal(_("Write active, draft or archived."))
    return text.casefold()


def _parse_policy(text: str) -> bool:
    """The old column says deny or continue, the new one false or true."""
    words = {"deny": False, "continue": True, "false": False, "true": True}
    if text.casefold() not in words:
        raise Refusal(_("Write deny or continue (true or false in the newer column)."))
    return words[text.casefold()]


PARSERS: dict[str, Callable[[str], Any]] = {
    "barcode": values.parse_code,
    "tags": values.parse_list,
    "is_online": values.parse_flag,
    "status": _parse_status,
    "price": values.parse_amount,
    "compare_at_price": values.parse_amount,
    "cost": values.parse_amount,
    "weight_grams": values.parse_grams,
    "quantity": values.parse_whole_number,
    "allows_backorder": _parse_policy,
    # The cell names who counts the stock (“shopify”); without a name nobody does.
    "tracks_stock": lambda text: bool(text),
    "position": values.parse_position,
    "picture_url": values.parse_picture_url,
    "variant_picture_url": values.parse_picture_url,
}
# What a blank cell says, where it says more than “nothing”.
BLANKS: dict[str, Any] = {"tags": (), "tracks_stock": False}


@dataclass(frozen=True)
class _Columns:
    """width: cells of the header. places: where each field stands. headers: how the file calls it."""

    width: int
    places: Mapping[str, int]
    headers: Mapping[str, str]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    """cells: the filled ones by field."""

    number: int
    cells: Mapping[str, str]


@dataclass
class _Draft:
    """All rows of one handle, wherever they stand, and what is wrong with them so far."""

    handle: str
    first_row: int
    rows: list[_Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(path: Path) -> CatalogFile:
    """Read a whole file; raises Refusal where it is no Shopify product file."""
    records = read_records(path)
    _row, header = next(records, (1, []))
    columns = _find_columns(header, path.name)
    drafts: dict[str, _Draft] = {}
    problems: list[Problem] = []
    count = 0
    for number, cells in records:
        count += 1
        if any(cell.strip() for cell in cells):
            _take_row(number, cells, columns, drafts, problems)
    return CatalogFile(
        format="shopify",
        rows=count,
        headers=columns.headers,
        products=tuple(_product(draft, columns) for draft in drafts.values()),
        problems=tuple(problems),
        unread=columns.unread,
    )


def _find_columns(header: list[str], file_name: str) -> _Columns:
    names = [" ".join(values.clean_cell(cell).split()) for cell in header]
    places: dict[str, int] = {}
    headers: dict[str, str] = {}
    for place, name in enumerate(names):
        found = FIELD_OF_HEADER.get(name.casefold())
        if found in places:
            sentence = _(
                "The columns “%(first)s” and “%(second)s” say the same thing. Remove one of them.",
                first=headers[found],
                second=name,
            )
            raise Refusal(sentence)
        if found:
            places[found], headers[found] = place, name
    if "handle" not in places or len(places) < 2:
        sentence = _(
            "“%(file)s” is no Shopify product file: a column Handle (or URL handle) and one more are needed. "
            "Export the products from Shopify as CSV.",
            file=file_name,
        )
        raise Refusal(sentence)
    unread = tuple(name for name in names if name and not _is_known(name.casefold()))
    return _Columns(len(header), places, headers | _shared_headers(headers), unread)


def _shared_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of what we call by another name than its column."""
    category = headers.get("type") or headers.get("taxonomy")
    return {"category": category} if category else {}


def _is_known(name: str) -> bool:
    is_passed_over = name in PASSED_OVER or name.startswith(PASSED_OVER_BEGINNINGS) or "metafields." in name
    return name in FIELD_OF_HEADER or is_passed_over


def _take_row(
    number: int, cells: list[str], columns: _Columns, drafts: dict[str, _Draft], problems: list[Problem]
) -> None:
    """Put a row to its product; one without a handle is a problem of its own."""
    place = columns.places["handle"]
    handle = values.clean_cell(cells[place]) if place < len(cells) else ""
    key = handle.casefold()
    wrong_width = None if len(cells) == columns.width else _wrong_width(number, len(cells), columns.width)
    if not handle:
        message = _("This row has no handle, so it belongs to no product. Write the handle of its product.")
        problems.append(wrong_width or Problem(number, columns.headers["handle"], message))
        return
    draft = drafts.setdefault(key, _Draft(handle, number))
    if wrong_width:
        draft.problems.append(wrong_width)
    else:
        cleaned = {name: values.clean_cell(cells[place]) for name, place in columns.places.items()}
        draft.rows.append(_Row(number, {name: cell for name, cell in cleaned.items() if cell}))


def _wrong_width(number: int, found: int, expected: int) -> Problem:
    if found > expected:
        message = _(
            "This row has %(found)s cells, more than the %(columns)s columns. Quote cells that hold the delimiter.",
            found=found,
            columns=expected,
        )
    else:
        message = _(
            "This row has %(found)s cells, fewer than the %(columns)s columns. Quote cells that hold the delimiter.",
            found=found,
            columns=expected,
        )
    return Problem(number, None, message)


def _product(draft: _Draft, columns: _Columns) -> FileProduct:
    problems = list(draft.problems)
    # Product fields stand on the first row; a file sorted by hand may begin with one of the later rows.
    lead = next((row for row in draft.rows if "name" in row.cells), draft.rows[0] if draft.rows else None)
    rows = [row for row in draft.rows if _is_variant(row, columns)]
    problems += [_lost_variant(row, columns) for row in draft.rows if _is_lost_variant(row, columns)]
    names, value_rows = _options(lead, rows, columns)
    variants = [
        FileVariant(
            row=row.number,
            fields=_read_fields(row, VARIANT_FIELDS, columns, problems),
            values=one_values,
            picture_url=_read_fields(row, ("variant_picture_url",), columns, problems).get("variant_picture_url"),
        )
        for row, one_values in zip(rows, value_rows, strict=True)
    ]
    pictures = _pictures(draft.rows, columns, problems)
    return FileProduct(
        handle=draft.handle,
        row=draft.first_row,
        fields=_product_fields(lead, columns, problems),
        option_names=names if rows else None,
        variants=tuple(variants),
        pictures=tuple(pictures),
        problems=tuple(sorted(problems, key=lambda problem: problem.row)),
    )


def _product_fields(lead: _Row | None, columns: _Columns, problems: list[Problem]) -> dict[str, Any]:
    if lead is None:
        return {}
    fields = _read_fields(lead, PRODUCT_FIELDS, columns, problems)
    if "category" in columns.headers:
        # The shop's own type comes first; Shopify's taxonomy stands in where a product has none.
        text = lead.cells.get("type") or lead.cells.get("taxonomy")
        fields["category"] = values.parse_path(text) or None if text else None
    return fields


def _is_variant(row: _Row, columns: _Columns) -> bool:
    if "option1_value" in columns.places:
        return "option1_value" in row.cells
    # Without columns for options, whatever has a code or a price is the thing sold.
    return any(name in row.cells for name in VARIANT_FIELDS)


def _is_lost_variant(row: _Row, columns: _Columns) -> bool:
    """Whether a row says what only a variant has, and yet is none; beside a picture, a price may be filled down."""
    if _is_variant(row, columns):
        return False
    return "sku" in row.cells or "barcode" in row.cells or ("price" in row.cells and "picture_url" not in row.cells)


def _lost_variant(row: _Row, columns: _Columns) -> Problem:
    message = _(
        "This row has a SKU, barcode or price but no option value, so it is no variant. "
        "Write Title as the option’s name and Default Title as its value where there is only one."
    )
    return Problem(row.number, columns.headers["option1_value"], message)


def _options(
    lead: _Row | None, rows: list[_Row], columns: _Columns
) -> tuple[tuple[str, ...] | None, list[tuple[str, ...] | None]]:
    """The names of the product's options, and the values of each of its variant rows."""
    if lead is None or "option1_value" not in columns.places:
        return None, [None] * len(rows)
    if all(_has_no_options(lead, row) for row in rows):
        return (), [()] * len(rows)
    used = [
        place
        for place in range(len(OPTION_VALUES))
        if OPTION_NAMES[place] in lead.cells or any(OPTION_VALUES[place] in row.cells for row in rows)
    ]
    values_of = [tuple(row.cells.get(OPTION_VALUES[place], "") for place in used) for row in rows]
    if "option1_name" not in columns.places:
        return None, values_of
    return tuple(lead.cells.get(OPTION_NAMES[place], "") for place in used), values_of


def _has_no_options(lead: _Row, row: _Row) -> bool:
    name = lead.cells.get("option1_name", "title").casefold()
    return name == "title" and row.cells.get("option1_value", "").casefold() == "default title"


def _pictures(rows: Iterable[_Row], columns: _Columns, problems: list[Problem]) -> list[FilePicture]:
    """The pictures in their order, each address once; a variant's picture often repeats one of the product's."""
    rows = list(rows)
    pictures: dict[str, FilePicture] = {}
    for row in rows:
        if "picture_url" in row.cells:
            url = _read_fields(row, ("picture_url",), columns, problems).get("picture_url")
            fields = _read_fields(row, ("position", "alt_text"), columns, problems)
            if url:
                pictures.setdefault(url, FilePicture(url, row.number, fields))
    for row in rows:
        url = row.cells.get("variant_picture_url")
        if url and _is_variant(row, columns):
            pictures.setdefault(url, FilePicture(url, row.number))
    return list(pictures.values())


def _read_fields(row: _Row, names: Iterable[str], columns: _Columns, problems: list[Problem]) -> dict[str, Any]:
    """The fields of a row that the file has columns for; a cell that cannot be read is a problem and left out."""
    fields: dict[str, Any] = {}
    for name in names:
        if name not in columns.places:
            continue
        text = row.cells.get(name)
        try:
            fields[name] = PARSERS.get(name, str)(text) if text else BLANKS.get(name)
        except Refusal as refusal:
            problems.append(Problem(row.number, columns.headers[name], refusal.message))
    return fields
