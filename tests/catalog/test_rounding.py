"""Prices that are worked out end as the shop wants them to."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.settings.models import PRICE_ROUNDINGS
from backoffice.settings.money import PRICE_ENDINGS, rounded_price

amounts = st.decimals(min_value=0, max_value=10**12, places=4, allow_nan=False)
roundings = st.sampled_from([value for value, _words in PRICE_ROUNDINGS])


def is_allowed(price: int, rounding: str) -> bool:
    if rounding in PRICE_ENDINGS:
        return price % 100 == int(rounding)
    return rounding == "none" or price % int(rounding) == 0


@pytest.mark.parametrize(
    ("amount", "rounding", "price"),
    [
        ("1234.5", "none", 1235),
        ("1234.4999", "none", 1234),
        ("1232", "5", 1230),
        ("1232.5", "5", 1235),
        ("1234", "10", 1230),
        ("1225", "50", 1250),
        ("1249", "100", 1200),
        ("1250", "100", 1300),
        ("1250", "99", 1299),
        ("1248", "99", 1199),
        ("1245", "95", 1295),
        ("1", "100", 100),
        ("1", "99", 99),
        ("0", "99", 0),
    ],
)
def test_a_worked_out_price_goes_to_the_nearest_one_allowed(amount: str, rounding: str, price: int) -> None:
    assert rounded_price(Decimal(amount), rounding) == price


@given(amounts, roundings)
def test_every_price_is_one_that_is_allowed_and_none_allowed_is_nearer(amount: Decimal, rounding: str) -> None:
    price = rounded_price(amount, rounding)

    assert price >= 0
    assert (price == 0) == (amount == 0)
    if price:
        assert is_allowed(price, rounding)
        step = 100 if rounding in PRICE_ENDINGS else 1 if rounding == "none" else int(rounding)
        nearer = [
            other for other in (price - step, price + step) if other > 0 and abs(other - amount) < abs(price - amount)
        ]
        assert nearer == []


@given(amounts, amounts, roundings)
def test_what_costs_more_never_costs_less_afterwards(one: Decimal, other: Decimal, rounding: str) -> None:
    lower, higher = sorted((one, other))

    assert rounded_price(lower, rounding) <= rounded_price(higher, rounding)


@given(amounts, roundings)
def test_a_rounded_price_stays_as_it_is(amount: Decimal, rounding: str) -> None:
    price = rounded_price(amount, rounding)

    assert rounded_price(Decimal(price), rounding) == price
