"""Walking the whole house: a record for every screen, every way to ask for it, and every row before and after."""

import itertools
from collections.abc import Callable
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import Boolean, Integer, String, inspect

from backoffice.audit.models import ChangeSet
from backoffice.catalog.models import PriceChange, SlugRedirect
from backoffice.dialects import UtcDateTime
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel, StockMovement
from backoffice.inventory.stock import move
from backoffice.media.models import Picture
from backoffice.media.storage import store_image
from backoffice.records import utc_now
from backoffice.settings.models import ShopSettings
from backoffice.staff.accounts import create_staff_member, require_role
from backoffice.staff.models import SignIn
from backoffice.staff.sessions import open_sign_in
from backoffice.web.base import Screen
from tests.making import PASSWORD, make_category, make_product

_numbers = itertools.count(1)


def screens_of(app: Flask) -> list[Screen]:
    """The screens of one model each; pages of another kind are left out."""
    return [screen for screen in app.extensions["screens"].values() if isinstance(screen, Screen)]


def make_one(model: Any) -> Any:
    """A stored record of any model: by its own maker, else with what its columns demand."""
    maker = MAKERS.get(model.__tablename__)
    record = maker() if maker else model(**_demanded(model))
    db.session.add(record)
    db.session.commit()
    return record


def make_house(app: Flask) -> dict[str, Any]:
    """A record for every screen, by the screen's endpoint."""
    return {screen.endpoint: make_one(screen.model) for screen in screens_of(app)}


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table as the driver reads it now: nothing is made of the values, for most are only compared."""
    rows = {
        table.name: [
            tuple(row)
            for row in db.session.execute(
                db.select(db.literal_column("*")).select_from(table).order_by(*table.primary_key)
            )
        ]
        for table in db.metadata.sorted_tables
    }
    db.session.commit()
    return rows


def changed_tables(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name in before if before[name] != after[name]]


def _demanded(model: Any) -> dict[str, Any]:
    values = {}
    for prop in inspect(model).column_attrs:
        column = prop.columns[0]
        if not (column.primary_key or column.nullable or column.default or column.server_default):
            values[prop.key] = _value_for(model, column)
    return values


def _value_for(model: Any, column: Any) -> Any:
    number = next(_numbers)
    for link in column.foreign_keys:
        target = next(one.class_ for one in db.Model.registry.mappers if one.local_table is link.column.table)
        return make_one(target).id
    if column.info.get("choices"):
        return column.info["choices"][0][0]
    if isinstance(column.type, UtcDateTime):
        return utc_now()
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer):
        return number
    if not isinstance(column.type, String):
        raise TypeError(f"Say in MAKERS how a {model.__tablename__} is made: {column.name} is of no plain kind.")
    plain = f"{model.__tablename__.replace('_', '-')}-{number}"
    worded = {"email": f"{plain}@example.com", "slug": plain, "code": plain, "currency": "EUR"}
    return worded.get(column.name, f"{plain.capitalize()} of the walk")[: column.type.length]


def _make_movement() -> StockMovement:
    return move(make_product(prices=(1000,)).variants[0], make_one(Location), 5, "delivery", None)


def _make_level() -> StockLevel:
    movement = _make_movement()
    return db.session.scalar(db.select(StockLevel).filter_by(variant_id=movement.variant_id))


def _make_picture() -> Picture:
    from flask import current_app

    number = next(_numbers)
    image = Image.new("RGB", (8, 8), (number % 256, number // 256 % 256, 90))
    checksum, size = store_image(current_app.config["MEDIA_FOLDER"], image)
    return Picture(
        product_id=make_product().id, checksum=checksum, alt_text="A walk", width=8, height=8, size_bytes=size
    )


def _make_price_change() -> PriceChange:
    product = make_product()
    return db.session.scalar(db.select(PriceChange).filter_by(variant_id=product.variants[0].id))


def _make_change_set() -> ChangeSet:
    make_one(Location)
    return db.session.scalar(db.select(ChangeSet).order_by(ChangeSet.id.desc()).limit(1))


def _make_staff_member() -> Any:
    return create_staff_member(f"walker-{next(_numbers)}@example.com", "Walker", require_role("viewer"), PASSWORD)


def _make_sign_in() -> SignIn:
    open_sign_in(_make_staff_member(), "192.0.2.1", "A browser")
    db.session.flush()
    return db.session.scalar(db.select(SignIn).order_by(SignIn.id.desc()).limit(1))


MAKERS: dict[str, Callable[[], Any]] = {
    "product": make_product,
    "variant": lambda: make_product(prices=(1000, 1200)).variants[0],
    "category": lambda: make_category(f"Category {next(_numbers)}"),
    "picture": _make_picture,
    "price_change": _make_price_change,
    "slug_redirect": lambda: SlugRedirect(
        kind="product", old_slug=f"old-{next(_numbers)}", product_id=make_product().id
    ),
    "stock_level": _make_level,
    "stock_movement": _make_movement,
    "change_set": _make_change_set,
    "staff_member": _make_staff_member,
    "sign_in": _make_sign_in,
    "shop_settings": lambda: db.session.get(ShopSettings, 1),
}
