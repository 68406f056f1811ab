"""An old address of a product or category, and where it leads now."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.catalog.models.category import Category
from backoffice.catalog.models.product import Product
from backoffice.dialects import BigId, words
from backoffice.records import Record, Timed


class SlugRedirect(Timed, Record):
    __tablename__ = "slug_redirect"
    __table_args__ = (
        UniqueConstraint("kind", "old_slug", name="uq_slug_redirect_old"),
        Index("ix_slug_redirect_old_slug", "old_slug", "id"),
        Index("ix_slug_redirect_created_at", "created_at", "id"),
        CheckConstraint("(product_id IS NULL) <> (category_id IS NULL)", name="one_target"),
    )

    kind: Mapped[str] = mapped_column(words(10))
    old_slug: Mapped[str] = mapped_column(words(400), info={"label": "Old address"})
    product_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("product.id", ondelete="CASCADE"), index=True)
    category_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("category.id", ondelete="CASCADE"), index=True)

    product: Mapped[Product | None] = relationship()
    category: Mapped[Category | None] = relationship()

    def __str__(self) -> str:
        return self.old_slug
