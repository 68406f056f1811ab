"""Whether shoppers see a product. Time is resolved when read: no job turns a page on or off."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from backoffice.catalog.models import Product, Variant
from backoffice.errors import Refusal
from backoffice.languages import gettext as _
from backoffice.languages import marked

SHOWN_STATUSES = (
    ("published", marked("Published")),
    ("draft", marked("Draft")),
    ("scheduled", marked("Scheduled")),
    ("hidden", marked("Hidden")),
    ("archived", marked("Archived")),
)


def shown_status(product: Product, at: datetime) -> str:
    """What the product's status comes to at a moment: published, scheduled, hidden, draft or archived."""
    if product.status != "active":
        return product.status
    if product.publish_at and at < product.publish_at:
        return "scheduled"
    if product.unpublish_at and at >= product.unpublish_at:
        return "hidden"
    return "published"


def is_shown_as(status: str, at: datetime) -> ColumnElement[bool]:
    """The same as a condition of a query."""
    active = Product.status == "active"
    started = or_(Product.publish_at.is_(None), Product.publish_at <= at)
    ended = and_(Product.unpublish_at.is_not(None), Product.unpublish_at <= at)
    conditions: dict[str, Any] = {
        "published": and_(active, started, ~ended),
        "scheduled": and_(active, ~started),
        "hidden": and_(active, started, ended),
        "active": active,
        "draft": Product.status == "draft",
        "archived": Product.status == "archived",
    }
    return conditions[status]


def set_status(product: Product, status: str) -> None:
    """Change the status; a product without a price is not put on sale."""
    if status == "active" and not any(variant.price_minor is not None for variant in product.variants):
        raise Refusal(_("Set a price before publishing."), "status")
    product.status = status


def check_keeps_price(product: Product, without: Variant | None = None) -> None:
    """Refuse to leave an active product without any price; `without` is a variant that is about to go."""
    left = [variant for variant in product.variants if variant is not without]
    if product.status == "active" and all(variant.price_minor is None for variant in left):
        raise Refusal(_("An active product needs a price. Make it a draft first."), "price")


def check_dates(product: Product) -> None:
    if product.publish_at and product.unpublish_at and product.unpublish_at <= product.publish_at:
        sentence = _("The product can only be taken down after it was published. Choose a later day.")
        raise Refusal(sentence, "unpublish_at")
