"""What the trash must know of the catalog: what is in use stays, and a product takes its variants along."""

from typing import Any

from sqlalchemy import func, inspect

from backoffice.audit import trash, undo
from backoffice.catalog.categories import check_parent, place
from backoffice.catalog.models import Brand, Category, Product, Tag, TaxClass, Variant, product_category
from backoffice.catalog.publishing import check_dates, check_keeps_price
from backoffice.catalog.slugs import check_slug, free_slug
from backoffice.catalog.variants import free_option, free_value
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.records import lock
from backoffice.wording import counted, joined


def count_products(*conditions: Any) -> int:
    return db.session.scalar(db.select(func.count(Product.id)).where(Product.deleted_token == 0, *conditions)) or 0


def _refuse_if_used(record: Any, uses: dict[str, int], way_out: str) -> None:
    found = [counted(count, noun) for noun, count in uses.items() if count]
    if found:
        in_use = _("“%(name)s” is in use by %(uses)s.", name=record, uses=joined(found))
        raise Refusal(f"{in_use} {way_out}")


def _check_category(category: Category) -> None:
    further = db.select(product_category.c.product_id).where(product_category.c.category_id == category.id)
    products = count_products((Product.category_id == category.id) | Product.id.in_(further))
    children = db.session.scalar(
        db.select(func.count(Category.id)).where(Category.parent_id == category.id, Category.deleted_token == 0)
    )
    _refuse_if_used(category, {"product": products, "category": children or 0}, _("Move them elsewhere first."))


def _check_brand(brand: Brand) -> None:
    _refuse_if_used(
        brand, {"product": count_products(Product.brand_id == brand.id)}, _("Give them another brand first.")
    )


def _check_tax_class(tax_class: TaxClass) -> None:
    uses = {"product": count_products(Product.tax_class_id == tax_class.id)}
    _refuse_if_used(tax_class, uses, _("Give them another tax class first."))


def _check_variant(variant: Variant) -> None:
    # Held, so that two who delete the last two variants at once do not leave none.
    lock(Product, variant.product_id)
    db.session.expire(variant.product, ["variants"])
    if not variant.product.is_deleted and [other.id for other in variant.product.variants] == [variant.id]:
        raise Refusal(_("A product keeps at least one variant. Delete the product instead."))
    if not variant.product.is_deleted:
        check_keeps_price(variant.product, without=variant)


def _homes_of_product(product: Product) -> list[Any]:
    return [product.brand, product.category, *product.categories, product.tax_class]


def _check_product(product: Product) -> None:
    if not product.is_deleted:
        trash.check_home(product)
        check_dates(product)
        check_keeps_price(product)


def _check_written_variant(variant: Variant) -> None:
    _check_values_are_there(variant)
    # A price is what the check asks for: where there is one, the product need not be looked at.
    if variant.price_minor is None and not variant.product.is_deleted:
        check_keeps_price(variant.product)


def _check_values_are_there(variant: Variant) -> None:
    written = inspect(variant).attrs
    if not (written.option_key.history.has_changes() or written.option_values.history.has_changes()):
        return
    if {int(key) for key in variant.option_key.split("-") if key} != {value.id for value in variant.option_values}:
        raise Refusal(_("An option or value that this variant had is gone. Take back first what removed it."))


def _check_moved_category(category: Category) -> None:
    trash.check_home(category)
    check_parent(category, category.parent)
    place(category)


undo.register_check("product", _check_product)
undo.register_check("variant", _check_written_variant)
undo.register_check("category", _check_moved_category)
undo.register_removal("option", free_option)
undo.register_removal("option_value", free_value)
undo.register_fields("category", derived=("path", "full_name", "parent_key"))
undo.register_fields("variant", together=("option_values", "option_key"))


def _read_slug(record: Any, text: str) -> str:
    return check_slug(text) if text else free_slug(type(record), record.name)


ADDRESS = {"slug": trash.Name(read=_read_slug, free=lambda record: free_slug(type(record), record.slug))}
OPTIONS = {"option_key": trash.Name(word=marked("options"))}

trash.register(Product, homes=_homes_of_product, names=ADDRESS)
trash.register(Variant, _check_variant, homes=lambda one: [one.product], whole=Variant.product, names=OPTIONS)
trash.register(Category, _check_category, homes=lambda one: [one.parent], names=ADDRESS)
trash.register(Brand, _check_brand, names=ADDRESS)
trash.register(TaxClass, _check_tax_class, names=ADDRESS)
trash.register(Tag, names=ADDRESS)
