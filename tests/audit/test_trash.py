"""The trash: what may go, what goes along, and what comes back."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from backoffice.audit import trash, trash_listing
from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.audit.taking_back import take_back
from backoffice.catalog import slugs
from backoffice.catalog.models import (
    Brand,
    Category,
    Option,
    OptionValue,
    Product,
    SlugRedirect,
    Tag,
    TaxClass,
    Variant,
)
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel, StockMovement
from backoffice.inventory.stock import move
from backoffice.media.models import Picture
from tests.making import make_brand, make_category, make_product, stored


@pytest.fixture(autouse=True)
def _on_every_database(app: Flask) -> None:
    """All of this holds on each of them."""


def refusal(act: Callable[[Any], None], record: Any) -> str:
    with pytest.raises(Refusal) as refused:
        act(record)
    db.session.rollback()
    return refused.value.message


def into_trash(*records: Any) -> None:
    for record in records:
        trash.trash(record)
        db.session.commit()


def out_of_trash(*records: Any) -> None:
    for record in records:
        trash.restore(record)
        db.session.commit()


def in_trash(model: Any) -> list[Any]:
    return [record for record in db.session.scalars(db.select(model)) if record.is_deleted]


def test_a_category_in_use_stays_and_says_by_what() -> None:
    kitchen = make_category("Kitchen")
    make_category("Pans", kitchen)
    make_product(category=kitchen)
    further = make_product()
    further.categories = [kitchen]
    db.session.commit()

    assert refusal(trash.trash, kitchen) == (
        "“Kitchen” is in use by 2 products and 1 category. Move them elsewhere first."
    )
    assert stored(Category, name="Kitchen") != []


def test_a_product_in_a_category_twice_is_counted_once() -> None:
    kitchen = make_category("Kitchen")
    product = make_product(category=kitchen)
    product.categories = [kitchen]
    db.session.commit()

    assert refusal(trash.trash, kitchen) == "“Kitchen” is in use by 1 product. Move them elsewhere first."


def test_several_categories_below_are_counted_in_the_plural() -> None:
    kitchen = make_category("Kitchen")
    make_category("Pans", kitchen)
    make_category("Knives", kitchen)

    assert refusal(trash.trash, kitchen) == "“Kitchen” is in use by 2 categories. Move them elsewhere first."


def test_what_is_used_only_by_the_trash_may_go() -> None:
    kitchen, brand = make_category("Kitchen"), make_brand("Norr")
    pans = make_category("Pans", kitchen)
    product = make_product(category=kitchen, brand=brand)

    into_trash(product, pans, kitchen, brand)

    assert stored(Category) == stored(Brand) == stored(Product) == []


def test_a_brand_in_use_stays() -> None:
    brand = make_brand("Norr")
    for _ in range(3):
        make_product(brand=brand)

    assert refusal(trash.trash, brand) == "“Norr” is in use by 3 products. Give them another brand first."


def test_a_tax_class_in_use_stays() -> None:
    [standard] = stored(TaxClass)
    make_product(tax_class=standard)

    assert refusal(trash.trash, standard) == "“Standard” is in use by 1 product. Give them another tax class first."


def test_a_location_that_holds_stock_stays() -> None:
    [location] = stored(Location)
    product = make_product(prices=(1, 2))
    for variant in product.variants:
        move(variant, location, 4, "delivery", None)
    db.session.commit()
    several = refusal(trash.trash, location)
    move(product.variants[0], location, -4, "sale", None)
    db.session.commit()
    one = refusal(trash.trash, location)
    move(product.variants[1], location, -4, "sale", None)
    into_trash(location)

    assert several == "“Main location” still holds stock of 2 variants. Move it first."
    assert one == "“Main location” still holds stock of 1 variant. Move it first."
    assert stored(Location) == []


def test_a_tag_may_go_at_any_time_and_comes_back_to_its_products() -> None:
    tag = Tag(name="Sale", slug="sale")
    product = make_product()
    product.tags = [tag]
    db.session.commit()

    into_trash(tag)
    db.session.expire_all()
    while_gone = list(product.tags)
    out_of_trash(tag)
    db.session.expire_all()

    assert while_gone == []
    assert product.tags == [tag]


def test_an_address_is_free_for_reuse_at_once() -> None:
    into_trash(make_brand("Norr"))

    again = make_brand("Norr")
    into_trash(again)
    third = make_brand("Norr")

    assert [brand.id for brand in stored(Brand)] == [third.id]
    assert slugs.free_slug(Brand, "Norr") == "norr-2"


def test_the_sku_of_a_deleted_product_is_free_for_reuse_at_once() -> None:
    into_trash(make_product("Mug", skus=["MUG"], slug="mug"))

    again = make_product("Mug", skus=["MUG"], slug="mug")

    assert [variant.sku for variant in stored(Variant)] == ["MUG"]
    assert stored(Product) == [again]


def test_what_was_reused_meanwhile_is_not_restored_over_its_new_owner() -> None:
    old = make_brand("Norr")
    into_trash(old)
    new = make_brand("Norr")
    new.name = "New Norr"
    db.session.commit()

    assert refusal(trash.restore, old) == "“norr” is in use by New Norr now. Change it there, then restore this."
    assert [brand.name for brand in stored(Brand)] == ["New Norr"]


def test_a_sku_that_was_reused_holds_up_its_old_product() -> None:
    old = make_product("Old Mug", skus=["MUG"])
    into_trash(old)
    make_product("New Mug", skus=["MUG"])

    assert refusal(trash.restore, old) == "“MUG” is in use by New Mug now. Change it there, then restore this."
    assert [product.name for product in stored(Product)] == ["New Mug"]
    assert {variant.sku for variant in in_trash(Variant)} == {"MUG"}


def test_a_product_takes_its_variants_along_and_brings_them_back() -> None:
    product = make_product(prices=(1, 2))

    into_trash(product)
    gone = len(in_trash(Variant))
    out_of_trash(product)

    assert gone == 2
    assert [variant.price_minor for variant in stored(Variant)] == [1, 2]


def test_a_product_brings_back_only_what_was_deleted_with_it() -> None:
    product = make_product(prices=(1, 2, 3))
    into_trash(product.variants[0])
    into_trash(product)

    out_of_trash(product)

    assert [variant.price_minor for variant in stored(Variant)] == [2, 3]
    assert [variant.price_minor for variant in in_trash(Variant)] == [1]


def test_the_last_variant_stays_with_its_product() -> None:
    product = make_product(prices=(1, 2))
    into_trash(product.variants[0])
    db.session.expire_all()

    said = refusal(trash.trash, product.variants[0])

    assert said == "A product keeps at least one variant. Delete the product instead."
    assert [variant.price_minor for variant in stored(Variant)] == [2]


def test_a_variant_of_a_deleted_product_waits_for_it() -> None:
    product = make_product("Mug", prices=(1, 2))
    first = product.variants[0]
    into_trash(first, product)

    assert refusal(trash.restore, first) == "“Mug” is in the trash too. Restore it first."


def test_a_product_waits_for_the_home_it_had() -> None:
    kitchen, brand = make_category("Kitchen"), make_brand("Norr")
    product = make_product(category=kitchen, brand=brand)
    into_trash(product, kitchen, brand)

    first = refusal(trash.restore, product)
    out_of_trash(brand)
    second = refusal(trash.restore, product)
    out_of_trash(kitchen, product)

    assert first == "“Norr” is in the trash too. Restore it first."
    assert second == "“Kitchen” is in the trash too. Restore it first."
    assert stored(Product) == [product]


def test_a_category_waits_for_the_one_above_it() -> None:
    kitchen = make_category("Kitchen")
    pans = make_category("Pans", kitchen)
    into_trash(pans, kitchen)

    assert refusal(trash.restore, pans) == "“Kitchen” is in the trash too. Restore it first."


def test_what_is_in_the_trash_already_and_what_lives_is_left_as_it_is() -> None:
    brand = make_brand("Norr")
    trash.restore(brand)
    into_trash(brand)
    version, at = brand.version, brand.deleted_at
    into_trash(brand)

    assert (brand.version, brand.deleted_at) == (version, at)


def test_only_what_is_in_the_trash_is_deleted_for_good() -> None:
    brand = make_brand("Norr")

    said = refusal(trash.delete_for_good, brand)

    assert said == "Only what is in the trash can be deleted for good. Delete it first."
    assert stored(Brand) == [brand]


def test_a_product_deleted_for_good_takes_all_its_parts_and_keeps_the_ledger_readable() -> None:
    [location] = stored(Location)
    product = make_product("Mug", prices=(1, 2), skus=["MUG-1", "MUG-2"])
    db.session.add(Picture(product_id=product.id, source_url="https://example.com/mug.jpg"))
    for variant in product.variants:
        move(variant, location, 4, "delivery", None, "Opening")
    product.slug = "other"
    db.session.commit()
    into_trash(product)

    trash.delete_for_good(product)
    db.session.commit()

    for model in (Product, Variant, Option, OptionValue, StockLevel, Picture, SlugRedirect):
        assert db.session.scalar(db.select(db.func.count(model.id))) == 0, model
    assert [(m.variant_id, m.variant_label, m.delta, m.balance_after) for m in stored(StockMovement)] == [
        (None, "Mug, Size 1 (MUG-1)", 4, 4),
        (None, "Mug, Size 2 (MUG-2)", 4, 4),
    ]
    deleted = stored(ChangeRow, operation="delete")
    assert {row.entity for row in deleted} >= {"product", "variant", "option", "option_value"}


def test_a_variant_deleted_for_good_leaves_the_product_with_the_others() -> None:
    product = make_product(prices=(1, 2))
    first = product.variants[0]
    into_trash(first)

    trash.delete_for_good(first)
    db.session.commit()

    assert [variant.price_minor for variant in stored(Variant)] == [2]
    assert len(stored(OptionValue)) == 2


def test_a_category_used_by_a_product_in_the_trash_is_not_deleted_for_good_under_it() -> None:
    kitchen = make_category("Kitchen")
    product = make_product(category=kitchen)
    into_trash(product, kitchen)

    said = refusal(trash.delete_for_good, kitchen)

    assert said == ("“Kitchen” can’t be deleted for good while 1 product in the trash still names it: Enamel Mug.")
    assert in_trash(Product) == [product] and in_trash(Category) == [kitchen]


def test_a_location_that_the_ledger_names_is_never_deleted_for_good() -> None:
    [location] = stored(Location)
    product = make_product(skus=["MUG"])
    move(product.variants[0], location, 4, "delivery", None)
    move(product.variants[0], location, -4, "sale", None)
    into_trash(location)

    said = refusal(trash.delete_for_good, location)

    assert said == (
        "“Main location” can’t be deleted for good while 1 stock level still names it: "
        "Stock of Enamel Mug at Main location and 2 stock movements still name it, such as +4 Enamel Mug (MUG)."
    )
    assert in_trash(Location) == [location]


def test_every_model_of_the_trash_frees_its_names_on_the_way_in() -> None:
    for model in trash.trashable_models():
        for rule in model.__table__.constraints:
            names = {column.name for column in getattr(rule, "columns", ())}
            if type(rule).__name__ == "UniqueConstraint":
                assert "deleted_token" in names, rule.name


def touched(record: Any) -> list[tuple[int, str, str]]:
    return [(one.count, one.noun, one.names) for one in trash.touched_by(type(record), [record.id])]


def test_a_product_says_what_else_its_deletion_touches() -> None:
    [location] = stored(Location)
    product = make_product("Mug", prices=(1, 2, 3, 4), skus=["A", "B", "C", "D"], slug="mug")
    into_trash(product.variants[3])
    db.session.add(Picture(product_id=product.id, source_url="https://example.com/mug.jpg"))
    move(product.variants[0], location, 40, "delivery", None)
    product.slug = "cup"
    db.session.commit()

    assert sorted(touched(product)) == [
        (1, "picture", ""),
        (2, "shop address", "cup and mug"),
        (3, "variant", "A, B and C"),
        (40, "piece of stock", "40 at Main location"),
    ]


def test_what_names_a_record_is_what_its_deletion_touches() -> None:
    kitchen, brand, tag = make_category("Kitchen"), make_brand("Norr"), Tag(name="Sale", slug="sale")
    make_category("Pans", kitchen)
    for name in ("Mug", "Pan", "Pot", "Urn"):
        make_product(name, brand=brand, category=kitchen).tags = [tag]
    db.session.commit()

    assert touched(brand) == [(4, "product", "Mug, Pan, Pot and 1 more")]
    assert touched(tag) == [(4, "product", "Mug, Pan, Pot and 1 more")]
    assert [one[:2] for one in touched(kitchen)] == [(4, "product"), (1, "category"), (1, "shop address")]


def test_many_go_as_far_as_they_may_whichever_comes_first() -> None:
    kitchen, garden = make_category("Kitchen"), make_category("Garden")
    pans = make_category("Pans", kitchen)
    make_product(category=garden)

    told = trash.refusals_of([kitchen, garden, pans])
    lives = len(stored(Category))
    left = trash.trash_each([kitchen, garden, pans])
    db.session.commit()

    assert [one.name for one in told] == [one.name for one in left] == ["Garden"]
    assert lives == 3
    assert [one.name for one in stored(Category)] == ["Garden"]


def test_of_the_last_two_variants_only_one_may_go() -> None:
    product = make_product(prices=(1, 2))

    told = trash.refusals_of(list(product.variants))

    assert len(told) == 1
    assert len(stored(Variant)) == 2


def test_all_taken_names_are_told_at_once_with_free_ones_beside() -> None:
    old = make_product("Old Mug", prices=(1, 2, 3), skus=["A", "B", "C"], slug="mug")
    into_trash(old)
    make_product("New Mug", prices=(1, 2), skus=["A", "B"], slug="mug")
    make_product("Third Mug", skus=["A-2"])

    plan = trash.plan_return(old)

    assert [(one.label, one.value, str(one.holder), one.typed) for one in plan.taken] == [
        ("Address", "mug", "New Mug", "mug-2"),
        ("SKU", "A", "New Mug, Size 1", "A-3"),
        ("SKU", "B", "New Mug, Size 2", "B-2"),
    ]
    assert not plan.is_settled


def typed_for(plan: Any, **chosen: str) -> dict[str, str]:
    return {one.key: chosen[one.value] for one in plan.taken}


def test_a_product_comes_back_under_other_names_and_can_be_taken_back_again() -> None:
    old = make_product("Old Mug", prices=(1, 2), skus=["A", "B"], slug="mug", status="active")
    into_trash(old)
    make_product("New Mug", skus=["A"], slug="mug")

    trash.restore(old, typed_for(trash.plan_return(old), mug="cup", A="A-9"))
    db.session.commit()
    names = [(one.product.slug, one.sku) for one in stored(Variant, product_id=old.id)]
    assert take_back(stored(ChangeSet)[-1], None).refused == {}
    db.session.commit()

    assert names == [("cup", "A-9"), ("cup", "B")]
    assert stored(SlugRedirect) == []
    assert [one.slug for one in in_trash(Product)] == ["mug"]
    assert sorted(one.sku for one in in_trash(Variant)) == ["A", "B"]


@pytest.mark.parametrize(
    "typed, said",
    [
        ("A", "In use by New Mug. Enter another SKU."),
        ("B", "In use by another that comes back too. Enter another SKU."),
        ("x" * 65, "SKU has 65 characters. Shorten it to 64."),
    ],
)
def test_another_name_must_be_free_and_fit(typed: str, said: str) -> None:
    old = make_product("Old Mug", prices=(1, 2), skus=["A", "B"])
    into_trash(old)
    make_product("New Mug", skus=["A"])
    [taken] = trash.plan_return(old).taken

    plan = trash.plan_return(old, {taken.key: typed})

    assert [(one.typed, one.problem) for one in plan.taken] == [(typed, said)]
    with pytest.raises(Refusal, match="SKU"):
        trash.restore(old, {taken.key: typed})


def test_a_variant_whose_options_another_has_now_says_which() -> None:
    product = make_product("Mug", prices=(1, 2))
    first, key = product.variants[0], product.variants[0].option_key
    into_trash(first)
    db.session.add(Variant(product_id=product.id, option_key=key, option_values=list(first.option_values)))
    db.session.commit()

    said = refusal(trash.restore, first)

    assert said == "Mug, Size 1 has the same options now. Change or delete that one first."


def test_a_product_comes_back_together_with_its_home_and_they_go_again_together() -> None:
    kitchen, brand = make_category("Kitchen"), make_brand("Norr")
    pans = make_category("Pans", kitchen)
    product = make_product("Mug", category=pans, brand=brand)
    into_trash(product, pans, kitchen, brand)

    homes = [str(home) for home in trash.homes_in_trash(product)]
    trash.restore_with_homes(product)
    db.session.commit()
    back = [len(stored(model)) for model in (Product, Category, Brand)]
    assert take_back(stored(ChangeSet)[-1], None).refused == {}
    db.session.commit()

    assert homes == ["Norr", "Kitchen", "Kitchen › Pans"]
    assert back == [1, 2, 1]
    assert stored(Product) == stored(Category) == stored(Brand) == []


def test_a_category_is_deleted_for_good_after_those_below_it() -> None:
    kitchen = make_category("Kitchen")
    pans = make_category("Pans", kitchen)
    into_trash(pans, kitchen)

    left = trash.delete_each_for_good([kitchen, pans])
    db.session.commit()

    assert left == {}
    assert in_trash(Category) == []


def test_parts_that_went_with_their_whole_are_not_listed_by_themselves() -> None:
    product = make_product("Mug", prices=(1, 2, 3))
    into_trash(product.variants[0])
    into_trash(product)

    listed = list(db.session.scalars(trash_listing.listed(Variant)))

    assert [one.price_minor for one in listed] == [1]
    assert trash_listing.count_listed(Product) == 1
    assert dict(trash_listing.went_along(Product, [product.id])) == {product.id: [(2, "variant")]}
