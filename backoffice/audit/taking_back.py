"""Carrying out a plan: in one transaction, each record looked at again once it is locked.

What somebody changed since is left unless the person chose it; what a rule of today refuses is told by record.
"""

import contextlib
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from backoffice.audit import plan as planning
from backoffice.audit import trash, undo
from backoffice.audit.making_room import make_room, unique_words
from backoffice.audit.models import ChangeSet
from backoffice.audit.netting import Key
from backoffice.audit.passing import Aside, put_back
from backoffice.audit.plan import Plan, Step
from backoffice.audit.recorder import has_change_set, note_counts
from backoffice.dialects import UtcDateTime
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import chunks, model_of
from backoffice.staff.models import StaffMember

WRITTEN_AT_ONCE = 200

Notify = Callable[[int, int], None]


@dataclass
class Outcome:
    """What was done. left: what somebody changed since and nobody chose. refused: sentences by record.

    waiting: what can't go back now and could later, such as what is in the trash.
    """

    taken: int = 0
    left: list[Step] = field(default_factory=list)
    refused: dict[Key, str] = field(default_factory=dict)
    waiting: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {"taken_back": self.taken, "left": len(self.left) + len(self.refused) + self.waiting}


def hold(change_set: ChangeSet) -> None:
    """Let nobody else take back the same change meanwhile: both would find that nobody has."""
    db.session.execute(db.select(ChangeSet.id).where(ChangeSet.id == change_set.id).with_for_update())


def take_back(
    change_set: ChangeSet,
    actor: StaffMember | None,
    also: Container[Key] = (),
    leave: Container[Key] = (),
    notify: Notify = lambda done, total: None,
) -> Outcome:
    """Undo a change set as it is now. Raises Refusal; see carry_out for the rest."""
    hold(change_set)
    plan = planning.plan_undo(change_set, actor.id if actor else None)
    return carry_out(plan, actor, also, leave, notify)


def carry_out(
    plan: Plan,
    actor: StaffMember | None,
    also: Container[Key] = (),
    leave: Container[Key] = (),
    notify: Notify = lambda done, total: None,
) -> Outcome:
    """Write the old values back; flushes, never commits. Whoever finds something refused must roll back or leave it.

    also: records changed since that go back all the same. leave: records that stay as they are.
    """
    todo = plan.having("back", "changed")
    waiting = sum(step.may_come for step in plan.having("gone"))
    work = _Work(plan, actor, also, Outcome(left=[one for one in todo if one.change.key in leave], waiting=waiting))
    todo = [step for step in todo if step.change.key not in leave]
    _hold_wholes(todo)
    work.aside = make_room(todo, also)
    # Held until the end, so that whoever meets one of them on the way finds the value that it had.
    _held = [_as_it_was(key, values) for key, values in work.aside.items()]
    done = 0
    for some in _runs(todo):
        work.take_some(some)
        done += len(some)
        notify(done, len(todo))
    put_back(work.aside)
    if work.aside:
        # What was loaded meanwhile may hold a value that was on its way.
        db.session.expire_all()
    # What went back may have been so already: then nothing was written, and there is nothing to count.
    if has_change_set() and work.outcome.taken and work.outcome.counts["left"]:
        note_counts(work.outcome.counts)
    return work.outcome


def _as_it_was(key: Key, values: dict[str, Any]) -> Any:
    record = db.session.get(model_of(key[0]), key[1])
    for name, value in values.items():
        set_committed_value(record, name, value)
    return record


def _hold_wholes(steps: list[Step]) -> None:
    """Hold the records whose parts go back before any part, in one order: whoever saves them does the same."""
    keys_by_entity: dict[str, set[int]] = {}
    for step in steps:
        entity, key = step.change.root
        keys_by_entity.setdefault(entity, set()).add(key)
    for entity, keys in sorted(keys_by_entity.items()):
        model = model_of(entity)
        for some in chunks(sorted(keys), planning.LOADED_AT_ONCE):
            held = db.select(model.id).where(model.id.in_(some)).order_by(model.id)
            db.session.execute(held.with_for_update()).all()


def _runs(steps: list[Step]) -> Iterator[list[Step]]:
    """Steps that can be written together: neighbours of one table whose records stay where they are."""

    def kind(step: Step) -> tuple[str, bool]:
        return step.change.entity, not step.goes_to and not undo.goes_forward_only(step.change.entity)

    for (_entity, is_plain), run in groupby(steps, kind):
        yield from (list(some) for some in chunks(list(run), WRITTEN_AT_ONCE if is_plain else 1))


@dataclass
class _Work:
    """What is under way. aside: unique values that were moved out of the way, by record and field."""

    plan: Plan
    actor: StaffMember | None
    also: Container[Key]
    outcome: Outcome
    aside: Aside = field(default_factory=dict)

    def take_some(self, steps: list[Step]) -> None:
        """Take some back together; where one of them is refused, each by itself, so that the others still go."""
        try:
            with db.session.begin_nested():
                taken, left = self._take(steps)
        except (Refusal, IntegrityError) as error:
            if len(steps) > 1:
                for step in steps:
                    self.take_some([step])
            else:
                self.outcome.refused[steps[0].change.key] = _sentence(error, steps[0])
            return
        self.outcome.taken += taken
        self.outcome.left += left

    def _take(self, steps: list[Step]) -> tuple[int, list[Step]]:
        taken, left = 0, []
        entity = steps[0].change.entity
        # A ledger is held by its own writer, in its own order.
        is_locked = not undo.goes_forward_only(entity)
        records = planning.load(entity, [step.change for step in steps], is_locked)
        with db.session.no_autoflush:
            for planned in steps:
                record = records.get(planned.change.record_id)
                step = self._look_again(planned, record)
                if step.standing == "changed" and not self._is_chosen(planned, step):
                    left.append(step)
                elif step.standing in ("back", "changed"):
                    self._take_one(step, record)
                    taken += 1
        db.session.flush()
        return taken, left

    def _is_chosen(self, planned: Step, step: Step) -> bool:
        """Whether the person wants it back all the same; a choice holds only for the values that were looked at."""
        return step.change.key in self.also and step.fields == planned.fields

    def _look_again(self, planned: Step, record: Any) -> Step:
        """What becomes of the record now that it is locked; what was found of later work still holds."""
        aside = self.aside.get(planned.change.key, {}) if record is not None else {}
        for name, value in aside.items():
            set_committed_value(record, name, value)
        step = planning.assess(self.plan, planned.change, record)
        if planned.is_moved_since and step.standing == "back":
            step.standing, step.is_moved_since = "changed", True
        step.later = planned.later
        return step

    def _take_one(self, step: Step, record: Any) -> None:
        change = step.change
        if undo.goes_forward_only(change.entity):
            undo.undoer_of(change.entity)(change, record, self.actor, self.plan.reason)
            return
        values = {name: one.before for name, one in step.fields.items()}
        # In the trash, where nobody else’s names stand in the way: before it comes back, or after it went.
        if values and step.goes_to == "shop":
            _write(change.entity, record, values)
        if step.goes_to:
            _move(step, record)
        if values and step.goes_to != "shop":
            _write(change.entity, record, values)


def _write(entity: str, record: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        set_value(record, name, value)
    if (check := undo.check_of(entity)) is not None:
        check(record)


def _sentence(error: Refusal | IntegrityError, step: Step) -> str:
    if isinstance(error, Refusal):
        return error.message
    names = [str(one.before) for name, one in step.fields.items() if name in unique_words(step.change.entity)]
    what = f"“{'”, “'.join(names)}”" if names else _("A value")
    return _(
        "%(what)s of “%(name)s” is in use by another record now. Change it there first.",
        what=what,
        name=step.change.label,
    )


def _move(step: Step, record: Any) -> None:
    """Bring a record back, put it into the trash, or delete a part that has none."""
    if record is None:
        _make_again(step)
    elif step.goes_to == "shop":
        trash.restore(record)
    elif step.goes_to == "trash":
        # Its parts may have gone with it already, in the same undo.
        trash.trash(record)
    else:
        _remove(step.change.entity, record)


def _remove(entity: str, record: Any) -> None:
    # An option's value may be held by a variant in the trash, and stays for it.
    with contextlib.suppress(IntegrityError), db.session.begin_nested():
        undo.free(entity, record)
        db.session.delete(record)


def _make_again(step: Step) -> None:
    """Make a deleted part again, under its own key."""
    again = model_of(step.change.entity)(id=step.change.record_id)
    for name, value in step.change.old.items():
        set_value(again, name, value)
    db.session.add(again)
    db.session.flush()


def set_value(record: Any, name: str, value: Any) -> None:
    """Write a value as the history keeps it: times as text, links as keys."""
    mapper = inspect(type(record))
    if name in mapper.relationships:
        relation = mapper.relationships[name]
        target = relation.mapper.class_
        keys = set(value or []) - _hidden_links(record, relation)
        setattr(record, name, list(db.session.scalars(db.select(target).where(target.id.in_(keys)))))
        return
    if value is not None and isinstance(mapper.column_attrs[name].columns[0].type, UtcDateTime):
        value = datetime.fromisoformat(value)
    setattr(record, name, value)
    relation = name.removesuffix("_id")
    if relation != name and relation in mapper.relationships and inspect(record).persistent:
        # What was loaded of the other end is the one that has just been taken back.
        db.session.expire(record, [relation])


def _hidden_links(record: Any, relation: Any) -> set[int]:
    """The keys of what is linked and not shown: a tag in the trash keeps its links, and needs no second one."""
    [(_, own)], [(_, other)] = relation.synchronize_pairs, relation.secondary_synchronize_pairs
    linked = set(db.session.scalars(db.select(other).where(own == record.id))) if record.id else set()
    return linked - {one.id for one in getattr(record, relation.key)}
