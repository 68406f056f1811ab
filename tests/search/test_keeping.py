"""Kept texts are right after every kind of write, and drift is found and mended."""

import random
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, update

from backoffice import dialects
from backoffice.audit import taking_back, trash
from backoffice.audit.models import ChangeSet
from backoffice.audit.passing import put_back, step_aside
from backoffice.audit.recorder import current_change_set_id
from backoffice.catalog.models import Brand, Product, Tag, Variant
from backoffice.catalog.variants import option_value
from backoffice.extensions import db
from backoffice.inventory.models import Location
from backoffice.inventory.stock import move
from backoffice.search import keeping
from backoffice.search.kept import all_kept
from backoffice.search.models import brand_search, product_search
from backoffice.search.rebuilding import find_drift, rebuild
from tests.import_export.files import import_rows
from tests.making import Person, make_brand, make_category, make_product, stored
from tests.search.finding import drift, found
from tests.walking import make_house


def test_everything_the_house_has_is_kept(app: Flask) -> None:
    make_house(app)

    assert drift() == {}
    assert len(found("walk", Brand)) >= 1


def test_every_kind_of_write_keeps_it_right(app: Flask) -> None:
    editor = Person(app, "manager")
    brand, tag = make_brand("Norr"), Tag(name="Gifts", slug="gifts")
    mug = make_product("Enamel Mug", prices=(1, 2), skus=["MUG-S", "MUG-L"], brand_id=brand.id)
    mug.tags.append(tag)
    pans = make_category("Pans", make_category("Kitchen"))
    db.session.commit()
    assert drift() == {}

    editor.save(f"/admin/product/edit/?id={mug.id}", name="Steel Mug")
    assert found("steel") == ["Steel Mug"] and found("enamel") == ["Steel Mug"]  # Its address stays.
    editor.edit_cell("brand", brand, "name", "Sund", "Norr", stored(Brand)[0].version)
    assert found("sund") == ["Steel Mug"] and found("norr") == []
    renamed = stored(Tag)[0]
    renamed.name = "Presents"
    assert found("presents") == ["Steel Mug"] and found("gifts") == []
    trash.trash(renamed)
    assert found("presents") == []
    trash.restore(renamed)
    assert found("presents") == ["Steel Mug"]
    trash.trash(stored(Variant)[0])
    assert found("mug-s") == []
    value = stored(Variant)[0].option_values[0]
    value.name = "Huge"
    assert len(found("huge", Variant)) == 1
    pans.name = "Pots"
    move(stored(Variant)[0], db.session.scalar(db.select(Location)), 3, "delivery", None, "Order")
    trash.trash(stored(Product)[0])
    db.session.commit()
    assert drift() == {}
    trash.delete_for_good(db.session.scalar(db.select(Product)))
    db.session.commit()
    assert drift() == {}
    assert db.session.scalars(db.select(product_search.c.record_id)).all() == []


def test_an_import_and_its_undo_keep_it_right(app: Flask, tmp_path: Path) -> None:
    row = {"Title": "Cup", "Vendor": "Norr", "Tags": "gift, spring", "Option1 Name": "Title"}
    row |= {"Option1 Value": "Default Title", "Variant Price": "5"}
    import_rows(tmp_path, *({"Handle": f"cup-{n}", "Variant SKU": f"C-{n}"} | row for n in range(12)))
    assert len(found("norr cup spring")) == 12
    assert drift() == {}

    change_set = db.session.scalar(db.select(ChangeSet).where(ChangeSet.kind == "import"))
    taking_back.take_back(change_set, None)
    db.session.commit()

    assert drift() == {}


def test_a_value_that_stepped_aside_and_came_back_is_found(app: Flask) -> None:
    mug = make_product(skus=["MUG-1"])
    key = ("variant", mug.variants[0].id)

    assert step_aside(key, "sku", "MUG-1")
    keeping.catch_up()
    put_back({key: {"sku": "MUG-1"}})
    db.session.commit()

    assert drift() == {}
    assert found("mug-1") == [str(mug)]


def test_statements_past_the_session_are_kept(app: Flask) -> None:
    mug = make_product("Enamel Mug", brand_id=make_brand("Norr").id)
    noted = {"is_noted": True, "synchronize_session": False}

    db.session.execute(db.update(Brand).where(Brand.name == "Norr").values(name="Sund"), execution_options=noted)
    rows = [{"name": f"Shelf {n}", "slug": f"shelf-{n}"} for n in range(3)]
    db.session.execute(db.insert(Product), rows, execution_options=noted)
    skus = [{"product_id": one.id, "sku": f"S-{one.id}", "option_key": ""} for one in stored(Product)[1:]]
    db.session.execute(db.insert(Variant), skus, execution_options=noted)
    db.session.execute(db.update(Variant).values(barcode="12345678"), execution_options=noted)
    db.session.commit()

    assert found("sund enamel 12345678") == [str(mug)]
    assert len(found("shelf 12345678")) == 3
    db.session.execute(db.delete(Variant).where(Variant.product_id == mug.id), execution_options=noted)
    assert found("enamel 12345678") == []
    assert drift() == {}


def test_what_is_rolled_back_leaves_it_right(app: Flask) -> None:
    mug = make_product("Enamel Mug")

    mug.name = "Gone Mug"
    db.session.flush()
    keeping.catch_up()
    db.session.rollback()

    assert found("enamel") == ["Enamel Mug"] and found("gone") == []
    assert drift() == {}


def test_what_was_noted_before_a_savepoint_outlives_its_rollback(app: Flask) -> None:
    mug = make_product("Enamel Mug")

    mug.name = "Steel Mug"
    db.session.flush()
    savepoint = db.session.begin_nested()
    mug.name = "Gone Mug"
    db.session.flush()
    keeping.catch_up()
    savepoint.rollback()
    with db.session.begin_nested():
        make_part = Tag(name="Kept", slug="kept")
        db.session.add(make_part)
    db.session.commit()

    assert found("steel") == ["Steel Mug"] and found("gone") == []
    assert found("kept", Tag) == ["Kept"]
    assert drift() == {}


def test_two_who_change_parts_of_one_product_leave_it_right(app: Flask) -> None:
    mug = make_product("Enamel Mug", prices=(1, 2), brand_id=make_brand("Norr").id)
    keys = [variant.id for variant in mug.variants]
    db.session.remove()
    start, raised = threading.Barrier(2), []

    def number(place: int) -> None:
        with app.app_context():
            try:
                start.wait()
                for turn in range(12):
                    db.session.get(Variant, keys[place]).sku = f"P{place}-{turn}"
                    db.session.commit()
            except Exception as error:
                raised.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=number, args=[place]) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert raised == []
    assert drift() == {}


def test_many_writes_of_every_kind_leave_no_drift(app: Flask) -> None:
    chance = random.Random(7)
    brands = [make_brand(f"Brand {n}") for n in range(3)]
    tags = [Tag(name=f"Tag {n}", slug=f"tag-{n}") for n in range(3)]
    db.session.add_all(tags)
    db.session.commit()
    words = ["Émail", "Große", "Mug", "Øl", "Tray", "T-Shirt", "100%", "Łódź"]

    def name() -> str:
        return f"{chance.choice(words)} {chance.choice(words)} {chance.randrange(100)}"

    def do(product: Product) -> None:
        act = chance.randrange(8)
        if act == 0:
            product.name = name()
        elif act == 1:
            product.brand_id = chance.choice(brands).id
        elif act == 2:
            product.tags = chance.sample(tags, chance.randrange(3))
        elif act == 3 and product.variants:
            chance.choice(product.variants).sku = f"S-{chance.randrange(10**9)}"
        elif act == 4:
            chance.choice(brands).name = name()
        elif act == 5:
            tag = chance.choice(tags)
            trash.restore(tag) if tag.is_deleted else setattr(tag, "name", name())
        elif act == 6 and len(product.variants) > 1:
            trash.trash(product.variants[0])
        elif act == 7 and product.options:
            option_value(product.options[0], product.options[0].values[0].name).name = name()

    for _turn in range(60):
        if chance.random() < 0.2:
            make_product(name(), prices=(1, 2))
        products = stored(Product)
        for product in chance.sample(products, min(3, len(products))):
            if chance.random() < 0.3:
                savepoint = db.session.begin_nested()
                do(product)
                db.session.flush()
                savepoint.rollback() if chance.random() < 0.5 else savepoint.commit()
            else:
                do(product)
        db.session.rollback() if chance.random() < 0.2 else db.session.commit()

    assert drift() == {}


# Drift


def test_drift_is_found_and_mended(app: Flask) -> None:
    mug, brand = make_product("Enamel Mug"), make_brand("Norr")
    make_brand("Sund")
    connection = db.session.connection()
    connection.execute(update(Product.__table__).values(name="Steel Mug"))
    connection.execute(brand_search.delete().where(brand_search.c.record_id == brand.id))
    connection.execute(brand_search.insert().values(record_id=10**6, name="gone", text="gone"))
    db.session.commit()

    assert drift() == {"product": (0, 1, 0), "variant": (0, 1, 0), "brand": (1, 0, 1)}
    counts = rebuild()
    db.session.commit()

    assert {name: number for name, number in counts.items() if number} == {"product": 1, "variant": 1, "brand": 2}
    assert drift() == {}
    assert found("steel") == [str(db.session.get(Product, mug.id, populate_existing=True))]


def test_of_many_records_some_are_compared_and_all_are_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.search.rebuilding.COMPARED_AT_MOST", 20)
    monkeypatch.setattr("backoffice.search.rebuilding.COMPARED_AT_ONCE", 5)
    db.session.add_all(Brand(name=f"Brand {n}", slug=f"brand-{n}") for n in range(100))
    db.session.commit()
    db.session.connection().execute(brand_search.delete().where(brand_search.c.name == "brand 77"))
    db.session.commit()

    [brands] = [one for one in find_drift(is_full=False) if one.entity == "brand"]

    assert (brands.records, brands.compared, brands.missing) == (100, 20, 1)


def test_a_load_that_paused_keeping_is_found_after_a_rebuild(app: Flask) -> None:
    with keeping.paused():
        db.session.execute(
            insert(Brand),
            [{"name": "Quiet", "slug": f"quiet-{n}"} for n in range(50)],
            execution_options={"is_noted": True},
        )
        db.session.add(Tag(name="Quiet", slug="quiet"))
    db.session.commit()
    before = drift()

    rebuild()
    db.session.commit()

    assert before == {"brand": (50, 0, 0), "tag": (1, 0, 0)}
    assert drift() == {}
    assert len(found("quiet", Brand)) == 50


def test_an_engine_without_its_index_finds_all_the_same(app: Flask, engine: str) -> None:
    make_product("Enamel Mug", skus=["PAN-20"])
    connection = db.session.connection()
    # On MySQL and MariaDB the index is part of the table, and is always there.
    is_part_of_table = engine == "mysql"
    if not is_part_of_table:
        dialects.drop_search_index(connection, "product_search")
    db.session.commit()
    part = "enamel" if is_part_of_table else "namel"

    assert found(f"{part} pan-2") == found("e m") == ["Enamel Mug"]
    make_product("Steel Mug")
    assert found("steel") == ["Steel Mug"]

    rebuild()
    db.session.commit()
    assert dialects.has_search_index(db.session.connection(), "product_search")
    assert found(part) == ["Enamel Mug"]


def test_each_engine_has_its_index_over_every_kept_text(app: Flask) -> None:
    connection = db.session.connection()

    assert all(dialects.has_search_index(connection, kept.table.name) for kept in all_kept())


def test_a_change_set_is_found_by_what_it_says(app: Flask) -> None:
    editor = Person(app, "editor")
    brand = make_brand("Norr")
    editor.save(f"/admin/brand/edit/?id={brand.id}", name="Lyngby")

    assert found("editor lyngby", ChangeSet) != []
    assert current_change_set_id() is None or drift() == {}
