"""A bulk price change of very many variants is undone to exactly the prices before."""

import pytest
from flask import Flask

from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.audit.plan import plan_undo
from backoffice.audit.recorder import Occasion, current_change_set_id, record_as
from backoffice.audit.taking_back import take_back
from backoffice.catalog.models import PriceChange, Product, Variant
from backoffice.catalog.pricing import change_prices
from backoffice.extensions import db

BY_HAND = 50


@pytest.fixture
def many(request: pytest.FixtureRequest) -> int:
    return 10_000 if request.config.getoption("--long") else 600


def fill(number: int) -> dict[int, int]:
    """So many variants, each of a price of its own, by key."""
    db.session.execute(db.insert(Product), [{"name": "Shelf", "slug": "shelf"}], execution_options={"is_noted": True})
    key = db.session.scalar(db.select(Product.id))
    rows = [{"product_id": key, "sku": f"S-{n}", "option_key": str(n), "price_minor": 1000 + n} for n in range(number)]
    db.session.execute(db.insert(Variant), rows, execution_options={"is_noted": True})
    db.session.commit()
    return prices()


def prices() -> dict[int, int]:
    return dict(db.session.execute(db.select(Variant.id, Variant.price_minor).order_by(Variant.id)).all())


def raise_all(before: dict[int, int]) -> ChangeSet:
    record_as(Occasion("bulk", "Dearer"))
    assert change_prices({key: price * 2 for key, price in before.items()}) == len(before)
    db.session.commit()
    key = current_change_set_id()
    record_as(Occasion("system"))
    return db.session.get(ChangeSet, key)


def count(model: type) -> int:
    return db.session.scalar(db.select(db.func.count(model.id)))


def test_every_price_is_the_one_of_before(app: Flask, many: int) -> None:
    before = fill(many)
    change = raise_all(before)

    outcome = take_back(change, None)
    db.session.commit()

    assert (outcome.taken, outcome.left, outcome.refused) == (many, [], {})
    assert prices() == before
    assert count(ChangeRow) >= 2 * many and count(PriceChange) == 2 * many


def test_prices_that_were_edited_by_hand_since_are_listed_and_stay(app: Flask, many: int) -> None:
    before = fill(many)
    change = raise_all(before)
    by_hand = dict.fromkeys(list(before)[3 : 3 + BY_HAND], 7)
    change_prices(by_hand)
    db.session.commit()

    listed = plan_undo(change, None).having("changed")
    outcome = take_back(change, None)
    db.session.commit()

    assert sorted(step.change.record_id for step in listed) == list(by_hand)
    assert {(one.before, one.now) for step in listed for one in step.fields.values()} == {
        (before[key], 7) for key in by_hand
    }
    assert (outcome.taken, len(outcome.left)) == (many - BY_HAND, BY_HAND)
    assert prices() == before | by_hand


def test_prices_that_were_edited_by_hand_go_back_where_that_was_chosen(app: Flask, many: int) -> None:
    before = fill(many)
    change = raise_all(before)
    by_hand = dict.fromkeys(list(before)[3 : 3 + BY_HAND], 7)
    change_prices(by_hand)
    db.session.commit()

    outcome = take_back(change, None, also={("variant", key) for key in by_hand})
    db.session.commit()

    assert (outcome.taken, outcome.left) == (many, [])
    assert prices() == before
