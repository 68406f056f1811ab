"""The settings' screen: one record, edited like any other."""

from typing import Any

from flask import redirect, url_for
from flask_admin import expose

from backoffice.catalog.pricing import check_currency_is_free
from backoffice.settings.models import ShopSettings
from backoffice.settings.shop import check_currency, check_locale, check_time_zone
from backoffice.web.base import Screen


class SettingsScreen(Screen):
    model = ShopSettings
    title, noun, icon = "Settings", "settings", "gear"
    endpoint_name = "settings"

    can_edit = True
    can_view_details = True

    column_list = ("shop_name", "currency", "locale", "time_zone")
    shows_count, palette_most = False, 0
    form_columns = ("shop_name", "currency", "locale", "time_zone")
    column_descriptions = {
        "currency": "ISO 4217 code, such as EUR. It stays once prices are entered.",
        "locale": "How prices, numbers and dates are written, such as en, de or pt_BR.",
        "time_zone": "Where the shop is, such as Europe/Berlin.",
    }

    @expose("/")
    def index_view(self) -> Any:
        if self.may("edit"):
            return redirect(url_for("settings.edit_view", id=1))
        return redirect(url_for("settings.details_view", id=1))

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        model.currency = check_currency((model.currency or "").upper())
        model.locale = check_locale(model.locale or "")
        model.time_zone = check_time_zone(model.time_zone or "")
        check_currency_is_free(model)
