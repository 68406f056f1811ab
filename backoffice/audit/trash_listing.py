"""What the trash shows: records that were deleted by themselves, by whom, and what went along."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import joinedload

from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.audit.trash import delete_each_for_good, part_models, rules_of, trashable_models
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.records import Trashable

RECORDS_AT_ONCE = 200


def listed(model: Any) -> Any:
    """The statement of a model's records in the trash, without parts that went with their whole."""
    statement = db.select(model).where(model.deleted_token > 0)
    whole = rules_of(model).whole
    if whole is None:
        return statement
    target = whole.property.mapper.class_
    went_with_it = whole.has((target.deleted_token != 0) & (target.deleted_at == model.deleted_at))
    return statement.where(~went_with_it)


def count_listed(model: Any) -> int:
    return _count(listed(model), model)


def _count(statement: Any, model: Any) -> int:
    return db.session.scalar(db.select(func.count()).select_from(statement.with_only_columns(model.id).subquery()))


def count_deleted_before(moment: datetime) -> int:
    """How many records of the trash were deleted before a moment, parts left out that went with their whole."""
    return sum(_count(listed(model).where(model.deleted_at < moment), model) for model in trashable_models())


def empty_deleted_before(moment: datetime) -> tuple[int, list[Refusal]]:
    """Delete them for good, some at a time so that memory stays flat; returns how many went, and why others stayed."""
    gone, stayed = 0, []
    for model in trashable_models():
        went, refused = _empty_once(model, moment)
        gone += went
        while went and refused:
            # Some may go only after another, which may have come later.
            went, refused = _empty_once(model, moment)
            gone += went
        stayed += refused
    return gone, stayed


def _empty_once(model: Any, moment: datetime) -> tuple[int, list[Refusal]]:
    old = listed(model).where(model.deleted_at < moment).order_by(model.id).limit(RECORDS_AT_ONCE)
    went, refused, last = 0, [], 0
    while records := list(db.session.scalars(old.where(model.id > last))):
        last = records[-1].id
        left = delete_each_for_good(records)
        went += len(records) - len(left)
        refused += left.values()
    return went, refused


def deletions_of(records: Sequence[Trashable]) -> dict[int, ChangeSet]:
    """The change set that deleted each record last, by the record's key."""
    if not records:
        return {}
    rows = db.session.scalars(
        db.select(ChangeRow)
        .where(ChangeRow.entity == records[0].__tablename__, ChangeRow.record_id.in_([one.id for one in records]))
        .where(ChangeRow.operation == "trash")
        .order_by(ChangeRow.id)
        .options(joinedload(ChangeRow.change_set))
    )
    return {row.record_id: row.change_set for row in rows}


def went_along(model: Any, keys: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """How many of what went with each record, as (number, noun) by the record's key."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for part, whole_key in part_models(model):
        rows = db.session.execute(
            db.select(whole_key, func.count(part.id))
            .join(model, model.id == whole_key)
            .where(whole_key.in_(keys), part.deleted_token != 0, part.deleted_at == model.deleted_at)
            .group_by(whole_key)
        )
        for key, count in rows:
            found[key].append((count, part.__tablename__.replace("_", " ")))
    return found
