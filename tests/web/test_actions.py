"""One thing done to many: on what was seen, after a page on all that differs."""

import re
from collections import Counter
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from backoffice.audit import trash
from backoffice.audit.models import ChangeSet
from backoffice.catalog.models import Brand, Category, Product, Variant
from backoffice.extensions import db
from backoffice.inventory.models import Location
from backoffice.inventory.stock import move
from tests.making import Person, changed, form_values, make_brand, make_category, make_product, stored, text_of

FORM = "form[data-acts]"


def ticked(name: str, *records: Any) -> MultiDict[str, str]:
    """What a list sends with these rows ticked, as they are now."""
    values: MultiDict[str, str] = MultiDict([("action", name), *(("rowid", str(one.id)) for one in records)])
    values.update({f"version-{one.id}": one.version for one in records})
    return values


def post(person: Person, values: MultiDict[str, str], entity: str = "product") -> TestResponse:
    return person.post(f"/admin/{entity}/action/", values)


def choose(person: Person, page: TestResponse, apply_to: str = "all") -> TestResponse:
    """Press a button of the page in between."""
    form = BeautifulSoup(page.text, "html.parser").select_one(FORM)
    return person.post(form["action"], changed(form_values(form), {"apply_to": apply_to}))


def buttons(page: TestResponse) -> list[str]:
    return [one.text for one in BeautifulSoup(page.text, "html.parser").select(f"{FORM} button")]


@pytest.fixture
def manager(app: Flask) -> Person:
    return Person(app, "manager")


@pytest.fixture
def other(app: Flask) -> Person:
    return Person(app, "editor")


def rename(person: Person, record: Any, name: str) -> None:
    assert person.save(f"/admin/{record.__tablename__}/edit/?id={record.id}", name=name).status_code == 302


def test_what_somebody_changed_since_is_told_and_nothing_is_done(manager: Person, other: Person) -> None:
    mug, pan = make_product("Mug"), make_product("Pan")
    chosen = ticked("archive", mug, pan)
    rename(other, mug, "Cup")

    page = post(manager, chosen)

    assert page.status_code == 409
    assert "Editor, just now : Name Mug Cup" in text_of(page)
    assert buttons(page) == ["Archive 2 products", "Archive only the other one"]
    assert {one.status for one in stored(Product)} == {"draft"}


@pytest.mark.parametrize("apply_to, statuses", [("all", ["archived", "archived"]), ("others", ["draft", "archived"])])
def test_the_person_chooses_all_or_only_the_others(
    manager: Person, other: Person, apply_to: str, statuses: list[str]
) -> None:
    mug, pan = make_product("Mug"), make_product("Pan")
    chosen = ticked("archive", mug, pan)
    rename(other, mug, "Cup")

    answer = choose(manager, post(manager, chosen), apply_to)

    assert answer.status_code == 302
    assert [one.status for one in stored(Product)] == statuses


def test_what_is_changed_again_meanwhile_is_told_again(manager: Person, other: Person) -> None:
    mug, pan = make_product("Mug"), make_product("Pan")
    chosen = ticked("archive", mug, pan)
    rename(other, mug, "Cup")
    page = post(manager, chosen)
    rename(other, mug, "Jug")

    again = choose(manager, page)

    assert again.status_code == 409
    assert "Name Cup Jug" in text_of(again) and "Mug" not in text_of(again)
    assert choose(manager, again).status_code == 302
    assert [one.status for one in stored(Product)] == ["archived", "archived"]


def test_what_was_deleted_since_is_named_and_left(manager: Person) -> None:
    mug, pan = make_product("Mug"), make_product("Pan")
    chosen = ticked("archive", mug, pan)
    trash.trash(mug)
    db.session.commit()

    page = post(manager, chosen)

    assert page.status_code == 409
    assert "Deleted since you opened the list" in text_of(page) and "Mug" in text_of(page)
    assert buttons(page) == ["Archive 1 product"]
    assert choose(manager, page).status_code == 302
    assert [(one.name, one.status) for one in stored(Product)] == [("Pan", "archived")]


def test_where_all_are_gone_there_is_nothing_to_do(manager: Person) -> None:
    mug = make_product("Mug")
    chosen = ticked("delete", mug)
    trash.trash(mug)
    db.session.commit()

    page = post(manager, chosen)

    assert page.status_code == 409
    assert "Nothing is left to do" in text_of(page)
    assert buttons(page) == []


@pytest.mark.any_engine
@pytest.mark.parametrize("version", [None, "", "abc", "-1", "9" * 30, "1.0", "²"])
def test_without_the_version_that_was_shown_nothing_is_done(manager: Person, version: str | None) -> None:
    mug = make_product("Mug")

    answer = post(manager, changed(ticked("archive", mug), {f"version-{mug.id}": version}))

    assert answer.status_code == 422
    assert "The list did not say which state of “Mug” it showed." in text_of(answer)
    assert stored(Product)[0].status == "draft"


@pytest.mark.any_engine
@pytest.mark.parametrize("key", ["abc", "0", "-1", "9" * 30, "1 OR 1=1", "²", "999999"])
def test_a_row_that_is_none_is_not_found(manager: Person, key: str) -> None:
    mug = make_product("Mug")
    chosen = ticked("archive", mug)
    chosen.add("rowid", key)

    answer = post(manager, chosen)

    assert answer.status_code == 404
    assert stored(Product)[0].status == "draft"


def test_a_deletion_of_many_says_first_what_else_is_touched(manager: Person) -> None:
    products = [make_product("Mug", prices=(1, 2)), make_product("Pan")]
    move(products[0].variants[0], stored(Location)[0], 102, "delivery", None)
    db.session.commit()

    page = post(manager, ticked("delete", *products))

    assert page.status_code == 200
    assert "Delete 2 products?" in text_of(page)
    assert "With 3 variants, 2 shop addresses and 102 pieces of stock." in text_of(page)
    assert buttons(page) == ["Delete 2 products"]
    assert len(stored(Product)) == 2

    before = len(stored(ChangeSet))
    answer = choose(manager, page)
    assert "Delete: 2 products." in text_of(manager.get(answer.location))
    assert stored(Product) == stored(Variant) == []
    assert len(stored(ChangeSet)) == before + 1


def test_what_can_t_be_deleted_is_named_and_the_others_may_go(manager: Person) -> None:
    norr, sund = make_brand("Norr"), make_brand("Sund")
    make_product(brand=norr)

    page = post(manager, ticked("delete", norr, sund), "brand")

    assert page.status_code == 200
    assert "“Norr” is in use by 1 product. Give them another brand first." in text_of(page)
    assert buttons(page) == ["Delete 1 brand"]
    assert choose(manager, page).status_code == 302
    assert [one.name for one in stored(Brand)] == ["Norr"]


def test_a_brand_that_came_into_use_meanwhile_stays(manager: Person) -> None:
    norr, sund = make_brand("Norr"), make_brand("Sund")
    page = post(manager, ticked("delete", norr, sund), "brand")
    make_product(brand=norr)

    again = choose(manager, page)

    assert again.status_code == 409
    assert "“Norr” is in use by 1 product." in text_of(again)
    assert len(stored(Brand)) == 2


def test_a_category_goes_together_with_those_below_it(manager: Person) -> None:
    kitchen = make_category("Kitchen")
    pans = make_category("Pans", kitchen)

    answer = choose(manager, post(manager, ticked("delete", kitchen, pans), "category"))

    assert answer.status_code == 302
    assert stored(Category) == []


def test_a_variant_that_came_since_does_not_go_along_unseen(manager: Person) -> None:
    mug = make_product("Mug", prices=(1, 2))
    page = post(manager, ticked("delete", mug))
    trash.trash(mug.variants[1])
    db.session.commit()

    again = choose(manager, page)

    assert again.status_code == 409
    assert "What goes along was changed since you opened the page." in text_of(again)
    assert choose(manager, again).status_code == 302


def test_the_list_comes_back_as_it_was_found(manager: Person) -> None:
    mug = make_product("Mug")
    list_page = manager.page("/admin/product/?search=mug")
    back = list_page.select_one("form[data-list] input[name=back]")["value"]

    answer = post(manager, changed(ticked("archive", mug), {"back": back}))
    elsewhere = post(manager, changed(ticked("draft", stored(Product)[0]), {"back": "//evil.example/"}))

    assert answer.location == "/admin/product/?search=mug"
    assert elsewhere.location == "/admin/product/"


@pytest.mark.any_engine
def test_a_deletion_needs_its_own_right(app: Flask, other: Person) -> None:
    mug = make_product("Mug")

    answers = [
        other.post("/admin/product/action/", changed(ticked("delete", mug), {"seen": seen})) for seen in (None, "y")
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert len(stored(Product)) == 1


def test_publishing_reads_the_variants_of_all_products_at_once(manager: Person) -> None:
    few, many = [[make_product(f"Mug {place}", prices=(1290, 1490)) for place in range(number)] for number in (2, 12)]

    reads = [reads_of(manager, ticked("publish", *some)) for some in (few, many)]

    assert reads[0] == reads[1]
    assert {one.status for one in stored(Product)} == {"active"}


def reads_of(person: Person, values: MultiDict[str, str]) -> Counter[str]:
    """How often an action reads each table."""
    seen: list[str] = []
    event.listen(db.engine, "before_cursor_execute", note := lambda _c, _k, text, *_rest: seen.append(text))
    answer = post(person, values)
    event.remove(db.engine, "before_cursor_execute", note)
    assert answer.status_code == 302
    tables = (re.search(r"\bFROM (\w+)", text) for text in seen if text.startswith("SELECT"))
    return Counter(found[1] for found in tables if found)
