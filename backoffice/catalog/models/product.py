"""What a shopper finds on one page of the shop."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.catalog.models.brand import Brand
from backoffice.catalog.models.category import Category
from backoffice.catalog.models.tag import Tag
from backoffice.catalog.models.tax_class import TaxClass
from backoffice.dialects import BigId, UtcDateTime, index_of_filled, long_text, words
from backoffice.extensions import db
from backoffice.records import Record, Trashable, index_of_live

if TYPE_CHECKING:
    from backoffice.catalog.models.variant import Option, Variant

STATUSES = (("draft", "Draft"), ("active", "Active"), ("archived", "Archived"))

product_tag = Table(
    "product_tag",
    db.metadata,
    Column("product_id", BigId, ForeignKey("product.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", BigId, ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True),
)
product_category = Table(
    "product_category",
    db.metadata,
    Column("product_id", BigId, ForeignKey("product.id", ondelete="CASCADE"), primary_key=True),
    Column("category_id", BigId, ForeignKey("category.id", ondelete="RESTRICT"), primary_key=True, index=True),
)


class Product(Trashable, Record):
    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("slug", "deleted_token", name="uq_product_slug"),
        CheckConstraint("status IN ('draft', 'active', 'archived')", name="status"),
        CheckConstraint("unpublish_at IS NULL OR publish_at IS NULL OR unpublish_at > publish_at", name="dates"),
        index_of_live("product", "name"),
        index_of_live("product", "updated_at"),
        index_of_live("product", "status"),
        Index("ix_product_category_id", "category_id", "deleted_token", "status", "updated_at", "id"),
        Index("ix_product_brand_id", "brand_id", "deleted_token", "updated_at", "id"),
        index_of_filled("product", "publish_at"),
        index_of_filled("product", "unpublish_at"),
    )

    name: Mapped[str] = mapped_column(words(200))
    slug: Mapped[str] = mapped_column(words(200), info={"label": "Address"})
    description: Mapped[str | None] = mapped_column(long_text(), info={"is_html": True})
    brand_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("brand.id", ondelete="RESTRICT"))
    category_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("category.id", ondelete="RESTRICT"))
    tax_class_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("tax_class.id", ondelete="RESTRICT"), index=True)
    status: Mapped[str] = mapped_column(words(10), default="draft", info={"choices": STATUSES})
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info={"label": "Publish on"})
    unpublish_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info={"label": "Take down on"})
    seo_title: Mapped[str | None] = mapped_column(words(200), info={"label": "Search title"})
    seo_description: Mapped[str | None] = mapped_column(words(500), info={"label": "Search description"})

    brand: Mapped[Brand | None] = relationship()
    category: Mapped[Category | None] = relationship()
    tax_class: Mapped[TaxClass | None] = relationship()
    # A tag in the trash keeps its links, so that restoring it brings it back to its products.
    tags: Mapped[list[Tag]] = relationship(
        secondary=product_tag,
        secondaryjoin=lambda: (Tag.id == product_tag.c.tag_id) & (Tag.deleted_token == 0),
        order_by=Tag.name,
    )
    categories: Mapped[list[Category]] = relationship(
        secondary=product_category, order_by=Category.full_name, info={"label": "Further categories"}
    )
    options: Mapped[list["Option"]] = relationship(
        back_populates="product", cascade="all, delete-orphan", order_by="Option.position"
    )
    # Only to read: a variant is made, deleted and restored by itself, and those in the trash are left out.
    variants: Mapped[list["Variant"]] = relationship(
        primaryjoin="and_(Product.id == foreign(Variant.product_id), Variant.deleted_token == 0)",
        order_by="Variant.position, Variant.id",
        viewonly=True,
    )

    def __str__(self) -> str:
        return self.name
