"""History, going back to a version, undoing with a look first, and the activity of the whole shop."""

import csv
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from backoffice.audit import taking_back, trash
from backoffice.audit.history import changes_of
from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.audit.recorder import Occasion, current_change_set_id, record_as
from backoffice.catalog.models import Brand, Product, Tag, Variant
from backoffice.catalog.pricing import change_prices
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel
from backoffice.inventory.stock import move
from backoffice.media.models import Picture
from backoffice.settings.models import ShopSettings
from tests.making import Person, changed, form_values, make_brand, make_category, make_product, stored, text_of
from tests.test_access import make_role
from tests.walking import make_house

PREVIEW = ".preview-form"


def versions(person: Person, entity: str, record: Any) -> list[Any]:
    return person.page(f"/admin/{entity}/history/?id={record.id}").select(".version")


def words(part: Any) -> str:
    return " ".join(part.get_text(" ").split())


def latest() -> int:
    return stored(ChangeSet)[-1].id


def undo(person: Person, key: int, **choices: Any) -> TestResponse:
    """Look at what would go back, and decide."""
    values = person.form(f"/admin/change_set/undo/?id={key}", PREVIEW)
    return person.post("/admin/change_set/undo/", changed(values, choices))


def undo_at_once(person: Person, key: int) -> TestResponse:
    """As the note after an act does it."""
    return person.post("/admin/change_set/undo/", {"id": key, "back": "/admin/brand/"})


def revert(person: Person, entity: str, record: Any, to: int) -> TestResponse:
    values = person.form(f"/admin/{entity}/revert/?id={record.id}&to={to}", PREVIEW)
    return person.post(f"/admin/{entity}/revert/", values)


# The history of a record


def test_a_history_tells_who_when_how_and_what_in_the_words_of_the_screen(app: Flask) -> None:
    manager, norr = Person(app, "manager"), make_brand("Norr")
    product = make_product("Enamel Mug", brand=norr)
    sund, sale = make_brand("Sund"), Tag(name="Sale", slug="sale")
    db.session.add(sale)
    db.session.commit()

    path = f"/admin/product/edit/?id={product.id}"
    manager.save(path, name="Enamel Cup", brand=sund.id, tags=sale.id, **{"variants-0-price": "14.50"})

    [newest, *_] = versions(manager, "product", product)
    shown = words(newest)
    assert "Manager on its page just now · the present version" in shown
    assert "Name Enamel Mug Enamel Cup" in shown
    assert "Brand Norr Sund" in shown
    assert "Tags Sale" in shown
    assert "Variant Enamel Cup changed Price €12.90 €14.50" in shown


def test_a_history_tells_of_variants_options_pictures_and_stock_too(app: Flask) -> None:
    owner, product = Person(app, "owner"), make_product("Enamel Mug", prices=(1000, 1200))
    [location] = stored(Location)
    db.session.add(Picture(product_id=product.id, source_url="https://x.example/1.jpg", alt_text="Side"))
    db.session.commit()
    move(product.variants[0], location, 5, "delivery", None)
    db.session.commit()
    product.options[0].name = "Length"
    db.session.commit()

    shown = " | ".join(words(one) for one in versions(owner, "product", product))

    assert "Option Length changed Name Size Length" in shown
    assert "Picture Side made" in shown
    assert "Stock of Enamel Mug, Size 1" in shown
    assert "Size 2 made SKU" in shown and "Price €12.00" in shown


def test_changed_words_of_a_text_are_marked(app: Flask) -> None:
    owner = Person(app, "owner")
    product = make_product(description="<p>A sturdy mug that holds soup, stew and tea on a cold day.</p>")
    product.description = "<p>A sturdy cup that holds soup, stew and coffee on a cold day.</p>"
    db.session.commit()

    [newest, *_] = versions(owner, "product", product)

    assert [words(one) for one in newest.select("del.diff-part")] == ["mug", "tea"]
    assert [words(one) for one in newest.select("ins.diff-part")] == ["cup", "coffee"]
    assert "A sturdy mug cup that holds soup, stew and tea coffee on a cold day." in words(newest)


def test_text_that_only_looks_otherwise_now_is_told_as_well(app: Flask) -> None:
    owner, product = Person(app, "owner"), make_product(description="<p>Dip brazed by hand</p>")
    product.description = "<p>Dip <b>brazed</b> by hand</p>"
    db.session.commit()

    [newest, *_] = versions(owner, "product", product)

    assert "<b>brazed</b>" in words(newest)


def test_a_long_history_is_read_a_part_at_a_time(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_brand("Norr")
    for number in range(120):
        brand.name = f"Norr {number}"
        db.session.commit()

    first = owner.page(f"/admin/brand/history/?id={brand.id}")
    older = first.find("a", string="Older")["href"]
    second = owner.page(older)

    assert len(first.select(".version")) == 100 and len(second.select(".version")) == 21
    assert "the present version" not in words(second) and second.find("a", string="Older") is None
    assert owner.get(f"/admin/brand/history/?id={brand.id}&before=x").status_code == 400


def test_the_history_of_what_is_in_the_trash_can_be_read(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_brand("Norr")
    trash.trash(brand)
    db.session.commit()

    page = owner.page(f"/admin/brand/history/?id={brand.id}")

    assert "In the trash" in words(page) and "Deleted" in words(page.select(".version")[0])
    assert "Revert to this version" not in words(page)


def test_an_import_is_told_with_its_file(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_brand("Norr")
    record_as(Occasion("import", "Import of spring.csv", source="spring.csv"))
    brand.name = "Sund"
    db.session.commit()
    record_as(Occasion("system"))

    assert "by an import: spring.csv" in words(versions(owner, "brand", brand)[0])


# Going back to a version


def test_going_back_is_shown_first_and_then_done_as_a_new_change(app: Flask) -> None:
    manager = Person(app, "manager")
    product = make_product("Enamel Mug")
    to = changes_of(product)[-1].change_set_id
    path = f"/admin/product/edit/?id={product.id}"
    manager.save(path, name="Enamel Cup", **{"variants-0-price": "14.50"})
    manager.save(path, seo_title="Cups")

    preview = manager.page(f"/admin/product/revert/?id={product.id}&to={to}")
    answer = revert(manager, "product", product, to)

    assert "Name Enamel Cup Enamel Mug" in words(preview) and "Price €14.50 €12.90" in words(preview)
    assert answer.status_code == 302, text_of(answer)
    [product] = stored(Product)
    assert (product.name, product.seo_title, product.variants[0].price_minor) == ("Enamel Mug", None, 1290)
    assert stored(ChangeSet)[-1].kind == "revert"


def test_the_preview_marks_the_words_of_a_text_that_would_change(app: Flask) -> None:
    owner, product = Person(app, "owner"), make_product(description="<p>A mug that holds soup, stew and tea.</p>")
    to = changes_of(product)[-1].change_set_id
    product.description = "<p>A mug that holds soup, stew and coffee.</p>"
    db.session.commit()

    page = owner.page(f"/admin/product/revert/?id={product.id}&to={to}")

    assert [words(one) for one in page.select(".diff-part")] == ["coffee.", "tea."]


def test_going_back_takes_new_variants_away_and_brings_dropped_ones_back(app: Flask) -> None:
    owner, product = Person(app, "owner"), make_product(prices=(1000, 1200), status="draft")
    first, second = product.variants
    to = changes_of(product)[0].change_set_id
    path = f"/admin/product/edit/?id={product.id}"
    owner.save(path, **{"variants-1-remove": "y", "variants-new3-value-1": "Size 9", "variants-new3-price": "5"})
    assert [one.title for one in stored(Variant)] == ["Size 1", "Size 9"]

    answer = revert(owner, "product", product, to)

    assert answer.status_code == 302, text_of(answer)
    assert [one.title for one in stored(Variant)] == ["Size 1", "Size 2"]
    assert [one.id for one in stored(Variant)] == [first.id, second.id]


def test_going_back_can_be_undone(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_brand("Norr")
    to = latest()
    brand.name = "Sund"
    db.session.commit()
    revert(owner, "brand", brand, to)

    undo_at_once(owner, latest())

    assert stored(Brand)[0].name == "Sund"


def test_stock_does_not_go_back_with_a_version(app: Flask) -> None:
    owner, product = Person(app, "owner"), make_product()
    to = changes_of(product)[0].change_set_id
    move(product.variants[0], stored(Location)[0], 7, "delivery", None)
    product.name = "Cup"
    db.session.commit()

    revert(owner, "product", product, to)

    assert [level.on_hand for level in stored(StockLevel)] == [7]
    assert stored(Product)[0].name == "Enamel Mug"


def test_what_was_saved_since_the_preview_is_shown_before_anything_goes_back(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_brand("Norr")
    to = latest()
    brand.name = "Sund"
    db.session.commit()
    values = owner.form(f"/admin/brand/revert/?id={brand.id}&to={to}", PREVIEW)
    brand.description = "New words."
    db.session.commit()

    answer = owner.post("/admin/brand/revert/", values)

    assert answer.status_code == 409 and "Somebody saved something meanwhile" in text_of(answer)
    assert stored(Brand)[0].name == "Sund"


def test_going_back_over_others_work_takes_the_right_to_undo(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")
    to = latest()
    editor.save(f"/admin/brand/edit/?id={brand.id}", name="Sund")
    own = revert(editor, "brand", brand, to)
    Person(app, "owner").save(f"/admin/brand/edit/?id={brand.id}", name="Vik")

    page = editor.page(f"/admin/brand/revert/?id={brand.id}&to={to}")
    answer = editor.post("/admin/brand/revert/", editor.form(f"/admin/brand/revert/?id={brand.id}&to={to}", PREVIEW))

    assert own.status_code == 302
    assert "may not bring it back" in words(page) and page.select_one(".preview-actions button") is None
    assert answer.status_code == 403
    assert stored(Brand)[0].name == "Vik"


@pytest.mark.any_engine
@pytest.mark.parametrize("to", ["", "0", "-1", "x", "999999", "9" * 30, "1 OR 1=1"])
def test_a_version_that_does_not_exist_is_told_in_a_sentence(app: Flask, to: str) -> None:
    owner, brand = Person(app, "owner"), make_brand("Norr")

    answer = owner.get(f"/admin/brand/revert/?id={brand.id}&to={to}")

    assert answer.status_code in (400, 404)
    assert "There is no such version" in text_of(answer)


@pytest.mark.any_engine
def test_a_change_of_another_record_is_no_version_of_this_one(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_brand("Norr")
    make_brand("Sund")

    answer = owner.get(f"/admin/brand/revert/?id={brand.id}&to={latest()}")

    assert answer.status_code == 400 and "no such version" in text_of(answer)


# Undoing


def test_an_undo_may_be_looked_at_before(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_brand("Norr")
    brand.name = "Sund"
    db.session.commit()
    before = len(stored(ChangeSet))

    page = owner.page(f"/admin/change_set/undo/?id={latest()}")

    assert "Goes back 1 record" in words(page) and "Name Sund Norr" in words(page)
    assert len(stored(ChangeSet)) == before


def test_a_note_takes_back_at_once_what_nobody_touched(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")
    editor.save(f"/admin/brand/edit/?id={brand.id}", name="Sund")

    answer = undo_at_once(editor, latest())

    assert answer.status_code == 302 and answer.location == "/admin/brand/"
    assert stored(Brand)[0].name == "Norr"


def shout(person: Person, *brands: Brand) -> int:
    """One change of several brands."""
    record_as(Occasion("bulk", "Shout", actor_id=person.member_id, actor_name="Manager"))
    for brand in brands:
        brand.name = brand.name.upper()
    db.session.commit()
    record_as(Occasion("system"))
    return current_change_set_id()


def test_what_somebody_changed_since_is_shown_with_both_values_before_anything_goes_back(app: Flask) -> None:
    manager, brands = Person(app, "manager"), [make_brand(name) for name in ("One", "Two")]
    key = shout(manager, *brands)
    Person(app, "editor").save(f"/admin/brand/edit/?id={brands[1].id}", name="Zwei")

    answer = undo_at_once(manager, key)

    shown = text_of(answer)
    assert answer.status_code == 409
    assert "Goes back 1 record" in shown and "Changed since 1 record; it stays unless you tick it below" in shown
    assert "was Two made TWO now Zwei" in shown and "Editor, just now" in shown
    assert [brand.name for brand in stored(Brand)] == ["ONE", "Zwei"]


def test_what_somebody_changed_since_stays_unless_it_is_ticked(app: Flask) -> None:
    manager, brands = Person(app, "manager"), [make_brand(name) for name in ("One", "Two")]
    key = shout(manager, *brands)
    Person(app, "editor").save(f"/admin/brand/edit/?id={brands[1].id}", name="Zwei")

    undo(manager, key)
    names = [brand.name for brand in stored(Brand)]
    page = manager.page(f"/admin/change_set/details/?id={key}")
    rest = undo(manager, key, also=f"brand:{brands[1].id}")

    assert names == ["One", "Zwei"]
    assert "Taken back in part" in words(page) and "Take back the rest" in words(page)
    assert rest.status_code == 302
    assert [brand.name for brand in stored(Brand)] == ["One", "Two"]


def test_a_choice_holds_only_for_what_was_seen(app: Flask) -> None:
    manager, brands = Person(app, "manager"), [make_brand(name) for name in ("One", "Two")]
    editor, key = Person(app, "editor"), shout(manager, *brands)
    editor.save(f"/admin/brand/edit/?id={brands[1].id}", name="Zwei")
    values = manager.form(f"/admin/change_set/undo/?id={key}", PREVIEW)
    editor.save(f"/admin/brand/edit/?id={brands[1].id}", name="Deux")

    answer = manager.post("/admin/change_set/undo/", changed(values, {"also_all": "y"}))

    assert answer.status_code == 409 and "now Deux" in text_of(answer)
    assert [brand.name for brand in stored(Brand)] == ["ONE", "Deux"]


def test_what_a_rule_refuses_is_named_and_the_others_still_go_back(app: Flask) -> None:
    manager = Person(app, "manager")
    one, two = (make_product(name, skus=[name]).variants[0] for name in ("A", "B"))
    record_as(Occasion("bulk", "New numbers", actor_id=manager.member_id))
    one.sku, two.sku = "A-1", "B-1"
    db.session.commit()
    record_as(Occasion("system"))
    key = current_change_set_id()
    make_product("C", skus=["A"])

    refused = undo_at_once(manager, key)
    page = BeautifulSoup(refused.text, "html.parser").select_one(PREVIEW)

    again = manager.post("/admin/change_set/undo/", form_values(page))

    assert refused.status_code == 409 and "is in use by another record now" in text_of(refused)
    assert again.status_code == 302, text_of(again)
    assert sorted(one.sku for one in stored(Variant)) == ["A", "A-1", "B"]


def test_a_change_is_undone_once_and_says_so(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_brand("Norr")
    brand.name = "Sund"
    db.session.commit()
    key = latest()
    undo_at_once(owner, key)

    page, again = owner.page(f"/admin/change_set/details/?id={key}"), undo_at_once(owner, key)

    assert "Taken back by Owner" in words(page) and "Take this back" not in words(page)
    assert again.status_code == 422 and "was taken back already" in text_of(again)


def test_a_change_of_staff_offers_no_way_back(app: Flask) -> None:
    owner = Person(app, "owner")
    Person(app, "viewer")

    page = owner.page(f"/admin/change_set/details/?id={latest()}")

    assert "Take this back" not in words(page)
    assert undo_at_once(owner, latest()).status_code == 422


def test_many_rows_are_read_a_part_at_a_time_and_undone_as_one(app: Flask) -> None:
    manager = Person(app, "manager")
    product = make_product(prices=tuple(range(1000, 1150)))
    keys = [variant.id for variant in product.variants]
    record_as(Occasion("bulk", "Dearer", actor_id=manager.member_id))
    change_prices({key: 5000 for key in keys})
    db.session.commit()
    record_as(Occasion("system"))
    key = current_change_set_id()

    first = manager.page(f"/admin/change_set/details/?id={key}")
    second = manager.page(first.find("a", string="Next")["href"])
    answer = undo(manager, key)

    assert (len(first.select(".entry")), len(second.select(".entry"))) == (100, 50)
    assert "100 of 150 entries" in words(first)
    assert answer.status_code == 302
    assert [one.price_minor for one in stored(Variant)] == list(range(1000, 1150))


def test_many_are_shown_before_they_go_back_from_a_note(app: Flask) -> None:
    manager = Person(app, "manager")
    key = shout(manager, *(make_brand(f"Brand {n}") for n in range(21)))

    answer = undo_at_once(manager, key)

    assert answer.status_code == 409 and "Take back 21 records" in text_of(answer)
    assert stored(Brand)[0].name == "BRAND 0"


def test_what_is_in_the_trash_is_told_and_can_go_back_after_it_was_restored(app: Flask) -> None:
    manager, brands = Person(app, "manager"), [make_brand(name) for name in ("One", "Two")]
    key = shout(manager, *brands)
    trash.trash(brands[1])
    db.session.commit()

    told = undo_at_once(manager, key)
    done = undo(manager, key)
    trash.restore(db.session.get(Brand, brands[1].id))
    db.session.commit()
    rest = undo(manager, key)

    assert told.status_code == 409 and "was deleted since. Restore it first." in text_of(told)
    assert (done.status_code, rest.status_code) == (302, 302)
    assert [brand.name for brand in stored(Brand)] == ["One", "Two"]


def test_a_record_that_is_not_ticked_stays_whole(app: Flask) -> None:
    manager, brand = Person(app, "manager"), make_brand("Norr")
    manager.save(f"/admin/brand/edit/?id={brand.id}", name="Sund", description="By Mira")
    key = latest()
    Person(app, "owner").save(f"/admin/brand/edit/?id={brand.id}", description="By Ines")

    answer = undo(manager, key)

    assert answer.status_code == 422 and "nothing was ticked" in text_of(answer)
    assert [(one.name, one.description) for one in stored(Brand)] == [("Sund", "By Ines")]


def test_a_tick_holds_only_for_the_value_that_was_looked_at(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    manager, brand = Person(app, "manager"), make_brand("Norr")
    key = shout(manager, brand)
    brand.name = "Seen"
    db.session.commit()
    values = changed(manager.form(f"/admin/change_set/undo/?id={key}", PREVIEW), {"also": f"brand:{brand.id}"})
    carry_out, brand_id = taking_back.carry_out, brand.id

    def somebody_first(*arguments: Any) -> Any:
        db.session.get(Brand, brand_id).name = "Never seen"
        db.session.flush()
        return carry_out(*arguments)

    monkeypatch.setattr(taking_back, "carry_out", somebody_first)
    answer = manager.post("/admin/change_set/undo/", values)

    assert answer.status_code == 409


def test_later_work_on_an_added_variant_is_not_taken_along_unasked(app: Flask) -> None:
    editor, product = Person(app, "editor"), make_product(prices=(1000, 1200))
    path = f"/admin/product/edit/?id={product.id}"
    editor.save(path, **{"variants-new3-value-1": "XL", "variants-new3-sku": "XL-1"})
    key = latest()
    [added] = stored(Variant, sku="XL-1")
    Person(app, "manager").edit_cell("variant", added, "price", "9.99", "", added.version)

    at_once = undo_at_once(editor, key)
    ticked = undo(editor, key, also_all="y")

    assert at_once.status_code == 409 and "Manager, just now" in text_of(at_once)
    assert ticked.status_code == 403
    assert [one.price_minor for one in stored(Variant, sku="XL-1")] == [999]


def test_who_takes_back_what_they_made_may_bring_it_back(app: Flask) -> None:
    editor = Person(app, "editor")
    editor.save("/admin/brand/new/", name="Norr")
    undo_at_once(editor, latest())
    assert stored(Brand) == []

    answer = undo_at_once(editor, latest())

    assert answer.status_code == 302
    assert [one.name for one in stored(Brand)] == ["Norr"]
    assert stored(ChangeSet)[-1].summary == "Put back: Norr made"


def test_a_note_offers_no_way_back_that_would_be_refused(app: Flask) -> None:
    picker = Person(app, make_role(("catalog", "read"), ("catalog", "edit")))
    brand = make_brand("Norr")
    picker.save(f"/admin/brand/edit/?id={brand.id}", name="Sund")
    shown = picker.page(f"/admin/brand/edit/?id={brand.id}").select(".toast-note form")
    remover = Person(app, make_role(("catalog", "read"), ("catalog", "delete")))
    product = make_product()
    db.session.add(Picture(product_id=product.id, source_url="https://x.example/1.jpg"))
    db.session.commit()
    remover.post(
        "/admin/product/delete/", remover.form(f"/admin/product/delete/?id={product.id}", "form[data-deletes]")
    )

    assert len(shown) == 1
    assert remover.page("/admin/product/").select(".toast-note form") == []


def test_a_history_tells_only_what_one_may_read(app: Flask) -> None:
    reader, product = Person(app, make_role(("catalog", "read"))), make_product()
    move(product.variants[0], stored(Location)[0], 5, "delivery", None)
    db.session.add(Picture(product_id=product.id, source_url="https://x.example/1.jpg", alt_text="Secret shot"))
    db.session.commit()

    shown = " ".join(words(one) for one in versions(reader, "product", product))

    assert "made" in shown and "Stock of" not in shown and "Secret shot" not in shown


@pytest.mark.any_engine
def test_every_record_that_is_recorded_has_its_history_and_no_other(app: Flask) -> None:
    owner = Person(app, "owner")
    for endpoint, record in make_house(app).items():
        screen = app.extensions["screens"][endpoint]
        page = "edit" if screen.can_edit else "details"
        tabs = owner.page(f"/admin/{endpoint}/{page}/?id={record.id}").select(".view-tab")
        has_tab = any(tab.text == "History" for tab in tabs)
        assert has_tab is screen.model.is_recorded, endpoint


def test_a_hundred_undos_of_undos_are_told_apart(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_brand("Norr")
    brand.name = "Sund"
    db.session.commit()
    first = latest()
    for _ in range(100):
        record_as(Occasion("undo", "Took back", undoes_id=latest()))
        assert taking_back.take_back(stored(ChangeSet)[-1], None).taken == 1
        db.session.commit()
    record_as(Occasion("system"))

    page = owner.page(f"/admin/change_set/details/?id={first}")

    assert stored(Brand)[0].name == "Sund"
    assert "Take this back" in words(page)


# The activity of the shop


@pytest.fixture
def busy_shop(app: Flask) -> dict[str, Any]:
    """Two people who changed this and that."""
    manager, editor = Person(app, "manager"), Person(app, "editor")
    mug, norr = make_product("Enamel Mug"), make_brand("Norr")
    manager.edit_cell("variant", mug.variants[0], "price", "14.50", "12.90", 1)
    editor.save(f"/admin/brand/edit/?id={norr.id}", name="Sund")
    editor.save(f"/admin/product/edit/?id={mug.id}", name="Enamel Cup")
    people = {"manager": manager.member_id, "editor": editor.member_id}
    return {"mug": mug, "norr": norr, "owner": Person(app, "owner"), "people": people}


def found(person: Person, query: str) -> list[str]:
    rows = person.page(f"/admin/change_set/?{query}").select("tbody tr")
    return [row.select_one(".product-name").text for row in rows]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("actor={manager}", ["Price of Enamel Mug"]),
        ("actor={editor}", ["Enamel Cup changed", "Sund changed"]),
        ("kind=cell", ["Price of Enamel Mug"]),
        ("field=variant.price_minor", ["Price of Enamel Mug"]),
        ("field=brand.name&field=product.name", ["Enamel Cup changed", "Sund changed"]),
        ("actor={editor}&entity=brand", ["Sund changed"]),
        ("actor={editor}&entity__not=brand", ["Enamel Cup changed"]),
        ("actor={manager}&at__to=2020-01-01", []),
    ],
)
def test_the_activity_is_narrowed_by_person_kind_record_field_and_day(
    app: Flask, busy_shop: dict[str, Any], query: str, names: list[str]
) -> None:
    assert found(busy_shop["owner"], query.format_map(busy_shop["people"])) == names


def test_the_activity_says_which_fields_were_changed(app: Flask, busy_shop: dict[str, Any]) -> None:
    [row] = busy_shop["owner"].page("/admin/change_set/?kind=cell").select("tbody tr")

    assert "Variant: Price" in words(row)


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "query", ["actor=999999", "actor=Nobody", "kind=x", "entity=sign_in", "field=x.y", "entity=secret"]
)
def test_what_cannot_be_asked_is_told_in_a_sentence(app: Flask, query: str) -> None:
    answer = Person(app, "owner").get(f"/admin/change_set/?{query}")

    assert answer.status_code == 400 and "Choose one of the list." in text_of(answer)


def test_the_activity_is_exported_with_a_line_for_each_field(app: Flask, busy_shop: dict[str, Any]) -> None:
    answer = busy_shop["owner"].get("/admin/change_set/export/csv/?field=variant.price_minor")

    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(one["Who"], one["Record"], one["Field"], one["Before"], one["After"]) for one in rows] == [
        ("Manager", "Enamel Mug", "Price", "€12.90", "€14.50")
    ]


def test_who_may_not_read_staff_reads_nothing_of_it_in_the_history(app: Flask) -> None:
    Person(app, "owner", email="secret-person@example.com")
    viewer, manager = Person(app, "viewer"), Person(app, "manager")

    listed = viewer.page("/admin/change_set/")
    exported = manager.get("/admin/change_set/export/csv/")

    assert "secret-person" not in str(listed) and "secret-person" not in exported.text
    assert found(viewer, "entity=brand") == []
    assert viewer.get("/admin/change_set/?entity=staff_member").status_code == 400


@pytest.mark.any_engine
def test_no_secret_is_in_the_activity(app: Flask) -> None:
    owner = Person(app, "owner")
    hashes = [row.new["password_hash"] for row in stored(ChangeRow) if "password_hash" in (row.new or {})]

    answer = owner.get("/admin/change_set/export/csv/")

    assert hashes and set(hashes) == {"(secret)"}
    assert "argon2" not in answer.text


@pytest.mark.any_engine
def test_the_settings_have_a_history_and_go_back(app: Flask) -> None:
    owner = Person(app, "owner")
    owner.save("/admin/settings/edit/?id=1", shop_name="First")
    to = latest()
    owner.save("/admin/settings/edit/?id=1", shop_name="Second")

    answer = revert(owner, "settings", stored(ShopSettings)[0], to)

    assert answer.status_code == 302, text_of(answer)
    assert stored(ShopSettings)[0].shop_name == "First"


def test_a_category_goes_back_with_the_names_of_all_below_it(app: Flask) -> None:
    owner, kitchen = Person(app, "owner"), make_category("Kitchen")
    pans = make_category("Pans", kitchen)
    to = changes_of(kitchen)[0].change_set_id
    owner.save(f"/admin/category/edit/?id={kitchen.id}", name="Cooking")
    assert db.session.get(type(pans), pans.id, populate_existing=True).full_name == "Cooking › Pans"

    revert(owner, "category", kitchen, to)

    assert db.session.get(type(pans), pans.id, populate_existing=True).full_name == "Kitchen › Pans"
