"""What a file says, made ours and checked without looking at the catalog: texts, amounts, codes, combinations.

Fields come out named as our columns (price becomes price_minor); what is wrong becomes a problem at its cell.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from backoffice.catalog.categories import DEEPEST_LEVEL
from backoffice.catalog.models import Brand, Category, Option, OptionValue, Product, Tag, Variant
from backoffice.catalog.slugs import check_slug, make_slug
from backoffice.errors import Refusal
from backoffice.import_export.catalog_file import CatalogFile, FilePicture, FileProduct, FileVariant, Problem
from backoffice.inventory.stock import LARGEST_STOCK
from backoffice.languages import gettext as _
from backoffice.media.models import Picture
from backoffice.settings.money import to_minor

PRODUCT_TEXTS = ("name", "description", "seo_title", "seo_description")
MONEY = {"price": "price_minor", "compare_at_price": "compare_at_price_minor", "cost": "cost_minor"}


def slug_of(handle: str) -> str:
    """The address that a handle names, empty where it holds no letter or digit.

    Other shops allow capitals and underscores; such a handle is normalised rather than refused,
    always in the same way, so that the same file finds the same product again.
    """
    try:
        return check_slug(handle)
    except Refusal:
        return make_slug(handle)


def check_file(file: CatalogFile, currency: str) -> tuple[FileProduct, ...]:
    """The file's products, normalised, each with all problems that can be told without the catalog."""
    checker = _Checker(file.headers, currency)
    products = [checker.check(product) for product in file.products]
    shared = _shared_addresses(products, file.headers) + _shared_skus(products, file.headers)
    by_product: dict[int, list[Problem]] = defaultdict(list)
    for place, problem in shared:
        by_product[place].append(problem)
    return tuple(
        replace(product, problems=tuple(sorted([*product.problems, *by_product[place]], key=lambda one: one.row)))
        for place, product in enumerate(products)
    )


class _Checker:
    """Checks one product after another; keeps the models on which a value is tried before it is taken."""

    def __init__(self, headers: Mapping[str, str], currency: str) -> None:
        self.headers = headers
        self.currency = currency
        self.tried = {
            model: model() for model in (Product, Variant, Picture, Option, OptionValue, Brand, Category, Tag)
        }
        self.problems: list[Problem] = []

    def check(self, product: FileProduct) -> FileProduct:
        self.problems = list(product.problems)
        fields = self._product_fields(product)
        names = self._names(product)
        variants = tuple(self._variant(variant) for variant in product.variants)
        pictures = tuple(self._picture(picture) for picture in product.pictures)
        if not slug_of(product.handle):
            self._note(product.row, "handle", _("Write the handle in letters, digits and hyphens."))
        self._check_values(variants)
        return replace(
            product,
            fields=fields,
            option_names=names,
            variants=variants,
            pictures=pictures,
            problems=tuple(self.problems),
        )

    def _note(self, row: int, field: str, message: str) -> None:
        problem = Problem(row, self.headers.get(field), message)
        if problem not in self.problems:
            self.problems.append(problem)

    def _stored_form(self, model: Any, key: str, value: Any) -> Any:
        """The value as the model keeps it: NFC, cleaned, bounded. Raises Refusal for what it would not take."""
        record = self.tried[model]
        setattr(record, key, value)
        return getattr(record, key)

    def _try(self, row: int, field: str, model: Any, key: str, value: Any) -> Any:
        try:
            return self._stored_form(model, key, value)
        except Refusal as refusal:
            self._note(row, field, refusal.message)
            return None

    def _product_fields(self, product: FileProduct) -> dict[str, Any]:
        fields = dict(product.fields)
        for key in PRODUCT_TEXTS:
            if fields.get(key) is not None:
                fields[key] = self._try(product.row, key, Product, key, fields[key]) or None
        nouns = (("brand", Brand), ("category", Category), ("tags", Tag))
        for key, model in nouns:
            if fields.get(key):
                given = (fields[key],) if key == "brand" else fields[key]
                names = tuple(self._try(product.row, key, model, "name", name) or "" for name in given)
                fields[key] = names[0] if key == "brand" else names
        if len(fields.get("category") or ()) > DEEPEST_LEVEL:
            self._note(
                product.row, "category", _("Categories go %(number)s levels deep at most.", number=DEEPEST_LEVEL)
            )
        return fields

    def _names(self, product: FileProduct) -> tuple[str, ...] | None:
        if product.option_names is None:
            return None
        names = tuple(
            self._try(product.row, f"option{place}_name", Option, "name", name) or ""
            for place, name in enumerate(product.option_names, 1)
        )
        given = [name.casefold() for name in names if name]
        if len(set(given)) < len(given):
            sentence = _("Two options have the same name. Give each a name of its own.")
            self._note(product.row, "option1_name", sentence)
        return names

    def _variant(self, variant: FileVariant) -> FileVariant:
        fields: dict[str, Any] = {}
        for name, value in variant.fields.items():
            key = MONEY.get(name, name)
            fields[key] = value if value is None else self._variant_value(variant.row, name, key, value)
        values = variant.values and tuple(
            self._try(variant.row, f"option{place}_value", OptionValue, "name", value) or ""
            for place, value in enumerate(variant.values, 1)
        )
        return replace(variant, fields=fields, values=values)

    def _variant_value(self, row: int, name: str, key: str, value: Any) -> Any:
        try:
            if name in MONEY:
                return to_minor(value, self.currency)
            if name == "quantity":
                return _checked_quantity(value)
            return self._stored_form(Variant, key, value)
        except Refusal as refusal:
            self._note(row, name, refusal.message)
            return None

    def _picture(self, picture: FilePicture) -> FilePicture:
        url = self._try(picture.row, "picture_url", Picture, "source_url", picture.url)
        fields = {
            key: value if value is None else self._try(picture.row, key, Picture, key, value)
            for key, value in picture.fields.items()
        }
        return replace(picture, url=url or picture.url, fields=fields)

    def _check_values(self, variants: tuple[FileVariant, ...]) -> None:
        rows: dict[tuple[str, ...], int] = {}
        for variant in variants:
            # Without columns for options, only the SKU tells variants apart.
            key = variant.values if variant.values is not None else (variant.fields.get("sku") or "",)
            if key in rows:
                self._note(variant.row, "option1_value", _twice(variant.values, rows[key]))
            rows.setdefault(key, variant.row)


def _checked_quantity(quantity: int) -> int:
    if abs(quantity) > LARGEST_STOCK:
        raise Refusal(_("That is more than any shelf holds. Check the number of digits."))
    return quantity


def _twice(values: tuple[str, ...] | None, first_row: int) -> str:
    if not values:
        return _(
            "A variant without option values is in row %(row)s already. Give each variant option values of its own.",
            row=first_row,
        )
    return _(
        "“%(values)s” is in row %(row)s already. Give each variant option values of its own.",
        values=" / ".join(values),
        row=first_row,
    )


def _shared_addresses(products: Iterable[FileProduct], headers: Mapping[str, str]) -> list[tuple[int, Problem]]:
    """Handles that differ in the file and would become one address; neither product can be told to be the one."""
    places: dict[str, list[tuple[int, FileProduct]]] = defaultdict(list)
    for place, product in enumerate(products):
        places[slug_of(product.handle)].append((place, product))
    found = []
    for slug, sharing in places.items():
        if slug and len(sharing) > 1:
            for place, product in sharing:
                other = next(one for _, one in sharing if one is not product)
                message = _(
                    "This handle and “%(other)s” (row %(row)s) both make the address “%(address)s”. Change one.",
                    other=other.handle,
                    row=other.row,
                    address=slug,
                )
                found.append((place, Problem(product.row, headers.get("handle"), message)))
    return found


def _shared_skus(products: Iterable[FileProduct], headers: Mapping[str, str]) -> list[tuple[int, Problem]]:
    rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, product in enumerate(products):
        for variant in product.variants:
            if variant.fields.get("sku"):
                rows[variant.fields["sku"]].append((place, variant.row))
    found = []
    for sku, sharing in rows.items():
        for place, row in sharing if len(sharing) > 1 else ():
            other = next(other_row for _, other_row in sharing if other_row != row)
            message = _("SKU “%(sku)s” is in row %(row)s too. Give each variant a SKU of its own.", sku=sku, row=other)
            found.append((place, Problem(row, headers.get("sku"), message)))
    return found
