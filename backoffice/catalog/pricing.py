"""Prices over time: every change of a price is noted as it is written, whichever way it came."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, func, inspect
from sqlalchemy.orm import Session

from backoffice.audit import undo
from backoffice.catalog.models import PriceChange, Variant
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.records import utc_now
from backoffice.settings.models import ShopSettings
from backoffice.settings.shop import shop_settings
from backoffice.wording import counted


@event.listens_for(db.session, "before_flush")
def _note_price_changes(session: Session, _context: Any, _instances: Any) -> None:
    for variant in [*session.new, *session.dirty]:
        if isinstance(variant, Variant):
            history = inspect(variant).attrs.price_minor.history
            before = history.deleted[0] if history.deleted else None
            if history.added and history.added[0] != before:
                _note(session, variant, before, history.added[0])


def _note(session: Session, variant: Variant, before: int | None, after: int | None) -> None:
    with session.no_autoflush:
        currency = shop_settings().currency
    session.add(
        PriceChange(variant=variant, old_price_minor=before, new_price_minor=after, currency=currency, at=utc_now())
    )


def check_currency_is_free(settings: ShopSettings) -> None:
    """Refuse another currency while there are prices, which would mean other amounts in it."""
    if not inspect(settings).attrs.currency.history.has_changes():
        return
    priced = db.session.scalar(db.select(func.count(Variant.id)).where(Variant.price_minor.is_not(None))) or 0
    if priced:
        verb = "has a price" if priced == 1 else "have prices"
        message = f"{counted(priced, 'variant')} {verb} in the old currency. Clear or convert them first."
        raise Refusal(message, "currency")


undo.register_check("shop_settings", check_currency_is_free)


def is_reduced(variant: Variant) -> bool:
    """Whether it is on sale: a compare-at price at or below the price is no sale."""
    return (
        variant.price_minor is not None
        and variant.compare_at_price_minor is not None
        and variant.compare_at_price_minor > variant.price_minor
    )


def lowest_price_of_30_days(variant: Variant, at: datetime) -> int | None:
    """The lowest price in the 30 days before the current price took hold (Directive 98/6/EC, Article 6a)."""
    current = db.session.scalar(
        db.select(func.max(PriceChange.at)).where(PriceChange.variant_id == variant.id, PriceChange.at <= at)
    )
    if current is None:
        return variant.price_minor
    since = current - timedelta(days=30)
    within = db.select(func.min(PriceChange.old_price_minor)).where(
        PriceChange.variant_id == variant.id, PriceChange.at > since, PriceChange.at <= current
    )
    return db.session.scalar(within)
