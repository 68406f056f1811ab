"""Settings: what staff decide on a screen, kept in one row.

Words: shop name, currency (ISO 4217), locale (as Unicode CLDR names it), time zone (as IANA names it), low-stock
threshold (stock below it is low), price rounding, and for how many days history and trash are kept (empty: for good).
Rule: a currency in which prices are kept is never changed under them.
"""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.dialects import BigId, words
from backoffice.languages import marked
from backoffice.records import Record, Versioned

# To what prices are rounded that are worked out, as by ten per cent more; counted in the currency's smallest coin.
PRICE_ROUNDINGS = (
    ("none", marked("To the smallest coin")),
    ("5", marked("In steps of 5 (12.35)")),
    ("10", marked("In steps of 10 (12.40)")),
    ("50", marked("In steps of 50 (12.50)")),
    ("100", marked("In steps of 100 (12.00)")),
    ("99", marked("Ending in 99 (12.99)")),
    ("95", marked("Ending in 95 (12.95)")),
)


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
    low_stock_threshold: Mapped[int] = mapped_column(default=5, server_default="5", info={"label": "Low stock below"})
    price_rounding: Mapped[str] = mapped_column(
        words(10), default="none", server_default="none", info={"choices": PRICE_ROUNDINGS}
    )
    history_kept_days: Mapped[int | None] = mapped_column(info={"label": "Keep history for", "unit": "days"})
    trash_kept_days: Mapped[int | None] = mapped_column(info={"label": "Keep trash for", "unit": "days"})

    def __str__(self) -> str:
        return "Settings"
