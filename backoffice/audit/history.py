"""Reading the history: what happened to a record, and what a change set holds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func
from sqlalchemy.orm import joinedload

from backoffice.audit.models import ChangeRow, ChangeSet, ChangeSubject
from backoffice.extensions import db
from backoffice.staff.models import StaffMember

MOST_CHANGES_SHOWN = 100
MOST_CHANGES_SINCE = 1000


def changes_of(
    record: Any, most: int = MOST_CHANGES_SHOWN, before: int | None = None, entities: Iterable[str] | None = None
) -> list[ChangeRow]:
    """The latest changes of a record and of its parts, newest first.

    before: only those older than this row. entities: only those of these tables.
    """
    statement = db.select(ChangeRow).where(rows_on_page_of(record)).order_by(ChangeRow.id.desc()).limit(most)
    if entities is not None:
        statement = statement.where(ChangeRow.entity.in_(entities))
    if before is not None:
        statement = statement.where(ChangeRow.id < before)
    return list(db.session.scalars(statement.options(joinedload(ChangeRow.change_set))))


def latest_records_of(actor_id: int, entities: Iterable[str], most: int) -> list[tuple[str, int]]:
    """The records on whose pages a person's latest changes are shown, as (table, key), the latest first."""
    latest = func.max(ChangeRow.id)
    rows = db.session.execute(
        db.select(ChangeRow.root_entity, ChangeRow.root_id)
        .where(
            ChangeRow.change_set_id.in_(
                db.select(ChangeSet.id)
                .where(ChangeSet.actor_id == actor_id)
                .order_by(ChangeSet.id.desc())
                .limit(MOST_CHANGES_SHOWN)
                .subquery()
                .select()
            ),
            ChangeRow.root_entity.in_(entities),
        )
        .group_by(ChangeRow.root_entity, ChangeRow.root_id)
        .order_by(latest.desc())
        .limit(most)
    )
    return [(entity, key) for entity, key in rows]


def rows_on_page_of(record: Any) -> Any:
    """The condition of the rows on a record's page: its own, and those of its parts where it is a whole."""
    if record.history_root() == (record.__tablename__, record.id):
        return (ChangeRow.root_entity == record.__tablename__) & (ChangeRow.root_id == record.id)
    return (ChangeRow.entity == record.__tablename__) & (ChangeRow.record_id == record.id)


def last_change_of(record: Any) -> ChangeSet | None:
    rows = changes_of(record, most=1)
    return rows[0].change_set if rows else None


def changes_since(model: Any, versions: Mapping[int, int]) -> dict[int, list[ChangeRow]]:
    """The changes of each record after its version, oldest first. versions: by the record's key."""
    newer = ((ChangeRow.record_id == key) & (ChangeRow.version > version) for key, version in versions.items())
    rows = db.session.scalars(
        db.select(ChangeRow)
        .where(ChangeRow.entity == model.__tablename__, db.or_(db.false(), *newer))
        .order_by(ChangeRow.id.desc())
        .limit(MOST_CHANGES_SINCE)
        .options(joinedload(ChangeRow.change_set))
    )
    found: dict[int, list[ChangeRow]] = defaultdict(list)
    for row in rows:
        found[row.record_id].insert(0, row)
    return found


def rows_of(change_set: ChangeSet, entities: Iterable[str], most: int, after: int = 0) -> list[ChangeRow]:
    """Rows of these tables, oldest first; after: only those younger than this row."""
    of_set = db.select(ChangeRow).where(ChangeRow.change_set_id == change_set.id, ChangeRow.id > after)
    return list(db.session.scalars(of_set.where(ChangeRow.entity.in_(entities)).order_by(ChangeRow.id).limit(most)))


def rows_of_several(keys: list[int], entities: Iterable[str], most: int) -> dict[int, list[ChangeRow]]:
    """Rows of these tables by change set, oldest first; only of those of the change sets that have `most` at most."""
    counted = db.select(ChangeRow.change_set_id).where(ChangeRow.change_set_id.in_(keys))
    counted = counted.group_by(ChangeRow.change_set_id).having(func.count(ChangeRow.id) > most)
    large = set(db.session.scalars(counted))
    small = [key for key in keys if key not in large]
    of_these = db.select(ChangeRow).where(ChangeRow.change_set_id.in_(small), ChangeRow.entity.in_(entities))
    found: dict[int, list[ChangeRow]] = {key: [] for key in small}
    for row in db.session.scalars(of_these.order_by(ChangeRow.id)):
        found[row.change_set_id].append(row)
    return found


def count_rows(change_set: ChangeSet, entities: Iterable[str]) -> int:
    counted = db.select(func.count(ChangeRow.id)).where(ChangeRow.change_set_id == change_set.id)
    return db.session.scalar(counted.where(ChangeRow.entity.in_(entities))) or 0


def subjects_of(change_set: ChangeSet) -> list[ChangeSubject]:
    return list(db.session.scalars(db.select(ChangeSubject).where(ChangeSubject.change_set_id == change_set.id)))


@dataclass(frozen=True)
class Undos:
    """How far a change set is taken back. standing: the undos that were not taken back themselves, newest first.

    has_others: whether there are undos that were.
    """

    standing: list[ChangeSet]
    has_others: bool

    @property
    def latest(self) -> ChangeSet | None:
        return self.standing[0] if self.standing else None

    @property
    def is_left_over(self) -> bool:
        """Whether the latest undo left something, or an earlier one was taken back, so that something can go back."""
        return self.latest is not None and (bool((self.latest.counts or {}).get("left")) or self.has_others)

    @property
    def is_whole(self) -> bool:
        return self.latest is not None and not self.is_left_over


def undos_of(change_set: ChangeSet) -> Undos:
    undos = db.select(ChangeSet.id, ChangeSet.undoes_id).where(ChangeSet.undoes_id == change_set.id)
    chain = undos.cte("chain", recursive=True)
    chain = chain.union_all(db.select(ChangeSet.id, ChangeSet.undoes_id).join(chain, ChangeSet.undoes_id == chain.c.id))
    rows = sorted(db.session.execute(db.select(chain.c.id, chain.c.undoes_id)), reverse=True)
    taken_back: set[int] = set()
    # Whatever takes something back is younger than that, so that its own fate is known by then.
    for key, undoes in rows:
        if key not in taken_back:
            taken_back.add(undoes)
    own = [key for key, undoes in rows if undoes == change_set.id]
    standing = [key for key in own if key not in taken_back]
    of_these = db.select(ChangeSet).where(ChangeSet.id.in_(standing)).order_by(ChangeSet.id.desc())
    return Undos(list(db.session.scalars(of_these)) if standing else [], len(standing) < len(own))


def standing_undo(change_set: ChangeSet) -> ChangeSet | None:
    """The change set by which this one is taken back now, if it is."""
    return undos_of(change_set).latest


def subjects_of_several(keys: list[int], entities: Iterable[str]) -> dict[int, list[ChangeSubject]]:
    """What several change sets did to these tables, by change set, in one query."""
    of_these = db.select(ChangeSubject).where(ChangeSubject.change_set_id.in_(keys), ChangeSubject.entity.in_(entities))
    found: dict[int, list[ChangeSubject]] = {}
    for subject in db.session.scalars(of_these.order_by(ChangeSubject.id)):
        found.setdefault(subject.change_set_id, []).append(subject)
    return found


def touches(entities: Iterable[str], field: str | None = None) -> Any:
    """The condition that a change set touches one of these tables, or this field of one."""
    seen = exists().where(ChangeSubject.change_set_id == ChangeSet.id, ChangeSubject.entity.in_(entities))
    return seen.where(ChangeSubject.field == field) if field is not None else seen


def readable_change_sets(entities: list[str]) -> Any:
    """The statement of change sets that touch one of these tables; a set of counts alone is nobody's secret."""
    is_counted = ChangeSet.counts.is_not(None) & ~exists().where(ChangeSubject.change_set_id == ChangeSet.id)
    return db.select(ChangeSet).where(touches(entities) | is_counted)


def people_in_history() -> list[StaffMember]:
    """Those who changed something."""
    acted = exists().where(ChangeSet.actor_id == StaffMember.id)
    return list(db.session.scalars(db.select(StaffMember).where(acted).order_by(StaffMember.name, StaffMember.id)))


def touched_fields(entities: Iterable[str]) -> list[tuple[str, str]]:
    """The fields of these tables that were ever changed, as (table, field)."""
    found = db.select(ChangeSubject.entity, ChangeSubject.field).where(ChangeSubject.field != "")
    return [tuple(row) for row in db.session.execute(found.where(ChangeSubject.entity.in_(entities)).distinct())]


def recent_change_sets(entities: list[str], most: int = 8) -> list[ChangeSet]:
    return list(db.session.scalars(readable_change_sets(entities).order_by(ChangeSet.id.desc()).limit(most)))
