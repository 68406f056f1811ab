"""The settings' screen: one record, edited like any other."""

from typing import Any

from flask import redirect, url_for
from flask_admin import expose

from backoffice.catalog.pricing import check_currency_is_free
from backoffice.errors import refuse_together
from backoffice.settings.models import ShopSettings
from backoffice.settings.shop import (
    LEAST_HISTORY_DAYS,
    LEAST_TRASH_DAYS,
    check_currency,
    check_kept_days,
    check_locale,
    check_threshold,
    check_time_zone,
    suggestions,
)
from backoffice.web import formats
from backoffice.web.base import Screen
from backoffice.web.editing import RecordEditor


class SettingsScreen(Screen):
    model = ShopSettings
    title, noun, icon = "Settings", "settings", "gear"
    endpoint_name = "settings"

    can_edit = True
    can_view_details = True

    shows_count, palette_most = False, 0

    column_list = ("shop_name", "currency", "locale", "time_zone")
    form_columns = (
        "shop_name",
        "currency",
        "locale",
        "time_zone",
        "low_stock_threshold",
        "price_rounding",
        "history_kept_days",
        "trash_kept_days",
    )
    column_descriptions = {
        "currency": "ISO 4217 code, such as EUR. It stays once prices are entered.",
        "locale": "How prices, numbers and dates are written, and the language of whoever chose none.",
        "time_zone": "Where the shop is, such as Europe/Berlin.",
        "low_stock_threshold": "A variant with less than this is low. Each variant may have a threshold of its own.",
        "price_rounding": "For prices that are worked out by per cent. Counted in the smallest coin.",
        "history_kept_days": "Empty for good. What is older goes with: manage.py history prune.",
        "trash_kept_days": "Empty for good. What is older goes with: manage.py history empty-trash.",
    }
    form_template = "settings/form.html"

    @expose("/")
    def index_view(self) -> Any:
        if self.may("edit"):
            return redirect(url_for("settings.edit_view", id=1))
        return redirect(url_for("settings.details_view", id=1))

    def form_context(self, editor: RecordEditor) -> dict[str, Any]:
        offered = suggestions(formats.settings().locale)
        for name in offered:
            editor.form[name].datalist = f"suggested-{name}"
        return {"suggestions": offered}

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        model.currency = (model.currency or "").upper()
        model.locale = (model.locale or "").replace("-", "_")
        refuse_together(
            lambda: check_currency(model.currency),
            lambda: check_locale(model.locale),
            lambda: check_time_zone(model.time_zone or ""),
            lambda: check_threshold(model.low_stock_threshold),
            lambda: check_kept_days("history_kept_days", model.history_kept_days, LEAST_HISTORY_DAYS),
            lambda: check_kept_days("trash_kept_days", model.trash_kept_days, LEAST_TRASH_DAYS),
            lambda: check_currency_is_free(model),
        )
