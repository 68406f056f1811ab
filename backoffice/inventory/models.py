"""Inventory: how much of each variant lies where, and every movement that made it so.

Words: location, stock level (one variant at one location), stock movement (an entry of the ledger).
Rule: a level changes only together with an append-only movement; see stock.py, the only writer.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.catalog.models import Variant
from backoffice.dialects import BigId, UtcDateTime, words
from backoffice.languages import gettext as _
from backoffice.records import Record, Timed, Trashable, utc_now
from backoffice.staff.models import StaffMember

MOVEMENT_KINDS = (
    ("delivery", "Delivery"),
    ("count", "Count"),
    ("sale", "Sale"),
    ("return", "Return"),
    ("damage", "Damage"),
    ("transfer", "Transfer"),
    ("correction", "Correction"),
    ("import", "Import"),
    ("undo", "Undo"),
)


class Location(Trashable, Record):
    """A place where stock lies."""

    __tablename__ = "location"
    __table_args__ = (UniqueConstraint("code", "deleted_token", name="uq_location_code"),)
    area = "stock"

    name: Mapped[str] = mapped_column(words(120))
    code: Mapped[str] = mapped_column(words(40))

    def __str__(self) -> str:
        return self.name


class StockLevel(Timed, Record):
    """What lies of one variant at one location. Backorders may take it below 0, down to what was ordered."""

    __tablename__ = "stock_level"
    __table_args__ = (
        UniqueConstraint("variant_id", "location_id", name="uq_stock_level_variant_location"),
        CheckConstraint("reserved >= 0", name="reserved"),
        Index("ix_stock_level_on_hand", "on_hand", "id"),
        Index("ix_stock_level_updated_at", "updated_at", "id"),
    )
    area = "stock"

    variant_id: Mapped[int] = mapped_column(BigId, ForeignKey("variant.id", ondelete="CASCADE"))
    location_id: Mapped[int] = mapped_column(BigId, ForeignKey("location.id", ondelete="RESTRICT"), index=True)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)

    variant: Mapped[Variant] = relationship(lazy="joined", innerjoin=True)
    location: Mapped[Location] = relationship(lazy="joined", innerjoin=True)

    def history_root(self) -> tuple[str, int | None]:
        return "product", self.variant.product_id

    def __str__(self) -> str:
        return _("Stock of %(variant)s at %(location)s", variant=self.variant, location=self.location)


class StockMovement(Record):
    """One entry of the ledger: what came or went, and what lay there afterwards.

    The variant may be deleted for good one day; what its entry said stays readable by variant_label.
    """

    __tablename__ = "stock_movement"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('delivery', 'count', 'sale', 'return', 'damage', 'transfer', 'correction', 'import', 'undo')",
            name="kind",
        ),
        Index("ix_stock_movement_variant_at", "variant_id", "at"),
        Index("ix_stock_movement_at", "at", "id"),
        Index("ix_stock_movement_kind", "kind", "at", "id"),
    )
    area = "stock"
    is_recorded = False

    variant_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("variant.id", ondelete="SET NULL"))
    variant_label: Mapped[str] = mapped_column(words(400), info={"label": "Variant"})
    location_id: Mapped[int] = mapped_column(BigId, ForeignKey("location.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[str] = mapped_column(words(12), info={"choices": MOVEMENT_KINDS})
    delta: Mapped[int] = mapped_column(info={"label": "Change"})
    balance_after: Mapped[int] = mapped_column(info={"label": "Stock after"})
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)
    actor_name: Mapped[str] = mapped_column(words(254), default="", info={"label": "By"})
    reason: Mapped[str | None] = mapped_column(words(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    variant: Mapped[Variant | None] = relationship()
    location: Mapped[Location] = relationship()
    actor: Mapped[StaffMember | None] = relationship()

    def __str__(self) -> str:
        return f"{self.delta:+d} {self.variant_label}"
