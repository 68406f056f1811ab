"""Carrying out a plan: in the caller's transaction, a chunk of products at a time, in few statements each.

Rows are locked and must still have the version that the plan was made from. Stock goes through inventory.stock.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import lazyload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from backoffice.audit.passing import put_back, step_aside
from backoffice.catalog import categories
from backoffice.catalog.models import Category, Option, OptionValue, Product, Tag, Variant
from backoffice.catalog.variants import option_value, rename_option, set_options, set_values
from backoffice.errors import StaleRecord
from backoffice.extensions import db
from backoffice.import_export.nouns import Noun
from backoffice.import_export.plan import Notify, Plan, PlannedPicture, PlannedProduct, PlannedVariant
from backoffice.inventory import stock
from backoffice.inventory.models import Location, StockLevel
from backoffice.languages import gettext as _
from backoffice.media.models import Picture
from backoffice.records import chunks
from backoffice.settings.shop import shop_settings

PRODUCTS_AT_ONCE = 200

VariantsByRow = dict[int, Variant]


def apply_plan(plan: Plan, reason: str, notify: Notify = lambda done, total: None) -> None:
    """Write what the plan creates and updates. Raises StaleRecord where somebody was quicker; flushes, never commits.

    reason: what the stock ledger gives as the reason of its entries.
    """
    # The session holds its records weakly: without this, each new price would read the settings again.
    settings = shop_settings()
    todo = plan.having("create", "update")
    _make_nouns(todo)
    done = 0
    for chunk in chunks(todo, PRODUCTS_AT_ONCE):
        variants = _create([one for one in chunk if one.stored is None])
        variants |= _update([one for one in chunk if one.stored is not None])
        if plan.location is not None:
            _count_stock(chunk, variants, plan.location, reason)
        done += len(chunk)
        notify(done, len(todo))
    del settings


def _make_nouns(products: list[PlannedProduct]) -> None:
    """Make the brands, tags and categories that these products need and the catalog lacks."""
    wanted = (_nouns_of(product) for product in products)
    missing = dict.fromkeys(noun for nouns in wanted for noun in nouns if noun.id is None)
    plain = {noun: noun.model(name=noun.name, slug=noun.slug) for noun in missing if noun.model is not Category}
    db.session.add_all(plain.values())
    db.session.flush()
    for noun, record in plain.items():
        noun.id = record.id
    for noun in missing:
        if noun.model is Category:
            _make_category(noun)


def _nouns_of(product: PlannedProduct) -> list[Noun]:
    changes = [product.changes[name].new for name in ("brand", "category") if name in product.changes]
    tags = product.changes["tags"].new if "tags" in product.changes else ()
    return [noun for noun in (*changes, *tags) if noun is not None]


def _make_category(noun: Noun) -> Category:
    if noun.id is not None:
        return db.session.get(Category, noun.id)
    parent = _make_category(noun.parent) if noun.parent else None
    category = Category(name=noun.name, slug=noun.slug)
    categories.set_parent(category, parent)
    db.session.add(category)
    categories.place(category)
    noun.id = category.id
    return category


def _create(products: list[PlannedProduct]) -> VariantsByRow:
    tags = _tags_of(products)
    made = [(planned, _new_product(planned, tags)) for planned in products]
    db.session.add_all(product for _, product in made)
    # Option values need their keys before a variant can be told apart by them.
    db.session.flush()
    variants: VariantsByRow = {}
    for planned, product in made:
        # A product just made has none; without this, each would be asked for its own.
        set_committed_value(product, "variants", [])
        variants |= _write_parts(planned, product, {})
    db.session.flush()
    return variants


def _new_product(planned: PlannedProduct, tags: dict[int, Tag]) -> Product:
    product = Product(slug=planned.slug)
    _write_product(planned, product, tags)
    product.options = [
        Option(name=name, position=place, values=_new_values(planned, place))
        for place, name in enumerate(planned.option_names)
    ]
    return product


def _new_values(planned: PlannedProduct, place: int) -> list[OptionValue]:
    names = dict.fromkeys(variant.values[place] for variant in planned.variants)
    return [OptionValue(name=name, position=position) for position, name in enumerate(names)]


def _write_product(planned: PlannedProduct, product: Product, tags: dict[int, Tag]) -> None:
    for name, change in planned.changes.items():
        if name in ("brand", "category"):
            setattr(product, f"{name}_id", change.new.id if change.new else None)
        elif name == "tags":
            product.tags = [tags[tag.id] for tag in change.new]
        elif name != "options":
            setattr(product, name, change.new)


def _tags_of(products: list[PlannedProduct]) -> dict[int, Tag]:
    keys = {tag.id for planned in products if "tags" in planned.changes for tag in planned.changes["tags"].new}
    return {tag.id: tag for tag in db.session.scalars(db.select(Tag).where(Tag.id.in_(keys)))} if keys else {}


def _update(products: list[PlannedProduct]) -> VariantsByRow:
    tags = _tags_of(products)
    records = _lock_products(products)
    pictures = _lock_pictures(products)
    variants: VariantsByRow = {}
    for planned in products:
        product = records[planned.stored.id]
        _write_product(planned, product, tags)
        if "options" in planned.changes:
            _write_options(product, planned.option_names)
        variants |= _write_parts(planned, product, pictures)
    db.session.flush()
    return variants


def _write_options(product: Product, names: Sequence[str]) -> None:
    """Rename the options that only have another name in the file; the others come, go or change places."""
    before = [option.name for option in product.options]
    if len(before) == len(names):
        for option, name in zip(product.options, names, strict=True):
            if option.name not in names and name not in before:
                rename_option(option, name)
    set_options(product, names)


def _lock_products(products: list[PlannedProduct]) -> dict[int, Product]:
    """The products with all that is theirs; locked as the product's page does it, products before variants."""
    versions = {planned.stored.id: planned.stored.version for planned in products}
    variants = [one.stored for planned in products for one in planned.variants if one.stored]
    _locked(Product, versions)
    _locked(Variant, {variant.id: variant.version for variant in variants})
    loaded = db.session.scalars(
        db.select(Product)
        .where(Product.id.in_(versions))
        .options(
            lazyload("*"),
            selectinload(Product.tags),
            selectinload(Product.options).selectinload(Option.values),
            selectinload(Product.variants).options(lazyload("*"), selectinload(Variant.option_values)),
        )
        .execution_options(populate_existing=True)
    )
    return {product.id: product for product in loaded}


def _lock_pictures(products: list[PlannedProduct]) -> dict[int, Picture]:
    versions = {one.stored.id: one.stored.version for planned in products for one in planned.pictures if one.stored}
    return _locked(Picture, versions, lazyload("*"), selectinload(Picture.variants).lazyload("*"))


def _locked(model: Any, versions: dict[int, int], *loads: Any) -> dict[int, Any]:
    """The records as they are now, locked. Raises StaleRecord where one is not what the plan was made from."""
    statement = (
        db.select(model)
        .where(model.id.in_(versions), model.deleted_token == 0)
        .order_by(model.id)
        .options(*(loads or (lazyload("*"),)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    records = {record.id: record for record in db.session.scalars(statement)} if versions else {}
    for key, version in versions.items():
        if key not in records or records[key].version != version:
            raise StaleRecord(_moved_since(records.get(key)))
    return records


def _moved_since(record: Any) -> str:
    if record is None:
        return _("One of the products was changed by somebody meanwhile. Import the file again.")
    return _("“%(name)s” was changed by somebody meanwhile. Import the file again.", name=record)


def _write_parts(planned: PlannedProduct, product: Product, pictures: dict[int, Picture]) -> VariantsByRow:
    stored = {variant.id: variant for variant in product.variants} if planned.stored else {}
    # Two variants that exchange their option values may not have the same ones for a moment even.
    aside = {("variant", one.stored.id): {"option_key": stored[one.stored.id].option_key} for one in _moving(planned)}
    for key, values in aside.items():
        step_aside(key, "option_key", values["option_key"])
    variants: VariantsByRow = {}
    following = max((variant.position + 1 for variant in stored.values()), default=0)
    for one in planned.variants:
        if one.stored is None:
            variants[one.file.row] = _new_variant(product, one, following)
            following += 1
        else:
            variants[one.file.row] = stored[one.stored.id]
            _write_columns(one, stored[one.stored.id])
            if "values" in one.changes or "options" in planned.changes:
                set_values(stored[one.stored.id], product, one.values)
    put_back(aside)
    for picture in planned.pictures:
        _write_picture(product, picture, pictures, variants)
    return variants


def _moving(planned: PlannedProduct) -> list[PlannedVariant]:
    moving = [one for one in planned.variants if one.stored and "values" in one.changes]
    return moving if len(moving) > 1 else []


def _new_variant(product: Product, planned: PlannedVariant, position: int) -> Variant:
    values = [option_value(option, name) for option, name in zip(product.options, planned.values, strict=True)]
    variant = Variant(product=product, position=position, option_values=values)
    variant.option_key = "-".join(str(value.id) for value in values)
    _write_columns(planned, variant)
    db.session.add(variant)
    return variant


def _write_columns(planned: PlannedVariant | PlannedPicture, record: Variant | Picture) -> None:
    for name, change in planned.changes.items():
        if name not in ("values", "on_hand"):
            setattr(record, name, change.new)


def _write_picture(
    product: Product, planned: PlannedPicture, pictures: dict[int, Picture], variants: VariantsByRow
) -> None:
    if planned.stored is None:
        picture = Picture(product=product, source_url=planned.file.url)
        db.session.add(picture)
    else:
        picture = pictures[planned.stored.id]
    _write_columns(planned, picture)
    for row in planned.joins:
        picture.variants.append(variants[row])


def _count_stock(products: Sequence[PlannedProduct], variants: VariantsByRow, location: Location, reason: str) -> None:
    counted = {
        variants[one.file.row].id: (variants[one.file.row], one.changes["on_hand"].new)
        for planned in products
        for one in planned.variants
        if "on_hand" in one.changes
    }
    levels = db.session.execute(
        db.select(StockLevel.variant_id, StockLevel.on_hand)
        .where(StockLevel.location_id == location.id, StockLevel.variant_id.in_(counted))
        .order_by(StockLevel.variant_id)
        .with_for_update()
    )
    on_hand = {row.variant_id: row.on_hand for row in levels}
    for key, (variant, count) in counted.items():
        # What the file counted holds, also where somebody booked a movement since the plan was made.
        delta = count - on_hand.get(key, 0)
        if delta:
            stock.move(variant, location, delta, "import", None, reason)
