"""What `manage.py check` says of the kept texts. Registered once, when this module is imported."""

from backoffice import dialects
from backoffice.extensions import db
from backoffice.health import checks
from backoffice.health.checks import Finding
from backoffice.search.kept import all_kept
from backoffice.search.rebuilding import Drift, find_drift

MEND = "Run: python3 manage.py search rebuild"


def check_search() -> Finding:
    with dialects.only_reading():
        drifts = list(find_drift(is_full=False))
        without_index = tables_without_index()
        hint = dialects.search_hint(db.session.get_bind())
        db.session.rollback()
    shown = compared_words(drifts)
    if without_index:
        # It works, and is right: whoever may not change it need not be told that something is broken.
        shown += f"; slower than it could be, for the index of {', '.join(without_index)} is missing. {hint}"
    return Finding("search", shown, problem_of(drifts))


def tables_without_index() -> list[str]:
    """The entities whose kept texts the engine has no index of its own for."""
    connection = db.session.connection()
    names = ((kept.model.__tablename__, kept.table.name) for kept in all_kept())
    return [entity for entity, table in names if not dialects.has_search_index(connection, table)]


def problem_of(drifts: list[Drift]) -> str | None:
    wrong = [f"{drift.entity} ({_faults(drift)})" for drift in drifts if not drift.is_right]
    if not wrong:
        return None
    return f"Some records are not found as they are now: {', '.join(wrong)}. {MEND}"


def _faults(drift: Drift) -> str:
    faults = ((drift.missing, "missing"), (drift.wrong, "out of date"), (drift.left, "left over"))
    return ", ".join(f"{number:,} {what}" for number, what in faults if number)


def compared_words(drifts: list[Drift]) -> str:
    records, compared = sum(drift.records for drift in drifts), sum(drift.compared for drift in drifts)
    if compared == records:
        return f"{records:,} texts compared"
    return f"{records:,} texts counted, {compared:,} of them compared; all are by: manage.py search check"


checks.register(check_search)
