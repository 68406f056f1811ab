"""Databases of a wanted size that stay from one run to the next: made where there is none, else brought up to date."""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, make_url
from sqlalchemy.exc import DBAPIError

from backoffice import dialects
from backoffice.audit.recorder import Occasion, record_as
from backoffice.catalog.models import Product
from backoffice.config import ROOT
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.staff.accounts import create_staff_member, find_staff_member, require_role
from seed.load.load import begin_or_resume, finish, write
from seed.reference import fill_with_reference
from tests import engines
from tests.making import PASSWORD, make_app, migrate

OWNER = "bench@example.com"
RANDOM_SEED = 42


@contextlib.contextmanager
def server_at(engine: str, uri: str | None) -> Iterator[engines.Server]:
    """The server that a URI names (for SQLite the folder, as sqlite:///folder), else the one that tests use.

    Raises Refusal where there is none.
    """
    if engine == "sqlite":
        yield _folder(uri)
        return
    variable = f"BACKOFFICE_TEST_{engine.upper()}_URI"
    try:
        servers, missing = engines.start_servers([engine], {variable: uri} if uri else os.environ)
    except engines.Misnamed as problem:
        words = str(problem)
        raise Refusal(words.replace(f"named by {variable}", "at this URI") if uri else words) from None
    if missing:
        raise Refusal(missing[engine])
    try:
        yield servers[engine]
    finally:
        engines.stop_servers(servers)


def _folder(uri: str | None) -> engines.Server:
    folder = Path(make_url(uri).database or "") if uri else ROOT / "instance" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return engines.SqliteServer(str(folder.resolve()), f"SQLite {sqlite3.sqlite_version}", "", engines.PREFIX)


def database_of(server: engines.Server, products: int) -> str:
    """The URI of a server's database with that many products. Raises Refusal where it can't be had."""
    try:
        uri = server.kept_database(f"backoffice_bench_{products}")
    except DBAPIError as error:
        raise Refusal(f"The database can't be made: {str(error.orig).strip().splitlines()[0]}") from None
    fill(uri, products)
    return uri


def fill(uri: str, products: int) -> None:
    """Bring a database up to date: its tables, as many products as wanted, and somebody who may do all."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(uri, Path(folder))
        migrate(app)
        with app.app_context():
            dialects.work_may_write()
            found = _load(uri, products)
            if not find_staff_member(OWNER):
                record_as(Occasion("command", "Bench"))
                create_staff_member(OWNER, "Bench", require_role("owner"), PASSWORD)
                db.session.commit()
            db.session.remove()
            db.engine.dispose()
    if found != products:
        name = dialects.database_name(uri)
        raise Refusal(f"The database {name} holds {found:,} products: drop it, and it is made anew.")


def _load(uri: str, products: int) -> int:
    found = _count()
    if found >= products:
        return found
    fill_with_reference()
    db.session.commit()
    record_as(Occasion("seed", f"Seed: load of {products:,} products"))
    load = begin_or_resume(products, RANDOM_SEED)
    db.session.commit()
    write(load, uri, lambda words: None)
    finish(load, lambda words: None)
    db.session.commit()
    if make_url(uri).get_backend_name() == "postgresql":
        # What the server does by itself within a minute must not come in between.
        engines.tell(uri, "VACUUM ANALYZE")
    return _count()


def _count() -> int:
    found = db.session.scalar(db.select(func.count()).select_from(Product)) or 0
    db.session.rollback()
    return found
