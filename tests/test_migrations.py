"""Migrations: up, down and up again on every database, and never apart from the models."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, Column, Integer, NullPool, UniqueConstraint, create_engine, inspect, text

from backoffice import dialects
from backoffice.config import ROOT
from backoffice.extensions import db
from tests.making import make_app, migrate

VERSIONS = sorted(Path(ROOT, "migrations/versions").glob("*.py"))
TABLES = sorted(db.metadata.tables.values(), key=lambda table: table.name)


@pytest.fixture(scope="module")
def migrated(engine: str, fresh_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on a migrated database that tests only look at."""
    app = make_app(fresh_database(engine), tmp_path_factory.mktemp("instance"))
    migrate(app)
    with app.app_context():
        dialects.work_may_write()
        yield app
        db.session.remove()


@pytest.fixture
def app_without_tables(engine: str, fresh_database: Any, tmp_path: Path) -> Iterator[Flask]:
    app = make_app(fresh_database(engine), tmp_path)
    with app.app_context():
        dialects.work_may_write()
        yield app
        db.session.remove()


def tables() -> set[str]:
    names = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    return {name for name in names if not dialects.is_own_of_engine(name)}


def constraint_names(of: type, table: Any) -> set[str]:
    return {str(rule.name) for rule in table.constraints if isinstance(rule, of)}


def columns_of_indexes(found: list[dict[str, Any]]) -> dict[str, list[str]]:
    return {index["name"]: index["column_names"] for index in found}


def test_the_schema_goes_up_down_step_by_step_and_up_again(app_without_tables: Flask) -> None:
    flask_migrate.upgrade()
    made = tables()
    for _ in VERSIONS:
        flask_migrate.downgrade()
    left = tables()
    flask_migrate.upgrade()

    assert made == tables() == set(db.metadata.tables)
    assert left == set()
    flask_migrate.check()


def test_models_and_migrations_agree(migrated: Flask) -> None:
    flask_migrate.check()


def test_the_schema_has_the_check_constraints_of_the_models(migrated: Flask) -> None:
    # Alembic compares everything but these.
    inspector = inspect(db.engine)

    for table in TABLES:
        found = {rule["name"] for rule in inspector.get_check_constraints(table.name)}
        assert constraint_names(CheckConstraint, table) <= found, table.name


def test_the_schema_has_the_names_of_the_models(migrated: Flask) -> None:
    inspector = inspect(db.engine)

    for table in TABLES:
        unique = {rule["name"] for rule in inspector.get_unique_constraints(table.name)}
        keys = {key["name"] for key in inspector.get_foreign_keys(table.name)}
        indexes = columns_of_indexes(inspector.get_indexes(table.name))
        assert {str(index.name) for index in table.indexes} <= set(indexes), table.name
        assert {str(key.constraint.name) for key in table.foreign_keys} == keys, table.name
        assert constraint_names(UniqueConstraint, table) == unique, table.name


def test_the_schema_deletes_as_the_models_say(migrated: Flask, engine: str) -> None:
    inspector = inspect(db.engine)
    # MySQL and MariaDB leave out what they do anyway.
    silent = "RESTRICT" if engine == "mysql" else "NO ACTION"

    for table in TABLES:
        wanted = {str(key.constraint.name): key.ondelete for key in table.foreign_keys}
        keys = inspector.get_foreign_keys(table.name)
        assert {key["name"]: key["options"].get("ondelete", silent) for key in keys} == wanted, table.name


def plant_differences(operations: Operations) -> None:
    operations.add_column("role", Column("colour", Integer))
    operations.drop_table("picture_variant")
    operations.drop_index("ix_brand_name", "brand")
    with operations.batch_alter_table("brand") as batch:
        batch.drop_column("description")
    with operations.batch_alter_table("location") as batch:
        batch.drop_constraint("uq_location_code", type_="unique")
    with operations.batch_alter_table("picture") as batch:
        batch.drop_constraint("fk_picture_product_id", type_="foreignkey")
    with operations.batch_alter_table("tag") as batch:
        batch.alter_column("name", existing_type=dialects.words(80), nullable=True)
    with operations.batch_alter_table("tax_class") as batch:
        batch.alter_column("name", existing_type=dialects.words(80), type_=dialects.words(40), existing_nullable=False)


def test_whatever_is_missing_from_the_schema_is_found(
    app_without_tables: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        plant_differences(Operations(MigrationContext.configure(connection)))
        connection.commit()

    with pytest.raises(SystemExit) as stop:
        flask_migrate.check()

    assert stop.value.code == 1
    told = caplog.text
    for planted in (
        r"'remove_column', None, 'role', Column\('colour'",
        r"'add_table', Table\('picture_variant'",
        r"'add_index', Index\('ix_brand_name'",
        r"'add_column', None, 'brand', Column\('description'",
        r"'add_constraint', UniqueConstraint\(.*?table=<location>",
        r"'add_fk', ForeignKeyConstraint\(",
        r"'modify_nullable', None, 'tag', 'name'",
        r"'modify_type', None, 'tax_class', 'name'",
    ):
        assert re.search(planted, told), planted


def test_text_is_compared_letter_by_letter_whatever_the_database_was_made_with(
    fresh_database: Any, tmp_path: Path
) -> None:
    uri = fresh_database("mysql")
    with create_engine(uri, poolclass=NullPool).begin() as connection:
        connection.execute(text(f"ALTER DATABASE `{dialects.database_name(uri)}` CHARACTER SET latin1"))
    app = make_app(uri, tmp_path)

    migrate(app)

    with app.app_context(), db.engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT concat(table_name, '.', column_name), collation_name FROM information_schema.columns "
                "WHERE table_schema = database() AND collation_name IS NOT NULL AND table_name <> 'alembic_version'"
            )
        )
        assert {name for name, collation in found if collation != "utf8mb4_bin"} == set()


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_revision_is_called_like_its_file(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
    }

    # Alembic's own table has room for 32 characters.
    assert names["revision"] == path.stem and len(path.stem) <= 32
    assert ast.get_docstring(tree)


def test_revisions_are_numbered_in_one_line() -> None:
    script = ScriptDirectory(str(ROOT / "migrations"))
    line = [revision.revision for revision in script.walk_revisions()][::-1]

    assert line == [path.stem for path in VERSIONS]
    assert [int(name.split("_")[0]) for name in line] == list(range(1, len(line) + 1))
    assert len(script.get_heads()) == len(script.get_bases()) == 1


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_constraint_and_index_has_a_name(table: Any) -> None:
    names = [str(rule.name) for rule in (*table.constraints, *table.indexes) if rule.name]

    assert len(names) == len(table.constraints) + len(table.indexes)
    # PostgreSQL cuts longer ones off, and MySQL refuses them.
    assert [name for name in names if len(name) > 63] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_foreign_key_says_what_deletion_does_and_has_an_index(table: Any) -> None:
    starts = [next(iter(rule.columns)).name for rule in (*table.constraints, *table.indexes) if len(rule.columns)]

    for key in table.foreign_keys:
        assert key.ondelete in ("CASCADE", "RESTRICT", "SET NULL"), key.parent
        others = len([start for start in starts if start == key.parent.name])
        assert others >= 2, f"{key.parent} has no index that begins with it"


MODEL_FILES = sorted(
    path for path in Path(ROOT, "backoffice").glob("*/models*") if path.is_dir() or path.suffix == ".py"
)


@pytest.mark.parametrize("path", MODEL_FILES, ids=lambda path: path.parent.name)
def test_the_models_of_a_slice_begin_with_what_it_is_its_words_and_its_rule(path: Path) -> None:
    source = (path / "__init__.py" if path.is_dir() else path).read_text(encoding="utf-8")
    said = ast.get_docstring(ast.parse(source)) or ""

    assert said.splitlines()[0].startswith(f"{path.parent.name.capitalize().replace('_', ' ')}: ")
    assert "\nWords: " in said and "\nRule: " in said


@pytest.mark.parametrize(
    "path",
    sorted(Path(ROOT, "backoffice").glob("*/models/*.py")),
    ids=lambda path: f"{path.parents[1].name}-{path.stem}",
)
def test_every_file_of_models_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
