"""Whether the shop can be served: the database, its schema, the folder of pictures."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from backoffice import dialects
from backoffice.extensions import db

UPGRADE = "Run: python3 manage.py db upgrade"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. problem: what is wrong and what to do, or None."""

    name: str
    words: str
    problem: str | None = None


def check_database(uri: str) -> Finding:
    shown = f"{dialects.display_name(uri)} at {dialects.hide_password(uri)}"
    try:
        with dialects.only_reading(), db.engine.connect() as connection:
            dialects.reach(connection)
    except SQLAlchemyError:
        return Finding(
            "database",
            shown,
            f"The database cannot be reached at {dialects.hide_password(uri)}. Start it, or check its URI.",
        )
    return Finding("database", shown)


def schema_revisions(migrations: Path) -> tuple[str | None, str | None]:
    """The revision that the database has, and the newest that there is."""
    script = ScriptDirectory(str(migrations))
    with dialects.only_reading(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision(), script.get_current_head()


def check_schema(migrations: Path) -> Finding:
    try:
        present, newest = schema_revisions(migrations)
    except SQLAlchemyError:
        return Finding("schema", "unknown", "The schema cannot be read while the database is away.")
    if present is None:
        return Finding("schema", "none yet", f"The database has no tables yet. {UPGRADE}")
    if present != newest:
        return Finding("schema", present, f"The schema is at {present}, this release needs {newest}. {UPGRADE}")
    return Finding("schema", f"{present} (newest)")


def check_media(folder: Path) -> Finding:
    probe = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    if not (probe.is_dir() and os.access(probe, os.W_OK)):
        return Finding("media", str(folder), f"Pictures cannot be written to {folder}. Check its permissions.")
    return Finding("media", str(folder))


Check = Callable[[], Finding]
_checks: list[Check] = []


def register(check: Check) -> None:
    """Let a slice look after its own tables; asked only where the schema is the newest."""
    _checks.append(check)


def all_findings(config: Any) -> list[Finding]:
    database = check_database(config["SQLALCHEMY_DATABASE_URI"])
    findings = [Finding("environment", config["ENVIRONMENT"]), database]
    if database.problem is None:
        schema = check_schema(config["MIGRATIONS"])
        findings += [schema, *(check() for check in _checks if schema.problem is None)]
    return [*findings, check_media(config["MEDIA_FOLDER"])]
