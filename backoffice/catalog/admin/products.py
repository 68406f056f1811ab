"""The products' screen."""

from collections.abc import Sequence
from typing import Any

from flask import g
from sqlalchemy import exists, func, not_, select
from sqlalchemy.orm import selectinload

from backoffice.catalog.admin import parts
from backoffice.catalog.admin.listed import listed_products
from backoffice.catalog.admin.product_editor import ProductEditor
from backoffice.catalog.barcodes import barcode_warning
from backoffice.catalog.categories import is_within
from backoffice.catalog.models import Category, Product, Variant, product_category
from backoffice.catalog.publishing import (
    SHOWN_STATUSES,
    check_dates,
    check_keeps_price,
    is_shown_as,
    set_status,
    shown_status,
)
from backoffice.catalog.slugs import check_slug, free_slug
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.inventory.levels import LEVELS, product_is, threshold_of
from backoffice.inventory.models import StockLevel
from backoffice.languages import gettext as _
from backoffice.media.models import Picture
from backoffice.records import utc_now
from backoffice.search.finders import ProductFinder
from backoffice.settings.money import format_amount, plain_amount
from backoffice.settings.shop import shop_settings
from backoffice.web import access, formats, palette
from backoffice.web.attributes import Attribute, attributes_of
from backoffice.web.base import Screen
from backoffice.web.filters import Filter, choice_filter, filter_by, presence_filter, yes_filter
from backoffice.web.parts import product_cell, thumb_url
from backoffice.web.searching import Finder

MOST_REMEMBERED_VARIANTS = 20
# How many products a condition may name one by one.
MOST_NAMED = 2000


class ProductScreen(Screen):
    model = Product
    title, noun, icon = "Products", "product", "box-seam"

    can_create = True
    can_edit = True
    can_delete = True
    can_export = True
    can_view_details = True

    column_list = ("name", "status", "category", "price", "stock", "brand", "slug", "updated_at")
    column_hidden = ("brand", "slug")
    column_labels = {
        "name": "Product",
        "price": "Price",
        "stock": "Stock",
        "level": "Stock level",
        "ready": "Ready to publish",
        "updated_at": "Updated",
    }
    column_sortable_list = ("name", "status", "updated_at")
    column_default_sort = "-updated_at"
    column_editable_list = ("name", "price", "status")
    column_formatters = {
        "name": lambda screen, record: product_cell(
            record.name, record.shown_sku, record.shown_picture, screen.record_url(record)
        ),
        "status": lambda screen, record: parts.status_badge(record),
        "category": lambda screen, record: parts.category_name(record.category),
        "price": lambda screen, record: parts.price_range(record.variants),
        "stock": lambda screen, record: parts.stock_of_product(record),
    }

    column_searchable_list = ("name", "slug", "variants.sku", "variants.barcode")
    search_hint = "Name, SKU or barcode"
    palette_most = 6
    column_filters = (
        "category",
        "status",
        "level",
        "brand",
        "price",
        "stock",
        "tags",
        "picture",
        "description",
        "ready",
        "on_sale",
        "publish_at",
        "unpublish_at",
        "tax_class",
        "name",
        "updated_at",
    )

    form_columns = (
        "name",
        "slug",
        "description",
        "status",
        "publish_at",
        "unpublish_at",
        "category",
        "categories",
        "brand",
        "tags",
        "tax_class",
        "seo_title",
        "seo_description",
    )
    form_optional = ("slug",)
    column_descriptions = {
        "slug": "The last part of the page’s address. Made from the name when left empty.",
        "description": "What shoppers read. Plain text, or HTML with paragraphs, lists and links.",
        "publish_at": "Empty means at once.",
        "unpublish_at": "Empty means never.",
    }
    column_details_list = (*form_columns, "created_at", "updated_at")

    action_rights = {"publish": "edit", "draft": "edit", "archive": "edit", "delete": "delete"}
    action_labels = {"publish": "Publish", "draft": "Make a draft", "archive": "Archive", "delete": "Delete"}
    action_phrases = {"draft": "Make drafts of {}"}
    action_loads = {"publish": (selectinload(Product.variants).lazyload("*"),)}

    form_template = "catalog/product_form.html"
    details_template = "catalog/product_details.html"
    editor_class = ProductEditor

    def make_finder(self) -> Finder:
        return ProductFinder()

    def make_filters(self) -> list[Filter]:
        own = {
            "status": status_filter,
            "category": category_filter,
            "price": price_filter,
            "stock": stock_filter,
            "level": lambda: choice_filter("level", LEVELS, _is_at_level),
            "picture": lambda: presence_filter("picture", has_picture),
            "ready": lambda: yes_filter("ready", is_ready),
            "on_sale": lambda: yes_filter("on_sale", is_on_sale),
        }
        return [own[name]() if name in own else filter_by(Product, name) for name in self.column_filters]

    def load_rows(self, keys: Sequence[int], names: Sequence[str] = ()) -> list[Any]:
        rows = listed_products(keys)
        parts.note_lowest(shown for row in rows if (shown := parts.cheapest(row.variants)))
        of_shop = formats.settings().low_stock_threshold
        for row in rows:
            tracked = [variant for variant in row.variants if variant.tracks_stock]
            row.shown_stock = sum(variant.stock for variant in tracked)
            row.shown_low = sum(variant.stock < threshold_of(variant, of_shop) for variant in tracked)
            only = row.variants[0].sku if len(row.variants) == 1 else None
            row.shown_sku = only or formats.show_counted(len(row.variants), "variant")
        return rows

    def row_facts(self, record: Any) -> Any:
        if len(record.variants) > MOST_REMEMBERED_VARIANTS:
            # All of them would be a part of what its row is kept under.
            return None
        shown = parts.cheapest(record.variants)
        lowest = shown.shown_lowest if shown else None
        return (*record.facts, lowest, shown_status(record, utc_now()), formats.age_of(record.updated_at))

    def palette_option(self, record: Product) -> palette.Option:
        shown = parts.cheapest(record.variants)
        price = format_amount(shown.price_minor, formats.settings()) if shown else ""
        fact = " · ".join(text for text in (record.shown_sku, price) if text)
        return palette.Option(record.name, self.record_url(record), fact, self.icon, thumb_url(record.shown_picture))

    def is_before(self, moment: Any) -> bool:
        """Whether a moment lies ahead."""
        return moment is not None and moment > utc_now()

    def cell_right(self, name: str) -> access.Right:
        return (self.area, "price") if name == "price" else super().cell_right(name)

    def stands_for_one(self, name: str, record: Any) -> bool:
        # A product with several variants has several prices; these are edited on its page or in the variants' list.
        return name != "price" or len(record.variants) == 1

    def cell_attribute(self, name: str) -> Attribute:
        return attributes_of(Variant)[name] if name == "price" else super().cell_attribute(name)

    def cell_target(self, name: str, record: Any) -> tuple[Any, str, Any]:
        return (Variant, "price", record.variants[0]) if name == "price" else (Product, name, record)

    def apply_cell(self, form: Any, record: Any, changes: dict[str, Any]) -> None:
        if "status" in changes:
            set_status(record, changes["status"])
        else:
            super().apply_cell(form, record, changes)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        if isinstance(model, Product):
            model.slug = check_slug(model.slug) if model.slug else free_slug(Product, model.name)
            check_dates(model)
        else:
            check_keeps_price(model.product)

    def warnings_for(self, record: Any) -> list[str]:
        return [warning for variant in record.variants if (warning := barcode_warning(variant.barcode))]

    def form_context(self, editor: ProductEditor) -> dict[str, Any]:
        return {"page": editor.page_facts()}

    def details_context(self, record: Product) -> dict[str, Any]:
        return {"prices": parts.prices_of(record.variants)}

    def do_publish(self, record: Product) -> None:
        try:
            set_status(record, "active")
        except Refusal as refusal:
            raise Refusal(_("“%(name)s”: %(problem)s", name=record.name, problem=refusal.message)) from None

    def do_draft(self, record: Product) -> None:
        set_status(record, "draft")

    def do_archive(self, record: Product) -> None:
        set_status(record, "archived")

    def export_price(self, record: Product) -> str:
        prices = sorted({variant.price_minor for variant in record.variants if variant.price_minor is not None})
        return " - ".join(
            plain_amount(price, formats.settings().currency) for price in prices[:: max(len(prices) - 1, 1)]
        )

    def export_stock(self, record: Product) -> str:
        return str(record.shown_stock)


def has_price() -> Any:
    return Product.variants.any(Variant.price_minor.is_not(None))


def has_picture() -> Any:
    pictures = select(Picture.id).where(Picture.product_id == Product.id, Picture.deleted_token == 0)
    return pictures.correlate(Product).exists()


def is_ready() -> Any:
    """A draft that may go on sale: with a price, a picture, a category and a description."""
    described = Product.description.is_not(None) & (Product.description != "")
    return (Product.status == "draft") & Product.category_id.is_not(None) & described & has_price() & has_picture()


def is_on_sale() -> Any:
    return Product.variants.any(Variant.compare_at_price_minor > Variant.price_minor)


def _is_at_level(level: str) -> Any:
    return product_is(level, shop_settings().low_stock_threshold)


def status_filter() -> Filter:
    def condition(operator: str, values: list[Any]) -> Any:
        shown = is_shown_as(values[0], utc_now())
        for value in values[1:]:
            shown = shown | is_shown_as(value, utc_now())
        return not_(shown) if operator == "not" else shown

    def read(text: str) -> str:
        if text not in {*dict(SHOWN_STATUSES), "active"}:
            raise Refusal(_("Choose one of the list."))
        return text

    return Filter(
        name="status",
        kind="choice",
        condition=condition,
        read=read,
        show=lambda value: _(dict(SHOWN_STATUSES).get(value, "Active")),
        fixed_choices=SHOWN_STATUSES,
        is_nullable=False,
    )


def category_filter() -> Filter:
    """A category means all below it too, and the further categories of a product as well as its first."""

    def condition(operator: str, values: list[Any]) -> Any:
        if operator == "empty":
            return Product.category_id.is_(None) if values[0] else Product.category_id.is_not(None)
        keys = _keys_within(values)
        # Without its first part, no category would make the whole neither true nor false.
        inside = Product.category_id.is_not(None) & Product.category_id.in_(keys) | _is_further_in(keys)
        return not_(inside) if operator == "not" else inside

    return filter_by(Product, "category").replaced(
        condition=condition, surely=lambda values: Product.category_id.in_(_keys_within(values))
    )


def _keys_within(keys: Sequence[int]) -> list[int]:
    """The keys of these categories and of all below them, read once a request."""
    read = g.setdefault("keys_within_categories", {})
    if tuple(keys) not in read:
        within = select(Category.id).where(Category.deleted_token == 0, is_within(keys))
        read[tuple(keys)] = list(db.session.scalars(within))
    return read[tuple(keys)]


def _is_further_in(keys: list[int]) -> Any:
    """Whether a product is in one of these categories as a further one.

    A few are named by their keys, so that an index of the products leads to them and to those whose first category
    it is; of many, some are soon met wherever one looks.
    """
    linked = select(product_category.c.product_id).where(product_category.c.category_id.in_(keys))
    read = g.setdefault("further_in_categories", {})
    if tuple(keys) not in read:
        read[tuple(keys)] = list(db.session.scalars(linked.distinct().limit(MOST_NAMED + 1))) if keys else []
    found = read[tuple(keys)]
    if len(found) <= MOST_NAMED:
        return Product.id.in_(found)
    return linked.where(product_category.c.product_id == Product.id).correlate(Product).exists()


def price_filter() -> Filter:
    """The price of any variant; one that costs from 3 to 5, not one from 3 and another to 5."""
    of_variant = filter_by(Variant, "price")

    def condition(operator: str, values: list[Any]) -> Any:
        if operator == "not":
            return not_(Product.variants.any(of_variant.condition("", values)))
        if operator == "empty":
            # Without a price is a product of which no variant has one.
            return not_(has_price()) if values[0] else has_price()
        return Product.variants.any(of_variant.condition(operator, values))

    def between(lowest: int, highest: int) -> Any:
        return Product.variants.any(Variant.price_minor.between(lowest, highest))

    return of_variant.replaced(condition=condition, between=between)


def stock_filter() -> Filter:
    """The stock of all tracked variants together."""
    total = (
        select(func.coalesce(func.sum(StockLevel.on_hand), 0))
        .join(Variant, Variant.id == StockLevel.variant_id)
        .where(Variant.product_id == Product.id, Variant.deleted_token == 0, Variant.tracks_stock.is_(True))
        .correlate(Product)
        .scalar_subquery()
    )
    of_level = filter_by(StockLevel, "on_hand")

    def condition(operator: str, values: list[Any]) -> Any:
        tracked = exists().where(
            Variant.product_id == Product.id, Variant.deleted_token == 0, Variant.tracks_stock.is_(True)
        )
        compared = {"": total.in_, "not": total.not_in}.get(operator)
        if compared is not None:
            return tracked & compared(values)
        return tracked & (total >= values[0] if operator == "from" else total <= values[0])

    return of_level.replaced(name="stock", condition=condition)
