"""What is drawn or worded once for many pages is never shown to somebody who reads, or may do, otherwise."""

from typing import Any

import pytest
from flask import Flask

from backoffice.extensions import db
from backoffice.languages import force_locale, gettext
from backoffice.settings.models import ShopSettings
from backoffice.staff.models import SavedView, StaffMember
from backoffice.staff.preferences import choose
from backoffice.web import formats
from tests.making import Person, make_brand, make_product


def reads(person: Person, language: str) -> Person:
    choose(person.member_id, language=language)
    db.session.commit()
    return person


def first_price(person: Person) -> str:
    return " ".join(person.page("/admin/product/").select_one("td.col-price").text.split())


def test_each_reader_gets_their_own_words_and_numbers(app: Flask) -> None:
    make_product("Mug", prices=(123450,))
    english, german = Person(app, "editor"), reads(Person(app, "manager"), "de")

    for _again in range(2):
        assert (first_price(english), first_price(german)) == ("€1,234.50", "1.234,50 €")
        assert "Categories" in english.page("/admin/").select_one("nav").text
        assert "Kategorien" in german.page("/admin/").select_one("nav").text
        assert "Status" in english.page("/admin/product/").select_one("[data-filters]").text
        assert "Bestandsstufe" in german.page("/admin/product/").select_one("[data-filters]").text


def test_a_part_of_a_page_in_another_language_takes_nothing_from_the_rest(app: Flask) -> None:
    @formats.remembered
    def counted(number: int) -> str:
        return formats.show_counted(number, "product")

    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert counted(2) == "2 Produkte"
        with force_locale("en"):
            assert gettext("Categories") == "Categories"
        assert counted(2) == "2 Produkte"


def test_settings_hold_at_once_in_what_was_shown_before(app: Flask) -> None:
    make_product("Mug", prices=(1290,))
    owner = Person(app, "owner")
    assert first_price(owner) == "€12.90"

    db.session.get(ShopSettings, 1).locale = "de_DE"
    db.session.commit()

    assert first_price(owner) == "12,90 €"


def test_the_menu_shows_what_one_may_open_now(app: Flask) -> None:
    owner, editor = Person(app, "owner"), Person(app, "editor")
    assert "People" in owner.page("/admin/").select_one("nav").text
    assert "Movements" in editor.page("/admin/").select_one("nav").text
    assert "People" not in editor.page("/admin/").select_one("nav").text

    role = db.session.get(StaffMember, editor.member_id).role
    kept = [held for held in role.permissions if (held.area_name, held.verb) != ("stock", "read")]
    role.permissions = kept
    db.session.commit()

    assert "Movements" not in editor.page("/admin/").select_one("nav").text
    assert "Movements" in owner.page("/admin/").select_one("nav").text


def test_the_menu_shows_views_as_they_are_called_now(app: Flask) -> None:
    owner = Person(app, "owner")
    view = SavedView(owner_id=owner.member_id, screen="brand", name="Mine", query="sort=-name")
    db.session.add(view)
    db.session.commit()
    assert "Mine" in owner.page("/admin/brand/").select_one("nav").text

    view.name = "Ours"
    db.session.commit()

    assert "Ours" in owner.page("/admin/brand/").select_one("nav").text


def test_a_filter_offers_what_there_is_now(app: Flask) -> None:
    make_brand("Norr")
    viewer = Person(app, "viewer")
    address = "/admin/product/?offer=brand"
    assert [one.text for one in viewer.page(address).select("[data-filter=brand] option")] == ["Norr"]

    make_brand("Süd")

    assert [one.text for one in viewer.page(address).select("[data-filter=brand] option")] == ["Norr", "Süd"]
    assert not viewer.page("/admin/product/").select("[data-filter=brand] option")


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_remembered_is_told_apart_by_what_it_was_made_of(app: Flask, number: int) -> None:
    made: list[Any] = []

    @formats.remembered
    def shown(one: int, other: str) -> str:
        made.append((one, other))
        return f"{one} {other}"

    with app.test_request_context():
        assert [shown(number, "a"), shown(number, "b"), shown(number, "a")] == [
            f"{number} a",
            f"{number} b",
            f"{number} a",
        ]
    assert made == [(number, "a"), (number, "b")]


def test_a_filter_offers_nothing_of_a_list_that_one_may_not_read(app: Flask) -> None:
    brand = make_brand("Secret")
    viewer = Person(app, "viewer")
    screen = app.extensions["screens"]["product"]
    area, screen.filters["brand"].target.area = screen.filters["brand"].target.area, "staff"
    try:
        offered = viewer.page("/admin/product/?offer=brand").select("[data-filter=brand] option")
        kept = viewer.page(f"/admin/product/?brand={brand.id}").select("[data-filter=brand] option")
    finally:
        screen.filters["brand"].target.area = area

    assert offered == []
    assert [(one["value"], one.text) for one in kept] == [(str(brand.id), f"#{brand.id}")]
