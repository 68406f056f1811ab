"""Options and variants: what tells two variants apart, and what becomes of it when options change."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from backoffice.audit import trash
from backoffice.catalog.models import Option, OptionValue, Product, Variant
from backoffice.catalog.variants import check_combinations, rename_option, set_options, set_values
from backoffice.errors import Refusal
from backoffice.extensions import db
from tests.making import make_product, stored


@pytest.fixture(autouse=True)
def _on_every_database(app: Flask) -> None:
    """All of this holds on each of them."""


def make_towel(*combinations: tuple[str, ...], options: tuple[str, ...] = ("Colour", "Size")) -> Product:
    product = make_product("Towel", prices=())
    set_options(product, options)
    for position, values in enumerate(combinations):
        variant = Variant(product_id=product.id, position=position)
        set_values(variant, product, values)
        db.session.add(variant)
    db.session.commit()
    return product


def titles() -> list[str]:
    return [variant.title for variant in stored(Variant)]


def test_variants_are_called_by_their_values_in_the_order_of_the_options() -> None:
    make_towel(("Moss", "Small"), ("Moss", "Large"), ("Sand", "Small"))

    assert titles() == ["Moss / Small", "Moss / Large", "Sand / Small"]
    assert str(stored(Variant)[0]) == "Towel, Moss / Small"
    assert [value.name for value in stored(OptionValue)] == ["Moss", "Small", "Large", "Sand"]


def test_two_variants_with_the_same_values_are_refused_by_a_sentence() -> None:
    product = make_towel(("Moss", "Small"), ("Moss", "Large"))
    with db.session.no_autoflush:
        set_values(product.variants[1], product, ["Moss", "Small"])

        with pytest.raises(Refusal) as refused:
            check_combinations(product)

    assert refused.value.message == "The product has “Moss / Small” twice. Give each variant values of its own."


def test_two_variants_with_the_same_values_are_refused_by_the_database() -> None:
    product = make_towel(("Moss", "Small"))
    variant = Variant(product_id=product.id)
    set_values(variant, product, ["Moss", "Small"])
    db.session.add(variant)

    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_values_of_a_deleted_variant_may_be_given_again() -> None:
    product = make_towel(("Moss", "Small"), ("Sand", "Small"))
    trash.trash(product.variants[0])
    variant = Variant(product_id=product.id)
    set_values(variant, product, ["Moss", "Small"])
    db.session.add(variant)
    db.session.commit()

    assert sorted(titles()) == ["Moss / Small", "Sand / Small"]


@pytest.mark.parametrize(
    ("values", "missing"), [((), "Colour"), (("Moss",), "Size"), (("", "Small"), "Colour"), (("Moss", "  "), "Size")]
)
def test_every_option_needs_a_value(values: tuple[str, ...], missing: str) -> None:
    product = make_towel()

    with pytest.raises(Refusal) as refused:
        set_values(Variant(product_id=product.id), product, values)

    assert refused.value.message == f"Every variant needs a value for {missing}. Enter one."


def test_values_beyond_the_options_are_left_out() -> None:
    make_towel(("Moss", "Small", "Round"))

    assert titles() == ["Moss / Small"]


@pytest.mark.parametrize("names", [("Colour", "colour"), ("Größe", "GRÖSSE"), ("Size", " Size ")])
def test_two_options_never_have_one_name(names: tuple[str, str]) -> None:
    with pytest.raises(Refusal, match="Two options have the same name"):
        set_options(make_product(), names)


def test_a_product_has_three_options_at_most() -> None:
    product = make_product()

    set_options(product, ["One", "", "Two", "Three"])
    with pytest.raises(Refusal, match="3 options at most"):
        set_options(product, ["One", "Two", "Three", "Four"])

    assert [option.name for option in product.options] == ["One", "Two", "Three"]


def test_options_keep_their_values_when_their_order_changes() -> None:
    product = make_towel(("Moss", "Small"))
    keys = {option.name: option.id for option in product.options}

    set_options(product, ["Size", "Colour"])
    set_values(product.variants[0], product, ["Small", "Moss"])
    db.session.commit()

    assert {option.name: option.id for option in stored(Option)} == keys
    assert titles() == ["Small / Moss"]


def test_a_renamed_option_keeps_its_values() -> None:
    product = make_towel(("Moss", "Small"))

    rename_option(product.options[0], " Shade ")
    db.session.commit()

    assert [option.name for option in stored(Option)] == ["Shade", "Size"]
    assert titles() == ["Moss / Small"]


def test_a_dropped_option_goes_with_its_values() -> None:
    product = make_towel(("Moss", "Small"), ("Sand", "Small"))

    set_options(product, ["Colour"])
    for variant, colour in zip(product.variants, ("Moss", "Sand"), strict=True):
        set_values(variant, product, [colour])
    check_combinations(product)
    db.session.commit()

    assert titles() == ["Moss", "Sand"]
    assert [value.name for value in stored(OptionValue)] == ["Moss", "Sand"]


def test_an_option_cannot_be_dropped_from_under_two_that_it_tells_apart() -> None:
    product = make_towel(("Moss", "Small"), ("Moss", "Large"))

    with db.session.no_autoflush:
        set_options(product, ["Colour"])
        for variant in product.variants:
            set_values(variant, product, ["Moss"])
        with pytest.raises(Refusal) as refused:
            check_combinations(product)
    db.session.rollback()

    assert "“Moss” twice" in refused.value.message
    assert titles() == ["Moss / Small", "Moss / Large"]


def test_an_option_of_a_variant_in_the_trash_can_be_dropped() -> None:
    product = make_towel(("Moss", "Small"), ("Sand", "Large"))
    trash.trash(product.variants[1])
    db.session.commit()
    db.session.expire_all()

    set_options(product, ["Colour"])
    set_values(product.variants[0], product, ["Moss"])
    db.session.commit()

    assert titles() == ["Moss"]
    assert [option.name for option in stored(Option)] == ["Colour"]


def test_the_same_values_again_are_no_change() -> None:
    product = make_towel(("Moss", "Small"))
    version = product.variants[0].version

    set_values(product.variants[0], product, [" Moss ", "Small"])
    db.session.commit()

    assert stored(Variant)[0].version == version
