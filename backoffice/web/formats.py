"""How values read: prices, numbers and times in the shop's locale and time zone."""

import zoneinfo
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import wraps
from typing import Any

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal, get_decimal_symbol
from flask import g
from markupsafe import Markup, escape

from backoffice.languages import get_locale, get_translations
from backoffice.languages import gettext as _
from backoffice.records import utc_now
from backoffice.settings.money import format_amount
from backoffice.settings.shop import Shop
from backoffice.web.attributes import Attribute
from backoffice.web.reading import shop_at_hand
from backoffice.wording import counted

MOST_REMEMBERED = 20_000


def settings() -> Shop:
    """The shop's settings in the locale of who reads the page, read once a request."""
    here = g._get_current_object()
    if "shop_settings" not in here:
        here.shop_settings = replace(shop_at_hand(), locale=str(get_locale()))
    return here.shop_settings


class Memory:
    """What was made for a key, for a number of keys; when there are more, it begins anew."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Any, Any] = {}

    def of(self, key: Any, make: Callable[..., Any], *values: Any) -> Any:
        """What was made for the key, or what `make` makes of the values now."""
        found = self._kept.get(key, self)
        if found is self:
            found = make(*values)
            if len(self._kept) >= self._most:
                self._kept.clear()
            self._kept[key] = found
        return found

    def forget(self) -> None:
        self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)


def remembered(show: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what a function shows of its arguments, for those who read alike: a catalog says the same prices again and again.

    The function depends on its arguments, the reader's settings and the texts of their language alone.
    """
    memory = Memory(MOST_REMEMBERED)

    @wraps(show)
    def shown(*values: Any) -> Any:
        return memory.of((reader(), *values), show, *values)

    return shown


def reader() -> Any:
    """Who reads, as one key: told once a request, and anew where a part of the page is in another language."""
    translations, here = get_translations(), g._get_current_object()
    noted = here.get("reader")
    if noted is None or noted[0] is not translations:
        here.reader = noted = (translations, _readers.setdefault((settings(), translations), object()))
    return noted[1]


_readers: dict[Any, object] = {}


def time_zone() -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(settings().time_zone)


def show(attribute: Attribute, value: Any) -> str:
    """A value in words, without markup; empty where there is none."""
    if value is None or value == "":
        return ""
    return _SHOWN.get(attribute.kind, _show_plain)(attribute, value)


def show_as_text(attribute: Attribute, value: Any) -> str:
    """A value in words; of HTML, only what it says."""
    return Markup(value).striptags() if attribute.kind == "html" and value else show(attribute, value)


def _show_plain(_attribute: Attribute, value: Any) -> str:
    return str(value)


@remembered
def show_number(number: int) -> str:
    return format_decimal(number, locale=settings().locale)


def _show_number(attribute: Attribute, value: int) -> str:
    number = show_number(value)
    return f"{number} {_(attribute.unit)}" if attribute.unit else number


def _show_choice(attribute: Attribute, value: str) -> str:
    return _(dict(attribute.choices).get(value, value))


def _show_references(_attribute: Attribute, value: Any) -> str:
    return ", ".join(str(linked) for linked in value)


_SHOWN = {
    "money": lambda attribute, value: show_amount(value),
    "number": _show_number,
    "percent": lambda attribute, value: show_percent(value),
    "boolean": lambda attribute, value: _("Yes") if value else _("No"),
    "choice": _show_choice,
    "moment": lambda attribute, value: show_moment(value),
    "references": _show_references,
}


@remembered
def show_amount(minor: int) -> str:
    return format_amount(minor, settings())


show_counted = remembered(counted)


def show_percent(basis_points: int) -> str:
    return f"{format_decimal(Decimal(basis_points) / 100, locale=settings().locale)} %"


def input_percent(basis_points: int) -> str:
    """The percent as a person would type it, in the reader's locale."""
    plain = f"{(Decimal(basis_points) / 100).normalize():f}"
    return plain.replace(".", get_decimal_symbol(settings().locale))


def show_day(day: date) -> str:
    return format_date(day, "medium", locale=settings().locale)


@remembered
def show_moment(moment: datetime) -> str:
    return format_datetime(moment.astimezone(time_zone()), "medium", locale=settings().locale)


def show_clock(moment: datetime) -> str:
    """The time of day; with the day before it where that is not today."""
    local, today = moment.astimezone(time_zone()), utc_now().astimezone(time_zone()).date()
    clock = format_time(local.time(), "short", locale=settings().locale)
    return (
        clock if local.date() == today else f"{format_date(local.date(), 'd MMM', locale=settings().locale)}, {clock}"
    )


def show_age(moment: datetime) -> Markup:
    """How long ago, with the full time for those who need it."""
    return _age(moment, *age_of(moment))


def age_of(moment: datetime) -> tuple[str, Any]:
    """What the words for a moment's age depend on, the moment itself aside."""
    now = utc_now()
    seconds = int((now - moment).total_seconds())
    if seconds < 0:
        return "ahead", None
    if seconds < 3600:
        return "minutes", seconds // 60
    # The hours tell nothing of what is older, and would have it told anew each hour.
    return "since", (now.astimezone(time_zone()).date(), seconds // 3600 if seconds < 90_000 else 0)


@remembered
def _age(moment: datetime, kind: str, age: Any) -> Markup:
    written = moment.astimezone(UTC).isoformat(timespec="seconds")
    words = _AGES[kind](moment, age)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(written, show_moment(moment), words)


def _minutes(_moment: datetime, minutes: int) -> str:
    return _("%(number)s min ago", number=minutes) if minutes else _("just now")


def _since(moment: datetime, age: tuple[date, int]) -> str:
    today, hours = age
    local = moment.astimezone(time_zone()).date()
    if local >= today:
        return _("%(number)s h ago", number=hours)
    if (today - local).days == 1:
        return _("yesterday")
    return format_date(local, "d MMM" if local.year == today.year else "d MMM y", locale=settings().locale)


_AGES: dict[str, Callable[[datetime, Any], str]] = {
    "ahead": lambda moment, _age: show_moment(moment),
    "minutes": _minutes,
    "since": _since,
}


def show_count(count: int, exact_up_to: int) -> str:
    if count > exact_up_to:
        return _("more than %(number)s", number=show_number(exact_up_to))
    return show_number(count)


def dim(text: str) -> Markup:
    return Markup('<span class="quiet-text">{}</span>').format(text)


def mark_up(text: Any) -> Markup:
    return escape(text)
