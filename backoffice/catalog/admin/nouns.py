"""The screens of what products are ordered by: categories, brands, tags, tax classes; and two that only show."""

from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import joinedload

from backoffice.catalog.categories import check_parent, place
from backoffice.catalog.models import Brand, Category, PriceChange, Product, SlugRedirect, Tag, TaxClass, product_tag
from backoffice.catalog.slugs import check_slug, free_slug
from backoffice.extensions import db
from backoffice.search.finders import KeptFinder, OfVariantFinder
from backoffice.web.base import Screen
from backoffice.web.formats import show_percent
from backoffice.web.searching import Finder


def _check_address(record: Any) -> None:
    record.slug = check_slug(record.slug) if record.slug else free_slug(type(record), record.name)


def _count_products(records: list[Any], column: Any) -> None:
    """Tell each record how many live products name it, in one query."""
    keys = [record.id for record in records]
    counted = db.session.execute(
        db.select(column, func.count(Product.id)).where(column.in_(keys), Product.deleted_token == 0).group_by(column)
    )
    counts = {key: number for key, number in counted}
    for record in records:
        record.shown_products = counts.get(record.id, 0)


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
    column_formatters = {"products": lambda screen, record: str(record.shown_products)}

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
        _count_products(records, Product.category_id)

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
    column_formatters = {"products": lambda screen, record: str(record.shown_products)}

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
        _count_products(records, Product.brand_id)

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
    column_formatters = {"products": lambda screen, record: str(record.shown_products)}

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
        keys = [record.id for record in records]
        counted = db.session.execute(
            db.select(product_tag.c.tag_id, func.count(Product.id))
            .join(Product, Product.id == product_tag.c.product_id)
            .where(product_tag.c.tag_id.in_(keys), Product.deleted_token == 0)
            .group_by(product_tag.c.tag_id)
        )
        counts = {key: number for key, number in counted}
        for record in records:
            record.shown_products = counts.get(record.id, 0)

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
        _count_products(records, Product.tax_class_id)

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
    column_filters = ("new_price", "old_price", "at")

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
