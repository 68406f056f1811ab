"""One box that finds: any part of a number, name, brand or tag; all words, any order, accents and case folded."""

from flask import Flask

from backoffice.catalog.models import Product, Tag
from backoffice.extensions import db
from backoffice.search.finders import KeptFinder, ProductFinder
from tests.making import make_brand, make_product


def found(text: str, model: type = Product) -> list[str]:
    """The names of what a text finds."""
    db.session.commit()
    finder = ProductFinder() if model is Product else KeptFinder(model)
    statement = db.select(model).where(*finder.condition(text)).order_by(model.id)
    return [str(record) for record in db.session.scalars(statement)]


def test_a_product_is_found_by_every_part_of_it(app: Flask) -> None:
    brand = make_brand("Norrvik")
    product = make_product("Émail Mug", skus=["PAN-20"], brand_id=brand.id)
    product.tags.append(Tag(name="Gifts", slug="gifts"))
    db.session.commit()
    make_product("Other", skus=["WOK"])

    for typed in ("email", "ÉMAIL", "mug ema", "PAN-20", "pan-2", "pan20", "20", "norrvik", "gift mug", "e", "mu"):
        assert found(typed) == ["Émail Mug"], typed
    assert found("email other") == []
