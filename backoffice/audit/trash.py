"""The trash: a deletion by staff is restorable, and what it named is free for reuse at once.

A slice registers what must be checked before one of its records goes, and what goes and comes back with it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.records import Trashable, lock, utc_now

Check = Callable[[Any], None]
Companions = Callable[[Any], Iterable[Trashable]]

_checks_before_trash: dict[type, Check] = {}
_checks_before_restore: dict[type, Check] = {}
_companions: dict[type, list[Companions]] = {}


def register(
    model: type,
    before_trash: Check | None = None,
    before_restore: Check | None = None,
    companions: Companions | None = None,
) -> None:
    """Say what is checked before a model's record is deleted or restored, and which records share its fate.

    companions: yields the records of any state; those deleted by the same act come back with it.
    """
    if before_trash:
        _checks_before_trash[model] = before_trash
    if before_restore:
        _checks_before_restore[model] = before_restore
    if companions:
        _companions.setdefault(model, []).append(companions)


def trashable_models() -> list[type]:
    mappers = db.Model.registry.mappers
    return sorted(
        (mapper.class_ for mapper in mappers if issubclass(mapper.class_, Trashable)), key=lambda m: m.__name__
    )


def trash(record: Trashable) -> None:
    """Put a record and what belongs to it into the trash."""
    if record.is_deleted:
        return
    check = _checks_before_trash.get(type(record))
    if check:
        check(record)
    at = utc_now()
    for part in [*_parts(record), record]:
        if not part.is_deleted:
            part.deleted_at = at
            part.deleted_token = part.id
    db.session.flush()


def restore(record: Trashable) -> None:
    """Bring a record back, with all that was deleted by the same act."""
    if not record.is_deleted:
        return
    check = _checks_before_restore.get(type(record))
    if check:
        check(record)
    at = record.deleted_at
    for part in [record, *_parts(record)]:
        if part.is_deleted and part.deleted_at == at:
            _check_names_are_free(part)
            part.deleted_token = 0
            part.deleted_at = None
    db.session.flush()


def delete_for_good(record: Trashable) -> None:
    """Delete a record of the trash and what belongs to it; there is no way back."""
    if not record.is_deleted:
        raise Refusal("Only what is in the trash can be deleted for good. Delete it first.")
    name = str(record)
    try:
        with db.session.begin_nested():
            for part in _parts(record):
                db.session.delete(part)
            db.session.flush()
            db.session.delete(record)
    except IntegrityError:
        message = f"“{name}” can’t be deleted for good while other records, in the trash or the ledger, still name it."
        raise Refusal(message) from None


def _parts(record: Trashable) -> list[Trashable]:
    found = [part for companions in _companions.get(type(record), []) for part in companions(record)]
    # Locked like the record itself, so that nobody writes a part while it goes.
    return [lock(type(part), part.id) for part in found]


def _check_names_are_free(record: Trashable) -> None:
    for rule in type(record).__table__.constraints:
        if isinstance(rule, UniqueConstraint) and "deleted_token" in rule.columns:
            names = [name for name in rule.columns.keys() if name != "deleted_token"]
            values = {name: getattr(record, name) for name in names}
            if None in values.values():
                continue
            other = db.session.scalar(db.select(type(record)).filter_by(**values, deleted_token=0))
            if other is not None:
                taken = next(value for value in reversed(values.values()))
                raise Refusal(f"“{taken}” is in use by {other} now. Change it there, then restore this.")
