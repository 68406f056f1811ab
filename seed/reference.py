"""What every shop needs, and nothing else: its settings, the four roles, a tax class, a location."""

from typing import Any

from sqlalchemy import func

from backoffice.catalog.models import TaxClass
from backoffice.extensions import db
from backoffice.inventory.models import Location
from backoffice.settings.shop import ensure_settings
from backoffice.staff.models import Permission, Role
from backoffice.staff.permissions import ensure_roles
from seed.counts import Counts, ensure


def fill_with_reference(shop_name: str = "My shop") -> Counts:
    """Write the reference rows that are missing; flushes, never commits."""
    counts = Counts()
    before = _count(Permission)
    made = ensure_roles()
    counts.note("role", True, made)
    counts.note("permission", True, _count(Permission) - before)
    counts.note("role", False, _count(Role) - made)
    counts.note("permission", False, before)
    counts.note("shop_settings", ensure_settings(shop_name=shop_name))
    _ensure_one(counts, TaxClass, {"slug": "standard"}, {"name": "Standard", "rate_basis_points": 1900})
    _ensure_one(counts, Location, {"code": "main"}, {"name": "Main location"})
    return counts


def _ensure_one(counts: Counts, model: Any, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Make the record only where there is none of its kind: a shop may have its own instead."""
    present = _count(model)
    counts.note(model.__tablename__, False, present)
    if not present:
        ensure(counts, model, key, values)


def _count(model: type) -> int:
    return db.session.scalar(db.select(func.count(model.id))) or 0
