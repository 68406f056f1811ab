"""The trash: a deletion by staff is restorable, and what it named is free for reuse at once.

A slice registers what must be checked before one of its records goes, what else that touches, and where it belongs.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import lazyload

from backoffice.audit.holding import refuse_if_held
from backoffice.audit.names import Name, Taken, taken_names
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import Record, Trashable, lock, utc_now

Check = Callable[[Any], None]
Homes = Callable[[Any], Iterable[Trashable | None]]


@dataclass(frozen=True)
class Touched:
    """What else a deletion touches: how many of what, and what becomes of them.

    area: whose right to read it takes to see them; names: the first few in words;
    entity and filters: the list that shows them all, where there is one.
    """

    count: int
    noun: str
    effect: str
    area: str
    names: str = ""
    entity: str = ""
    filters: dict[str, Any] = field(default_factory=dict)


Touches = Callable[[Sequence[int]], list[Touched]]


@dataclass
class Rules:
    """What a model's slice, and those to its left, said about its trash."""

    before_trash: Check | None = None
    homes: Homes | None = None
    whole: Any = None
    names: dict[str, Name] = field(default_factory=dict)
    touches: list[Touches] = field(default_factory=list)


_rules: dict[type, Rules] = {}


def register(
    model: type,
    before_trash: Check | None = None,
    homes: Homes | None = None,
    whole: Any = None,
    names: dict[str, Name] | None = None,
    touches: Touches | None = None,
) -> None:
    """Say what a model's deletion asks for; each part may be said by another slice.

    homes: yields what must be out of the trash before the record may come back.
    whole: the relationship to the record whose fate it shares; what was deleted by one act comes back by one.
    touches: takes the keys of the records that shall go.
    """
    rules = rules_of(model)
    rules.before_trash = before_trash or rules.before_trash
    rules.homes = homes or rules.homes
    rules.whole = whole or rules.whole
    rules.names |= names or {}
    rules.touches += [touches] if touches else []


def rules_of(model: type) -> Rules:
    return _rules.setdefault(model, Rules())


def trashable_models() -> list[type]:
    mappers = db.Model.registry.mappers
    return sorted(
        (mapper.class_ for mapper in mappers if issubclass(mapper.class_, Trashable)), key=lambda m: m.__name__
    )


def part_models(model: type) -> list[tuple[Any, Any]]:
    """The models whose records go along with one of this model, each with its column that names the whole."""
    wholes = [(part, rules.whole.property) for part, rules in _rules.items() if rules.whole is not None]
    return [(part, next(iter(way.local_columns))) for part, way in wholes if way.mapper.class_ is model]


# What a deletion would do
def touched_by(model: type, keys: Sequence[int]) -> list[Touched]:
    """What else the deletion of these records would touch, summed over them."""
    return [one for touches in rules_of(model).touches for one in touches(keys) if one.count]


def refusal_of(record: Trashable) -> Refusal | None:
    """Why a record may not go, if it may not."""
    try:
        _check(record)
    except Refusal as refusal:
        return refusal
    return None


def refusals_of(records: Sequence[Trashable]) -> dict[Trashable, Refusal]:
    """Which of these may not go, even together with the others, and why. Changes nothing."""
    if not records or rules_of(type(records[0])).before_trash is None:
        return {}
    rehearsal = db.session.begin_nested()
    refused = trash_each(records)
    rehearsal.rollback()
    return refused


def parts_state(model: type, keys: Sequence[int]) -> str:
    """A mark of the parts that would go along, as they are now: another one means that they changed."""
    mark = hashlib.sha256()
    for part, whole_key in part_models(model):
        parts = db.select(part.id, part.version).where(whole_key.in_(keys), part.deleted_token == 0).order_by(part.id)
        mark.update(repr([tuple(row) for row in db.session.execute(parts)]).encode())
    return mark.hexdigest()[:16]


# Into the trash
def trash(record: Trashable) -> None:
    """Put a record and what belongs to it into the trash."""
    if record.is_deleted:
        return
    _check(record)
    at = utc_now()
    for part in [*_locked_parts(record), record]:
        if not part.is_deleted:
            part.deleted_at = at
            part.deleted_token = part.id
    db.session.flush()


def trash_each(records: Sequence[Trashable]) -> dict[Trashable, Refusal]:
    """Put into the trash what may go; return what may not, with the reason."""
    return _each(trash, records)


def _check(record: Trashable) -> None:
    check = rules_of(type(record)).before_trash
    if check:
        check(record)


def _each(act: Callable[[Any], None], records: Sequence[Trashable]) -> dict[Trashable, Refusal]:
    """Do it to each, and again to those refused while others went: some may go only after another."""
    left = list(records)
    while True:
        refused = {}
        for record in left:
            try:
                act(record)
            except Refusal as refusal:
                refused[record] = refusal
        if len(refused) in (0, len(left)):
            return refused
        left = list(refused)


# Out of the trash
@dataclass(frozen=True)
class Return:
    """What a record's return takes.

    homes: what is in the trash too and must come back first; records: the homes, the record, and what
    went with each; taken: which of their names others have now.
    """

    homes: list[Trashable]
    records: list[Trashable]
    taken: list[Taken]

    @property
    def is_settled(self) -> bool:
        return all(one.is_settled for one in self.taken)


def plan_return(record: Trashable, typed: dict[str, str] | None = None) -> Return:
    """Find all that stands in the way of a restoration. typed: other names, by `Taken.key`."""
    homes = homes_in_trash(record)
    coming = {part: None for root in [*homes, record] for part in _coming_back(root)}
    names = {part: rules_of(type(part)).names for part in coming}
    return Return(homes, list(coming), taken_names(names, typed or {}))


def homes_in_trash(record: Trashable) -> list[Trashable]:
    """What the record belongs to and is in the trash too, each after what it belongs to itself."""
    found: dict[Trashable, None] = {}
    homes = rules_of(type(record)).homes
    for home in homes(record) if homes else []:
        if home is not None and lock(type(home), home.id).is_deleted:
            found |= dict.fromkeys([*homes_in_trash(home), home])
    return list(found)


def check_home(record: Trashable) -> None:
    for home in homes_in_trash(record):
        raise Refusal(_("“%(name)s” is in the trash too. Restore it first.", name=home))


def restore(record: Trashable, typed: dict[str, str] | None = None) -> None:
    """Bring a record back, with all that was deleted by the same act; under other names where some are typed."""
    if not record.is_deleted:
        return
    check_home(record)
    restore_with_homes(record, typed)


def restore_with_homes(record: Trashable, typed: dict[str, str] | None = None) -> None:
    """Bring a record back together with what it belongs to."""
    plan = plan_return(record, typed)
    for one in plan.taken:
        one.refuse_unless_settled()
    # Named anew while still in the trash: from there, an old address leads nowhere.
    for one in plan.taken:
        setattr(one.record, one.column, one.chosen)
    db.session.flush()
    # One after another, so that history has the homes before what belongs there.
    for root in [*plan.homes, record]:
        for part in _coming_back(root):
            part.deleted_token = 0
            part.deleted_at = None
        db.session.flush()


def _coming_back(record: Trashable) -> list[Trashable]:
    at = record.deleted_at
    return [part for part in [record, *_locked_parts(record)] if part.is_deleted and part.deleted_at == at]


# Out of the house
def delete_for_good(record: Trashable) -> None:
    """Delete a record of the trash and what belongs to it; there is no way back."""
    if not record.is_deleted:
        raise Refusal(_("Only what is in the trash can be deleted for good. Delete it first."))
    refuse_if_held(record)
    name = str(record)
    try:
        with db.session.begin_nested():
            for part in _locked_parts(record):
                _delete(part)
            db.session.flush()
            _delete(record)
    except IntegrityError:
        raise Refusal(_("“%(name)s” can’t be deleted for good while other records still name it.", name=name)) from None


def delete_each_for_good(records: Sequence[Trashable]) -> dict[Trashable, Refusal]:
    """Delete for good what may go; return what may not, with the reason."""
    return _each(delete_for_good, records)


def _delete(record: Record) -> None:
    """Delete a record and, so that the history tells it, what the database would delete with it in silence."""
    known = {relation.mapper for relation in inspect(type(record)).relationships if relation.cascade.delete}
    for mapper in db.Model.registry.mappers:
        if mapper.class_.is_recorded and mapper not in known:
            for column in _columns_that_follow(mapper.local_table, record.__table__):
                for follower in db.session.scalars(db.select(mapper.class_).where(column == record.id)):
                    db.session.delete(follower)
    db.session.flush()
    db.session.delete(record)


def _columns_that_follow(table: Any, deleted: Any) -> list[Any]:
    links = [link for link in table.foreign_keys if link.column.table is deleted and link.ondelete == "CASCADE"]
    return [link.parent for link in links]


def _locked_parts(record: Trashable) -> list[Trashable]:
    """What belongs to a record, held like the record itself, so that nobody writes a part while it goes."""
    found: list[Trashable] = []
    for part, whole_key in part_models(type(record)):
        parts = db.select(part).where(whole_key == record.id).order_by(part.id).options(lazyload("*"))
        found += db.session.scalars(parts.with_for_update().execution_options(populate_existing=True))
    return found
