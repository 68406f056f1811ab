"""Names that were given to others while their records lay in the trash, and what to choose instead."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, UniqueConstraint

from backoffice.errors import Refusal
from backoffice.extensions import db
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

    typed: what a person chose instead; chosen: the value it comes to; problem: why it can't be had.
    """

    record: Trashable
    column: str
    value: str
    holder: Any
    rule: Name
    typed: str = ""
    chosen: str | None = None
    problem: str = ""
    is_settled: bool = False

    @property
    def key(self) -> str:
        return f"{self.record.__tablename__}-{self.record.id}-{self.column}"

    @property
    def label(self) -> str:
        return label_of(self.record.__table__.c[self.column])

    @property
    def can_be_typed(self) -> bool:
        return not self.rule.word

    @property
    def sentence(self) -> str:
        if self.rule.word:
            return f"{self.holder} has the same {self.rule.word} now. Change or delete that one first."
        return f"“{self.value}” is in use by {self.holder} now. Change it there, then restore this."

    def refuse_unless_settled(self) -> None:
        if not self.is_settled:
            raise Refusal(self.problem or self.sentence)


Names = dict[str, Name]


def taken_names(names: dict[Trashable, Names], typed: dict[str, str]) -> list[Taken]:
    """Which names of these records others have now. names: what each record's slice says of them."""
    claimed: set[tuple[Any, ...]] = set()
    taken = []
    for record, rules in names.items():
        for columns in _unique_columns(record):
            values = {name: getattr(record, name) for name in columns}
            holder = _holder(record, values)
            if holder is None:
                claimed.add(_claim(record, values))
            else:
                taken.append((record, values, holder, rules.get(columns[-1]) or Name()))
    return [_settle(*one, typed, claimed) for one in taken]


def _settle(
    record: Trashable, values: dict[str, Any], holder: Any, rule: Name, typed: dict[str, str], claimed: set[Any]
) -> Taken:
    """Lay what was typed over a taken name; where nothing was, suggest one that is free."""
    column = list(values)[-1]
    one = Taken(record, column, str(values[column]), holder, rule)
    if not one.can_be_typed:
        return one
    if one.key not in typed:
        free = rule.free(record) if rule.free else free_value(record, column)
        return _with(one, typed=free)
    text = typed[one.key].strip()
    try:
        chosen = _read(record, column, rule, text)
        other = _holder(record, values | {column: chosen})
    except Refusal as refusal:
        return _with(one, typed=text, problem=refusal.message)
    claim = _claim(record, values | {column: chosen})
    if other is not None or (chosen is not None and claim in claimed):
        return _with(one, typed=text, problem=_in_use(one, other))
    claimed.add(claim)
    return _with(one, typed=text, chosen=chosen, is_settled=True)


def _with(one: Taken, **parts: Any) -> Taken:
    return Taken(**(vars(one) | parts))


def _in_use(one: Taken, other: Any) -> str:
    word = one.label if one.label.isupper() else one.label.lower()
    return f"In use by {other or 'another that comes back too'}. Enter another {word}."


def _read(record: Trashable, column: str, rule: Name, text: str) -> str | None:
    known = record.__table__.c[column]
    value = rule.read(record, text) if rule.read else text or None
    if value is None and not known.nullable:
        raise Refusal(f"{label_of(known)} is missing. Enter it.")
    return None if value is None else checked_text(known, column, value)


def free_value(record: Trashable, column: str) -> str:
    """A value made from the record's own, with a number, that no live record of the model has."""
    model, value = type(record), getattr(record, column)
    known = model.__table__.c[column]
    start = value[: (known.type.length or 1000) - 5] if isinstance(known.type, String) else value
    named = getattr(model, column)
    taken = set(
        db.session.scalars(db.select(named).where(named.startswith(start, autoescape=True), model.deleted_token == 0))
    )
    return next((free for number in range(2, 9999) if (free := f"{start}-{number}") not in taken), "")


def _unique_columns(record: Trashable) -> list[list[str]]:
    """The columns of each rule by which live records differ; the last one tells, those before say within what."""
    rules = [rule for rule in record.__table__.constraints if isinstance(rule, UniqueConstraint)]
    return [
        [name for name in rule.columns.keys() if name != "deleted_token"]
        for rule in sorted(rules, key=lambda rule: str(rule.name))
        if "deleted_token" in rule.columns
    ]


def _holder(record: Trashable, values: dict[str, Any]) -> Any:
    if None in values.values():
        return None
    with db.session.no_autoflush:
        return db.session.scalar(db.select(type(record)).filter_by(**values, deleted_token=0).limit(1))


def _claim(record: Trashable, values: dict[str, Any]) -> tuple[Any, ...]:
    return (record.__tablename__, *values.items())
