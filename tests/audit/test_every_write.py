"""Every kind of write to every recorded table leaves its rows, in the same transaction; a rolled-back one leaves none.

The tables are found by walking the mappers, so that a new one is held to this on its first day.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Boolean, Integer, String, inspect

from backoffice.audit import trash
from backoffice.audit.models import ChangeRow, ChangeSet, ChangeSubject
from backoffice.audit.recorder import note_rows
from backoffice.dialects import UtcDateTime
from backoffice.extensions import db
from backoffice.records import Trashable, utc_now
from tests.walking import make_one

BOOKKEEPING = {"id", "version", "created_at", "updated_at", "deleted_token", "deleted_at"}
RECORDED = sorted(
    (mapper.class_ for mapper in db.Model.registry.mappers if getattr(mapper.class_, "is_recorded", False)),
    key=lambda model: model.__tablename__,
)
TRASHABLE = [model for model in RECORDED if issubclass(model, Trashable)]


def names_of(models: list[type]) -> list[str]:
    return [model.__tablename__ for model in models]


def rows_of(record: Any) -> list[ChangeRow]:
    rows = db.select(ChangeRow).where(ChangeRow.entity == record.__tablename__, ChangeRow.record_id == record.id)
    return list(db.session.scalars(rows.order_by(ChangeRow.id)))


def plain_column(model: type) -> tuple[str, Any]:
    """A column that anybody may set, and a way to another value of it."""
    for prop in inspect(model).column_attrs:
        column = prop.columns[0]
        is_free = not column.foreign_keys and not column.info.get("choices") and prop.key not in BOOKKEEPING
        if is_free and not column.info.get("secret"):
            return prop.key, _other(column)
    raise AssertionError(f"{model.__tablename__} has no plain column.")


def _other(column: Any) -> Callable[[Any], Any]:
    if isinstance(column.type, Boolean):
        return lambda value: not value
    if isinstance(column.type, Integer):
        return lambda value: (value or 0) + 1
    if isinstance(column.type, UtcDateTime):
        return lambda value: utc_now()
    assert isinstance(column.type, String)
    return lambda value: f"x{value or ''}"[: column.type.length or 100]


def test_more_than_a_handful_of_tables_is_walked() -> None:
    assert {"product", "variant", "option_value", "picture", "stock_level", "staff_member", "role"} <= set(
        names_of(RECORDED)
    )


@pytest.mark.parametrize("model", RECORDED, ids=names_of(RECORDED))
def test_making_changing_and_deleting_are_recorded(app: Flask, model: type) -> None:
    record = make_one(model)
    name, other = plain_column(model)
    before = getattr(record, name)

    setattr(record, name, other(before))
    db.session.commit()

    changed = rows_of(record)[-1]
    assert rows_of(record)[0].operation == "create"
    assert (changed.operation, changed.old[name]) == ("update", before)
    assert changed.new[name] == getattr(record, name)
    subjects = {
        (one.entity, one.operation, one.field)
        for one in db.session.scalars(db.select(ChangeSubject).filter_by(change_set_id=changed.change_set_id))
    }
    assert (model.__tablename__, "update", name) in subjects


@pytest.mark.parametrize("model", TRASHABLE, ids=names_of(TRASHABLE))
def test_deleting_and_restoring_are_recorded(app: Flask, model: type) -> None:
    record = make_one(model)

    trash.trash(record)
    db.session.commit()
    trash.restore(record)
    db.session.commit()
    trash.trash(record)
    trash.delete_for_good(record)
    db.session.commit()

    operations = [row.operation for row in rows_of_key(model, record.id) if row.operation != "update"]
    assert operations == ["create", "trash", "restore", "trash", "delete"]


def rows_of_key(model: type, key: int) -> list[ChangeRow]:
    rows = db.select(ChangeRow).where(ChangeRow.entity == model.__tablename__, ChangeRow.record_id == key)
    return list(db.session.scalars(rows.order_by(ChangeRow.id)))


@pytest.mark.parametrize("model", RECORDED, ids=names_of(RECORDED))
def test_what_is_rolled_back_leaves_no_row(app: Flask, model: type) -> None:
    record = make_one(model)
    name, other = plain_column(model)
    counts = [db.session.scalar(db.select(db.func.count(one.id))) for one in (ChangeSet, ChangeRow, ChangeSubject)]

    setattr(record, name, other(getattr(record, name)))
    db.session.flush()
    during = db.session.scalar(db.select(db.func.count(ChangeRow.id)))
    db.session.rollback()

    assert during > counts[1]
    assert counts == [
        db.session.scalar(db.select(db.func.count(one.id))) for one in (ChangeSet, ChangeRow, ChangeSubject)
    ]


WAYS_PAST = {
    "an update of many": lambda table: table.update().values({_a_column(table): None}),
    "a deletion of many": lambda table: table.delete(),
    "an insertion of many": lambda table: table.insert().values({_a_column(table): None}),
}


def _a_column(table: Any) -> str:
    return next(iter(table.c)).name


@pytest.mark.any_engine
@pytest.mark.parametrize("way", WAYS_PAST)
@pytest.mark.parametrize("table", [*(model.__table__ for model in RECORDED)], ids=names_of(RECORDED))
def test_no_statement_goes_past_the_history(app: Flask, table: Any, way: str) -> None:
    with pytest.raises(RuntimeError, match="without the history knowing"):
        db.session.execute(WAYS_PAST[way](table))


@pytest.mark.any_engine
@pytest.mark.parametrize("name", ["product_tag", "product_category", "variant_option_value", "picture_variant"])
def test_no_statement_links_records_past_the_history(app: Flask, name: str) -> None:
    with pytest.raises(RuntimeError, match="without the history knowing"):
        db.session.execute(db.metadata.tables[name].delete())


def test_a_bulk_write_that_notes_its_rows_is_in_the_history(app: Flask) -> None:
    from backoffice.catalog.models import Brand

    brand = make_one(Brand)
    row = {"entity": "brand", "record_id": brand.id, "root_entity": "brand", "root_id": brand.id, "label": "Norr"}
    row |= {"operation": "update", "version": 2, "old": {"name": brand.name}, "new": {"name": "Norr"}}

    renamed = db.update(Brand).where(Brand.id == brand.id).values(name="Norr")
    db.session.execute(renamed, execution_options={"is_noted": True, "synchronize_session": False})
    note_rows([row])
    db.session.commit()

    assert [one.new for one in rows_of(brand)][-1] == {"name": "Norr"}
