"""What else the deletion of a record of the catalog touches, for the page that says so before."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func

from backoffice.audit import trash
from backoffice.audit.trash import Touched
from backoffice.catalog.models import (
    Brand,
    Category,
    Product,
    SlugRedirect,
    Tag,
    TaxClass,
    Variant,
    product_category,
    product_tag,
)
from backoffice.extensions import db
from backoffice.languages import marked
from backoffice.wording import first_few, marked_noun

MOST_NAMES = 3


def _some(statement: Any, by: Any) -> tuple[int, list[str]]:
    """How many there are, and the first few by name."""
    count = db.session.scalar(db.select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    return count, list(db.session.scalars(statement.order_by(by).limit(MOST_NAMES)))


def _variants_of(keys: Sequence[int]) -> Touched:
    lives = db.select(Variant.sku).where(Variant.product_id.in_(keys), Variant.deleted_token == 0)
    number, _ = _some(lives, Variant.id)
    _, skus = _some(lives.where(Variant.sku.is_not(None)), Variant.id)
    listed = {"product": list(keys)}
    names = first_few(skus, number)
    return Touched(number, "variant", marked("in the trash too"), "catalog", names, entity="variant", filters=listed)


def _addresses_of(model: Any, key_column: Any, keys: Sequence[int]) -> Touched:
    own = list(db.session.scalars(db.select(model.slug).where(model.id.in_(keys)).order_by(model.id).limit(MOST_NAMES)))
    number, old = _some(db.select(SlugRedirect.old_slug).where(key_column.in_(keys)), SlugRedirect.id)
    number += len(keys)
    return Touched(
        number,
        marked_noun("shop address"),
        marked("leading nowhere"),
        "catalog",
        first_few([*own, *old][:MOST_NAMES], number),
    )


def _products(condition: Any, effect: str, filters: dict[str, Any]) -> Touched:
    number, names = _some(db.select(Product.name).where(Product.deleted_token == 0, condition), Product.name)
    return Touched(number, "product", effect, "catalog", first_few(names, number), entity="product", filters=filters)


def _touched_by_products(keys: Sequence[int]) -> list[Touched]:
    return [_variants_of(keys), _addresses_of(Product, SlugRedirect.product_id, keys)]


def _touched_by_categories(keys: Sequence[int]) -> list[Touched]:
    further = db.select(product_category.c.product_id).where(product_category.c.category_id.in_(keys))
    lives = db.select(Category.name).where(Category.parent_id.in_(keys), Category.deleted_token == 0)
    number, names = _some(lives, Category.name)
    below = Touched(
        number,
        "category",
        marked("below it"),
        "catalog",
        first_few(names, number),
        entity="category",
        filters={"parent": list(keys)},
    )
    return [
        _products(
            Product.category_id.in_(keys) | Product.id.in_(further), marked("using it"), {"category": list(keys)}
        ),
        below,
        _addresses_of(Category, SlugRedirect.category_id, keys),
    ]


def _touched_by_brands(keys: Sequence[int]) -> list[Touched]:
    return [_products(Product.brand_id.in_(keys), marked("using it"), {"brand": list(keys)})]


def _touched_by_tax_classes(keys: Sequence[int]) -> list[Touched]:
    return [_products(Product.tax_class_id.in_(keys), marked("using it"), {"tax_class": list(keys)})]


def _touched_by_tags(keys: Sequence[int]) -> list[Touched]:
    tagged = db.select(product_tag.c.product_id).where(product_tag.c.tag_id.in_(keys))
    return [_products(Product.id.in_(tagged), marked("without this tag"), {"tags": list(keys)})]


trash.register(Product, touches=_touched_by_products)
trash.register(Category, touches=_touched_by_categories)
trash.register(Brand, touches=_touched_by_brands)
trash.register(TaxClass, touches=_touched_by_tax_classes)
trash.register(Tag, touches=_touched_by_tags)
