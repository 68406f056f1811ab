"""Small parts of the catalog's lists: a product's status and its price."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup, escape

from backoffice.catalog.models import Variant
from backoffice.catalog.pricing import is_reduced, lowest_prices_of_30_days
from backoffice.catalog.publishing import SHOWN_STATUSES, shown_status
from backoffice.inventory.levels import threshold_of
from backoffice.languages import gettext as _
from backoffice.records import utc_now
from backoffice.web import formats
from backoffice.web.parts import icon, some_low_badge, stock_badge

STATUS_ICONS = {
    "published": "check-circle-fill",
    "draft": "pencil",
    "scheduled": "calendar-event",
    "hidden": "eye-slash",
    "archived": "archive",
}


def status_badge(product: Any) -> Markup:
    return _badge_of(shown_status(product, utc_now()))


@formats.remembered
def _badge_of(status: str) -> Markup:
    return Markup('<span class="status-badge" data-status="{}">{}{}</span>').format(
        status, icon(STATUS_ICONS[status]), _(dict(SHOWN_STATUSES)[status])
    )


def category_name(category: Any) -> Markup:
    """The category's own name; where it lies in the tree stands behind it."""
    if category is None:
        return Markup("")
    return Markup(f'<span class="quiet-text" title="{escape(category.full_name)}">{escape(category.name)}</span>')


def note_lowest(variants: Iterable[Variant]) -> None:
    """Let price_of know what a reduced price is held against; asks only for those that are reduced."""
    variants = list(variants)
    lowest = lowest_prices_of_30_days([variant for variant in variants if is_reduced(variant)], utc_now())
    for variant in variants:
        variant.shown_lowest = lowest.get(variant.id)


def lowest_words(variant: Variant) -> str:
    """The lowest price before a reduction, which the law wants beside it; empty where there is nothing to tell."""
    return _lowest_in_words(getattr(variant, "shown_lowest", None))


def _lowest_in_words(lowest: int | None) -> str:
    return "" if lowest is None else _("lowest in 30 days %(amount)s", amount=formats.show_amount(lowest))


def price_of(variant: Variant) -> Markup:
    """A price; a reduced one stands after the old price and over the lowest one, where note_lowest told it."""
    before = variant.compare_at_price_minor if is_reduced(variant) else None
    return _price(variant.price_minor, before, getattr(variant, "shown_lowest", None), False)


@formats.remembered
def _price(price: int | None, before: int | None, lowest: int | None, has_others: bool) -> Markup:
    if price is None:
        return formats.dim(_("no price"))
    now = Markup('<span class="price-now">{}</span>').format(formats.show_amount(price))
    if before is not None:
        old = _worded(_("before %(price)s"), escape(formats.show_amount(before)), "visually-hidden")
        words = _lowest_in_words(lowest)
        below = Markup(' <span class="price-lowest">{}</span>').format(words) if words else ""
        now = Markup('<del class="price-was">{}</del>{}{}').format(old, now, below)
    return _worded(_("from %(price)s"), now, "price-was") if has_others else now


def _worded(words: str, price: Markup, style: str) -> Markup:
    """A price with the words around it; which of them stand before it is for each language to say."""
    parts = words.partition("%(price)s")
    before, after = (Markup('<span class="{}">{}</span>').format(style, part) if part else part for part in parts[::2])
    return Markup("{}{}{}").format(before, price, after)


def prices_of(variants: Iterable[Variant]) -> dict[int, Markup]:
    """What price_of shows of each variant, by its key."""
    variants = list(variants)
    note_lowest(variants)
    return {variant.id: price_of(variant) for variant in variants}


def cheapest(variants: Iterable[Variant]) -> Variant | None:
    """The variant whose price stands for its product's."""
    priced = [variant for variant in variants if variant.price_minor is not None]
    return min(priced, key=lambda variant: variant.price_minor or 0, default=None)


def price_range(variants: list[Variant]) -> Markup:
    """The one price of a product, or its lowest with a word that there are others."""
    shown = cheapest(variants)
    if shown is None:
        return formats.dim(_("no price"))
    has_others = len({variant.price_minor for variant in variants} - {None}) > 1
    before = shown.compare_at_price_minor if is_reduced(shown) else None
    return _price(shown.price_minor, before, getattr(shown, "shown_lowest", None), has_others)


def stock_of_product(product: Any) -> Markup:
    """The stock of all tracked variants together; where there are several, how many of them are low."""
    tracked = [variant for variant in product.variants if variant.tracks_stock]
    if len(tracked) > 1 and product.shown_low and product.shown_stock > 0:
        return some_low_badge(product.shown_low, len(tracked))
    of_shop = formats.settings().low_stock_threshold
    threshold = threshold_of(tracked[0], of_shop) if len(tracked) == 1 else 0
    return stock_badge(product.shown_stock, bool(tracked), threshold)
