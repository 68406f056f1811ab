"""What taking something back asks of each slice: how its records go back, and what must hold afterwards.

By default the old values are written back. A slice registers what else its records need: stock goes back by an
opposite movement. Plans are made in plan.py and carried out in taking_back.py.
"""

from collections.abc import Callable
from typing import Any

from backoffice.audit.netting import NetChange
from backoffice.staff.models import StaffMember

# Takes the change, the record as it is (locked), who takes it back, and why.
Undoer = Callable[[NetChange, Any, StaffMember | None, str], None]

_undoers: dict[str, tuple[Undoer, tuple[str, ...]]] = {}
_checks: dict[str, Callable[[Any], None]] = {}
_removals: dict[str, Callable[[Any], None]] = {}
_derived: dict[str, frozenset[str]] = {}
_bundles: dict[str, tuple[frozenset[str], ...]] = {}

# Who may come in is never changed by taking something back: a lock or a role is set anew, on purpose.
AREAS_WITHOUT_UNDO = {"staff"}


def register(entity: str, undoer: Undoer, fields: tuple[str, ...]) -> None:
    """Say how a ledger's records go back: forward only, by a new entry, so that later work never stands in the way.

    fields: the numbers that such an entry moves.
    """
    _undoers[entity] = undoer, fields


def register_check(entity: str, check: Callable[[Any], None]) -> None:
    """Say what a table's record must keep, and what follows from it, once old values are written back."""
    _checks[entity] = check


def register_removal(entity: str, free: Callable[[Any], None]) -> None:
    """Say what lets go of a table's record, so that one that was made can be removed again."""
    _removals[entity] = free


def register_fields(entity: str, derived: tuple[str, ...] = (), together: tuple[str, ...] = ()) -> None:
    """Say which fields follow from others, and are left to the check; and which ones go back together or not at all."""
    _derived[entity] = frozenset(derived)
    if together:
        _bundles[entity] = (*_bundles.get(entity, ()), frozenset(together))


def undoer_of(entity: str) -> Undoer:
    return _undoers[entity][0]


def ledger_fields(entity: str) -> tuple[str, ...]:
    return _undoers[entity][1]


def goes_forward_only(entity: str) -> bool:
    return entity in _undoers


def check_of(entity: str) -> Callable[[Any], None] | None:
    return _checks.get(entity)


def free(entity: str, record: Any) -> None:
    if entity in _removals:
        _removals[entity](record)


def written_fields(change: NetChange) -> list[str]:
    """The fields that are written back; what follows from them is not."""
    return [name for name in change.fields if name not in _derived.get(change.entity, ())]


def with_bundles(entity: str, fields: set[str]) -> set[str]:
    """The fields, and those that go together with one of them."""
    for bundle in _bundles.get(entity, ()):
        if bundle & fields:
            fields = fields | bundle
    return fields


def forward_only_entities() -> list[str]:
    return list(_undoers)
