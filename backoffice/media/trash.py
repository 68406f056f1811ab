"""What the trash must know of pictures: they go and come back with their product."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func

from backoffice.audit import trash
from backoffice.audit.trash import Touched
from backoffice.catalog.models import Product, Variant
from backoffice.extensions import db
from backoffice.languages import marked
from backoffice.media.models import Picture, picture_variant


def _count(condition: Any) -> int:
    return db.session.scalar(db.select(func.count(Picture.id)).where(Picture.deleted_token == 0, condition)) or 0


def _touched_by_products(keys: Sequence[int]) -> list[Touched]:
    listed = {"product": list(keys)}
    number = _count(Picture.product_id.in_(keys))
    return [Touched(number, "picture", marked("in the trash too"), "media", entity="picture", filters=listed)]


def _touched_by_variants(keys: Sequence[int]) -> list[Touched]:
    chosen = db.select(picture_variant.c.picture_id).where(picture_variant.c.variant_id.in_(keys))
    return [Touched(_count(Picture.id.in_(chosen)), "picture", marked("staying with the product"), "media")]


trash.register(Product, touches=_touched_by_products)
trash.register(Variant, touches=_touched_by_variants)
trash.register(
    Picture,
    homes=lambda one: [one.product],
    whole=Picture.product,
    names={"checksum": trash.Name(word=marked("picture"))},
)
