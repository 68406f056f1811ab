"""The variants' screen: every price and SKU of the shop in one list."""

from typing import Any

from backoffice.catalog.admin import parts
from backoffice.catalog.barcodes import barcode_warning
from backoffice.catalog.models import Variant
from backoffice.catalog.publishing import check_keeps_price
from backoffice.inventory.levels import LEVELS, threshold_of, variant_is
from backoffice.inventory.stock import total_stock
from backoffice.media.storage import first_pictures
from backoffice.search.finders import KeptFinder
from backoffice.settings.shop import check_threshold, shop_settings
from backoffice.web import formats
from backoffice.web.base import Screen
from backoffice.web.editing import RecordEditor
from backoffice.web.filters import Filter, choice_filter, filter_by
from backoffice.web.parts import product_cell, stock_badge
from backoffice.web.searching import Finder


class VariantScreen(Screen):
    model = Variant
    title, noun, icon = "Variants", "variant", "grid-3x2-gap"

    can_edit = True
    can_delete = True
    can_export = True
    can_view_details = True

    column_list = ("name", "sku", "barcode", "price", "compare_at_price", "stock", "weight_grams", "updated_at")
    column_hidden = ("compare_at_price", "weight_grams")
    column_labels = {"name": "Variant", "stock": "Stock", "level": "Stock level", "updated_at": "Updated"}
    column_sortable_list = ("sku", "price", "updated_at")
    column_default_sort = "-updated_at"
    column_editable_list = ("sku", "barcode", "price", "compare_at_price")
    column_formatters = {
        "name": lambda screen, record: product_cell(
            record.product.name, record.title, record.shown_picture, screen.record_url(record)
        ),
        "price": lambda screen, record: parts.price_of(record),
        "stock": lambda screen, record: stock_badge(
            record.shown_stock,
            record.tracks_stock,
            threshold_of(record, formats.settings().low_stock_threshold),
        ),
    }

    column_searchable_list = ("sku", "barcode", "product.name")
    search_hint = "Name, SKU or barcode"
    palette_most = 0
    column_filters = (
        "price",
        "level",
        "sku",
        "barcode",
        "cost",
        "compare_at_price",
        "weight_grams",
        "tracks_stock",
        "product",
        "updated_at",
    )

    form_columns = (
        "sku",
        "barcode",
        "price",
        "compare_at_price",
        "cost",
        "weight_grams",
        "tracks_stock",
        "low_stock_threshold",
        "allows_backorder",
        "position",
    )
    column_descriptions = {
        "compare_at_price": "The old price, struck through in the shop.",
        "cost": "What it costs you. Shoppers never see it.",
        "barcode": "As printed on the label.",
        "low_stock_threshold": "Empty for the shop’s own, which stands in the settings.",
        "allows_backorder": "It can be bought while there is none left.",
    }
    column_details_list = ("product", *form_columns, "created_at", "updated_at")

    action_rights = {"delete": "delete"}

    def make_finder(self) -> Finder:
        return KeptFinder(Variant)

    def make_filters(self) -> list[Filter]:
        return [level_filter() if name == "level" else filter_by(Variant, name) for name in self.column_filters]

    def prepare_rows(self, records: list[Any]) -> None:
        pictures = first_pictures(list({record.product_id for record in records}))
        stock = total_stock([record.id for record in records])
        parts.note_lowest(records)
        for record in records:
            record.shown_picture = pictures.get(record.product_id)
            record.shown_stock = stock.get(record.id, 0)

    def get_detail_value(self, context: Any, record: Variant, name: str) -> Any:
        return (
            parts.prices_of([record])[record.id] if name == "price" else super().get_detail_value(context, record, name)
        )

    def form_context(self, editor: RecordEditor) -> dict[str, Any]:
        parts.note_lowest([editor.record])
        words = parts.lowest_words(editor.record)
        if words:
            editor.form["price"].hint = f"{words[0].upper()}{words[1:]}"
        return {}

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        check_threshold(model.low_stock_threshold)
        check_keeps_price(model.product)

    def warnings_for(self, record: Any) -> list[str]:
        warning = barcode_warning(record.barcode)
        return [warning] if warning else []

    def export_name(self, record: Variant) -> str:
        return str(record)

    def export_stock(self, record: Variant) -> str:
        return str(record.shown_stock)


def level_filter() -> Filter:
    return choice_filter("level", LEVELS, lambda level: variant_is(level, shop_settings().low_stock_threshold))
