"""Taking a change back: as a new change, whole or not at all, and never over somebody's later work."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from backoffice.audit import trash
from backoffice.audit.history import changes_of, standing_undo, subjects_of
from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.audit.plan import is_undoable, plan_revert, plan_undo
from backoffice.audit.recorder import Occasion, current_change_set_id, record_as
from backoffice.audit.taking_back import Outcome, carry_out
from backoffice.audit.taking_back import take_back as take_back_now
from backoffice.catalog.categories import place, set_parent
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
from backoffice.catalog.publishing import set_status
from backoffice.catalog.variants import set_options, set_values
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel, StockMovement
from backoffice.inventory.stock import move
from backoffice.records import model_of
from backoffice.staff import accounts
from tests.making import PASSWORD, change_set_of, make_brand, make_category, make_product, stored


@pytest.fixture(autouse=True)
def _on_every_database(app: Flask) -> None:
    """All of this holds on each of them."""


def done(act: Callable[[], Any]) -> ChangeSet:
    """Do something in one transaction, and return its change set."""
    act()
    db.session.commit()
    return change_set_of(current_change_set_id())


def last_change() -> ChangeSet:
    return change_set_of(stored(ChangeSet)[-1].id)


def take_back(change_set: ChangeSet, also: Any = (), leave: Any = ()) -> ChangeSet:
    """Take a change back as the screen does, and return the change that this is itself."""
    outcome = attempt(change_set, also, leave)
    assert outcome.refused == {}
    db.session.commit()
    record_as(Occasion("system"))
    return change_set_of(current_change_set_id())


def attempt(change_set: ChangeSet, also: Any = (), leave: Any = ()) -> Outcome:
    record_as(Occasion("undo", f"Takes back: {change_set.summary}", undoes_id=change_set.id))
    return take_back_now(change_set_of(change_set.id), None, also, leave)


def refusal(change_set: ChangeSet) -> str:
    """Why nothing goes back: of the change as a whole, of a record that is gone, or of one that a rule holds."""
    try:
        gone = plan_undo(change_set_of(change_set.id), None).having("gone")
        outcome = attempt(change_set)
    except Refusal as refused:
        db.session.rollback()
        return refused.message
    finally:
        record_as(Occasion("system"))
    db.session.rollback()
    assert outcome.taken == 0
    return gone[0].why if gone else next(iter(outcome.refused.values()))


def rename(record: Any, name: str) -> ChangeSet:
    return done(lambda: setattr(record, "name", name))


def count_of(model: Any) -> int:
    return db.session.scalar(db.select(db.func.count(model.id)))


def test_an_edit_is_taken_back_field_by_field() -> None:
    brand = make_brand("Norr")
    change = rename(brand, "Sund")
    brand.description = "Made in the north."
    db.session.commit()

    take_back(change)

    [brand] = stored(Brand)
    assert (brand.name, brand.description) == ("Norr", "Made in the north.")


def test_a_moment_and_an_empty_value_are_taken_back() -> None:
    from datetime import UTC, datetime

    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    product = make_product(publish_at=moment)
    emptied = done(lambda: setattr(product, "publish_at", None))
    filled = done(lambda: setattr(product, "unpublish_at", moment))

    take_back(filled)
    take_back(emptied)

    [product] = stored(Product)
    assert (product.publish_at, product.unpublish_at) == (moment, None)


def test_a_change_of_several_records_goes_back_whole() -> None:
    brands = [make_brand(name) for name in ("One", "Two", "Three")]

    def shout() -> None:
        for brand in brands:
            brand.name = brand.name.upper()

    take_back(done(shout))

    assert [brand.name for brand in stored(Brand)] == ["One", "Two", "Three"]


def test_what_somebody_changed_since_is_left_and_told() -> None:
    one, two = make_brand("One"), make_brand("Two")

    def shout() -> None:
        one.name, two.name = "ONE", "TWO"

    change = done(shout)
    rename(one, "Uno")

    [step] = plan_undo(change_set_of(change.id), None).having("changed")
    back = take_back(change)

    assert step.change.key == ("brand", one.id)
    assert [(n, f.before, f.after, f.now) for n, f in step.fields.items()] == [("name", "One", "ONE", "Uno")]
    assert [brand.name for brand in stored(Brand)] == ["Uno", "Two"]
    assert back.counts == {"taken_back": 1, "left": 1}


def test_what_was_left_can_be_taken_back_afterwards() -> None:
    one, two = make_brand("One"), make_brand("Two")

    def shout() -> None:
        one.name, two.name = "ONE", "TWO"

    change = done(shout)
    rename(one, "Uno")
    take_back(change)

    take_back(change, also={("brand", one.id)})

    assert [brand.name for brand in stored(Brand)] == ["One", "Two"]
    assert refusal(change) == "This change was taken back already."


def test_what_somebody_changed_since_goes_back_where_it_was_chosen() -> None:
    brand = make_brand("Norr")
    change = rename(brand, "Sund")
    rename(brand, "Vik")

    take_back(change, also={("brand", brand.id)})

    assert stored(Brand)[0].name == "Norr"


def test_a_person_may_leave_a_record_out() -> None:
    one, two = make_brand("One"), make_brand("Two")

    def shout() -> None:
        one.name, two.name = "ONE", "TWO"

    take_back(done(shout), leave={("brand", two.id)})

    assert [brand.name for brand in stored(Brand)] == ["One", "TWO"]


def test_two_that_exchanged_a_unique_value_go_back() -> None:
    one, two = make_product().variants[0], make_product().variants[0]
    before = one.sku, two.sku

    def exchange() -> None:
        one.sku, two.sku = None, before[0]
        db.session.flush()
        one.sku = before[1]

    change = done(exchange)
    back = take_back(change)

    assert [variant.sku for variant in stored(Variant)] == list(before)
    assert sorted((row.old["sku"], row.new["sku"]) for row in back.rows) == sorted([before, before[::-1]])


def test_of_two_that_exchanged_a_unique_value_neither_goes_back_without_the_other() -> None:
    product, other = make_product(prices=(None,)), make_product().variants[0]
    one = product.variants[0]
    skus = one.sku, other.sku

    def exchange() -> None:
        one.sku, one.price_minor = None, 100
        db.session.flush()
        other.sku = skus[0]
        db.session.flush()
        one.sku = skus[1]

    change = done(exchange)
    done(lambda: set_status(product, "active"))

    with pytest.raises(Refusal, match="can’t go from one record to another, for one of them stays"):
        attempt(change)


def test_later_work_on_another_field_is_kept() -> None:
    brand = make_brand("Norr")
    change = rename(brand, "Sund")
    done(lambda: setattr(brand, "description", "New words."))

    take_back(change)

    assert [(brand.name, brand.description) for brand in stored(Brand)] == [("Norr", "New words.")]


def test_a_change_that_was_changed_back_by_hand_can_be_taken_back() -> None:
    brand = make_brand("Norr")
    change = rename(brand, "Sund")
    rename(brand, "Norr")

    outcome = attempt(change)

    assert (outcome.taken, outcome.left) == (0, [])
    assert stored(Brand)[0].name == "Norr"


def test_a_change_is_taken_back_once() -> None:
    change = rename(make_brand("Norr"), "Sund")
    again = take_back(change)

    assert refusal(change) == "This change was taken back already."
    assert standing_undo(change).id == again.id


def test_taking_back_can_be_taken_back() -> None:
    change = rename(make_brand("Norr"), "Sund")
    first = take_back(change)

    take_back(first)

    assert stored(Brand)[0].name == "Sund"
    assert standing_undo(change) is None
    take_back(change)
    assert stored(Brand)[0].name == "Norr"


def test_what_was_made_goes_to_the_trash() -> None:
    make_brand("Norr")

    back = take_back(last_change())

    assert stored(Brand) == [] and count_of(Brand) == 1
    assert [row.operation for row in back.rows] == ["trash"]


def test_a_product_that_was_made_goes_with_its_parts_and_comes_back_with_them() -> None:
    def make() -> None:
        product = Product(name="Mug", slug="mug")
        db.session.add(product)
        db.session.flush()
        set_options(product, ["Size"])
        for position, size in enumerate(("Small", "Large")):
            variant = Variant(product_id=product.id, sku=f"MUG-{size}", position=position)
            set_values(variant, product, [size])
            db.session.add(variant)

    change = done(make)

    back = take_back(change)
    gone = (stored(Product), stored(Variant))
    take_back(back)

    assert gone == ([], [])
    [product] = stored(Product)
    assert [(variant.sku, variant.title) for variant in product.variants] == [
        ("MUG-Small", "Small"),
        ("MUG-Large", "Large"),
    ]


def test_a_variant_that_was_added_goes_alone() -> None:
    product = make_product(prices=(1, 2))

    def add() -> None:
        variant = Variant(product_id=product.id, sku="THIRD", position=2)
        set_values(variant, product, ["Size 3"])
        db.session.add(variant)

    take_back(done(add))

    assert [variant.price_minor for variant in stored(Variant)] == [1, 2]
    assert stored(Product) == [product]


def test_a_deletion_is_taken_back() -> None:
    product = make_product(prices=(1, 2))
    change = done(lambda: trash.trash(product))

    take_back(change)

    assert [variant.price_minor for variant in stored(Variant)] == [1, 2]
    assert stored(Product) == [product]


def test_a_deletion_whose_address_was_reused_stays_and_says_by_whom() -> None:
    brand = make_brand("Norr")
    change = done(lambda: trash.trash(brand))
    rename(make_brand("Norr"), "New Norr")

    assert refusal(change) == "“norr” is in use by New Norr now. Change it there, then restore this."


def test_a_restoration_is_taken_back() -> None:
    brand = make_brand("Norr")
    done(lambda: trash.trash(brand))
    change = done(lambda: trash.restore(brand))

    take_back(change)

    assert stored(Brand) == []


def test_what_was_deleted_for_good_stays_away() -> None:
    brand = make_brand("Norr")
    renamed = rename(brand, "Sund")
    gone = done(lambda: trash.trash(brand))
    last = done(lambda: trash.delete_for_good(brand))

    assert refusal(last) == "“Sund” was deleted for good. It can’t be brought back."
    assert refusal(gone) == refusal(renamed) == "“Sund” was deleted for good."


def test_tags_go_back_to_what_they_were() -> None:
    sale, new = Tag(name="Sale", slug="sale"), Tag(name="New", slug="new")
    product = make_product()
    product.tags = [sale]
    db.session.add_all([sale, new])
    db.session.commit()
    change = done(lambda: setattr(product, "tags", [new]))

    take_back(change)

    assert [tag.name for tag in stored(Product)[0].tags] == ["Sale"]


def test_tags_that_were_changed_since_are_left_alone() -> None:
    sale, new = Tag(name="Sale", slug="sale"), Tag(name="New", slug="new")
    product = make_product()
    db.session.add_all([sale, new])
    db.session.commit()
    change = done(lambda: setattr(product, "tags", [new]))
    done(lambda: setattr(product, "tags", [new, sale]))

    outcome = attempt(change)
    db.session.commit()

    assert (outcome.taken, len(outcome.left)) == (0, 1)
    assert sorted(tag.name for tag in stored(Product)[0].tags) == ["New", "Sale"]


def test_tags_go_back_while_one_of_them_is_in_the_trash() -> None:
    sale, new = Tag(name="Sale", slug="sale"), Tag(name="New", slug="new")
    product = make_product()
    product.tags = [sale]
    db.session.add_all([sale, new])
    db.session.commit()
    change = done(lambda: setattr(product, "tags", [sale, new]))
    done(lambda: trash.trash(sale))

    take_back(change, also={("product", product.id)})

    assert stored(Product)[0].tags == []
    trash.restore(sale)
    db.session.commit()
    assert [tag.name for tag in stored(Product)[0].tags] == ["Sale"]


def test_stock_goes_back_by_an_opposite_movement() -> None:
    [location], variant = stored(Location), make_product().variants[0]
    delivery = done(lambda: move(variant, location, 10, "delivery", None))
    move(variant, location, -3, "sale", None)
    variant.allows_backorder = True
    db.session.commit()

    take_back(delivery)

    assert [level.on_hand for level in stored(StockLevel)] == [-3]
    assert [(m.kind, m.delta) for m in stored(StockMovement)] == [("delivery", 10), ("sale", -3), ("undo", -10)]


def test_stock_that_was_sold_since_is_not_taken_below_nothing() -> None:
    [location], variant = stored(Location), make_product().variants[0]
    delivery = done(lambda: move(variant, location, 10, "delivery", None))
    move(variant, location, -3, "sale", None)
    db.session.commit()

    assert refusal(delivery) == "Stock can’t be below 0. There are 7 at Main location."
    assert [(m.kind, m.delta) for m in stored(StockMovement)] == [("delivery", 10), ("sale", -3)]


def test_a_first_delivery_is_taken_back_and_its_level_stays() -> None:
    [location], variant = stored(Location), make_product().variants[0]
    delivery = done(lambda: move(variant, location, 10, "delivery", None))

    back = take_back(delivery)
    again = take_back(back)

    assert [level.on_hand for level in stored(StockLevel)] == [10]
    assert [(m.kind, m.delta, m.balance_after) for m in stored(StockMovement)] == [
        ("delivery", 10, 10),
        ("undo", -10, 0),
        ("undo", 10, 10),
    ]
    assert [row.entity for row in again.rows] == ["stock_level"]


def test_an_option_that_was_deleted_comes_back_with_its_values_and_links() -> None:
    product = make_product(prices=(1,))
    set_options(product, ["Colour"])
    set_values(product.variants[0], product, ["Moss"])
    db.session.commit()

    def drop() -> None:
        set_options(product, [])
        set_values(product.variants[0], product, [])

    change = done(drop)
    gone = count_of(Option) + count_of(OptionValue)

    take_back(change)

    assert gone == 0
    [variant] = stored(Variant)
    assert [option.name for option in variant.product.options] == ["Colour"]
    assert variant.title == "Moss"


def test_an_option_that_was_added_goes_again() -> None:
    product = make_product(prices=(1,))

    def add() -> None:
        set_options(product, ["Colour"])
        set_values(product.variants[0], product, ["Moss"])

    take_back(done(add))

    assert count_of(Option) + count_of(OptionValue) == 0
    assert [(variant.title, variant.option_key) for variant in stored(Variant)] == [("", "")]


def test_an_option_goes_again_although_a_variant_that_came_with_it_is_in_the_trash() -> None:
    product = make_product(prices=(1,))

    def add() -> None:
        set_options(product, ["Colour"])
        set_values(product.variants[0], product, ["Moss"])
        variant = Variant(product_id=product.id, position=1)
        set_values(variant, product, ["Sand"])
        db.session.add(variant)

    back = take_back(done(add))
    gone = count_of(Option) + count_of(OptionValue)
    take_back(back)

    assert gone == 0
    assert [variant.title for variant in stored(Variant)] == ["Moss", "Sand"]


def test_an_option_comes_back_whose_name_another_one_took() -> None:
    product = make_product(prices=(1,))
    set_options(product, ["Colour", "Size"])
    set_values(product.variants[0], product, ["Moss", "Small"])
    db.session.commit()

    def drop_and_rename() -> None:
        set_options(product, ["Size"])
        set_values(product.variants[0], product, ["Small"])
        product.options[0].name = "Colour"

    take_back(done(drop_and_rename))

    [variant] = stored(Variant)
    assert [option.name for option in variant.product.options] == ["Colour", "Size"]
    assert variant.title == "Moss / Small"


def test_a_variant_does_not_go_back_to_an_option_that_is_gone() -> None:
    product = make_product(prices=(1,))

    def call_it(option: str) -> None:
        set_options(product, [option])
        set_values(product.variants[0], product, ["Moss"])

    coloured = done(lambda: call_it("Colour"))
    done(lambda: call_it("Shade"))
    [variant] = stored(Variant)

    outcome = carry_out(plan_revert(variant, coloured, None), None, also={("variant", variant.id)})

    assert list(outcome.refused.values()) == [
        "An option or value that this variant had is gone. Take back first what removed it."
    ]


def test_a_category_that_was_moved_goes_back_with_all_below_it() -> None:
    kitchen, garden = make_category("Kitchen"), make_category("Garden")
    pans = make_category("Pans", kitchen)
    iron = make_category("Iron", pans)

    def relocate() -> None:
        set_parent(pans, garden)
        place(pans)

    change = done(relocate)
    moved = db.session.get(Category, iron.id).full_name

    take_back(change)

    assert moved == "Garden › Pans › Iron"
    assert [(c.full_name, c.path) for c in stored(Category) if c.id == iron.id] == [
        ("Kitchen › Pans › Iron", f"{kitchen.id}/{pans.id}/{iron.id}/")
    ]
    [stored_pans] = [c for c in stored(Category) if c.id == pans.id]
    assert (stored_pans.parent_id, stored_pans.parent_key) == (kitchen.id, kitchen.id)


def test_who_may_come_in_is_never_changed_by_taking_something_back() -> None:
    role = accounts.require_role("viewer")
    change = done(lambda: accounts.create_staff_member("ada@example.com", "Ada", role, PASSWORD))
    ada = accounts.require_staff_member("ada@example.com")
    locked = done(lambda: accounts.lock(ada))

    assert refusal(change) == refusal(locked) == "This change can’t be taken back."
    assert not is_undoable(subjects_of(locked))
    assert accounts.require_staff_member("ada@example.com").is_locked


def test_a_change_known_by_its_counts_alone_is_not_taken_back() -> None:
    db.session.add(ChangeSet(kind="seed", summary="Load", counts={"product": 4}))
    db.session.commit()

    assert refusal(last_change()) == "This change can’t be taken back."


def test_a_price_goes_back_and_its_history_goes_on() -> None:
    from backoffice.catalog.models import PriceChange

    variant = make_product(prices=(1000,)).variants[0]
    change = done(lambda: setattr(variant, "price_minor", 800))

    take_back(change)

    assert stored(Variant)[0].price_minor == 1000
    assert [(one.old_price_minor, one.new_price_minor) for one in stored(PriceChange)] == [
        (None, 1000),
        (1000, 800),
        (800, 1000),
    ]


def test_what_would_break_a_rule_today_is_refused() -> None:
    kitchen = make_category("Kitchen")
    garden = make_category("Garden")
    change = change_set_of(stored(ChangeSet)[-1].id)
    make_product(category=garden)

    assert refusal(change) == "“Garden” is in use by 1 product. Move them elsewhere first."
    assert len(stored(Category)) == 2
    assert kitchen in stored(Category)


def test_the_undo_is_in_the_history_of_the_record() -> None:
    brand = make_brand("Norr")
    change = rename(brand, "Sund")

    back = take_back(change)

    assert (back.kind, back.undoes_id) == ("undo", change.id)
    assert [(row.operation, row.new["name"]) for row in changes_of(brand)] == [
        ("update", "Norr"),
        ("update", "Sund"),
        ("create", "Norr"),
    ]


def test_every_recorded_table_has_a_model_and_an_area_for_the_rights() -> None:
    for entity in {row.entity for row in stored(ChangeRow)} | {"tax_class"}:
        assert model_of(entity).area
    assert model_of("tax_class") is TaxClass


def test_an_address_that_another_record_had_before_leads_there_again() -> None:
    first, second = make_category("Cup"), make_category("Tea")
    first.slug = "jug"
    db.session.commit()
    change = done(lambda: setattr(second, "slug", "cup"))

    take_back(change)

    led = {redirect.old_slug: redirect.category_id for redirect in stored(SlugRedirect)}
    assert led["cup"] == first.id
    assert [category.slug for category in stored(Category)] == ["jug", "tea"]


def test_an_undo_that_takes_nothing_back_leaves_no_change_of_its_own() -> None:
    brand = make_brand("Norr")
    change = rename(brand, "Sund")
    before = len(stored(ChangeSet))

    outcome = attempt(change, leave={("brand", brand.id)})
    db.session.commit()

    assert outcome.taken == 0 and len(stored(ChangeSet)) == before
