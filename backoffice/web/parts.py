"""Small parts that lists of several slices show: a product with its picture, a link, a stock badge."""

from typing import Any

from markupsafe import Markup, escape

from backoffice.languages import gettext as _
from backoffice.web import formats
from backoffice.web.addresses import address_parts


def icon(name: str) -> Markup:
    return Markup('<span class="bi bi-{}" aria-hidden="true"></span>').format(name)


_NO_PICTURE = Markup('<span class="product-thumb product-thumb-empty">{}</span>').format(icon("image"))


def product_cell(name: str, below: str, picture: Any, url: str | None) -> Markup:
    """A name over a second fact, with a picture before it."""
    fact = f'<span class="product-sku">{escape(below)}</span>' if below else ""
    text = f'<div class="product-cell-text">{name_link(name, url)}{fact}</div>'
    return Markup(f'<div class="product-cell">{thumb(picture)}{text}</div>')


def thumb_url(picture: Any) -> str | None:
    if picture is None:
        return None
    return picture.checksum.join(address_parts("media_files.picture", "checksum", size="thumb"))


def thumb(picture: Any) -> Markup:
    address = thumb_url(picture)
    if address is None:
        return _NO_PICTURE
    return Markup(f'<img class="product-thumb" src="{escape(address)}" alt="" width="36" height="36" loading="lazy">')


def name_link(name: str, url: str | None) -> Markup:
    if url is None:
        return Markup(f'<span class="product-name">{escape(name)}</span>')
    return Markup(f'<a class="product-name" href="{escape(url)}">{escape(name)}</a>')


@formats.remembered
def stock_badge(on_hand: int | None, tracks_stock: bool, threshold: int) -> Markup:
    """How many there are of one thing; low where it is less than the threshold."""
    if not tracks_stock:
        return formats.dim(_("not tracked"))
    stock = on_hand or 0
    if stock <= 0:
        words = _("Sold out") if stock == 0 else _("%(number)s on backorder", number=formats.show_number(-stock))
        return _badge("none", "x-circle-fill", words)
    if stock < threshold:
        return _badge("low", "exclamation-triangle-fill", _("Low: %(number)s left", number=formats.show_number(stock)))
    return _badge("enough", "check2", _("%(number)s in stock", number=formats.show_number(stock)))


@formats.remembered
def some_low_badge(low: int, number: int) -> Markup:
    """Of a product with several variants: how many of them are low."""
    return _badge("low", "exclamation-triangle-fill", _("%(low)s of %(number)s low", low=low, number=number))


def _badge(level: str, sign: str, words: str) -> Markup:
    return Markup('<span class="stock-badge" data-level="{}">{}{}</span>').format(level, icon(sign), words)
