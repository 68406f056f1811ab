"""Typed filters, named in the address: field, field__not, field__from, field__to, field__within, field__empty.

A shared link never changes its meaning: nothing is named by its position, and amounts are written with a point
whoever reads them. `2.field` belongs to a second group of filters; a record is found that any group finds. Only what
a screen lists may be filtered by: a filter on any column would let secrets be guessed letter by letter.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import current_app, g
from sqlalchemy import ColumnElement, and_, not_, or_
from werkzeug.datastructures import MultiDict

from backoffice.dialects import LARGEST_INTEGER
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.records import utc_now
from backoffice.settings.money import example_amount, parse_amount, plain_amount
from backoffice.settings.shop import check_locale
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
    "presence": ("empty",),
    "number": ("", "not", "from", "to", "empty"),
    "money": ("", "not", "from", "to", "empty"),
    "percent": ("", "not", "from", "to", "empty"),
    "moment": ("", "not", "from", "to", "within", "empty"),
}
SHOWN_OPERATORS = {
    "": "%(value)s",
    "not": marked("not %(value)s"),
    "from": marked("from %(value)s"),
    "to": marked("up to %(value)s"),
    "within": "%(value)s",
}
# Spans of days around today: where each begins and ends, counted in days from today, or as a month.
SPANS = (
    ("today", marked("Today")),
    ("yesterday", marked("Yesterday")),
    ("7-days", marked("Last 7 days")),
    ("30-days", marked("Last 30 days")),
    ("this-month", marked("This month")),
    ("last-month", marked("Last month")),
    ("next-14-days", marked("Next 14 days")),
)
MOST_GROUPS = 5
# Of all filters together; each value is a part of the query, and databases nest only so deep.
MOST_VALUES = 200
# How many related records a filter offers where no script looks them up.
MOST_OFFERED = 30
# In which locale a form was drawn and typed, which may be another than its reader's by now; its address is written
# anew, so that it reads alike for everybody.
TYPED_IN = "typed_in"
MODE = "mode"
GROUPED = re.compile(r"([2-9])\.(.+)", re.ASCII)


@dataclass(frozen=True)
class Filter:
    """One thing a list can be narrowed by.

    condition: takes an operator and the values read, returns the condition of the query.
    read: what an address says; read_typed: what a person types in a locale; write: how an address says it.
    between: the condition of `from` and `to` at once, where both must hold of the same related record.
    surely: a condition of the values that only finds what `condition` finds, not all of it, but at once.
    is_nullable: whether "is empty" can be asked. load: gives the choices that are not known beforehand.
    label: what the screen calls it, which the screen says itself.
    """

    name: str
    kind: str
    condition: Callable[[str, list[Any]], ColumnElement[bool]]
    read: Callable[[str], Any]
    show: Callable[[Any], str]
    fixed_choices: tuple[tuple[str, str], ...] = ()
    is_nullable: bool = True
    target: Any = None
    load: Callable[[], Sequence[tuple[str, str]]] | None = None
    surely: Callable[[list[Any]], ColumnElement[bool]] | None = None
    between: Callable[[Any, Any], ColumnElement[bool]] | None = None
    read_typed: Callable[[str, str], Any] | None = None
    write: Callable[[Any], str] | None = None
    label: str = ""

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
    def told_choices(self) -> list[tuple[str, str]]:
        """The choices in the reader's language; those that are loaded are, and may be names that people typed."""
        if self.kind == "boolean":
            return [("1", _("Yes")), ("0", _("No"))]
        return list(self.choices) if self.load else [(value, _(words)) for value, words in self.fixed_choices]

    @property
    def operators(self) -> tuple[str, ...]:
        return tuple(name for name in OPERATORS[self.kind] if name != "empty" or self.is_nullable)

    @property
    def can_be_negated(self) -> bool:
        return self.kind in ("text", "long_text", "html", "choice", "reference", "references")

    def replaced(self, **parts: Any) -> "Filter":
        return replace(self, **parts)

    def typed(self, text: str, locale: str) -> str:
        """How an address writes what a person typed. Raises Refusal where it can't be read."""
        if self.read_typed is None or self.write is None:
            return text
        return self.write(self.read_typed(text, locale))

    def shown_in_input(self, text: str) -> str:
        """What an address says, as a person types it; what can't be read stays as it is."""
        if self.read_typed is None:
            return text
        try:
            return FIELDS[self.kind].write(self.read(text))[0]
        except Refusal:
            return text


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
    def unlisted(self) -> list[tuple[str, str]]:
        """What is set of choices though the list does not offer it, as (text, words): an older link says `active`."""
        offered = dict(self.filter.choices)
        return [(text, self.filter.show(one)) for text, one in zip(self.texts, self.values) if text not in offered]

    @property
    def shown(self) -> str:
        if self.operator == "empty":
            return _("empty") if self.values[0] else _("not empty")
        if len(self.values) > 2:
            value = _("%(number)s of them", number=len(self.values))
        elif self.operator == "within":
            value = _(dict(SPANS)[self.values[0]])
        else:
            value = ", ".join(self.filter.show(value) for value in self.values)
        words = SHOWN_OPERATORS[self.operator]
        # The bare pattern says nothing that a language could say otherwise.
        return value if words == "%(value)s" else _(words, value=value)


@dataclass(frozen=True)
class Group:
    """Filters that hold together. prefix: what their names begin with in the address; problems: by their names."""

    prefix: str
    filters: tuple[ActiveFilter, ...]
    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def by_name(self) -> dict[str, list[ActiveFilter]]:
        by_name: dict[str, list[ActiveFilter]] = {}
        for active in self.filters:
            by_name.setdefault(active.filter.name, []).append(active)
        return by_name

    @property
    def condition(self) -> ColumnElement[bool]:
        return and_(*(_condition_of(actives) for actives in self.by_name.values()))

    @property
    def sure_condition(self) -> ColumnElement[bool]:
        """A condition that finds nothing but what `condition` finds, and is quicker where it can be."""
        return and_(*(_surely(actives) for actives in self.by_name.values()))


def _surely(actives: list[ActiveFilter]) -> ColumnElement[bool]:
    only = actives[0]
    if len(actives) == 1 and only.operator == "" and only.filter.surely is not None:
        return only.filter.surely(list(only.values))
    return _condition_of(actives)


def _condition_of(actives: list[ActiveFilter]) -> ColumnElement[bool]:
    """What all that is set of one filter asks together."""
    by_operator = {active.operator: active for active in actives}
    between = actives[0].filter.between
    if between is None or not {"from", "to"} <= by_operator.keys():
        return and_(*(active.condition for active in actives))
    lowest, highest = by_operator.pop("from").values[0], by_operator.pop("to").values[0]
    return and_(between(lowest, highest), *(active.condition for active in by_operator.values()))


def filter_by(model: Any, name: str) -> Filter:
    """The filter that an attribute's kind gives."""
    attribute = attributes_of(model)[name]
    return Filter(
        name=name,
        kind=attribute.kind,
        condition=_condition(model, attribute),
        read=_reader(attribute),
        show=_shower(attribute),
        fixed_choices=attribute.choices,
        is_nullable=attribute.kind == "references" or (attribute.column is not None and attribute.column.nullable),
        target=attribute.target,
        read_typed=_read_typed_amount if attribute.kind == "money" else None,
        write=_write_amount if attribute.kind == "money" else None,
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
    if operator == "within":
        first, after = span_of(values[0], today())
        return and_(column >= day_start(first), column < day_start(after))
    starts, ends = day_start(values[0]), day_start(values[0] + timedelta(days=1))
    if operator == "from":
        return column >= starts
    if operator == "to":
        return column < ends
    that_day = and_(column >= starts, column < ends)
    return or_(not_(that_day), column.is_(None)) if operator == "not" else that_day


def choice_filter(
    name: str, choices: tuple[tuple[str, str], ...], is_one: Callable[[str], ColumnElement[bool]]
) -> Filter:
    """A filter by choices that no column holds. is_one: gives the condition of one of them."""

    def condition(operator: str, values: list[Any]) -> ColumnElement[bool]:
        any_of = or_(*(is_one(value) for value in values))
        return not_(any_of) if operator == "not" else any_of

    def read(text: str) -> str:
        if text not in dict(choices):
            raise Refusal(_("Choose one of the list."))
        return text

    def show(value: str) -> str:
        return _(dict(choices)[value])

    return Filter(name, "choice", condition, read, show, fixed_choices=choices, is_nullable=False)


def presence_filter(name: str, is_there: Callable[[], ColumnElement[bool]]) -> Filter:
    """Whether something is there at all, such as a picture."""

    def condition(_operator: str, values: list[Any]) -> ColumnElement[bool]:
        return not_(is_there()) if values[0] else is_there()

    return Filter(name, "presence", condition, _read_yes, str)


def yes_filter(name: str, is_so: Callable[[], ColumnElement[bool]]) -> Filter:
    """A filter by yes or no, for what no column holds."""

    def condition(_operator: str, values: list[Any]) -> ColumnElement[bool]:
        return or_(*(is_so() if value else not_(is_so()) for value in values))

    def show(value: bool) -> str:
        return _("Yes") if value else _("No")

    return Filter(name, "boolean", condition, _read_yes, show, is_nullable=False)


def span_of(name: str, today: date) -> tuple[date, date]:
    """The first day of a span, and the day after its last."""
    first_of_month = today.replace(day=1)
    first_of_last = (first_of_month - timedelta(days=1)).replace(day=1)
    first_of_next = (first_of_month + timedelta(days=31)).replace(day=1)
    tomorrow = today + timedelta(days=1)
    return {
        "today": (today, tomorrow),
        "yesterday": (today - timedelta(days=1), today),
        "7-days": (today - timedelta(days=6), tomorrow),
        "30-days": (today - timedelta(days=29), tomorrow),
        "this-month": (first_of_month, first_of_next),
        "last-month": (first_of_last, first_of_month),
        "next-14-days": (today, today + timedelta(days=15)),
    }[name]


def today() -> date:
    """The day it is where the shop is."""
    return utc_now().astimezone(formats.time_zone()).date()


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
        "money": _read_amount,
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


def _read_amount(text: str) -> int:
    """An amount as an address writes it: `1,200` is what somebody typed, and one of two things."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII):
        raise Refusal(_("Write the amount as %(example)s.", example=example_amount(formats.settings())))
    return _read_typed_amount(text, "en")


def _read_typed_amount(text: str, locale: str) -> int:
    return parse_amount(text, replace(formats.settings(), locale=locale))


def _write_amount(minor: int) -> str:
    return plain_amount(minor, formats.settings().currency)


def _read_span(text: str) -> str:
    if text not in dict(SPANS):
        raise Refusal(_("Choose one of the list."))
    return text


def _read_yes(text: str) -> bool:
    if text not in ("0", "1"):
        raise Refusal(_("Write 1 for yes or 0 for no."))
    return text == "1"


def read_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refusal(_("Write the day like 2027-03-31.")) from None
    if not 1970 <= day.year <= 9000:
        raise Refusal(_("Choose a year between 1970 and 9000."))
    return day


def _read_key(text: str) -> int:
    if not re.fullmatch(r"\d{1,19}", text, re.ASCII) or int(text) > LARGEST_INTEGER:
        raise Refusal(_("Choose one of the list."))
    return int(text)


def _shower(attribute: Attribute) -> Callable[[Any], str]:
    if attribute.kind in ("reference", "references"):
        return lambda key: str(db.session.get(attribute.target, key) or _("none"))
    if attribute.kind == "moment":
        return formats.show_day
    return lambda value: formats.show(attribute, value)


def read_groups(available: dict[str, Filter], args: MultiDict[str, str], own: set[str]) -> list[Group]:
    """The groups of filters that an address sets; a value that can't be read is a problem of its group.

    own: the other parameters that the list understands. Raises Refusal for a name that this list does not offer.
    """
    groups: dict[str, list[tuple[str, tuple[str, ...]]]] = {"": []}
    values = 0
    for key, texts in args.lists():
        given = tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
        if key in own or not given:
            continue
        values += len(given)
        number, name = grouped.groups() if (grouped := GROUPED.fullmatch(key)) else ("", key)
        groups.setdefault(f"{number}." if number else "", []).append((name, given))
    if len(groups) > MOST_GROUPS:
        raise Refusal(_("An address holds %(number)s groups of filters at most.", number=MOST_GROUPS))
    if values > MOST_VALUES:
        raise Refusal(_("An address holds %(number)s values of filters at most. Take some away.", number=MOST_VALUES))
    return [_read_group(available, prefix, groups[prefix]) for prefix in sorted(groups)]


def _read_group(available: dict[str, Filter], prefix: str, given: Iterable[tuple[str, tuple[str, ...]]]) -> Group:
    found, problems, typed = [], {}, {}
    for key, texts in given:
        name, _unused, operator = key.partition("__")
        chosen = available.get(name)
        if chosen is None or operator not in chosen.operators:
            raise Refusal(_("This list has no filter “%(name)s”. Choose one of those above it.", name=key))
        try:
            found.append(_read_one(chosen, operator, texts))
        except Refusal as refusal:
            problems[name] = refusal.message
            typed[key] = texts
    return Group(prefix, tuple(found), problems, typed)


def _read_one(chosen: Filter, operator: str, texts: tuple[str, ...]) -> ActiveFilter:
    read = {"empty": _read_yes, "within": _read_span}.get(operator, chosen.read)
    label = _(chosen.label)
    try:
        values = tuple(read(text) for text in texts)
    except Refusal as refusal:
        raise Refusal(_("%(field)s: %(problem)s", field=label, problem=refusal.message)) from None
    return ActiveFilter(chosen, operator, texts, values)


def written_anew(available: dict[str, Filter], args: MultiDict[str, str]) -> MultiDict[str, str]:
    """What a form sent, as an address says it for every reader: `12,50` becomes `12.50`, a mode part of the name.

    What can't be read stays as it was typed, for the page to say so.
    """
    anew: MultiDict[str, str] = MultiDict()
    locale = _locale_typed_in(args)
    for key, text in args.items(multi=True):
        prefix, name, operator = parts_of(key)
        if key == TYPED_IN or operator == MODE or not text.strip():
            continue
        if operator == "" and args.get(f"{key}__{MODE}") == "not":
            key = f"{key}__not"
        chosen = available.get(name)
        is_value = chosen is not None and operator in ("", "not", "from", "to")
        anew.add(key, _written(chosen, text, locale) if is_value else text)
    return anew


def _locale_typed_in(args: MultiDict[str, str]) -> str:
    try:
        return check_locale(args.get(TYPED_IN, ""))
    except Refusal:
        return formats.settings().locale


def parts_of(key: str) -> tuple[str, str, str]:
    """The parts of a name in an address: `2.brand__not` is the group `2.`, the filter and its operator."""
    grouped = GROUPED.fullmatch(key)
    name, _unused, operator = (grouped[2] if grouped else key).partition("__")
    return (f"{grouped[1]}." if grouped else ""), name, operator


def _written(chosen: Filter, text: str, locale: str) -> str:
    try:
        return chosen.typed(text, locale)
    except Refusal:
        return text


def offered(chosen: Filter, keys: Iterable[int]) -> list[tuple[int, Any]]:
    """What a filter by related records offers as it stands in the page, as (key, record).

    The first of the list, and all that are set: what a form does not hold, it would take away.
    """
    records = current_app.extensions["lookups"].first(chosen.target, MOST_OFFERED, list(keys))
    found = {record.id: record for record in records}
    # What was deleted for good is asked for until somebody takes it away.
    return list((found | {key: _("none") for key in keys if key not in found}).items())
