"""Whoever holds several rows takes them in one order, so that no two ever wait for each other."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event, update

from backoffice.audit.models import ChangeSet
from backoffice.catalog.models import Brand
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel
from backoffice.records import lock
from tests.making import Person, changed, make_brand, make_product, stored

Locks = list[tuple[str, Any]]


@contextmanager
def noted_locks() -> Iterator[Locks]:
    """The rows that are locked meanwhile, by table and key; none on SQLite, which locks all at once."""
    locks: Locks = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_facts: Any) -> None:
        if "FOR UPDATE" in statement:
            locks.append((re.search(r"FROM (\w+)", statement).group(1), list(dict(parameters).values())[0]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield locks
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def tables(locks: Locks, *names: str) -> list[str]:
    return [name for name, _ in locks if name in names]


def test_a_record_that_was_loaded_before_is_held_as_it_is_now(app: Flask) -> None:
    brand = make_brand("Norr")
    db.session.refresh(brand)
    db.session.connection().execute(update(Brand.__table__).values(name="Nord", version=2))

    held = lock(Brand, brand.id)

    assert held is brand
    assert (held.name, held.version) == ("Nord", 2)


def test_stock_is_taken_back_in_the_order_in_which_it_is_booked(app: Flask) -> None:
    manager = Person(app, "manager")
    variant, shelf = make_product().variants[0], stored(Location)[0]
    entry = {"variant": variant.id, "location": shelf.id, "entry": "+5", "kind": "delivery"}
    manager.post("/admin/stock_level/new/", entry)
    path = f"/admin/stock_level/edit/?id={stored(StockLevel)[0].id}"

    with noted_locks() as of_booking:
        manager.post(path, {"entry": "+5", "kind": "delivery"})
    with noted_locks() as of_undo:
        manager.post("/admin/change_set/undo/", {"id": stored(ChangeSet)[-1].id})

    assert stored(StockLevel)[0].on_hand == 5
    assert tables(of_undo, "variant", "stock_level") == tables(of_booking, "variant", "stock_level")


def test_a_product_is_held_before_its_variants_by_all_who_write_both(app: Flask) -> None:
    manager, product = Person(app, "manager"), make_product()
    path = f"/admin/product/edit/?id={product.id}"
    values = changed(manager.form(path), {"name": "Mug", "variants-0-weight_grams": "300"})

    with noted_locks() as of_saving:
        manager.post(path, values)
    key = stored(ChangeSet)[-1].id
    with noted_locks() as of_undo:
        manager.post("/admin/change_set/undo/", {"id": key})

    assert stored(type(product))[0].name == "Enamel Mug"
    for locks in (of_saving, of_undo):
        assert tables(locks, "product", "variant")[:1] in ([], ["product"])


def test_rows_that_are_chosen_are_held_in_the_order_of_their_keys(app: Flask) -> None:
    editor = Person(app, "editor")
    products = [make_product(name) for name in ("Mug", "Apron", "Towel")]
    versions = {f"version-{one.id}": one.version for one in products}
    chosen = {"action": "publish", "rowid": [one.id for one in products[::-1]]} | versions
    statements: list[str] = []
    note = lambda _connection, _cursor, statement, *_facts: statements.append(statement)  # noqa: E731

    event.listen(db.engine, "before_cursor_execute", note)
    answer = editor.post("/admin/product/action/", chosen)
    event.remove(db.engine, "before_cursor_execute", note)

    assert answer.status_code == 302
    locking = [one for one in statements if "FOR UPDATE" in one and "FROM product" in one]
    assert all("ORDER BY product.id" in one for one in locking if " IN (" in one)
    assert locking or db.engine.dialect.name == "sqlite"
