"""What loaded products refer to: brands, categories and tags, made where they are missing; tax classes and locations."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, func

from backoffice import dialects
from backoffice.audit.models import ChangeRow
from backoffice.catalog.models import Brand, Category, Tag, TaxClass
from backoffice.catalog.slugs import make_slug
from backoffice.extensions import db
from backoffice.inventory.models import Location
from seed.load.world import FIRST_DAY, brand_names, goods, plural, tag_names

MADE_AT = f"{FIRST_DAY:%Y-%m-%d %H:%M:%S}.000000"
_LAST = (MADE_AT, MADE_AT, 1, 0)
_LAST_COLUMNS = ["created_at", "updated_at", "version", "deleted_token"]
COLUMNS = {
    "brand": ["id", "name", "slug", *_LAST_COLUMNS],
    "category": [
        *["id", "name", "slug", "parent_id", "parent_key", "path", "full_name", "position"],
        *_LAST_COLUMNS,
    ],
    "tag": ["id", "name", "slug", *_LAST_COLUMNS],
    "location": ["id", "name", "code", *_LAST_COLUMNS],
}


@dataclass
class Homes:
    """The keys of what there is and of what is to be made; missing: the rows to be made, by table.

    leaf_ids are in the order of `goods()`.
    """

    brand_ids: list[int] = field(default_factory=list)
    leaf_ids: list[int] = field(default_factory=list)
    tag_ids: list[int] = field(default_factory=list)
    tax_class_ids: list[int] = field(default_factory=list)
    location_ids: list[int] = field(default_factory=list)
    missing: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {table: [] for table in COLUMNS})


def find_homes(random_seed: int, products: int) -> Homes:
    """Look for what the products of a load refer to; writes nothing."""
    homes = Homes()
    homes.brand_ids = _named(homes, Brand, brand_names(random_seed, products))
    homes.tag_ids = _named(homes, Tag, tag_names())
    homes.leaf_ids = _categories(homes)
    homes.tax_class_ids = _live_keys(TaxClass)
    homes.location_ids = _live_keys(Location)[:2]
    if len(homes.location_ids) < 2:
        key = next_key(Location.__table__)
        homes.missing["location"].append((key, "Warehouse", "load-warehouse", *_LAST))
        homes.location_ids.append(key)
    return homes


def write_homes(homes: Homes) -> None:
    connection = db.session.connection()
    for table, rows in homes.missing.items():
        if rows:
            dialects.reserve_keys(connection, db.metadata.tables[table], rows[-1][0])
    for table, rows in homes.missing.items():
        dialects.write_rows(connection, db.metadata.tables[table], COLUMNS[table], rows)


def next_key(table: Table) -> int:
    """The first key that no row has or had: the history would take one for the other."""
    known = db.select(func.max(ChangeRow.record_id)).where(ChangeRow.entity == table.name)
    return max(db.session.scalar(db.select(func.max(table.c.id))) or 0, db.session.scalar(known) or 0) + 1


def _live_keys(model: Any) -> list[int]:
    return list(db.session.scalars(db.select(model.id).where(model.deleted_token == 0).order_by(model.id)))


def _named(homes: Homes, model: Any, names: list[str]) -> list[int]:
    """The keys of the records with these names, in their order, told by their addresses."""
    live = db.select(model.slug, model.id).where(model.deleted_token == 0)
    keys = dict(db.session.execute(live).all())
    rows, fresh = homes.missing[model.__tablename__], next_key(model.__table__)
    found = []
    for name in names:
        slug = make_slug(name)
        if slug not in keys:
            keys[slug] = fresh + len(rows)
            rows.append((keys[slug], name, slug, *_LAST))
        found.append(keys[slug])
    return found


def _categories(homes: Homes) -> list[int]:
    columns = (Category.parent_key, Category.slug, Category.id, Category.path, Category.full_name)
    live = db.session.execute(db.select(*columns).where(Category.deleted_token == 0))
    tree = _Tree(
        {(row[0], row[1]): tuple(row[2:]) for row in live}, homes.missing["category"], next_key(Category.__table__)
    )
    return [tree.key_of((good.department, good.group, plural(good.name))) for good in goods()]


@dataclass
class _Tree:
    """present: (parent's key or 0, slug) → (key, path, full name), as the service of the categories keeps them."""

    present: dict[tuple[int, str], tuple[int, str, str]]
    rows: list[tuple[Any, ...]]
    fresh: int

    def key_of(self, names: tuple[str, ...]) -> int:
        """The key of the category at the end of these names from the root, each made where it is missing."""
        parent, path, full_name = 0, "", ""
        for name in names:
            place = (parent, make_slug(name))
            if place not in self.present:
                key = self.fresh + len(self.rows)
                made = (key, f"{path}{key}/", f"{full_name} › {name}" if full_name else name)
                self.present[place] = made
                self.rows.append(
                    (key, name, place[1], parent or None, parent, made[1], made[2], len(self.rows), *_LAST)
                )
            parent, path, full_name = self.present[place]
        return parent
