"""What differs between two databases, and must not be felt: each trap, on each of them."""

import contextlib
import gc
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, delete, func, insert, inspect, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from backoffice import dialects
from backoffice.audit.models import ChangeSet
from backoffice.catalog.models import Brand, Option, PriceChange, Product, SlugRedirect, TaxClass, Variant
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockMovement
from backoffice.media.models import Picture
from backoffice.settings.models import ShopSettings
from tests.making import make_app, make_brand, make_category, make_product, migrate, stored


@pytest.fixture
def app_on(fresh_database: Any, tmp_path: Path) -> Iterator[Callable[[str], Flask]]:
    """A function that makes an application on one engine and enters it, for what concerns that one alone."""
    with contextlib.ExitStack() as stack:

        def make(engine: str) -> Flask:
            app = make_app(fresh_database(engine), tmp_path)
            migrate(app)
            stack.enter_context(app.app_context())
            stack.callback(db.session.remove)
            dialects.work_may_write()
            return app

        yield make


@pytest.fixture
def sqlite_app(app_on: Callable[[str], Flask]) -> Flask:
    return app_on("sqlite")


def values_of(connection: Any, *names: str) -> dict[str, str]:
    """Settings of a server's connection."""
    return {name: str(connection.execute(text(f"SELECT @@{name}")).scalar()) for name in names}


def broken(statement: Any) -> str | None:
    """Write past every service, and return the name of the constraint that refused it."""
    with pytest.raises(IntegrityError) as raised:
        db.session.connection().execute(statement)
    db.session.rollback()
    return dialects.broken_constraint(raised.value, db.metadata)


def row(model: Any, **values: Any) -> Any:
    """A statement that inserts a row as it is, without the checks of an assignment."""
    now = datetime.now(UTC)
    usual = {"created_at": now, "updated_at": now, "version": 1, "deleted_token": 0, "position": 0, "at": now}
    table = model.__table__
    return insert(table).values({name: value for name, value in usual.items() if name in table.columns} | values)


# Connections


def test_sqlite_enforces_foreign_keys_waits_for_others_and_writes_ahead(sqlite_app: Flask) -> None:
    with db.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("foreign_keys", "journal_mode", "busy_timeout", "synchronous")
        }

    assert found == {"foreign_keys": 1, "journal_mode": "wal", "busy_timeout": 15000, "synchronous": 1}


def test_a_later_connection_is_prepared_like_the_first(sqlite_app: Flask) -> None:
    dialects.work_only_reads()
    with db.engine.connect() as first, db.engine.connect() as second:
        found = [connection.execute(text("PRAGMA foreign_keys")).scalar() for connection in (first, second)]

    assert found == [1, 1]


def test_mysql_reads_what_is_committed_and_counts_in_utc(app_on: Callable[[str], Flask]) -> None:
    app_on("mysql")

    with db.engine.connect() as connection:
        isolation = connection.get_isolation_level()
        settings = values_of(connection, "time_zone", "sql_mode", "innodb_lock_wait_timeout", "character_set_client")

    assert isolation == "READ COMMITTED"
    assert settings["time_zone"] == "+00:00"
    assert "STRICT_TRANS_TABLES" in settings["sql_mode"]
    assert settings["innodb_lock_wait_timeout"] == "10"
    assert settings["character_set_client"] == "utf8mb4"


def test_postgresql_gives_up_waiting_and_counts_in_utc(app_on: Callable[[str], Flask]) -> None:
    app_on("postgresql")

    with db.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"SHOW {name}")).scalar()
            for name in ("timezone", "statement_timeout", "lock_timeout")
        }

    assert found == {"timezone": "UTC", "statement_timeout": "1min", "lock_timeout": "10s"}


@pytest.mark.parametrize(
    ("server", "ask", "end"),
    [
        ("postgresql", "SELECT pg_backend_pid()", "SELECT pg_terminate_backend({})"),
        ("mysql", "SELECT connection_id()", "KILL {}"),
    ],
)
def test_a_connection_that_the_server_ended_is_replaced(
    app_on: Callable[[str], Flask], server: str, ask: str, end: str
) -> None:
    app_on(server)
    db.engine.dispose()
    with db.engine.connect() as ours:
        number = ours.execute(text(ask)).scalar()
        ours.rollback()
        with db.engine.connect() as other:
            other.execute(text(end.format(number)))
            other.rollback()
            # Back in the pool, the ended one is the next to be taken.
    time.sleep(0.2)

    answers = [db.engine.connect().execute(text("SELECT 1")).scalar() for _ in range(2)]

    assert answers == [1, 1]


def test_a_transaction_that_only_reads_takes_no_lock_of_a_writer(sqlite_app: Flask) -> None:
    make_brand("Norr")
    reader = Session(db.engine)
    dialects.work_only_reads()
    try:
        assert reader.scalar(db.select(Brand.name)) == "Norr"
    finally:
        dialects.work_may_write()

    make_brand("Sund")

    # The reader goes on seeing what there was when it began.
    assert reader.scalar(db.select(func.count(Brand.id))) == 1
    reader.close()


# Values


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 29, 0, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 29, 3, 0, 0, 1, tzinfo=timezone(timedelta(hours=2))),
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
        datetime(1999, 12, 31, 23, 59, 59, 123456, tzinfo=UTC),
        datetime(2045, 1, 1, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_as_the_same_instant_to_the_microsecond(app: Flask, moment: datetime) -> None:
    product = make_product(publish_at=moment)
    db.session.expire_all()

    assert product.publish_at == moment
    assert product.publish_at.utcoffset() == timedelta(0)
    assert db.session.scalar(db.select(Product.id).where(Product.publish_at == moment)) == product.id
    assert db.session.scalar(db.select(Product.id).where(Product.publish_at > moment)) is None
    later = moment - timedelta(microseconds=1)
    assert db.session.scalar(db.select(Product.id).where(Product.publish_at > later)) == product.id


def test_a_moment_without_its_time_zone_is_a_fault(app: Flask) -> None:
    db.session.add(Product(name="Mug", slug="mug", publish_at=datetime(2026, 1, 1)))

    with pytest.raises(StatementError, match="A moment needs its time zone"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize("other", ["CAFÉ", "café", "Cafe", "Cafés", "Сafé"])
def test_a_unique_text_is_the_same_only_letter_by_letter(app: Flask, other: str) -> None:
    db.session.add_all([Brand(name="Café", slug="Café"), Brand(name=other, slug=other)])
    db.session.commit()

    assert {brand.name for brand in stored(Brand)} == {"Café", other}
    assert [brand.name for brand in stored(Brand, slug="Café")] == ["Café"]


def test_blanks_around_a_text_tell_nothing_apart(app: Flask) -> None:
    make_brand("Café")
    db.session.add(Brand(name="Other", slug="\tcafe  "))

    with pytest.raises(IntegrityError) as raised:
        db.session.flush()
    db.session.rollback()

    assert dialects.broken_constraint(raised.value, db.metadata) == "uq_brand_slug"


def test_a_text_is_stored_as_one_form_of_its_accents(app: Flask) -> None:
    db.session.add(Brand(name="Cafe\N{COMBINING ACUTE ACCENT}", slug="cafe"))
    db.session.commit()

    assert [brand.name for brand in stored(Brand, name="Caf\N{LATIN SMALL LETTER E WITH ACUTE}")] != []


def test_every_letter_of_unicode_is_kept(app: Flask) -> None:
    name = "Tasse 杯 كوب 😀 👩🏽‍🍳 ẞ"
    make_brand(name)

    assert [brand.name for brand in stored(Brand)] == [name]


@pytest.mark.parametrize("character", ["\x00", "a\x00b"])
def test_a_character_that_one_database_cannot_keep_is_refused_on_all(character: str) -> None:
    with pytest.raises(Refusal, match="Name holds a character that cannot be stored"):
        Brand(name=character)


@pytest.mark.parametrize(
    ("assign", "sentence"),
    [
        (lambda: Brand(name="x" * 121), "Name has 121 characters. Shorten it to 120."),
        (lambda: Variant(sku="😀" * 65), "SKU has 65 characters. Shorten it to 64."),
        (lambda: Variant(price_minor=2**63), "Price is too large. Enter a smaller number."),
        (lambda: Variant(weight_grams=2**31), "Weight is too large. Enter a smaller number."),
        (lambda: Variant(position=-(2**31)), "Position is too large. Enter a smaller number."),
        (lambda: Option(position=10**30), "Position is too large. Enter a smaller number."),
    ],
)
def test_what_does_not_fit_is_refused_as_it_is_assigned(assign: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        assign()

    assert refused.value.message == sentence


def test_what_just_fits_is_kept(app: Flask) -> None:
    product = make_product(prices=(2**63 - 1,), skus=["😀" * 64])
    product.variants[0].weight_grams = 2**31 - 1
    product.description = "ß" * 100_000
    db.session.commit()

    [variant] = stored(Variant)
    assert (variant.price_minor, variant.weight_grams, variant.sku) == (2**63 - 1, 2**31 - 1, "😀" * 64)
    assert len(variant.product.description) == 100_000


@pytest.mark.parametrize("typed", ["ÉMAIL", "émail", "Émail", "STRAßE", "straße", "ΛΕΥΚΟ", "100%"])
def test_a_search_does_not_care_about_small_and_capital_letters(app: Flask, typed: str) -> None:
    for name in ("Broc en ÉMAIL", "Tasse Straße", "Λευκό ΛΕΥΚΟ", "Cotton 100% fine", "Cotton 1000 fine"):
        make_product(name, prices=())

    found = db.session.scalars(db.select(Product.name).where(Product.name.icontains(typed, autoescape=True))).all()

    assert len(found) == 1
    assert typed.lower() in found[0].lower()


def test_lower_knows_more_than_ascii(app: Flask) -> None:
    make_product("ÉMAIL ÄÖÜ", prices=())

    assert db.session.scalar(db.select(func.lower(Product.name))) == "émail äöü"
    assert db.session.scalar(db.select(func.lower(Product.seo_title))) is None


# Constraints


def test_what_must_never_be_is_refused_by_the_database_itself(app: Flask) -> None:
    product = make_product(prices=(1290,))
    location = db.session.scalar(db.select(Location))
    variant = {"product_id": product.id, "tracks_stock": True, "allows_backorder": False}
    movement = {"variant_label": "Mug", "location_id": location.id, "delta": 1, "balance_after": 1, "actor_name": ""}
    now = datetime.now(UTC)
    later = now + timedelta(days=1)

    found = [
        broken(row(Variant, option_key="a", price_minor=-1, **variant)),
        broken(row(Variant, option_key="a", compare_at_price_minor=-1, **variant)),
        broken(row(Variant, option_key="a", cost_minor=-1, **variant)),
        broken(row(Variant, option_key="a", weight_grams=-1, **variant)),
        broken(row(Product, name="x", slug="x", status="live")),
        broken(row(Product, name="x", slug="x", status="draft", publish_at=later, unpublish_at=now)),
        broken(row(TaxClass, name="x", slug="x", rate_basis_points=10001)),
        broken(row(SlugRedirect, kind="product", old_slug="x")),
        broken(row(ShopSettings, id=2, shop_name="x", currency="EUR", locale="en", time_zone="UTC")),
        broken(row(StockMovement, kind="theft", **movement)),
        broken(row(Picture, product_id=product.id)),
    ]

    assert found == [
        "ck_variant_price",
        "ck_variant_compare_at_price",
        "ck_variant_cost",
        "ck_variant_weight",
        "ck_product_status",
        "ck_product_dates",
        "ck_tax_class_rate_range",
        "ck_slug_redirect_one_target",
        "ck_shop_settings_one_row",
        "ck_stock_movement_kind",
        "ck_picture_origin",
    ]


def test_a_broken_unique_constraint_is_told_by_its_name(app: Flask) -> None:
    product = make_product(skus=["MUG"])
    brand = make_brand()
    variant = {"product_id": product.id, "tracks_stock": True, "allows_backorder": False}

    found = [
        broken(row(Brand, name="Other", slug=brand.slug)),
        broken(row(Variant, sku="MUG", option_key="a", **variant)),
        broken(row(Variant, sku="OTHER", option_key="", **variant)),
        broken(row(Brand, id=brand.id, name="Other", slug="other")),
    ]

    assert found[:3] == ["uq_brand_slug", "uq_variant_sku", "uq_variant_options"]
    # MySQL and MariaDB call every primary key the same.
    assert found[3] in ("pk_brand", "PRIMARY")


def test_an_empty_value_where_one_is_needed_is_told_by_table_and_column(app: Flask) -> None:
    name = broken(row(Brand, name=None, slug="x"))

    assert name in ("nn_brand_name", "nn__name")


def test_a_broken_link_is_told_by_its_name_where_the_database_tells(app: Flask, engine: str) -> None:
    brand = make_brand()
    make_product(brand_id=brand.id)

    found = [
        broken(row(Product, name="x", slug="x", status="draft", brand_id=10**9)),
        broken(delete(Brand.__table__).where(Brand.id == brand.id)),
    ]

    # SQLite refuses without a word about which.
    assert found == ([None, None] if engine == "sqlite" else ["fk_product_brand_id"] * 2)


def test_nothing_is_told_of_an_error_that_is_no_broken_constraint() -> None:
    error = IntegrityError("x", {}, Exception("the disk is on fire"))

    assert dialects.broken_constraint(error, db.metadata) is None


def test_deleting_for_good_takes_along_what_the_foreign_keys_say(app: Flask) -> None:
    product = make_product(prices=(1290,))
    db.session.connection().execute(delete(Product.__table__).where(Product.id == product.id))
    db.session.commit()

    assert stored(Variant) == stored(PriceChange) == []


# Several at once


def at_once(app: Flask, number: int, work: Callable[[int], None]) -> list[BaseException]:
    """Run the work in several threads that begin together; return what they raised."""
    start = threading.Barrier(number)
    raised: list[BaseException] = []

    def run(place: int) -> None:
        with app.app_context():
            try:
                start.wait()
                work(place)
            except Exception as error:
                raised.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def test_two_who_read_and_then_write_wait_for_each_other(app: Flask) -> None:
    brand = make_brand()
    key = brand.id
    db.session.remove()

    def rename(place: int) -> None:
        until = time.monotonic() + 1
        while time.monotonic() < until:
            found = db.session.get(Brand, key, with_for_update=True)
            found.name = f"{place} {time.monotonic()}"
            db.session.commit()

    raised = at_once(app, 4, rename)

    assert raised == []
    assert stored(Brand)[0].version > 8
    assert stored(ChangeSet) != []


def test_readers_and_a_writer_do_not_hold_each_other_up(app: Flask) -> None:
    brand = make_brand()
    key = brand.id
    db.session.remove()

    def use(place: int) -> None:
        dialects.work_only_reads() if place else dialects.work_may_write()
        until = time.monotonic() + 0.7
        while time.monotonic() < until:
            found = db.session.get(Brand, key)
            if not place:
                found.name = f"Norr {time.monotonic()}"
            db.session.commit()

    raised = at_once(app, 4, use)

    assert raised == []


def test_who_waits_to_write_has_a_turn_in_the_order_of_coming(sqlite_app: Flask) -> None:
    """SQLite by itself lets the latest go first, and the first wait until its patience ends."""
    engine, order = db.engine, []
    holder = engine.connect()
    holder.begin()

    def write(place: int) -> None:
        with engine.begin():
            order.append(place)
            time.sleep(0.03)

    threads = [threading.Thread(target=write, args=[place]) for place in range(8)]
    for thread in threads:
        thread.start()
        time.sleep(0.1)
    holder.close()
    for thread in threads:
        thread.join(30)

    assert order == list(range(8))


def test_who_gives_up_or_is_forgotten_keeps_nobody_waiting(sqlite_app: Flask) -> None:
    make_brand()
    renaming = update(Brand.__table__).values(name="Nord")
    forgotten = db.engine.connect()
    forgotten.begin()

    is_written = dialects.write_unless_busy(db.engine, renaming)
    del forgotten
    gc.collect()

    assert not is_written
    assert dialects.write_unless_busy(db.engine, renaming)


def test_of_two_who_saw_the_same_version_the_later_one_fails(app: Flask, engine: str) -> None:
    key = make_brand("Norr").id
    db.session.remove()
    dialects.work_only_reads()
    with Session(db.engine, expire_on_commit=False) as first, Session(db.engine, expire_on_commit=False) as second:
        one, other = first.get(Brand, key), second.get(Brand, key)
        first.commit()
        second.commit()
        dialects.work_may_write()
        one.name = "Norr One"
        first.commit()

        other.name = "Norr Two"
        with pytest.raises(StaleDataError):
            second.commit()

    [brand] = stored(Brand)
    assert (brand.name, brand.version) == ("Norr One", 2)


def test_a_deletion_of_what_somebody_changed_fails(app: Flask) -> None:
    key = make_brand("Norr").id
    brand = db.session.get(Brand, key)
    db.session.connection().execute(update(Brand.__table__).values(version=2, name="Changed"))

    db.session.delete(brand)
    with pytest.raises(StaleDataError):
        db.session.flush()
    db.session.rollback()


def test_who_waits_too_long_for_another_is_told_to_try_again(app: Flask, engine: str) -> None:
    key = make_brand("Norr").id
    db.session.remove()
    impatient = {
        "sqlite": "PRAGMA busy_timeout=50",
        "postgresql": "SET LOCAL lock_timeout='50ms'",
        "mysql": "SET SESSION innodb_lock_wait_timeout=1",
    }[engine]
    holder = Session(db.engine)
    dialects.work_may_write()
    holder.execute(update(Brand.__table__).where(Brand.id == key).values(name="Held"))

    with pytest.raises(OperationalError) as raised:
        dialects.work_only_reads()
        with db.engine.connect() as connection:
            connection.execute(text(impatient))
            connection.execute(update(Brand.__table__).where(Brand.id == key).values(name="Late"))
    holder.rollback()
    holder.close()
    dialects.work_may_write()
    db.engine.dispose()

    assert dialects.is_lock_timeout(raised.value)
    assert not dialects.lost_a_race(raised.value)


def test_who_writes_what_another_wrote_before_has_lost_a_race(app: Flask) -> None:
    make_brand("Norr")

    with pytest.raises(IntegrityError) as raised:
        make_brand("Norr")
    db.session.rollback()

    assert dialects.lost_a_race(raised.value)


def test_who_wrote_in_haste_waits_for_others_again(app: Flask, engine: str) -> None:
    patience = {"sqlite": "PRAGMA busy_timeout", "postgresql": "SHOW lock_timeout"}
    asked = text(patience.get(engine, "SELECT @@innodb_lock_wait_timeout"))
    key = make_brand("Norr").id
    db.session.commit()
    db.engine.dispose()

    is_written = dialects.write_unless_busy(
        db.engine, *(update(Brand.__table__).where(Brand.id == key).values(name=name) for name in ("First", "Second"))
    )

    with db.engine.connect() as connection:
        assert str(connection.scalar(asked)) in ("15000", "10s", "10")
    assert is_written and stored(Brand)[0].name == "Second"


def test_a_database_that_is_away_is_no_lock(tmp_path: Path) -> None:
    with pytest.raises(OperationalError) as raised:
        create_engine(f"sqlite:///{tmp_path}/nowhere/shop.db").connect()

    assert not dialects.is_lock_timeout(raised.value)
    assert not dialects.lost_a_race(raised.value)


# Words about databases


@pytest.mark.parametrize(
    ("uri", "name", "shown"),
    [
        ("sqlite:////data/shop.sqlite", "shop", "SQLite"),
        ("sqlite:///:memory:", ":memory:", "SQLite"),
        ("postgresql+psycopg2://u:secret@h/shop", "shop", "PostgreSQL"),
        ("mysql+pymysql://u:secret@h/shop?charset=utf8mb4", "shop", "MySQL/MariaDB"),
    ],
)
def test_a_database_is_told_without_its_password(uri: str, name: str, shown: str) -> None:
    assert dialects.database_name(uri) == name
    assert dialects.display_name(uri) == shown
    assert "secret" not in dialects.hide_password(uri)


def test_emptying_leaves_the_tables_to_keep(app: Flask) -> None:
    make_category("Pans", make_category("Kitchen"))
    make_product()

    dialects.empty_tables(db.session.connection(), db.metadata, dict.fromkeys(("role", "permission")))
    db.session.commit()

    filled = {
        table.name
        for table in db.metadata.sorted_tables
        if db.session.scalar(db.select(func.count()).select_from(table))
    }
    assert filled == {"role", "permission"}
    assert "product" in inspect(db.session.connection()).get_table_names()
