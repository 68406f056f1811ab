"""The only writer of stock: a level changes together with a movement in the ledger, or not at all."""

import re

from sqlalchemy import func
from sqlalchemy.orm import lazyload

from backoffice.audit import undo
from backoffice.audit.netting import NetChange
from backoffice.catalog.models import Variant
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel, StockMovement
from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.staff.models import StaffMember
from backoffice.wording import figure

LARGEST_STOCK = 1_000_000_000


def move(
    variant: Variant, location: Location, delta: int, kind: str, actor: StaffMember | None, reason: str | None = None
) -> StockMovement:
    """Add delta pieces (or take them away) and write the movement. Two at once never lose one."""
    level = _locked_level(variant, location)
    return _book(level, variant, location, delta, kind, actor, reason)


def count(
    variant: Variant, location: Location, counted: int, actor: StaffMember | None, reason: str | None = None
) -> StockMovement | None:
    """Set the stock to what was counted; None where that is what it was already."""
    if counted < 0:
        raise Refusal(_("Stock can’t be below 0. Enter what you counted."), "entry")
    level = _locked_level(variant, location)
    if level.on_hand == counted:
        return None
    return _book(level, variant, location, counted - level.on_hand, "count", actor, reason)


def _book(
    level: StockLevel,
    variant: Variant,
    location: Location,
    delta: int,
    kind: str,
    actor: StaffMember | None,
    reason: str | None,
) -> StockMovement:
    after = level.on_hand + delta
    if delta == 0:
        raise Refusal(_("Enter a change other than 0."), "entry")
    if after < 0 and delta < 0 and not variant.allows_backorder:
        sentence = _(
            "Stock can’t be below 0. There are %(number)s at %(location)s.",
            number=figure(level.on_hand),
            location=location.name,
        )
        raise Refusal(sentence, "entry")
    if abs(after) > LARGEST_STOCK:
        raise Refusal(_("That is more than any shelf holds. Check the number of digits."), "entry")
    level.on_hand = after
    movement = StockMovement(
        variant_id=variant.id,
        variant_label=_label(variant),
        location_id=location.id,
        kind=kind,
        delta=delta,
        balance_after=after,
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else "",
        reason=(reason or "").strip() or None,
    )
    db.session.add(movement)
    db.session.flush()
    return movement


def _label(variant: Variant) -> str:
    return f"{variant} ({variant.sku})"[:400] if variant.sku else str(variant)[:400]


def _locked_level(variant: Variant, location: Location) -> StockLevel:
    if location.is_deleted:
        raise Refusal(_("“%(name)s” is in the trash. Restore it, or choose another location.", name=location.name))
    # The variant first: of two who would both make its first level, the second waits here and finds the other's;
    # and since the movement refers to the variant, waiting for it only later could end in a deadlock.
    db.session.execute(db.select(Variant.id).where(Variant.id == variant.id).with_for_update())
    level = _find_locked(variant, location)
    if level is None:
        level = StockLevel(variant=variant, location=location, on_hand=0)
        db.session.add(level)
        db.session.flush()
    return level


def _find_locked(variant: Variant, location: Location) -> StockLevel | None:
    return db.session.scalar(
        db.select(StockLevel)
        .where(StockLevel.variant_id == variant.id, StockLevel.location_id == location.id)
        .options(lazyload("*"))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


# Which way stock goes by each kind of movement; the others go either way.
BRINGS = {
    "delivery": marked("A delivery brings stock. Write +%(number)s, or choose another kind."),
    "return": marked("A return brings stock. Write +%(number)s, or choose another kind."),
}
TAKES = {
    "sale": marked("A sale takes stock away. Write −%(number)s, or choose another kind."),
    "damage": marked("A damage takes stock away. Write −%(number)s, or choose another kind."),
}


def check_direction(kind: str, delta: int) -> None:
    """Refuse a movement whose kind says the opposite of its sign."""
    if kind in BRINGS and delta < 0:
        raise Refusal(_(BRINGS[kind], number=-delta), "entry")
    if kind in TAKES and delta > 0:
        raise Refusal(_(TAKES[kind], number=delta), "entry")


def parse_entry(text: str) -> tuple[str, int]:
    """Read what staff type: "+5" and "-2" are a change, "=40" a count. Returns ("change" or "count", number)."""
    found = re.fullmatch(r"([+\-−=])\s*(\d{1,10})", text.strip(), re.ASCII)
    if not found:
        raise Refusal(_("Write +5 for what came, −2 for what went, or =40 for what you counted."), "entry")
    sign, number = found.group(1), int(found.group(2))
    if sign == "=":
        return "count", number
    return "change", number if sign == "+" else -number


def total_stock(variant_ids: list[int]) -> dict[int, int]:
    """Stock over all locations by variant key, in one query; a variant without a level is absent."""
    if not variant_ids:
        return {}
    rows = db.session.execute(
        db.select(StockLevel.variant_id, func.sum(StockLevel.on_hand))
        .where(StockLevel.variant_id.in_(variant_ids))
        .group_by(StockLevel.variant_id)
    )
    return {variant_id: int(total) for variant_id, total in rows}


def _undo_level(change: NetChange, level: StockLevel, actor: StaffMember | None, reason: str) -> None:
    """Stock goes back by an opposite movement, whatever was booked since."""
    before, after = change.old.get("on_hand") or 0, change.new.get("on_hand") or 0
    if before != after:
        move(level.variant, level.location, before - after, "undo", actor, reason)


undo.register(StockLevel.__tablename__, _undo_level, ("on_hand",))
