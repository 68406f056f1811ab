"""Runs the migrations on the database that the application uses."""

from alembic import context
from flask import current_app

from backoffice.dialects import work_may_write

database = current_app.extensions["migrate"].db

# Objects that one engine alone has, and that no model describes.
LEFT_OUT: set[str] = set()


def include_name(name, kind, _parents):
    return not (kind in ("table", "index") and name in LEFT_OUT)


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
            user_module_prefix="dialects.",
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
