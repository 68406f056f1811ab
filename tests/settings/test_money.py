"""Amounts: read and written as the shop does, exact to the smallest unit, and never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.errors import Refusal
from backoffice.settings.models import ShopSettings
from backoffice.settings.money import (
    LARGEST_MINOR,
    example_amount,
    format_amount,
    input_amount,
    parse_amount,
    plain_amount,
    to_minor,
)

CURRENCIES = ("EUR", "JPY", "KWD", "USD", "CHF", "INR")
LOCALES = ("en", "de", "fr", "de_CH", "hi", "pt_BR", "sv", "de_AT", "en_IN", "pl", "es")

amounts = st.integers(0, LARGEST_MINOR)
shops = st.builds(
    lambda currency, locale: ShopSettings(shop_name="Shop", currency=currency, locale=locale, time_zone="UTC"),
    st.sampled_from(CURRENCIES),
    st.sampled_from(LOCALES),
)


def shop(currency: str = "EUR", locale: str = "en") -> ShopSettings:
    return ShopSettings(shop_name="Shop", currency=currency, locale=locale, time_zone="UTC")


def refusal(text: str, settings: ShopSettings) -> str:
    with pytest.raises(Refusal) as refused:
        parse_amount(text, settings)
    return refused.value.message


@given(amounts, shops)
def test_what_stands_in_a_field_is_read_back_as_it_is(minor: int, settings: ShopSettings) -> None:
    assert parse_amount(input_amount(minor, settings), settings) == minor


@given(amounts, shops)
def test_what_stands_on_a_page_can_be_copied_into_a_field(minor: int, settings: ShopSettings) -> None:
    assert parse_amount(format_amount(minor, settings), settings) == minor


@given(amounts, st.sampled_from(CURRENCIES))
def test_what_stands_in_a_file_is_read_back_as_it_is(minor: int, currency: str) -> None:
    assert to_minor(Decimal(plain_amount(minor, currency)), currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency", "locale", "minor"),
    [
        ("12.50", "EUR", "en", 1250),
        ("12.5", "EUR", "en", 1250),
        ("12", "EUR", "en", 1200),
        ("0", "EUR", "en", 0),
        ("0.01", "EUR", "en", 1),
        ("012.50", "EUR", "en", 1250),
        (" 12.50 ", "EUR", "en", 1250),
        ("€12.50", "EUR", "en", 1250),
        ("12.50 EUR", "EUR", "en", 1250),
        ("EUR 12.50", "EUR", "en", 1250),
        ("12.500", "EUR", "en", 1250),
        ("1,234.50", "EUR", "en", 123450),
        ("1,234,567.89", "EUR", "en", 123456789),
        ("12,50", "EUR", "de", 1250),
        ("1.200", "EUR", "de", 120000),
        ("1.234,50 €", "EUR", "de", 123450),
        ("1 234,50", "EUR", "fr", 123450),
        ("1\u202f234,50\u00a0€", "EUR", "fr", 123450),
        ("1’234.50", "CHF", "de_CH", 123450),
        ("1'234.50", "CHF", "de_CH", 123450),
        ("12,34,567.89", "INR", "hi", 123456789),
        ("1500", "JPY", "en", 1500),
        ("¥1,500", "JPY", "en", 1500),
        ("1500.00", "JPY", "en", 1500),
        ("1.234", "KWD", "en", 1234),
        ("0.005", "KWD", "en", 5),
    ],
)
def test_an_amount_is_read_as_the_shop_writes_it(typed: str, currency: str, locale: str, minor: int) -> None:
    assert parse_amount(typed, shop(currency, locale)) == minor


@pytest.mark.parametrize(
    ("typed", "locale"),
    [
        ("", "en"),
        ("abc", "en"),
        ("12.50.00", "en"),
        ("12,50", "en"),
        ("1,2345.00", "en"),
        ("12,34,567.89", "en"),
        ("12.50", "de"),
        ("1.20", "de"),
        ("1,234.50", "de"),
        ("NaN", "en"),
        ("Infinity", "en"),
        ("1e5", "en"),
        ("0x10", "en"),
        (".50", "en"),
        ("12.", "en"),
        ("$12.50", "en"),
        ("١٢", "en"),
        ("12 EUR 50", "en"),
        ("--5", "en"),
    ],
)
def test_anything_else_is_refused_with_an_example_in_the_shops_own_way(typed: str, locale: str) -> None:
    example = {"en": "12.50", "de": "12,50"}[locale]

    assert refusal(typed, shop(locale=locale)) == f"Write the amount as {example}."


@pytest.mark.parametrize("typed", ["-1", "−1", "-0.01", "€-5", "- 5"])
def test_less_than_nothing_is_refused(typed: str) -> None:
    assert refusal(typed, shop()) == "An amount can’t be below 0. Enter 0 or more."


@pytest.mark.parametrize(
    ("typed", "currency", "sentence"),
    [
        ("12.505", "EUR", "EUR has 2 decimals at most. Round the amount yourself."),
        ("0.001", "EUR", "EUR has 2 decimals at most. Round the amount yourself."),
        ("12.5", "JPY", "JPY has no decimals. Enter a whole number."),
        ("1.2345", "KWD", "KWD has 3 decimals at most. Round the amount yourself."),
    ],
)
def test_more_decimals_than_the_currency_has_are_never_rounded(typed: str, currency: str, sentence: str) -> None:
    assert refusal(typed, shop(currency)) == sentence


@pytest.mark.parametrize("typed", ["100000000000.01", "9" * 20, "9" * 500, "0." + "0" * 40])
def test_an_amount_that_no_shop_asks_for_is_refused(typed: str) -> None:
    assert refusal(typed, shop()) == "That is too large an amount. Check the number of digits."


def test_the_largest_amount_is_taken() -> None:
    assert parse_amount("100,000,000,000.00", shop()) == LARGEST_MINOR


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_never_passes(amount: str) -> None:
    with pytest.raises(Refusal, match="Write an amount of money in figures."):
        to_minor(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("currency", "locale", "example"),
    [("EUR", "en", "12.50"), ("EUR", "de", "12,50"), ("JPY", "en", "1250"), ("KWD", "en", "1250.000")],
)
def test_the_example_is_a_right_amount(currency: str, locale: str, example: str) -> None:
    settings = shop(currency, locale)

    assert example_amount(settings) == example
    assert format_amount(parse_amount(example, settings), settings)


def test_no_amount_is_written_as_nothing() -> None:
    assert input_amount(None, shop()) == format_amount(None, shop()) == plain_amount(None, "EUR") == ""


@pytest.mark.parametrize(
    ("currency", "locale", "shown"),
    [
        ("EUR", "en", "€1,234.50"),
        ("EUR", "de", "1.234,50\u00a0€"),
        ("JPY", "en", "¥123,450"),
        ("KWD", "en", "KWD123.450"),
    ],
)
def test_an_amount_is_shown_as_the_locale_writes_it(currency: str, locale: str, shown: str) -> None:
    assert format_amount(123450, shop(currency, locale)) == shown
