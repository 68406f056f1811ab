"""What became of records after the versions that somebody was shown."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import joinedload

from backoffice.audit.models import ChangeRow
from backoffice.extensions import db

MOST_ROWS = 1000


def changes_since(model: Any, versions: Mapping[int, int]) -> dict[int, list[ChangeRow]]:
    """The changes of each record after its version, oldest first. versions: by the record's key."""
    newer = ((ChangeRow.record_id == key) & (ChangeRow.version > version) for key, version in versions.items())
    rows = db.session.scalars(
        db.select(ChangeRow)
        .where(ChangeRow.entity == model.__tablename__, db.or_(db.false(), *newer))
        .order_by(ChangeRow.id.desc())
        .limit(MOST_ROWS)
        .options(joinedload(ChangeRow.change_set))
    )
    found: dict[int, list[ChangeRow]] = defaultdict(list)
    for row in rows:
        found[row.record_id].insert(0, row)
    return found
