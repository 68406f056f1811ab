"""Reads the demo catalog, which is kept as TOML files beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

CATALOG_FOLDER = Path(__file__).parent / "catalog"
SHOP_FILE = "shop.toml"


@dataclass(frozen=True)
class DemoCategory:
    slug: str
    name: str
    parent: str | None
    description: str


@dataclass(frozen=True)
class DemoBrand:
    slug: str
    name: str
    description: str


@dataclass(frozen=True)
class DemoTag:
    slug: str
    name: str


@dataclass(frozen=True)
class DemoTaxClass:
    slug: str
    name: str
    rate_percent: Decimal


@dataclass(frozen=True)
class DemoLocation:
    code: str
    name: str


@dataclass(frozen=True)
class DemoOption:
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class DemoVariant:
    """One thing on the shelf; `values` has one value for each option of the product."""

    values: tuple[str, ...]
    sku: str
    barcode: str | None
    price: Decimal | None
    compare_at: Decimal | None
    cost: Decimal | None
    weight_grams: int | None
    stock: Mapping[str, int]


@dataclass(frozen=True)
class DemoPicture:
    """What to draw; `colours` are ground, main and second colour as #rrggbb."""

    shape: str
    colours: tuple[str, str, str]
    alt: str


@dataclass(frozen=True)
class DemoProduct:
    slug: str
    name: str
    brand: str
    category: str
    also_in: tuple[str, ...]
    tags: tuple[str, ...]
    status: str
    publish_at: datetime | None
    unpublish_at: datetime | None
    tax_class: str
    seo_title: str | None
    seo_description: str | None
    description: str | None
    options: tuple[DemoOption, ...]
    variants: tuple[DemoVariant, ...]
    picture: DemoPicture | None


@dataclass(frozen=True)
class DemoCatalog:
    """Categories stand after their parents, so they can be stored in this order."""

    categories: tuple[DemoCategory, ...]
    brands: tuple[DemoBrand, ...]
    tags: tuple[DemoTag, ...]
    tax_classes: tuple[DemoTaxClass, ...]
    locations: tuple[DemoLocation, ...]
    products: tuple[DemoProduct, ...]


def read_catalog(folder: Path = CATALOG_FOLDER) -> DemoCatalog:
    shop = _read(folder / SHOP_FILE)
    product_files = sorted(path for path in folder.glob("*.toml") if path.name != SHOP_FILE)
    return DemoCatalog(
        categories=tuple(_category(entry) for entry in shop["category"]),
        brands=tuple(DemoBrand(**entry) for entry in shop["brand"]),
        tags=tuple(DemoTag(**entry) for entry in shop["tag"]),
        tax_classes=tuple(_tax_class(entry) for entry in shop["tax_class"]),
        locations=tuple(DemoLocation(**entry) for entry in shop["location"]),
        products=tuple(_product(entry) for path in product_files for entry in _read(path)["product"]),
    )


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _category(entry: dict[str, Any]) -> DemoCategory:
    return DemoCategory(entry["slug"], entry["name"], entry.get("parent"), entry["description"])


def _tax_class(entry: dict[str, Any]) -> DemoTaxClass:
    return DemoTaxClass(entry["slug"], entry["name"], Decimal(entry["rate_percent"]))


def _product(entry: dict[str, Any]) -> DemoProduct:
    return DemoProduct(
        slug=entry["slug"],
        name=entry["name"],
        brand=entry["brand"],
        category=entry["category"],
        also_in=tuple(entry.get("also_in", ())),
        tags=tuple(entry.get("tags", ())),
        status=entry["status"],
        publish_at=_moment(entry, "publish"),
        unpublish_at=_moment(entry, "unpublish"),
        tax_class=entry["tax_class"],
        seo_title=entry.get("seo_title"),
        seo_description=entry.get("seo_description"),
        description=_text(entry.get("description")),
        options=tuple(DemoOption(option["name"], tuple(option["values"])) for option in entry["options"]),
        variants=tuple(_variant(variant) for variant in entry["variant"]),
        picture=_picture(entry.get("picture")),
    )


def _variant(entry: dict[str, Any]) -> DemoVariant:
    return DemoVariant(
        values=tuple(entry["values"]),
        sku=entry["sku"],
        barcode=entry.get("barcode"),
        price=_amount(entry.get("price")),
        compare_at=_amount(entry.get("compare_at")),
        cost=_amount(entry.get("cost")),
        weight_grams=entry.get("weight_grams"),
        stock=entry.get("stock", {}),
    )


def _picture(entry: dict[str, Any] | None) -> DemoPicture | None:
    if entry is None:
        return None
    ground, main, second = entry["colours"]
    return DemoPicture(entry["shape"], (ground, main, second), entry["alt"])


def _text(text: str | None) -> str | None:
    return None if text is None else text.strip()


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _moment(entry: dict[str, Any], act: str) -> datetime | None:
    """When something happens to a product: at a moment (`publish_at`), or some days from today (`publish_in_days`)."""
    if f"{act}_in_days" in entry:
        day = datetime.now(UTC) + timedelta(days=entry[f"{act}_in_days"])
        return day.replace(hour=8, minute=0, second=0, microsecond=0)
    moment = entry.get(f"{act}_at")
    return None if moment is None else moment.astimezone(UTC)
