"""Forms as staff use them: make, change, delete, restore; and two people at the same record."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.catalog.models import Brand, Option, PriceChange, Product, SlugRedirect, Tag, Variant
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel
from backoffice.inventory.stock import move
from backoffice.settings.models import ShopSettings
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


def form_in(answer: TestResponse) -> MultiDict[str, str]:
    """What the form of an answered page would send as it stands."""
    return form_values(BeautifulSoup(answer.text, "html.parser").select_one("form[data-record-form]"))


def error_at(answer: TestResponse, field: str) -> str:
    error = BeautifulSoup(answer.text, "html.parser").find(id=f"{field}-error")
    assert error is not None, f"There is no sentence at {field}: {text_of(answer)}"
    return error.text.strip()


def problems_in(answer: TestResponse) -> str:
    panel = BeautifulSoup(answer.text, "html.parser").select_one(".problem-panel")
    assert panel is not None, text_of(answer)
    return panel.text


def edit(product: Product) -> str:
    return f"/admin/product/edit/?id={product.id}"


# Making and changing


def test_a_record_is_made_changed_deleted_and_restored(app: Flask) -> None:
    manager = Person(app, "manager")

    made = manager.save("/admin/brand/new/", name="  Cafe\u0301 Nord ", description="Line one\r\nLine two")
    [brand] = stored(Brand)
    assert made.status_code == 302
    assert (brand.name, brand.slug, brand.description) == ("Café Nord", "cafe-nord", "Line one\nLine two")

    manager.save(f"/admin/brand/edit/?id={brand.id}", name="Nord", description="")
    [brand] = stored(Brand)
    assert (brand.name, brand.slug, brand.description, brand.version) == ("Nord", "cafe-nord", None, 2)

    delete(manager, brand)
    assert stored(Brand) == []

    restore(manager, brand)
    assert [one.name for one in stored(Brand)] == ["Nord"]


def test_a_form_that_is_saved_as_it_stands_changes_nothing(app: Flask) -> None:
    owner = Person(app, "owner")
    product = make_product(prices=(1290, 1490), description="<p>A &amp; B</p>", status="active")
    product.brand, product.tags = make_brand(), [Tag(name="New", slug="new")]
    db.session.commit()
    before = len(stored(ChangeSet))

    answer = owner.save(edit(product))

    assert answer.status_code == 302, text_of(answer)
    assert "is as it was; there was nothing to save." in text_of(owner.get(answer.location))
    assert len(stored(ChangeSet)) == before
    assert [one.version for one in stored(Product)] == [product.version]


def test_the_note_after_saving_says_what_was_done_and_offers_undo(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")

    answer = editor.save(f"/admin/brand/edit/?id={brand.id}", name="Nord")
    page = BeautifulSoup(editor.get(answer.location).text, "html.parser")

    note = page.select_one(".toast-note")
    assert "Nord is saved." in note.text
    editor.post("/admin/change_set/undo/", form_values(note.select_one("form")), with_token=False)
    assert stored(Brand)[0].name == "Norr"


@pytest.mark.any_engine
def test_a_person_goes_on_where_they_chose_to(app: Flask) -> None:
    editor = Person(app, "editor")

    another = editor.save("/admin/brand/new/", name="One", then="another")
    to_list = editor.save("/admin/brand/new/", name="Two", then="list")

    assert another.location == "/admin/brand/new/"
    assert to_list.location == "/admin/brand/"


def test_a_form_with_a_mistake_keeps_all_that_was_typed(app: Flask) -> None:
    editor = Person(app, "editor")
    category, tag = make_category("Kitchen"), Tag(name="New", slug="new")
    db.session.add(tag)
    db.session.commit()
    typed = {
        "name": "",
        "slug": "striped-towel",
        "description": "<b>Soft</b> & warm",
        "status": "archived",
        "publish_at": "2027-01-31T18:00",
        "unpublish_at": "not a day",
        "category": str(category.id),
        "tags": str(tag.id),
        "seo_title": "Towel ✓",
        "option-1": "Colour",
        "variants-new0-value-1": "Sand",
        "variants-new0-sku": "TOW",
        "variants-new0-price": "12.345",
        "variants-new0-weight_grams": "-4",
        "variants-new2-value-1": "Sea",
        "variants-new2-price": "13,50",
    }

    answer = editor.save("/admin/product/new/", **typed)

    assert answer.status_code == 422
    assert {name: form_in(answer)[name] for name in typed} == typed
    assert error_at(answer, "name") == "Name is missing. Enter it."
    assert error_at(answer, "unpublish_at") == "Write day and time like 2027-03-31 18:00."
    assert error_at(answer, "variants-new0-price") == "EUR has 2 decimals at most. Round the amount yourself."
    assert error_at(answer, "variants-new0-weight_grams") == "Weight can’t be below 0."
    assert error_at(answer, "variants-new2-price") == "Write the amount as 12.50."
    assert "5 places need you" in text_of(answer)
    assert stored(Product) == []


def test_what_was_kept_after_a_mistake_is_saved_once_it_is_mended(app: Flask) -> None:
    editor = Person(app, "editor")
    refused = editor.save("/admin/product/new/", name="Towel", **{"variants-new0-price": "abc"})

    answer = editor.post(
        "/admin/product/new/", changed(form_in(refused), {"variants-new0-price": "12.50"}), with_token=False
    )

    assert answer.status_code == 302, text_of(answer)
    assert [(one.product.name, one.price_minor) for one in stored(Variant)] == [("Towel", 1250)]


def test_an_address_that_is_in_use_is_told_at_its_field(app: Flask) -> None:
    editor = Person(app, "editor")
    make_product("Mug", slug="mug")
    pan = make_product("Pan", slug="pan")

    answer = editor.save(edit(pan), slug="mug", seo_title="Kept")

    assert answer.status_code == 422
    assert error_at(answer, "slug") == "In use by Mug. Enter another address."
    assert form_in(answer)["seo_title"] == "Kept"


def test_a_changed_address_leads_on_from_the_old_one(app: Flask) -> None:
    editor, product = Person(app, "editor"), make_product("Mug", slug="mug")

    editor.save(edit(product), slug="good-mug")

    assert [(one.old_slug, one.product_id) for one in stored(SlugRedirect)] == [("mug", product.id)]


def test_days_in_the_wrong_order_are_refused(app: Flask) -> None:
    editor, product = Person(app, "editor"), make_product()

    answer = editor.save(edit(product), publish_at="2027-02-01T10:00", unpublish_at="2027-01-01T10:00")

    assert answer.status_code == 422
    assert "only be taken down after it was published" in error_at(answer, "unpublish_at")


def test_a_time_is_typed_and_shown_where_the_shop_is(app: Flask) -> None:
    editor, product = Person(app, "editor"), make_product()
    db.session.get(ShopSettings, 1).time_zone = "Europe/Berlin"
    db.session.commit()

    editor.save(edit(product), publish_at="2027-07-01T18:00")

    [product] = stored(Product)
    assert product.publish_at.isoformat() == "2027-07-01T16:00:00+00:00"
    assert editor.form(edit(product))["publish_at"] == "2027-07-01T18:00"


def test_a_product_is_not_put_on_sale_without_a_price(app: Flask) -> None:
    editor, product = Person(app, "editor"), make_product(prices=(None,))

    answer = editor.save(edit(product), status="active", seo_title="Kept")

    assert answer.status_code == 422
    assert "Set a price before publishing." in text_of(answer)
    assert form_in(answer)["seo_title"] == "Kept"
    assert stored(Product)[0].status == "draft"


def test_an_action_changes_all_the_chosen_records_or_none(app: Flask) -> None:
    editor = Person(app, "editor")
    mug, pan, unpriced = make_product("Mug"), make_product("Pan"), make_product("Spade", prices=(None,))
    chosen = MultiDict([("action", "publish"), ("rowid", mug.id), ("rowid", pan.id), ("rowid", unpriced.id)])
    chosen.update({f"version-{one.id}": one.version for one in (mug, pan, unpriced)})

    refused = editor.post("/admin/product/action/", chosen)
    assert "“Spade”: Set a price before publishing." in text_of(refused)
    assert {one.status for one in stored(Product)} == {"draft"}

    chosen.setlist("rowid", [mug.id, pan.id])
    before = len(stored(ChangeSet))
    editor.post("/admin/product/action/", chosen)
    assert [one.status for one in stored(Product)] == ["active", "active", "draft"]
    assert len(stored(ChangeSet)) == before + 1
    assert stored(ChangeSet)[-1].summary == "Publish: 2 products"


@pytest.mark.any_engine
def test_an_action_without_rows_or_with_too_many_is_refused(app: Flask) -> None:
    editor = Person(app, "editor")
    many = MultiDict([("action", "archive"), *(("rowid", str(key)) for key in range(1, 1002))])

    nothing, too_many = (
        editor.post("/admin/product/action/", {"action": "archive"}),
        editor.post("/admin/product/action/", many),
    )

    assert "Nothing is chosen. Tick the rows first." in text_of(nothing)
    assert "That is more than 1,000 rows. Choose fewer." in text_of(too_many)


# Two people at one record


@pytest.fixture
def two(app: Flask) -> tuple[Person, Person]:
    ann, ben = Person(app, "manager"), Person(app, "manager")
    return ann, ben


def test_edits_of_different_fields_are_both_kept(two: tuple[Person, Person]) -> None:
    ann, ben = two
    product = make_product("Mug", prices=(1290,))
    brand = make_brand("Norr")
    bens = ben.form(edit(product))

    ann.save(edit(product), name="Good Mug", seo_title="Best mug", brand=str(brand.id))
    answer = ben.post(
        edit(product), changed(bens, {"seo_description": "By Ben", "variants-0-price": "15"}), with_token=False
    )

    assert answer.status_code == 302, text_of(answer)
    [product] = stored(Product)
    assert (product.name, product.seo_title, product.seo_description) == ("Good Mug", "Best mug", "By Ben")
    assert (product.brand_id, product.variants[0].price_minor) == (brand.id, 1500)
    note = text_of(ben.get(answer.location))
    assert "Name, Brand and Search title came in from Manager." in note
    row = stored(ChangeRow, entity="product", operation="update")[-1]
    assert row.new == {"seo_description": "By Ben"}


def test_edits_of_the_same_field_show_both_values_and_keep_all_that_was_typed(two: tuple[Person, Person]) -> None:
    ann, ben = two
    product = make_product("Mug", status="draft")
    bens = ben.form(edit(product))
    ann.save(edit(product), name="Mug of Ann", status="archived")

    answer = ben.post(
        edit(product),
        changed(bens, {"name": "Mug of Ben", "seo_title": "Title of Ben", "description": "Words of Ben"}),
        with_token=False,
    )

    assert answer.status_code == 409
    page = BeautifulSoup(answer.text, "html.parser")
    [row] = page.select(".conflict-table tbody tr")
    assert [cell.text.strip() for cell in row.select("td")] == [
        "Mug",
        "Name, theirs: Mug of Ann",
        "Name, yours: Mug of Ben",
    ]
    assert "Manager saved this" in page.select_one("#conflict-title").text
    kept = form_in(answer)
    assert (kept["name"], kept["seo_title"], kept["description"]) == ("Mug of Ben", "Title of Ben", "Words of Ben")
    [product] = stored(Product)
    assert (product.name, product.seo_title, product.status) == ("Mug of Ann", None, "archived")


@pytest.mark.parametrize("choice, name", [("theirs", "Mug of Ann"), ("yours", "Mug of Ben")])
def test_after_a_choice_the_form_is_saved_with_the_rest(two: tuple[Person, Person], choice: str, name: str) -> None:
    ann, ben = two
    product = make_product("Mug")
    bens = ben.form(edit(product))
    ann.save(edit(product), name="Mug of Ann", status="archived")
    conflict = ben.post(
        edit(product), changed(bens, {"name": "Mug of Ben", "seo_title": "Title of Ben"}), with_token=False
    )

    answer = ben.post(edit(product), changed(form_in(conflict), {"choice-name": choice}), with_token=False)

    assert answer.status_code == 302, text_of(answer)
    [product] = stored(Product)
    assert (product.name, product.seo_title, product.status) == (name, "Title of Ben", "archived")


def test_a_third_save_in_between_is_a_conflict_again(two: tuple[Person, Person]) -> None:
    ann, ben = two
    brand = make_brand("Norr")
    path = f"/admin/brand/edit/?id={brand.id}"
    bens = ben.form(path)
    ann.save(path, name="First of Ann")
    conflict = ben.post(path, changed(bens, {"name": "Of Ben"}), with_token=False)
    ann.save(path, name="Second of Ann")

    answer = ben.post(path, changed(form_in(conflict), {"choice-name": "yours"}), with_token=False)

    assert answer.status_code == 409
    assert "Second of Ann" in answer.text
    assert stored(Brand)[0].name == "Second of Ann"


def test_the_same_value_from_both_is_no_conflict(two: tuple[Person, Person]) -> None:
    ann, ben = two
    brand = make_brand("Norr")
    path = f"/admin/brand/edit/?id={brand.id}"
    bens = ben.form(path)
    ann.save(path, name="Nord")

    answer = ben.post(path, changed(bens, {"name": "Nord"}), with_token=False)

    assert answer.status_code == 302


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "field, anns, bens",
    [
        ("status", "active", "archived"),
        ("publish_at", "2027-01-01T10:00", "2027-02-01T10:00"),
        ("seo_title", "Ann", ""),
        ("description", "<p>Ann</p>", "<p>Ben</p>"),
        ("brand", "brand-0", "brand-1"),
        ("brand", "brand-0", ""),
        ("tags", "tag-0", "tag-1"),
        ("categories", "category-0", ""),
    ],
)
def test_every_kind_of_field_is_guarded(two: tuple[Person, Person], field: str, anns: str, bens: str) -> None:
    ann, ben = two
    known = {"brand-0": make_brand("Norr").id, "brand-1": make_brand("Sud").id}
    known["category-0"] = make_category("Kitchen").id
    tags = [Tag(name=f"Tag {number}", slug=f"tag-{number}") for number in (0, 1)]
    db.session.add_all(tags)
    product = make_product("Mug", seo_title="Was", description="<p>Was</p>", brand=make_brand("Was"))
    known |= {f"tag-{number}": tag.id for number, tag in enumerate(tags)}
    if field == "categories":
        product.categories = [make_category("Garden")]
        db.session.commit()
    # A browser sends nothing at all for a list of which nothing is chosen.
    empty = None if field == "categories" else ""
    form = ben.form(edit(product))
    before = ann.save(edit(product), **{field: str(known.get(anns, anns))})
    assert before.status_code == 302, text_of(before)

    answer = ben.post(edit(product), changed(form, {field: str(known.get(bens, bens)) or empty}), with_token=False)

    assert answer.status_code == 409, text_of(answer)


def test_a_conflict_in_a_variant_names_the_variant_and_is_solved_by_a_choice(two: tuple[Person, Person]) -> None:
    ann, ben = two
    product = make_product("Mug", prices=(1000, 2000))
    bens = ben.form(edit(product))
    ann.save(edit(product), **{"variants-1-price": "21", "variants-0-price": "11"})

    conflict = ben.post(
        edit(product), changed(bens, {"variants-1-price": "22", "variants-0-sku": "BEN"}), with_token=False
    )
    assert conflict.status_code == 409
    [row] = BeautifulSoup(conflict.text, "html.parser").select(".conflict-table tbody tr")
    assert "Size 2: Price" in row.text
    assert "€20.00" in row.text and "€21.00" in row.text and "€22.00" in row.text
    assert [one.price_minor for one in stored(Variant)] == [1100, 2100]

    answer = ben.post(
        edit(product), changed(form_in(conflict), {"variants-1-choice-price": "theirs"}), with_token=False
    )
    assert answer.status_code == 302, text_of(answer)
    assert [(one.price_minor, one.sku) for one in stored(Variant)][0] == (1100, "BEN")
    assert stored(Variant)[1].price_minor == 2100


def test_edits_of_different_variants_are_both_kept(two: tuple[Person, Person]) -> None:
    ann, ben = two
    product = make_product("Mug", prices=(1000, 2000))
    bens = ben.form(edit(product))
    ann.save(edit(product), **{"variants-0-price": "11"})

    answer = ben.post(edit(product), changed(bens, {"variants-1-price": "22"}), with_token=False)

    assert answer.status_code == 302, text_of(answer)
    assert [one.price_minor for one in stored(Variant)] == [1100, 2200]


def test_a_variant_that_somebody_deleted_meanwhile_loses_nothing_that_was_typed(two: tuple[Person, Person]) -> None:
    ann, ben = two
    product = make_product("Mug", prices=(1000, 2000), skus=["A", "B"])
    bens = ben.form(edit(product))
    ann.save(edit(product), **{"variants-1-remove": "y"})
    assert [one.sku for one in stored(Variant)] == ["A"]

    refused = ben.post(edit(product), changed(bens, {"variants-1-price": "22", "name": "Mug of Ben"}), with_token=False)
    assert refused.status_code == 422
    assert "Somebody deleted a variant meanwhile." in problems_in(refused)
    kept = form_in(refused)
    assert (kept["name"], kept["variants-1-price"], kept["variants-1-sku"]) == ("Mug of Ben", "22", "B")

    answer = ben.post(edit(product), kept, with_token=False)
    assert answer.status_code == 302, text_of(answer)
    assert [(one.sku, one.price_minor) for one in stored(Variant)] == [("A", 1000), ("B", 2200)]


def test_a_record_that_somebody_deleted_meanwhile_keeps_what_was_typed(two: tuple[Person, Person]) -> None:
    ann, ben = two
    brand = make_brand("Norr")
    bens = ben.form(f"/admin/brand/edit/?id={brand.id}")
    delete(ann, brand)

    answer = ben.post(f"/admin/brand/edit/?id={brand.id}", changed(bens, {"name": "Nord"}), with_token=False)

    assert answer.status_code == 422
    assert "This was deleted while you were editing." in text_of(answer)
    assert form_values(BeautifulSoup(answer.text, "html.parser").select_one("form[data-record-form]"))["name"] == "Nord"
    assert stored(Brand) == []


def test_a_form_that_does_not_say_where_it_came_from_is_refused(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")
    path = f"/admin/brand/edit/?id={brand.id}"

    bare = editor.post(path, {"name": "Forced"})
    stale = editor.post(path, {"name": "Forced", "version": "7"})
    damaged = editor.post(path, {"name": "Forced", "was-name": "x" * 5000, "version": "1"})

    assert (bare.status_code, stale.status_code, damaged.status_code) == (422, 422, 422)
    assert "does not say which version it was made from" in problems_in(bare)
    assert "This form is damaged." in problems_in(damaged)
    assert form_in(bare)["name"] == "Forced"
    assert stored(Brand)[0].name == "Norr"


def test_a_field_that_was_not_on_the_page_stays_as_it_is(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")

    answer = editor.post(f"/admin/brand/edit/?id={brand.id}", {"description": "New", "was-description": ""})

    assert answer.status_code == 302, text_of(answer)
    [brand] = stored(Brand)
    assert (brand.name, brand.description) == ("Norr", "New")


# Prices and who may set them


def test_an_editor_enters_the_price_of_a_new_variant_of_a_draft(app: Flask) -> None:
    editor = Person(app, "editor")

    made = editor.save("/admin/product/new/", name="Mug", **{"variants-new0-price": "12.50"})
    assert made.status_code == 302, text_of(made)
    [product] = stored(Product)
    form = editor.form(made.location)
    added = editor.post(
        made.location,
        changed(
            form,
            {
                "option-1": "Size",
                "variants-0-value-1": "S",
                "variants-new2-value-1": "L",
                "variants-new2-price": "14",
            },
        ),
        with_token=False,
    )

    assert added.status_code == 302, text_of(added)
    assert [one.price_minor for one in product.variants] == [1250, 1400]


def test_an_editor_sees_a_price_that_was_set_and_cannot_change_it(app: Flask) -> None:
    editor, product = Person(app, "editor"), make_product(prices=(1290,))
    page = editor.page(edit(product))
    form = editor.form(edit(product))

    forged = editor.post(edit(product), changed(form, {"variants-0-price": "0.01"}), with_token=False)
    forged_too = editor.post(
        edit(product), changed(form, {"variants-0-price": "0.01", "variants-0-was-price": "12.90"}), with_token=False
    )

    assert page.select_one("#variants-0-price") is None
    assert "12.90" in page.select_one(".cell-fixed").text
    assert (forged.status_code, forged_too.status_code) == (403, 403)
    assert [one.price_minor for one in stored(Variant)] == [1290]


@pytest.mark.any_engine
@pytest.mark.parametrize("field", ["price", "compare_at_price", "cost"])
def test_an_editor_forges_no_price_on_a_variants_own_page(app: Flask, field: str) -> None:
    editor, product = Person(app, "editor"), make_product(prices=(1290,))
    path = f"/admin/variant/edit/?id={product.variants[0].id}"
    form = editor.form(path)

    answer = editor.post(path, changed(form, {field: "0.01", f"was-{field}": ""}), with_token=False)

    assert field not in form
    assert answer.status_code == 403
    [variant] = stored(Variant)
    assert (variant.price_minor, variant.compare_at_price_minor, variant.cost_minor) == (1290, None, None)


@pytest.mark.parametrize("status", ["active", "archived"])
def test_an_editor_prices_no_new_variant_of_what_is_no_draft(app: Flask, status: str) -> None:
    editor, product = Person(app, "editor"), make_product(prices=(1290,), status=status)
    form = editor.form(edit(product))
    new = {"option-1": "Size", "variants-0-value-1": "S", "variants-new2-value-1": "L"}

    forged = editor.post(edit(product), changed(form, new | {"variants-new2-price": "14"}), with_token=False)
    unpriced = editor.post(edit(product), changed(form, new), with_token=False)

    assert "variants-new2-price" not in form
    assert forged.status_code == 403
    assert unpriced.status_code == 302, text_of(unpriced)
    assert [one.price_minor for one in stored(Variant)] == [1290, None]


def test_an_editor_saves_the_rest_of_a_priced_product(app: Flask) -> None:
    editor, product = Person(app, "editor"), make_product("Mug", prices=(1290, 1490), status="active")

    answer = editor.save(edit(product), name="Good Mug", **{"variants-0-sku": "NEW-SKU"})

    assert answer.status_code == 302, text_of(answer)
    assert [one.price_minor for one in stored(Variant)] == [1290, 1490]
    assert stored(Variant)[0].sku == "NEW-SKU"


def test_a_variant_is_removed_only_by_who_may_delete(app: Flask) -> None:
    editor, manager = Person(app, "editor"), Person(app, "manager")
    product = make_product(prices=(1290, 1490))
    form = editor.form(edit(product))

    refused = editor.post(edit(product), changed(form, {"variants-1-remove": "y"}), with_token=False)
    assert editor.page(edit(product)).select("[name=variants-1-remove]") == []
    assert refused.status_code == 403
    assert len(stored(Variant)) == 2

    done = manager.save(edit(product), **{"variants-1-remove": "y"})
    assert done.status_code == 302, text_of(done)
    assert len(stored(Variant)) == 1


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "typed, sentence",
    [
        ("-1", "An amount can’t be below 0. Enter 0 or more."),
        ("12.505", "EUR has 2 decimals at most. Round the amount yourself."),
        ("NaN", "Write the amount as 12.50."),
        ("-Infinity", "Write the amount as 12.50."),
        ("1e5", "Write the amount as 12.50."),
        ("12,50", "Write the amount as 12.50."),
        ("free", "Write the amount as 12.50."),
        ("99999999999999999999", "That is too large an amount. Check the number of digits."),
    ],
)
@pytest.mark.parametrize("field", ["price", "compare_at_price", "cost"])
def test_an_amount_that_is_none_gets_its_sentence_and_stays_typed(
    app: Flask, field: str, typed: str, sentence: str
) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1290,))

    answer = manager.save(edit(product), seo_title="Kept", **{f"variants-0-{field}": typed})
    alone = manager.save(f"/admin/variant/edit/?id={product.variants[0].id}", **{field: typed})

    assert (answer.status_code, alone.status_code) == (422, 422)
    assert error_at(answer, f"variants-0-{field}") == error_at(alone, field) == sentence
    assert form_in(answer)[f"variants-0-{field}"] == form_in(alone)[field] == typed
    assert form_in(answer)["seo_title"] == "Kept"
    [variant] = stored(Variant)
    assert (variant.price_minor, variant.compare_at_price_minor, variant.cost_minor) == (1290, None, None)


@pytest.mark.any_engine
def test_prices_are_typed_and_shown_as_the_shops_locale_writes_them(app: Flask) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(123450,))
    db.session.get(ShopSettings, 1).locale = "de"
    db.session.commit()

    shown = manager.form(edit(product))["variants-0-price"]
    answer = manager.save(edit(product), **{"variants-0-price": "12,50"})
    wrong = manager.save(edit(product), **{"variants-0-price": "12.50"})

    assert shown == "1234,50"
    assert answer.status_code == 302, text_of(answer)
    assert error_at(wrong, "variants-0-price") == "Schreib den Betrag wie 12,50."
    assert stored(Variant)[0].price_minor == 1250


@pytest.mark.any_engine
def test_yen_have_no_decimals(app: Flask) -> None:
    manager = Person(app, "manager")
    settings = db.session.get(ShopSettings, 1)
    settings.currency, settings.locale = "JPY", "ja"
    db.session.commit()

    wrong = manager.save("/admin/product/new/", name="Mug", **{"variants-new0-price": "12.50"})
    right = manager.save("/admin/product/new/", name="Mug", **{"variants-new0-price": "1,250"})

    assert error_at(wrong, "variants-new0-price") == "JPY has no decimals. Enter a whole number."
    assert right.status_code == 302, text_of(right)
    assert stored(Variant)[0].price_minor == 1250


def test_every_change_of_a_price_is_noted(app: Flask) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1290,))

    manager.save(edit(product), **{"variants-0-price": "10"})
    manager.save(edit(product), **{"variants-0-price": ""})

    assert [(one.old_price_minor, one.new_price_minor) for one in stored(PriceChange)] == [
        (None, 1290),
        (1290, 1000),
        (1000, None),
    ]


# Variants within the product


def test_a_variant_of_another_product_is_not_taken_over_through_the_form(app: Flask) -> None:
    manager = Person(app, "manager")
    mug, pan = make_product("Mug", skus=["MUG"]), make_product("Pan", skus=["PAN"])
    form = manager.form(edit(mug))

    answer = manager.post(
        edit(mug),
        changed(form, {"variants-0-id": pan.variants[0].id, "variants-0-sku": "STOLEN", "variants-0-price": "0.01"}),
        with_token=False,
    )

    assert answer.status_code == 422
    assert [(one.sku, one.product_id, one.price_minor) for one in stored(Variant)] == [
        ("MUG", mug.id, 1290),
        ("PAN", pan.id, 1290),
    ]


def test_a_variant_in_the_trash_is_not_woken_through_the_form(app: Flask) -> None:
    manager = Person(app, "manager")
    product = make_product(prices=(1000, 2000), skus=["A", "B"])
    gone = product.variants[1].id
    manager.save(edit(product), **{"variants-1-remove": "y"})

    answer = manager.save(edit(product), **{"variants-0-id": gone, "variants-0-sku": "C"})

    assert answer.status_code == 422
    assert [one.sku for one in stored(Variant)] == ["A"]


@pytest.mark.parametrize("key", ["²", "abc", "-1", "9" * 5000, "1;2", "０"])
@pytest.mark.any_engine
def test_a_variants_key_that_is_none_is_no_fault(app: Flask, key: str) -> None:
    manager, product = Person(app, "manager"), make_product(skus=["A"])

    answer = manager.save(edit(product), **{"variants-0-id": key})

    assert answer.status_code == 422
    assert [one.sku for one in stored(Variant)] == ["A"]


@pytest.mark.parametrize(
    "typed, sentence",
    [
        ({"variants-1-value-1": "Size 1"}, "Two variants have the same option values. Give each values of its own."),
        ({"variants-1-value-1": ""}, "Every variant needs a value for Size."),
        ({"option-2": "size", "variants-0-value-2": "a", "variants-1-value-2": "b"}, "Two options have the same name."),
        ({"option-1": ""}, "Two variants have the same option values. Give each values of its own."),
    ],
)
def test_variants_that_nothing_tells_apart_are_refused(app: Flask, typed: dict[str, str], sentence: str) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1000, 2000), skus=["A", "B"])

    answer = manager.save(edit(product), seo_title="Kept", **typed)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert {name: form_in(answer)[name] for name in typed} == typed
    assert [(one.sku, one.title) for one in stored(Variant)] == [("A", "Size 1"), ("B", "Size 2")]
    assert stored(Product)[0].seo_title is None


def test_a_sku_that_another_variant_has_is_told_at_its_field(app: Flask) -> None:
    manager = Person(app, "manager")
    make_product("Mug", skus=["MUG"])
    pan = make_product("Pan", skus=["PAN"])

    answer = manager.save(edit(pan), **{"variants-0-sku": "MUG"})

    assert answer.status_code == 422
    assert error_at(answer, "variants-0-sku") == "In use by Mug. Enter another SKU."


def test_two_variants_swap_nothing_and_lose_nothing_when_a_sku_is_typed_twice(app: Flask) -> None:
    manager = Person(app, "manager")

    answer = manager.save(
        "/admin/product/new/",
        name="Mug",
        **{
            "option-1": "Size",
            "variants-new0-value-1": "S",
            "variants-new0-sku": "SAME",
            "variants-new2-value-1": "L",
            "variants-new2-sku": "SAME",
        },
    )

    assert answer.status_code == 422
    assert form_in(answer)["variants-new2-value-1"] == "L"
    assert stored(Product) == stored(Variant) == []


def test_an_option_is_renamed_without_losing_its_values(app: Flask) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1000, 2000))

    answer = manager.save(edit(product), **{"option-1": "Volume"})

    assert answer.status_code == 302, text_of(answer)
    assert [one.name for one in stored(Option)] == ["Volume"]
    assert [one.title for one in stored(Variant)] == ["Size 1", "Size 2"]


def test_the_last_variant_stays(app: Flask) -> None:
    manager, product = Person(app, "manager"), make_product(prices=(1000,))

    in_form = manager.save(edit(product), **{"variants-0-remove": "y"})
    in_list = delete(manager, product.variants[0])

    for answer in (in_form, in_list):
        assert answer.status_code == 422
        assert "A product keeps at least one variant." in text_of(answer)
    assert len(stored(Variant)) == 1


def test_a_product_without_any_line_gets_one_variant(app: Flask) -> None:
    editor = Person(app, "editor")

    answer = editor.save("/admin/product/new/", name="Gift Card")

    assert answer.status_code == 302, text_of(answer)
    assert len(stored(Product)[0].variants) == 1


def test_a_wrong_check_digit_is_a_warning_and_no_refusal(app: Flask) -> None:
    editor, product = Person(app, "editor"), make_product()

    answer = editor.save(edit(product), **{"variants-0-barcode": "4006381333932"})

    assert answer.status_code == 302
    page = BeautifulSoup(editor.get(answer.location).text, "html.parser")
    assert page.select_one(".page-warning") is not None
    assert stored(Variant)[0].barcode == "4006381333932"


# Stock


@pytest.fixture
def level(app: Flask) -> Any:
    variant, location = make_product().variants[0], Location(name="Harbour", code="harbour")
    db.session.add(location)
    db.session.flush()
    move(variant, location, 5, "delivery", None)
    db.session.commit()
    return stored(StockLevel)[0]


@pytest.mark.parametrize("entry, after", [("+5", 10), ("-2", 3), ("−2", 3), ("=40", 40), ("= 0", 0)])
def test_stock_is_moved_or_counted(app: Flask, level: Any, entry: str, after: int) -> None:
    editor = Person(app, "editor")

    answer = editor.post(f"/admin/stock_level/edit/?id={level.id}", {"entry": entry, "kind": "correction"})

    assert answer.status_code == 302, text_of(answer)
    db.session.refresh(level)
    assert level.on_hand == after


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "entry, kind, sentence",
    [
        ("5", "delivery", "Write +5 for what came"),
        ("", "delivery", "Write +5 for what came"),
        ("+0", "delivery", "Enter a change other than 0."),
        ("-6", "sale", "Stock can’t be below 0. There are 5 at Harbour."),
        ("+9999999999", "delivery", "That is more than any shelf holds."),
        ("+1", "undo", "Choose what kind of movement it is."),
        ("+1", "theft", "Choose what kind of movement it is."),
        ("+٣", "delivery", "Write +5 for what came"),
    ],
)
def test_stock_that_cannot_be_is_refused_and_stays_typed(
    app: Flask, level: Any, entry: str, kind: str, sentence: str
) -> None:
    editor = Person(app, "editor")

    answer = editor.post(
        f"/admin/stock_level/edit/?id={level.id}", {"entry": entry, "kind": kind, "reason": "My reason"}
    )

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    page = BeautifulSoup(answer.text, "html.parser")
    assert (page.select_one("#entry")["value"], page.select_one("#reason")["value"]) == (entry, "My reason")
    db.session.refresh(level)
    assert level.on_hand == 5


# Settings


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "typed, sentence",
    [
        ({"currency": "XXQ"}, "There is no such currency."),
        ({"locale": "klingon"}, "There is no such locale."),
        ({"time_zone": "Mars/Olympus"}, "There is no such time zone."),
        ({"time_zone": "../../etc/passwd"}, "There is no such time zone."),
        ({"shop_name": ""}, "Shop name is missing."),
    ],
)
def test_settings_that_do_not_exist_are_refused_at_their_field(
    app: Flask, typed: dict[str, str], sentence: str
) -> None:
    owner = Person(app, "owner")

    answer = owner.save("/admin/settings/edit/?id=1", **typed)

    assert answer.status_code == 422
    [field] = typed
    assert sentence in error_at(answer, field)
    assert form_in(answer)[field] == typed[field]


def test_the_currency_stays_while_there_are_prices(app: Flask) -> None:
    owner = Person(app, "owner")
    make_product(prices=(1000,))

    answer = owner.save("/admin/settings/edit/?id=1", currency="JPY")

    assert answer.status_code == 422
    assert "1 variant has a price in the old currency." in error_at(answer, "currency")
    assert stored(ShopSettings)[0].currency == "EUR"
