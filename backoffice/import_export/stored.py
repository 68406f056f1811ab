"""What the catalog holds of a chunk of products, read in a fixed number of queries, however many they are.

Plain values rather than records: a preview of many thousand rows keeps nothing of the database alive.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from backoffice.catalog.models import (
    Option,
    OptionValue,
    Product,
    SlugRedirect,
    Tag,
    Variant,
    product_tag,
    variant_option_value,
)
from backoffice.extensions import db
from backoffice.inventory.models import StockLevel
from backoffice.media.models import Picture, picture_variant

# Databases bound the number of parameters of one statement.
KEYS_AT_ONCE = 5_000

PRODUCT_COLUMNS = (
    *("name", "description", "brand_id", "category_id", "status", "publish_at", "unpublish_at"),
    *("seo_title", "seo_description"),
)
VARIANT_COLUMNS = (
    *("sku", "barcode", "price_minor", "compare_at_price_minor", "cost_minor", "weight_grams"),
    *("tracks_stock", "allows_backorder"),
)


@dataclass
class StoredVariant:
    id: int
    version: int
    fields: dict[str, Any]
    position: int
    values: tuple[str, ...] = ()
    on_hand: int = 0


@dataclass
class StoredPicture:
    id: int
    version: int
    fields: dict[str, Any]
    variant_ids: set[int] = field(default_factory=set)


@dataclass
class StoredProduct:
    id: int
    version: int
    slug: str
    fields: dict[str, Any]
    tag_ids: set[int] = field(default_factory=set)
    option_names: tuple[str, ...] = ()
    variants: list[StoredVariant] = field(default_factory=list)
    pictures: dict[str, StoredPicture] = field(default_factory=dict)
    next_picture_position: int = 0


@dataclass(frozen=True)
class SkuHolder:
    """Who has a SKU now."""

    variant_id: int
    product_id: int
    product_name: str


@dataclass(frozen=True)
class Stored:
    by_slug: dict[str, StoredProduct]
    by_sku: dict[str, SkuHolder]


def read_stored(slugs: Collection[str], skus: Collection[str], location_id: int | None) -> Stored:
    """The live products at these addresses, at old ones that lead on too, and who has these SKUs."""
    by_slug = _read_products(Product.slug, slugs)
    leading_on = _read_redirects([slug for slug in slugs if slug not in by_slug])
    by_id = {product.id: product for product in by_slug.values()}
    missing = {key for key in leading_on.values() if key not in by_id}
    by_id |= {product.id: product for product in _read_products(Product.id, missing).values()}
    by_slug |= {slug: by_id[key] for slug, key in leading_on.items() if key in by_id}
    if by_id:
        _read_parts(by_id, location_id)
    return Stored(by_slug, _read_sku_holders(skus))


def _portions(keys: Collection[Any]) -> Iterator[Sequence[Any]]:
    ordered = list(keys)
    return (ordered[start : start + KEYS_AT_ONCE] for start in range(0, len(ordered), KEYS_AT_ONCE))


def _rows(statement: Any, column: Any, keys: Collection[Any]) -> Iterator[Row[Any]]:
    for portion in _portions(keys):
        yield from db.session.execute(statement.where(column.in_(portion)))


def _columns(model: Any, names: Sequence[str]) -> list[Any]:
    return [getattr(model, name) for name in names]


def _read_products(column: Any, keys: Collection[Any]) -> dict[str, StoredProduct]:
    statement = db.select(Product.id, Product.version, Product.slug, *_columns(Product, PRODUCT_COLUMNS))
    return {
        row.slug: StoredProduct(row.id, row.version, row.slug, {name: getattr(row, name) for name in PRODUCT_COLUMNS})
        for row in _rows(statement.where(Product.deleted_token == 0), column, keys)
    }


def _read_redirects(slugs: Collection[str]) -> dict[str, int]:
    """Staff who change an address still mean the same product when the supplier's file comes again."""
    statement = db.select(SlugRedirect.old_slug, SlugRedirect.product_id).where(SlugRedirect.kind == "product")
    return {row.old_slug: row.product_id for row in _rows(statement, SlugRedirect.old_slug, slugs)}


def _read_sku_holders(skus: Collection[str]) -> dict[str, SkuHolder]:
    statement = (
        db.select(Variant.id, Variant.sku, Variant.product_id, Product.name)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.deleted_token == 0)
    )
    return {row.sku: SkuHolder(row.id, row.product_id, row.name) for row in _rows(statement, Variant.sku, skus)}


def _read_parts(products: dict[int, StoredProduct], location_id: int | None) -> None:
    options = db.select(Option.product_id, Option.name).order_by(Option.position, Option.id)
    for row in _rows(options, Option.product_id, products):
        products[row.product_id].option_names += (row.name,)
    tags = db.select(product_tag.c.product_id, product_tag.c.tag_id).join(Tag, Tag.id == product_tag.c.tag_id)
    for row in _rows(tags.where(Tag.deleted_token == 0), product_tag.c.product_id, products):
        products[row.product_id].tag_ids.add(row.tag_id)
    _read_variants(products, location_id)
    _read_pictures(products)


def _read_variants(products: dict[int, StoredProduct], location_id: int | None) -> None:
    statement = db.select(
        *(Variant.id, Variant.product_id, Variant.version, Variant.position, Variant.option_key),
        *_columns(Variant, VARIANT_COLUMNS),
    ).where(Variant.deleted_token == 0)
    variants: dict[int, StoredVariant] = {}
    keys: dict[int, str] = {}
    for row in _rows(statement.order_by(Variant.position, Variant.id), Variant.product_id, products):
        fields = {name: getattr(row, name) for name in VARIANT_COLUMNS}
        variants[row.id] = StoredVariant(row.id, row.version, fields, row.position)
        keys[row.id] = row.option_key
        products[row.product_id].variants.append(variants[row.id])
    names = _read_value_names(products)
    for key, variant in variants.items():
        variant.values = tuple(names[key][int(one)] for one in keys[key].split("-") if one and int(one) in names[key])
    levels = db.select(StockLevel.variant_id, StockLevel.on_hand).where(StockLevel.location_id == location_id)
    for row in _rows(levels, StockLevel.variant_id, variants):
        variants[row.variant_id].on_hand = row.on_hand


def _read_value_names(products: Collection[int]) -> dict[int, dict[int, str]]:
    """The names of option values by variant and by the value's key."""
    links = variant_option_value.c
    statement = (
        db.select(links.variant_id, OptionValue.id, OptionValue.name)
        .join(OptionValue, OptionValue.id == links.option_value_id)
        .join(Option, Option.id == OptionValue.option_id)
    )
    names: dict[int, dict[int, str]] = defaultdict(dict)
    for row in _rows(statement, Option.product_id, products):
        names[row.variant_id][row.id] = row.name
    return names


def _read_pictures(products: dict[int, StoredProduct]) -> None:
    statement = (
        db.select(*_columns(Picture, ("id", "product_id", "version", "source_url", "alt_text", "position")))
        .where(Picture.deleted_token == 0)
        .order_by(Picture.position, Picture.id)
    )
    pictures: dict[int, StoredPicture] = {}
    for row in _rows(statement, Picture.product_id, products):
        product = products[row.product_id]
        product.next_picture_position = max(product.next_picture_position, row.position + 1)
        if row.source_url:
            fields = {"alt_text": row.alt_text, "position": row.position}
            pictures[row.id] = product.pictures.setdefault(row.source_url, StoredPicture(row.id, row.version, fields))
    links = db.select(picture_variant.c.picture_id, picture_variant.c.variant_id)
    for row in _rows(links, picture_variant.c.picture_id, pictures):
        pictures[row.picture_id].variant_ids.add(row.variant_id)
