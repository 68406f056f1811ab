"""The pages of the trash: what they show, the way back under other names, and the way out for good."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from backoffice.audit import trash
from backoffice.audit.models import ChangeSet
from backoffice.catalog.models import Brand, Category, Product, Tag, Variant
from backoffice.extensions import db
from backoffice.media.models import Picture
from backoffice.staff.models import Permission
from tests.making import (
    Person,
    changed,
    delete,
    form_values,
    make_brand,
    make_category,
    make_product,
    restore,
    stored,
    text_of,
)


@pytest.fixture
def manager(app: Flask) -> Person:
    return Person(app, "manager")


@pytest.fixture
def owner(app: Flask) -> Person:
    return Person(app, "owner")


def into_trash(*records: Any) -> None:
    for record in records:
        trash.trash(record)
        db.session.commit()


def in_trash(model: Any) -> list[Any]:
    db.session.expire_all()
    return [record for record in db.session.scalars(db.select(model).order_by(model.id)) if record.is_deleted]


def rows(person: Person, address: str) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in person.page(address).select(".trash-table tbody tr")]


def named(person: Person, address: str) -> list[str]:
    return [row.text for row in person.page(address).select(".trash-table .product-name")]


def send(person: Person, page: TestResponse, path: str, **changes: Any) -> TestResponse:
    """Send the form of a page as it stands, with some fields changed."""
    form = BeautifulSoup(page.text, "html.parser").select_one("main form[method=post]")
    return person.post(path, changed(form_values(form), changes))


# What is in it


def test_the_trash_says_who_deleted_what_and_what_went_along(manager: Person) -> None:
    mug = make_product("Mug", prices=(1, 2, 3))
    into_trash(mug.variants[0])
    delete(manager, stored(Product)[0])

    [row] = rows(manager, "/admin/trash/?kind=product")
    [variant] = rows(manager, "/admin/trash/?kind=variant")

    assert row.startswith("Mug with 2 variants just now by Manager")
    assert variant.startswith("Mug, Size 1 just now by the system")


def test_the_trash_is_searched_and_leafed_through(manager: Person) -> None:
    db.session.add_all([Brand(name=f"Brand {number:02}", slug=f"brand-{number}") for number in range(53)])
    db.session.commit()
    into_trash(*stored(Brand))

    first, second = named(manager, "/admin/trash/?kind=brand"), named(manager, "/admin/trash/?kind=brand&page=2")

    assert (len(first), first[0], second) == (50, "Brand 52", ["Brand 02", "Brand 01", "Brand 00"])
    assert named(manager, "/admin/trash/?kind=brand&search=brand+17") == ["Brand 17"]
    assert "No brand matches" in text_of(manager.get("/admin/trash/?kind=brand&search=zzz"))
    assert "51 to 53 of 53" in text_of(manager.get("/admin/trash/?kind=brand&page=2"))


def test_the_history_of_what_is_in_the_trash_can_be_read(manager: Person) -> None:
    brand = make_brand("Norr")
    delete(manager, brand)
    link = manager.page("/admin/trash/?kind=brand").select_one(".trash-table a")

    page = manager.page(link["href"])

    assert "History of Norr" in page.text
    assert page.select(f"a[href*='edit/?id={brand.id}']") == []


# The way back


def test_what_was_deleted_is_restored_at_once_and_can_be_taken_back(manager: Person) -> None:
    brand = make_brand("Norr")
    into_trash(brand)

    answer = restore(manager, brand)

    page = manager.get(answer.location)
    assert "Norr is back." in text_of(page) and "Undo" in page.text
    assert [one.name for one in stored(Brand)] == ["Norr"]


def test_taken_names_are_told_at_once_and_others_are_suggested(manager: Person) -> None:
    old = make_product("Old Mug", prices=(1, 2), skus=["A", "B"], slug="mug")
    into_trash(old)
    new = make_product("New Mug", prices=(1, 2), skus=["A", "B"], slug="mug")

    page = restore(manager, old)
    inputs = BeautifulSoup(page.text, "html.parser").select("input.form-control")

    assert page.status_code == 409
    assert [one["value"] for one in inputs] == ["mug-2", "A-2", "B-2"]
    assert f"/admin/product/edit/?id={new.id}" in page.text
    assert "SKU of Old Mug, Size 1" in text_of(page)

    answer = send(manager, page, "/admin/trash/restore/", **{inputs[1]["name"]: " A-OLD "})
    said = text_of(manager.get(answer.location))
    assert "Old Mug is back, with Address mug-2, SKU A-OLD and SKU B-2." in said
    assert [(one.product.slug, one.sku) for one in stored(Variant, product_id=old.id)] == [
        ("mug-2", "A-OLD"),
        ("mug-2", "B-2"),
    ]


@pytest.mark.parametrize(
    "column, typed, said",
    [
        ("slug", "Not An Address", "Write the address in small letters"),
        ("slug", "mug", "In use by New Mug. Enter another address."),
        ("sku", "y" * 65, "SKU has 65 characters. Shorten it to 64."),
        ("sku", "A", "In use by New Mug. Enter another SKU."),
    ],
)
def test_a_name_that_can_t_be_had_stays_typed_with_a_sentence(
    manager: Person, column: str, typed: str, said: str
) -> None:
    old = make_product("Old Mug", skus=["A"], slug="mug")
    into_trash(old)
    make_product("New Mug", skus=["A"], slug="mug")
    page = restore(manager, old)
    field = BeautifulSoup(page.text, "html.parser").select_one(f"input[name$='-{column}']")["name"]

    answer = send(manager, page, "/admin/trash/restore/", **{field: typed})

    again = BeautifulSoup(answer.text, "html.parser").select_one(f"input[name='{field}']")
    assert answer.status_code == 409
    assert said in text_of(answer)
    assert (again["value"], again["aria-invalid"]) == (typed, "true")
    assert len(in_trash(Product)) == 1


def test_a_sku_may_be_left_out_and_an_address_is_made_anew(manager: Person) -> None:
    old = make_product("Old Mug", skus=["A"], slug="mug")
    into_trash(old)
    make_product("New Mug", skus=["A"], slug="mug")
    page = restore(manager, old)
    fields = [one["name"] for one in BeautifulSoup(page.text, "html.parser").select("input.form-control")]

    answer = send(manager, page, "/admin/trash/restore/", **dict.fromkeys(fields, ""))

    assert answer.status_code == 302
    assert [(one.product.slug, one.sku) for one in stored(Variant, product_id=old.id)] == [("old-mug", None)]


def test_a_name_is_only_changed_where_it_is_taken(manager: Person) -> None:
    brand = make_brand("Norr")
    into_trash(brand)

    restore(manager, brand, **{f"name-brand-{brand.id}-slug": "forged", f"name-brand-{brand.id}-name": "Forged"})

    assert [(one.name, one.slug) for one in stored(Brand)] == [("Norr", "norr")]


def test_a_product_comes_back_together_with_its_home(manager: Person) -> None:
    brand, kitchen = make_brand("Norr"), make_category("Kitchen")
    mug = make_product("Mug", brand=brand, category=kitchen)
    into_trash(mug, brand, kitchen)

    page = restore(manager, mug)

    assert page.status_code == 409
    assert "Restore all 3" in text_of(page)
    assert "/admin/trash/?kind=brand&amp;search=Norr" in page.text
    answer = send(manager, page, "/admin/trash/restore/")
    assert "Mug is back together with Norr and Kitchen." in text_of(manager.get(answer.location))
    assert [len(stored(model)) for model in (Product, Brand, Category)] == [1, 1, 1]


def test_a_home_is_restored_only_by_who_may_restore_it(manager: Person) -> None:
    mug = make_product("Mug")
    picture = Picture(product_id=mug.id, source_url="https://example.com/mug.jpg", alt_text="A mug")
    db.session.add(picture)
    db.session.commit()
    into_trash(picture, mug)
    db.session.connection().execute(
        db.delete(Permission).where(Permission.area_name == "catalog", Permission.verb == "delete")
    )
    db.session.commit()

    page = restore(manager, picture)
    forced = restore(manager, picture, together="y")

    assert page.status_code == 409
    assert "Your role may not restore them." in text_of(page) and "Restore all" not in text_of(page)
    assert forced.status_code == 403
    assert len(in_trash(Product)) == len(in_trash(Picture)) == 1


def test_what_was_restored_and_deleted_again_is_not_restored_from_an_old_page(manager: Person) -> None:
    brand = make_brand("Norr")
    into_trash(brand)
    old = brand.deleted_at.isoformat()
    trash.restore(brand)
    into_trash(brand)

    answer = manager.post("/admin/trash/restore/", {"kind": "brand", "id": brand.id, "deleted_at": old})

    assert answer.status_code == 409
    assert "“Norr” was restored and deleted again since you opened the page. Nothing is done." in text_of(answer)
    assert len(in_trash(Brand)) == 1


@pytest.mark.any_engine
@pytest.mark.parametrize("shown", [None, "", "yesterday", "9" * 500])
@pytest.mark.parametrize("act", ["restore", "delete"])
def test_without_the_deletion_that_was_shown_nothing_happens(owner: Person, act: str, shown: str | None) -> None:
    brand = make_brand("Norr")
    into_trash(brand)
    sent = {"kind": "brand", "id": brand.id, "typed": "Norr"} | ({} if shown is None else {"deleted_at": shown})

    answer = owner.post(f"/admin/trash/{act}/", sent)

    assert answer.status_code == 409
    assert len(in_trash(Brand)) == 1


# The way out


def for_good(person: Person, record: Any, typed: str) -> TestResponse:
    page = person.get(f"/admin/trash/delete/?kind={record.__tablename__}&id={record.id}")
    assert page.status_code == 200, text_of(page)
    return send(person, page, "/admin/trash/delete/", typed=typed)


def test_deleting_for_good_asks_for_the_name_and_says_what_goes_along(owner: Person) -> None:
    mug = make_product("Café Mug", prices=(1, 2))
    into_trash(mug)
    page = owner.get(f"/admin/trash/delete/?kind=product&id={mug.id}")

    wrong = for_good(owner, mug, "Cafe Mug")
    right = for_good(owner, mug, "  Cafe\u0301 Mug ")

    for what in ("2 variants", "1 option", "2 price changes"):
        assert what in text_of(page)
    assert wrong.status_code == 422
    assert "That is not the name. Type “Café Mug” as it stands here. Nothing is deleted." in text_of(wrong)
    assert BeautifulSoup(wrong.text, "html.parser").select_one("#typed")["value"] == "Cafe Mug"
    assert "Café Mug is deleted for good." in text_of(owner.get(right.location))
    assert db.session.scalar(db.select(db.func.count(Product.id))) == 0


def test_what_is_still_named_is_kept_and_the_page_says_by_what(owner: Person) -> None:
    kitchen = make_category("Kitchen")
    mug = make_product("Mug", category=kitchen)
    into_trash(mug, kitchen)

    page = owner.get(f"/admin/trash/delete/?kind=category&id={kitchen.id}")
    shown = {"kind": "category", "id": kitchen.id, "deleted_at": kitchen.deleted_at.isoformat(), "typed": "Kitchen"}
    answer = owner.post("/admin/trash/delete/", shown)

    for one in (page, answer):
        assert "1 product in the trash still names it: Mug" in text_of(one)
    assert (page.status_code, answer.status_code) == (200, 422)
    assert len(in_trash(Category)) == 1


def test_only_who_may_empty_the_trash_sees_these_pages(app: Flask, manager: Person) -> None:
    brand = make_brand("Norr")
    into_trash(brand)

    answers = [
        manager.get(f"/admin/trash/delete/?kind=brand&id={brand.id}"),
        manager.post("/admin/trash/delete/", {"kind": "brand", "id": brand.id, "typed": "Norr"}),
        manager.get("/admin/trash/empty/?kind=brand"),
        manager.post("/admin/trash/empty/", {"kind": "brand", "typed": "brands"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert "for good" not in text_of(manager.get("/admin/trash/?kind=brand")).replace("or deleted for good", "")


def test_what_lives_is_not_deleted_for_good(owner: Person) -> None:
    brand = make_brand("Norr")

    answer = owner.post("/admin/trash/delete/", {"kind": "brand", "id": brand.id, "typed": "Norr"})

    assert answer.status_code == 422
    assert "“Norr” is not in the trash." in text_of(answer)
    assert len(stored(Brand)) == 1


def empty(person: Person, page: TestResponse, typed: str) -> TestResponse:
    return send(person, page, "/admin/trash/empty/", typed=typed)


def test_a_kind_is_emptied_of_what_was_shown_in_one_change_set(owner: Person) -> None:
    norr, sund, later = make_brand("Norr"), make_brand("Sund"), make_brand("Later")
    into_trash(norr, sund)
    page = owner.get("/admin/trash/empty/?kind=brand")
    into_trash(later)
    before = len(stored(ChangeSet))

    wrong = empty(owner, page, "Norr")
    answer = empty(owner, page, " brands ")

    assert "2 brands go. There is no way back." in text_of(page)
    assert (wrong.status_code, answer.status_code) == (422, 302)
    assert "Type “brands” as it stands here." in text_of(wrong)
    assert "2 brands are deleted for good." in text_of(owner.get(answer.location))
    assert [one.name for one in in_trash(Brand)] == ["Later"]
    assert len(stored(ChangeSet)) == before + 1


def test_emptying_leaves_what_is_still_named_and_says_why(owner: Person) -> None:
    kitchen, garden = make_category("Kitchen"), make_category("Garden")
    pots = make_category("Pots", garden)
    mug = make_product("Mug", category=kitchen)
    into_trash(mug, kitchen, pots, garden)

    page = owner.get("/admin/trash/empty/?kind=category")
    answer = empty(owner, page, "categories")
    said = text_of(owner.get(answer.location))

    assert "Kitchen 1 product in the trash still names it: Mug" in text_of(page)
    assert "2 categories go" in text_of(page)
    assert "2 categories are deleted for good. 1 category stays." in said
    assert "“Kitchen” can’t be deleted for good while 1 product in the trash still names it: Mug." in said
    assert [one.name for one in in_trash(Category)] == ["Kitchen"]


def test_emptying_the_variants_leaves_those_of_products_in_the_trash(owner: Person) -> None:
    mug, pan = make_product("Mug", prices=(1, 2)), make_product("Pan")
    into_trash(mug.variants[0], pan)

    answer = empty(owner, owner.get("/admin/trash/empty/?kind=variant"), "variants")

    assert answer.status_code == 302
    assert [str(one) for one in in_trash(Variant)] == ["Pan"]


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "until", ["", "now", "2026-01-01", "0001-01-01T00:00+00:00", "9999-12-31T23:59-14:00", "9" * 99]
)
def test_a_moment_that_is_none_empties_nothing(owner: Person, until: str) -> None:
    into_trash(make_brand("Norr"))

    answer = owner.post("/admin/trash/empty/", {"kind": "brand", "typed": "brands", "until": until})

    assert answer.status_code == 409
    assert len(in_trash(Brand)) == 1


@pytest.mark.any_engine
@pytest.mark.parametrize("path", ["restore", "delete", "empty"])
@pytest.mark.parametrize("kind", ["", "nothing", "staff_member", "Brand", "\ud7ff", "brand'"])
def test_a_kind_that_is_none_is_not_found(owner: Person, path: str, kind: str) -> None:
    tag = Tag(name="Sale", slug="sale")
    db.session.add(tag)
    db.session.commit()
    into_trash(tag)

    answers = [owner.post(f"/admin/trash/{path}/", {"kind": kind, "id": tag.id})]
    if path != "restore":
        answers.append(owner.get(f"/admin/trash/{path}/", query_string={"kind": kind, "id": tag.id}))

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.any_engine
@pytest.mark.parametrize("junk", ["page=0", "page=-1", "page=abc", f"page={'9' * 50}"])
def test_an_address_of_junk_is_refused(owner: Person, junk: str) -> None:
    assert owner.get(f"/admin/trash/?kind=brand&{junk}").status_code == 400
