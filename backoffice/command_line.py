"""How every command speaks: one line of what it did, or one object for programs, and an honest exit status."""

import functools
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from backoffice.audit.recorder import Occasion, record_as
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.health.checks import check_database, check_schema


@dataclass(frozen=True)
class Outcome:
    """What a command did. status: 0 done or nothing to do, 2 rows were refused, 1 anything else."""

    words: str
    facts: dict[str, Any] = field(default_factory=dict)
    status: int = 0


def command(name: str, needs_schema: bool = False, **options: Any) -> Callable[[Callable[..., Outcome]], click.Command]:
    """A click command whose function returns an Outcome; it gets `--json` and its words are printed.

    needs_schema: refuse to begin on a missing or older schema.
    """

    return lambda function: click.command(name, **options)(_run(function, needs_schema))


def group(name: str, needs_schema: bool = False) -> Callable[[Callable[..., Outcome]], click.Group]:
    """A command of the same kind that has commands below it, and does something by itself as well."""

    def wrap(function: Callable[..., Outcome]) -> click.Group:
        run = _run(function, needs_schema)

        @functools.wraps(run)
        @click.pass_context
        def run_alone(context: click.Context, **arguments: Any) -> None:
            if context.invoked_subcommand is None:
                context.invoke(run, **arguments)
            elif any(arguments.values()):
                raise click.UsageError(
                    f"Write the options after “{context.invoked_subcommand}”; before it they do nothing."
                )

        return click.group(name, invoke_without_command=True)(run_alone)

    return wrap


def _run(function: Callable[..., Outcome], needs_schema: bool) -> Callable[..., None]:
    @click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON object.")
    @with_appcontext
    @functools.wraps(function)
    def run(as_json: bool, **arguments: Any) -> None:
        finish(_outcome(function, arguments, needs_schema, as_json), as_json)

    return run


def _outcome(function: Callable[..., Outcome], arguments: dict[str, Any], needs_schema: bool, as_json: bool) -> Outcome:
    try:
        if needs_schema:
            require_schema()
            typed = " ".join(["manage.py", *sys.argv[1:]])[:300]
            record_as(Occasion("command", summary=typed, source=typed))
        return function(**arguments)
    except Refusal as refusal:
        message = refusal.message
    except (OperationalError, ProgrammingError):
        # The database went away, or a table is missing, in the middle of the work.
        database = check_database(current_app.config["SQLALCHEMY_DATABASE_URI"])
        found = database.problem or check_schema(current_app.config["MIGRATIONS"]).problem
        if found is None:
            raise
        message = found
    if as_json:
        return Outcome(message, {"error": message}, 1)
    raise Refusal(message)


def finish(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(outcome.facts, ensure_ascii=False))
    else:
        click.echo(outcome.words)
    db.session.remove()
    if outcome.status:
        raise SystemExit(outcome.status)


def require_schema() -> None:
    """Refuse to work on a database that is away, or whose schema is missing or older."""
    database = check_database(current_app.config["SQLALCHEMY_DATABASE_URI"])
    problem = database.problem or check_schema(current_app.config["MIGRATIONS"]).problem
    if problem:
        raise Refusal(problem)


def progress(words: str, is_shown: bool = True) -> None:
    """Say on a terminal how far the work is; standard output stays for the result."""
    if is_shown and sys.stderr.isatty():
        click.echo(f"\r\033[K{words}", err=True, nl=False)


def end_progress() -> None:
    if sys.stderr.isatty():
        click.echo("\r\033[K", err=True, nl=False)
