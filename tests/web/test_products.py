"""The product's screen, as staff use it."""

from flask import Flask

from backoffice.catalog.models import Product
from tests.making import Person, stored, text_of


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
