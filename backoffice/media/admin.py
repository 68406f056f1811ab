"""The screen of pictures."""

from typing import Any

from sqlalchemy.orm import joinedload

from backoffice.media.models import Picture
from backoffice.search.finders import KeptFinder
from backoffice.web.base import Screen
from backoffice.web.parts import product_cell
from backoffice.web.searching import Finder


class PictureScreen(Screen):
    model = Picture
    title, noun, icon = "Pictures", "picture", "image"

    can_edit = True
    can_delete = True
    can_export = True
    can_view_details = True

    column_list = ("name", "alt_text", "position", "source_url", "updated_at")
    column_labels = {"name": "Product", "updated_at": "Updated"}
    column_sortable_list = ("updated_at",)
    column_default_sort = "-updated_at"
    column_editable_list = ("alt_text", "position")
    column_formatters = {
        "name": lambda screen, record: product_cell(
            record.product.name, "", record if record.checksum else None, screen.record_url(record)
        )
    }

    column_searchable_list = ("alt_text", "product.name")
    search_hint = "Product or alt text"
    palette_most = 0
    column_filters = ("product", "alt_text", "source_url", "updated_at")

    form_columns = ("alt_text", "position")
    column_descriptions = {"alt_text": "Say what it shows, for those who can’t see it."}
    column_details_list = (
        "product",
        "alt_text",
        "position",
        "width",
        "height",
        "size_bytes",
        "source_url",
        "updated_at",
    )

    action_rights = {"delete": "delete"}
    list_options = (joinedload(Picture.product),)

    def make_finder(self) -> Finder:
        return KeptFinder(Picture)

    def export_name(self, record: Any) -> str:
        return record.product.name
