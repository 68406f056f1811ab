"""The one way to edit safely: what a person typed is laid over what the record became meanwhile.

A form carries, beside each field, the value it was made from. A field that only one of the two changed
is merged; one that both changed differently is a conflict, and nothing is saved until a person chose.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form

from backoffice.errors import Refusal
from backoffice.languages import gettext as _
from backoffice.web.fields import AttributeField, BooleanField, ReferencesField, was_name
from backoffice.wording import joined


@dataclass(frozen=True)
class Conflict:
    """One field that two people changed: the values in words, and the field that holds what was typed.

    whose: the part of the record it belongs to, as in `Moss / 350 ml: `.
    """

    field: AttributeField
    was: str
    theirs: str
    yours: str
    whose: str = ""

    @property
    def choice_name(self) -> str:
        """The name of the input by which a person chooses."""
        short = self.field.short_name
        return f"{self.field.name.removesuffix(short)}choice-{short}"


@dataclass
class Merge:
    """changes: field name → new data, what this person changed. came_in: fields that somebody else changed."""

    changes: dict[str, Any] = field(default_factory=dict)
    came_in: list[AttributeField] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def merge(form: Form, posted: MultiDict[str, str], record: Any, prefix: str = "") -> Merge:
    """Compare what was typed, what the form was made from, and what the record is now.

    Raises Refusal where the form carries neither the original values nor the record's current version.
    """
    result = Merge()
    version_is_current = posted.get(f"{prefix}version") == str(getattr(record, "version", ""))
    for typed in form:
        if not _was_on_the_page(typed, posted, prefix) or typed.is_read_only:
            continue
        now = _as_typed(typed, typed.attribute.of(record))
        was = _original(typed, posted, prefix, now, version_is_current)
        if not _is_waiting_for_choice(result, typed, now, posted, prefix):
            _lay_over(result, typed, was, now, prefix)
    return result


def _as_typed(typed: AttributeField, value: Any) -> Any:
    """The record's value as it comes out of the form's own input: without the microseconds that no input shows."""
    try:
        return typed.read(typed.write(value))
    except Refusal:
        return value


def _is_waiting_for_choice(
    result: Merge, typed: AttributeField, now: Any, posted: MultiDict[str, str], prefix: str
) -> bool:
    """Whether the form showed a conflict at this field and the person has not chosen; then it is shown again."""
    name = f"{prefix}choice-{typed.name.removeprefix(prefix)}"
    if f"{name}-needed" not in posted or posted.get(name) in ("theirs", "yours") or same(typed.data, now):
        return False
    shown = posted[f"{name}-needed"], typed.present(now), typed.present(typed.data)
    result.conflicts.append(Conflict(typed, *shown))
    return True


def _was_on_the_page(typed: AttributeField, posted: MultiDict[str, str], prefix: str) -> bool:
    return typed.name in posted or (
        was_name(typed.name, prefix) in posted and isinstance(typed, BooleanField | ReferencesField)
    )


def _original(
    typed: AttributeField, posted: MultiDict[str, str], prefix: str, now: Any, version_is_current: bool
) -> Any:
    name = was_name(typed.name, prefix)
    if name in posted:
        try:
            # The page sends an empty value first, so that an empty field has an original too.
            return typed.read([value for value in posted.getlist(name) if value])
        except Refusal:
            raise Refusal(_("This form is damaged. Copy what you typed, reload the page and try again.")) from None
    if version_is_current:
        return now
    raise Refusal(_("This form does not say which version it was made from. Reload the page and try again."))


def _lay_over(result: Merge, typed: AttributeField, was: Any, now: Any, prefix: str) -> None:
    short = typed.name.removeprefix(prefix)
    theirs_moved, yours_moved = not same(now, was), not same(typed.data, was)
    if yours_moved and not same(typed.data, now):
        if not theirs_moved:
            result.changes[short] = typed.data
        else:
            shown = typed.present(was), typed.present(now), typed.present(typed.data)
            result.conflicts.append(Conflict(typed, *shown))
    elif theirs_moved and not yours_moved:
        result.came_in.append(typed)


def same(one: Any, other: Any) -> bool:
    return (one if one not in ("", None) else None) == (other if other not in ("", None) else None)


def take_theirs(form: Form, posted: MultiDict[str, str], record: Any, prefix: str = "") -> None:
    """Where the person chose the other's value in an earlier conflict, put it into the form."""
    for typed in form:
        if posted.get(f"{prefix}choice-{typed.name.removeprefix(prefix)}") == "theirs":
            typed.data = typed.attribute.of(record)
            typed.typed = typed.write(typed.data)
            typed.errors = []
            typed.process_errors = []


def apply(form: Form, record: Any, changes: dict[str, Any], prefix: str = "") -> None:
    """Write only the fields that the person changed."""
    for name, data in changes.items():
        form[name].apply(record, data)


def labels(fields: Iterable[AttributeField]) -> str:
    names = [typed.attribute.label for typed in fields]
    return joined(names)
