"""`manage.py seed load`: a large, believable catalog, the same for the same number on every database."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, inspect

from backoffice import dialects
from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.audit.recorder import Occasion, record_as
from backoffice.catalog.barcodes import barcode_warning, gtin_check_digit
from backoffice.catalog.models import Brand, Category, PriceChange, Product, Tag, Variant
from backoffice.catalog.slugs import check_slug, make_slug
from backoffice.config import ROOT
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel, StockMovement
from backoffice.records import clean_html
from seed.load.load import UNFINISHED, begin_or_resume, finish, tables, write
from seed.load.rows import CHUNK_PRODUCTS, KEYS_A_CHUNK, count_rows, gtin_13, make_chunk
from seed.load.work import write_chunks
from seed.load.world import Plan, World, brand_names, goods, tag_names
from tests.making import make_app
from tests.running import SECRET, Desk

SMALL = 300
SEED = 42


@pytest.fixture(scope="module")
def loaded(engine: str, fresh_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with a loaded shop, which tests leave as it is."""
    shop = migrated(fresh_database(engine), tmp_path_factory.mktemp(f"loaded-{engine}"))
    answer = shop.type("seed", "load", "--products", str(SMALL), "--random-seed", str(SEED), "--json")
    assert answer.status == 0, answer
    return shop


@pytest.fixture
def empty(engine: str, fresh_database: Any, tmp_path: Path) -> Desk:
    return migrated(fresh_database(engine), tmp_path)


@pytest.fixture
def light(fresh_database: Any, tmp_path: Path) -> Desk:
    return migrated(fresh_database("sqlite"), tmp_path)


def migrated(uri: str, folder: Path) -> Desk:
    desk = Desk(uri, folder / "media")
    assert desk.type("db", "upgrade").status == 0
    return desk


@contextmanager
def shop_of(desk: Desk) -> Iterator[Flask]:
    app = make_app(desk.uri, desk.media.parent)
    with app.app_context():
        dialects.work_may_write()
        yield app
        db.session.remove()
        db.engine.dispose()


def load(desk: Desk, products: int = SMALL, random_seed: int = SEED) -> Any:
    return desk.type("seed", "load", "--products", str(products), "--random-seed", str(random_seed), "--json")


def counted(table: Any) -> int:
    return db.session.scalar(db.select(func.count()).select_from(table))


def digests(desk: Desk) -> dict[str, str]:
    """A checksum of every loaded row, by table."""
    with shop_of(desk):
        homes = [model.__table__ for model in (Brand, Category, Tag, Location)]
        return {table.name: digest(table) for table in [*homes, *tables()]}


def digest(table: Any) -> str:
    # What every shop needs is written by its own services, at the time of day.
    columns = [column for column in table.c if table.name != "location" or "_at" not in column.name]
    rows = db.session.execute(db.select(*columns).order_by(*table.primary_key.columns))
    return hashlib.sha256("\n".join(repr(tuple(row)) for row in rows).encode()).hexdigest()


@pytest.fixture(scope="module")
def wanted_digests(fresh_database: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    shop = migrated(fresh_database("sqlite"), tmp_path_factory.mktemp("wanted"))
    assert load(shop).status == 0
    return digests(shop)


def test_the_same_number_gives_the_same_catalog_on_every_database(loaded: Desk, wanted_digests: dict[str, str]) -> None:
    assert digests(loaded) == wanted_digests


def test_another_number_gives_another_catalog(light: Desk, wanted_digests: dict[str, str]) -> None:
    load(light, random_seed=43)

    found = digests(light)

    assert found["product"] != wanted_digests["product"] and found["variant"] != wanted_digests["variant"]


def test_its_change_set_holds_counts_and_no_rows(loaded: Desk) -> None:
    with shop_of(loaded):
        act = db.session.scalars(db.select(ChangeSet).order_by(ChangeSet.id)).all()[-1]

        assert (act.kind, act.summary) == ("seed", f"Seed: load of {SMALL} products")
        assert counted(ChangeRow.__table__.select().where(ChangeRow.change_set_id == act.id).subquery()) == 0
        present = {table.name: counted(table) for table in tables()}
        assert {table: act.counts[table] for table in present} == present
        assert act.counts["brand"] == counted(Brand) and act.counts["category"] == counted(Category) == 430
        assert UNFINISHED not in act.counts


def test_every_row_is_one_that_staff_could_have_made(loaded: Desk) -> None:
    with shop_of(loaded):
        for product in db.session.scalars(db.select(Product)):
            check_slug(product.slug)
            assert product.slug == f"{make_slug(product.name)}-{product.id}"
            assert product.description is None or clean_html(product.description) == product.description
            assert len(product.seo_description or "") <= 500
            assert product.status != "active" or any(one.price_minor is not None for one in product.variants)
            assert product.created_at <= product.updated_at
            assert [variant.position for variant in product.variants] == list(range(len(product.variants)))
            check_options(product)


def check_options(product: Product) -> None:
    for variant in product.variants:
        values = variant.ordered_values()
        assert variant.option_key == "-".join(str(value.id) for value in values)
        assert [value.option_id for value in values] == [option.id for option in product.options]
        assert barcode_warning(variant.barcode) is None
        assert variant.compare_at_price_minor is None or variant.compare_at_price_minor > variant.price_minor
        assert variant.cost_minor is None or 0 <= variant.cost_minor < variant.price_minor
    keys = [variant.option_key for variant in product.variants]
    assert keys and len(keys) == len(set(keys))


def test_categories_are_kept_as_their_service_keeps_them(loaded: Desk) -> None:
    with shop_of(loaded):
        for category in db.session.scalars(db.select(Category)):
            parent = category.parent
            assert category.parent_key == (parent.id if parent else 0)
            assert category.path == f"{parent.path if parent else ''}{category.id}/"
            assert category.full_name == (f"{parent.full_name} › {category.name}" if parent else category.name)
            assert category.slug == make_slug(category.name)


def test_stock_agrees_with_its_movements(loaded: Desk) -> None:
    with shop_of(loaded):
        sums: Counter[tuple[int, int]] = Counter()
        movements = db.session.scalars(db.select(StockMovement).order_by(StockMovement.at, StockMovement.id))
        for movement in movements:
            place = (movement.variant_id, movement.location_id)
            sums[place] += movement.delta
            assert movement.balance_after == sums[place] and movement.delta != 0
            assert movement.variant_label == f"{movement.variant} ({movement.variant.sku})".replace(" (None)", "")
        levels = {(one.variant_id, one.location_id): one for one in db.session.scalars(db.select(StockLevel))}
        assert {place: level.on_hand for place, level in levels.items()} == dict(sums)
        assert all(level.on_hand >= 0 and level.variant.tracks_stock for level in levels.values())
        assert any(level.on_hand == 0 for level in levels.values())


def test_each_price_was_noted_as_it_was_set(loaded: Desk) -> None:
    with shop_of(loaded):
        noted = {one.variant_id: one for one in db.session.scalars(db.select(PriceChange))}
        priced = db.select(Variant).where(Variant.price_minor.is_not(None))
        for variant in db.session.scalars(priced):
            note = noted.pop(variant.id)
            assert (note.old_price_minor, note.new_price_minor, note.currency) == (None, variant.price_minor, "EUR")
            assert note.at == variant.created_at
        assert noted == {}


def test_every_index_is_there_afterwards(loaded: Desk) -> None:
    with shop_of(loaded):
        assert index_names() == {index.name for table in db.metadata.sorted_tables for index in table.indexes}


def index_names() -> set[str]:
    """The names of the indexes that the database has and the models know."""
    known = {index.name for table in db.metadata.sorted_tables for index in table.indexes}
    found = inspect(db.session.connection())
    return {index["name"] for table in found.get_table_names() for index in found.get_indexes(table)} & known


def test_what_staff_make_afterwards_gets_keys_of_its_own(loaded: Desk) -> None:
    with shop_of(loaded):
        made = [
            Brand(name="Ours", slug="ours-alone"),
            Product(name="Ours", slug="ours-alone"),
            Tag(name="o", slug="o-o"),
        ]
        db.session.add_all(made)
        db.session.flush()

        assert all(record.id > counted(type(record)) - 1 for record in made)
        db.session.rollback()


def test_what_is_there_already_stays(light: Desk) -> None:
    light.type("seed", "demo")
    with shop_of(light):
        before = counted(Product), counted(Variant)
        names = list(db.session.scalars(db.select(Product.name).order_by(Product.id)))

    answer = load(light)

    assert answer.status == 0
    with shop_of(light):
        assert counted(Product) == before[0] + SMALL
        assert list(db.session.scalars(db.select(Product.name).order_by(Product.id)))[: len(names)] == names
        assert counted(Location) == 2


def test_a_second_load_adds_to_the_first(light: Desk) -> None:
    load(light)

    answer = load(light, 5)

    assert answer.status == 0
    assert answer.facts["kind"] == "load" and answer.facts["created"]["product"] == 5
    assert not {"brand", "category", "tag"} & set(answer.facts["created"])
    with shop_of(light):
        assert counted(Product) == SMALL + 5
        assert counted(Category) == 430


def test_a_trial_writes_nothing(empty: Desk) -> None:
    answer = empty.type("seed", "load", "--products", "120", "--dry-run", "--json")
    words = empty.type("seed", "load", "--products", "120", "--dry-run").out

    assert answer.status == 0 and answer.facts["created"]["product"] == 120
    assert answer.facts["created"]["category"] == 430 and answer.facts["change_set"] is None
    assert words.startswith("Would have made about ")
    with shop_of(empty):
        assert counted(Product) == counted(Brand) == counted(ChangeSet) == counted(Location) == 0
    done = empty.type("seed", "load", "--products", "120", "--json").facts["created"]
    assert done["variant"] == answer.facts["created"]["variant"]


@pytest.mark.parametrize("number", ["0", "-5", "10000001", "many"])
def test_a_wrong_number_is_told_in_a_sentence(light: Desk, number: str) -> None:
    answer = light.type("seed", "load", "--products", number)

    assert answer.status == 1 and answer.out == ""
    assert len(answer.err.strip().splitlines()) == 1 and "--products" in answer.err


def test_only_a_load_asks_how_many(light: Desk) -> None:
    answer = light.type("seed", "demo", "--products", "10")

    assert answer.status == 1 and answer.err.startswith("--products belongs to `seed load`")


def test_production_is_never_loaded(light: Desk) -> None:
    answer = Desk(light.uri, light.media, "production").type("seed", "load", "--products", "10")

    assert answer.status == 1 and answer.err.startswith("This is production")


def test_a_load_that_stopped_goes_on_where_it_was(empty: Desk) -> None:
    products = 2 * CHUNK_PRODUCTS + 50
    with shop_of(empty):
        stop_after_one_chunk(empty, products)
        assert counted(Product) == CHUNK_PRODUCTS
        assert "ix_product_name" not in index_names()
    other = load(empty, products, 43)
    assert other.status == 1 and f"seed load --products {products} --random-seed 42" in other.err + other.out

    answer = load(empty, products)

    assert answer.status == 0, answer
    with shop_of(empty):
        assert answer.facts["created"]["product"] == products == counted(Product)
        acts = [act for act in db.session.scalars(db.select(ChangeSet)) if act.summary.startswith("Seed: load")]
        assert len(acts) == 1
        present = {table.name: counted(table) for table in tables()}
        assert {table: acts[0].counts[table] for table in present} == present
        assert "ix_product_name" in index_names()


def stop_after_one_chunk(desk: Desk, products: int) -> None:
    """Do what a load does until its first chunk is committed, and no more."""
    desk.type("seed", "reference")
    record_as(Occasion("seed", f"Seed: load of {products} products"))
    begun = begin_or_resume(products, SEED)
    db.session.commit()
    engine = dialects.bulk_engine(desk.uri)
    with engine.begin() as connection:
        dialects.drop_indexes(connection, tables())
    engine.dispose()
    chunks = write_chunks(desk.uri, begun.plan, [0, 1], helpers=0)
    next(chunks)
    chunks.close()


def test_a_key_that_somebody_took_meanwhile_is_told_in_a_sentence(light: Desk) -> None:
    products = 2 * CHUNK_PRODUCTS
    with shop_of(light):
        stop_after_one_chunk(light, products)
        db.session.add(Product(name="Ours", slug="ours"))
        db.session.commit()

    answer = light.type("seed", "load", "--products", str(products), "--random-seed", str(SEED))

    assert answer.status == 1 and len(answer.err.strip().splitlines()) == 1
    assert answer.err.startswith("Somebody made something with a key")
    with shop_of(light):
        assert db.session.scalar(db.select(Product.name).where(Product.slug == "ours")) == "Ours"


def test_a_load_that_was_killed_ends_as_one_that_was_not(
    pytestconfig: pytest.Config, fresh_database: Any, tmp_path: Path
) -> None:
    for engine in ("sqlite", "postgresql") if pytestconfig.getoption("--long") else ("sqlite",):
        check_killed(engine, fresh_database, tmp_path / engine)


def check_killed(engine: str, fresh_database: Any, folder: Path) -> None:
    products = 8 * CHUNK_PRODUCTS
    killed = migrated(fresh_database(engine), folder / "killed")
    whole = migrated(fresh_database(engine), folder / "whole")

    kill_midway(killed, products)
    with shop_of(killed):
        assert 0 < counted(Product) < products
    answer = load(killed, products)

    assert answer.status == 0, answer
    assert load(whole, products).facts["created"] == answer.facts["created"]
    assert digests(killed) == digests(whole)
    with shop_of(killed):
        assert "ix_product_name" in index_names()


def test_ctrl_c_leaves_a_load_that_goes_on(light: Desk) -> None:
    products = 8 * CHUNK_PRODUCTS
    process = started(light, products)
    wait_for_products(light, CHUNK_PRODUCTS, process)

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (1, b"")
    [sentence] = err.decode().strip().splitlines()
    assert sentence.startswith("Stopped at ") and "Type the same command again" in sentence
    assert load(light, products).facts["created"]["product"] == products


def kill_midway(desk: Desk, products: int) -> None:
    process = started(desk, products)
    try:
        wait_for_products(desk, CHUNK_PRODUCTS, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    # Its helpers notice that they are alone.
    time.sleep(0.5)


def started(desk: Desk, products: int) -> subprocess.Popen:
    """A load in a process of its own."""
    variables = {
        "BACKOFFICE_ENV": "testing",
        "BACKOFFICE_DATABASE_URI": desk.uri,
        "BACKOFFICE_MEDIA_URI": str(desk.media),
        "BACKOFFICE_SECRET_KEY": SECRET,
    }
    typed = [sys.executable, "manage.py", "seed", "load", "--products", str(products), "--random-seed", str(SEED)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(typed, cwd=ROOT, env=os.environ | variables, **pipes)


def wait_for_products(desk: Desk, wanted: int, process: subprocess.Popen) -> None:
    with shop_of(desk):
        for _ in range(6000):
            assert process.poll() is None, "It ended before it could be killed."
            with dialects.only_reading(), db.engine.connect() as connection:
                if connection.scalar(db.select(func.count()).select_from(Product.__table__)) >= wanted:
                    return
            time.sleep(0.01)
    raise AssertionError("No product was written.")


def test_helpers_write_what_one_alone_writes(fresh_database: Any, tmp_path: Path) -> None:
    helped = migrated(fresh_database("postgresql"), tmp_path / "helped")
    alone = migrated(fresh_database("postgresql"), tmp_path / "alone")

    for desk, helpers in ((helped, 2), (alone, 0)):
        with shop_of(desk):
            desk.type("seed", "reference")
            begun = begin_or_resume(3 * CHUNK_PRODUCTS, SEED)
            db.session.commit()
            write(begun, desk.uri, lambda words: None, helpers)
            finish(begun, lambda words: None)
            db.session.commit()

    assert digests(helped) == digests(alone)


def test_it_says_how_far_it_is_how_fast_and_how_long_still(light: Desk) -> None:
    told: list[str] = []
    with shop_of(light):
        light.type("seed", "reference")
        begun = begin_or_resume(2 * CHUNK_PRODUCTS, SEED)
        db.session.commit()

        write(begun, light.uri, told.append)

    assert told[0] == "0 of 4,000 products"
    assert re.fullmatch(r"2,000 of 4,000 products · [\d,]+ rows a second · \d+ s left", told[1])
    assert any(words.startswith("Building index 1 of ") for words in told)


def test_a_missing_index_is_told_and_mended(light: Desk) -> None:
    load(light)
    with shop_of(light):
        db.session.connection().exec_driver_sql("DROP INDEX ix_product_name")
        db.session.commit()
    told = light.type("db", "check")

    load(light, 5)

    assert told.status == 1
    with shop_of(light):
        assert "ix_product_name" in index_names()


def test_more_products_take_no_more_statements_to_begin(light: Desk) -> None:
    light.type("seed", "reference")
    with shop_of(light):
        assert statements_to_begin(SMALL) == statements_to_begin(100_000)


def statements_to_begin(products: int) -> int:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    begin_or_resume(products, SEED)
    event.remove(db.engine, "before_cursor_execute", note)
    db.session.rollback()
    return len(statements)


def plan_of(products: int) -> Plan:
    """A plan as of an empty shop, for rows that are only looked at."""
    return Plan(
        random_seed=SEED,
        products=products,
        currency="EUR",
        first_keys=dict.fromkeys(KEYS_A_CHUNK, 1),
        brand_ids=list(range(1, len(brand_names(SEED, products)) + 1)),
        leaf_ids=list(range(1, len(goods()) + 1)),
        tag_ids=list(range(1, len(tag_names()) + 1)),
        tax_class_ids=[1, 2],
        location_ids=[1, 2],
    )


@pytest.fixture(scope="module")
def many() -> dict[str, list[tuple]]:
    """The rows of 20,000 products."""
    world, found = World(plan_of(20_000)), {}
    for number in range(10):
        for table, rows in make_chunk(world, number).items():
            found.setdefault(table, []).extend(rows)
    return found


def test_a_few_categories_are_big_and_most_are_small(many: dict[str, list[tuple]]) -> None:
    sizes = Counter(row[5] for row in many["product"] if row[5])

    assert max(sizes.values()) > 20 * median(sizes.values())


def test_brands_have_a_long_tail(many: dict[str, list[tuple]]) -> None:
    sizes = sorted(Counter(row[4] for row in many["product"] if row[4]).values(), reverse=True)

    assert len(sizes) > 300
    assert sum(sizes[: len(sizes) // 10]) > sum(sizes) / 2
    assert sizes[0] > 20 * median(sizes)


def test_products_have_one_to_twelve_variants(many: dict[str, list[tuple]]) -> None:
    variants = Counter(Counter(row[1] for row in many["variant"]).values())

    assert set(variants) == set(range(1, 13))
    assert 1.8 < len(many["variant"]) / len(many["product"]) < 2.3
    assert variants[1] > len(many["product"]) / 2


def test_prices_are_those_of_shops(many: dict[str, list[tuple]]) -> None:
    prices = [row[5] for row in many["variant"] if row[5] is not None]
    endings = Counter(price % 100 for price in prices)
    reduced = sum(row[6] is not None for row in many["variant"])

    assert endings[99] > endings[95] > endings[0] > len(prices) / 20
    assert len(prices) / 20 < reduced < len(prices) / 4
    assert 0 < len(many["variant"]) - len(prices) < len(prices) / 20


def test_words_follow_zipf(many: dict[str, list[tuple]]) -> None:
    words = Counter(word for row in many["product"] for word in (row[3] or "").lower().split())
    [(_, first), *_, (_, tenth)] = words.most_common(10)

    assert 5 < first / tenth < 15
    assert len(words) > 4000


def test_worklists_are_not_empty(many: dict[str, list[tuple]]) -> None:
    products = many["product"]
    statuses = Counter(row[7] for row in products)

    assert statuses["active"] > 5 * statuses["draft"] > 5 * statuses["archived"] > 0
    assert all(any(row[column] is None for row in products) for column in (3, 4, 5, 8))
    assert any(row[9] is not None for row in products)


def test_barcodes_fit_and_are_unique(many: dict[str, list[tuple]]) -> None:
    barcodes = [row[3] for row in many["variant"] if row[3]]

    assert len(barcodes) == len(set(barcodes)) > 0.8 * len(many["variant"])
    assert all(code[:12].isdigit() and int(code[-1]) == gtin_check_digit(code[:-1]) for code in barcodes[:2000])
    assert len({gtin_13(key) for key in range(1, 20_000_000, 997)}) == len(range(1, 20_000_000, 997))


def test_skus_and_addresses_are_unique(many: dict[str, list[tuple]]) -> None:
    skus = [row[2] for row in many["variant"] if row[2]]
    slugs = [row[2] for row in many["product"]]

    assert len(skus) == len(set(skus)) and len(slugs) == len(set(slugs))


def test_names_of_brands_and_tags_have_addresses_of_their_own() -> None:
    for names in (brand_names(SEED, 10_000_000), tag_names()):
        assert len({make_slug(name) for name in names}) == len(names)


def test_a_chunk_is_the_same_whatever_was_made_before_it() -> None:
    world = World(plan_of(10_000))
    make_chunk(world, 0)

    assert make_chunk(world, 3) == make_chunk(World(plan_of(10_000)), 3)
    assert count_rows(make_chunk(world, 4))["product"] == CHUNK_PRODUCTS


def test_no_chunk_takes_the_keys_of_another() -> None:
    world = World(plan_of(10_000))

    chunks = [make_chunk(world, number) for number in range(3)]

    for table, keys in KEYS_A_CHUNK.items():
        for number, rows in enumerate(chunks):
            found = [row[0] for row in rows[table]]
            assert len(found) == len(set(found))
            assert number * keys < min(found) and max(found) <= (number + 1) * keys
