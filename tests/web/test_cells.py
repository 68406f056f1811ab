"""Editing one cell of a list in place: the same fields, rights and guard as the form's."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from backoffice.audit import trash
from backoffice.audit.models import ChangeSet
from backoffice.catalog.models import Brand, Category, PriceChange, Product, Variant
from backoffice.extensions import db
from backoffice.records import lock
from backoffice.settings.models import ShopSettings
from backoffice.web import cells
from tests.making import Person, make_brand, make_category, make_product, stored


def cell_on_page(person: Person, entity: str, record: Any, name: str) -> Any:
    page = person.page(f"/admin/{entity}/?page_size=200&columns={name}")
    return page.select_one(f'tr[data-key="{record.id}"] [data-cell="{name}"]')


def edit_as_shown(person: Person, entity: str, record: Any, name: str, value: str) -> TestResponse:
    """What the browser sends after a person typed a value into the cell as their list shows it."""
    cell = cell_on_page(person, entity, record, name)
    return person.edit_cell(entity, record, name, value, cell["data-value"], cell["data-version"])


def test_a_price_typed_into_the_list_is_stored_and_shown_as_the_shop_writes_it(app: Flask) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1290,))

    answer = edit_as_shown(manager, "product", product, "price", "1,015.5")

    assert answer.status_code == 200, answer.text
    assert stored(Variant)[0].price_minor == 101550
    assert answer.json["value"] == "1015.50"
    assert BeautifulSoup(answer.json["shown"], "html.parser").text == "€1,015.50"
    assert answer.json["message"] == "Price of Enamel Mug is now €1,015.50."
    assert answer.json["version"] == stored(Variant)[0].version
    change = stored(PriceChange)[-1]
    assert (change.old_price_minor, change.new_price_minor) == (1290, 101550)


def test_the_next_edit_goes_on_from_what_the_answer_said(app: Flask) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1290,))

    first = edit_as_shown(manager, "product", product, "price", "15")
    second = manager.edit_cell("product", product, "price", "16", first.json["value"], first.json["version"])

    assert second.status_code == 200, second.text
    assert stored(Variant)[0].price_minor == 1600


@pytest.mark.parametrize(
    ("rounding", "typed", "price"),
    [
        ("none", "+10%", 1419),
        ("none", "-2.5 %", 1258),
        ("none", "−100%", 0),
        ("99", "+10%", 1399),
        ("50", "+ 10 %", 1400),
        ("100", "+0,5%", 1300),
    ],
)
def test_a_price_is_worked_out_by_per_cent_and_rounded_as_the_shop_wants(
    app: Flask, rounding: str, typed: str, price: int
) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1290,))
    Person(app, "owner").save("/admin/settings/edit/?id=1", price_rounding=rounding)

    answer = edit_as_shown(manager, "product", product, "price", typed)

    assert answer.status_code == 200, answer.text
    assert stored(Variant)[0].price_minor == price
    assert stored(PriceChange)[-1].new_price_minor == price


def test_a_cost_is_worked_out_to_the_smallest_coin_whatever_prices_end_in(app: Flask) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1290,))
    Person(app, "owner").save("/admin/settings/edit/?id=1", price_rounding="99")
    variant = product.variants[0]
    manager.save(f"/admin/variant/edit/?id={variant.id}", cost="5.01")

    manager.save(f"/admin/variant/edit/?id={variant.id}", cost="+10%")

    assert stored(Variant)[0].cost_minor == 551


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("10%", "Write the amount as 12.50."),
        ("-101%", "Nothing can be more than 100 per cent cheaper."),
        ("+99999%", None),
        ("+99999999%", "Write the amount as 12.50."),
        ("+1e5%", "Write the amount as 12.50."),
        ("+%", "Write the amount as 12.50."),
    ],
)
def test_a_change_by_per_cent_that_cannot_be_is_refused_with_a_sentence(
    app: Flask, typed: str, sentence: str | None
) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1290,))

    answer = edit_as_shown(manager, "product", product, "price", typed)

    assert answer.status_code == (422 if sentence else 200)
    assert sentence is None or sentence in answer.json["message"]
    assert stored(Variant)[0].price_minor == (1290 if sentence else 1291277)


def test_what_has_no_price_cannot_change_by_per_cent(app: Flask) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(None,))

    answer = edit_as_shown(manager, "product", product, "price", "+10%")

    assert answer.status_code == 422
    assert answer.json["message"] == "There is no amount yet that could change by per cent. Enter one."


def test_per_cent_of_a_price_that_somebody_changed_meanwhile_is_asked_about(app: Flask) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1000,))
    cell = cell_on_page(manager, "product", product, "price")
    edit_as_shown(manager, "product", product, "price", "20")

    answer = manager.edit_cell("product", product, "price", "+10%", cell["data-value"], cell["data-version"])

    assert answer.status_code == 409
    assert (answer.json["theirs"], answer.json["yours"]) == ("€20.00", "€11.00")
    assert stored(Variant)[0].price_minor == 2000


def test_a_form_works_prices_out_for_each_of_its_variants(app: Flask) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1000, 2000))

    manager.save(f"/admin/product/edit/?id={product.id}", **{"variants-0-price": "+10%", "variants-1-price": "-50%"})

    assert sorted(variant.price_minor for variant in stored(Variant)) == [1000, 1100]


def test_an_edited_cell_can_be_taken_back(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")
    answer = edit_as_shown(editor, "brand", brand, "name", "Nord")

    taken_back = editor.post("/admin/change_set/undo/", {"id": answer.json["change_set_id"]})

    assert taken_back.status_code == 302
    assert stored(Brand)[0].name == "Norr"
    assert [one.kind for one in stored(ChangeSet)][-2:] == ["cell", "undo"]


def test_a_cell_that_was_left_as_it_was_writes_nothing(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")
    before = len(stored(ChangeSet))

    answer = edit_as_shown(editor, "brand", brand, "name", " Norr ")

    assert answer.status_code == 200
    assert answer.json["change_set_id"] is None
    assert len(stored(ChangeSet)) == before
    assert stored(Brand)[0].version == brand.version


@pytest.mark.parametrize("entity, name, ann, ben", [("brand", "name", "Ann", "Ben"), ("product", "price", "11", "12")])
def test_a_cell_that_somebody_changed_meanwhile_is_refused_with_both_values(
    app: Flask, entity: str, name: str, ann: str, ben: str
) -> None:
    one, two = Person(app, "manager"), Person(app, "manager")
    record = make_brand("Norr") if entity == "brand" else make_product(prices=(1000,))
    shown = cell_on_page(two, entity, record, name)
    edit_as_shown(one, entity, record, name, ann)

    answer = two.edit_cell(entity, record, name, ben, shown["data-value"], shown["data-version"])

    assert answer.status_code == 409
    assert ann in answer.json["theirs"]
    assert ben in answer.json["yours"]
    assert ann in answer.json["message"] and ben in answer.json["message"]
    again = two.edit_cell(entity, record, name, ben, answer.json["was_now"], 0)
    assert again.status_code == 200, again.text


def test_two_who_type_the_same_do_not_quarrel(app: Flask) -> None:
    one, two, brand = Person(app, "editor"), Person(app, "editor"), make_brand("Norr")
    edit_as_shown(one, "brand", brand, "name", "Nord")

    answer = two.edit_cell("brand", brand, "name", "Nord", "Norr", 1)

    assert answer.status_code == 200


def test_a_cell_of_what_somebody_deleted_meanwhile_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")

    def lock_late(model: Any, key: int) -> Any:
        """By the time that the record is held it is in the trash."""
        trash.trash(db.session.get(model, key))
        return lock(model, key)

    monkeypatch.setattr(cells, "lock", lock_late)
    answer = edit_as_shown(editor, "brand", brand, "name", "Nord")

    assert (answer.status_code, answer.json["message"].partition(".")[0]) == (422, "This was deleted meanwhile")
    assert [one.name for one in db.session.scalars(db.select(Brand))] == ["Norr"]


def test_another_field_that_somebody_changed_is_no_conflict(app: Flask) -> None:
    one, two, product = Person(app, "editor"), Person(app, "editor"), make_product("Mug")
    shown = cell_on_page(two, "product", product, "name")
    one.save(f"/admin/product/edit/?id={product.id}", seo_title="Best mug")

    answer = two.edit_cell("product", product, "name", "Good Mug", shown["data-value"], shown["data-version"])

    assert answer.status_code == 200, answer.text
    [product] = stored(Product)
    assert (product.name, product.seo_title) == ("Good Mug", "Best mug")


def test_a_cell_that_says_nothing_of_where_it_came_from_is_refused(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")

    bare = editor.post("/admin/brand/ajax/update/", {"list_form_pk": brand.id, "name": "Nord"})
    stale = editor.post("/admin/brand/ajax/update/", {"list_form_pk": brand.id, "name": "Nord", "version": "77"})

    assert (bare.status_code, stale.status_code) == (422, 422)
    assert "does not say which version" in bare.json["message"]
    assert stored(Brand)[0].name == "Norr"


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "typed, sentence",
    [
        ("-1", "An amount can’t be below 0."),
        ("−1", "An amount can’t be below 0."),
        ("1.005", "EUR has 2 decimals at most."),
        ("NaN", "Write the amount as 12.50."),
        ("inf", "Write the amount as 12.50."),
        ("1e5", "Write the amount as 12.50."),
        ("12,50", "Write the amount as 12.50."),
        ("1,2345", "Write the amount as 12.50."),
        ("٣", "Write the amount as 12.50."),
        ("0x10", "Write the amount as 12.50."),
        ("$5", "Write the amount as 12.50."),
        ("99999999999999999999", "That is too large an amount."),
        ("9" * 300, "That is too large an amount."),
    ],
)
def test_a_price_that_is_none_is_refused_with_a_sentence(app: Flask, typed: str, sentence: str) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1290,))

    answer = edit_as_shown(manager, "product", product, "price", typed)

    assert answer.status_code == 422
    assert sentence in answer.json["message"]
    assert stored(Variant)[0].price_minor == 1290


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "locale, currency, typed, minor, shown",
    [
        ("en", "EUR", "12.50", 1250, "12.50"),
        ("en", "EUR", "€12.5", 1250, "12.50"),
        ("en", "EUR", "EUR 12", 1200, "12.00"),
        ("en", "EUR", "0", 0, "0.00"),
        ("de", "EUR", "12,50", 1250, "12,50"),
        ("de", "EUR", "1.234,56 €", 123456, "1234,56"),
        ("fr", "EUR", "1 234,56", 123456, "1234,56"),
        ("de_CH", "CHF", "1’234.50", 123450, "1234.50"),
        ("ja", "JPY", "1500", 1500, "1500"),
        ("ja", "JPY", "¥1,500", 1500, "1500"),
        ("en", "KWD", "1.234", 1234, "1.234"),
    ],
)
def test_a_price_is_read_and_written_as_the_shop_does(
    app: Flask, locale: str, currency: str, typed: str, minor: int, shown: str
) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(99,))
    settings = db.session.get(ShopSettings, 1)
    settings.locale, settings.currency = locale, currency
    db.session.commit()

    answer = edit_as_shown(manager, "product", product, "price", typed)

    assert answer.status_code == 200, answer.text
    assert stored(Variant)[0].price_minor == minor
    assert answer.json["value"] == shown


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "locale, currency, typed, sentence",
    [
        ("ja", "JPY", "12.5", "JPY has no decimals. Enter a whole number."),
        ("de", "EUR", "12.50", "Schreib den Betrag wie 12,50."),
        ("de", "EUR", "1.2345", "Schreib den Betrag wie 12,50."),
    ],
)
def test_what_would_be_another_price_in_this_shop_is_refused(
    app: Flask, locale: str, currency: str, typed: str, sentence: str
) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(99,))
    settings = db.session.get(ShopSettings, 1)
    settings.locale, settings.currency = locale, currency
    db.session.commit()

    answer = edit_as_shown(manager, "product", product, "price", typed)

    assert answer.status_code == 422
    assert sentence in answer.json["message"]
    assert stored(Variant)[0].price_minor == 99


def test_a_status_is_chosen_in_the_list_and_a_price_is_asked_for_first(app: Flask) -> None:
    editor = Person(app, "editor")
    priced, unpriced = make_product("Mug", prices=(1290,)), make_product("Pan", prices=(None,))

    done = edit_as_shown(editor, "product", priced, "status", "active")
    refused = edit_as_shown(editor, "product", unpriced, "status", "active")
    unheard = edit_as_shown(editor, "product", priced, "status", "sold")

    assert done.status_code == 200, done.text
    assert "Published" in done.json["shown"]
    assert (refused.status_code, refused.json["message"]) == (422, "Set a price before publishing.")
    assert (unheard.status_code, unheard.json["message"]) == (422, "Choose one of the list.")
    assert [product.status for product in stored(Product)] == ["active", "draft"]


def test_an_active_product_keeps_a_price(app: Flask) -> None:
    manager = Person(app, "manager")
    product = make_product(prices=(1290,), status="active")

    in_products = edit_as_shown(manager, "product", product, "price", "")
    in_variants = edit_as_shown(manager, "variant", product.variants[0], "price", "")

    for answer in (in_products, in_variants):
        assert answer.status_code == 422
        assert "An active product needs a price." in answer.json["message"]
    assert stored(Variant)[0].price_minor == 1290


def test_a_required_cell_is_not_emptied(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")

    answer = edit_as_shown(editor, "brand", brand, "name", "   ")

    assert (answer.status_code, answer.json["message"]) == (422, "Name is missing. Enter it.")


def test_a_text_that_is_too_long_is_refused_with_its_length(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")

    answer = edit_as_shown(editor, "brand", brand, "name", "x" * 1000)

    assert answer.status_code == 422
    assert "1,000 characters" in answer.json["message"]


def test_a_sku_that_another_variant_has_is_refused_and_names_it(app: Flask) -> None:
    editor = Person(app, "editor")
    make_product("Mug", skus=["MUG"])
    pan = make_product("Pan", skus=["PAN"])

    answer = edit_as_shown(editor, "variant", pan.variants[0], "sku", "MUG")

    assert (answer.status_code, answer.json["message"]) == (422, "In use by Mug. Enter another SKU.")


def test_a_sku_is_emptied_and_free_for_another(app: Flask) -> None:
    editor = Person(app, "editor")
    mug, pan = make_product("Mug", skus=["MUG"]), make_product("Pan", skus=["PAN"])

    edit_as_shown(editor, "variant", mug.variants[0], "sku", "")
    answer = edit_as_shown(editor, "variant", pan.variants[0], "sku", "MUG")

    assert answer.status_code == 200, answer.text
    assert [variant.sku for variant in stored(Variant)] == [None, "MUG"]


def test_the_list_offers_a_cell_only_to_who_may_edit_it(app: Flask) -> None:
    one_price, two_prices = make_product(prices=(1000,)), make_product(prices=(1000, 1200))
    people = {role: Person(app, role) for role in ("viewer", "editor", "manager")}

    offered = {
        role: {
            name for name in ("name", "price", "status") if cell_on_page(person, "product", one_price, name) is not None
        }
        for role, person in people.items()
    }

    assert offered == {"viewer": set(), "editor": {"name", "status"}, "manager": {"name", "price", "status"}}
    assert cell_on_page(people["manager"], "product", two_prices, "price") is None
    refused = people["manager"].edit_cell("product", two_prices, "price", "5", "10.00", 1)
    assert refused.status_code == 403


def test_a_whole_number_is_asked_for_where_one_is_kept(app: Flask) -> None:
    editor, category = Person(app, "editor"), make_category("Kitchen")

    done = edit_as_shown(editor, "category", category, "position", "−3")
    refused = [edit_as_shown(editor, "category", category, "position", typed) for typed in ("1.5", "two", "9" * 12)]

    assert done.status_code == 200, done.text
    assert [answer.status_code for answer in refused] == [422, 422, 422]
    assert stored(Category)[0].position == -3


def test_a_name_changed_in_the_list_keeps_the_address(app: Flask) -> None:
    editor, product = Person(app, "editor"), make_product("Mug", slug="mug")

    answer = edit_as_shown(editor, "product", product, "name", "Good Mug")

    assert answer.status_code == 200
    assert [(one.name, one.slug) for one in stored(Product)] == [("Good Mug", "mug")]
