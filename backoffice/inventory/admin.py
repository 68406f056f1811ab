"""The screens of stock: levels, which change only by booking a movement; the ledger; the locations."""

from typing import Any

from flask import request, url_for
from flask_admin import expose
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice.catalog.models import Variant
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.inventory.levels import threshold_of
from backoffice.inventory.models import MOVEMENT_KINDS, Location, StockLevel, StockMovement
from backoffice.inventory.stock import check_direction, count, move, parse_entry
from backoffice.languages import gettext as _
from backoffice.languages import said
from backoffice.media.storage import first_pictures
from backoffice.search.finders import KeptFinder, OfVariantFinder
from backoffice.web import formats, presence
from backoffice.web.base import Screen
from backoffice.web.editing import bound_form
from backoffice.web.fields import make_form
from backoffice.web.notes import conclude, say_why
from backoffice.web.parts import product_cell, stock_badge
from backoffice.web.searching import Finder
from backoffice.wording import figure

# A count is typed as =40; the others are written by the system itself.
STAFF_KINDS = tuple(pair for pair in MOVEMENT_KINDS if pair[0] not in ("count", "transfer", "import", "undo"))
PlaceForm = make_form(StockLevel, ("variant", "location"))


def signed(delta: int) -> str:
    """A change with its sign, as in `+1,204` or `−2`."""
    return f"{'+' if delta >= 0 else '−'}{figure(abs(delta))}"


class StockLevelScreen(Screen):
    model = StockLevel
    title, noun, icon = "Levels", "stock level", "bar-chart"

    can_create = True
    can_edit = True
    can_export = True
    can_view_details = True

    column_list = ("variant", "location", "on_hand", "reserved", "updated_at")
    column_labels = {"on_hand": "Stock", "updated_at": "Updated"}
    column_sortable_list = ("on_hand", "updated_at")
    column_default_sort = "-updated_at"
    column_formatters = {
        "variant": lambda screen, record: product_cell(
            str(record.variant), record.variant.sku or "", record.shown_picture, screen.record_url(record)
        ),
        "on_hand": lambda screen, record: stock_badge(
            record.on_hand,
            record.variant.tracks_stock,
            threshold_of(record.variant, formats.settings().low_stock_threshold),
        ),
    }

    column_searchable_list = ("variant.sku", "variant.barcode", "variant.product.name")
    search_hint = "Name, SKU or barcode"
    shows_count, palette_most = False, 0
    column_filters = ("location", "on_hand", "reserved", "variant", "updated_at")

    form_columns = ("variant", "location")
    column_details_list = ("variant", "location", "on_hand", "reserved", "updated_at")

    def make_finder(self) -> Finder:
        return OfVariantFinder(StockLevel)

    def live(self) -> Any:
        levels = db.select(StockLevel).join(StockLevel.variant).join(StockLevel.location)
        return levels.where(Variant.deleted_token == 0, Location.deleted_token == 0)

    def prepare_rows(self, records: list[Any]) -> None:
        pictures = first_pictures(list({record.variant.product_id for record in records}))
        for record in records:
            record.shown_picture = pictures.get(record.variant.product_id)

    def export_on_hand(self, record: StockLevel) -> str:
        return str(record.on_hand)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        form = bound_form(PlaceForm, None, request.form)
        for field in form:
            field.lookup_url = self.lookup_url(field.attribute)
        problem = ""
        if request.method == "POST" and form.validate():
            variant = db.session.get(Variant, form["variant"].data)
            location = db.session.get(Location, form["location"].data)
            try:
                return self._book(variant, location, url_for("stock_level.index_view"))
            except Refusal as refusal:
                db.session.rollback()
                problem = refusal.message
        return self._movement_page(None, form, problem), 422 if problem or form.errors else 200

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        level = self.require_one(request.args.get("id"))
        problem = ""
        if request.method == "POST":
            try:
                return self._book(level.variant, level.location, url_for("stock_level.edit_view", id=level.id))
            except Refusal as refusal:
                db.session.rollback()
                problem = refusal.message
        return self._movement_page(level, None, problem), 422 if problem else 200

    def _book(self, variant: Variant, location: Location, to: str) -> Any:
        """Book what was typed, and lead on to the page at `to`."""
        say_why("form", said("Stock of %(variant)s", variant=variant))
        what, number = parse_entry(request.form.get("entry", ""))
        kind = request.form.get("kind", "correction")
        if what == "change" and kind not in dict(STAFF_KINDS):
            raise Refusal(_("Choose what kind of movement it is."))
        reason = request.form.get("reason")
        if what == "count":
            movement = count(variant, location, number, current_user, reason)
        else:
            check_direction(kind, number)
            movement = move(variant, location, number, kind, current_user, reason)
        after = movement.balance_after if movement else number
        done = _(
            "%(variant)s: %(number)s at %(location)s now.",
            variant=variant,
            number=figure(after),
            location=location.name,
        )
        return conclude(done, to, undoable=movement is not None)

    def _movement_page(self, level: StockLevel | None, form: Any, problem: str) -> str:
        movements = []
        if level is not None:
            movements = db.session.scalars(
                db.select(StockMovement)
                .where(StockMovement.variant_id == level.variant_id, StockMovement.location_id == level.location_id)
                .order_by(StockMovement.id.desc())
                .limit(20)
            ).all()
        return self.render(
            "inventory/stock_form.html",
            screen=self,
            record=level,
            open_page=presence.open_page(level),
            form=form,
            problem=problem,
            kinds=STAFF_KINDS,
            movements=movements,
            kind_words=dict(MOVEMENT_KINDS),
            signed=signed,
            figure=figure,
            typed=request.form,
            blank_editor=self.editor_class(self, None, request.form),
        )


class StockMovementScreen(Screen):
    model = StockMovement
    title, noun, icon = "Movements", "movement", "arrow-left-right"

    can_export = True
    can_view_details = True

    column_list = ("variant_label", "delta", "balance_after", "kind", "location", "actor_name", "at")
    column_labels = {"at": "When"}
    column_sortable_list = ("at",)
    column_default_sort = "-at"
    column_formatters = {"delta": lambda screen, record: signed(record.delta)}

    column_searchable_list = ("variant_label", "reason")
    search_hint = "Product, SKU or reason"
    shows_count, palette_most = False, 0
    column_filters = ("kind", "location", "delta", "actor_name", "at")

    column_details_list = (*column_list, "reason")
    list_options = (joinedload(StockMovement.location),)

    def make_finder(self) -> Finder:
        return KeptFinder(StockMovement)


class LocationScreen(Screen):
    model = Location
    title, noun, icon = "Locations", "location", "geo-alt"

    can_create = True
    can_edit = True
    can_delete = True
    can_export = True
    can_view_details = True

    column_list = ("name", "code", "updated_at")
    column_labels = {"updated_at": "Updated"}
    column_sortable_list = ("name", "code", "updated_at")
    column_default_sort = "name"
    column_editable_list = ("name",)

    column_searchable_list = ("name", "code")
    stays_small = True
    search_hint = "Name or code"
    column_filters = ("name", "updated_at")

    form_columns = ("name", "code")
    column_descriptions = {"code": "A short word of your own, such as harbour."}

    action_rights = {"delete": "delete"}
