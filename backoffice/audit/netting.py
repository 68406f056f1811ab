"""What a stretch of the history comes to: per record, how it was before the first change and after the last."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from backoffice.audit.models import ChangeRow
from backoffice.extensions import db

Key = tuple[str, int]

TRASH_FIELDS = {"deleted_token", "deleted_at"}
ROW_COLUMNS = ("id", "entity", "record_id", "root_entity", "root_id", "label", "operation", "old", "new")

# Where a record was before an operation and where it is after it; an update leaves it where it was.
PLACES = {"create": ("nowhere", "shop"), "trash": ("shop", "trash"), "restore": ("trash", "shop")}


@dataclass(slots=True)
class NetChange:
    """What became of one record, all in all.

    before, after: nowhere, shop or trash; both "kept" where it stayed where it was. old, new: field names to
    values as JSON writes them. trashed_at: when it went into the trash last, as the history writes it.
    """

    entity: str
    record_id: int
    root: Key
    label: str
    first: int
    last: int = 0
    before: str = "kept"
    after: str = "kept"
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)
    trashed_at: str | None = None

    @property
    def key(self) -> Key:
        return self.entity, self.record_id

    @property
    def is_root(self) -> bool:
        return self.key == self.root

    @property
    def fields(self) -> list[str]:
        """The fields that differ, in the order in which they were written first."""
        if self.before == "nowhere" or self.after == "nowhere":
            return []
        return [name for name in self.new if self.old.get(name) != self.new[name] and name not in TRASH_FIELDS]

    @property
    def is_nothing(self) -> bool:
        return self.before == self.after and (self.before == "nowhere" or not self.fields)


def read_rows(*conditions: Any) -> Iterable[Any]:
    """The rows of a stretch of the history, oldest first, as plain tuples: there may be very many."""
    columns = (getattr(ChangeRow, name) for name in ROW_COLUMNS)
    return db.session.execute(
        db.select(*columns).where(*conditions).order_by(ChangeRow.id).execution_options(yield_per=1000)
    )


def net_changes(rows: Iterable[Any], is_trashable: dict[str, bool]) -> list[NetChange]:
    """Fold rows, oldest first, into one change a record; what came to nothing is left out."""
    found: dict[Key, NetChange] = {}
    for row in rows:
        key = (row.entity, row.record_id)
        if key not in found:
            found[key] = NetChange(*key, (row.root_entity, row.root_id), row.label, row.id)
        _fold(found[key], row, is_trashable.get(row.entity, False))
    for change in found.values():
        if change.before == change.after != "nowhere":
            change.before = change.after = "kept"
    return [change for change in found.values() if not change.is_nothing]


def _fold(change: NetChange, row: Any, is_trashable: bool) -> None:
    change.label, change.last = row.label, row.id
    if row.operation != "update":
        # What is deleted for good was in the trash, where it has one.
        before, after = PLACES.get(row.operation) or ("trash" if is_trashable else "shop", "nowhere")
        change.before = before if change.before == "kept" else change.before
        change.after = after
    if row.operation == "trash":
        change.trashed_at = (row.new or {}).get("deleted_at")
    for name, value in (row.new or {}).items():
        change.old.setdefault(name, (row.old or {}).get(name))
        change.new[name] = value
    if row.operation == "delete":
        for name, value in (row.old or {}).items():
            change.old.setdefault(name, value)
            change.new[name] = None
