"""Who made it."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.dialects import words
from backoffice.records import Record, Trashable


class Brand(Trashable, Record):
    __tablename__ = "brand"
    __table_args__ = (
        UniqueConstraint("slug", "deleted_token", name="uq_brand_slug"),
        Index("ix_brand_name", "name", "id"),
    )

    name: Mapped[str] = mapped_column(words(120))
    slug: Mapped[str] = mapped_column(words(120), info={"label": "Address"})
    description: Mapped[str | None] = mapped_column(words(2000))

    def __str__(self) -> str:
        return self.name
