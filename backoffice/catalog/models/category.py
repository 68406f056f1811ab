"""Where a product stands in the shop: a tree, kept with each category's materialised path."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.dialects import BigId, index_on_long_text, words
from backoffice.records import Record, Trashable, index_of_live


class Category(Trashable, Record):
    """path: the keys from the root to this category, each followed by a slash, as in `3/17/`.

    parent_key is parent_id, or 0 for a root: a unique constraint over NULL would let two roots share a slug.
    full_name: the names from the root, as in `Kitchen › Pans`, kept so that a list needs no walk up the tree.
    """

    __tablename__ = "category"
    __table_args__ = (
        UniqueConstraint("parent_key", "slug", "deleted_token", name="uq_category_slug"),
        Index("ix_category_path", "path"),
        index_on_long_text("ix_category_full_name", "full_name", "id"),
        index_of_live("category", "updated_at"),
    )

    name: Mapped[str] = mapped_column(words(120))
    slug: Mapped[str] = mapped_column(words(120), info={"label": "Address"})
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("category.id", ondelete="RESTRICT"), index=True)
    parent_key: Mapped[int] = mapped_column(BigId, default=0, info={"is_untold": True})
    path: Mapped[str] = mapped_column(words(400), default="", info={"is_untold": True})
    full_name: Mapped[str] = mapped_column(words(1000), default="", info={"is_untold": True})
    description: Mapped[str | None] = mapped_column(words(2000))
    position: Mapped[int] = mapped_column(default=0)

    parent: Mapped["Category | None"] = relationship(remote_side="Category.id", back_populates="children")
    children: Mapped[list["Category"]] = relationship(back_populates="parent", passive_deletes="all")

    def __str__(self) -> str:
        return self.full_name or self.name
