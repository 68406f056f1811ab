"""Real Shopify files, held against the facts that were counted from them."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backoffice.catalog.models import Brand, Category, Product, Tag, Variant
from backoffice.catalog.pricing import is_reduced
from backoffice.import_export.catalog_file import CatalogFile
from backoffice.import_export.readers import shopify
from backoffice.import_export.readers.text import read_records
from backoffice.inventory.models import StockLevel
from backoffice.media.models import Picture
from tests.import_export.files import import_json
from tests.making import stored

NAMES = ("shopify-home-decor.csv", "shopify-starter-faker.csv")


def facts_of(path: Path) -> dict[str, Any]:
    return json.loads(Path(f"{path}.expected.json").read_text(encoding="utf-8"))


def counted(file: CatalogFile) -> dict[str, Any]:
    """The counted facts, from what the reader yields."""
    variants = [variant for product in file.products for variant in product.variants]
    fields = [variant.fields for variant in variants]
    prices = [one["price"] for one in fields if one["price"] is not None]
    compared = [one["compare_at_price"] for one in fields if one["compare_at_price"] is not None]
    largest = max(file.products, key=lambda product: len(product.variants))
    return {
        "format": file.format,
        "products": len(file.products),
        "variants": len(variants),
        "rows_with_price": len(prices),
        "single_default_variant_products": sum(product.option_names == () for product in file.products),
        "products_with_real_options": sum(bool(product.option_names) for product in file.products),
        "max_variants": len(largest.variants),
        "max_variants_of": largest.handle,
        "option_names": sorted({name for product in file.products for name in product.option_names or ()}),
        "products_with_2plus_options": sum(len(product.option_names or ()) > 1 for product in file.products),
        "images_distinct_per_product": sum(len(product.pictures) for product in file.products),
        "products_without_image": sum(not product.pictures for product in file.products),
        "price_sum": sum(prices),
        "price_min": min(prices),
        "price_max": max(prices),
        "compare_at_count": len(compared),
        "compare_at_sum": sum(compared),
        "on_sale_variants": sum((one["compare_at_price"] or 0) > one["price"] for one in fields),
        "inventory_sum": str(sum(one["quantity"] for one in fields)),
        "tracked_variants": sum(one["tracks_stock"] for one in fields),
        "oversell_variants": sum(one["allows_backorder"] for one in fields),
        "skus": (sum(one["sku"] is not None for one in fields), len({one["sku"] for one in fields} - {None})),
        "barcodes": sum(one["barcode"] is not None for one in fields),
        "types": sorted({" > ".join(product.fields["category"]) for product in file.products}),
        "tags_distinct": len({tag for product in file.products for tag in product.fields["tags"]}),
        "tag_assignments": sum(len(product.fields["tags"]) for product in file.products),
        "grams_sum": str(sum(one["weight_grams"] for one in fields)),
    }


def expected(facts: dict[str, Any]) -> dict[str, Any]:
    sku, amounts = facts["sku"], ("price_sum", "price_min", "price_max", "compare_at_sum")
    wanted = facts | {name: Decimal(facts[name]) for name in amounts}
    return wanted | {"skus": (sku["nonblank"], sku["distinct"]), "barcodes": facts["barcode"]["nonblank"]}


@pytest.mark.parametrize("name", NAMES)
def test_the_reader_yields_what_was_counted(shared_folder: Path, name: str) -> None:
    path = shared_folder / "data" / "shopify" / name
    facts = expected(facts_of(path))
    if name == "shopify-starter-faker.csv":
        # The second run of mediocre-concrete-pants has three tags of its own, which are no tags of the product:
        # product fields stand on its first row. And fifteen times a cell names one tag twice.
        facts["tag_assignments"] -= 3 + 15

    file = shopify.read(path)

    assert file.rows == facts["raw"]["records"]
    assert file.unread == ()
    assert counted(file) == {key: facts[key] for key in counted(file)}


def test_the_home_decor_file_comes_in_whole_and_again_changes_nothing(app: Flask, shared_folder: Path) -> None:
    path = shared_folder / "data" / "shopify" / "shopify-home-decor.csv"

    first, second = import_json(path), import_json(path)

    variants = stored(Variant)
    assert (first["rows"], first["products"], first["variants"], first["create"]) == (21, 20, 21, 20)
    assert (first["refused"], first["problems"]) == (0, [])
    assert (second["unchanged"], second["change_set"]) == (20, None)
    assert len(stored(Product, status="active")) == 20
    assert sum(variant.price_minor for variant in variants) == 234_584
    assert sum(is_reduced(variant) for variant in variants) == 16
    assert sum(level.on_hand for level in stored(StockLevel)) == 65
    assert [brand.name for brand in stored(Brand)] == ["Company 123", "Home Sweet Home", "Rustic LTD"]
    assert {category.name for category in stored(Category)} == {"Indoor", "Outdoor"}
    assert (len(stored(Tag)), len(stored(Picture))) == (23, 21)


def test_the_faker_file_is_refused_for_its_one_doubled_variant(app: Flask, shared_folder: Path) -> None:
    path = shared_folder / "data" / "shopify" / "shopify-starter-faker.csv"

    whole = import_json(path)
    nothing = len(stored(Product))
    skipped = import_json(path, "--skip-refused")
    again = import_json(path, "--skip-refused")

    assert (whole["products"], whole["variants"], whole["create"], whole["refused"]) == (99, 300, 98, 1)
    assert [(one["row"], one["column"]) for one in whole["problems"]] == [(170, "Option1 value")]
    assert nothing == 0 and whole["change_set"] is None
    assert len(stored(Product)) == 98 and len(stored(Variant)) == 294
    assert skipped["change_set"] is not None
    assert (again["unchanged"], again["refused"], again["change_set"]) == (98, 1, None)


def test_each_csv_of_the_spectrum_is_read_as_its_json_says(shared_folder: Path) -> None:
    folder = shared_folder / "data" / "dirty-tabular" / "csv-spectrum"
    # The JSON of this one names another phone number than its CSV.
    paths = [path for path in sorted(folder.glob("*.csv")) if path.stem != "location_coordinates"]

    for path in paths:
        (_, header), *rows = read_records(path)
        assert [dict(zip(header, cells, strict=True)) for _, cells in rows] == json.loads(
            path.with_suffix(".json").read_text(encoding="utf-8")
        ), path.name
    assert len(paths) == 11
    assert csv.field_size_limit() == 4_000_000
