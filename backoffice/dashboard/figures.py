"""What the overview counts."""

from datetime import datetime

from sqlalchemy import func, select

from backoffice.catalog.models import Product, Variant
from backoffice.catalog.publishing import SHOWN_STATUSES, is_shown_as
from backoffice.extensions import db
from backoffice.inventory.models import StockLevel


def count_by_status(at: datetime) -> dict[str, int]:
    """Live products by the status that shows at a moment."""
    live = db.select(func.count(Product.id)).where(Product.deleted_token == 0)
    return {status: db.session.scalar(live.where(is_shown_as(status, at))) or 0 for status, _ in SHOWN_STATUSES}


def count_sold_out() -> int:
    """Live products whose tracked variants have no stock left anywhere; the same products as `?stock__to=0` lists."""
    tracked = select(Variant.id).where(
        Variant.product_id == Product.id, Variant.deleted_token == 0, Variant.tracks_stock.is_(True)
    )
    total = (
        select(func.coalesce(func.sum(StockLevel.on_hand), 0))
        .where(StockLevel.variant_id.in_(tracked.correlate(Product)))
        .correlate(Product)
        .scalar_subquery()
    )
    return (
        db.session.scalar(
            db.select(func.count(Product.id)).where(
                Product.deleted_token == 0, tracked.correlate(Product).exists(), total <= 0
            )
        )
        or 0
    )


def count_without(column: str) -> int:
    """Live products that lack something: a category, brand, description or tax class."""
    return (
        db.session.scalar(
            db.select(func.count(Product.id)).where(Product.deleted_token == 0, getattr(Product, column).is_(None))
        )
        or 0
    )
