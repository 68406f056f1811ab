"""Stock: a level changes together with its movement, and two at once never lose one."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func

from backoffice import dialects
from backoffice.catalog.models import Variant
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel, StockMovement
from backoffice.inventory.stock import LARGEST_STOCK, count, move, parse_entry, total_stock
from backoffice.staff import accounts
from tests.making import PASSWORD, make_product, stored


@pytest.fixture
def variant(app: Flask) -> Variant:
    return make_product("Enamel Mug", skus=["MUG"]).variants[0]


@pytest.fixture
def location(app: Flask) -> Location:
    return stored(Location)[0]


def on_hand() -> list[int]:
    return [level.on_hand for level in stored(StockLevel)]


def levels_that_differ_from_their_movements() -> list[StockLevel]:
    sums = {
        (variant_id, location_id): int(total)
        for variant_id, location_id, total in db.session.execute(
            db.select(StockMovement.variant_id, StockMovement.location_id, func.sum(StockMovement.delta)).group_by(
                StockMovement.variant_id, StockMovement.location_id
            )
        )
    }
    return [
        level for level in stored(StockLevel) if level.on_hand != sums.get((level.variant_id, level.location_id), 0)
    ]


def test_a_delivery_adds_and_a_sale_takes_away(variant: Variant, location: Location) -> None:
    move(variant, location, 10, "delivery", None, " From Norr ")
    move(variant, location, -3, "sale", None)
    db.session.commit()

    assert on_hand() == [7]
    assert [(m.kind, m.delta, m.balance_after, m.reason) for m in stored(StockMovement)] == [
        ("delivery", 10, 10, "From Norr"),
        ("sale", -3, 7, None),
    ]


def test_a_movement_says_who_and_stays_readable_without_the_variant(variant: Variant, location: Location) -> None:
    ada = accounts.create_staff_member("ada@example.com", "Ada", accounts.require_role("editor"), PASSWORD)

    move(variant, location, 1, "delivery", ada)
    db.session.commit()

    [movement] = stored(StockMovement)
    assert (movement.actor_id, movement.actor_name) == (ada.id, "Ada")
    assert movement.variant_label == "Enamel Mug (MUG)"


def test_a_count_is_a_movement_of_the_difference(variant: Variant, location: Location) -> None:
    move(variant, location, 10, "delivery", None)
    counted = count(variant, location, 12, None, "Shelf 3")
    db.session.commit()

    assert (counted.kind, counted.delta, counted.balance_after, counted.reason) == ("count", 2, 12, "Shelf 3")
    assert on_hand() == [12]


def test_a_count_of_what_was_known_is_no_movement(variant: Variant, location: Location) -> None:
    move(variant, location, 10, "delivery", None)

    assert count(variant, location, 10, None) is None
    assert len(stored(StockMovement)) == 1


def test_nothing_may_be_counted(variant: Variant, location: Location) -> None:
    move(variant, location, 10, "delivery", None)

    count(variant, location, 0, None)
    db.session.commit()

    assert on_hand() == [0]


def test_less_than_nothing_is_never_counted(variant: Variant, location: Location) -> None:
    with pytest.raises(Refusal, match="Stock can’t be below 0. Enter what you counted."):
        count(variant, location, -1, None)


def test_more_than_there_is_does_not_leave(variant: Variant, location: Location) -> None:
    move(variant, location, 3, "delivery", None)
    db.session.commit()

    with pytest.raises(Refusal) as refused:
        move(variant, location, -4, "sale", None)
    db.session.rollback()

    assert refused.value.message == "Stock can’t be below 0. There are 3 at Main location."
    assert on_hand() == [3]


def test_a_backorder_may_go_below_nothing(variant: Variant, location: Location) -> None:
    variant.allows_backorder = True

    move(variant, location, -4, "sale", None)
    db.session.commit()

    assert on_hand() == [-4]


def test_stock_below_nothing_can_be_filled_up_after_backorders_end(variant: Variant, location: Location) -> None:
    variant.allows_backorder = True
    move(variant, location, -4, "sale", None)
    variant.allows_backorder = False

    move(variant, location, 1, "delivery", None)
    with pytest.raises(Refusal):
        move(variant, location, -1, "sale", None)
    db.session.commit()

    assert on_hand() == [-3]


def test_a_movement_of_nothing_is_refused(variant: Variant, location: Location) -> None:
    with pytest.raises(Refusal, match="Enter a change other than 0."):
        move(variant, location, 0, "delivery", None)


@pytest.mark.parametrize("delta", [LARGEST_STOCK + 1, 10**12])
def test_more_than_any_shelf_holds_is_refused(variant: Variant, location: Location, delta: int) -> None:
    with pytest.raises(Refusal, match="more than any shelf holds"):
        move(variant, location, delta, "delivery", None)


def test_stock_is_added_up_over_all_locations(variant: Variant, location: Location) -> None:
    other_variant = make_product().variants[0]
    cellar = Location(name="Cellar", code="cellar")
    db.session.add(cellar)
    move(variant, location, 3, "delivery", None)
    move(variant, cellar, 4, "delivery", None)
    db.session.commit()

    assert total_stock([variant.id, other_variant.id]) == {variant.id: 7}
    assert total_stock([]) == {}


def in_threads(app: Flask, number: int, variant_id: int, location_id: int, act: object) -> list[BaseException]:
    start, raised = threading.Barrier(number), []

    def work() -> None:
        with app.app_context():
            dialects.work_may_write()
            try:
                start.wait()
                act(db.session.get(Variant, variant_id), db.session.get(Location, location_id))
                db.session.commit()
            except Exception as error:
                raised.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def test_twenty_at_once_lose_nothing(app: Flask, variant: Variant, location: Location) -> None:
    move(variant, location, 100, "delivery", None)
    keys = variant.id, location.id
    db.session.commit()
    db.session.remove()

    raised = in_threads(app, 20, *keys, lambda one, place: move(one, place, 1, "delivery", None))

    assert raised == []
    assert on_hand() == [120]
    assert sorted(m.balance_after for m in stored(StockMovement)) == list(range(100, 121))
    assert levels_that_differ_from_their_movements() == []


def test_the_first_twenty_at_once_make_one_level(app: Flask, variant: Variant, location: Location) -> None:
    keys = variant.id, location.id
    db.session.commit()
    db.session.remove()

    raised = in_threads(app, 20, *keys, lambda one, place: move(one, place, 1, "delivery", None))

    assert raised == []
    assert on_hand() == [20]
    assert levels_that_differ_from_their_movements() == []


def test_ten_who_sell_the_last_five_sell_five(app: Flask, variant: Variant, location: Location) -> None:
    move(variant, location, 5, "delivery", None)
    keys = variant.id, location.id
    db.session.commit()
    db.session.remove()

    raised = in_threads(app, 10, *keys, lambda one, place: move(one, place, -1, "sale", None))

    assert {type(error) for error in raised} == {Refusal} and len(raised) == 5
    assert on_hand() == [0]
    assert levels_that_differ_from_their_movements() == []


def test_a_count_and_a_sale_at_once_come_one_after_the_other(app: Flask, variant: Variant, location: Location) -> None:
    move(variant, location, 50, "delivery", None)
    keys = variant.id, location.id
    db.session.commit()
    db.session.remove()
    turns = iter(["count", "sale"] * 5)

    def act(one: Variant, place: Location) -> None:
        if next(turns) == "count":
            count(one, place, 40, None)
        else:
            move(one, place, -1, "sale", None)

    raised = in_threads(app, 10, *keys, act)

    assert raised == []
    assert levels_that_differ_from_their_movements() == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("+5", ("change", 5)),
        ("-2", ("change", -2)),
        ("−2", ("change", -2)),
        (" + 5 ", ("change", 5)),
        ("=40", ("count", 40)),
        ("= 0", ("count", 0)),
        ("+0", ("change", 0)),
        ("+0012", ("change", 12)),
    ],
)
def test_staff_type_a_change_or_a_count(typed: str, meant: tuple[str, int]) -> None:
    assert parse_entry(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "5", "5+", "+", "=", "=-4", "+-5", "++5", "+5.5", "+5,0", "+٥", "+1e3", "+" + "9" * 11, "x"]
)
def test_anything_else_is_refused_with_what_would_do(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_entry(typed)

    assert refused.value.message == "Write +5 for what came, −2 for what went, or =40 for what you counted."
    assert refused.value.field == "entry"
