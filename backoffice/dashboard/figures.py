"""What the overview counts in sums: pieces on the shelf, what they cost, and what happened on each day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, distinct, func, union_all
from sqlalchemy.orm import aliased

from backoffice.catalog.models import Category, Product, Variant, product_category
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel


def stock_sums() -> tuple[int, int, int, int]:
    """Pieces in stock, their worth at cost and at shop prices in minor units, and at how many locations they are.

    What has no price counts 0.
    """
    pieces = case((StockLevel.on_hand > 0, StockLevel.on_hand), else_=0)
    sums = (
        db.select(
            func.coalesce(func.sum(pieces), 0),
            func.coalesce(func.sum(pieces * func.coalesce(Variant.cost_minor, 0)), 0),
            func.coalesce(func.sum(pieces * func.coalesce(Variant.price_minor, 0)), 0),
            func.count(distinct(case((StockLevel.on_hand > 0, StockLevel.location_id)))),
        )
        .select_from(StockLevel)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Location, Location.id == StockLevel.location_id)
        .where(Variant.deleted_token == 0, Location.deleted_token == 0)
    )
    row = db.session.execute(sums).one()
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])


def per_span(statement: Any, moment: Any, starts: Sequence[datetime]) -> list[int]:
    """How many rows of a statement lie between each start and the next, in one query.

    starts: one more than there are spans, in order.
    """
    spans = list(zip(starts, starts[1:]))
    counts = [func.sum(case((and_(moment >= start, moment < end), 1), else_=0)) for start, end in spans]
    within = statement.where(moment >= starts[0], moment < starts[-1])
    row = db.session.execute(within.with_only_columns(*counts, maintain_column_froms=True).order_by(None)).one()
    return [int(count or 0) for count in row]


def per_top_category(statement: Any) -> dict[int, int]:
    """How many products of a statement each top category holds, by its key, in one query; one without any is left out.

    A product counts once, wherever below it stands: in its first category, in a further one, or in several.
    """
    first = statement.with_only_columns(Product.id.label("product_id"), Product.category_id)
    further = statement.join(product_category, product_category.c.product_id == Product.id)
    further = further.with_only_columns(product_category.c.product_id, product_category.c.category_id)
    places, top = union_all(first, further).subquery(), aliased(Category)
    counted = (
        db.select(top.id, func.count(distinct(places.c.product_id)))
        .join(Category, Category.path.startswith(top.path))
        .join(places, places.c.category_id == Category.id)
        .where(top.parent_id.is_(None), top.deleted_token == 0, Category.deleted_token == 0)
        .group_by(top.id)
    )
    return {key: number for key, number in db.session.execute(counted)}
