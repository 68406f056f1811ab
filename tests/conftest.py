"""What every test builds on: real databases, an application, and people who sign in."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backoffice.extensions import db
from tests.making import begin_anew, make_app, migrate

pytest_plugins = ["tests.engines"]

# A developer's own settings must not reach the tests.
for name in list(os.environ):
    if name.startswith("BACKOFFICE_") and not name.startswith("BACKOFFICE_TEST_") or name == "DATABASE_URL":
        del os.environ[name]
os.environ["BACKOFFICE_ENV"] = "testing"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-pictures", action="store_true", help="write the README's picture anew")
    parser.addoption("--long", action="store_true", help="walk the whole house on every engine, not on one")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    from tests import engines

    if "engine" in metafunc.fixturenames:
        wanted = engines.wanted_engines(metafunc.config)
        is_long = metafunc.config.getoption("--long")
        if metafunc.definition.get_closest_marker("any_engine") and not is_long:
            wanted = wanted[:1]
        metafunc.parametrize("engine", wanted, scope="session")


@pytest.fixture(scope="session")
def made_app(engine: str, fresh_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on a migrated database of one engine; one for all tests of this worker."""
    app = make_app(fresh_database(engine), tmp_path_factory.mktemp(f"instance-{engine}"))
    migrate(app)
    yield app


@pytest.fixture
def app(made_app: Flask) -> Iterator[Flask]:
    """The application with reference rows only, inside its context."""
    with made_app.app_context():
        begin_anew()
        yield made_app
        db.session.remove()


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("The folder of real catalog files is not here.")
    return folder
