"""Brands, tags and categories by the names that a file gives them: the ones we have, and the ones to be made."""

import re
from dataclasses import dataclass
from typing import Any

from backoffice.catalog.models import Brand, Category, Tag
from backoffice.catalog.slugs import make_slug
from backoffice.extensions import db

# “C” and “C++” make the same address and are not the same tag: other signs than these must match by name.
_PLAIN = re.compile(r"[\w\s\-.,'’&/]+")


@dataclass(eq=False)
class Noun:
    """id is None until it is made. parent: of a category, None for a root."""

    model: Any
    name: str
    slug: str
    id: int | None = None
    parent: "Noun | None" = None

    def __str__(self) -> str:
        return f"{self.parent} › {self.name}" if self.parent else self.name


class Siblings:
    """Nouns among which a name and an address is found once."""

    def __init__(self, model: Any, parent: Noun | None = None) -> None:
        self.model = model
        self.parent = parent
        self.by_name: dict[str, Noun] = {}
        self.by_slug: dict[str, Noun] = {}

    def add(self, noun: Noun) -> Noun:
        self.by_name.setdefault(noun.name.casefold(), noun)
        self.by_slug.setdefault(noun.slug, noun)
        return noun

    def find(self, name: str) -> Noun | None:
        """By name without regard to case; else by address, so that one whose name was changed here is found too."""
        found = self.by_name.get(name.casefold())
        if found is None and _PLAIN.fullmatch(name):
            found = self.by_slug.get(make_slug(name)[: _slug_length(self.model)])
        return found

    def find_or_add(self, name: str) -> Noun:
        return self.find(name) or self.add(Noun(self.model, name, self._free_slug(name), parent=self.parent))

    def _free_slug(self, name: str) -> str:
        length = _slug_length(self.model)
        start = make_slug(name)[:length].strip("-") or self.model.__tablename__
        slug, number = start, 1
        while slug in self.by_slug:
            number += 1
            slug = f"{start[: length - len(str(number)) - 1]}-{number}"
        return slug


class Nouns:
    """All live brands, tags and categories, read in three queries, and those that the file adds."""

    def __init__(self) -> None:
        self.brands = _read_siblings(Brand)
        self.tags = _read_siblings(Tag)
        self.below: dict[Noun | None, Siblings] = {None: Siblings(Category)}
        self._read_categories()

    def brand(self, name: str) -> Noun:
        return self.brands.find_or_add(name)

    def tag(self, name: str) -> Noun:
        return self.tags.find_or_add(name)

    def category(self, names: tuple[str, ...]) -> Noun:
        """The category at the end of a path.

        A single name is looked for among the roots first, then in the whole tree: staff may have moved
        a category since the file came last, and a second one of that name would be of no use to them.
        """
        if len(names) == 1 and self.below[None].find(names[0]) is None:
            homes = [
                found for home, among in self.below.items() if home is not None and (found := among.find(names[0]))
            ]
            if len(homes) == 1 and homes[0].id is not None:
                return homes[0]
        noun = None
        for name in names:
            noun = self.below.setdefault(noun, Siblings(Category, noun)).find_or_add(name)
        return noun

    def _read_categories(self) -> None:
        rows = db.session.execute(
            db.select(Category.id, Category.name, Category.slug, Category.parent_id)
            .where(Category.deleted_token == 0)
            .order_by(Category.position, Category.id)
        ).all()
        nouns = {row.id: Noun(Category, row.name, row.slug, row.id) for row in rows}
        for row in rows:
            noun = nouns[row.id]
            noun.parent = nouns.get(row.parent_id)
            self.below.setdefault(noun.parent, Siblings(Category, noun.parent)).add(noun)


def _read_siblings(model: Any) -> Siblings:
    siblings = Siblings(model)
    rows = db.session.execute(
        db.select(model.id, model.name, model.slug).where(model.deleted_token == 0).order_by(model.id)
    )
    for row in rows:
        siblings.add(Noun(model, row.name, row.slug, row.id))
    return siblings


def _slug_length(model: Any) -> int:
    return model.__table__.c.slug.type.length
