"""Names that were given to others while their records lay in the trash, and what to choose instead."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import String, UniqueConstraint

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import Trashable, checked_text, label_of


@dataclass(frozen=True)
class Name:
    """What no two live records share: an address, a SKU.

    read: what a person typed as the value to keep, or Refusal; free: a value that nobody has.
    word: what it is called where nobody types it, such as the options of a variant.
    """

    read: Callable[[Any, str], str | None] | None = None
    free: Callable[[Any], str] | None = None
    word: str = ""


@dataclass(frozen=True)
class Taken:
    """One name that somebody else has now.

    values: the columns of the rule; the last one tells, those before say within what.
    typed: what a person chose instead; chosen: the value it comes to; problem: why it can't be had.
    """

    record: Trashable
    values: dict[str, Any]
    holder: Any
    rule: Name
    typed: str = ""
    chosen: str | None = None
    problem: str = ""
    is_settled: bool = False

    @property
    def column(self) -> str:
        return list(self.values)[-1]

    @property
    def value(self) -> str:
        return str(self.values[self.column])

    @property
    def known(self) -> Any:
        return self.record.__table__.c[self.column]

    @property
    def key(self) -> str:
        return f"{self.record.__tablename__}-{self.record.id}-{self.column}"

    @property
    def label(self) -> str:
        return _(label_of(self.known))

    @property
    def can_be_typed(self) -> bool:
        return not self.rule.word and _is_typed_by_people(self.known)

    @property
    def sentence(self) -> str:
        if self.rule.word:
            return _(
                "%(holder)s has the same %(what)s now. Change or delete that one first.",
                holder=self.holder,
                what=_(self.rule.word),
            )
        return _(
            "“%(value)s” is in use by %(holder)s now. Change it there, then restore this.",
            value=self.value,
            holder=self.holder,
        )

    def refuse_unless_settled(self) -> None:
        if not self.is_settled:
            raise Refusal(self.problem or self.sentence)


Names = dict[str, Name]
Claims = set[tuple[Any, ...]]


def taken_names(names: dict[Trashable, Names], typed: dict[str, str]) -> list[Taken]:
    """Which names of these records others have now. names: what each record's slice says of them."""
    claimed: Claims = set()
    taken = []
    for record, rules in names.items():
        for columns in _unique_columns(record):
            values = {name: getattr(record, name) for name in columns}
            holder = _holder(record, values)
            if holder is None:
                claimed.add(_claim(record, values))
            else:
                taken.append(Taken(record, values, holder, rules.get(columns[-1]) or Name()))
    return [_settle(one, typed, claimed) for one in taken]


def _settle(one: Taken, typed: dict[str, str], claimed: Claims) -> Taken:
    """Lay what was typed over a taken name; where nothing was, suggest one that is free."""
    if not one.can_be_typed:
        return one
    if one.key not in typed:
        return replace(one, typed=_suggestion(one, claimed))
    text = typed[one.key].strip()
    try:
        chosen = _read(one, text)
        _claim_or_refuse(one, chosen, claimed)
    except Refusal as refusal:
        return replace(one, typed=text, problem=refusal.message)
    return replace(one, typed=text, chosen=chosen, is_settled=True)


def _suggestion(one: Taken, claimed: Claims) -> str:
    if one.rule.free:
        return one.rule.free(one.record)
    # What comes back along keeps its own names.
    return free_value(one.record, one.column, {value for claim in claimed for _name, value in claim[1:]})


def _read(one: Taken, text: str) -> str | None:
    value = one.rule.read(one.record, text) if one.rule.read else text or None
    if value is None and not one.known.nullable:
        raise Refusal(_("%(field)s is missing. Enter it.", field=one.label))
    return None if value is None else checked_text(one.known, one.column, value)


def _claim_or_refuse(one: Taken, chosen: str | None, claimed: Claims) -> None:
    if chosen is None:
        return
    wanted = one.values | {one.column: chosen}
    other, claim = _holder(one.record, wanted), _claim(one.record, wanted)
    if other is not None or claim in claimed:
        word = one.label if one.label.isupper() else one.label.lower()
        if other is None:
            raise Refusal(_("In use by another that comes back too. Enter another %(field)s.", field=word))
        raise Refusal(_("In use by %(other)s. Enter another %(field)s.", other=other, field=word))
    claimed.add(claim)


def free_value(record: Trashable, column: str, besides: set[Any]) -> str:
    """A value made from the record's own, with a number, that no live record of the model has, nor these."""
    model, value = type(record), getattr(record, column)
    known = model.__table__.c[column]
    start = value[: (known.type.length or 1000) - 5]
    named = getattr(model, column)
    live = db.select(named).where(named.startswith(start, autoescape=True), model.deleted_token == 0)
    taken = besides | set(db.session.scalars(live))
    return next((free for number in range(2, 9999) if (free := f"{start}-{number}") not in taken), "")


def _unique_columns(record: Trashable) -> list[list[str]]:
    """The columns of each rule by which live records differ, the one that people type last."""
    rules = [rule for rule in record.__table__.constraints if isinstance(rule, UniqueConstraint)]
    found = []
    for columns in [rule.columns for rule in sorted(rules, key=lambda rule: str(rule.name))]:
        if "deleted_token" in columns:
            names = [name for name in columns.keys() if name != "deleted_token"]
            found.append(sorted(names, key=lambda name: _is_typed_by_people(columns[name])))
    return found


def _is_typed_by_people(column: Any) -> bool:
    return isinstance(column.type, String) and not column.foreign_keys


def _holder(record: Trashable, values: dict[str, Any]) -> Any:
    if None in values.values():
        return None
    with db.session.no_autoflush:
        return db.session.scalar(db.select(type(record)).filter_by(**values, deleted_token=0).limit(1))


def _claim(record: Trashable, values: dict[str, Any]) -> tuple[Any, ...]:
    return (record.__tablename__, *values.items())
