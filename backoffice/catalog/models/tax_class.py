"""How a product is taxed."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.dialects import words
from backoffice.records import Record, Trashable


class TaxClass(Trashable, Record):
    """rate_basis_points: hundredths of a percent, so that 19 % is 1900 and 5.5 % is 550."""

    __tablename__ = "tax_class"
    __table_args__ = (
        UniqueConstraint("slug", "deleted_token", name="uq_tax_class_slug"),
        CheckConstraint("rate_basis_points >= 0 AND rate_basis_points <= 10000", name="rate_range"),
    )

    name: Mapped[str] = mapped_column(words(80))
    slug: Mapped[str] = mapped_column(words(80), info={"label": "Address"})
    rate_basis_points: Mapped[int] = mapped_column(info={"label": "Rate", "is_percent": True})

    def __str__(self) -> str:
        return self.name
