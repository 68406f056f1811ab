"""Runs the migrations on the database that the application uses."""

import click
from alembic import context
from flask import current_app

from backoffice.dialects import is_own_of_engine, work_may_write

database = current_app.extensions["migrate"].db


def include_name(name, kind, _parents):
    """Leave out what one engine alone has, and no model describes."""
    return not (kind in ("table", "index") and is_own_of_engine(name))


applied: list[str] = []


def note_applied(step, **_) -> None:
    applied.append(step.up_revision_id if step.is_upgrade else f"back before {step.up_revision_id}")


def tell() -> None:
    """Say what was done, as every command does."""
    if applied:
        click.echo(f"The schema moved: {', '.join(applied)}.", err=True)
    elif getattr(context.get_context().opts.get("fn"), "__name__", "") == "upgrade":
        click.echo("The schema is the newest already; there was nothing to do.", err=True)


def run_migrations() -> None:
    work_may_write()
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            include_name=include_name,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            on_version_apply=note_applied,
        )
        with context.begin_transaction():
            context.run_migrations()
        tell()


run_migrations()
