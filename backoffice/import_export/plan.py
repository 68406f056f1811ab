"""What an import would do, product by product: create, update with old → new, leave unchanged, or refuse and why.

A plan is plain values and writes nothing; a preview shows it and apply.py carries it out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.import_export import comparing
from backoffice.import_export.catalog_file import CatalogFile, FilePicture, FileProduct, FileVariant, Problem
from backoffice.import_export.checking import check_file, slug_of
from backoffice.import_export.comparing import Change
from backoffice.import_export.matching import match_variants
from backoffice.import_export.nouns import Nouns
from backoffice.import_export.stored import SkuHolder, Stored, StoredPicture, StoredProduct, StoredVariant, read_stored
from backoffice.inventory.models import Location
from backoffice.languages import gettext as _
from backoffice.records import utc_now
from backoffice.settings.shop import shop_settings

PRODUCTS_AT_ONCE = 500

Notify = Callable[[int, int], None]


@dataclass
class PlannedVariant:
    """changes: by column, and `values` and `on_hand` beside them. stored: None for a new one."""

    file: FileVariant
    stored: StoredVariant | None
    changes: dict[str, Change] = field(default_factory=dict)
    values: tuple[str, ...] = ()


@dataclass
class PlannedPicture:
    """joins: rows of the file whose variants it newly shows."""

    file: FilePicture
    stored: StoredPicture | None
    changes: dict[str, Change] = field(default_factory=dict)
    joins: tuple[int, ...] = ()


@dataclass
class PlannedProduct:
    """changes: by column, and `brand`, `category`, `tags` and `options` beside them."""

    file: FileProduct
    slug: str
    stored: StoredProduct | None = None
    changes: dict[str, Change] = field(default_factory=dict)
    option_names: tuple[str, ...] = ()
    variants: list[PlannedVariant] = field(default_factory=list)
    pictures: list[PlannedPicture] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def action(self) -> str:
        if self.problems:
            return "refused"
        if self.stored is None:
            return "create"
        parts = [*self.variants, *self.pictures]
        is_changed = self.changes or any(part.stored is None or part.changes for part in parts)
        return "update" if is_changed or any(picture.joins for picture in self.pictures) else "unchanged"


@dataclass(frozen=True)
class Plan:
    file: CatalogFile
    products: tuple[PlannedProduct, ...]
    location: Location | None

    def having(self, *actions: str) -> list[PlannedProduct]:
        return [product for product in self.products if product.action in actions]

    @property
    def problems(self) -> list[Problem]:
        """Of refused products, and of rows that belong to none, in the order of the file."""
        found = [*self.file.problems, *(problem for product in self.products for problem in product.problems)]
        return sorted(found, key=lambda problem: problem.row)


def plan_import(file: CatalogFile, notify: Notify = lambda done, total: None) -> Plan:
    """Compare the file with the catalog; reads only."""
    planner = _Planner(file)
    checked = check_file(file, planner.currency)
    products: list[PlannedProduct] = []
    for chunk in _chunks(checked):
        stored = read_stored(
            {slug_of(product.handle) for product in chunk},
            {sku for product in chunk for variant in product.variants if (sku := variant.fields.get("sku"))},
            planner.location.id if planner.location else None,
        )
        products += [planner.plan(product, stored) for product in chunk]
        notify(len(products), len(checked))
    return Plan(file, tuple(products), planner.location)


def _chunks(products: tuple[FileProduct, ...]) -> Iterator[tuple[FileProduct, ...]]:
    return (products[start : start + PRODUCTS_AT_ONCE] for start in range(0, len(products), PRODUCTS_AT_ONCE))


class _Planner:
    """Plans one product after another; keeps what holds for all of them."""

    def __init__(self, file: CatalogFile) -> None:
        self.headers = file.headers
        self.currency = shop_settings().currency
        self.nouns = Nouns()
        self.at: datetime = utc_now()
        # Files name no location: what they count lies at the first one.
        self.location = db.session.scalar(
            db.select(Location).where(Location.deleted_token == 0).order_by(Location.id).limit(1)
        )
        self.handles_by_id: dict[int, str] = {}

    def plan(self, product: FileProduct, stored: Stored) -> PlannedProduct:
        slug = slug_of(product.handle)
        planned = PlannedProduct(product, slug, stored.by_slug.get(slug), problems=list(product.problems))
        if planned.problems:
            # What is wrong within the file is told first; the rest would only follow from it.
            return planned
        self._check_match(planned, stored.by_sku)
        for step in (self._plan_variants, self._plan_fields, self._plan_pictures):
            if not planned.problems:
                step(planned)
        return planned

    def _problem(self, planned: PlannedProduct, row: int, field: str, message: str) -> None:
        planned.problems.append(Problem(row, self.headers.get(field), message))

    def _check_match(self, planned: PlannedProduct, holders: Mapping[str, SkuHolder]) -> None:
        key = planned.stored.id if planned.stored else None
        if key is not None:
            other = self.handles_by_id.setdefault(key, planned.file.handle)
            if other != planned.file.handle:
                message = _(
                    "This handle and “%(other)s” lead to the same product of the catalog. Keep one of them.",
                    other=other,
                )
                self._problem(planned, planned.file.row, "handle", message)
        elif not planned.file.fields.get("name"):
            self._problem(planned, planned.file.row, "name", _("A new product needs a title. Write one."))
        for variant in planned.file.variants:
            holder = holders.get(variant.fields.get("sku") or "")
            if holder and holder.product_id != key:
                message = _(
                    "SKU “%(sku)s” belongs to “%(name)s” already.",
                    sku=variant.fields["sku"],
                    name=holder.product_name,
                )
                self._problem(planned, variant.row, "sku", message)

    def _plan_variants(self, planned: PlannedProduct) -> None:
        try:
            matched = match_variants(planned.file, planned.stored)
        except Refusal as refusal:
            row = getattr(refusal, "row", planned.file.row)
            self._problem(planned, row, refusal.field or "option1_value", refusal.message)
            return
        planned.option_names = matched.option_names
        before = planned.stored.option_names if planned.stored else ()
        if matched.option_names != before:
            planned.changes["options"] = Change(before, matched.option_names)
        for match in matched.variants:
            changes = comparing.variant_changes(match.file, match.stored, match.values)
            planned.variants.append(PlannedVariant(match.file, match.stored, changes, match.values))
            self._check_stock(planned, planned.variants[-1])
        if planned.stored is None and not planned.variants:
            # A product has at least one variant; like a new one on the screen, it begins with a blank one.
            planned.variants.append(PlannedVariant(FileVariant(planned.file.row, {}), None))

    def _check_stock(self, planned: PlannedProduct, variant: PlannedVariant) -> None:
        change = variant.changes.get("on_hand")
        if change is None:
            return
        if self.location is None:
            message = _("There is no location to keep stock at. Make one first.")
            self._problem(planned, variant.file.row, "quantity", message)
        elif change.new < 0 and not comparing.resulting(variant, "allows_backorder", False):
            message = _("Stock can’t be below 0 where the policy is deny. Enter 0 or more, or let it sell on.")
            self._problem(planned, variant.file.row, "quantity", message)

    def _plan_fields(self, planned: PlannedProduct) -> None:
        planned.changes |= comparing.product_changes(planned.file, planned.stored, self.nouns)
        planned.changes |= comparing.publishing_changes(planned.file.fields, planned.stored, self.at)
        if self._goes_on_sale_unpriced(planned):
            field = "status" if planned.file.fields.get("status") else "is_online"
            message = _("A product without a price can’t be active. Write a price, or draft as its status.")
            self._problem(planned, planned.file.row, field, message)

    def _goes_on_sale_unpriced(self, planned: PlannedProduct) -> bool:
        """The rule of catalog.publishing.set_status, told before anything is written."""
        touches_price = any("price_minor" in variant.changes for variant in planned.variants)
        if comparing.resulting(planned, "status", "draft") != "active" or not (
            "status" in planned.changes or touches_price
        ):
            return False
        named = {variant.stored.id for variant in planned.variants if variant.stored}
        others = [one for one in (planned.stored.variants if planned.stored else []) if one.id not in named]
        prices = [comparing.resulting(variant, "price_minor", None) for variant in planned.variants]
        return all(price is None for price in [*prices, *(one.fields["price_minor"] for one in others)])

    def _plan_pictures(self, planned: PlannedProduct) -> None:
        known = planned.stored.pictures if planned.stored else {}
        positions = [picture.fields["position"] for picture in planned.file.pictures if _is_placed(picture)]
        following = max(
            [planned.stored.next_picture_position if planned.stored else 0, *(one + 1 for one in positions)]
        )
        for picture in planned.file.pictures:
            stored = known.get(picture.url)
            if stored is None and not _is_placed(picture):
                picture = replace(picture, fields={**picture.fields, "position": following})
                following += 1
            changes = comparing.picture_changes(picture, stored)
            planned.pictures.append(PlannedPicture(picture, stored, changes, _joins(planned, picture, stored)))


def _is_placed(picture: FilePicture) -> bool:
    return picture.fields.get("position") is not None


def _joins(planned: PlannedProduct, picture: FilePicture, stored: StoredPicture | None) -> tuple[int, ...]:
    """Rows whose variants name the picture and do not show it yet; a blank cell takes none away."""
    shown = stored.variant_ids if stored else set()
    return tuple(
        variant.file.row
        for variant in planned.variants
        if variant.file.picture_url == picture.url and (variant.stored is None or variant.stored.id not in shown)
    )
