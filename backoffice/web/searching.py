"""How a list is searched by what is typed into its box.

A screen has one finder. `ColumnFinder` looks into the columns that the screen names, which serves lists of a few
thousand rows; a list that grows with the catalog is handed one that keeps an index of its own (`backoffice/search`).
"""

from typing import Any, Protocol

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import RelationshipProperty, aliased

from backoffice.extensions import db

MOST_WORDS = 12


class Finder(Protocol):
    def condition(self, text: str) -> list[ColumnElement[bool]]:
        """What a record must meet to be found: every word of the text, in any order, wherever it stands."""
        ...

    def finds_more_than(self, text: str, number: int) -> bool:
        """Whether it surely finds more records than that; where that can't be told at once, it says no."""
        ...

    def best(self, text: str, most: int) -> list[int]:
        """The keys of live records that lead what is found, nearest first: named or numbered just so, then begun so."""
        ...

    def similar(self, text: str, most: int) -> list[int]:
        """The keys of live records that come close to what was typed, for a text by which nothing is found."""
        ...


class ColumnFinder:
    """Looks into columns of the model; `variants.sku` looks into related records. The first column of its own is the name."""

    def __init__(self, model: Any, searched: tuple[str, ...]) -> None:
        self.model = model
        self.searched = searched

    def condition(self, text: str) -> list[ColumnElement[bool]]:
        words = text.split()[:MOST_WORDS]
        return [or_(*(_contains(self.model, path, word) for path in self.searched)) for word in words]

    def finds_more_than(self, text: str, number: int) -> bool:
        return False

    def best(self, text: str, most: int) -> list[int]:
        # It is the database that sorts, since the best may be the last that it meets. It need not look at all that
        # is found for that: to sort whatever has a letter somewhere takes a second where there are many records.
        own = [name for name in self.searched if "." not in name]
        names = [getattr(self.model, own[0])] if own else []
        is_exact = or_(*(_equals(self.model, path, text) for path in self.searched))
        begins = (name.istartswith(text, autoescape=True) for name in names)
        statement = select(self.model.id).where(or_(is_exact, *begins))
        if hasattr(self.model, "deleted_token"):
            statement = statement.where(self.model.deleted_token == 0)
        order = (case((is_exact, 0), else_=1), *(func.lower(name) for name in names), self.model.id)
        return list(db.session.scalars(statement.order_by(*order).limit(most)))

    def similar(self, text: str, most: int) -> list[int]:
        return []


def _contains(model: Any, path: str, word: str) -> ColumnElement[bool]:
    first, _, rest = path.partition(".")
    attribute = getattr(model, first)
    if not rest:
        return attribute.icontains(word, autoescape=True)
    relation: RelationshipProperty[Any] = attribute.property
    inner = _contains(relation.mapper.class_, rest, word)
    return attribute.any(inner) if relation.uselist else attribute.has(inner)


def _equals(model: Any, path: str, text: str) -> ColumnElement[bool]:
    """Whether a searched column says just this."""
    first, _dot, rest = path.partition(".")
    if not rest:
        return func.lower(getattr(model, first)) == func.lower(text)
    whole = aliased(model)
    related = getattr(model, first).property.mapper.class_
    # Asked once for all records, not by each of them.
    return model.id.in_(select(whole.id).join(getattr(whole, first)).where(_equals(related, rest, text)))
