"""Whether the shop can be served, told to people, to programs and to those who watch the process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask

from backoffice import dialects
from backoffice.config import ROOT
from backoffice.extensions import db
from tests.making import make_app, migrate
from tests.running import Desk

BEFORE, NEWEST = sorted(path.stem for path in Path(ROOT, "migrations/versions").glob("*.py"))[-2:]

NEEDING_TABLES = [
    ["seed", "reference"],
    ["seed", "demo"],
    ["staff", "list"],
    ["staff", "create", "ada@example.com", "--role", "owner"],
    ["staff", "lock", "ada@example.com"],
    ["import", "products.csv"],
]


@pytest.fixture
def desk(fresh_database: Any, tmp_path: Path) -> Callable[..., Desk]:
    def make(engine: str = "sqlite") -> Desk:
        return Desk(fresh_database(engine), tmp_path / "media")

    return make


def behind(app: Flask) -> None:
    """Take the newest migration back."""
    with app.app_context():
        dialects.work_may_write()
        flask_migrate.downgrade()
        db.session.remove()


@pytest.mark.parametrize("arguments", NEEDING_TABLES, ids=" ".join)
def test_a_command_on_a_database_without_tables_says_how_to_make_them(
    desk: Callable[..., Desk], arguments: list[str]
) -> None:
    shop = desk()

    answer = shop.type(*arguments)
    as_json = shop.type(*arguments, "--json")

    sentence = "The database has no tables yet. Run: python3 manage.py db upgrade"
    assert (answer.status, answer.out, answer.err) == (1, "", f"{sentence}\n")
    assert (as_json.status, as_json.facts) == (1, {"error": sentence})


def test_a_command_on_an_older_schema_says_how_to_renew_it(engine: str, desk: Callable[..., Desk]) -> None:
    shop = desk(engine)
    shop.type("db", "upgrade")
    shop.type("db", "downgrade")

    answer = shop.type("staff", "list")
    as_json = shop.type("seed", "reference", "--json")

    assert answer.status == as_json.status == 1
    assert answer.err.startswith(f"The schema is at {BEFORE}, this release needs {NEWEST}.")
    assert answer.err.endswith("Run: python3 manage.py db upgrade\n")
    assert f"{as_json.facts['error']}\n" == answer.err


def test_check_says_in_plain_words_what_there_is(engine: str, desk: Callable[..., Desk]) -> None:
    shop = desk(engine)
    shop.type("db", "upgrade")

    answer = shop.type("check")
    as_json = shop.type("check", "--json")

    assert answer.status == as_json.status == 0
    lines = answer.out.splitlines()
    assert lines[0] == "Environment  testing"
    assert lines[1].startswith(f"Database     {dialects.display_name(shop.uri)} at ")
    assert lines[2].startswith(f"Schema       {NEWEST} (newest)")
    assert lines[-1] == "Nothing is wrong."
    assert (as_json.facts["environment"], as_json.facts["problems"]) == ("testing", [])
    assert as_json.facts["schema"] == f"{NEWEST} (newest)"


def test_check_says_what_is_wrong_and_ends_with_1(desk: Callable[..., Desk]) -> None:
    shop = desk()

    answer = shop.type("check")
    as_json = shop.type("check", "--json")

    problem = "The database has no tables yet. Run: python3 manage.py db upgrade"
    assert answer.status == as_json.status == 1
    assert f"Problem: {problem}" in answer.out
    assert as_json.facts["problems"] == [problem]


@pytest.mark.parametrize(
    "uri",
    [
        "postgresql://shop:hunter2secret@127.0.0.1:1/shop",
        "mysql://shop:hunter2secret@127.0.0.1:1/shop",
        "sqlite:////nowhere/at/all/shop.sqlite",
    ],
)
@pytest.mark.parametrize("arguments", [["check"], ["staff", "list"], ["db", "upgrade"]], ids=" ".join)
def test_a_database_that_is_away_is_told_without_its_password(uri: str, arguments: list[str], tmp_path: Path) -> None:
    shop = Desk(uri, tmp_path)

    answer = shop.type(*arguments)

    assert answer.status == 1
    assert "database cannot be reached" in answer.out + answer.err
    assert "hunter2secret" not in answer.out + answer.err and "Traceback" not in answer.err


def test_what_is_missing_in_production_is_told_before_anything_else(tmp_path: Path) -> None:
    bare = {"BACKOFFICE_DATABASE_URI": "", "BACKOFFICE_SECRET_KEY": ""}
    shop = Desk("", tmp_path, "production", bare)

    answer = shop.type("check")
    as_json = shop.type("check", "--json")

    assert answer.status == as_json.status == 1
    assert "BACKOFFICE_DATABASE_URI" in answer.err and "BACKOFFICE_SECRET_KEY" in answer.err
    assert list(as_json.facts) == ["error"]


def test_a_media_folder_that_cannot_be_written_is_told(desk: Callable[..., Desk], tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    shop = Desk(desk().uri, in_the_way / "media")
    shop.type("db", "upgrade")

    answer = shop.type("check")

    assert answer.status == 1
    assert "Pictures cannot be written" in answer.out


def test_no_command_and_a_wrong_one_are_answered_with_help(tmp_path: Path) -> None:
    shop = Desk("sqlite:///:memory:", tmp_path)

    assert "seed" in shop.type().out
    assert shop.type("nonsense").status == 1


def test_the_process_says_that_it_lives(app: Flask) -> None:
    answer = app.test_client().get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_the_process_says_that_it_can_serve(app: Flask) -> None:
    db.session.remove()

    answer = app.test_client().get("/readyz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok", "database": "ok", "schema": "ok"})


def test_a_process_with_an_older_schema_lives_but_cannot_serve(
    fresh_database: Any, engine: str, tmp_path: Path
) -> None:
    app = make_app(fresh_database(engine), tmp_path)
    migrate(app)
    behind(app)

    alive, ready = (app.test_client().get(path) for path in ("/healthz", "/readyz"))

    assert alive.status_code == 200
    assert (ready.status_code, ready.json) == (503, {"status": "fault", "database": "ok", "schema": "fault"})


def test_a_process_without_its_database_lives_but_cannot_serve(tmp_path: Path) -> None:
    app = make_app("postgresql+psycopg2://shop:hunter2secret@127.0.0.1:1/shop", tmp_path)

    alive, ready = (app.test_client().get(path) for path in ("/healthz", "/readyz"))

    assert alive.status_code == 200
    assert (ready.status_code, ready.json) == (503, {"status": "fault", "database": "fault"})
    assert "hunter2secret" not in ready.text
