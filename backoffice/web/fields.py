"""Form fields, one class a kind of value. Each reads what a person typed, refuses it with a sentence, and writes it back."""

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from flask import current_app
from wtforms import Form
from wtforms.fields import Field
from wtforms.validators import StopValidation

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import Trashable, at_hand_or_read
from backoffice.settings.money import BY_PER_CENT, changed_amount, input_amount, parse_amount, symbol
from backoffice.settings.shop import shop_settings
from backoffice.web import formats
from backoffice.web.attributes import Attribute, as_word, attributes_of
from backoffice.wording import figure

MOST_OPTIONS_WITHOUT_LOOKUP = 50
MOST_KEYS = 500
WAS = "was-"


class AttributeField(Field):
    """A field bound to an attribute of a model. `data` is comparable: equal values mean nothing changed.

    what: the template part that draws it.
    """

    what = "text"
    input_mode: str | None = None
    # The id of a list of what may be typed, where the page has one.
    datalist: str | None = None

    def __init__(self, *args: Any, attribute: Attribute, hint: str = "", **kwargs: Any) -> None:
        self.attribute = attribute
        self.hint = _(hint) if hint else ""
        self.typed: list[str] = []
        self.is_read_only = False
        self.lookup_url: str | None = None
        super().__init__(attribute.label, *args, **kwargs)

    @property
    def is_required(self) -> bool:
        return self.attribute.is_required

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = list(valuelist)
        try:
            self.data = self.read(valuelist)
        except Refusal as refusal:
            self.data = None
            raise ValueError(refusal.message) from None

    def read(self, values: list[str]) -> Any:
        """What was typed as comparable data; raises Refusal."""
        raw = values[0] if values else ""
        limit = self.attribute.length
        if limit and len(raw) > 4 * limit + 100:
            raise Refusal(self._too_long(len(raw), limit))
        text = normalise_text(raw)
        return self.read_text(text) if text else None

    def _too_long(self, number: int, limit: int) -> str:
        return _(
            "%(field)s has %(number)s characters. Shorten it to %(most)s.",
            field=self.attribute.label,
            number=figure(number),
            most=figure(limit),
        )

    def read_text(self, text: str) -> Any:
        return text

    @staticmethod
    def write(data: Any) -> list[str]:
        """The data as a person would type it."""
        return [] if data is None else [str(data)]

    @property
    def shown_inputs(self) -> list[str]:
        """What the inputs hold: what was typed, however wrong, else the value."""
        return self.typed if self.raw_data is not None else self.write(self.data)

    @property
    def input_value(self) -> str:
        return self.shown_inputs[0] if self.shown_inputs else ""

    def pre_validate(self, form: Form) -> None:
        if self.data is None and self.is_required and not self.process_errors:
            raise StopValidation(_("%(field)s is missing. Enter it.", field=self.attribute.label))

    def present(self, data: Any) -> str:
        """The data in words, for conflicts and messages."""
        return formats.show(self.attribute, data) or _("empty")

    def apply(self, record: Any, data: Any) -> None:
        setattr(record, self.attribute.key, data)


def was_name(field_name: str, prefix: str = "") -> str:
    """The name of the input beside a field that holds the value which the form was made from."""
    return f"{prefix}{WAS}{field_name.removeprefix(prefix)}"


def normalise_text(text: str) -> str:
    """NFC, Unix line ends, no blanks around."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()


class TextField(AttributeField):
    def read_text(self, text: str) -> str:
        limit = self.attribute.length
        if limit and len(text) > limit:
            raise Refusal(self._too_long(len(text), limit))
        return text


class LongTextField(TextField):
    what = "long_text"


class NumberField(AttributeField):
    input_mode = "numeric"

    def read_text(self, text: str) -> int:
        plain = text.replace("−", "-").removesuffix(self.attribute.unit or "\0").strip()
        if not re.fullmatch(r"-?\d{1,19}", plain, re.ASCII):
            raise Refusal(_("Write a whole number."))
        number = int(plain)
        if abs(number) > self.attribute.largest:
            raise Refusal(_("That number is too large. Check its digits."))
        if number < 0 and self.attribute.unit:
            raise Refusal(_("%(field)s can’t be below 0.", field=self.attribute.label))
        return number


class MoneyField(AttributeField):
    """An amount, or by how many per cent it changes: +10% of what the form was made from."""

    what = "money"
    input_mode = "decimal"

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        prefix = self.name.removesuffix(self.short_name)
        self.originals = formdata.getlist(was_name(self.name, prefix)) if formdata is not None else []
        super().process(formdata, *args, **kwargs)

    def read_text(self, text: str) -> int:
        if BY_PER_CENT.fullmatch(text):
            return self._changed_by(text)
        return parse_amount(text, formats.settings())

    def _changed_by(self, text: str) -> int:
        before = next((parse_amount(one, formats.settings()) for one in self.originals if one), None)
        if before is None:
            raise Refusal(_("There is no amount yet that could change by per cent. Enter one."))
        is_rounded = self.attribute.info.get("is_rounded", False)
        return changed_amount(text, before, shop_settings().price_rounding if is_rounded else "none")

    @staticmethod
    def write(data: int | None) -> list[str]:
        return [_typed_amount(data)] if data is not None else []

    @property
    def sign(self) -> str:
        return symbol(formats.settings())


@formats.remembered
def _typed_amount(minor: int) -> str:
    return input_amount(minor, formats.settings())


class PercentField(AttributeField):
    what = "percent"
    input_mode = "decimal"

    def read_text(self, text: str) -> int:
        try:
            percent = Decimal(text.removesuffix("%").strip().replace(",", "."))
        except InvalidOperation:
            raise Refusal(_("Write the rate like 19 or 5.5.")) from None
        if not percent.is_finite() or not 0 <= percent <= 100:
            raise Refusal(_("A rate lies between 0 and 100."))
        if percent * 100 != (percent * 100).to_integral_value():
            raise Refusal(_("A rate has two decimals at most."))
        return int(percent * 100)

    @staticmethod
    def write(data: int | None) -> list[str]:
        return [formats.input_percent(data)] if data is not None else []


class BooleanField(AttributeField):
    what = "boolean"

    def read(self, values: list[str]) -> bool:
        return bool(values and values[-1] not in ("", "0", "false"))

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = bool(self.data)

    @staticmethod
    def write(data: bool | None) -> list[str]:
        return ["y"] if data else []


class ChoiceField(AttributeField):
    what = "choice"

    def read_text(self, text: str) -> str:
        if text not in dict(self.attribute.choices):
            raise Refusal(_("Choose one of the list."))
        return text


class MomentField(AttributeField):
    """A moment, typed in the shop's time zone."""

    what = "moment"

    def read_text(self, text: str) -> datetime:
        try:
            typed = datetime.fromisoformat(text)
        except ValueError:
            raise Refusal(_("Write day and time like 2027-03-31 18:00.")) from None
        if not 1970 <= typed.year <= 9000:
            raise Refusal(_("Choose a year between 1970 and 9000."))
        local = typed if typed.tzinfo else typed.replace(tzinfo=formats.time_zone())
        return local.astimezone(UTC)

    @staticmethod
    def write(data: datetime | None) -> list[str]:
        if data is None:
            return []
        local = data.astimezone(formats.time_zone()).replace(tzinfo=None)
        return [local.isoformat(timespec="seconds" if local.second else "minutes")]


class ReferenceField(AttributeField):
    """One related record, by its key."""

    what = "reference"

    def read(self, values: list[str]) -> int | None:
        keys = self._keys(values)
        return next(iter(keys), None)

    def _keys(self, values: list[str]) -> frozenset[int]:
        if len(values) > MOST_KEYS:
            raise Refusal(_("That is more than %(number)s. Choose fewer.", number=MOST_KEYS))
        keys = set()
        for value in values:
            if value.strip():
                keys.add(_read_key(value))
        return frozenset(keys)

    def linked(self, keys: Any) -> list[Any]:
        """The records of these keys, in the order of their names; those in the trash too."""
        wanted = {keys} if isinstance(keys, int) else set(keys or ())
        if not wanted:
            return []
        return sorted(at_hand_or_read(self.attribute.target, wanted), key=str)

    @property
    def chosen(self) -> list[Any]:
        return self.linked(self.data)

    @property
    def options(self) -> list[Any]:
        """What a person may choose from without a script: the first of the list, and what is chosen."""
        first = current_app.extensions["lookups"].first(self.attribute.target, MOST_OPTIONS_WITHOUT_LOOKUP)
        return first + [record for record in self.chosen if record not in first]

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        # A reference that was there before the person came may stay, whatever became of it.
        if self.raw_data is None or not self.data or self.data == self.object_data:
            return
        found = {record.id: record for record in self.chosen}
        wanted = {self.data} if isinstance(self.data, int) else self.data
        if any(key not in found or _is_in_trash(found[key]) for key in wanted):
            raise StopValidation(_("No such %(field)s. Choose one of the list.", field=as_word(self.attribute.label)))

    def present(self, data: Any) -> str:
        return ", ".join(str(record) for record in self.linked(data)) or _("none")

    def apply(self, record: Any, data: int | None) -> None:
        setattr(record, self.attribute.key, db.session.get(self.attribute.target, data) if data else None)


class ReferencesField(ReferenceField):
    """Several related records, by their keys."""

    what = "references"

    def read(self, values: list[str]) -> frozenset[int]:
        return self._keys(values)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = frozenset(self.data or ())

    @staticmethod
    def write(data: Any) -> list[str]:
        return [str(key) for key in sorted(data or ())]

    def apply(self, record: Any, data: frozenset[int]) -> None:
        setattr(record, self.attribute.key, self.linked(data))


def _read_key(value: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,17}", value.strip(), re.ASCII):
        raise Refusal(_("Choose one of the list."))
    return int(value)


def _is_in_trash(record: Any) -> bool:
    return isinstance(record, Trashable) and record.is_deleted


FIELDS: dict[str, type[AttributeField]] = {
    "text": TextField,
    "long_text": LongTextField,
    "html": LongTextField,
    "number": NumberField,
    "money": MoneyField,
    "percent": PercentField,
    "boolean": BooleanField,
    "choice": ChoiceField,
    "moment": MomentField,
    "reference": ReferenceField,
    "references": ReferencesField,
}


@cache
def cell_form(model: Any, name: str) -> type[Form]:
    """A form class for one attribute alone."""
    return make_form(model, (name,))


def make_form(
    model: Any, names: tuple[str, ...], hints: dict[str, str] | None = None, optional: tuple[str, ...] = ()
) -> type[Form]:
    """A form class with a field for each named attribute of the model, in that order.

    optional: names that may stay empty although the column may not, since the screen fills them.
    """
    known = attributes_of(model)
    fields = {}
    for name in names:
        attribute = replace(known[name], is_required=False) if name in optional else known[name]
        fields[name] = FIELDS[attribute.kind](attribute=attribute, hint=(hints or {}).get(name, ""))
    return type(f"{model.__name__}Form", (Form,), fields)
