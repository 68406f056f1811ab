"""A reduced price is shown with the lowest one of the 30 days before it (Directive 98/6/EC, Article 6a)."""

import pytest
from flask import Flask

from backoffice.catalog.models import Product
from backoffice.extensions import db
from tests.making import Person, make_product, text_of

WORDS = "lowest in 30 days €9.90"


@pytest.fixture
def mug(app: Flask) -> Product:
    """Its price rose from 9.90 to 12.50, and is reduced to 8.00 now; its second variant is not reduced."""
    product = make_product("Enamel Mug", prices=(990, 1500), status="draft")
    variant = product.variants[0]
    for price in (1250, 800):
        variant.price_minor = price
        db.session.commit()
    variant.compare_at_price_minor = 1250
    db.session.commit()
    return product


def prices_on(person: Person, path: str, part: str = ".price-lowest") -> list[str]:
    return [one.text for one in person.page(path).select(part)]


def test_lists_show_it_under_the_price(app: Flask, mug: Product) -> None:
    viewer = Person(app, "viewer")

    assert prices_on(viewer, "/admin/product/") == [WORDS]
    assert prices_on(viewer, "/admin/variant/") == [WORDS]


def test_a_product_shows_it_for_the_variant_whose_price_it_shows(app: Flask, mug: Product) -> None:
    mug.variants[1].price_minor = 700
    db.session.commit()

    assert prices_on(Person(app, "viewer"), "/admin/product/") == []


def test_the_pages_of_a_product_and_of_a_variant_show_it(app: Flask, mug: Product) -> None:
    viewer, manager = Person(app, "viewer"), Person(app, "manager")
    key, variant = mug.id, mug.variants[0].id

    assert prices_on(viewer, f"/admin/product/details/?id={key}") == [WORDS]
    assert prices_on(viewer, f"/admin/variant/details/?id={variant}") == [WORDS]
    assert prices_on(manager, f"/admin/product/edit/?id={key}") == [WORDS]
    assert prices_on(manager, f"/admin/variant/edit/?id={variant}", "#price-hint") == ["Lowest in 30 days €9.90"]


def test_the_pages_show_the_old_price_beside_the_reduced_one(app: Flask, mug: Product) -> None:
    viewer = Person(app, "viewer")

    for path in (f"/admin/product/details/?id={mug.id}", f"/admin/variant/details/?id={mug.variants[0].id}"):
        assert prices_on(viewer, path, "del.price-was") == ["before €12.50"]


def test_it_is_told_to_those_who_only_hear_the_price_field(app: Flask, mug: Product) -> None:
    page = Person(app, "manager").page(f"/admin/product/edit/?id={mug.id}")

    field = page.select_one("#variants-0-price")

    assert page.find(id=field["aria-describedby"]).text == WORDS


def test_who_may_not_price_sees_it_all_the_same(app: Flask, mug: Product) -> None:
    editor = Person(app, "editor")

    assert prices_on(editor, f"/admin/product/edit/?id={mug.id}") == [WORDS]
    assert prices_on(editor, f"/admin/variant/edit/?id={mug.variants[0].id}", "#price-hint") != []


def test_a_price_that_is_not_reduced_or_was_never_another_says_nothing(app: Flask, mug: Product) -> None:
    first = make_product("Linen Apron", prices=(2000,)).variants[0]
    first.compare_at_price_minor = 2500
    mug.variants[0].compare_at_price_minor = 800
    db.session.commit()
    manager = Person(app, "manager")

    for path in ("product/", "variant/", f"product/edit/?id={mug.id}", f"variant/edit/?id={first.id}"):
        assert "lowest in 30 days" not in manager.get(f"/admin/{path}").text.lower()


def test_a_refused_save_of_a_product_still_shows_it(app: Flask, mug: Product) -> None:
    answer = Person(app, "manager").save(f"/admin/product/edit/?id={mug.id}", name="")

    assert answer.status_code == 422
    assert WORDS in text_of(answer)


def test_a_cell_that_reduces_a_price_answers_with_it(app: Flask, mug: Product) -> None:
    variant = mug.variants[0]

    answer = Person(app, "manager").edit_cell("variant", variant, "price", "7.00", "8.00", variant.version)

    assert answer.status_code == 200
    assert "lowest in 30 days €8.00" in answer.json["shown"]


def test_the_file_of_a_list_holds_the_price_and_no_more(app: Flask, mug: Product) -> None:
    manager = Person(app, "manager")

    for name, price in (("product", "8.00 - 15.00"), ("variant", "8.00")):
        lines = manager.get(f"/admin/{name}/export/csv/?columns=price").text.splitlines()
        assert any(line.endswith(f",{price}") for line in lines), lines
        assert "lowest" not in "".join(lines)
