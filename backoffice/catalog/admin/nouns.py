"""The screens of what products are ordered by: categories, brands, tags, tax classes; and two that only show."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import joinedload

from backoffice.catalog.categories import check_parent, place
from backoffice.catalog.models import Brand, Category, PriceChange, Product, SlugRedirect, Tag, TaxClass, product_tag
from backoffice.catalog.slugs import check_slug, free_slug
from backoffice.extensions import db
from backoffice.search.finders import KeptFinder, OfVariantFinder
from backoffice.web import formats, listing
from backoffice.web.base import Screen
from backoffice.web.formats import show_percent
from backoffice.web.searching import Finder

# A list of names tells how many products each has up to here; beyond, the products' own list counts them.
MOST_COUNTED = 1000


def _check_address(record: Any) -> None:
    record.slug = check_slug(record.slug) if record.slug else free_slug(type(record), record.name)


def _count_products(
    records: list[Any], products_of: Callable[[int], Any], besides: Mapping[int, int] | None = None
) -> None:
    """How many products each has, counted no further than a row can tell.

    products_of: their statement, by a key. besides: how many that finds which do not count.
    """
    if not records:
        return
    besides = besides or {}
    most = MOST_COUNTED + max(besides.values(), default=0)
    numbers = listing.count_each_up_to([products_of(record.id) for record in records], most)
    for record, number in zip(records, numbers):
        record.shown_products = number - besides.get(record.id, 0)


def _products_shown(_screen: Any, record: Any) -> str:
    number = record.shown_products
    return f"{formats.show_number(MOST_COUNTED)}+" if number > MOST_COUNTED else formats.show_number(number)


ADDRESS_HINT = "The last part of the page’s address. Made from the name when left empty."


class CategoryScreen(Screen):
    model = Category
    title, noun, icon = "Categories", "category", "diagram-3"

    can_create = True
    can_edit = True
    can_delete = True
    can_export = True
    can_view_details = True

    column_list = ("full_name", "products", "slug", "position", "updated_at")
    column_labels = {"full_name": "Category", "updated_at": "Updated"}
    column_sortable_list = ("full_name", "updated_at")
    column_default_sort = "full_name"
    column_editable_list = ("position",)
    column_formatters = {"products": _products_shown}

    column_searchable_list = ("full_name", "slug")
    search_hint = "Name or address"
    column_filters = ("parent", "slug", "updated_at")

    form_columns = ("name", "parent", "slug", "position", "description")
    form_optional = ("slug",)
    column_descriptions = {
        "slug": ADDRESS_HINT,
        "parent": "Empty for a category at the top.",
        "position": "Smaller numbers come first.",
    }

    action_rights = {"delete": "delete"}

    def make_finder(self) -> Finder:
        return KeptFinder(Category)

    def prepare_rows(self, records: list[Any]) -> None:
        live = db.select(Product.id).where(Product.deleted_token == 0)
        _count_products(records, lambda key: live.where(Product.category_id == key))

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        _check_address(model)
        check_parent(model, model.parent)
        model.parent_key = model.parent.id if model.parent else 0

    def after_flush(self, record: Any, is_created: bool) -> None:
        place(record)


class BrandScreen(Screen):
    model = Brand
    title, noun, icon = "Brands", "brand", "bookmark"

    can_create = True
    can_edit = True
    can_delete = True
    can_export = True
    can_view_details = True

    column_list = ("name", "products", "slug", "updated_at")
    column_labels = {"updated_at": "Updated"}
    column_sortable_list = ("name", "updated_at")
    column_default_sort = "name"
    column_editable_list = ("name",)
    column_formatters = {"products": _products_shown}

    column_searchable_list = ("name", "slug")
    search_hint = "Name or address"
    column_filters = ("name", "description", "updated_at")

    form_columns = ("name", "slug", "description")
    form_optional = ("slug",)
    column_descriptions = {"slug": ADDRESS_HINT}

    action_rights = {"delete": "delete"}

    def make_finder(self) -> Finder:
        return KeptFinder(Brand)

    def prepare_rows(self, records: list[Any]) -> None:
        live = db.select(Product.id).where(Product.deleted_token == 0)
        _count_products(records, lambda key: live.where(Product.brand_id == key))

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        _check_address(model)


class TagScreen(Screen):
    model = Tag
    title, noun, icon = "Tags", "tag", "tags"

    can_create = True
    can_edit = True
    can_delete = True
    can_export = True
    can_view_details = True

    column_list = ("name", "products", "slug", "updated_at")
    column_labels = {"updated_at": "Updated"}
    column_sortable_list = ("name", "updated_at")
    column_default_sort = "name"
    column_editable_list = ("name",)
    column_formatters = {"products": _products_shown}

    column_searchable_list = ("name", "slug")
    search_hint = "Name or address"
    column_filters = ("name", "updated_at")

    form_columns = ("name", "slug")
    form_optional = ("slug",)
    column_descriptions = {"slug": ADDRESS_HINT}

    action_rights = {"delete": "delete"}

    def make_finder(self) -> Finder:
        return KeptFinder(Tag)

    def prepare_rows(self, records: list[Any]) -> None:
        # Few products lie in the trash, and an index leads to them: quicker than to look at each that has the tag.
        trashed = (
            db.select(product_tag.c.tag_id, func.count())
            .join(Product, Product.id == product_tag.c.product_id)
            .where(Product.deleted_token > 0, product_tag.c.tag_id.in_([record.id for record in records]))
            .group_by(product_tag.c.tag_id)
        )
        in_trash = {key: number for key, number in db.session.execute(trashed)}
        linked = db.select(product_tag.c.product_id)
        _count_products(records, lambda key: linked.where(product_tag.c.tag_id == key), in_trash)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        _check_address(model)


class TaxClassScreen(Screen):
    model = TaxClass
    title, noun, icon = "Tax classes", "tax class", "percent"

    can_create = True
    can_edit = True
    can_delete = True
    can_export = True
    can_view_details = True

    column_list = ("name", "rate", "products", "slug", "updated_at")
    column_labels = {"updated_at": "Updated"}
    column_sortable_list = ("name", "rate")
    column_default_sort = "name"
    column_editable_list = ("name",)
    column_formatters = {
        "rate": lambda screen, record: show_percent(record.rate_basis_points),
        "products": lambda screen, record: str(record.shown_products),
    }

    column_searchable_list = ("name", "slug")
    stays_small = True
    search_hint = "Name"
    column_filters = ("rate", "updated_at")

    form_columns = ("name", "rate", "slug")
    form_optional = ("slug",)
    column_descriptions = {"slug": ADDRESS_HINT, "rate": "In percent, such as 19 or 5.5."}

    action_rights = {"delete": "delete"}

    def prepare_rows(self, records: list[Any]) -> None:
        live = db.select(Product.id).where(Product.deleted_token == 0)
        _count_products(records, lambda key: live.where(Product.tax_class_id == key))

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        _check_address(model)


class PriceChangeScreen(Screen):
    model = PriceChange
    title, noun, icon = "Price changes", "price change", "graph-up"

    can_export = True
    can_view_details = True

    column_list = ("variant", "old_price", "new_price", "currency", "at")
    column_labels = {"at": "When", "old_price": "Before", "new_price": "After"}
    column_sortable_list = ("at",)
    column_default_sort = "-at"

    column_searchable_list = ("variant.sku", "variant.product.name")
    search_hint = "Product or SKU"
    shows_count, palette_most = False, 0
    column_filters = ("at",)

    column_details_list = ("variant", "old_price", "new_price", "currency", "at")
    list_options = (joinedload(PriceChange.variant),)

    def make_finder(self) -> Finder:
        return OfVariantFinder(PriceChange)


class SlugRedirectScreen(Screen):
    model = SlugRedirect
    title, noun, icon = "Redirects", "redirect", "signpost"

    can_export = True
    can_view_details = True

    column_list = ("old_slug", "kind", "product", "category", "created_at")
    column_labels = {"created_at": "Since", "product": "Leads to product", "category": "Leads to category"}
    column_sortable_list = ("old_slug", "created_at")
    column_default_sort = "-created_at"

    column_searchable_list = ("old_slug",)
    search_hint = "Old address"
    shows_count, palette_most = False, 0
    column_filters = ("kind", "created_at")

    column_details_list = ("old_slug", "kind", "product", "category", "created_at")
    list_options = (joinedload(SlugRedirect.product), joinedload(SlugRedirect.category))

    def make_finder(self) -> Finder:
        return KeptFinder(SlugRedirect)
