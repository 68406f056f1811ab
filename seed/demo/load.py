"""Writes the demo shop: the rows beside each model, then the catalog's files, through the services that staff use."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backoffice.catalog.categories import place
from backoffice.catalog.models import Brand, Category, Product, Tag, TaxClass, Variant
from backoffice.catalog.publishing import set_status
from backoffice.catalog.variants import set_options, set_values
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.inventory.models import Location
from backoffice.inventory.stock import move
from backoffice.media.models import Picture
from backoffice.media.storage import store_image
from backoffice.settings.money import to_minor
from backoffice.settings.shop import ensure_settings, shop_settings
from backoffice.staff.accounts import first_owner
from backoffice.staff.models import SavedView
from backoffice.staff.permissions import ensure_roles
from backoffice.staff.saved_views import save_view
from seed.counts import Counts, ensure
from seed.demo.catalog_files import DemoCatalog, DemoProduct, DemoVariant, read_catalog
from seed.demo.pictures import draw

CURRENCY = "EUR"
PICTURE_PIXELS = 800
# The product list's views that everybody sees, by name: the part of the address behind the question mark.
VIEWS = {
    "Low stock": "status=published&level=low",
    "Drafts ready": "ready=1",
    "Without picture": "picture__empty=1",
}

Progress = Callable[[str], None]


def fill_with_demo(media_folder: Path, random_seed: int = 1, tell: Progress = lambda words: None) -> Counts:
    """Write what of the demo shop is missing; flushes, never commits.

    random_seed: decides how each stock came about (deliveries and sales), never how much there is.
    """
    counts, catalog = Counts(), read_catalog()
    counts.note("role", True, ensure_roles())
    settings = {"shop_name": "Tidewell", "currency": CURRENCY, "locale": "en", "time_zone": "Europe/Amsterdam"}
    counts.note("shop_settings", ensure_settings(**settings))
    if shop_settings().currency != CURRENCY:
        raise Refusal(f"The demo catalog has prices in {CURRENCY}; this shop counts in {shop_settings().currency}.")
    _fill_rows_beside_models(counts)
    homes = _Homes(counts, catalog)
    for number, product in enumerate(catalog.products, 1):
        tell(f"{number} of {len(catalog.products)} products")
        _ensure_product(counts, homes, product, media_folder, random.Random(f"{random_seed} {product.slug}"))
    share_demo_views(counts)
    return counts


def share_demo_views(counts: Counts) -> None:
    """Share the views that a shop begins with, as the owner's; where there is no owner yet, nobody shares any."""
    owner = first_owner()
    for name, query in VIEWS.items() if owner is not None else ():
        of_name = db.select(SavedView.id).filter_by(owner_id=owner.id, screen="product", name=name)
        is_missing = db.session.scalar(of_name) is None
        counts.note("saved_view", is_missing)
        if is_missing:
            save_view(owner.id, "product", name, query, is_shared=True)


def _fill_rows_beside_models(counts: Counts) -> None:
    """Every model may carry demo rows of its own: `demo_key` names their natural key, `demo_rows` holds them."""
    models = [mapper.class_ for mapper in db.Model.registry.mappers]
    for model in sorted(models, key=lambda one: one.__name__):
        for row in getattr(model, "demo_rows", ()):
            key = {model.demo_key: row[model.demo_key]}
            ensure(counts, model, key, {name: value for name, value in row.items() if name not in key})


class _Homes:
    """What products refer to, by slug or code, made where it is missing."""

    def __init__(self, counts: Counts, catalog: DemoCatalog) -> None:
        self.brands = {
            one.slug: ensure(counts, Brand, {"slug": one.slug}, {"name": one.name, "description": one.description})
            for one in catalog.brands
        }
        self.tags = {one.slug: ensure(counts, Tag, {"slug": one.slug}, {"name": one.name}) for one in catalog.tags}
        self.tax_classes = {
            one.slug: ensure(
                counts,
                TaxClass,
                {"slug": one.slug},
                {"name": one.name, "rate_basis_points": int(one.rate_percent * 100)},
            )
            for one in catalog.tax_classes
        }
        self.locations = {
            one.code: ensure(counts, Location, {"code": one.code}, {"name": one.name}) for one in catalog.locations
        }
        self.categories: dict[str, Category] = {}
        for position, one in enumerate(catalog.categories):
            parent = self.categories.get(one.parent or "")
            category = self._category(counts, one, parent, position)
            self.categories[one.slug] = category

    def _category(self, counts: Counts, one: Any, parent: Category | None, position: int) -> Category:
        key = {"slug": one.slug, "parent_key": parent.id if parent else 0}
        values = {"name": one.name, "description": one.description, "parent": parent, "position": position}
        made = counts.created["category"]
        category = ensure(counts, Category, key, values)
        if counts.created["category"] > made:
            place(category)
        return category


def _ensure_product(
    counts: Counts, homes: _Homes, demo: DemoProduct, media_folder: Path, chance: random.Random
) -> None:
    present = _present_product(demo)
    if present is not None:
        counts.note("product", False)
        counts.note("variant", False, len(present.variants))
        counts.note("picture", False, 1 if demo.picture else 0)
        return
    product = _make_product(homes, demo)
    counts.note("product", True)
    for position, variant in enumerate(demo.variants):
        _make_variant(counts, homes, product, variant, position, chance)
    db.session.refresh(product, ["variants"])
    set_status(product, demo.status)
    if demo.picture:
        _make_picture(product, demo, media_folder)
        counts.note("picture", True)
    db.session.flush()


def _present_product(demo: DemoProduct) -> Product | None:
    """The product by its address, or by a SKU of its variants where staff gave it another address."""
    by_slug = db.select(Product).where(Product.slug == demo.slug, Product.deleted_token == 0)
    skus = [variant.sku for variant in demo.variants]
    by_sku = db.select(Variant).where(Variant.sku.in_(skus), Variant.deleted_token == 0).limit(1)
    found = db.session.scalar(by_slug)
    if found is None and (variant := db.session.scalar(by_sku)) is not None:
        return variant.product
    return found


def _make_product(homes: _Homes, demo: DemoProduct) -> Product:
    product = Product(
        slug=demo.slug,
        name=demo.name,
        description=demo.description,
        brand=homes.brands[demo.brand],
        category=homes.categories[demo.category],
        tax_class=homes.tax_classes[demo.tax_class],
        publish_at=demo.publish_at,
        unpublish_at=demo.unpublish_at,
        seo_title=demo.seo_title,
        seo_description=demo.seo_description,
    )
    product.tags = [homes.tags[slug] for slug in demo.tags]
    product.categories = [homes.categories[slug] for slug in demo.also_in]
    db.session.add(product)
    set_options(product, [option.name for option in demo.options])
    return product


def _make_variant(
    counts: Counts, homes: _Homes, product: Product, demo: DemoVariant, position: int, chance: random.Random
) -> None:
    variant = Variant(
        product=product,
        sku=demo.sku,
        barcode=demo.barcode,
        price_minor=_minor(demo.price),
        compare_at_price_minor=_minor(demo.compare_at),
        cost_minor=_minor(demo.cost),
        weight_grams=demo.weight_grams,
        position=position,
    )
    set_values(variant, product, demo.values)
    db.session.add(variant)
    db.session.flush()
    counts.note("variant", True)
    for code, stock in demo.stock.items():
        counts.note("stock_movement", True, _stock_up(variant, homes.locations[code], stock, chance))


def _minor(amount: Any) -> int | None:
    return None if amount is None else to_minor(amount, CURRENCY)


def _stock_up(variant: Variant, location: Location, stock: int, chance: random.Random) -> int:
    """Let the stock come about as it does in a shop: a delivery, then sales; returns the number of movements."""
    sold = chance.randint(1, 12)
    move(variant, location, stock + sold, "delivery", None, "Opening delivery")
    move(variant, location, -sold, "sale", None, "Sold in the first week")
    return 2


def _make_picture(product: Product, demo: DemoProduct, media_folder: Path) -> None:
    assert demo.picture is not None
    image = draw(demo.picture.shape, demo.picture.colours, demo.slug, PICTURE_PIXELS)
    checksum, size = store_image(media_folder, image)
    picture = Picture(
        product_id=product.id,
        checksum=checksum,
        alt_text=demo.picture.alt,
        width=image.width,
        height=image.height,
        size_bytes=size,
    )
    db.session.add(picture)
