"""What the trash must know of stock: a location that holds some stays, and what goes takes its stock out of sight."""

from collections.abc import Sequence

from sqlalchemy import func

from backoffice.audit import trash
from backoffice.audit.trash import Touched
from backoffice.catalog.models import Product, Variant
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel
from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.wording import counted, figure, joined, marked_noun


def _check_location(location: Location) -> None:
    held = db.select(func.count(StockLevel.id)).where(StockLevel.location_id == location.id, StockLevel.on_hand != 0)
    live = db.session.scalar(held.join(StockLevel.variant).where(Variant.deleted_token == 0)) or 0
    if live:
        sentence = _(
            "“%(name)s” still holds stock of %(variants)s. Move it first.",
            name=location,
            variants=counted(live, "variant"),
        )
        raise Refusal(sentence)
    in_trash = db.session.scalar(held) or 0
    if in_trash:
        sentence = _(
            "“%(name)s” still holds stock of %(variants)s in the trash. Restore them and move it, or empty the trash.",
            name=location,
            variants=counted(in_trash, "variant"),
        )
        raise Refusal(sentence)


def _touched_by_products(keys: Sequence[int]) -> list[Touched]:
    variants = db.select(Variant.id).where(Variant.product_id.in_(keys), Variant.deleted_token == 0)
    return _stock_of(list(db.session.scalars(variants)))


def _stock_of(variant_ids: Sequence[int]) -> list[Touched]:
    rows = db.session.execute(
        db.select(Location.name, func.sum(StockLevel.on_hand))
        .join(StockLevel.location)
        .where(StockLevel.variant_id.in_(variant_ids), StockLevel.on_hand > 0)
        .group_by(Location.id, Location.name)
        .order_by(Location.name)
    )
    pieces = {name: int(total) for name, total in rows}
    where = joined(
        [_("%(number)s at %(location)s", number=figure(total), location=name) for name, total in pieces.items()]
    )
    return [Touched(sum(pieces.values()), marked_noun("piece of stock"), marked("out of sight"), "stock", where)]


def _touched_by_locations(keys: Sequence[int]) -> list[Touched]:
    held = db.select(func.count(StockLevel.id)).join(StockLevel.variant)
    count = db.session.scalar(
        held.where(StockLevel.location_id.in_(keys), StockLevel.on_hand != 0, Variant.deleted_token == 0)
    )
    listed = {"location": list(keys), "on_hand__not": 0}
    return [Touched(count or 0, "stock level", marked("lying there"), "stock", entity="stock_level", filters=listed)]


trash.register(Product, touches=_touched_by_products)
trash.register(Variant, touches=_stock_of)
trash.register(Location, _check_location, touches=_touched_by_locations)
