"""Prices over time: every change of a price is noted as it is written, whichever way it came."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, event, func, inspect
from sqlalchemy.orm import Session

from backoffice.audit import pruning, undo
from backoffice.catalog.models import PriceChange, Variant
from backoffice.catalog.publishing import check_keeps_price
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import ngettext
from backoffice.records import chunks, loads_beside, utc_now
from backoffice.settings.models import ShopSettings
from backoffice.settings.shop import shop_settings
from backoffice.wording import counted

# Directive 98/6/EC, Article 6a: how far back the lowest price is looked for.
LOWEST_PRICE_DAYS = timedelta(days=30)
PRICES_AT_ONCE = 500


@event.listens_for(db.session, "before_flush")
def _note_price_changes(session: Session, _context: Any, _instances: Any) -> None:
    changed = []
    for variant in [*session.new, *session.dirty]:
        if isinstance(variant, Variant):
            history = inspect(variant).attrs.price_minor.history
            before = history.deleted[0] if history.deleted else None
            if history.added and history.added[0] != before:
                changed.append((variant, before, history.added[0]))
    if changed:
        _note(session, changed)


def _note(session: Session, changed: list[tuple[Variant, int | None, int | None]]) -> None:
    with session.no_autoflush:
        currency = shop_settings().currency
    session.add_all(
        PriceChange(variant=variant, old_price_minor=before, new_price_minor=after, currency=currency, at=utc_now())
        for variant, before, after in changed
    )


def check_currency_is_free(settings: ShopSettings) -> None:
    """Refuse another currency while there are prices, which would mean other amounts in it."""
    if not inspect(settings).attrs.currency.history.has_changes():
        return
    priced = db.session.scalar(db.select(func.count(Variant.id)).where(Variant.price_minor.is_not(None))) or 0
    if priced:
        message = ngettext(
            "%(variants)s has a price in the old currency. Clear or convert them first.",
            "%(variants)s have prices in the old currency. Clear or convert them first.",
            priced,
            variants=counted(priced, "variant"),
        )
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
    return lowest_prices_of_30_days([variant], at)[variant.id]


def lowest_prices_of_30_days(variants: Iterable[Variant], at: datetime) -> dict[int, int | None]:
    """The lowest price of each variant in the 30 days before its current price took hold, in two queries.

    None where it had no price before; the price itself where none was ever noted.
    Source: Directive 98/6/EC, Article 6a.
    """
    prices = {variant.id: variant.price_minor for variant in variants}
    starts = _current_since(list(prices), at) if prices else {}
    if not starts:
        return prices
    since = min(starts.values()) - LOWEST_PRICE_DAYS
    wanted = {"keys": list(starts), "since": since, "until": at}
    lowest: dict[int, int | None] = dict.fromkeys(starts)
    for key, moment, price in db.session.execute(_earlier_prices(), wanted):
        if moment > starts[key] - LOWEST_PRICE_DAYS:
            lowest[key] = price if lowest[key] is None else min(lowest[key], price)
    return prices | lowest


# The statements are made once: to put one together takes as long as to run it.
@cache
def _earlier_prices() -> Any:
    # An amount in the currency of former days is no price to compare with.
    currency = db.select(ShopSettings.currency).where(ShopSettings.id == 1).scalar_subquery()
    return db.select(PriceChange.variant_id, PriceChange.at, PriceChange.old_price_minor).where(
        PriceChange.variant_id.in_(bindparam("keys", expanding=True)),
        PriceChange.at > bindparam("since", type_=PriceChange.at.type),
        PriceChange.at <= bindparam("until", type_=PriceChange.at.type),
        PriceChange.old_price_minor.is_not(None),
        PriceChange.currency == currency,
    )


@cache
def _latest_changes() -> Any:
    until = bindparam("until", type_=PriceChange.at.type)
    return (
        db.select(PriceChange.variant_id, func.max(PriceChange.at))
        .where(PriceChange.variant_id.in_(bindparam("keys", expanding=True)), PriceChange.at <= until)
        .group_by(PriceChange.variant_id)
    )


def _current_since(keys: list[int], at: datetime) -> dict[int, datetime]:
    """When the price that each variant has at a moment took hold."""
    return {key: start for key, start in db.session.execute(_latest_changes(), {"keys": keys, "until": at})}


def change_prices(prices: Mapping[int, int | None]) -> int:
    """Give variants new prices, by key, in minor units; returns how many were another before. One change set."""
    changed = 0
    for keys in chunks(sorted(prices), PRICES_AT_ONCE):
        held = db.select(Variant).where(Variant.id.in_(keys), Variant.deleted_token == 0).order_by(Variant.id)
        held = held.options(*loads_beside(Variant)).with_for_update().execution_options(populate_existing=True)
        for variant in db.session.scalars(held):
            if variant.price_minor != prices[variant.id]:
                variant.price_minor = prices[variant.id]
                changed += 1
                if variant.price_minor is None:
                    check_keeps_price(variant.product)
        db.session.flush()
    return changed


def _spare_price_changes(before: datetime) -> Iterator[list[int]]:
    """The keys of old price changes that no 30-day lowest price needs, now or after the next change."""
    last = 0
    while True:
        old = db.select(PriceChange.variant_id).where(PriceChange.at < before, PriceChange.variant_id > last)
        variants = list(db.session.scalars(old.distinct().order_by(PriceChange.variant_id).limit(PRICES_AT_ONCE)))
        if not variants:
            return
        last = variants[-1]
        rows = db.select(PriceChange.id, PriceChange.variant_id, PriceChange.at)
        found = db.session.execute(rows.where(PriceChange.variant_id.in_(variants))).all()
        current: dict[int, datetime] = {}
        for row in found:
            current[row.variant_id] = max(row.at, current.get(row.variant_id, row.at))
        yield [row.id for row in found if row.at < before and row.at <= current[row.variant_id] - LOWEST_PRICE_DAYS]


def _count_spare(before: datetime) -> int:
    return sum(len(keys) for keys in _spare_price_changes(before))


def _remove_spare(before: datetime) -> int:
    removed = 0
    for keys in _spare_price_changes(before):
        gone = db.delete(PriceChange).where(PriceChange.id.in_(keys))
        removed += db.session.execute(gone, execution_options={"synchronize_session": False}).rowcount
    return removed


pruning.register(PriceChange.__tablename__, _count_spare, _remove_spare)
