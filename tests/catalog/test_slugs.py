"""Addresses: made from any name, unique while live, and an old one leads on."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from backoffice.audit import trash
from backoffice.catalog.categories import place
from backoffice.catalog.models import Brand, Category, Product, SlugRedirect, Tag
from backoffice.catalog.slugs import check_slug, free_slug, make_slug
from backoffice.errors import Refusal
from backoffice.extensions import db
from tests.making import make_brand, make_category, make_product, stored


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Enamel Mug", "enamel-mug"),
        ("  Two   blanks ", "two-blanks"),
        ("Salt & Pepper / 50 %", "salt-pepper-50"),
        ("Chef’s Knife", "chefs-knife"),
        ("Chef's `Knife`", "chefs-knife"),
        ("Straße Nº 5", "strasse-no-5"),
        ("STRAẞE", "strasse"),
        ("Crème brûlée", "creme-brulee"),
        ("Œuvre Ægir Ǽ Øre Łódź", "oeuvre-aegir-ae-ore-lodz"),
        ("Đà Nẵng", "da-nang"),
        ("İstanbul ışık", "istanbul-isik"),
        ("№ 5 Tea™ ½", "no-5-teatm-1-2"),
        ("snake_case-name", "snake-case-name"),
        ("Кружка зелёная", "кружка-зеленая"),
        ("Κούπα", "κουπα"),
        ("ガラスのコップ", "ガラスのコップ"),
        ("한국 찻잔", "한국-찻잔"),
        ("हिन्दी चाय", "हिन्दी-चाय"),
        ("ถ้วยชา", "ถ้วยชา"),
        ("كوب شاي", "كوب-شاي"),
        ("Love ❤️ Mug 😀👩🏽‍🍳", "love-mug"),
        ("😀", ""),
        ("---", ""),
        ("", ""),
        ("x" * 300, "x" * 100),
        ("x" * 99 + " y", "x" * 99),
    ],
)
def test_a_name_becomes_an_address(name: str, slug: str) -> None:
    assert make_slug(name) == slug


@given(st.text())
def test_an_address_made_from_any_name_is_a_right_one(name: str) -> None:
    slug = make_slug(name)

    assert make_slug(slug) == slug
    assert check_slug(slug) == slug
    assert len(slug) <= 100 and " " not in slug and "/" not in slug


@pytest.mark.parametrize(
    "slug", ["Enamel-Mug", "enamel mug", "enamel--mug", "-mug", "mug-", "mug/cup", "mug?", "crème"]
)
def test_an_address_of_another_form_is_refused_with_one_that_serves(slug: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_slug(slug)

    assert make_slug(slug) in refused.value.message


def test_a_taken_address_gets_a_number(app: Flask) -> None:
    first = make_product("Mug", slug=free_slug(Product, "Mug"))
    second = make_product("Mug", slug=free_slug(Product, "Mug"))
    make_product("Mug 4", slug="mug-4")
    third = make_product("Mug", slug=free_slug(Product, "Mug"))
    trash.trash(second)
    db.session.commit()

    assert [product.slug for product in (first, second, third)] == ["mug", "mug-2", "mug-3"]
    assert free_slug(Product, "Mug") == "mug-2"


def test_an_address_that_only_begins_alike_is_not_in_the_way(app: Flask) -> None:
    make_brand("Mugs and more")

    assert free_slug(Brand, "Mug") == "mug"


@pytest.mark.parametrize("model", [Product, Category, Brand, Tag])
def test_a_name_without_a_letter_gets_the_word_for_what_it_is(app: Flask, model: type) -> None:
    assert free_slug(model, "😀") == model.__tablename__


def leads_to(kind: str = "product") -> dict[str, int]:
    """Where the old addresses lead."""
    return {redirect.old_slug: getattr(redirect, f"{kind}_id") for redirect in stored(SlugRedirect, kind=kind)}


def test_an_old_address_leads_to_the_product_under_its_new_one(app: Flask) -> None:
    product = make_product(slug="mug")

    for slug in ("cup", "beaker"):
        product.slug = slug
        db.session.commit()

    assert leads_to() == {"mug": product.id, "cup": product.id}


def test_a_product_renamed_back_does_not_lead_to_itself(app: Flask) -> None:
    product = make_product(slug="mug")

    for slug in ("cup", "mug"):
        product.slug = slug
        db.session.commit()

    assert leads_to() == {"cup": product.id}


def test_an_address_taken_over_by_another_product_leads_nowhere_else(app: Flask) -> None:
    first, second = make_product(slug="mug"), make_product(slug="cup")
    first.slug = "beaker"
    db.session.commit()

    second.slug = "mug"
    db.session.commit()

    assert leads_to() == {"cup": second.id}


def test_an_address_that_two_had_one_after_the_other_leads_to_the_later_one(app: Flask) -> None:
    first = make_product(slug="mug")
    first.slug = "beaker"
    db.session.commit()
    second = make_product(slug="mug")
    second.slug = "cup"
    db.session.commit()

    assert leads_to() == {"mug": second.id}


def test_a_category_leaves_its_old_address_as_well(app: Flask) -> None:
    kitchen = make_category("Kitchen")

    kitchen.slug = "cooking"
    place(kitchen)
    db.session.commit()

    assert leads_to("category") == {"kitchen": kitchen.id}
    assert leads_to() == {}


def test_a_brand_has_no_page_whose_old_address_could_be_asked_for(app: Flask) -> None:
    brand = make_brand("Norr")

    brand.slug = "sund"
    db.session.commit()

    assert stored(SlugRedirect) == []
