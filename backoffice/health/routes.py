"""For those who watch the process: is it alive, and can it serve."""

from typing import Any

from flask import Blueprint, current_app

from backoffice.health.checks import check_database, check_schema
from backoffice.web.access import PUBLIC, allows

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@allows(PUBLIC)
def alive() -> Any:
    return {"status": "ok"}


@blueprint.get("/readyz")
@allows(PUBLIC)
def ready() -> Any:
    findings = [check_database(current_app.config["SQLALCHEMY_DATABASE_URI"])]
    if findings[0].problem is None:
        findings.append(check_schema(current_app.config["MIGRATIONS"]))
    # Names alone: addresses and revisions are for those who may run `manage.py check`.
    states = {finding.name: "ok" if finding.problem is None else "fault" for finding in findings}
    is_ready = all(state == "ok" for state in states.values())
    return {"status": "ok" if is_ready else "fault", **states}, 200 if is_ready else 503
