"""Reading and checking the shop's settings."""

import zoneinfo

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.settings.models import ShopSettings


def ensure_settings(**values: str) -> bool:
    """Write the one row where it is missing; return whether it was."""
    if db.session.get(ShopSettings, 1) is not None:
        return False
    db.session.add(ShopSettings(id=1, **values))
    db.session.flush()
    return True


def shop_settings() -> ShopSettings:
    """The shop's settings; a fresh database, still without its row, has the defaults."""
    found = db.session.get(ShopSettings, 1)
    return found or ShopSettings(shop_name="My shop", currency="EUR", locale="en", time_zone="UTC")


def check_currency(code: str) -> str:
    if code not in list_currencies():
        raise Refusal("There is no such currency. Write its ISO 4217 code, such as EUR or JPY.", "currency")
    return code


def check_locale(name: str) -> str:
    try:
        Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        raise Refusal("There is no such locale. Write it like en, de or pt_BR.", "locale") from None
    return name.replace("-", "_")


def check_time_zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal("There is no such time zone. Write it like Europe/Berlin.", "time_zone") from None
    return name
