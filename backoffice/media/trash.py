"""What the trash must know of pictures: they go and come back with their product."""

from backoffice.audit import trash
from backoffice.catalog.models import Product
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.media.models import Picture


def _pictures_of(product: Product) -> list[Picture]:
    return list(db.session.scalars(db.select(Picture).where(Picture.product_id == product.id)))


def _check_home(picture: Picture) -> None:
    if picture.product.is_deleted:
        raise Refusal(f"“{picture.product}” is in the trash too. Restore it first.")


trash.register(Product, companions=_pictures_of)
trash.register(Picture, before_restore=_check_home)
