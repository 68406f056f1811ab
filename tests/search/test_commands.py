"""What `manage.py check` and `manage.py search` say of the search, and how they mend it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, make_url, text

from backoffice import dialects
from backoffice.catalog.models import Brand
from backoffice.extensions import db
from backoffice.search.finders import ProductFinder
from backoffice.search.models import brand_search
from tests.making import make_app, make_brand, make_product, migrate
from tests.running import Desk
from tests.search.finding import drift, found


@pytest.fixture
def desk(fresh_database: Any, engine: str, tmp_path: Path) -> Desk:
    shop = Desk(fresh_database(engine), tmp_path / "media")
    assert shop.type("db", "upgrade").status == 0
    assert shop.type("seed", "load", "--products", "40").status == 0
    return shop


def lose_brands(desk: Desk) -> None:
    with create_engine(desk.uri, poolclass=NullPool).begin() as connection:
        connection.execute(brand_search.delete())


def test_what_is_not_found_is_told_and_mended(desk: Desk) -> None:
    right = desk.type("check")
    lose_brands(desk)
    checked, looked = desk.type("check"), desk.type("search", "check", "--json")
    mended = desk.type("search", "rebuild")
    again = desk.type("search", "rebuild", "--json")

    assert right.status == 0 and "texts compared" in right.out
    assert checked.status == looked.status == 1
    assert "Some records are not found as they are now: brand (" in checked.out
    assert "missing). Run: python3 manage.py search rebuild" in checked.out
    assert [one["missing"] > 0 for one in looked.facts["entities"] if one["entity"] == "brand"] == [True]
    assert mended.status == 0 and mended.out.startswith("Wrote ")
    assert again.status == 0 and set(again.facts["written"].values()) == {0}
    assert desk.type("check").status == desk.type("search").status == 0


@pytest.fixture
def poor_app(fresh_database: Any, tmp_path: Path) -> Iterator[Flask]:
    """An application whose role may not create the extension."""
    uri = fresh_database("postgresql")
    name = make_url(uri).database
    role = f"{name}_poor"
    with create_engine(uri, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"ALTER SCHEMA public OWNER TO {role}"))
    app = make_app(make_url(uri).set(username=role).render_as_string(), tmp_path)
    migrate(app)
    with app.app_context():
        dialects.work_may_write()
        yield app
        db.session.remove()
        db.engine.dispose()
    with create_engine(uri, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"DROP OWNED BY {role} CASCADE"))
        connection.execute(text(f"DROP ROLE {role}"))


def test_a_role_that_may_not_create_the_extension_searches_all_the_same(poor_app: Flask, tmp_path: Path) -> None:
    mug = make_product("Enamel Mug", skus=["PAN-20"], brand_id=make_brand("Norr").id)

    assert found("namel an-20 norr") == ["Enamel Mug"]
    assert ProductFinder().best("pan-20", 3) == [mug.id]
    assert ProductFinder().similar("enamle mug", 3) == []
    assert drift() == {}
    desk = Desk(str(poor_app.config["SQLALCHEMY_DATABASE_URI"]), tmp_path / "media")
    answer = desk.type("check")
    assert answer.status == 0
    assert "slower than it could be, for the index of product, variant" in answer.out
    assert "CREATE EXTENSION pg_trgm" in answer.out
    assert "can’t be made, so that search is slower" in desk.type("search", "rebuild").out


@pytest.fixture
def many(app: Flask) -> Callable[[str], str]:
    """Many brands, and a function from what is typed to how the engine would look for it."""
    rows = [{"name": f"Brand {n % 97} {n * 7919 % 10**7}", "slug": f"brand-{n}"} for n in range(20_000)]
    db.session.execute(db.insert(Brand), rows, execution_options={"is_noted": True})
    db.session.commit()
    dialects.tell_planner(db.session.connection(), "brand_search")

    def plan(typed: str) -> str:
        from backoffice.search.finders import KeptFinder

        statement = db.select(Brand.id).where(*KeptFinder(Brand).condition(typed))
        compiled = statement.compile(db.session.connection(), compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN" if db.engine.url.get_backend_name() == "sqlite" else "EXPLAIN"
        shown = db.session.connection().exec_driver_sql(
            f"{explain} {str(compiled).replace('%', '%%')}".replace("%%%%", "%%")
        )
        return "\n".join(" ".join(map(str, row)) for row in shown)

    return plan


def test_a_rare_word_is_looked_up_by_the_index(many: Callable[[str], str], engine: str) -> None:
    shown = many("7919")

    index = {"sqlite": "VIRTUAL TABLE INDEX", "postgresql": "ix_brand_search_text"}.get(engine, "fulltext")
    assert index in shown
