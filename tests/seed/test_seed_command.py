"""`manage.py seed`: the same shop for everybody, written once, and never over somebody's work."""

import fcntl
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func

from backoffice import dialects
from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.catalog.models import Brand, Category, Product, Tag, TaxClass, Variant
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel, StockMovement
from backoffice.media.models import Picture
from backoffice.media.storage import picture_path
from backoffice.staff.models import Permission, Role, StaffMember
from seed.demo.catalog_files import read_catalog
from tests.making import make_app
from tests.running import Desk

CATALOG = read_catalog()


@pytest.fixture
def desk(fresh_database: Any, tmp_path: Path) -> Callable[..., Desk]:
    """A function that gives a desk with an empty database on SQLite, its tables made."""

    def make(environment: str = "testing", engine: str = "sqlite") -> Desk:
        made = Desk(fresh_database(engine), tmp_path / "media", environment)
        assert made.type("db", "upgrade").status == 0
        return made

    return make


@pytest.fixture(scope="session")
def seeded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a demo shop on SQLite and what the command said; one for all processes of the run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / "demo-shop"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "said.json").exists():
            desk = Desk(f"sqlite:///{folder}/working.sqlite", folder / "media")
            assert desk.type("db", "upgrade").status == 0
            answer = desk.type("seed", "demo", "--random-seed", "7", "--json")
            assert answer.status == 0, answer
            with sqlite3.connect(folder / "working.sqlite") as source, sqlite3.connect(folder / "shop.sqlite") as copy:
                source.backup(copy)
            (folder / "said.json").write_text(answer.out, encoding="utf-8")
    return folder


@pytest.fixture
def demo(seeded_once: Path, tmp_path: Path) -> Desk:
    """A desk with a demo shop of its own."""
    shutil.copy(seeded_once / "shop.sqlite", tmp_path / "shop.sqlite")
    return Desk(f"sqlite:///{tmp_path}/shop.sqlite", seeded_once / "media")


@contextmanager
def shop_of(desk: Desk, folder: Path) -> Iterator[Flask]:
    app = make_app(desk.uri, folder)
    with app.app_context():
        dialects.work_may_write()
        yield app
        db.session.remove()
        db.engine.dispose()


def counted(model: Any) -> int:
    return db.session.scalar(db.select(func.count(model.id)))


def dump() -> dict[str, Any]:
    """The shop as a person would tell it: without keys and times."""
    return {
        "categories": sorted((c.full_name, c.slug, c.description, c.position) for c in all_of(Category)),
        "brands": sorted((b.slug, b.name, b.description) for b in all_of(Brand)),
        "tags": sorted((t.slug, t.name) for t in all_of(Tag)),
        "tax classes": sorted((t.slug, t.name, t.rate_basis_points) for t in all_of(TaxClass)),
        "locations": sorted((place.code, place.name) for place in all_of(Location)),
        "products": sorted(map(product_facts, all_of(Product)), key=lambda facts: facts["slug"]),
        "pictures": sorted((p.product.slug, p.checksum, p.alt_text, p.size_bytes) for p in all_of(Picture)),
        "movements": sorted(
            (m.variant_label, m.location.code, m.kind, m.delta, m.balance_after) for m in all_of(StockMovement)
        ),
        "levels": sorted((v.variant.sku, v.location.code, v.on_hand) for v in all_of(StockLevel)),
    }


def all_of(model: Any) -> list[Any]:
    return list(db.session.scalars(db.select(model)))


def product_facts(product: Product) -> dict[str, Any]:
    plain = ("slug", "name", "description", "status", "publish_at", "unpublish_at", "seo_title", "seo_description")
    return {
        **{name: getattr(product, name) for name in plain},
        "brand": product.brand.slug,
        "category": product.category.full_name,
        "also in": sorted(category.full_name for category in product.categories),
        "tax": product.tax_class.slug,
        "tags": sorted(tag.slug for tag in product.tags),
        "options": [(option.name, [value.name for value in option.values]) for option in product.options],
        "variants": [
            (v.sku, v.barcode, v.title, v.price_minor, v.compare_at_price_minor, v.cost_minor, v.weight_grams)
            for v in product.variants
        ],
    }


def levels_that_differ_from_their_movements() -> list[str]:
    sums = {
        key: int(total)
        for *key_parts, total in db.session.execute(
            db.select(StockMovement.variant_id, StockMovement.location_id, func.sum(StockMovement.delta)).group_by(
                StockMovement.variant_id, StockMovement.location_id
            )
        )
        for key in [tuple(key_parts)]
    }
    return [str(one) for one in all_of(StockLevel) if one.on_hand != sums.get((one.variant_id, one.location_id), 0)]


def test_reference_writes_what_every_shop_needs_and_nothing_else(desk: Callable[..., Desk], tmp_path: Path) -> None:
    shop = desk()

    answer = shop.type("seed", "reference", "--json")

    assert answer.status == 0 and answer.err == ""
    with shop_of(shop, tmp_path):
        assert answer.facts == {
            "kind": "reference",
            "created": {
                "location": 1,
                "permission": counted(Permission),
                "role": 4,
                "shop_settings": 1,
                "tax_class": 1,
            },
            "unchanged": {},
            "change_set": all_of(ChangeSet)[-1].id,
        }
        assert [role.name for role in all_of(Role)] == ["viewer", "editor", "manager", "owner"]
        assert counted(Product) == counted(StaffMember) == 0
        assert len(all_of(ChangeSet)) == 1 and all_of(ChangeSet)[0].kind == "seed"


def test_reference_a_second_time_changes_nothing_and_says_so(desk: Callable[..., Desk], tmp_path: Path) -> None:
    shop = desk()
    first = shop.type("seed", "reference", "--json").facts

    words = shop.type("seed", "reference")
    second = shop.type("seed", "reference", "--json").facts

    assert words.status == 0
    assert words.out == "Everything was there already; nothing changed.\n"
    assert second == {"kind": "reference", "created": {}, "unchanged": first["created"], "change_set": None}
    with shop_of(shop, tmp_path):
        assert counted(ChangeSet) == 1


def test_reference_leaves_what_an_owner_decided(desk: Callable[..., Desk], tmp_path: Path) -> None:
    shop = desk()
    shop.type("seed", "reference")
    with shop_of(shop, tmp_path):
        viewer = db.session.scalar(db.select(Role).where(Role.name == "viewer"))
        viewer.permissions = viewer.permissions[:1]
        db.session.scalar(db.select(TaxClass)).name = "Usual"
        db.session.commit()

    answer = shop.type("seed", "reference", "--json")

    assert answer.facts["created"] == {}
    with shop_of(shop, tmp_path):
        assert len(db.session.scalar(db.select(Role).where(Role.name == "viewer")).permissions) == 1
        assert [tax.name for tax in all_of(TaxClass)] == ["Usual"]


def test_a_trial_of_reference_writes_nothing(desk: Callable[..., Desk], tmp_path: Path) -> None:
    shop = desk()

    answer = shop.type("seed", "reference", "--dry-run", "--json")
    words = shop.type("seed", "reference", "--dry-run").out

    assert answer.facts["created"]["role"] == 4 and answer.facts["change_set"] is None
    assert words.startswith("Would have made 1 location, ")
    with shop_of(shop, tmp_path):
        assert counted(Role) == counted(ChangeSet) == counted(ChangeRow) == 0


def test_the_demo_shop_is_the_catalog_of_the_files(seeded_once: Path, demo: Desk, tmp_path: Path) -> None:
    said = json.loads((seeded_once / "said.json").read_text(encoding="utf-8"))

    assert sorted(said) == ["change_set", "created", "kind", "unchanged"]
    assert said["kind"] == "demo" and said["unchanged"] == {}
    variants = [variant for product in CATALOG.products for variant in product.variants]
    with shop_of(demo, tmp_path):
        models = (Product, Variant, Category, Brand, Tag, TaxClass, Location, Picture, StockMovement, Role)
        assert {m.__tablename__: said["created"][m.__tablename__] for m in models} == {
            m.__tablename__: counted(m) for m in models
        }
        assert said["change_set"] == all_of(ChangeSet)[-1].id and counted(ChangeSet) == 1
        assert counted(Product) == len(CATALOG.products) and counted(Variant) == len(variants)
        stock = {level.variant.sku: 0 for level in all_of(StockLevel)}
        for level in all_of(StockLevel):
            stock[level.variant.sku] += level.on_hand
        assert stock == {variant.sku: sum(variant.stock.values()) for variant in variants if variant.stock}


def test_seeded_stock_is_the_sum_of_its_movements(demo: Desk, tmp_path: Path) -> None:
    with shop_of(demo, tmp_path):
        assert levels_that_differ_from_their_movements() == []
        assert counted(StockLevel) > 300


def test_every_picture_of_the_demo_shop_is_in_the_media_folder(demo: Desk, tmp_path: Path) -> None:
    with shop_of(demo, tmp_path):
        for picture in all_of(Picture):
            assert picture_path(demo.media, picture.checksum).stat().st_size == picture.size_bytes
            assert picture_path(demo.media, picture.checksum, "thumb").is_file()


def test_the_demo_shop_a_second_time_changes_nothing(demo: Desk, tmp_path: Path) -> None:
    with shop_of(demo, tmp_path / "before"):
        before = dump()

    answer = demo.type("seed", "demo", "--random-seed", "8", "--json")

    assert answer.status == 0
    assert (answer.facts["created"], answer.facts["change_set"]) == ({}, None)
    assert answer.facts["unchanged"]["product"] == len(CATALOG.products)
    with shop_of(demo, tmp_path / "after"):
        assert dump() == before
        assert counted(ChangeSet) == 1


def test_demo_leaves_the_work_of_staff_and_brings_back_only_what_is_missing(demo: Desk, tmp_path: Path) -> None:
    with shop_of(demo, tmp_path / "before"):
        renamed, gone = db.session.scalars(db.select(Product).order_by(Product.id).limit(2)).all()
        renamed.name = "Our own name"
        slugs = renamed.slug, gone.slug
        db.session.commit()
        db.session.connection().execute(db.delete(Variant).where(Variant.product_id == gone.id))
        db.session.connection().execute(db.delete(Product).where(Product.id == gone.id))
        db.session.commit()
    trial = demo.type("seed", "demo", "--dry-run", "--json")

    answer = demo.type("seed", "demo", "--json")

    assert trial.facts["created"] == answer.facts["created"]
    assert trial.facts["change_set"] is None and answer.facts["change_set"] is not None
    assert answer.facts["created"]["product"] == 1
    with shop_of(demo, tmp_path / "after"):
        names = {product.slug: product.name for product in all_of(Product)}
        assert names[slugs[0]] == "Our own name" and slugs[1] in names
        assert counted(ChangeSet) == 3


@pytest.mark.parametrize("server", ["postgresql", "mysql"])
def test_the_same_number_gives_the_same_shop_on_every_database(
    desk: Callable[..., Desk], demo: Desk, server: str, tmp_path: Path
) -> None:
    other = desk(engine=server)

    answer = other.type("seed", "demo", "--random-seed", "7", "--json")

    assert answer.status == 0, answer
    with shop_of(demo, tmp_path / "sqlite"):
        wanted = dump()
    with shop_of(other, tmp_path / server):
        assert dump() == wanted
        assert levels_that_differ_from_their_movements() == []
    again = other.type("seed", "demo", "--json")
    assert again.facts["created"] == {}
    name = dialects.database_name(other.uri)
    emptied = other.type("seed", "reference", "--reset", "--yes", name, "--json")
    assert emptied.status == 0, emptied
    with shop_of(other, tmp_path / "emptied"):
        assert counted(Product) == counted(Category) == counted(StockMovement) == 0
        assert counted(ChangeSet) == 1


def test_a_reset_empties_the_shop_and_leaves_the_people(demo: Desk, tmp_path: Path) -> None:
    demo.type("staff", "create", "ada@example.com", "--role", "owner")

    answer = demo.type("seed", "reference", "--reset", "--yes", "shop", "--json")

    assert answer.status == 0
    assert answer.facts["unchanged"]["role"] == 4
    with shop_of(demo, tmp_path):
        assert [person.email for person in all_of(StaffMember)] == ["ada@example.com"]
        assert counted(Product) == counted(Picture) == 0
        assert counted(TaxClass) == counted(Location) == 1


def test_a_reset_with_another_name_empties_nothing(demo: Desk, tmp_path: Path) -> None:
    answer = demo.type("seed", "reference", "--reset", "--yes", "other")
    as_json = demo.type("seed", "reference", "--reset", "--yes", "other", "--json")

    sentence = "That is not the name of this database, so nothing was emptied. Its name is shop."
    assert (answer.status, answer.out, answer.err) == (1, "", f"{sentence}\n")
    assert (as_json.status, as_json.facts) == (1, {"error": sentence})
    with shop_of(demo, tmp_path):
        assert counted(Product) == len(CATALOG.products)


def test_a_reset_asks_for_the_name(demo: Desk, tmp_path: Path) -> None:
    wrong = demo.type("seed", "reference", "--reset", keyboard="demo\n")
    with shop_of(demo, tmp_path / "before"):
        left = counted(Product)
    right = demo.type("seed", "reference", "--reset", "--json", keyboard="shop\n")

    assert wrong.status == 1 and left == len(CATALOG.products)
    assert right.status == 0 and right.facts["kind"] == "reference"
    assert "Type the database's name (shop)" in right.err
    with shop_of(demo, tmp_path / "after"):
        assert counted(Product) == 0


def test_a_reset_that_nobody_answers_empties_nothing(demo: Desk, tmp_path: Path) -> None:
    answer = demo.type("seed", "reference", "--reset")

    assert answer.status != 0
    with shop_of(demo, tmp_path):
        assert counted(Product) == len(CATALOG.products)


def test_a_trial_of_a_reset_empties_nothing(demo: Desk, tmp_path: Path) -> None:
    answer = demo.type("seed", "reference", "--reset", "--yes", "shop", "--dry-run", "--json")

    assert answer.status == 0
    with shop_of(demo, tmp_path):
        assert counted(Product) == len(CATALOG.products)


@pytest.mark.parametrize(
    "arguments", [["demo"], ["reference", "--reset", "--yes", "shop"], ["--reset"], ["demo", "--dry-run"]]
)
def test_production_is_never_filled_with_a_demo_or_emptied(
    desk: Callable[..., Desk], arguments: list[str], tmp_path: Path
) -> None:
    shop = desk("production")

    answer = shop.type("seed", *arguments)
    as_json = shop.type("seed", *arguments, "--json")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("This is production")
    assert (as_json.status, list(as_json.facts)) == (1, ["error"])
    with shop_of(shop, tmp_path):
        assert counted(Role) == counted(Product) == 0


def test_seed_alone_means_reference_in_production(desk: Callable[..., Desk]) -> None:
    assert desk("production").type("seed", "--json").facts["kind"] == "reference"


@pytest.mark.parametrize("environment", ["development", "testing", "staging"])
def test_seed_alone_means_demo_elsewhere(demo: Desk, environment: str) -> None:
    elsewhere = Desk(demo.uri, demo.media, environment)

    assert elsewhere.type("seed", "--json").facts["kind"] == "demo"


def test_a_shop_that_counts_in_another_currency_gets_no_demo_prices(desk: Callable[..., Desk], tmp_path: Path) -> None:
    shop = desk()
    shop.type("seed", "reference")
    with shop_of(shop, tmp_path / "before"):
        from backoffice.settings.shop import shop_settings

        shop_settings().currency = "JPY"
        db.session.commit()

    answer = shop.type("seed", "demo")

    assert answer.status == 1
    assert answer.err == "The demo catalog has prices in EUR; this shop counts in JPY.\n"
    with shop_of(shop, tmp_path / "after"):
        assert counted(Product) == counted(Brand) == 0


@pytest.mark.parametrize("arguments", [["nonsense"], ["demo", "--random-seed", "many"], ["demo", "--colour"]])
def test_what_is_no_such_command_is_told_in_a_sentence(demo: Desk, arguments: list[str]) -> None:
    answer = demo.type("seed", *arguments)
    as_json = demo.type("seed", *arguments, "--json")

    assert (answer.status, answer.out) == (1, "")
    assert len(answer.err.splitlines()) == 1 and "Traceback" not in answer.err
    assert (as_json.status, list(as_json.facts)) == (1, ["error"])
