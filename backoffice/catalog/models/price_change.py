"""What a price was: only ever added to, so that the lowest price of the last 30 days can be told."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.catalog.models.variant import Variant
from backoffice.dialects import BigId, UtcDateTime, words
from backoffice.languages import gettext as _
from backoffice.records import Record, utc_now


class PriceChange(Record):
    __tablename__ = "price_change"
    __table_args__ = (Index("ix_price_change_variant_at", "variant_id", "at"), Index("ix_price_change_at", "at", "id"))
    is_recorded = False

    variant_id: Mapped[int] = mapped_column(BigId, ForeignKey("variant.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    old_price_minor: Mapped[int | None] = mapped_column(BigId, info={"label": "Before", "is_money": True})
    new_price_minor: Mapped[int | None] = mapped_column(BigId, info={"label": "After", "is_money": True})
    currency: Mapped[str] = mapped_column(words(3))

    variant: Mapped[Variant] = relationship()

    def __str__(self) -> str:
        return _("Price of %(variant)s", variant=self.variant)
