"""Catalog: what the shop sells and how it is ordered.

Words: product (one page), variant (one thing on the shelf, with a price), option and option value
(what tells variants apart), category (a tree), brand, tag, tax class, price change, slug redirect.
Rule: a product has at least one variant, and no two of its variants the same option values.
"""

from backoffice.catalog.models.brand import Brand
from backoffice.catalog.models.category import Category
from backoffice.catalog.models.price_change import PriceChange
from backoffice.catalog.models.product import Product, product_category, product_tag
from backoffice.catalog.models.slug_redirect import SlugRedirect
from backoffice.catalog.models.tag import Tag
from backoffice.catalog.models.tax_class import TaxClass
from backoffice.catalog.models.variant import Option, OptionValue, Variant, variant_option_value

__all__ = [
    "Brand",
    "Category",
    "Option",
    "OptionValue",
    "PriceChange",
    "Product",
    "SlugRedirect",
    "Tag",
    "TaxClass",
    "Variant",
    "product_category",
    "product_tag",
    "variant_option_value",
]
