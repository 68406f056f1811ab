"""What tests of the search ask again and again."""

from typing import Any

from backoffice.catalog.models import Product
from backoffice.extensions import db
from backoffice.search.finders import KeptFinder, ProductFinder
from backoffice.search.rebuilding import find_drift


def finder_of(model: Any = Product) -> KeptFinder:
    return ProductFinder() if model is Product else KeptFinder(model)


def found(text: str, model: Any = Product) -> list[str]:
    """The names of what a text finds, in the order of their making."""
    db.session.commit()
    statement = db.select(model).where(*finder_of(model).condition(text)).order_by(model.id)
    return [str(record) for record in db.session.scalars(statement)]


def named(keys: list[int], model: Any = Product) -> list[str]:
    return [str(db.session.get(model, key)) for key in keys]


def drift() -> dict[str, tuple[int, int]]:
    """What is missing, wrong and left over, by entity; empty where everything is found as it is."""
    db.session.rollback()
    return {one.entity: (one.missing, one.wrong, one.left) for one in find_drift() if not one.is_right}
