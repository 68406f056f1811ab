"""What a model's attribute is to people: its public name, label and kind.

The one description from which forms, filters, cells, history and exports are made.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Integer, String, Text, inspect
from sqlalchemy.orm import RelationshipDirection

from backoffice.dialects import LARGEST_INTEGER, UtcDateTime
from backoffice.languages import gettext as _
from backoffice.languages import ngettext
from backoffice.records import label_of

# Public names leave out how a value is stored: price_minor is "price" in forms and addresses.
STORED_ENDINGS = ("_minor", "_basis_points")


@dataclass(frozen=True)
class Attribute:
    """kind: text, long_text, html, number, money, percent, boolean, choice, moment, reference or references.

    key: the name on the model, a column's or a relationship's. english: its label; `label` is the reader's.
    target: the related model of a reference.
    """

    name: str
    key: str
    english: str
    kind: str
    column: Any
    is_required: bool
    choices: tuple[tuple[str, str], ...] = ()
    right: str | None = None
    unit: str | None = None
    length: int | None = None
    largest: int = 2**31 - 1
    target: Any = None
    info: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def label(self) -> str:
        return _(self.english)

    @property
    def told_choices(self) -> list[tuple[str, str]]:
        """The choices with their words in the reader's language."""
        return [(value, _(words)) for value, words in self.choices]

    def of(self, record: Any) -> Any:
        """The value as forms compare it: keys instead of records, a frozenset for several."""
        if self.kind == "reference" and self.key not in vars(record):
            # Nobody looked at the related record yet, and its key is all that is asked for.
            return getattr(record, self.column.key)
        value = getattr(record, self.key)
        if self.kind == "reference":
            return value.id if value is not None else getattr(record, self.column.key)
        if self.kind == "references":
            return frozenset(linked.id for linked in value)
        return value


@cache
def attributes_of(model: Any) -> dict[str, Attribute]:
    """All attributes of a model by public name; secrets are left out for good."""
    mapper = inspect(model)
    found: dict[str, Attribute] = {}
    for prop in mapper.column_attrs:
        column = prop.columns[0]
        if (
            column.info.get("secret")
            or column.foreign_keys
            and f"{prop.key.removesuffix('_id')}" in mapper.relationships
        ):
            continue
        attribute = _of_column(prop.key, column)
        found[attribute.name] = attribute
    for relation in mapper.relationships:
        attribute = _of_relation(relation)
        if attribute is not None:
            found[attribute.name] = attribute
    return found


def _of_column(key: str, column: Any) -> Attribute:
    name = key
    for ending in STORED_ENDINGS:
        name = name.removesuffix(ending)
    has_default = column.default is not None or column.server_default is not None
    return Attribute(
        name=name,
        key=key,
        english=label_of(column),
        kind=_kind(column),
        column=column,
        is_required=not column.nullable and not (has_default and isinstance(column.type, Boolean)),
        choices=tuple(column.info.get("choices", ())),
        right=column.info.get("right"),
        unit=column.info.get("unit"),
        length=column.type.length if isinstance(column.type, String) else None,
        largest=LARGEST_INTEGER if isinstance(column.type, BigInteger) else 2**31 - 1,
        info=column.info,
    )


def _kind(column: Any) -> str:
    for mark, kind in (("choices", "choice"), ("is_money", "money"), ("is_percent", "percent"), ("is_html", "html")):
        if column.info.get(mark):
            return kind
    if isinstance(column.type, Boolean):
        return "boolean"
    if isinstance(column.type, UtcDateTime):
        return "moment"
    if isinstance(column.type, Integer):
        return "number"
    if isinstance(column.type, Text) or (isinstance(column.type, String) and (column.type.length or 0) > 400):
        return "long_text"
    return "text"


def _of_relation(relation: Any) -> Attribute | None:
    label = relation.info.get("label") or relation.key.replace("_", " ").capitalize()
    if relation.direction is RelationshipDirection.MANYTOONE:
        column = next(iter(relation.local_columns))
        return Attribute(
            name=relation.key,
            key=relation.key,
            english=label,
            kind="reference",
            column=column,
            is_required=not column.nullable,
            right=relation.info.get("right"),
            target=relation.mapper.class_,
        )
    if relation.direction is RelationshipDirection.MANYTOMANY:
        return Attribute(
            name=relation.key,
            key=relation.key,
            english=label,
            kind="references",
            column=None,
            is_required=False,
            target=relation.mapper.class_,
        )
    return None


def attribute_by_key(model: Any, key: str) -> Attribute | None:
    """Find an attribute by the stored name that history keeps: price_minor, brand_id, tags."""
    for attribute in attributes_of(model).values():
        if key in (attribute.key, attribute.column.key if attribute.column is not None else None):
            return attribute
    return None


def as_word(label: str) -> str:
    """A label inside a sentence: small where the language writes its nouns so, and never an abbreviation."""
    # How a language writes nouns is told by its word for one, which begins with a capital in German.
    is_small = ngettext("product", "products", 1)[:1].islower() and label[1:2].islower()
    return f"{label[:1].lower()}{label[1:]}" if is_small else label
