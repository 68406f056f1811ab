"""The tree of categories: no circle, no two alike under one parent, and every path up to date."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from backoffice.catalog.categories import DEEPEST_LEVEL, check_parent, is_within, place, set_parent
from backoffice.catalog.models import Category
from backoffice.errors import Refusal
from backoffice.extensions import db
from tests.making import make_category, stored


@pytest.fixture(autouse=True)
def _on_every_database(app: Flask) -> None:
    """All of this holds on each of them."""


def paths() -> dict[str, str]:
    return {category.full_name: category.path for category in stored(Category)}


def move(category: Category, parent: Category | None) -> None:
    set_parent(category, parent)
    place(category)
    db.session.commit()


def test_a_category_knows_its_way_from_the_root() -> None:
    kitchen = make_category("Kitchen")
    pans = make_category("Pans", kitchen)
    iron = make_category("Iron", pans)

    assert paths() == {
        "Kitchen": f"{kitchen.id}/",
        "Kitchen › Pans": f"{kitchen.id}/{pans.id}/",
        "Kitchen › Pans › Iron": f"{kitchen.id}/{pans.id}/{iron.id}/",
    }
    assert [category.parent_key for category in stored(Category)] == [0, kitchen.id, pans.id]


def test_moving_a_category_takes_all_below_it_along() -> None:
    kitchen, garden = make_category("Kitchen"), make_category("Garden")
    pans = make_category("Pans", kitchen)
    iron = make_category("Iron", pans)

    move(pans, garden)
    under_garden = paths()
    move(pans, None)

    assert under_garden["Garden › Pans › Iron"] == f"{garden.id}/{pans.id}/{iron.id}/"
    assert paths()["Pans › Iron"] == f"{pans.id}/{iron.id}/"
    assert pans.parent_key == 0


def test_renaming_a_category_renames_the_way_to_all_below_it() -> None:
    kitchen = make_category("Kitchen")
    make_category("Iron", make_category("Pans", kitchen))

    kitchen.name = "Cooking"
    place(kitchen)
    db.session.commit()

    assert sorted(paths()) == ["Cooking", "Cooking › Pans", "Cooking › Pans › Iron"]


@pytest.mark.parametrize("parent", ["Kitchen", "Pans", "Iron"])
def test_a_category_never_lies_within_itself(parent: str) -> None:
    kitchen = make_category("Kitchen")
    pans = make_category("Pans", kitchen)
    others = {"Kitchen": kitchen, "Pans": pans, "Iron": make_category("Iron", pans)}

    with pytest.raises(Refusal) as refused:
        set_parent(kitchen, others[parent])

    assert refused.value.message == f"“{parent}” lies within “Kitchen” itself. Choose another parent."
    assert refused.value.field == "parent"
    assert kitchen.parent is None


def test_a_key_that_begins_alike_is_no_kinship() -> None:
    categories = [make_category(f"Number {number}") for number in range(12)]
    first = categories[0]

    for other in categories[1:]:
        check_parent(first, other)
    within = db.session.scalars(db.select(Category.id).where(is_within([first.id]))).all()

    assert within == [first.id]


def test_a_tree_has_its_deepest_level() -> None:
    parent = None
    for number in range(DEEPEST_LEVEL):
        parent = make_category(f"Level {number}", parent)

    with pytest.raises(Refusal, match=f"{DEEPEST_LEVEL} levels deep at most"):
        check_parent(Category(name="Deeper"), parent)


def test_all_within_a_category_are_found_by_one_condition() -> None:
    kitchen = make_category("Kitchen")
    make_category("Iron", make_category("Pans", kitchen))
    make_category("Garden")

    found = db.session.scalars(db.select(Category.name).where(is_within([kitchen.id])).order_by(Category.id)).all()

    assert found == ["Kitchen", "Pans", "Iron"]


def test_two_alike_may_stand_under_different_parents() -> None:
    make_category("Sale", make_category("Kitchen"))
    make_category("Sale", make_category("Garden"))
    make_category("Sale")

    assert [category.slug for category in stored(Category)].count("sale") == 3


def test_two_alike_never_stand_under_the_same_parent_or_both_at_the_root() -> None:
    kitchen = make_category("Kitchen")
    make_category("Sale", kitchen)
    make_category("Sale")

    for parent in (kitchen, None):
        db.session.add(Category(name="Sale", slug="sale", parent=parent))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_a_parent_given_by_its_key_counts_as_well() -> None:
    kitchen = make_category("Kitchen")
    pans = Category(name="Pans", slug="pans", parent_id=kitchen.id)
    db.session.add(pans)
    db.session.commit()

    assert pans.parent_key == kitchen.id
