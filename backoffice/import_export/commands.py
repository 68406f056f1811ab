"""`manage.py import`: a file of products into the catalog, as one change set."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from backoffice import dialects
from backoffice.audit.recorder import Occasion, current_change_set_id, record_as
from backoffice.command_line import Outcome, command, end_progress, progress
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.import_export.apply import apply_plan
from backoffice.import_export.jobs import note_failure, note_import
from backoffice.import_export.plan import Plan, plan_import
from backoffice.import_export.readers import shopify
from backoffice.import_export.report import report_facts, report_words, summarise
from backoffice.languages import gettext as _

READERS = {"shopify": shopify.read}


@command("import", needs_schema=True)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "file_format", type=click.Choice(sorted(READERS)), default="shopify", show_default=True)
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--skip-refused", is_flag=True, help="Write the products that are right, and leave the refused ones.")
def import_file(file: Path, file_format: str, dry_run: bool, skip_refused: bool) -> Outcome:
    """Take the products of FILE into the catalog: all of them or none."""
    if dry_run:
        dialects.work_only_reads()
    else:
        dialects.work_may_write()
    try:
        plan = plan_import(READERS[file_format](file), _tell("Checking"))
        may_write = not dry_run and (skip_refused or not plan.having("refused"))
        change_set = _write(plan, file.name) if may_write and plan.having("create", "update") else None
        if change_set is None and not dry_run:
            note_import(plan, file.name, None)
            db.session.commit()
    except Exception as error:
        # A name that was mistyped is no file that somebody should look at.
        if not dry_run and file.is_file():
            _keep_failure(file.name, file_format, error)
        raise
    finally:
        # What follows in the same context may write again.
        dialects.work_may_write()
        end_progress()
    status = 2 if plan.problems else 0
    return Outcome(report_words(plan, change_set, dry_run), report_facts(plan, change_set), status)


def _keep_failure(file_name: str, file_format: str, error: Exception) -> None:
    """In a transaction of its own, for that of the import is gone; where the database is gone too, it stays untold."""
    is_told = isinstance(error, Refusal)
    sentence = error.message if is_told else _("It broke off; nothing was written. Whoever ran it saw why.")
    db.session.rollback()
    with suppress(SQLAlchemyError):
        note_failure(file_name, file_format, sentence)
        db.session.commit()


def _tell(verb: str) -> Any:
    return lambda done, total: progress(f"{verb} {done:,} of {total:,} products")


def _write(plan: Plan, file_name: str) -> int | None:
    record_as(Occasion("import", summarise(plan, file_name), source=file_name[:300]))
    try:
        apply_plan(plan, f"Import of {file_name}"[:300], _tell("Writing"))
        change_set = current_change_set_id()
        note_import(plan, file_name, change_set)
        db.session.commit()
    except (IntegrityError, OperationalError) as error:
        db.session.rollback()
        if isinstance(error, OperationalError) and not dialects.is_lock_timeout(error):
            raise
        sentence = _("Somebody else changed the same products meanwhile. Nothing was written; import again.")
        raise Refusal(sentence) from None
    except BaseException:
        db.session.rollback()
        raise
    return change_set
