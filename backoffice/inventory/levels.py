"""How full the shelf is: sold out, low or enough, by each variant's own threshold or the shop's.

A variant is sold out at 0 and below, and low below its threshold. A product is sold out when all its tracked
variants together are, and low when any of them is low.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.orm import aliased

from backoffice.catalog.models import Product, Variant
from backoffice.inventory.models import StockLevel
from backoffice.languages import marked

LEVELS = (
    ("none", marked("Sold out")),
    ("low", marked("Low")),
    ("enough", marked("Enough")),
    ("untracked", marked("Not tracked")),
)


def threshold_of(variant: Variant, of_shop: int) -> int:
    return of_shop if variant.low_stock_threshold is None else variant.low_stock_threshold


def stock_of(variant: Any) -> ColumnElement[int]:
    """The stock of a variant at all locations together, in a query; 0 without a level."""
    total = select(func.coalesce(func.sum(StockLevel.on_hand), 0)).where(StockLevel.variant_id == variant.id)
    return total.correlate(variant).scalar_subquery()


def variant_is(level: str, of_shop: int) -> ColumnElement[bool]:
    """Whether a variant is at a level, as a condition of a query."""
    stock, threshold = stock_of(Variant), func.coalesce(Variant.low_stock_threshold, of_shop)
    tracked = Variant.tracks_stock.is_(True)
    conditions: dict[str, ColumnElement[bool]] = {
        "none": and_(tracked, stock <= 0),
        "low": and_(tracked, stock > 0, stock < threshold),
        "enough": and_(tracked, stock > 0, stock >= threshold),
        "untracked": not_(tracked),
    }
    return conditions[level]


def product_is(level: str, of_shop: int) -> ColumnElement[bool]:
    """Whether a product is at a level, as a condition of a query."""
    part = aliased(Variant)
    own = and_(part.product_id == Product.id, part.deleted_token == 0, part.tracks_stock.is_(True))
    tracked = select(part.id).where(own).correlate(Product)
    total = select(func.coalesce(func.sum(StockLevel.on_hand), 0)).where(StockLevel.variant_id.in_(tracked))
    stock = total.correlate(Product).scalar_subquery()
    is_low = tracked.where(stock_of(part) < func.coalesce(part.low_stock_threshold, of_shop)).exists()
    conditions: dict[str, ColumnElement[bool]] = {
        "none": and_(tracked.exists(), stock <= 0),
        "low": and_(tracked.exists(), stock > 0, is_low),
        "enough": and_(tracked.exists(), stock > 0, not_(is_low)),
        "untracked": not_(tracked.exists()),
    }
    return conditions[level]
