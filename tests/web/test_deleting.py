"""The page before a deletion: what it says, and that it acts only on what it showed."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from backoffice.catalog.models import Brand, Category, Product, Tag, Variant
from backoffice.extensions import db
from backoffice.inventory.models import Location
from backoffice.inventory.stock import move
from backoffice.media.models import Picture
from backoffice.staff.models import Permission
from tests.making import Person, delete, make_brand, make_category, make_product, stored, text_of
from tests.walking import changed_tables, snapshot

FORM = "form[data-deletes]"


def address(record: Any) -> str:
    return f"/admin/{record.__tablename__}/delete/?id={record.id}"


def facts(person: Person, record: Any) -> dict[str, str]:
    """What else is touched, as the page says it."""
    rows = person.page(address(record)).select(".fact-list > div")
    return {row.dt.text: " ".join(row.dd.text.split()) for row in rows}


@pytest.fixture
def mug(app: Flask) -> Product:
    """A product with all that may hang on one."""
    product = make_product("Mug", prices=(1000, 1200), skus=["MUG-1", "MUG-2"], slug="mug")
    db.session.add(Picture(product_id=product.id, source_url="https://example.com/mug.jpg"))
    move(product.variants[0], stored(Location)[0], 40, "delivery", None)
    db.session.commit()
    return product


def test_the_page_says_what_else_is_touched_and_changes_nothing(app: Flask, mug: Product) -> None:
    manager, before = Person(app, "manager"), snapshot()

    said = facts(manager, mug)

    assert said == {
        "2 variants": "In the trash too: MUG-1 and MUG-2 Show them: 2 variants",
        "1 shop address": "Leading nowhere: mug",
        "40 pieces of stock": "Out of sight: 40 at Main location",
        "1 picture": "In the trash too Show it: 1 picture",
    }
    assert {"product", "variant", "picture", "stock_level", "change_row"}.isdisjoint(changed_tables(before, snapshot()))


def test_the_form_leads_to_the_page_and_the_page_deletes(app: Flask, mug: Product) -> None:
    manager = Person(app, "manager")
    link = manager.page(f"/admin/product/edit/?id={mug.id}").select_one(f"a[href='{address(mug)}']")

    answer = manager.save(link["href"], FORM)

    assert link.text == "Delete…"
    assert "Mug is in the trash." in text_of(manager.get(answer.location))
    assert stored(Product) == stored(Variant) == stored(Picture) == []


def test_what_was_changed_since_is_not_deleted_and_the_page_names_who(app: Flask) -> None:
    manager, editor, brand = Person(app, "manager"), Person(app, "editor"), make_brand("Norr")
    form = manager.form(address(brand), FORM)
    editor.save(f"/admin/brand/edit/?id={brand.id}", name="Nord")

    answer = manager.post(address(brand), form, with_token=False)

    assert answer.status_code == 409
    assert "It was changed since you opened the page. Last changed by Editor, just now" in text_of(answer)
    assert "Nord changed" in text_of(answer)
    assert [one.name for one in stored(Brand)] == ["Nord"]

    again = BeautifulSoup(answer.text, "html.parser").select_one(f"{FORM} [name=version]")["value"]
    assert manager.post(address(brand), {"id": brand.id, "version": again}).status_code == 302
    assert stored(Brand) == []


@pytest.mark.any_engine
@pytest.mark.parametrize("version", [None, "", "0", "-1", "abc", "9" * 30, "1 OR 1=1", "²"])
def test_without_the_version_that_was_shown_nothing_is_deleted(app: Flask, version: str | None) -> None:
    manager, brand = Person(app, "manager"), make_brand("Norr")

    answer = manager.post("/admin/brand/delete/", {"id": brand.id} | ({} if version is None else {"version": version}))

    assert answer.status_code == 409
    assert "Nothing is deleted. This is how it is now." in text_of(answer)
    assert len(stored(Brand)) == 1


def test_a_variant_that_came_since_does_not_go_along_unseen(app: Flask, mug: Product) -> None:
    manager = Person(app, "manager")
    form = manager.form(address(mug), FORM)
    manager.save(
        f"/admin/product/edit/?id={mug.id}", **{"variants-new2-sku": "MUG-3", "variants-new2-value-1": "Large"}
    )
    form["version"] = str(stored(Product)[0].version)

    answer = manager.post(address(mug), form, with_token=False)

    assert answer.status_code == 409
    assert "What goes along was changed since you opened the page." in text_of(answer)
    assert "3 variants" in text_of(answer)
    assert len(stored(Variant)) == 3


def test_a_brand_in_use_has_no_button_but_a_way_to_its_products(app: Flask) -> None:
    manager, brand = Person(app, "manager"), make_brand("Norr")
    make_product("Mug", brand=brand)
    make_product("Pan", brand=brand)

    page = manager.page(address(brand))
    shown = manager.page(page.select_one(".fact-list a")["href"])
    answer = delete(manager, brand)

    assert page.select_one("main button") is None
    assert {one.text for one in shown.select("tbody .product-name")} == {"Mug", "Pan"}
    assert answer.status_code == 422
    assert "“Norr” is in use by 2 products. Give them another brand first." in text_of(answer)
    assert len(stored(Brand)) == 1


def test_a_category_in_use_counts_what_is_in_it_and_below(app: Flask) -> None:
    manager, category = Person(app, "manager"), make_category("Kitchen")
    make_category("Pans", category)
    make_product("Mug", category=category)

    answer = delete(manager, category)

    assert answer.status_code == 422
    assert "“Kitchen” is in use by 1 product and 1 category." in text_of(answer)
    assert len(stored(Category)) == 2


def test_a_tag_says_how_many_products_lose_it(app: Flask) -> None:
    manager, tag = Person(app, "manager"), Tag(name="Sale", slug="sale")
    make_product("Mug").tags = [tag]
    db.session.commit()

    assert facts(manager, tag) == {"1 product": "Without this tag: Mug Show it: 1 product"}


def test_nobody_is_told_of_what_they_may_not_look_at(app: Flask, mug: Product) -> None:
    manager = Person(app, "manager")
    db.session.connection().execute(db.delete(Permission).where(Permission.area_name == "stock"))
    db.session.commit()

    assert [words for words in facts(manager, mug) if "stock" in words] == []


@pytest.mark.any_engine
def test_only_who_may_delete_sees_the_page(app: Flask) -> None:
    brand = make_brand("Norr")

    answers = {role: Person(app, role).get(address(brand)).status_code for role in ("viewer", "editor", "manager")}

    assert answers == {"viewer": 403, "editor": 403, "manager": 200}


@pytest.mark.any_engine
@pytest.mark.parametrize("key", ["abc", "0", "-1", "9" * 30, "", "1 OR 1=1", "²"])
def test_a_key_that_is_none_has_no_page(app: Flask, key: str) -> None:
    manager = Person(app, "manager")

    answer = manager.get("/admin/brand/delete/", query_string={"id": key})

    assert answer.status_code == 404
