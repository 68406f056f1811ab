"""Finding which records of a plan hold a unique value that another one of them wants back."""

from collections import defaultdict
from collections.abc import Container, Iterable
from typing import Any

from sqlalchemy import String, UniqueConstraint

from backoffice.audit.netting import Key
from backoffice.audit.passing import SHORTEST_COLUMN, Aside, step_aside
from backoffice.audit.plan import Step
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.records import chunks, model_of

READ_AT_ONCE = 500


def make_room(steps: Iterable[Step], also: Container[Key]) -> Aside:
    """Move out of the way what another of these records wants; returns what each had, so that history keeps it."""
    aside: Aside = {}
    by_entity: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        if step.change.key in also or step.standing != "changed":
            by_entity[step.change.entity].append(step)
    for entity, of_entity in by_entity.items():
        for name in unique_words(entity):
            for step, value in _in_the_way(model_of(entity).__table__, name, of_entity):
                if not step_aside(step.change.key, name, value):
                    sentence = marked(
                        "Somebody changed “%(name)s” at the same moment. Nothing was taken back; try again."
                    )
                    raise Refusal(_(sentence, name=step.change.label))
                aside.setdefault(step.change.key, {})[name] = value
    return aside


def unique_words(entity: str) -> set[str]:
    """The texts of a table that no two of its records share; a short one is a word of ours, and tells only the kind."""
    rules = [rule for rule in model_of(entity).__table__.constraints if isinstance(rule, UniqueConstraint)]
    words = [column for rule in rules for column in rule.columns if isinstance(column.type, String)]
    return {column.key for column in words if (column.type.length or SHORTEST_COLUMN) >= SHORTEST_COLUMN}


def _in_the_way(table: Any, name: str, steps: list[Step]) -> list[tuple[Step, Any]]:
    """The steps whose record has what another one wants, with that value."""
    stored = _stored(table, name, [step.change.record_id for step in steps if step.goes_to])
    has: list[tuple[Step, Any]] = []
    wanted: dict[Any, set[Key]] = defaultdict(set)
    for step in steps:
        now, before = _now_and_before(name, step, stored)
        has.append((step, now))
        wanted[before].add(step.change.key)
    return [(step, now) for step, now in has if now is not None and wanted.get(now, set()) - {step.change.key}]


def _now_and_before(name: str, step: Step, stored: dict[int, Any]) -> tuple[Any, Any]:
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
