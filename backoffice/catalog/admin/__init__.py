"""The catalog's screens, one file a noun."""

from backoffice.catalog.admin.nouns import (
    BrandScreen,
    CategoryScreen,
    PriceChangeScreen,
    SlugRedirectScreen,
    TagScreen,
    TaxClassScreen,
)
from backoffice.catalog.admin.products import ProductScreen
from backoffice.catalog.admin.variants import VariantScreen

__all__ = [
    "BrandScreen",
    "CategoryScreen",
    "PriceChangeScreen",
    "ProductScreen",
    "SlugRedirectScreen",
    "TagScreen",
    "TaxClassScreen",
    "VariantScreen",
]
