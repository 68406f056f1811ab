"""Settings: what staff decide on a screen, kept in one row.

Words: shop name, currency (ISO 4217), locale (as Unicode CLDR names it), time zone (as IANA names it).
Rule: a currency in which prices are kept is never changed under them.
"""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.dialects import BigId, words
from backoffice.records import Record, Versioned


class ShopSettings(Versioned, Record):
    """How this shop is called, counts, writes and tells the time."""

    __tablename__ = "shop_settings"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    area = "settings"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    shop_name: Mapped[str] = mapped_column(words(120), default="My shop")
    currency: Mapped[str] = mapped_column(words(3), default="EUR")
    locale: Mapped[str] = mapped_column(words(20), default="en")
    time_zone: Mapped[str] = mapped_column(words(60), default="UTC")

    def __str__(self) -> str:
        return "Settings"
