"""Products as their list shows them: just what a row needs, read in two queries however many rows there are.

A row of the list needs a tenth of what a product holds, and forty thousand products are looked at for each that is
edited; so rows are no records that could be written, but facts that look alike to whatever shows them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from backoffice.catalog.models import Brand, Category, Product, Variant
from backoffice.extensions import db
from backoffice.inventory.levels import stock_of
from backoffice.media.models import Picture
from backoffice.records import in_order_of


@dataclass(slots=True)
class ListedVariant:
    id: int
    product_id: int
    sku: str | None
    price_minor: int | None
    compare_at_price_minor: int | None
    tracks_stock: bool
    low_stock_threshold: int | None
    version: int
    stock: int
    shown_lowest: int | None = None


@dataclass(slots=True)
class ListedCategory:
    name: str
    full_name: str

    def __str__(self) -> str:
        return self.full_name


@dataclass(slots=True)
class ListedPicture:
    checksum: str


@dataclass(slots=True)
class ListedProduct:
    id: int
    name: str
    slug: str
    status: str
    publish_at: datetime | None
    unpublish_at: datetime | None
    updated_at: datetime
    version: int
    category: ListedCategory | None
    brand: str | None
    shown_picture: ListedPicture | None
    variants: list[ListedVariant] = field(default_factory=list)
    shown_sku: str = ""
    shown_stock: int = 0
    shown_low: int = 0
    # The rows of the database that it was made of.
    facts: list[Any] = field(default_factory=list)

    def __str__(self) -> str:
        return self.name


def listed_products(keys: Sequence[int]) -> list[ListedProduct]:
    """The live products of these keys, in their order."""
    if not keys:
        return []
    wanted = {"keys": list(keys)}
    products = {row[0]: _product(row) for row in db.session.execute(_of_products(), wanted)}
    for row in db.session.execute(_of_variants(), wanted):
        variant = ListedVariant(*row)
        if variant.product_id in products:
            product = products[variant.product_id]
            product.variants.append(variant)
            product.facts.append(tuple(row))
    return in_order_of(keys, products.values())


# The statements are made once: to put one together takes as long as to run it.
@cache
def _of_products() -> Any:
    picture = (
        select(Picture.checksum)
        .where(Picture.product_id == Product.id, Picture.deleted_token == 0, Picture.checksum.is_not(None))
        .order_by(Picture.position, Picture.id)
        .limit(1)
        .correlate(Product)
        .scalar_subquery()
    )
    own = (Product.id, Product.name, Product.slug, Product.status, Product.publish_at, Product.unpublish_at)
    own += (Product.updated_at, Product.version)
    wanted = select(*own, Category.name, Category.full_name, Brand.name, picture)
    wanted = wanted.outerjoin(Product.category).outerjoin(Product.brand)
    return wanted.where(Product.id.in_(bindparam("keys", expanding=True)), Product.deleted_token == 0)


def _product(row: Any) -> ListedProduct:
    *own, category, full_name, brand, checksum = row
    category = ListedCategory(category, full_name) if category is not None else None
    return ListedProduct(*own, category, brand, ListedPicture(checksum) if checksum else None, facts=[tuple(row)])


@cache
def _of_variants() -> Any:
    own = (Variant.id, Variant.product_id, Variant.sku, Variant.price_minor, Variant.compare_at_price_minor)
    own += (Variant.tracks_stock, Variant.low_stock_threshold, Variant.version)
    wanted = select(*own, stock_of(Variant)).where(
        Variant.product_id.in_(bindparam("keys", expanding=True)), Variant.deleted_token == 0
    )
    return wanted.order_by(Variant.position, Variant.id)
