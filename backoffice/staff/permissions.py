"""The table of who may do what: area × verb for each of the four roles."""

from backoffice.extensions import db
from backoffice.staff.models import Permission, Role

AREAS = ("catalog", "stock", "media", "history", "staff", "settings")
VERBS = ("read", "create", "edit", "price", "delete", "import", "export", "undo", "empty_trash")

_SHOP = ("catalog", "stock", "media")
_READ = {area: {"read"} for area in (*_SHOP, "history")}
_EDIT = {area: {"read", "create", "edit", "export"} for area in _SHOP} | {"history": {"read"}}
_MANAGE = {area: set(VERBS) - {"empty_trash"} for area in _SHOP} | {"history": {"read", "export"}}

ROLES: dict[str, tuple[str, dict[str, set[str]]]] = {
    "viewer": ("Reads the catalog, stock and history.", _READ),
    "editor": ("Creates and edits catalog and stock, and exports.", _EDIT),
    "manager": ("Also sets prices, deletes, imports and undoes.", _MANAGE),
    "owner": ("Everything, staff and settings included.", {area: set(VERBS) for area in AREAS}),
}


def ensure_roles() -> int:
    """Make the four roles where they are missing, and return how many were made.

    A role that exists is left as it is: an owner may have changed what it allows.
    """
    present = set(db.session.scalars(db.select(Role.name)))
    missing = [name for name in ROLES if name not in present]
    for name in missing:
        description, allowed = ROLES[name]
        role = Role(name=name, description=description)
        role.permissions = [
            Permission(area_name=area, verb=verb) for area in AREAS for verb in VERBS if verb in allowed.get(area, ())
        ]
        db.session.add(role)
    db.session.flush()
    return len(missing)


_RIGHTS = db.select(Permission.area_name, Permission.verb).where(Permission.role_id == db.bindparam("role_id"))


def rights_of(role_id: int) -> frozenset[tuple[str, str]]:
    """What a role may do, as (area, verb)."""
    return frozenset((area, verb) for area, verb in db.session.execute(_RIGHTS, {"role_id": role_id}))
