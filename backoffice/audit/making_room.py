"""Letting records that exchange unique values pass each other: two of one value may not stand for a moment even."""

from collections import defaultdict
from collections.abc import Container, Iterable
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from backoffice.audit import undo
from backoffice.audit.netting import Key
from backoffice.audit.plan import Step
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.records import chunks

Aside = dict[Key, dict[str, Any]]
READ_AT_ONCE = 500


def make_room(steps: Iterable[Step], also: Container[Key]) -> Aside:
    """Move out of the way what another of these records wants; returns what each had, so that history keeps it."""
    aside: Aside = {}
    by_entity: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        if step.change.key in also or step.standing != "changed":
            by_entity[step.change.entity].append(step)
    for entity, of_entity in by_entity.items():
        table = undo.model_of(entity).__table__
        for name in unique_words(entity):
            for step, value in _in_the_way(table, name, of_entity, also):
                _step_aside(table, name, step, value)
                aside.setdefault(step.change.key, {})[name] = value
    return aside


def put_back(aside: Aside) -> None:
    """Give those that did not go back, or went away, the value that they had."""
    db.session.flush()
    for (entity, key), values in aside.items():
        table = undo.model_of(entity).__table__
        for name, value in values.items():
            where = (table.c.id == key) & (table.c[name] == _passing_value(key))
            try:
                with db.session.begin_nested():
                    db.session.connection().execute(table.update().where(where).values({name: value}))
            except IntegrityError:
                message = (
                    f"“{value}” can’t go from one record to another, for one of them stays. Nothing was taken back."
                )
                raise Refusal(message) from None
    if aside:
        # What was loaded meanwhile may hold a value that was on its way.
        db.session.expire_all()


def unique_words(entity: str) -> set[str]:
    """The texts of a table that no two of its records share."""
    table = undo.model_of(entity).__table__
    rules = [rule for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    return {column.key for rule in rules for column in rule.columns if isinstance(column.type, String)}


def _in_the_way(table: Any, name: str, steps: list[Step], also: Container[Key]) -> list[tuple[Step, Any]]:
    """The steps whose record has what another one wants, with that value."""
    stored = _stored(table, name, [step.change.record_id for step in steps if step.goes_to])
    has: list[tuple[Step, Any]] = []
    wanted: dict[Any, set[Key]] = defaultdict(set)
    for step in steps:
        now, before = _now_and_before(name, step, stored, also)
        has.append((step, now))
        wanted[before].add(step.change.key)
    return [(step, now) for step, now in has if now is not None and wanted.get(now, set()) - {step.change.key}]


def _now_and_before(name: str, step: Step, stored: dict[int, Any], also: Container[Key]) -> tuple[Any, Any]:
    """What the record has in the shop, and what it shall have there; None where it is not there."""
    one = step.fields.get(name)
    now = one.now if one is not None else stored.get(step.change.record_id)
    if step.goes_to == "shop":
        return None, one.before if one is not None else now or step.change.old.get(name)
    return now, one.before if one is not None else None


def _stored(table: Any, name: str, keys: list[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for some in chunks(keys, READ_AT_ONCE):
        rows = db.session.execute(db.select(table.c.id, table.c[name]).where(table.c.id.in_(some)))
        found |= {key: value for key, value in rows}
    return found


def _step_aside(table: Any, name: str, step: Step, value: Any) -> None:
    # Past the session, for nobody shall see this value, nor the history keep it.
    key = step.change.record_id
    where = (table.c.id == key) & (table.c[name] == value)
    moved = db.session.connection().execute(table.update().where(where).values({name: _passing_value(key)}))
    if moved.rowcount != 1:
        raise Refusal(f"Somebody changed “{step.change.label}” at the same moment. Nothing was taken back; try again.")


def _passing_value(key: int) -> str:
    """A value that no other record has; readable as a key of options too, which others may look at meanwhile."""
    return f"0-0-{key}"
