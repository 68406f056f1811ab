"""Prices over time: each change is noted, whichever way it came."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from backoffice.catalog.models import PriceChange, Variant
from backoffice.catalog.pricing import is_reduced, lowest_price_of_30_days, lowest_prices_of_30_days
from backoffice.extensions import db
from backoffice.settings.shop import shop_settings
from tests.making import make_product, stored

START = datetime(2026, 1, 1, tzinfo=UTC)


def changes() -> list[tuple[int | None, int | None]]:
    return [(change.old_price_minor, change.new_price_minor) for change in stored(PriceChange)]


def make_priced(*steps: tuple[int, int | None]) -> Variant:
    """A variant whose price took hold on these days after the start."""
    variant = make_product(prices=(None,)).variants[0]
    for _, price in steps:
        variant.price_minor = price
        db.session.commit()
    for change, (day, _) in zip(stored(PriceChange, variant_id=variant.id), steps, strict=True):
        change.at = START + timedelta(days=day)
    db.session.commit()
    return variant


@contextlib.contextmanager
def listening() -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def test_every_price_is_noted_as_it_is_written(app: Flask) -> None:
    variant = make_product(prices=(1000,)).variants[0]

    for price in (800, None, 900):
        variant.price_minor = price
        db.session.commit()

    assert changes() == [(None, 1000), (1000, 800), (800, None), (None, 900)]
    assert {change.currency for change in stored(PriceChange)} == {"EUR"}
    assert all(change.variant_id == variant.id for change in stored(PriceChange))


def test_a_variant_without_a_price_notes_none(app: Flask) -> None:
    make_product(prices=(None, None))

    assert changes() == []


def test_writing_the_same_price_or_another_field_notes_nothing(app: Flask) -> None:
    variant = make_product(prices=(1000,)).variants[0]

    variant.price_minor = 1000
    variant.compare_at_price_minor = 1200
    db.session.commit()

    assert changes() == [(None, 1000)]


def test_a_price_is_noted_in_the_shops_currency_of_the_day(app: Flask) -> None:
    variant = make_product(prices=(None,)).variants[0]
    shop_settings().currency = "JPY"
    db.session.commit()

    variant.price_minor = 500
    db.session.commit()

    assert [change.currency for change in stored(PriceChange)] == ["JPY"]


def test_a_price_that_was_rolled_back_was_never_one(app: Flask) -> None:
    variant = make_product(prices=(1000,)).variants[0]

    variant.price_minor = 1
    db.session.flush()
    db.session.rollback()

    assert changes() == [(None, 1000)]


@pytest.mark.parametrize(
    ("price", "compare_at", "reduced"),
    [
        (800, 1000, True),
        (1000, 1000, False),
        (1200, 1000, False),
        (800, None, False),
        (None, 1000, False),
        (0, 1, True),
    ],
)
def test_only_a_compare_at_price_above_the_price_is_a_sale(
    price: int | None, compare_at: int | None, reduced: bool
) -> None:
    assert is_reduced(Variant(price_minor=price, compare_at_price_minor=compare_at)) is reduced


@pytest.mark.parametrize(
    ("steps", "lowest"),
    [
        ([(0, 1000), (40, 800)], 1000),
        ([(0, 1000), (20, 700), (25, 1000), (40, 800)], 700),
        ([(0, 500), (5, 1000), (40, 800)], 1000),
        ([(0, 500), (10, 1000), (41, 800)], 1000),
        ([(0, 500), (11, 1000), (40, 800)], 500),
        ([(0, 1000), (1, 900), (2, 800)], 900),
        ([(0, 1000)], None),
    ],
)
def test_the_lowest_price_of_the_30_days_before_the_current_one(
    app: Flask, steps: list[tuple[int, int]], lowest: int | None
) -> None:
    variant = make_priced(*steps)

    assert lowest_price_of_30_days(variant, START + timedelta(days=60)) == lowest


def test_the_lowest_price_is_told_for_a_moment_in_the_past_too(app: Flask) -> None:
    variant = make_priced((0, 1000), (10, 600), (20, 900))

    assert lowest_price_of_30_days(variant, START + timedelta(days=15)) == 1000
    assert lowest_price_of_30_days(variant, START + timedelta(days=25)) == 600


def test_a_variant_whose_prices_were_never_noted_has_its_own(app: Flask) -> None:
    variant = make_product(prices=(1000,)).variants[0]
    db.session.execute(db.delete(PriceChange))

    assert lowest_price_of_30_days(variant, datetime.now(UTC)) == 1000


def test_many_variants_are_told_in_two_queries_and_none_in_none(app: Flask) -> None:
    at = datetime.now(UTC)
    variants = [make_product(prices=(1000 + place,)).variants[0] for place in range(40)]
    for variant in variants:
        variant.price_minor -= 300
    db.session.commit()
    expected = {variant.id: 1000 + place for place, variant in enumerate(variants)}
    shop = shop_settings()

    with listening() as asked:
        found = lowest_prices_of_30_days(variants, at + timedelta(hours=1))
        none = lowest_prices_of_30_days([], at)

    assert (found, none, len(asked)) == (expected, {}, 2)
    assert shop.currency == "EUR"


def test_each_of_several_variants_has_thirty_days_of_its_own(app: Flask) -> None:
    early = make_priced((0, 500), (10, 900), (20, 800))
    late = make_priced((0, 500), (10, 900), (50, 800))
    never = make_product(prices=(1000,)).variants[0]
    db.session.execute(db.delete(PriceChange).where(PriceChange.variant_id == never.id))

    found = lowest_prices_of_30_days([early, late, never], START + timedelta(days=60))

    assert found == {early.id: 500, late.id: 900, never.id: 1000}


def test_amounts_of_another_currency_are_not_compared(app: Flask) -> None:
    variant = make_product(prices=(1000,)).variants[0]
    variant.price_minor = None
    db.session.commit()
    shop_settings().currency = "JPY"
    for price in (2500, 1900):
        variant.price_minor = price
        db.session.commit()

    assert lowest_price_of_30_days(variant, datetime.now(UTC)) == 2500
