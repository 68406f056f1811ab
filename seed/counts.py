"""What a seed did, counted per table."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from backoffice.extensions import db
from backoffice.wording import counted


@dataclass
class Counts:
    """created and unchanged: table name → rows."""

    created: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)

    def note(self, table: str, is_created: bool, rows: int = 1) -> None:
        (self.created if is_created else self.unchanged)[table] += rows

    @property
    def words(self) -> str:
        if not any(self.created.values()):
            return "Everything was there already; nothing changed."
        parts = [
            counted(number, table.replace("_", " ").replace("settings", "setting"))
            for table, number in sorted(self.created.items())
            if number
        ]
        return f"Made {', '.join(parts)}."


def ensure(counts: Counts, model: Any, key: dict[str, Any], values: dict[str, Any]) -> Any:
    """Return the live record with this natural key, made where it is missing; a present one is left as it is."""
    wanted = key | ({"deleted_token": 0} if hasattr(model, "deleted_token") else {})
    found = db.session.scalar(db.select(model).filter_by(**wanted))
    counts.note(model.__tablename__, found is None)
    if found is None:
        found = model(**key, **values)
        db.session.add(found)
        db.session.flush()
    return found
