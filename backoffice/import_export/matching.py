"""Which variant of the file is which of the catalog: by SKU, else by the product's option values."""

from dataclasses import dataclass

from backoffice.errors import Refusal
from backoffice.import_export.catalog_file import FileProduct, FileVariant
from backoffice.import_export.stored import StoredProduct, StoredVariant
from backoffice.languages import gettext as _


class RowRefusal(Refusal):
    """A Refusal at a row of the file; field names the column by our name for it."""

    def __init__(self, message: str, field: str, row: int) -> None:
        super().__init__(message, field)
        self.row = row


@dataclass(frozen=True)
class Match:
    """values: what the variant's option values shall be, in the order of the product's options."""

    file: FileVariant
    stored: StoredVariant | None
    values: tuple[str, ...]


@dataclass(frozen=True)
class Matched:
    option_names: tuple[str, ...]
    variants: list[Match]


def match_variants(product: FileProduct, stored: StoredProduct | None) -> Matched:
    """Raises Refusal where the product's variants could no longer be told apart."""
    names = _option_names(product, stored)
    found = _find(product, stored)
    matches = []
    for variant in product.variants:
        match = found.get(variant.row)
        values = variant.values if variant.values is not None else (match.values if match else ())
        _check_values(variant, values, names)
        matches.append(Match(variant, match, values))
    matched_ids = {match.id for match in found.values()}
    others = [one for one in (stored.variants if stored else []) if one.id not in matched_ids]
    _check_others(product, names, stored, others)
    _check_combinations(matches, others)
    return Matched(names, matches)


def _option_names(product: FileProduct, stored: StoredProduct | None) -> tuple[str, ...]:
    """The names in the file; where it has none for a place, the name stays as it is."""
    before = stored.option_names if stored else ()
    if product.option_names is None:
        return before
    names = []
    for place, name in enumerate(product.option_names):
        name = name or (before[place] if place < len(before) else "")
        if not name:
            raise RowRefusal(
                _("This option has values but no name. Write its name."), f"option{place + 1}_name", product.row
            )
        names.append(name)
    if len({name.casefold() for name in names}) < len(names):
        message = _("Two options have the same name. Give each a name of its own.")
        raise RowRefusal(message, "option1_name", product.row)
    return tuple(names)


def _find(product: FileProduct, stored: StoredProduct | None) -> dict[int, StoredVariant]:
    """The stored variant of each row that has one. A SKU decides before option values do."""
    if stored is None:
        return {}
    by_sku = {one.fields["sku"]: one for one in stored.variants if one.fields["sku"]}
    found = {
        variant.row: by_sku[sku] for variant in product.variants if (sku := variant.fields.get("sku")) in by_sku and sku
    }
    taken = {one.id for one in found.values()}
    by_values = {one.values: one for one in stored.variants if one.id not in taken}
    for variant in product.variants:
        if variant.row not in found and (variant.values or ()) in by_values:
            found[variant.row] = by_values.pop(variant.values or ())
    return found


def _check_values(variant: FileVariant, values: tuple[str, ...], names: tuple[str, ...]) -> None:
    for place, name in enumerate(names):
        if place >= len(values) or not values[place]:
            message = _("Every variant needs a value for %(option)s. Enter one.", option=name)
            raise RowRefusal(message, f"option{place + 1}_value", variant.row)
    if len(values) > len(names):
        field = f"option{len(names) + 1}_value"
        sentence = _("This value belongs to no option of the product. Name the option.")
        raise RowRefusal(sentence, field, variant.row)


def _check_others(
    product: FileProduct, names: tuple[str, ...], stored: StoredProduct | None, others: list[StoredVariant]
) -> None:
    """Options can only be changed for all variants at once; one that the file does not name would be left without."""
    if stored is None or names == stored.option_names or not others:
        return
    message = _(
        "The product has other options in the catalog, and the file does not name all of its variants (%(variant)s). "
        "Add them by their SKU, or change the options on the product’s page first.",
        variant=" / ".join(others[0].values) or _("one without option values"),
    )
    raise RowRefusal(message, "option1_name", product.row)


def _check_combinations(matches: list[Match], others: list[StoredVariant]) -> None:
    kept = {one.values for one in others}
    for match in matches:
        if match.values in kept:
            message = _(
                "“%(variant)s” is another variant of this product already. Give each option values of its own.",
                variant=" / ".join(match.values) or _("A variant without option values"),
            )
            raise RowRefusal(message, "option1_value", match.file.row)
        kept.add(match.values)
