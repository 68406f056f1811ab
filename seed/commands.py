"""`manage.py seed`: fill a database with what every shop needs, or with the demo shop."""

import tempfile
from pathlib import Path

import click
from flask import current_app

from backoffice import dialects
from backoffice.audit.recorder import Occasion, current_change_set_id, record_as
from backoffice.command_line import Outcome, command, end_progress, progress
from backoffice.errors import Refusal
from backoffice.extensions import db
from seed.counts import Counts
from seed.reference import fill_with_reference

PRODUCTS = 10_000
# A reset leaves the people and what they chose for themselves: nobody wants to be locked out of the shop that they are filling.
KEPT_BY_RESET = dict.fromkeys(
    (
        "role",
        "permission",
        "staff_member",
        "sign_in",
        "preference",
        "saved_view",
        "list_choice",
        "alembic_version",
    )
)


@command("seed", needs_schema=True)
@click.argument("kind", type=click.Choice(["reference", "demo", "load"]), required=False)
@click.option("--products", type=click.IntRange(1, 10_000_000), help="How many products `load` makes; 10,000 else.")
@click.option("--random-seed", type=int, default=1, help="The same number gives the same shop.")
@click.option("--reset", is_flag=True, help="Empty the shop first; people and roles stay.")
@click.option("--yes", "confirmed", metavar="NAME", help="The database's name, so that --reset does not ask.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
def seed(
    kind: str | None, products: int | None, random_seed: int, reset: bool, confirmed: str | None, dry_run: bool
) -> Outcome:
    """Fill the database; what is there already is left as it is."""
    is_production = current_app.config["ENVIRONMENT"] == "production"
    kind = kind or ("reference" if is_production else "demo")
    if is_production and (kind != "reference" or reset):
        raise Refusal("This is production: only `seed reference` is written here, and nothing is reset.")
    if products is not None and kind != "load":
        raise Refusal("--products belongs to `seed load`; the others have a catalog of their own.")
    if reset:
        _confirm(confirmed)
    record_as(Occasion("seed", f"Seed: {kind}", source="manage.py seed"))
    if reset:
        dialects.truncate_tables(db.session.connection(), db.metadata, KEPT_BY_RESET)
    if kind == "load":
        return _load(products or PRODUCTS, random_seed, dry_run)
    counts = _fill(kind, random_seed, dry_run)
    change_set = current_change_set_id()
    if dry_run:
        db.session.rollback()
        return _outcome(kind, counts, None, "Would have made" if counts.created else "")
    db.session.commit()
    return _outcome(kind, counts, change_set)


def _confirm(confirmed: str | None) -> None:
    name = dialects.database_name(current_app.config["SQLALCHEMY_DATABASE_URI"])
    typed = (
        confirmed if confirmed is not None else click.prompt(f"Type the database's name ({name}) to empty it", err=True)
    )
    if typed != name:
        raise Refusal(f"That is not the name of this database, so nothing was emptied. Its name is {name}.")


def _fill(kind: str, random_seed: int, dry_run: bool) -> Counts:
    if kind == "reference":
        return fill_with_reference()
    # Only now: what draws the pictures would make every other command slower.
    from seed.demo.load import fill_with_demo

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) if dry_run else current_app.config["MEDIA_FOLDER"]
        counts = fill_with_demo(folder, random_seed, progress)
    end_progress()
    return counts


def _load(products: int, random_seed: int, dry_run: bool) -> Outcome:
    """Load a large catalog; unlike the others, it adds to what is there, and is committed piece by piece."""
    from seed.load.load import begin_or_resume, expected_rows, finish, write

    fill_with_reference()
    if dry_run:
        counts = Counts(expected_rows(products, random_seed))
        db.session.rollback()
        return _outcome("load", counts, None, "Would have made about")
    # The rows of a load are counted alone; what every shop needs is no part of it.
    db.session.commit()
    db.session.remove()
    record_as(Occasion("seed", f"Seed: load of {products:,} products", source="manage.py seed"))
    load = begin_or_resume(products, random_seed)
    db.session.commit()
    try:
        write(load, current_app.config["SQLALCHEMY_DATABASE_URI"], progress)
    except KeyboardInterrupt:
        raise Refusal(_stopped(load.counts["product"], products)) from None
    finally:
        end_progress()
    finish(load)
    db.session.commit()
    return _outcome("load", Counts(load.counts), load.change_set_id)


def _stopped(written: int, products: int) -> str:
    return f"Stopped at {written:,} of {products:,} products. Type the same command again, and it goes on from there."


def _outcome(kind: str, counts: Counts, change_set: int | None, begins: str = "") -> Outcome:
    words = counts.words.replace("Made", begins, 1) if begins else counts.words
    facts = {
        "kind": kind,
        "created": _present(counts.created),
        "unchanged": _present(counts.unchanged),
        "change_set": change_set,
    }
    return Outcome(words, facts)


def _present(numbers: dict[str, int]) -> dict[str, int]:
    return {table: number for table, number in sorted(numbers.items()) if number}
