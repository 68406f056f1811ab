"""A word that gathers products across categories."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.dialects import words
from backoffice.records import Record, Trashable, index_of_live


class Tag(Trashable, Record):
    __tablename__ = "tag"
    __table_args__ = (
        UniqueConstraint("slug", "deleted_token", name="uq_tag_slug"),
        index_of_live("tag", "name"),
        index_of_live("tag", "updated_at"),
    )

    name: Mapped[str] = mapped_column(words(80))
    slug: Mapped[str] = mapped_column(words(80), info={"label": "Address"})

    def __str__(self) -> str:
        return self.name
