"""The product's page: its own fields, its options and its variants, saved in one go or not at all."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import lazyload
from werkzeug.datastructures import MultiDict

from backoffice.audit import trash
from backoffice.catalog.admin.parts import lowest_words, note_lowest
from backoffice.catalog.models import Product, Variant
from backoffice.catalog.publishing import set_status
from backoffice.catalog.variants import MOST_OPTIONS, check_combinations, set_options, set_values
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.inventory.models import StockLevel
from backoffice.languages import gettext as _
from backoffice.media.models import Picture
from backoffice.records import lock
from backoffice.web import access, merging
from backoffice.web.constraints import check_unique
from backoffice.web.editing import RecordEditor, bound_form
from backoffice.web.fields import AttributeField, make_form
from backoffice.web.history import history_of

ROW_FIELDS = ("sku", "barcode", "price", "compare_at_price", "cost", "weight_grams")
ROW_NAME = re.compile(r"variants-(\w{1,12})-(?:id|sku|price|value-1)")
MOST_VARIANTS = 500
BLANK_ROWS = 2

RowForm = make_form(Variant, ROW_FIELDS)


@dataclass(frozen=True)
class ValueField:
    """An option's value in the variants' table, as a conflict shows it."""

    name: str
    short_name: str
    label: str

    @property
    def attribute(self) -> "ValueField":
        return self


class VariantRow:
    """One line of the variants' table: a variant, or an empty line for a new one."""

    def __init__(self, token: str, variant: Variant | None, posted: MultiDict[str, str], may_price: bool) -> None:
        self.token = token
        self.prefix = f"variants-{token}-"
        self.variant = variant
        self.posted = posted
        self.problems: list[str] = []
        self.changes: dict[str, Any] = {}
        self.conflicted: set[str] = set()
        self.lowest_words = ""
        self.form = bound_form(RowForm, variant, posted, self.prefix)
        for field in self.form:
            field.is_read_only = field.attribute.right == "price" and not may_price

    @property
    def version(self) -> Any:
        return self.posted.get(f"{self.prefix}version") or getattr(self.variant, "version", "")

    @property
    def is_removed(self) -> bool:
        return bool(self.posted.get(f"{self.prefix}remove"))

    @property
    def values(self) -> list[str]:
        """The option values as typed, else as they are."""
        names = [f"{self.prefix}value-{place}" for place in range(1, MOST_OPTIONS + 1)]
        if names[0] not in self.posted and f"{self.prefix}sku" not in self.posted:
            return self.original_values
        typed = [self.posted.get(name, "").strip() for name in names]
        theirs = [
            self.posted.get(f"{self.prefix}choice-value-{place}") == "theirs" for place in range(1, MOST_OPTIONS + 1)
        ]
        return [now if takes else value for takes, now, value in zip(theirs, self.original_values, typed)]

    @property
    def original_values(self) -> list[str]:
        names = [value.name for value in self.variant.ordered_values()] if self.variant else []
        return (names + [""] * MOST_OPTIONS)[:MOST_OPTIONS]

    def was_value(self, place: int) -> str:
        """The option value that the line was made from; place counts from 1."""
        if f"{self.prefix}value-{place}" in self.conflicted:
            return self.original_values[place - 1]
        return self.posted.get(f"{self.prefix}was-value-{place}", self.original_values[place - 1])

    @property
    def is_blank(self) -> bool:
        return self.variant is None and not any(self.values) and not any(any(field.typed) for field in self.form)

    def originals(self, field: AttributeField) -> list[str]:
        name = merging.was_name(field.name, self.prefix)
        if name in self.posted and field.name not in self.conflicted:
            return [value for value in self.posted.getlist(name) if value]
        return field.write(field.attribute.of(self.variant)) if self.variant else []


def _moved_option(place: int, now: str, typed: str) -> str:
    if not now:
        return _(
            "Somebody changed option %(number)s to nothing meanwhile; yours is “%(yours)s”. Save to keep yours.",
            number=place,
            yours=typed,
        )
    return _(
        "Somebody changed option %(number)s to “%(theirs)s” meanwhile; yours is “%(yours)s”. Save to keep yours.",
        number=place,
        theirs=now,
        yours=typed,
    )


def _too_many_variants() -> str:
    return _("A product has %(number)s variants at most. Split it into several products.", number=MOST_VARIANTS)


class ProductEditor(RecordEditor):
    """A product and its variants, laid over what they became meanwhile."""

    def __init__(self, screen: Any, record: Any, posted: MultiDict[str, str]) -> None:
        super().__init__(screen, record, posted)
        self.may_price = access.may("price", screen.area)
        self.may_remove = access.may("delete", screen.area)
        self.has_lost_variant = False
        self.has_moved_options = False
        self.rows = self._posted_rows() if posted else self._stored_rows()

    @property
    def variants_may_be_priced_when_new(self) -> bool:
        return self.may_price or self.record is None or self.record.status == "draft"

    def _stored_rows(self) -> list[VariantRow]:
        variants = self.record.variants if self.record is not None else []
        rows = [VariantRow(str(place), variant, MultiDict(), self.may_price) for place, variant in enumerate(variants)]
        return rows or [self.new_row("new0")]

    def new_row(self, token: str) -> VariantRow:
        return VariantRow(token, None, MultiDict(), self.variants_may_be_priced_when_new)

    def _posted_rows(self) -> list[VariantRow]:
        tokens = list(dict.fromkeys(found.group(1) for key in self.posted if (found := ROW_NAME.match(key))))
        if len(tokens) > MOST_VARIANTS:
            raise Refusal(_too_many_variants())
        own = {str(variant.id): variant for variant in (self.record.variants if self.record is not None else [])}
        rows = []
        for token in tokens:
            key = self.posted.get(f"variants-{token}-id", "")
            variant = own.get(key)
            self.has_lost_variant |= bool(key) and variant is None
            may_price = self.may_price if variant else self.variants_may_be_priced_when_new
            rows.append(VariantRow(token, variant, self.posted, may_price))
        return rows

    @property
    def blank_rows(self) -> list[VariantRow]:
        """Empty lines for those who have no script to add one."""
        return [self.new_row(f"new{len(self.rows) + place}") for place in range(1, BLANK_ROWS + 1)]

    @property
    def template_row(self) -> VariantRow:
        return self.new_row("TOKEN")

    def option_name(self, place: int) -> str:
        """The name typed for an option, else the one it has; place counts from 1."""
        return self.posted.get(f"option-{place}", self.was_option(place)) if self.posted else self.was_option(place)

    def was_option(self, place: int) -> str:
        typed = self.posted.get(f"was-option-{place}")
        if typed is not None and not self.has_moved_options:
            return typed
        options = self.record.options if self.record is not None else []
        return options[place - 1].name if place <= len(options) else ""

    @property
    def option_names(self) -> list[str]:
        return [self.option_name(place).strip() for place in range(1, MOST_OPTIONS + 1)]

    @property
    def known_values(self) -> list[list[str]]:
        """The values each option has already, to choose from while typing."""
        options = self.record.options if self.record is not None else []
        return [[value.name for value in option.values] for option in options] + [[]] * (MOST_OPTIONS - len(options))

    @property
    def error_count(self) -> int:
        in_rows = sum(bool(field.errors) for row in self.rows for field in row.form)
        return super().error_count + in_rows + sum(bool(row.problems) for row in self.rows)

    def _refuse_forged(self) -> None:
        super()._refuse_forged()
        for row in self.rows:
            if row.variant is not None and row.is_removed and not self.may_remove:
                raise access.MissingRight((self.screen.area, "delete"))
            for field in row.form:
                now = field.attribute.of(row.variant) if row.variant is not None else None
                if field.is_read_only and field.name in self.posted and not merging.same(field.data, now):
                    raise access.MissingRight((self.screen.area, "price"))

    def is_valid(self) -> bool:
        fields_hold = super().is_valid()
        rows_hold = [self._is_row_valid(row) for row in self.rows if not row.is_blank and not row.is_removed]
        return fields_hold and all(rows_hold)

    def _is_row_valid(self, row: VariantRow) -> bool:
        return all([field.validate(row.form) for field in row.form if not field.is_read_only])

    def merge_parts(self, record: Product) -> None:
        # Whether it was deleted or never was of this product: its line stays, without its key, as a new one.
        if self.has_lost_variant:
            raise Refusal(
                _("Somebody deleted a variant meanwhile. Save again to make it anew, or tick Remove beside it.")
            )
        for row in self.rows:
            if row.variant is not None and not row.is_removed:
                row.variant = lock(Variant, row.variant.id)
                merging.take_theirs(row.form, self.posted, row.variant, row.prefix)
                result = merging.merge(row.form, self.posted, row.variant, row.prefix)
                row.changes = result.changes
                row.conflicted = {conflict.field.name for conflict in result.conflicts}
                self.conflicts += [
                    merging.Conflict(
                        one.field, one.was, one.theirs, one.yours, f"{row.variant.title or _('Variant')}: "
                    )
                    for one in result.conflicts
                ]
                self.came_in += result.came_in
                self.conflicts += self._value_conflicts(record, row)
        self._refuse_moved_options(record)

    def _value_conflicts(self, record: Product, row: VariantRow) -> list[merging.Conflict]:
        """Option values that this person and somebody else both changed, to different ones."""
        found = []
        for place, option in enumerate(record.options[:MOST_OPTIONS], 1):
            short = f"value-{place}"
            name = f"{row.prefix}{short}"
            now, was, typed = row.original_values[place - 1], row.was_value(place), row.values[place - 1]
            needed = self.posted.get(f"{row.prefix}choice-{short}-needed")
            is_open = needed is not None and self.posted.get(f"{row.prefix}choice-{short}") not in ("theirs", "yours")
            if typed != now and (is_open or now != was != typed):
                row.conflicted.add(name)
                field = ValueField(name, short, option.name)
                found.append(
                    merging.Conflict(field, needed or was, now, typed, f"{row.variant.title or _('Variant')}: ")
                )
        return found

    def _refuse_moved_options(self, record: Product) -> None:
        for place in range(1, MOST_OPTIONS + 1):
            now = record.options[place - 1].name if place <= len(record.options) else ""
            typed, was = self.option_names[place - 1], self.posted.get(f"was-option-{place}", now)
            if f"option-{place}" in self.posted and typed != was and now not in (was, typed):
                self.has_moved_options = True
                raise Refusal(_moved_option(place, now, typed))

    def apply_parts(self, record: Product) -> None:
        # Those that go first: what lies in the trash lets go of a dropped option as a whole.
        for row in self.rows:
            if row.is_removed and row.variant is not None:
                trash.trash(lock(Variant, row.variant.id))
        db.session.expire(record, ["variants"])
        self._apply_options(record)
        kept = [row for row in self.rows if not row.is_removed and not row.is_blank]
        if self.is_new and not kept:
            kept = [self.new_row("new0")]
        db.session.expire(record, ["variants", "options"])
        for place, row in enumerate(kept):
            self._apply_row(record, row, place)
        db.session.flush()
        db.session.expire(record, ["variants"])
        check_combinations(record)
        if len(record.variants) > MOST_VARIANTS:
            raise Refusal(_too_many_variants())
        if record.status == "active":
            set_status(record, "active")
        is_priced = any(variant.price_minor is not None for variant in record.variants)
        if self.is_new and is_priced and record.status != "draft" and not self.may_price:
            raise Refusal(_("Your role enters prices in drafts only. Make it a draft first."), "status")

    def _apply_options(self, record: Product) -> None:
        if not any(f"option-{place}" in self.posted for place in range(1, MOST_OPTIONS + 1)):
            return
        for option, place in zip(list(record.options), range(1, MOST_OPTIONS + 1), strict=False):
            typed, was = self.option_names[place - 1], self.posted.get(f"was-option-{place}", option.name)
            if typed and typed != was and option.name == was and typed not in [o.name for o in record.options]:
                option.name = typed
        db.session.flush()
        names = [name for name in self.option_names if name]
        if names != [option.name for option in record.options]:
            set_options(record, names)

    def _apply_row(self, record: Product, row: VariantRow, place: int) -> None:
        # A new variant is not kept in the row: where the save is refused, the row must still be one for a new one.
        variant = row.variant or Variant(product=record, position=place)
        typed = {
            field.short_name: field.data for field in row.form if field.data is not None and not field.is_read_only
        }
        with db.session.no_autoflush:
            merging.apply(row.form, variant, row.changes if row.variant else typed)
        self._check_row(row, variant)
        set_values(variant, record, self._merged_values(record, row))
        db.session.add(variant)
        db.session.flush()

    def _merged_values(self, record: Product, row: VariantRow) -> list[str]:
        """What was typed for the options; where nothing was, what somebody else may have set meanwhile stays."""
        places = [place for place, name in enumerate(self.option_names, 1) if name][: len(record.options)]
        if not places and record.options:
            places = list(range(1, len(record.options) + 1))
        now, typed = row.original_values, row.values
        return [now[p - 1] if typed[p - 1] == row.was_value(p) and now[p - 1] else typed[p - 1] for p in places]

    def _check_row(self, row: VariantRow, variant: Variant) -> None:
        try:
            check_unique(variant)
        except Refusal as refusal:
            if refusal.field and refusal.field in row.form:
                row.form[refusal.field].errors = [refusal.message]
                raise Refusal(_("One of the variants needs you: see below.")) from None
            raise

    def page_facts(self) -> dict[str, Any]:
        """What the page shows beside the form."""
        self._tell_lowest()
        if self.record is None:
            return {"pictures": [], "levels": [], "entries": []}
        pictures = db.session.scalars(
            db.select(Picture)
            .where(Picture.product_id == self.record.id, Picture.deleted_token == 0)
            .order_by(Picture.position, Picture.id)
        )
        levels = db.session.scalars(
            db.select(StockLevel)
            .join(Variant, Variant.id == StockLevel.variant_id)
            .where(Variant.product_id == self.record.id, Variant.deleted_token == 0)
            # The product's variants are at hand.
            .options(lazyload(StockLevel.variant))
            .order_by(Variant.position, StockLevel.location_id)
        )
        return {"pictures": list(pictures), "levels": list(levels), "entries": history_of(self.record, most=5)}

    def _tell_lowest(self) -> None:
        """Say in each line of a reduced variant what its price is held against."""
        kept = [row for row in self.rows if row.variant is not None]
        note_lowest(row.variant for row in kept)
        for row in kept:
            row.lowest_words = lowest_words(row.variant)
