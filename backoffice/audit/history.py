"""Reading the history: what happened to a record, and what a change set holds."""

from typing import Any

from sqlalchemy import exists, func
from sqlalchemy.orm import joinedload, selectinload

from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.extensions import db

MOST_CHANGES_SHOWN = 100


def changes_of(record: Any, most: int = MOST_CHANGES_SHOWN) -> list[ChangeRow]:
    """The latest changes of a record and of its parts, newest first."""
    entity, key = record.history_root()
    on_its_page = (ChangeRow.root_entity == record.__tablename__) & (ChangeRow.root_id == record.id)
    itself = (ChangeRow.entity == record.__tablename__) & (ChangeRow.record_id == record.id)
    condition = on_its_page if (entity, key) == (record.__tablename__, record.id) else itself
    statement = db.select(ChangeRow).where(condition).order_by(ChangeRow.id.desc()).limit(most)
    return list(db.session.scalars(statement.options(joinedload(ChangeRow.change_set))))


def last_change_of(record: Any) -> ChangeSet | None:
    rows = changes_of(record, most=1)
    return rows[0].change_set if rows else None


def rows_of(change_set: ChangeSet, most: int = 500) -> list[ChangeRow]:
    return list(
        db.session.scalars(
            db.select(ChangeRow).where(ChangeRow.change_set_id == change_set.id).order_by(ChangeRow.id).limit(most)
        )
    )


def count_rows(change_set: ChangeSet, entities: set[str]) -> int:
    counted = db.select(func.count(ChangeRow.id)).where(ChangeRow.change_set_id == change_set.id)
    return db.session.scalar(counted.where(ChangeRow.entity.in_(entities))) or 0


def change_set_of(key: int) -> ChangeSet | None:
    # The screen may have loaded it already, without its rows.
    return db.session.get(ChangeSet, key, options=[selectinload(ChangeSet.rows)], populate_existing=True)


def undone_by(change_set: ChangeSet) -> ChangeSet | None:
    """The change set that took this one back, if one did."""
    return db.session.scalar(
        db.select(ChangeSet).where(ChangeSet.undoes_id == change_set.id).order_by(ChangeSet.id.desc()).limit(1)
    )


def readable_change_sets(entities: list[str]) -> Any:
    """The statement of change sets that touch one of these tables; a set of counts alone is nobody's secret."""
    seen = exists().where(ChangeRow.change_set_id == ChangeSet.id, ChangeRow.entity.in_(entities))
    return db.select(ChangeSet).where(seen | ChangeSet.counts.is_not(None))


def recent_change_sets(entities: list[str], most: int = 8) -> list[ChangeSet]:
    return list(db.session.scalars(readable_change_sets(entities).order_by(ChangeSet.id.desc()).limit(most)))
