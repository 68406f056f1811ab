"""Amounts of money: whole numbers of the currency's smallest unit, read and written as the shop's locale does."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from babel import Locale
from babel.numbers import (
    format_currency,
    get_currency_precision,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
)

from backoffice.errors import Refusal
from backoffice.languages import gettext as _

# Enough for any shop, and far from where a sum of many amounts would overflow 64 bits.
LARGEST_MINOR = 10**13
# Of the shop's roundings those that say how a price ends, not which multiple it is.
PRICE_ENDINGS = {"99", "95"}
# How much more or less than before: +10%, −2,5 %. The sign tells it from an amount.
BY_PER_CENT = re.compile(r"([+\-−])\s*(\d{1,5}(?:[.,]\d{1,4})?)\s*%", re.ASCII)


class Money(Protocol):
    """How amounts read: the shop's settings, or these in another reader's locale."""

    currency: str
    locale: str


_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009]")


def decimals_of(currency: str) -> int:
    return get_currency_precision(currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return the amount in the smallest unit; raises Refusal where it is none of that currency's amounts."""
    digits = decimals_of(currency)
    if not amount.is_finite():
        raise Refusal(_("Write an amount of money in figures."))
    if amount < 0:
        raise Refusal(_("An amount can’t be below 0. Enter 0 or more."))
    scaled = amount.scaleb(digits)
    if scaled != scaled.to_integral_value():
        raise Refusal(_too_many_decimals(currency, digits))
    if scaled > LARGEST_MINOR:
        raise Refusal(_("That is too large an amount. Check the number of digits."))
    return int(scaled)


def _too_many_decimals(currency: str, digits: int) -> str:
    if digits == 0:
        return _("%(currency)s has no decimals. Enter a whole number.", currency=currency)
    return _(
        "%(currency)s has %(number)s decimals at most. Round the amount yourself.", currency=currency, number=digits
    )


def parse_amount(text: str, settings: Money) -> int:
    """Read what a person typed, in the shop's locale, with or without its currency; return the smallest unit."""
    plain = _BLANKS.sub("", text)
    # The sign of a Japanese keyboard is wider than the one that most others type.
    signs = (symbol(settings), get_currency_symbol(settings.currency, "en"), settings.currency)
    for sign in signs:
        plain = plain.removeprefix(sign).removesuffix(sign)
    point = get_decimal_symbol(settings.locale)
    plain = plain.replace("−", "-").replace("’", "'")
    number = re.fullmatch(rf"(-?)({_whole_part(settings.locale)})(?:{re.escape(point)}(\d+))?", plain, re.ASCII)
    if not number:
        raise Refusal(_("Write the amount as %(example)s.", example=example_amount(settings)))
    sign, whole, fraction = number.groups()
    digits = re.sub(r"\D", "", whole)
    if len(digits) + len(fraction or "") > 30:
        raise Refusal(_("That is too large an amount. Check the number of digits."))
    return to_minor(Decimal(f"{sign}{digits}.{fraction or '0'}"), settings.currency)


def _whole_part(locale: str) -> str:
    mark = re.escape(_BLANKS.sub("", get_group_symbol(locale)).replace("’", "'"))
    # Hindi and others write 12,34,567: only the last group has three digits.
    size = Locale.parse(locale).decimal_formats[None].grouping[1]
    # “1.200” is a thousand in some locales and a slip of the key in others: marks must stand in their places.
    return rf"\d{{1,{size}}}(?:{mark}\d{{{size}}})*{mark}\d{{3}}|\d+" if mark else r"\d+"


def example_amount(settings: Money) -> str:
    return input_amount(
        1250 if decimals_of(settings.currency) == 2 else 1250 * 10 ** decimals_of(settings.currency), settings
    )


def input_amount(minor: int | None, settings: Money) -> str:
    """The amount as a person would type it: no currency, no grouping."""
    if minor is None:
        return ""
    digits = decimals_of(settings.currency)
    amount = f"{Decimal(minor).scaleb(-digits):.{digits}f}"
    return amount.replace(".", get_decimal_symbol(settings.locale))


def plain_amount(minor: int | None, currency: str) -> str:
    """The amount for files and programs: a point for decimals, nothing else."""
    digits = decimals_of(currency)
    return "" if minor is None else f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def format_amount(minor: int | None, settings: Money) -> str:
    """The amount as a person reads it, such as €1,234.50."""
    if minor is None:
        return ""
    amount = Decimal(minor).scaleb(-decimals_of(settings.currency))
    return format_currency(amount, settings.currency, locale=Locale.parse(settings.locale))


def symbol(settings: Money) -> str:
    return get_currency_symbol(settings.currency, settings.locale)


def rounded_price(amount: Decimal, rounding: str) -> int:
    """The price nearest to a worked-out amount that the shop's rounding allows; of two as near, the higher.

    amount: in minor units, 0 or more, with any fraction. rounding: one of PRICE_ROUNDINGS. What costs something does
    not become free: it gets the lowest price there is.
    """
    if rounding in PRICE_ENDINGS:
        step, ending = 100, int(rounding)
    else:
        step, ending = 1 if rounding == "none" else int(rounding), 0
    steps = ((amount - ending) / step).to_integral_value(ROUND_HALF_UP)
    price = int(steps) * step + ending
    lowest = ending or step
    return max(price, lowest) if amount > 0 else 0


def changed_amount(text: str, before: int, rounding: str) -> int:
    """The amount that is so many per cent more or less than before, as `+10%` or `-2.5 %` says, in minor units."""
    sign, number = BY_PER_CENT.fullmatch(text).groups()
    percent = Decimal(number.replace(",", "."))
    if sign != "+" and percent > 100:
        raise Refusal(_("Nothing can be more than 100 per cent cheaper. Enter −100% or less."))
    factor = 1 + (percent if sign == "+" else -percent) / 100
    amount = rounded_price(before * factor, rounding)
    if amount > LARGEST_MINOR:
        raise Refusal(_("That is too large an amount. Check the number of digits."))
    return amount
