"""The product's screen, as staff use it."""

from flask import Flask

from backoffice.catalog.models import Product, Variant
from backoffice.catalog.variants import set_options, set_values
from backoffice.extensions import db
from tests.making import Person, make_product, stored, text_of


def test_a_product_with_two_variants_is_made_in_one_go(app: Flask) -> None:
    editor = Person(app, "editor")

    answer = editor.save(
        "/admin/product/new/",
        name="Striped Towel",
        **{
            "option-1": "Colour",
            "variants-new0-value-1": "Sand",
            "variants-new0-sku": "TOW-S",
            "variants-new0-price": "12.50",
            "variants-new2-value-1": "Sea",
            "variants-new2-sku": "TOW-B",
            "variants-new2-price": "13.50",
        },
    )

    assert answer.status_code == 302, text_of(answer)
    [product] = stored(Product)
    assert (product.name, product.slug, product.status) == ("Striped Towel", "striped-towel", "draft")
    assert [(v.sku, v.title, v.price_minor) for v in product.variants] == [
        ("TOW-S", "Sand", 1250),
        ("TOW-B", "Sea", 1350),
    ]


def test_a_variant_that_goes_with_an_option_keeps_none_of_its_values(app: Flask) -> None:
    product = make_product(prices=(1, 2))
    set_options(product, ["Size", "Colour"])
    for variant in product.variants:
        set_values(variant, product, [variant.title, "Moss"])
    db.session.commit()
    removed = product.variants[1].id

    answer = Person(app, "owner").save(
        f"/admin/product/edit/?id={product.id}", **{"option-2": "", "variants-1-remove": "on"}
    )

    assert answer.status_code == 302, text_of(answer)
    variant = db.session.get(Variant, removed, populate_existing=True)
    assert (variant.is_deleted, variant.title) == (True, "Size 2")
    assert variant.option_key == str(variant.option_values[0].id)
