"""What the trash must know of the catalog: what is in use stays, and a product takes its variants along."""

from typing import Any

from sqlalchemy import func

from backoffice.audit import trash, undo
from backoffice.catalog.categories import check_parent, place
from backoffice.catalog.models import Brand, Category, Product, TaxClass, Variant, product_category
from backoffice.catalog.publishing import check_dates, check_keeps_price
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.records import lock
from backoffice.wording import counted


def count_products(*conditions: Any) -> int:
    return db.session.scalar(db.select(func.count(Product.id)).where(Product.deleted_token == 0, *conditions)) or 0


def _refuse_if_used(record: Any, uses: dict[str, int], way_out: str) -> None:
    found = [counted(count, noun) for noun, count in uses.items() if count]
    if found:
        raise Refusal(f"“{record}” is in use by {' and '.join(found)}. {way_out}")


def _check_category(category: Category) -> None:
    further = db.select(product_category.c.product_id).where(product_category.c.category_id == category.id)
    products = count_products((Product.category_id == category.id) | Product.id.in_(further))
    children = db.session.scalar(
        db.select(func.count(Category.id)).where(Category.parent_id == category.id, Category.deleted_token == 0)
    )
    _refuse_if_used(category, {"product": products, "category": children or 0}, "Move them elsewhere first.")


def _check_brand(brand: Brand) -> None:
    _refuse_if_used(brand, {"product": count_products(Product.brand_id == brand.id)}, "Give them another brand first.")


def _check_tax_class(tax_class: TaxClass) -> None:
    uses = {"product": count_products(Product.tax_class_id == tax_class.id)}
    _refuse_if_used(tax_class, uses, "Give them another tax class first.")


def _check_variant(variant: Variant) -> None:
    # Held, so that two who delete the last two variants at once do not leave none.
    lock(Product, variant.product_id)
    db.session.expire(variant.product, ["variants"])
    if not variant.product.is_deleted and [other.id for other in variant.product.variants] == [variant.id]:
        raise Refusal("A product keeps at least one variant. Delete the product instead.")
    if not variant.product.is_deleted:
        check_keeps_price(variant.product, without=variant)


def _check_product_home(product: Product) -> None:
    for needed in (product.brand, product.category, product.tax_class):
        if needed is not None and needed.is_deleted:
            raise Refusal(f"“{needed}” is in the trash too. Restore it first.")


def _check_category_home(category: Category) -> None:
    if category.parent is not None and category.parent.is_deleted:
        raise Refusal(f"“{category.parent}” is in the trash too. Restore it first.")


def _check_variant_home(variant: Variant) -> None:
    if variant.product.is_deleted:
        raise Refusal(f"“{variant.product}” is in the trash too. Restore it first.")


def _variants_of(product: Product) -> list[Variant]:
    return list(db.session.scalars(db.select(Variant).where(Variant.product_id == product.id)))


def _check_product(product: Product) -> None:
    if not product.is_deleted:
        _check_product_home(product)
        check_dates(product)
        check_keeps_price(product)


def _check_written_variant(variant: Variant) -> None:
    # A price is what the check asks for: where there is one, the product need not be looked at.
    if variant.price_minor is None:
        check_keeps_price(variant.product)


def _check_moved_category(category: Category) -> None:
    _check_category_home(category)
    check_parent(category, category.parent)
    place(category)


undo.register_check("product", _check_product)
undo.register_check("variant", _check_written_variant)
undo.register_check("category", _check_moved_category)
undo.register_fields("category", derived=("path", "full_name", "parent_key"))
undo.register_fields("variant", together=("option_values", "option_key"))

trash.register(Product, before_restore=_check_product_home, companions=_variants_of)
trash.register(Variant, before_trash=_check_variant, before_restore=_check_variant_home)
trash.register(Category, before_trash=_check_category, before_restore=_check_category_home)
trash.register(Brand, before_trash=_check_brand)
trash.register(TaxClass, before_trash=_check_tax_class)
