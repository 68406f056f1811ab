"""The demo catalog is a promise of the README: these tests hold its figures and its soundness."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from seed.demo.catalog_files import DemoProduct, DemoVariant, read_catalog
from seed.demo.pictures import SHAPES, draw

CATALOG = read_catalog()
PRODUCTS = CATALOG.products
VARIANTS = [variant for product in PRODUCTS for variant in product.variants]
ACTIVE = [product for product in PRODUCTS if product.status == "active"]
PICTURED = [product for product in PRODUCTS if product.picture is not None]

SMALL = 60
FAR_AHEAD = datetime(2030, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def each(products: Sequence[DemoProduct]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("product", products, ids=lambda product: product.slug)


def repeated(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]


def gtin_is_correct(digits: str) -> bool:
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return weighted % 10 == 0


def is_sold_out(product: DemoProduct) -> bool:
    return all(variant.stock and sum(variant.stock.values()) == 0 for variant in product.variants)


def picture_digest(product: DemoProduct) -> str:
    picture = product.picture
    assert picture is not None
    return hashlib.sha256(draw(picture.shape, picture.colours, product.slug, SMALL).tobytes()).hexdigest()


class TagsUsed(HTMLParser):
    """Collects the names of tags and of attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.names |= {tag, *(f"{tag} {name}" for name, _ in attrs)}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_catalog_is_large_enough_to_try_everything():
    assert len(PRODUCTS) >= 90
    assert len(VARIANTS) >= 290
    assert len(CATALOG.brands) >= 16
    assert len(CATALOG.tags) >= 15
    assert len(SHAPES) >= 30


def test_the_category_tree_has_three_levels_and_parents_come_first():
    levels: dict[str, int] = {}
    for category in CATALOG.categories:
        levels[category.slug] = levels[category.parent] + 1 if category.parent else 1

    assert set(levels.values()) == {1, 2, 3}


def test_every_leaf_category_has_a_product():
    parents = {category.parent for category in CATALOG.categories}
    leaves = {category.slug for category in CATALOG.categories} - parents
    filled = {slug for product in PRODUCTS for slug in (product.category, *product.also_in)}

    assert leaves - filled == set()


def test_there_are_exactly_two_locations():
    assert {location.code: location.name for location in CATALOG.locations} == {
        "harbour": "Harbour warehouse",
        "old-town": "Old Town shop",
    }


@pytest.mark.parametrize("noun", ["categories", "brands", "tags", "tax_classes", "products"])
def test_slugs_are_unique_and_fit_an_address(noun):
    slugs = [entry.slug for entry in getattr(CATALOG, noun)]

    assert repeated(slugs) == []
    assert [
        slug for slug in slugs if not slug.isascii() or not slug.replace("-", "").isalnum() or slug.lower() != slug
    ] == []


def test_every_brand_tag_and_category_has_a_name_of_its_own():
    assert repeated(brand.name for brand in CATALOG.brands) == []
    assert repeated(tag.name for tag in CATALOG.tags) == []
    assert repeated((category.parent, category.name) for category in CATALOG.categories) == []


def test_skus_and_barcodes_are_unique():
    assert repeated(variant.sku for variant in VARIANTS) == []
    assert repeated(variant.barcode for variant in VARIANTS if variant.barcode) == []


def test_barcodes_are_correct_and_mean_no_real_company():
    barcodes = [variant.barcode for variant in VARIANTS if variant.barcode]

    assert len(barcodes) > len(VARIANTS) * 0.8
    assert [code for code in barcodes if not (len(code) == 13 and code.startswith("2") and gtin_is_correct(code))] == []


@each(PRODUCTS)
def test_references_resolve(product):
    categories = {category.slug for category in CATALOG.categories}
    locations = {location.code for location in CATALOG.locations}

    assert product.brand in {brand.slug for brand in CATALOG.brands}
    assert {product.category, *product.also_in} <= categories
    assert product.category not in {category.parent for category in CATALOG.categories}
    assert product.category not in product.also_in
    assert set(product.tags) <= {tag.slug for tag in CATALOG.tags}
    assert product.tax_class in {tax_class.slug for tax_class in CATALOG.tax_classes}
    assert all(set(variant.stock) in (locations, set()) for variant in product.variants)


@each(PRODUCTS)
def test_each_variant_is_a_combination_of_its_own(product):
    combinations = [variant.values for variant in product.variants]

    assert combinations
    assert repeated(combinations) == []
    for values in combinations:
        assert len(values) == len(product.options)
        assert all(value in option.values for value, option in zip(values, product.options, strict=True))


@each(PRODUCTS)
def test_each_option_value_is_used(product):
    for place, option in enumerate(product.options):
        assert {variant.values[place] for variant in product.variants} == set(option.values)


@each(PRODUCTS)
def test_amounts_make_sense(product):
    for variant in product.variants:
        assert variant.price is not None or product.status == "draft"
        assert variant.compare_at is None or variant.price < variant.compare_at
        assert variant.cost is None or 0 < variant.cost < variant.price
        assert variant.weight_grams is None or variant.weight_grams > 0
        assert all(isinstance(level, int) and level >= 0 for level in variant.stock.values())
        assert has_two_decimals(variant)


def has_two_decimals(variant: DemoVariant) -> bool:
    amounts = (variant.price, variant.compare_at, variant.cost)
    return all(amount.as_tuple().exponent == -2 for amount in amounts if amount is not None)


@each(ACTIVE)
def test_an_active_product_is_ready_to_sell(product):
    assert product.picture is not None
    assert len(product.description or "") >= 120
    assert all(variant.stock for variant in product.variants)


def test_descriptions_are_distinct():
    assert repeated(product.description for product in PRODUCTS if product.description) == []


@each([product for product in PRODUCTS if product.description])
def test_descriptions_use_few_tags_and_close_them(product):
    parser = TagsUsed()
    parser.feed(product.description)

    assert parser.open == []
    assert parser.names <= {"p", "ul", "li", "strong", "em"}


def test_every_state_of_a_product_occurs():
    states = Counter(product.status for product in PRODUCTS)

    assert set(states) == {"active", "draft", "archived"}
    assert states["draft"] >= 8
    assert states["archived"] >= 5


def test_some_drafts_are_unfinished():
    drafts = [product for product in PRODUCTS if product.status == "draft"]

    assert any(product.description is None for product in drafts)
    assert any(product.picture is None for product in drafts)
    assert any(variant.price is None for product in drafts for variant in product.variants)


def test_some_products_are_scheduled_and_some_are_hidden():
    scheduled = [product for product in ACTIVE if product.publish_at and product.publish_at > FAR_AHEAD]
    hidden = [product for product in ACTIVE if product.unpublish_at and product.unpublish_at < LONG_AGO]

    assert len(scheduled) in (2, 3)
    assert len(hidden) == 2


def test_some_products_come_and_go_within_two_weeks_of_today():
    now, soon = datetime.now(UTC), datetime.now(UTC) + timedelta(days=14)

    assert sum(now < product.publish_at < soon for product in ACTIVE if product.publish_at) == 1
    assert sum(now < product.unpublish_at < soon for product in ACTIVE if product.unpublish_at) == 2


def test_moments_are_in_utc():
    moments = [moment for product in PRODUCTS for moment in (product.publish_at, product.unpublish_at) if moment]

    assert {moment.tzinfo for moment in moments} == {UTC}


def test_stock_runs_from_plenty_to_none():
    levels = [sum(variant.stock.values()) for variant in VARIANTS if variant.stock]

    assert sum(is_sold_out(product) for product in ACTIVE) >= 6
    assert sum(1 <= level <= 4 for level in levels) >= 15
    assert max(levels) >= 80


def test_enough_products_are_discounted():
    discounted = [product for product in PRODUCTS if any(variant.compare_at for variant in product.variants)]

    assert len(discounted) >= 12


def test_every_shape_is_known_and_every_picture_has_a_text():
    pictures = [product.picture for product in PICTURED]

    assert {picture.shape for picture in pictures} <= set(SHAPES)
    assert len({picture.shape for picture in pictures}) >= 30
    assert all(len(picture.alt) >= 12 for picture in pictures)


def test_every_picture_is_different():
    digests = {product.slug: picture_digest(product) for product in PICTURED}

    assert repeated(digests.values()) == []


def test_a_picture_is_the_same_each_time_it_is_drawn():
    for product in PICTURED[::20]:
        assert picture_digest(product) == picture_digest(product)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_can_be_drawn(shape):
    picture = draw(shape, ("#e8e2d6", "#2f4a7d", "#d9d4c8"), "any", SMALL)

    assert picture.size == (SMALL, SMALL)
    assert picture.mode == "RGB"
    assert len(picture.getcolors(SMALL * SMALL)) > 20


def test_a_picture_is_a_thousand_pixels_wide_unless_told():
    assert draw("mug", ("#e8e2d6", "#2f4a7d", "#d9d4c8"), "any").size == (1000, 1000)
