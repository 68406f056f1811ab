"""A product's options, their values, and the variants that they tell apart."""

from collections.abc import Sequence

from backoffice.catalog.models import Option, OptionValue, Product, Variant, variant_option_value
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _

MOST_OPTIONS = 3


def set_options(product: Product, names: Sequence[str]) -> None:
    """Name the product's options in their order; a dropped one must no longer tell variants apart."""
    cleaned = [name.strip() for name in names if name.strip()]
    if len(cleaned) > MOST_OPTIONS:
        sentence = _("A product has %(number)s options at most. Join two of them into one.", number=MOST_OPTIONS)
        raise Refusal(sentence, "options")
    if len({name.casefold() for name in cleaned}) < len(cleaned):
        raise Refusal(_("Two options have the same name. Give each a name of its own."), "options")
    present = {option.name: option for option in product.options}
    kept = [present.get(name) or Option(name=name) for name in cleaned]
    for option in set(present.values()) - set(kept):
        _drop_option(product, option)
    for position, option in enumerate(kept):
        option.position = position
    product.options = kept
    db.session.flush()


def rename_option(option: Option, name: str) -> None:
    option.name = name.strip()


def _drop_option(product: Product, option: Option) -> None:
    """Take the option away from the variants; whether they still differ is checked when their values are set."""
    for variant in product.variants:
        variant.option_values = [value for value in variant.option_values if value.option_id != option.id]
    db.session.flush()
    free_option(option)


def free_option(option: Option) -> None:
    """Variants in the trash may still hold the option's values; they let go of them with it."""
    for value in list(option.values):
        free_value(value)


def free_value(value: OptionValue) -> None:
    """Variants in the trash may still hold the value; they let go of it."""
    links = variant_option_value.c
    holders = db.select(Variant).join(variant_option_value, links.variant_id == Variant.id)
    holders = holders.where(Variant.deleted_token != 0)
    for variant in db.session.scalars(holders.where(links.option_value_id == value.id)):
        variant.option_values = [held for held in variant.ordered_values() if held.id != value.id]
        variant.option_key = "-".join(str(held.id) for held in variant.option_values)
    db.session.flush()


def option_value(option: Option, name: str) -> OptionValue:
    """Return the option's value of that name, made where it is missing."""
    wanted = name.strip()
    for value in option.values:
        if value.name == wanted:
            return value
    made = OptionValue(name=wanted, position=len(option.values))
    option.values.append(made)
    db.session.flush()
    return made


def set_values(variant: Variant, product: Product, names: Sequence[str]) -> None:
    """Give the variant one value for each of the product's options, in their order."""
    given = [name.strip() for name in names]
    for option, name in zip(product.options, given, strict=False):
        if not name:
            raise Refusal(_needs_value(option.name), "values")
    if len(given) < len(product.options):
        missing = product.options[len(given)].name
        raise Refusal(_needs_value(missing), "values")
    values = [option_value(option, name) for option, name in zip(product.options, given, strict=False)]
    key = "-".join(str(value.id) for value in values)
    if variant.option_key != key or [value.id for value in variant.ordered_values()] != [value.id for value in values]:
        variant.option_values = values
        variant.option_key = key


def _needs_value(option: str) -> str:
    return _("Every variant needs a value for %(option)s. Enter one.", option=option)


def _twice(title: str) -> str:
    if title:
        return _("The product has “%(title)s” twice. Give each variant values of its own.", title=title)
    return _("The product has two variants without options. Give each variant values of its own.")


def check_combinations(product: Product) -> None:
    """Refuse two variants with the same option values."""
    seen: dict[str, Variant] = {}
    for variant in product.variants:
        if variant.option_key in seen:
            raise Refusal(_twice(variant.title), "variants")
        seen[variant.option_key] = variant
