"""Which files came in, and which of them somebody should still look at."""

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased

from backoffice.extensions import db
from backoffice.import_export.models import ImportJob
from backoffice.import_export.plan import Plan

PROBLEMS_KEPT = 200


def note_import(plan: Plan, file_name: str, change_set_id: int | None) -> ImportJob:
    """Keep what a file did, in the transaction in which it did it. change_set_id: None where it wrote nothing."""
    created, updated = len(plan.having("create")), len(plan.having("update"))
    state = "done"
    if plan.problems:
        state = "refused" if change_set_id is None else "partly"
    is_written = state != "refused"
    left = 0 if is_written else created + updated
    return _keep(
        file_name,
        plan.file.format,
        state,
        created=created if is_written else 0,
        updated=updated if is_written else 0,
        unchanged=len(plan.having("unchanged")) + left,
        refused=len(plan.having("refused")),
        problem="\n".join(problem.words for problem in plan.problems[:PROBLEMS_KEPT]) or None,
        change_set_id=change_set_id,
    )


def note_failure(file_name: str, file_format: str, sentence: str) -> ImportJob:
    """Keep that a file came to nothing, and why."""
    return _keep(file_name, file_format, "failed", problem=sentence)


def _keep(file_name: str, file_format: str, state: str, **facts: object) -> ImportJob:
    job = ImportJob(file_name=file_name[:300], file_format=file_format, state=state, **facts)
    db.session.add(job)
    db.session.flush()
    return job


def is_waiting() -> ColumnElement[bool]:
    """Whether somebody should look: it did not do all it should, no later run of the file did, and nobody set it aside."""
    later = aliased(ImportJob)
    was_mended = exists().where(later.file_name == ImportJob.file_name, later.id > ImportJob.id, later.state == "done")
    return db.and_(ImportJob.state != "done", ImportJob.is_aside.is_(False), ~was_mended)
