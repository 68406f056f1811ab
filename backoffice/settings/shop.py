"""Reading and checking the shop's settings."""

import zoneinfo
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from babel import Locale, localedata
from babel.numbers import list_currencies

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.settings.models import ShopSettings

LEAST_HISTORY_DAYS = 30
LEAST_TRASH_DAYS = 1


@dataclass(frozen=True)
class Shop:
    """The shop's settings as one reader sees them: `locale` is the reader's."""

    shop_name: str
    currency: str
    locale: str
    time_zone: str
    low_stock_threshold: int


@cache
def _stored() -> Any:
    columns = [getattr(ShopSettings, field.name) for field in fields(Shop)]
    return db.select(*columns).where(ShopSettings.id == 1)


def stored_shop() -> Shop:
    """The settings as they are stored, whatever somebody is just changing them to."""
    with db.session.no_autoflush:
        row = db.session.execute(_stored()).one_or_none()
    return Shop(*row) if row is not None else Shop("My shop", "EUR", "en", "UTC", 5)


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
    return found or ShopSettings(
        shop_name="My shop",
        currency="EUR",
        locale="en",
        time_zone="UTC",
        low_stock_threshold=5,
        price_rounding="none",
    )


def check_threshold(threshold: int | None) -> None:
    if threshold is not None and threshold < 0:
        raise Refusal(_("A threshold can’t be below 0. Enter 0 where stock is never low."), "low_stock_threshold")


def check_kept_days(name: str, days: int | None, least: int) -> None:
    """name: the field that says for how long something is kept; empty keeps it for good."""
    if days is not None and days < least:
        raise Refusal(
            _("Keep it for %(number)s days at least, or leave the field empty to keep it for good.", number=least), name
        )


def check_currency(code: str) -> str:
    if code not in list_currencies():
        raise Refusal(_("There is no such currency. Write its ISO 4217 code, such as EUR or JPY."), "currency")
    return code


def check_locale(name: str) -> str:
    code = name.replace("-", "_")
    if code not in _locales():
        raise Refusal(_("There is no such locale. Write it like en, de or pt_BR."), "locale")
    return code


def check_time_zone(name: str) -> str:
    if name not in _time_zones():
        raise Refusal(_("There is no such time zone. Write it like Europe/Berlin."), "time_zone")
    return name


@cache
def _locales() -> set[str]:
    """Those that are of some language; computers' own, such as root and POSIX, are nobody's."""
    return {code for code in localedata.locale_identifiers() if "POSIX" not in code and code != "root"}


@cache
def _time_zones() -> set[str]:
    """Those of places, and UTC; others mean what the machine is set to, or count leap seconds."""
    all_of_them = zoneinfo.available_timezones()
    return {name for name in all_of_them if "/" in name and not name.startswith(("right/", "posix/"))} | {"UTC"}


def suggestions(locale: str) -> dict[str, list[tuple[str, str]]]:
    """What may be typed into currency, locale and time zone, each with its name in a reader's locale."""
    reader = Locale.parse(locale)
    currencies = sorted((code, reader.currencies.get(code, "")) for code in list_currencies(reader))
    locales = sorted((code, Locale.parse(code).get_display_name(reader) or "") for code in _locales())
    return {
        "currency": [(code, name) for code, name in currencies if name],
        "locale": [(code, name) for code, name in locales if name],
        "time_zone": [(name, "") for name in sorted(_time_zones())],
    }
