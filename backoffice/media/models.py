"""Media: the pictures of products.

Words: picture, checksum (SHA-256 of the stored file), alt text (what it shows, for those who cannot see it).
Rule: one product never holds the same picture twice.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.catalog.models import Product, Variant
from backoffice.dialects import BigId, words
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import Record, Trashable, index_of_live

picture_variant = Table(
    "picture_variant",
    db.metadata,
    Column("picture_id", BigId, ForeignKey("picture.id", ondelete="CASCADE"), primary_key=True),
    Column("variant_id", BigId, ForeignKey("variant.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Picture(Trashable, Record):
    """checksum is empty while only source_url, the address it shall come from, is known."""

    __tablename__ = "picture"
    __table_args__ = (
        UniqueConstraint("product_id", "checksum", "deleted_token", name="uq_picture_checksum"),
        index_of_live("picture", "updated_at"),
        CheckConstraint("checksum IS NOT NULL OR source_url IS NOT NULL", name="origin"),
    )
    area = "media"

    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id", ondelete="CASCADE"), index=True)
    checksum: Mapped[str | None] = mapped_column(words(64), info={"is_untold": True})
    source_url: Mapped[str | None] = mapped_column(words(2000), info={"label": "Source address"})
    alt_text: Mapped[str | None] = mapped_column(words(500), info={"label": "Alt text"})
    position: Mapped[int] = mapped_column(default=0)
    width: Mapped[int | None]
    height: Mapped[int | None]
    size_bytes: Mapped[int | None] = mapped_column(info={"label": "Size", "unit": "bytes"})

    product: Mapped[Product] = relationship()
    variants: Mapped[list[Variant]] = relationship(secondary=picture_variant)

    def history_root(self) -> tuple[str, int | None]:
        return "product", self.product_id

    def __str__(self) -> str:
        return self.alt_text or _("Picture %(number)s", number=self.position + 1)
