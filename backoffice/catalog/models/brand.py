"""Who made it."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.dialects import words
from backoffice.records import Record, Trashable, index_of_live


class Brand(Trashable, Record):
    __tablename__ = "brand"
    __table_args__ = (
        UniqueConstraint("slug", "deleted_token", name="uq_brand_slug"),
        index_of_live("brand", "name"),
        index_of_live("brand", "updated_at"),
    )

    name: Mapped[str] = mapped_column(words(120))
    slug: Mapped[str] = mapped_column(words(120), info={"label": "Address"})
    description: Mapped[str | None] = mapped_column(words(2000))

    def __str__(self) -> str:
        return self.name
