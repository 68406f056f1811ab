"""Whether shoppers see a product, at any moment: the same in Python and in a query."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from backoffice.catalog.models import Product
from backoffice.catalog.publishing import SHOWN_STATUSES, check_dates, is_shown_as, set_status, shown_status
from backoffice.errors import Refusal
from backoffice.extensions import db
from tests.making import make_product

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "publish_at", "unpublish_at", "shown"),
    [
        ("draft", None, None, "draft"),
        ("draft", NOON - DAY, None, "draft"),
        ("archived", NOON - DAY, NOON + DAY, "archived"),
        ("active", None, None, "published"),
        ("active", NOON, None, "published"),
        ("active", NOON + INSTANT, None, "scheduled"),
        ("active", None, NOON + INSTANT, "published"),
        ("active", None, NOON, "hidden"),
        ("active", NOON - DAY, NOON + DAY, "published"),
        ("active", NOON + DAY, NOON + 2 * DAY, "scheduled"),
        ("active", NOON - 2 * DAY, NOON - DAY, "hidden"),
    ],
)
def test_a_status_holds_from_its_moment_on(
    status: str, publish_at: datetime | None, unpublish_at: datetime | None, shown: str
) -> None:
    product = Product(status=status, publish_at=publish_at, unpublish_at=unpublish_at)

    assert shown_status(product, NOON) == shown


def test_a_query_and_python_agree_at_every_moment(app: Flask) -> None:
    moments = (None, NOON - DAY, NOON, NOON + DAY)
    for status, start, end in itertools.product(("draft", "active", "archived"), moments, moments):
        if not (start and end and end <= start):
            db.session.add(
                Product(name="Mug", slug=f"{status} {start} {end}", status=status, publish_at=start, unpublish_at=end)
            )
    db.session.commit()
    products = db.session.scalars(db.select(Product)).all()

    for at in (NOON - DAY - INSTANT, NOON - DAY, NOON - INSTANT, NOON, NOON + INSTANT, NOON + DAY, NOON + 2 * DAY):
        for status, _ in SHOWN_STATUSES:
            found = set(db.session.scalars(db.select(Product.id).where(is_shown_as(status, at))))
            assert found == {product.id for product in products if shown_status(product, at) == status}, (status, at)


def test_active_is_published_scheduled_or_hidden(app: Flask) -> None:
    for start, end in ((None, None), (NOON + DAY, None), (None, NOON)):
        make_product(status="active", publish_at=start, unpublish_at=end)
    make_product(status="draft")

    def count(status: str) -> int:
        return len(db.session.scalars(db.select(Product.id).where(is_shown_as(status, NOON))).all())

    assert count("active") == 3 == sum(map(count, ("published", "scheduled", "hidden")))


def test_a_product_without_any_price_is_not_put_on_sale(app: Flask) -> None:
    product = make_product(prices=(None, None))

    with pytest.raises(Refusal) as refused:
        set_status(product, "active")

    assert (refused.value.message, refused.value.field) == ("Set a price before publishing.", "status")
    assert product.status == "draft"


@pytest.mark.parametrize("prices", [(None, 1290), (0,)])
def test_one_price_is_enough_and_free_is_a_price(app: Flask, prices: tuple[int | None, ...]) -> None:
    product = make_product(prices=prices)

    set_status(product, "active")

    assert product.status == "active"


def test_a_product_is_taken_down_only_after_it_was_published() -> None:
    for end in (NOON, NOON - INSTANT):
        with pytest.raises(Refusal) as refused:
            check_dates(Product(publish_at=NOON, unpublish_at=end))
        assert refused.value.field == "unpublish_at"

    check_dates(Product(publish_at=NOON, unpublish_at=NOON + INSTANT))
    check_dates(Product(publish_at=NOON))
    check_dates(Product(unpublish_at=NOON))
