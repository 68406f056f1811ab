"""What taking something back would do to each record: made by looking alone, so that a person can look first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import selectinload

from backoffice.audit import undo
from backoffice.audit.history import rows_on_page_of, subjects_of, undos_of
from backoffice.audit.models import ChangeRow, ChangeSet, ChangeSubject
from backoffice.audit.netting import Key, NetChange, net_changes, read_rows
from backoffice.audit.recorder import SECRET
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import Trashable, chunks, loads_beside, model_of, models_by_table

LOADED_AT_ONCE = 500


@dataclass(frozen=True)
class FieldStep:
    """A value on its way back, as JSON writes it."""

    before: Any
    after: Any
    now: Any


@dataclass(slots=True)
class Step:
    """What would become of one record.

    standing: "back" where it goes back, "changed" where somebody changed it since and a person must choose,
    "done" where it is as before already, "gone" where it can't go back; why says that in words, and
    may_come that it could once that is mended.
    goes_to: shop, trash or nowhere, where it does not stay where it is. conflicted: the fields changed since.
    """

    change: NetChange
    standing: str = "back"
    goes_to: str = ""
    fields: dict[str, FieldStep] = field(default_factory=dict)
    conflicted: tuple[str, ...] = ()
    is_moved_since: bool = False
    later: ChangeSet | None = None
    why: str = ""
    may_come: bool = False


@dataclass
class Plan:
    """What would be done, in its order, and why.

    reason: in words for ledgers. since: the moment to which things go back. actor_id: who takes back.
    change_set: what is taken back, where it is one. is_of_others: whether somebody else did some of it.
    """

    steps: list[Step]
    reason: str
    since: datetime
    actor_id: int | None
    is_of_others: bool
    change_set: ChangeSet | None = None
    taken_already: frozenset[Key] = frozenset()

    def having(self, *standings: str) -> list[Step]:
        return [step for step in self.steps if step.standing in standings]


def plan_undo(change_set: ChangeSet, actor_id: int | None) -> Plan:
    """Raises Refusal where it can't be undone, or was undone whole already."""
    undos = undos_of(change_set)
    if not is_undoable(subjects_of(change_set)):
        raise Refusal(_("This change can’t be taken back."))
    if undos.is_whole:
        raise Refusal(_("This change was taken back already."))
    changes = _net(read_rows(ChangeRow.change_set_id == change_set.id))
    reason = _("Takes back change %(number)s", number=change_set.id)
    is_of_others = change_set.actor_id != actor_id
    plan = Plan([], reason, change_set.at, actor_id, is_of_others, change_set, _moved_back(undos.standing))
    plan.steps = look_at(plan, changes)
    is_nothing_left = not plan.having("back", "changed") and not any(step.may_come for step in plan.steps)
    if is_nothing_left and undos.standing:
        raise Refusal(_("This change was taken back already."))
    return plan


def plan_revert(record: Any, to: ChangeSet, actor_id: int | None) -> Plan:
    """What brings a record and its parts back to what they were right after a change set; ledgers go on."""
    on_page = rows_on_page_of(record)
    last = db.session.scalar(db.select(db.func.max(ChangeRow.id)).where(on_page, ChangeRow.change_set_id == to.id))
    if last is None:
        raise Refusal(_("This record has no such version. Choose one of its history."))
    later = (ChangeRow.id > last, ChangeRow.entity.not_in(undo.forward_only_entities()))
    plan = Plan(
        [], _("Back to version %(number)s", number=to.id), to.at, actor_id, _has_others(actor_id, on_page, *later)
    )
    plan.steps = look_at(plan, _net(read_rows(on_page, *later)))
    if any(step.goes_to == "trash" and step.change.key == (record.__tablename__, record.id) for step in plan.steps):
        raise Refusal(_("“%(name)s” was in the trash then. Delete it, if it shall go.", name=record))
    return plan


def _has_others(actor_id: int | None, *conditions: Any) -> bool:
    others = db.select(ChangeRow.id).join(ChangeSet, ChangeSet.id == ChangeRow.change_set_id)
    return bool(db.session.scalar(others.where(*conditions, ChangeSet.actor_id.is_distinct_from(actor_id)).limit(1)))


def is_undoable(subjects: Iterable[ChangeSubject]) -> bool:
    """Whether what a change set touched goes back at all; nothing does of a table that is gone by now."""
    models = [models_by_table().get(entity) for entity in {one.entity for one in subjects}]
    return bool(models) and all(model is not None and model.area not in undo.AREAS_WITHOUT_UNDO for model in models)


def _net(rows: Iterable[Any]) -> list[NetChange]:
    is_trashable = {entity: issubclass(model, Trashable) for entity, model in models_by_table().items()}
    return in_order(net_changes(rows, is_trashable))


def in_order(changes: list[NetChange]) -> list[NetChange]:
    """Roots out of and into the trash first, then what was deleted, parents before children, then the rest, newest first.

    A record that was made goes to the trash as it is and with all its parts, so what else was written to them
    is left out. It goes after what was given to others of it: a category made for a product that was there
    before is in use until the product has its old one again.
    """
    made = {change.key for change in changes if change.before == "nowhere" and change.is_root}
    depth = {table.name: place for place, table in enumerate(db.metadata.sorted_tables)}

    def place(change: NetChange) -> tuple[bool, bool, int]:
        moves = change.is_root and {change.before, change.after} == {"shop", "trash"}
        is_deleted = change.after == "nowhere"
        newest = -(change.first if change.before == "nowhere" else change.last)
        return not moves, not is_deleted, depth[change.entity] if is_deleted else newest

    return sorted((change for change in changes if change.is_root or change.root not in made), key=place)


def look_at(plan: Plan, changes: list[NetChange]) -> list[Step]:
    """A step for each change, in their order, from the records as they are now."""
    found: dict[Key, Step] = {}
    by_entity: dict[str, list[NetChange]] = {}
    for change in changes:
        by_entity.setdefault(change.entity, []).append(change)
    for entity, of_entity in by_entity.items():
        for some in chunks(of_entity, LOADED_AT_ONCE):
            records = load(entity, some)
            found |= {change.key: assess(plan, change, records.get(change.record_id)) for change in some}
            _tell_later_work(plan, [found[change.key] for change in some])
    return [found[change.key] for change in changes]


def load(entity: str, changes: list[NetChange], is_locked: bool = False) -> dict[int, Any]:
    """The records by key, with the links that the changes name; locked in the order of their keys, if so wished."""
    model = model_of(entity)
    relations = inspect(model).relationships
    links = {name for change in changes for name in change.fields if name in relations}
    statement = (
        db.select(model)
        .where(model.id.in_([change.record_id for change in changes]))
        .order_by(model.id)
        .options(*loads_beside(model), *(selectinload(getattr(model, name)).lazyload("*") for name in links))
        .execution_options(populate_existing=True)
    )
    return {record.id: record for record in db.session.scalars(statement.with_for_update() if is_locked else statement)}


def assess(plan: Plan, change: NetChange, record: Any) -> Step:
    """What would become of one record as it is now."""
    if undo.goes_forward_only(change.entity):
        return _assess_ledger(plan, change, record)
    now = place_of(record)
    if change.before == "kept":
        return _assess_values(change, record, now, plan.since)
    return _assess_place(change, record, now)


def place_of(record: Any) -> str:
    if record is None:
        return "nowhere"
    return "trash" if isinstance(record, Trashable) and record.is_deleted else "shop"


def _assess_ledger(plan: Plan, change: NetChange, record: Any) -> Step:
    if record is None:
        return Step(change, "gone", why=_("“%(name)s” was deleted for good.", name=change.label))
    step = Step(change, "done" if change.key in plan.taken_already else "back")
    for name in undo.ledger_fields(change.entity):
        before, after, now = change.old.get(name) or 0, change.new.get(name) or 0, current_value(record, name)
        if before != after:
            step.fields[name] = FieldStep(now - (after - before), after, now)
    return step if step.fields else Step(change, "done")


def _assess_values(change: NetChange, record: Any, now: str, since: datetime) -> Step:
    if now == "nowhere":
        return Step(change, "gone", why=_("“%(name)s” was deleted for good.", name=change.label))
    if now == "trash" and record.deleted_at > since:
        return Step(
            change, "gone", why=_("“%(name)s” was deleted since. Restore it first.", name=change.label), may_come=True
        )
    return _with_values(Step(change), record)


def _with_values(step: Step, record: Any) -> Step:
    """Lay the old values over what the record is now."""
    change = step.change
    if any(SECRET in (change.old.get(name), change.new[name]) for name in change.fields):
        return Step(change, "gone", why=_("A password can’t be taken back. Set a new one."))
    conflicted = set()
    for name in undo.written_fields(change):
        before, after, now = change.old.get(name), change.new[name], current_value(record, name)
        if now != before:
            step.fields[name] = FieldStep(before, after, now)
            if now != after:
                conflicted.add(name)
    step.conflicted = tuple(name for name in step.fields if name in undo.with_bundles(change.entity, conflicted))
    if not step.fields and not step.goes_to:
        step.standing = "done"
    elif step.conflicted:
        step.standing = "changed"
    return step


def _assess_place(change: NetChange, record: Any, now: str) -> Step:
    goal = change.before
    if change.after == "nowhere" and (goal == "trash" or isinstance(record, Trashable)):
        return Step(
            change, "gone", why=_("“%(name)s” was deleted for good. It can’t be brought back.", name=change.label)
        )
    if goal == "nowhere" and now != "shop":
        return Step(change, "done")
    if goal == now:
        # It went along with its whole; the values that it had are still to come.
        return _with_values(Step(change), record)
    if now == "nowhere" and change.after != "nowhere":
        return Step(change, "gone", why=_("“%(name)s” was deleted for good.", name=change.label))
    # Something that was made has no way back into nowhere where there is a trash to go to.
    goes_to = "trash" if goal == "nowhere" and issubclass(model_of(change.entity), Trashable) else goal
    step = Step(change, goes_to=goes_to)
    if record is not None:
        step = _with_values(step, record)
    if goal == "shop" and record is not None and change.trashed_at not in (None, record.deleted_at.isoformat()):
        step.standing, step.is_moved_since = "changed", True
    return step


def current_value(record: Any, name: str) -> Any:
    value = getattr(record, name)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return sorted(linked.id for linked in value)
    return value


def _tell_later_work(plan: Plan, steps: list[Step]) -> None:
    """Find who worked on these records since, for what goes away and for what was changed."""
    changed = [step for step in steps if step.standing == "changed"]
    for step, later, fields in _later(changed, ChangeRow.entity, ChangeRow.record_id):
        if step.is_moved_since or set(step.conflicted) & fields:
            step.later = later
    away = [step for step in steps if step.goes_to in ("trash", "nowhere")]
    if plan.change_set is None:
        return
    # Taking away what somebody else worked on would take their work along; one's own is one's own.
    by_others = ChangeSet.actor_id.is_distinct_from(plan.actor_id), ChangeSet.undoes_id.is_(None)
    still_stands: dict[int, bool] = {}
    for is_root, entity, key in (
        (True, ChangeRow.root_entity, ChangeRow.root_id),
        (False, ChangeRow.entity, ChangeRow.record_id),
    ):
        for step, later, _row in _later(
            [one for one in away if one.change.is_root is is_root], entity, key, *by_others
        ):
            if later.id not in still_stands:
                still_stands[later.id] = not undos_of(later).is_whole
            if still_stands[later.id]:
                step.standing, step.is_moved_since, step.later = "changed", True, later


def _later(steps: list[Step], entity: Any, key: Any, *conditions: Any) -> Iterable[tuple[Step, ChangeSet, set[str]]]:
    """What was done to these records of one table after what is taken back, oldest first, with the fields written."""
    if not steps:
        return
    by_key = {step.change.record_id: step for step in steps}
    statement = (
        db.select(key, ChangeRow.id, ChangeRow.new, ChangeSet)
        .join(ChangeSet, ChangeSet.id == ChangeRow.change_set_id)
        .where(entity == steps[0].change.entity, key.in_(by_key), *conditions)
        .where(ChangeRow.id > min(step.change.last for step in steps))
        .order_by(ChangeRow.id)
    )
    for record_id, row_id, new, change_set in db.session.execute(statement):
        if row_id > by_key[record_id].change.last:
            yield by_key[record_id], change_set, set(new or {})


def _moved_back(undos: list[ChangeSet]) -> frozenset[Key]:
    """What of a ledger earlier undos of the same change moved back: its values do not tell, since it goes on."""
    rows = db.select(ChangeRow.entity, ChangeRow.record_id).where(
        ChangeRow.change_set_id.in_([one.id for one in undos]), ChangeRow.entity.in_(undo.forward_only_entities())
    )
    return frozenset(tuple(row) for row in db.session.execute(rows)) if undos else frozenset()
