"""`manage.py up`: from nothing to a served shop, for development and testing."""

import errno
import logging
import socket

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from werkzeug.serving import make_server

from backoffice.audit.recorder import Occasion, record_as
from backoffice.catalog.models import Product
from backoffice.command_line import end_progress, progress
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.health.checks import check_database, check_schema, schema_revisions
from backoffice.languages import said
from backoffice.staff import accounts
from backoffice.staff.permissions import ensure_roles

OWNER = "owner@example.com"

STEPS = """`up` is for development; this is {environment}. Step by step:
  python3 manage.py check
  python3 manage.py db upgrade
  python3 manage.py seed reference
  python3 manage.py staff create you@example.com --role owner
Then serve the application `backoffice:create_app()` with a WSGI server."""


@click.command("up")
@click.option("--port", default=5000, type=click.IntRange(1, 65535), help="Where to serve; 5000 unless told.")
@with_appcontext
def up(port: int) -> None:
    """Set up, fill with the demo catalog if empty, and serve until Ctrl-C."""
    environment = current_app.config["ENVIRONMENT"]
    if environment not in ("development", "testing"):
        raise Refusal(STEPS.format(environment=environment))
    _require_free_port(port)
    _prepare_database()
    is_new = _fill()
    _welcome_owner()
    if is_new:
        _share_views()
    db.session.remove()
    _serve(port)


def _require_free_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            reason = "is taken" if error.errno == errno.EADDRINUSE else "cannot be used"
            raise Refusal(f"Port {port} {reason}. Choose another: python3 manage.py up --port {port + 1}") from None


def _prepare_database() -> None:
    finding = check_database(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if finding.problem:
        raise Refusal(finding.problem)
    if check_schema(current_app.config["MIGRATIONS"]).problem:
        present, _ = schema_revisions(current_app.config["MIGRATIONS"])
        click.echo("Making the tables…" if present is None else "Bringing the tables up to date…")
        logging.getLogger("alembic").setLevel(logging.WARNING)
        upgrade()


def _fill() -> bool:
    """Fill an empty shop with the demo; returns whether it was empty."""
    record_as(Occasion("seed", said("The first four roles"), source="manage.py up"))
    ensure_roles()
    db.session.commit()
    if db.session.scalar(db.select(Product.id).limit(1)) is not None:
        return False
    # Only now: what draws the pictures would make every later start slower.
    from seed.demo.load import fill_with_demo

    click.echo("Filling it with the demo catalog…")
    record_as(Occasion("seed", said("Demo catalog"), source="manage.py up"))
    counts = fill_with_demo(current_app.config["MEDIA_FOLDER"], tell=progress)
    end_progress()
    db.session.commit()
    made = counts.created
    click.echo(f"{made.get('product', 0)} products with {made.get('variant', 0)} variants are in.")
    return True


def _welcome_owner() -> None:
    if accounts.count_staff():
        click.echo(f"Sign in as before; a new password: python3 manage.py staff password {OWNER}")
        return
    password = accounts.random_password()
    record_as(Occasion("command", said("First owner"), source="manage.py up"))
    accounts.create_staff_member(OWNER, "Owner", accounts.require_role("owner"), password)
    db.session.commit()
    click.echo(f"Sign in as {OWNER} with the password {password} (shown this once)")


def _share_views() -> None:
    from seed.counts import Counts
    from seed.demo.load import share_demo_views

    share_demo_views(Counts())
    db.session.commit()


def _serve(port: int) -> None:
    server = make_server("127.0.0.1", port, current_app._get_current_object(), threaded=True)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    click.echo(f"http://localhost:{port} (Ctrl-C stops)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("Stopped.")
