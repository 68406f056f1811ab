"""Small parts of the catalog's lists: a product's status and its price."""

from typing import Any

from markupsafe import Markup

from backoffice.catalog.models import Variant
from backoffice.catalog.pricing import is_reduced
from backoffice.catalog.publishing import SHOWN_STATUSES, shown_status
from backoffice.records import utc_now
from backoffice.settings.money import format_amount
from backoffice.web import formats
from backoffice.web.parts import icon

STATUS_ICONS = {
    "published": "check-circle-fill",
    "draft": "pencil",
    "scheduled": "calendar-event",
    "hidden": "eye-slash",
    "archived": "archive",
}


def status_badge(product: Any) -> Markup:
    status = shown_status(product, utc_now())
    return Markup('<span class="status-badge" data-status="{}">{}{}</span>').format(
        status, icon(STATUS_ICONS[status]), dict(SHOWN_STATUSES)[status]
    )


def category_name(category: Any) -> Markup:
    """The category's own name; where it lies in the tree stands behind it."""
    if category is None:
        return Markup("")
    return Markup('<span class="quiet-text" title="{}">{}</span>').format(category.full_name, category.name)


def price_of(variant: Variant) -> Markup:
    if variant.price_minor is None:
        return formats.dim("no price")
    was = Markup('<del class="price-was"><span class="visually-hidden">before </span>{}</del>').format(
        format_amount(variant.compare_at_price_minor, formats.settings())
    )
    now = Markup('<span class="price-now">{}</span>').format(format_amount(variant.price_minor, formats.settings()))
    return (was if is_reduced(variant) else Markup("")) + now


def price_range(variants: list[Variant]) -> Markup:
    """The one price of a product, or its lowest with a word that there are others."""
    priced = [variant for variant in variants if variant.price_minor is not None]
    if len({variant.price_minor for variant in priced}) <= 1:
        return price_of(priced[0]) if priced else formats.dim("no price")
    lowest = min(priced, key=lambda variant: variant.price_minor or 0)
    return Markup('<span class="price-was">from</span>') + price_of(lowest)
