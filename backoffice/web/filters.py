"""Typed filters, named in the address: field, field__not, field__from, field__to, field__empty.

A shared link never changes its meaning, since nothing is named by its position. Only what a
screen lists may be filtered by: a filter on any column would let secrets be guessed letter by letter.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import current_app, g
from sqlalchemy import ColumnElement, and_, not_, or_
from werkzeug.datastructures import MultiDict

from backoffice.dialects import LARGEST_INTEGER
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.settings.money import parse_amount
from backoffice.web import formats
from backoffice.web.attributes import Attribute, attributes_of
from backoffice.web.fields import FIELDS, normalise_text

OPERATORS = {
    "text": ("", "not", "empty"),
    "long_text": ("", "not", "empty"),
    "html": ("", "not", "empty"),
    "boolean": ("",),
    "choice": ("", "not", "empty"),
    "reference": ("", "not", "empty"),
    "references": ("", "not", "empty"),
    "number": ("", "not", "from", "to", "empty"),
    "money": ("", "not", "from", "to", "empty"),
    "percent": ("", "not", "from", "to", "empty"),
    "moment": ("", "not", "from", "to", "empty"),
}
SHOWN_OPERATORS = {"": "", "not": "not ", "from": "from ", "to": "up to ", "empty": ""}


@dataclass(frozen=True)
class Filter:
    """One thing a list can be narrowed by.

    condition: takes an operator and the values read, returns the condition of the query.
    is_nullable: whether "is empty" can be asked. load: gives the choices that are not known beforehand.
    """

    name: str
    label: str
    kind: str
    condition: Callable[[str, list[Any]], ColumnElement[bool]]
    read: Callable[[str], Any]
    show: Callable[[Any], str]
    fixed_choices: tuple[tuple[str, str], ...] = ()
    is_nullable: bool = True
    target: Any = None
    load: Callable[[], Sequence[tuple[str, str]]] | None = None

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        if self.load is None:
            return self.fixed_choices
        # Read once a request, though each value that is set is held against them.
        loaded = g.setdefault("loaded_choices", {})
        if self.name not in loaded:
            loaded[self.name] = self.load()
        return loaded[self.name]

    @property
    def operators(self) -> tuple[str, ...]:
        return tuple(name for name in OPERATORS[self.kind] if name != "empty" or self.is_nullable)

    def replaced(self, **parts: Any) -> "Filter":
        return replace(self, **parts)


@dataclass(frozen=True)
class ActiveFilter:
    filter: Filter
    operator: str
    texts: tuple[str, ...]
    values: tuple[Any, ...]

    @property
    def condition(self) -> ColumnElement[bool]:
        return self.filter.condition(self.operator, list(self.values))

    @property
    def shown(self) -> str:
        if self.operator == "empty":
            return "empty" if self.values[0] else "not empty"
        if len(self.values) > 2:
            return f"{SHOWN_OPERATORS[self.operator]}{len(self.values)} of them"
        return SHOWN_OPERATORS[self.operator] + ", ".join(self.filter.show(value) for value in self.values)


def filter_by(model: Any, name: str) -> Filter:
    """The filter that an attribute's kind gives."""
    attribute = attributes_of(model)[name]
    return Filter(
        name=name,
        label=attribute.label,
        kind=attribute.kind,
        condition=_condition(model, attribute),
        read=_reader(attribute),
        show=_shower(attribute),
        fixed_choices=attribute.choices,
        is_nullable=attribute.kind == "references" or (attribute.column is not None and attribute.column.nullable),
        target=attribute.target,
    )


def _condition(model: Any, attribute: Attribute) -> Callable[[str, list[Any]], ColumnElement[bool]]:
    column = getattr(model, attribute.column.key) if attribute.kind != "references" else getattr(model, attribute.key)
    makers = {
        "references": _any_linked,
        "moment": _in_days,
        "text": _contains,
        "long_text": _contains,
        "html": _contains,
    }
    maker = makers.get(attribute.kind, _compares)
    return lambda operator, values: maker(column, operator, values)


def _compares(column: Any, operator: str, values: list[Any]) -> ColumnElement[bool]:
    if operator == "empty":
        return column.is_(None) if values[0] else column.is_not(None)
    if operator == "from":
        return column >= values[0]
    if operator == "to":
        return column <= values[0]
    if operator == "not":
        return or_(column.not_in(values), column.is_(None))
    return column.in_(values)


def _contains(column: Any, operator: str, values: list[Any]) -> ColumnElement[bool]:
    if operator == "empty":
        is_empty = or_(column.is_(None), column == "")
        return is_empty if values[0] else not_(is_empty)
    matches = or_(*(column.icontains(value, autoescape=True) for value in values))
    return or_(not_(matches), column.is_(None)) if operator == "not" else matches


def _in_days(column: Any, operator: str, values: list[Any]) -> ColumnElement[bool]:
    if operator == "empty":
        return _compares(column, operator, values)
    starts, ends = day_start(values[0]), day_start(values[0] + timedelta(days=1))
    if operator == "from":
        return column >= starts
    if operator == "to":
        return column < ends
    that_day = and_(column >= starts, column < ends)
    return or_(not_(that_day), column.is_(None)) if operator == "not" else that_day


def day_start(day: date) -> datetime:
    """The moment at which a day begins where the shop is."""
    return datetime.combine(day, time.min, formats.time_zone()).astimezone(UTC)


def _any_linked(collection: Any, operator: str, values: list[Any]) -> ColumnElement[bool]:
    if operator == "empty":
        return not_(collection.any()) if values[0] else collection.any()
    linked = collection.any(collection.property.mapper.class_.id.in_(values))
    return not_(linked) if operator == "not" else linked


def _reader(attribute: Attribute) -> Callable[[str], Any]:
    readers: dict[str, Callable[[str], Any]] = {
        "boolean": _read_yes,
        "moment": read_day,
        "reference": _read_key,
        "references": _read_key,
        "money": lambda text: parse_amount(text, formats.settings()),
        "text": normalise_text,
        "long_text": normalise_text,
        "html": normalise_text,
    }
    return readers.get(attribute.kind) or _field_reader(attribute)


def _field_reader(attribute: Attribute) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        field = FIELDS[attribute.kind](attribute=attribute).bind(None, attribute.name, _meta=_Meta())
        return field.read_text(text)

    return read


class _Meta:
    """As much of a form as WTForms asks of a field that stands alone."""

    def __getattr__(self, _name: str) -> Any:
        return None


def _read_yes(text: str) -> bool:
    if text not in ("0", "1"):
        raise Refusal("Write 1 for yes or 0 for no.")
    return text == "1"


def read_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refusal("Write the day like 2027-03-31.") from None
    if not 1970 <= day.year <= 9000:
        raise Refusal("Choose a year between 1970 and 9000.")
    return day


def _read_key(text: str) -> int:
    if not re.fullmatch(r"\d{1,19}", text, re.ASCII) or int(text) > LARGEST_INTEGER:
        raise Refusal("Choose one of the list.")
    return int(text)


def _shower(attribute: Attribute) -> Callable[[Any], str]:
    if attribute.kind in ("reference", "references"):
        return lambda key: str(db.session.get(attribute.target, key) or "none")
    if attribute.kind == "moment":
        return lambda day: day.isoformat()
    return lambda value: formats.show(attribute, value)


def read_filters(available: dict[str, Filter], args: MultiDict[str, str], own: set[str]) -> list[ActiveFilter]:
    """The filters that an address sets. Raises Refusal for a name that this list does not offer.

    own: the other parameters that the list understands.
    """
    found = []
    for key, texts in args.lists():
        given = tuple(text.strip() for text in texts if text.strip())
        if key in own or not given:
            continue
        name, _, operator = key.partition("__")
        chosen = available.get(name)
        if chosen is None or operator not in chosen.operators:
            raise Refusal(f"This list has no filter “{key}”. Choose one of those above it.")
        found.append(_read_one(chosen, operator, given))
    return found


def _read_one(chosen: Filter, operator: str, texts: tuple[str, ...]) -> ActiveFilter:
    read = _read_yes if operator == "empty" else chosen.read
    if len(texts) > 200:
        raise Refusal(f"{chosen.label} names too many values. Choose 200 at most.")
    try:
        values = tuple(read(text) for text in texts)
    except Refusal as refusal:
        raise Refusal(f"{chosen.label}: {refusal.message}") from None
    return ActiveFilter(chosen, operator, texts, values)


def first_choices(chosen: Filter, active: ActiveFilter | None) -> list[Any]:
    """What a reference's filter offers without a script: the first of its list, and what is set."""
    first = current_app.extensions["lookups"].first(chosen.target, 30)
    present = {record.id for record in first}
    missing = [value for value in (active.values if active and active.operator == "" else ()) if value not in present]
    return first + [record for key in missing if (record := db.session.get(chosen.target, key))]
