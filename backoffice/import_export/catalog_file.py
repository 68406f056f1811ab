"""What a file says of a catalog, in one form that every reader yields, whatever its format.

Words: a field that the file has no column for is absent from `fields`; a blank cell of a column that
is there is None. Names, texts and numbers are as the file gives them; checking.py makes them ours.
Rule: a reader refuses nothing but whole files; what is wrong with a row becomes a problem at its cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """row counts records with the header as 1; column is the file's own header, where one is to blame."""

    row: int
    column: str | None
    message: str

    @property
    def words(self) -> str:
        column = f", {self.column}" if self.column else ""
        return f"Row {self.row}{column}: {self.message}"


@dataclass(frozen=True)
class FilePicture:
    """fields: alt_text and position (from 0), where the file has them."""

    url: str
    row: int
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FileVariant:
    """fields: sku, barcode, price, compare_at_price, cost, weight_grams, quantity, allows_backorder, tracks_stock.

    values: its option values in the order of the product's options, () for “no options”, and None where
    the file has no columns for them.
    """

    row: int
    fields: Mapping[str, Any]
    values: tuple[str, ...] | None = None
    picture_url: str | None = None


@dataclass(frozen=True)
class FileProduct:
    """fields: name, description, brand, category (names from the root), tags, status, is_online, seo_title,
    seo_description.

    option_names: () for “no options”, None where the file does not name them.
    """

    handle: str
    row: int
    fields: Mapping[str, Any]
    option_names: tuple[str, ...] | None = None
    variants: tuple[FileVariant, ...] = ()
    pictures: tuple[FilePicture, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class CatalogFile:
    """headers: the file's own header of each field, to name the cell of a problem.

    problems: those of rows that belong to no product. unread: headers that mean nothing to us.
    """

    format: str
    rows: int
    headers: Mapping[str, str]
    products: tuple[FileProduct, ...]
    problems: tuple[Problem, ...] = ()
    unread: tuple[str, ...] = ()
