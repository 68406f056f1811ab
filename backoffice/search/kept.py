"""What is kept of each entity: of which columns its text is made, and whose changes reach it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, and_, or_, select

from backoffice.audit.models import ChangeSet
from backoffice.catalog.models import (
    Brand,
    Category,
    OptionValue,
    Product,
    SlugRedirect,
    Tag,
    Variant,
    product_tag,
    variant_option_value,
)
from backoffice.dialects import search_text
from backoffice.inventory.models import StockMovement
from backoffice.media.models import Picture
from backoffice.search import models
from backoffice.search.folding import fold, folded_words, with_compact
from backoffice.staff.models import SignIn, StaffMember

# By record: its name, and whatever else it is found by.
Texts = dict[int, list[str | None]]
Read = Callable[[Any, Any], Texts]
Row = tuple[str, str]


@dataclass(frozen=True)
class Source:
    """Another model whose values stand in the text.

    owner: the source's column that holds the record's key, where it is a part of it. reached: else the keys of all
    the records in which these sources stand, which may be many.
    """

    model: Any
    fields: frozenset[str]
    owner: str = ""
    reached: Callable[[Sequence[int]], Select[Any]] | None = None


@dataclass(frozen=True, eq=False)
class Kept:
    """One entity's kept texts. read: takes a connection and a condition on the model's key."""

    model: Any
    table: Table
    read: Read
    fields: frozenset[str]
    sources: tuple[Source, ...] = ()

    def rows(self, connection: Any, condition: Any) -> dict[int, Row]:
        """What should be kept of the records that meet a condition on their key: folded name and text, by key."""
        texts = self.read(connection, condition)
        return {key: _row(connection, parts) for key, parts in texts.items()}


def _row(connection: Any, parts: Sequence[str | None]) -> Row:
    name = " ".join(fold(parts[0] or "").split())[: models.LONGEST_NAME].rstrip()
    return name, search_text(connection, folded_words(parts))


_kept: dict[str, Kept] = {}


def register(kept: Kept) -> Kept:
    """Let an entity have kept texts; a slice to the left of this one registers its own."""
    return _kept.setdefault(kept.model.__tablename__, kept)


def all_kept() -> Iterable[Kept]:
    return _kept.values()


def kept_of(model: Any) -> Kept:
    return _kept[model.__tablename__]


def columns(*read: Any) -> Read:
    """Reads the text from columns of the model itself, its name first."""
    key = read[0].class_.id

    def read_columns(connection: Any, condition: Any) -> Texts:
        found = connection.execute(select(key, *read).where(condition(key)))
        return {row[0]: list(row[1:]) for row in found}

    return read_columns


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


def _read_products(connection: Any, condition: Any) -> Texts:
    products = select(Product.id, Product.name, Product.slug, Brand.name).outerjoin(Brand, Brand.id == Product.brand_id)
    texts: Texts = {row[0]: list(row[1:]) for row in connection.execute(products.where(condition(Product.id)))}
    # A product in the trash is found there by the numbers that went with it.
    is_its_own = or_(
        Variant.deleted_token == 0, and_(Product.deleted_token != 0, Variant.deleted_at == Product.deleted_at)
    )
    codes = (
        select(Variant.product_id, Variant.sku, Variant.barcode)
        .join(Product, Product.id == Variant.product_id)
        .where(condition(Variant.product_id), is_its_own)
        .order_by(Variant.product_id, Variant.id)
    )
    for key, sku, barcode in connection.execute(codes):
        texts[key] += [with_compact(sku), barcode]
    tags = (
        select(product_tag.c.product_id, Tag.name)
        .join(Tag, and_(Tag.id == product_tag.c.tag_id, Tag.deleted_token == 0))
        .where(condition(product_tag.c.product_id))
        .order_by(product_tag.c.product_id, Tag.id)
    )
    for key, name in connection.execute(tags):
        texts[key].append(name)
    return texts


def _read_variants(connection: Any, condition: Any) -> Texts:
    variants = select(Variant.id, Product.name, Variant.sku, Variant.barcode).join(
        Product, Product.id == Variant.product_id
    )
    found = connection.execute(variants.where(condition(Variant.id)))
    texts: Texts = {row[0]: [row[1], with_compact(row[2]), row[3]] for row in found}
    values = (
        select(variant_option_value.c.variant_id, OptionValue.name)
        .join(OptionValue, OptionValue.id == variant_option_value.c.option_value_id)
        .where(condition(variant_option_value.c.variant_id))
        .order_by(variant_option_value.c.variant_id, OptionValue.id)
    )
    for key, name in connection.execute(values):
        texts[key].append(name)
    return texts


def _read_pictures(connection: Any, condition: Any) -> Texts:
    pictures = select(Picture.id, Product.name, Picture.alt_text).join(Product, Product.id == Picture.product_id)
    return {row[0]: list(row[1:]) for row in connection.execute(pictures.where(condition(Picture.id)))}


def _read_sign_ins(connection: Any, condition: Any) -> Texts:
    sign_ins = select(SignIn.id, StaffMember.name, StaffMember.email, SignIn.address).join(
        StaffMember, StaffMember.id == SignIn.staff_member_id
    )
    return {row[0]: list(row[1:]) for row in connection.execute(sign_ins.where(condition(SignIn.id)))}


PRODUCTS = register(
    Kept(
        Product,
        models.product_search,
        _read_products,
        _of("name", "slug", "brand_id", "tags", "deleted_token"),
        (
            Source(Variant, _of("sku", "barcode", "deleted_token", "product_id"), owner="product_id"),
            Source(Brand, _of("name"), reached=lambda keys: select(Product.id).where(Product.brand_id.in_(keys))),
            Source(
                Tag,
                _of("name", "deleted_token"),
                reached=lambda keys: select(product_tag.c.product_id).where(product_tag.c.tag_id.in_(keys)),
            ),
        ),
    )
)
VARIANTS = register(
    Kept(
        Variant,
        models.variant_search,
        _read_variants,
        _of("sku", "barcode", "option_key", "option_values", "product_id"),
        (
            Source(Product, _of("name"), reached=lambda keys: select(Variant.id).where(Variant.product_id.in_(keys))),
            Source(
                OptionValue,
                _of("name"),
                reached=lambda keys: select(variant_option_value.c.variant_id).where(
                    variant_option_value.c.option_value_id.in_(keys)
                ),
            ),
        ),
    )
)
register(
    Kept(
        Picture,
        models.picture_search,
        _read_pictures,
        _of("alt_text", "product_id"),
        (Source(Product, _of("name"), reached=lambda keys: select(Picture.id).where(Picture.product_id.in_(keys))),),
    )
)
register(
    Kept(
        SignIn,
        models.sign_in_search,
        _read_sign_ins,
        _of("staff_member_id", "address"),
        (
            Source(
                StaffMember,
                _of("name", "email"),
                reached=lambda keys: select(SignIn.id).where(SignIn.staff_member_id.in_(keys)),
            ),
        ),
    )
)
register(Kept(Brand, models.brand_search, columns(Brand.name, Brand.slug), _of("name", "slug")))
register(Kept(Category, models.category_search, columns(Category.full_name, Category.slug), _of("full_name", "slug")))
register(Kept(Tag, models.tag_search, columns(Tag.name, Tag.slug), _of("name", "slug")))
register(Kept(SlugRedirect, models.slug_redirect_search, columns(SlugRedirect.old_slug), _of("old_slug")))
register(
    Kept(
        StockMovement,
        models.stock_movement_search,
        columns(StockMovement.variant_label, StockMovement.reason),
        _of("variant_label", "reason"),
    )
)
register(
    Kept(
        ChangeSet,
        models.change_set_search,
        columns(ChangeSet.summary, ChangeSet.actor_name, ChangeSet.source),
        _of("summary", "actor_name", "source"),
    )
)
