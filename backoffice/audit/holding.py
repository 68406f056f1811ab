"""What holds on to a record of the trash, and what would go with it for good: read from the foreign keys themselves."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, union

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import Trashable, model_of
from backoffice.wording import counted, joined


@dataclass(frozen=True)
class Holder:
    """Records of one table that name another, and one of them as an example."""

    noun: str
    count: int
    example: Any

    @property
    def words(self) -> str:
        facts = {"what": counted(self.count, self.noun), "name": self.example}
        if getattr(self.example, "is_deleted", False):
            one = _("%(what)s in the trash still names it: %(name)s", **facts)
            return one if self.count == 1 else _("%(what)s in the trash still name it, such as %(name)s", **facts)
        one = _("%(what)s still names it: %(name)s", **facts)
        return one if self.count == 1 else _("%(what)s still name it, such as %(name)s", **facts)


def refuse_if_held(record: Trashable) -> None:
    if held := holders_of(type(record), [record.id]).get(record.id):
        why = joined([one.words for one in held])
        raise Refusal(_("“%(name)s” can’t be deleted for good while %(why)s.", name=record, why=why))


def holders_of(model: Any, keys: Sequence[int]) -> dict[int, list[Holder]]:
    """Those that must go before these records may, by the record's key."""
    found: dict[int, list[Holder]] = defaultdict(list)
    for table, links in _links_to(model, ("RESTRICT", "NO ACTION")).items():
        naming = union(*(db.select(held.label("held"), holder.label("holder")) for held, holder in links)).subquery()
        rows = db.session.execute(
            db.select(naming.c.held, func.count(naming.c.holder), func.min(naming.c.holder))
            .where(naming.c.held.in_(keys))
            .group_by(naming.c.held)
        )
        for key, count, first in rows:
            found[key].append(Holder(table.name.replace("_", " "), count, db.session.get(model_of(table.name), first)))
    return dict(found)


def count_going_along(model: Any, keys: Sequence[int], parts: Sequence[tuple[Any, Any]]) -> list[tuple[int, str]]:
    """How many of what the database deletes with these records and their parts, as (number, noun)."""
    counts: dict[str, int] = defaultdict(int)
    wholes = [(model, model.id.in_(keys))]
    wholes += [(part, part.id.in_(db.select(part.id).where(whole_key.in_(keys)))) for part, whole_key in parts]
    for whole, chosen in wholes:
        for table, links in _links_to(whole, ("CASCADE",)).items():
            for held, holder in links:
                if held.table is table:
                    below = db.select(func.count(holder)).where(held.in_(db.select(whole.id).where(chosen)))
                    counts[table.name.replace("_", " ")] += db.session.scalar(below) or 0
    return [(count, noun) for noun, count in counts.items() if count]


def _links_to(model: Any, rules: tuple[str, ...]) -> dict[Any, list[tuple[Any, Any]]]:
    """By the table of those that name the model: the column that names it, and the key of who does."""
    links: dict[Any, list[tuple[Any, Any]]] = defaultdict(list)
    for table in db.metadata.sorted_tables:
        for link in table.foreign_keys:
            if link.column.table is model.__table__ and (link.ondelete or "NO ACTION") in rules:
                holder, key = _holder_of(table, link)
                links[holder].append((link.parent, key))
    return links


def _holder_of(table: Any, link: Any) -> tuple[Any, Any]:
    """Who names it: the row itself, or the record that a row of links belongs to."""
    if "id" in table.c:
        return table, table.c.id
    other = next(one for one in table.foreign_keys if one is not link)
    return other.column.table, other.parent
