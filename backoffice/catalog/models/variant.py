"""What lies on the shelf and has a price; and the options that tell a product's variants apart."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from backoffice.catalog.models.product import Product
from backoffice.dialects import BigId, words
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import Record, Trashable, Versioned, index_of_live

variant_option_value = Table(
    "variant_option_value",
    db.metadata,
    Column("variant_id", BigId, ForeignKey("variant.id", ondelete="CASCADE"), primary_key=True),
    Column("option_value_id", BigId, ForeignKey("option_value.id", ondelete="RESTRICT"), primary_key=True, index=True),
)


class Option(Versioned, Record):
    """What a product varies by, such as Colour."""

    __tablename__ = "option"
    __table_args__ = (UniqueConstraint("product_id", "name", name="uq_option_name"),)

    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(words(60))
    position: Mapped[int] = mapped_column(default=0)

    product: Mapped[Product] = relationship(back_populates="options")
    values: Mapped[list["OptionValue"]] = relationship(
        back_populates="option", cascade="all, delete-orphan", order_by="OptionValue.position, OptionValue.id"
    )

    def history_root(self) -> tuple[str, int | None]:
        return "product", self.product_id

    def __str__(self) -> str:
        return self.name


class OptionValue(Versioned, Record):
    """One of an option's values, such as Moss."""

    __tablename__ = "option_value"
    __table_args__ = (UniqueConstraint("option_id", "name", name="uq_option_value_name"),)

    option_id: Mapped[int] = mapped_column(BigId, ForeignKey("option.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(words(120))
    position: Mapped[int] = mapped_column(default=0)

    option: Mapped[Option] = relationship(back_populates="values")

    def history_root(self) -> tuple[str, int | None]:
        # A value that is being deleted has left its option already, and still knows its key.
        option = self.option or object_session(self).get(Option, self.option_id)
        return "product", option.product_id

    def __str__(self) -> str:
        return self.name


class Variant(Trashable, Record):
    """Amounts are in the currency's smallest unit; a price that is not set yet is empty, never 0.

    low_stock_threshold: stock below it is low; empty for the shop's own.
    option_key: the keys of its option values in the order of the options, joined by `-`, empty without options.
    """

    __tablename__ = "variant"
    __table_args__ = (
        UniqueConstraint("sku", "deleted_token", name="uq_variant_sku"),
        UniqueConstraint("product_id", "option_key", "deleted_token", name="uq_variant_options"),
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("compare_at_price_minor >= 0", name="compare_at_price"),
        CheckConstraint("cost_minor >= 0", name="cost"),
        CheckConstraint("weight_grams >= 0", name="weight"),
        Index("ix_variant_barcode", "barcode"),
        index_of_live("variant", "sku"),
        index_of_live("variant", "price_minor"),
        index_of_live("variant", "updated_at"),
    )

    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id", ondelete="CASCADE"))
    sku: Mapped[str | None] = mapped_column(words(64), info={"label": "SKU"})
    barcode: Mapped[str | None] = mapped_column(words(32))
    option_key: Mapped[str] = mapped_column(words(120), default="", info={"label": "Options", "is_untold": True})
    price_minor: Mapped[int | None] = mapped_column(
        BigId, info={"label": "Price", "is_money": True, "is_rounded": True, "right": "price"}
    )
    compare_at_price_minor: Mapped[int | None] = mapped_column(
        BigId, info={"label": "Compare-at price", "is_money": True, "is_rounded": True, "right": "price"}
    )
    cost_minor: Mapped[int | None] = mapped_column(BigId, info={"label": "Cost", "is_money": True, "right": "price"})
    weight_grams: Mapped[int | None] = mapped_column(info={"label": "Weight", "unit": "g"})
    low_stock_threshold: Mapped[int | None] = mapped_column(info={"label": "Low stock below"})
    tracks_stock: Mapped[bool] = mapped_column(default=True)
    allows_backorder: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    product: Mapped[Product] = relationship(lazy="joined", innerjoin=True)
    option_values: Mapped[list[OptionValue]] = relationship(
        secondary=variant_option_value, lazy="selectin", info={"label": "Options"}
    )

    @property
    def title(self) -> str:
        """Its option values, as in `Moss / 350 ml`; empty without options."""
        return " / ".join(value.name for value in self.ordered_values())

    @property
    def lookup_label(self) -> str:
        return f"{self} · {self.sku}" if self.sku else str(self)

    def ordered_values(self) -> list[OptionValue]:
        order = [int(key) for key in (self.option_key or "").split("-") if key]
        return sorted(self.option_values, key=lambda value: order.index(value.id) if value.id in order else 99)

    def history_root(self) -> tuple[str, int | None]:
        return "product", self.product_id

    def __str__(self) -> str:
        name = self.product.name if self.product else _("Variant")
        return f"{name}, {self.title}" if self.title else name
