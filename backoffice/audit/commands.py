"""`manage.py history`: take a change back, or shorten the history."""

from datetime import UTC, date, datetime, time, timedelta

import click

from backoffice import dialects
from backoffice.audit import pruning
from backoffice.audit.history import recent_change_sets
from backoffice.audit.models import ChangeSet
from backoffice.audit.plan import Plan, plan_undo
from backoffice.audit.recorder import Occasion, current_change_set_id, note_counts, record_as
from backoffice.audit.taking_back import Outcome as TakenBack
from backoffice.audit.taking_back import take_back
from backoffice.audit.trash_listing import count_deleted_before, empty_deleted_before
from backoffice.command_line import Outcome, command, end_progress, group, progress
from backoffice.dialects import LARGEST_INTEGER
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import kept_again, said
from backoffice.settings.shop import shop_settings
from backoffice.wording import counted

MOST_NAMED = 10


@group("history", needs_schema=True)
@click.option("--undo", "key", type=click.IntRange(1, LARGEST_INTEGER), metavar="ID", help="Take this change back.")
@click.option("--dry-run", is_flag=True, help="Say what would go back; write nothing.")
@click.option("--take-changed", is_flag=True, help="Take back what somebody changed since, too.")
@click.option("--skip-refused", is_flag=True, help="Take back what can go, and leave what a rule of today refuses.")
def history(key: int | None, dry_run: bool, take_changed: bool, skip_refused: bool) -> Outcome:
    """Show the latest changes, or take one back."""
    if key is None:
        if dry_run or take_changed or skip_refused:
            raise Refusal("Say which change: --undo ID. See the latest with: manage.py history")
        return _latest()
    change_set = db.session.get(ChangeSet, key)
    if change_set is None:
        raise Refusal(f"There is no change {key}. See the latest with: manage.py history")
    return _preview(change_set) if dry_run else _undo(change_set, take_changed, skip_refused)


def _latest() -> Outcome:
    with dialects.only_reading():
        entities = [mapper.local_table.name for mapper in db.Model.registry.mappers]
        change_sets = recent_change_sets(entities, 20)
    facts = [
        {"id": one.id, "at": one.at.isoformat(), "who": one.actor_name, "kind": one.kind, "what": str(one)}
        for one in change_sets
    ]
    lines = [f"{one['id']:>8}  {one['at'][:16]}  {one['who'] or 'the system':<20.20}  {one['what']}" for one in facts]
    return Outcome("\n".join(lines) or "Nothing has changed yet.", {"changes": facts})


def _preview(change_set: ChangeSet) -> Outcome:
    with dialects.only_reading():
        plan = plan_undo(change_set, None)
    changed, gone = plan.having("changed"), plan.having("gone")
    facts = {"change": change_set.id, "back": len(plan.having("back")), "changed_since": _names(plan, "changed")}
    facts |= {"gone": _names(plan, "gone"), "done_already": len(plan.having("done"))}
    words = f"{counted(facts['back'], 'record')} would go back." if facts["back"] else "Nothing would go back."
    if changed:
        words += f" {counted(len(changed), 'record')} changed since would stay: {_some(facts['changed_since'])}."
    if gone:
        words += f" {counted(len(gone), 'record')} can’t go back: {_some(facts['gone'])}."
    return Outcome(words, facts)


def _names(plan: Plan, standing: str) -> list[str]:
    return [step.change.label for step in plan.having(standing)]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(f"“{name}”" for name in names[:MOST_NAMED]) + more


def _undo(change_set: ChangeSet, take_changed: bool, skip_refused: bool) -> Outcome:
    kept = change_set.summary_message
    words = said("Took back: %(what)s", what=kept_again(kept) if kept else str(change_set))
    record_as(Occasion("undo", words, source="manage.py history", undoes_id=change_set.id))
    try:
        also = {step.change.key for step in plan_undo(change_set, None).having("changed")} if take_changed else set()
        outcome = take_back(
            change_set, None, also, notify=lambda done, total: progress(f"{done:,} of {total:,} records")
        )
    finally:
        end_progress()
    if outcome.refused and not skip_refused:
        db.session.rollback()
        reasons = list(outcome.refused.values())
        raise Refusal(f"{reasons[0]} Nothing was taken back; --skip-refused takes back the other records.")
    if not outcome.taken:
        db.session.rollback()
        return Outcome("There was nothing to take back.", _facts(change_set, outcome, None), 2 if outcome.left else 0)
    made = current_change_set_id()
    db.session.commit()
    return Outcome(_done_words(outcome, made), _facts(change_set, outcome, made), 2 if outcome.counts["left"] else 0)


def _done_words(outcome: TakenBack, made: int | None) -> str:
    words = f"{counted(outcome.taken, 'record')} went back, as change {made}."
    if outcome.left:
        words += f" {counted(len(outcome.left), 'record')} changed since stayed: "
        words += f"{_some([step.change.label for step in outcome.left])}."
    if outcome.refused:
        words += f" {counted(len(outcome.refused), 'record')} stayed because a rule refused: "
        words += next(iter(outcome.refused.values()))
    return words


def _facts(change_set: ChangeSet, outcome: TakenBack, made: int | None) -> dict[str, object]:
    return {
        "change": change_set.id,
        "undone_by": made,
        "taken_back": outcome.taken,
        "left": [step.change.label for step in outcome.left],
        "refused": list(outcome.refused.values()),
    }


@command("prune", needs_schema=True)
@click.option(
    "--before", metavar="DATE", help="What is older than this day goes; else what the settings keep no longer."
)
@click.option("--dry-run", is_flag=True, help="Say what would go; write nothing.")
def prune(before: str | None, dry_run: bool) -> Outcome:
    """Shorten the history: the only way to do so, and it leaves a record of itself."""
    before = before or _day_of("history", shop_settings().history_kept_days)
    moment = _start_of(before)
    if dry_run:
        with dialects.only_reading():
            counts = pruning.count(moment)
        return Outcome(f"Would remove {_words(counts)} from before {before}.", {"before": before} | counts)
    words = said("History pruned before %(day)s", day=before)
    record_as(Occasion("command", words, source=f"manage.py history prune --before {before}"))
    counts = pruning.prune(moment, lambda done: progress(f"{done:,} changes removed"))
    end_progress()
    if any(counts.values()):
        note_counts(counts)
    db.session.commit()
    return Outcome(f"Removed {_words(counts)} from before {before}.", {"before": before} | counts)


@command("empty-trash", needs_schema=True)
@click.option("--before", metavar="DATE", help="What was deleted before goes; else what the settings keep no longer.")
@click.option("--dry-run", is_flag=True, help="Say what would go; write nothing.")
def empty_trash(before: str | None, dry_run: bool) -> Outcome:
    """Delete for good what lies in the trash for long; what is still in use stays."""
    before = before or _day_of("trash", shop_settings().trash_kept_days)
    moment = _start_of(before)
    if dry_run:
        with dialects.only_reading():
            number = count_deleted_before(moment)
        return Outcome(f"Would delete {counted(number, 'record')} for good.", {"before": before, "records": number})
    source = f"manage.py history empty-trash --before {before}"
    record_as(Occasion("command", said("Trash from before %(day)s emptied", day=before), source=source))
    gone, refused = empty_deleted_before(moment)
    db.session.commit()
    words = f"Deleted {counted(gone, 'record')} for good."
    if refused:
        words += f" {counted(len(refused), 'record')} stayed: {refused[0].message}"
    return Outcome(words, {"before": before, "records": gone, "refused": len(refused)}, 2 if refused else 0)


def _day_of(kept: str, days: int | None) -> str:
    """The day before which the settings keep nothing any more."""
    if days is None:
        raise Refusal(f"The settings keep the {kept} for good. Say --before DATE, or enter a number of days there.")
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%d}"


def _start_of(day: str) -> datetime:
    try:
        moment = datetime.combine(date.fromisoformat(day), time.min, UTC)
    except ValueError:
        raise Refusal("Write the day like 2025-12-31.") from None
    if moment > datetime.now(UTC):
        raise Refusal("That day is still to come. Choose one that has passed.")
    return moment


def _words(counts: dict[str, int]) -> str:
    names = {"change_set": "change", "change_row": "entry"}
    *first, last = (counted(number, names.get(name, name.replace("_", " "))) for name, number in counts.items())
    return f"{', '.join(first)} and {last}"


history.add_command(prune)
history.add_command(empty_trash)
