"""`manage.py search`: look whether everything is found as it is now, and mend it."""

from dataclasses import asdict

from backoffice import dialects
from backoffice.audit.recorder import Occasion, note_counts, record_as
from backoffice.command_line import Outcome, command, end_progress, group, progress
from backoffice.extensions import db
from backoffice.search import checking
from backoffice.search.rebuilding import find_drift
from backoffice.search.rebuilding import rebuild as rebuild_texts


@group("search", needs_schema=True)
def search() -> Outcome:
    """See whether everything is found as it is now; of many records, some thousands are compared."""
    return _check(is_full=False)


@command("check", needs_schema=True)
def check() -> Outcome:
    """The same, comparing every record."""
    return _check(is_full=True)


@command("rebuild", needs_schema=True)
def rebuild() -> Outcome:
    """Let everything be found as it is now, and make the database's own index where it is missing."""
    record_as(Occasion("command", "Search rebuilt", source="manage.py search rebuild"))
    counts = rebuild_texts(_show)
    if any(counts.values()):
        note_counts(counts)
    db.session.commit()
    with dialects.only_reading():
        without_index = checking.tables_without_index()
    end_progress()
    number = sum(counts.values())
    words = f"Wrote {number:,} texts anew." if number else "Everything was found as it is; there was nothing to mend."
    if without_index:
        hint = dialects.search_hint(db.session.get_bind())
        words += f" The index of {', '.join(without_index)} can’t be made, so that search is slower. {hint}"
    return Outcome(words, {"written": counts, "without_index": without_index})


def _check(is_full: bool) -> Outcome:
    with dialects.only_reading():
        drifts = list(find_drift(is_full, _show))
    end_progress()
    problem = checking.problem_of(drifts)
    words = problem or f"Everything is found as it is: {checking.compared_words(drifts)}."
    facts = {"entities": [asdict(drift) for drift in drifts], "problem": problem}
    return Outcome(words, facts, 1 if problem else 0)


def _show(entity: str, done: int, total: int) -> None:
    progress(f"{entity}: {done:,} of {total:,}")


search.add_command(check)
search.add_command(rebuild)
