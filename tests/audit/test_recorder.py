"""Every write leaves rows of one change set, in the same transaction."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from backoffice.audit import trash
from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.audit.recorder import Occasion, current_change_set_id, describe, note_counts, note_rows, record_as
from backoffice.catalog.models import Brand, Product, Tag, TaxClass, Variant
from backoffice.catalog.variants import option_value, set_options
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockMovement
from backoffice.inventory.stock import move
from backoffice.staff import accounts
from tests.making import PASSWORD, make_app, make_brand, make_category, make_product, stored


@pytest.fixture(autouse=True)
def nothing_written_yet(app: Flask) -> None:
    """Leave the rows of the reference data behind."""
    db.session.execute(db.delete(ChangeRow))
    db.session.execute(db.delete(ChangeSet))
    db.session.commit()


def make_tag(name: str) -> Tag:
    tag = Tag(name=name, slug=name.lower())
    db.session.add(tag)
    db.session.commit()
    return tag


def last_rows() -> list[ChangeRow]:
    """The rows of the newest change set."""
    newest = stored(ChangeSet)[-1]
    return stored(ChangeRow, change_set_id=newest.id)


def test_what_is_made_is_kept_with_its_values() -> None:
    brand = make_brand("Norr")

    [row] = last_rows()

    assert (row.operation, row.entity, row.record_id, row.label) == ("create", "brand", brand.id, "Norr")
    assert row.old is None
    assert row.new == {"name": "Norr", "slug": "norr", "deleted_token": 0}


def test_what_is_changed_is_kept_as_it_was_and_as_it_is() -> None:
    brand = make_brand("Norr")

    brand.name = "Norr & Co"
    db.session.commit()

    [row] = last_rows()
    assert (row.operation, row.old, row.new, row.version) == ("update", {"name": "Norr"}, {"name": "Norr & Co"}, 2)


def test_a_value_that_was_not_loaded_is_kept_as_well() -> None:
    brand = make_brand("Norr")
    db.session.expire_all()

    brand.name = "Sund"
    db.session.commit()

    assert last_rows()[0].old == {"name": "Norr"}


def test_a_value_set_to_what_it_was_is_no_change() -> None:
    brand = make_brand("Norr")
    before = len(stored(ChangeSet))

    brand.name = "Sund"
    brand.name = "Norr"
    db.session.commit()

    assert len(stored(ChangeSet)) == before


def test_a_value_changed_twice_before_the_commit_leaves_both_steps_in_one_change_set() -> None:
    brand = make_brand("One")

    brand.name = "Two"
    db.session.flush()
    brand.name = "Three"
    db.session.commit()

    assert [(row.old, row.new) for row in last_rows()] == [
        ({"name": "One"}, {"name": "Two"}),
        ({"name": "Two"}, {"name": "Three"}),
    ]


def test_moments_and_numbers_are_kept_as_json_writes_them() -> None:
    moment = datetime(2026, 5, 4, 3, 2, 1, 999999, tzinfo=UTC)
    product = make_product()

    product.publish_at = moment
    product.variants[0].price_minor = 10**15
    db.session.commit()

    rows = {row.entity: row for row in last_rows()}
    assert rows["product"].new == {"publish_at": "2026-05-04T03:02:01.999999+00:00"}
    assert rows["variant"].new == {"price_minor": 10**15}


def test_putting_into_the_trash_and_taking_out_are_acts_of_their_own() -> None:
    brand = make_brand("Norr")

    trash.trash(brand)
    db.session.commit()
    gone = last_rows()
    trash.restore(brand)
    db.session.commit()
    back = last_rows()

    assert [(row.operation, row.new["deleted_token"]) for row in gone] == [("trash", brand.id)]
    assert [(row.operation, row.new["deleted_token"]) for row in back] == [("restore", 0)]


def test_a_deletion_keeps_all_that_was_there() -> None:
    brand = make_brand("Norr")
    key = brand.id
    trash.trash(brand)
    db.session.commit()

    trash.delete_for_good(brand)
    db.session.commit()

    [row] = last_rows()
    assert (row.operation, row.record_id, row.new, row.label) == ("delete", key, None, "Norr")
    assert (row.old["name"], row.old["slug"], row.old["deleted_token"]) == ("Norr", "norr", key)


def test_a_part_that_was_taken_out_of_its_whole_is_kept_as_well() -> None:
    product = make_product(prices=(1,))
    set_options(product, ["Colour"])
    option_value(product.options[0], "Moss")
    db.session.commit()

    product.options[0].values.clear()
    db.session.commit()
    value = last_rows()
    set_options(product, [])
    db.session.commit()

    assert [(row.operation, row.entity, row.root_id, row.old["name"]) for row in value] == [
        ("delete", "option_value", product.id, "Moss")
    ]
    assert [(row.operation, row.entity, row.root_id, row.old["name"]) for row in last_rows()] == [
        ("delete", "option", product.id, "Colour")
    ]


def test_the_key_of_what_is_deleted_is_never_given_again() -> None:
    product = make_product(prices=(1,))
    set_options(product, ["Colour"])
    db.session.commit()
    first = product.options[0].id

    set_options(product, [])
    db.session.commit()
    set_options(product, ["Shade"])
    db.session.commit()

    assert product.options[0].id > first


def test_what_goes_along_with_what_is_deleted_for_good_is_kept_as_well() -> None:
    product = make_product(prices=(1,), slug="mug")
    product.slug = "cup"
    move(product.variants[0], stored(Location)[0], 5, "delivery", None)
    trash.trash(product)
    db.session.commit()

    trash.delete_for_good(product)
    db.session.commit()

    gone = {(row.operation, row.entity) for row in last_rows()}
    assert gone == {("delete", one) for one in ("product", "variant", "stock_level", "slug_redirect")}


def test_a_right_that_was_taken_from_a_role_is_kept() -> None:
    role = accounts.require_role("viewer")
    taken = role.permissions[0]

    role.permissions.remove(taken)
    db.session.commit()

    [row] = last_rows()
    assert (row.operation, row.entity, row.root_entity, row.root_id) == ("delete", "permission", "role", role.id)
    assert (row.old["area_name"], row.old["verb"]) == ("catalog", "read")


def test_tags_are_kept_as_keys_before_and_after_and_count_the_version_up() -> None:
    sale, new = make_tag("Sale"), make_tag("New")
    product = make_product()
    product.tags = [sale]
    db.session.commit()
    version = product.version

    product.tags = [sale, new]
    db.session.commit()
    added = last_rows()
    product.tags = []
    db.session.commit()

    assert [(row.old, row.new) for row in added] == [({"tags": [sale.id]}, {"tags": sorted([sale.id, new.id])})]
    assert [(row.old, row.new) for row in last_rows()] == [({"tags": sorted([sale.id, new.id])}, {"tags": []})]
    assert product.version == version + 2


def test_a_new_records_links_are_kept_with_it() -> None:
    sale, kitchen = make_tag("Sale"), make_category("Kitchen")
    product = Product(name="Mug", slug="mug")
    product.tags, product.categories = [sale], [kitchen]
    db.session.add(product)
    db.session.commit()

    [row] = last_rows()

    assert (row.new["tags"], row.new["categories"]) == ([sale.id], [kitchen.id])


def test_a_part_is_shown_on_the_page_of_its_whole() -> None:
    product = make_product(prices=(100, 200))

    rows = [row for row in stored(ChangeRow) if row.entity in ("variant", "option", "option_value")]

    assert {row.entity for row in rows} == {"variant", "option", "option_value"}
    assert {(row.root_entity, row.root_id) for row in rows} == {("product", product.id)}


def test_a_secret_never_enters_the_history() -> None:
    owner = accounts.create_staff_member("ada@example.com", "Ada", accounts.require_role("owner"), PASSWORD)
    db.session.commit()
    first_hash = owner.password_hash

    accounts.set_password(owner, "quite another password")
    db.session.commit()

    [row] = last_rows()
    assert (row.old, row.new) == ({"password_hash": "(secret)"}, {"password_hash": "(secret)"})
    written = "".join(f"{row.old}{row.new}" for row in stored(ChangeRow))
    assert first_hash not in written and owner.password_hash not in written and "$argon2" not in written


def test_every_column_that_looks_like_a_secret_is_marked_as_one() -> None:
    suspicious = ("password", "token_hash", "secret", "key_hash")

    for mapper in db.Model.registry.mappers:
        for column in mapper.local_table.columns:
            if any(word in column.name for word in suspicious):
                assert column.info.get("secret"), column


def test_ledgers_and_sign_ins_are_not_recorded() -> None:
    product = make_product()
    [variant], [location] = product.variants, stored(Location)

    move(variant, location, 5, "delivery", None)
    db.session.commit()

    assert [row.entity for row in last_rows()] == ["stock_level", "stock_level"]
    assert len(stored(StockMovement)) == 1
    recorded = {mapper.class_.__name__ for mapper in db.Model.registry.mappers if mapper.class_.is_recorded}
    assert not recorded & {"StockMovement", "PriceChange", "SignIn", "ChangeSet", "ChangeRow"}


def test_one_transaction_is_one_change_set_however_often_it_flushes() -> None:
    for name in ("One", "Two", "Three"):
        db.session.add(Brand(name=name, slug=name.lower()))
        db.session.flush()
    db.session.commit()

    [change_set] = stored(ChangeSet)

    assert len(stored(ChangeRow, change_set_id=change_set.id)) == 3


def test_the_next_transaction_is_another_change_set() -> None:
    make_brand("One")
    make_brand("Two")

    assert len(stored(ChangeSet)) == 2


def test_a_savepoint_belongs_to_the_transaction_around_it() -> None:
    db.session.add(Brand(name="One", slug="one"))
    db.session.flush()
    with db.session.begin_nested():
        db.session.add(Brand(name="Two", slug="two"))
    db.session.add(Brand(name="Three", slug="three"))
    db.session.commit()

    [change_set] = stored(ChangeSet)

    assert [row.label for row in stored(ChangeRow)] == ["One", "Two", "Three"]
    assert {row.change_set_id for row in stored(ChangeRow)} == {change_set.id}


def test_what_a_savepoint_took_back_is_not_in_the_history() -> None:
    db.session.add(Brand(name="One", slug="one"))
    db.session.flush()
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add_all([Brand(name="Two", slug="two"), Brand(name="Clash", slug="one")])
    db.session.add(Brand(name="Three", slug="three"))
    db.session.commit()

    assert len(stored(ChangeSet)) == 1
    assert [row.label for row in stored(ChangeRow)] == ["One", "Three"]


def test_a_change_set_begun_in_a_savepoint_that_was_taken_back_is_begun_anew() -> None:
    nested = db.session.begin_nested()
    db.session.add(Brand(name="One", slug="one"))
    db.session.flush()
    nested.rollback()
    db.session.add(Brand(name="Two", slug="two"))
    db.session.commit()

    assert len(stored(ChangeSet)) == 1
    assert [row.label for row in stored(ChangeRow)] == ["Two"]


def test_a_change_set_begun_in_a_savepoint_goes_on_after_it() -> None:
    with db.session.begin_nested():
        db.session.add(Brand(name="One", slug="one"))
        db.session.flush()
        with db.session.begin_nested():
            db.session.add(Brand(name="Two", slug="two"))
    db.session.add(Brand(name="Three", slug="three"))
    db.session.commit()

    assert len(stored(ChangeSet)) == 1
    assert [row.label for row in stored(ChangeRow)] == ["One", "Two", "Three"]


def test_an_outer_savepoint_that_was_taken_back_takes_the_inner_ones_change_set_along() -> None:
    outer = db.session.begin_nested()
    with db.session.begin_nested():
        db.session.add(Brand(name="One", slug="one"))
    outer.rollback()
    db.session.add(Brand(name="Two", slug="two"))
    db.session.commit()

    assert len(stored(ChangeSet)) == 1
    assert [row.label for row in stored(ChangeRow)] == ["Two"]


def test_what_was_rolled_back_leaves_no_trace() -> None:
    db.session.add(Brand(name="One", slug="one"))
    db.session.flush()
    db.session.rollback()

    assert stored(ChangeSet) == stored(ChangeRow) == stored(Brand) == []


def test_after_a_rollback_the_next_write_has_a_change_set_of_its_own() -> None:
    db.session.add(Brand(name="One", slug="one"))
    db.session.flush()
    db.session.rollback()
    make_brand("Two")

    assert len(stored(ChangeSet)) == 1
    assert [row.label for row in last_rows()] == ["Two"]


def test_reading_alone_writes_nothing() -> None:
    make_brand("Norr")
    before = len(stored(ChangeSet))

    stored(Brand)
    db.session.commit()

    assert len(stored(ChangeSet)) == before


def test_the_change_set_says_who_why_and_from_where() -> None:
    ada = accounts.create_staff_member("ada@example.com", "Ada", accounts.require_role("owner"), PASSWORD)
    db.session.commit()
    record_as(Occasion("import", "Spring prices", ada.id, ada.name, "spring.csv"))

    make_brand("Norr")

    change_set = stored(ChangeSet)[-1]
    assert (change_set.kind, change_set.summary, change_set.source) == ("import", "Spring prices", "spring.csv")
    assert (change_set.actor_id, change_set.actor_name) == (ada.id, "Ada")
    assert current_change_set_id() == change_set.id


def test_the_words_for_an_act_may_come_while_it_is_under_way() -> None:
    record_as(Occasion("form", "Before"))
    db.session.add(Brand(name="Norr", slug="norr"))
    db.session.flush()

    describe("After" + "!" * 600)
    db.session.commit()

    [change_set] = stored(ChangeSet)
    assert (change_set.kind, len(change_set.summary)) == ("form", 500)
    assert change_set.summary.startswith("After!")


def test_a_name_outlives_the_person_in_the_history() -> None:
    role = accounts.require_role("viewer")
    ada = accounts.create_staff_member("ada@example.com", "Ada", role, PASSWORD)
    db.session.commit()
    record_as(Occasion("form", "Brand", ada.id, ada.name))
    make_brand("Norr")
    record_as(Occasion("system"))

    db.session.delete(ada)
    db.session.commit()

    change_set = next(one for one in stored(ChangeSet) if one.kind == "form")
    assert (change_set.actor_id, change_set.actor_name) == (None, "Ada")


def test_many_writes_may_be_noted_by_their_counts_alone() -> None:
    record_as(Occasion("seed", "Load"))
    key = note_counts({"product": 50_000, "variant": 120_000})
    db.session.commit()

    [change_set] = stored(ChangeSet)
    assert (change_set.id, change_set.counts) == (key, {"product": 50_000, "variant": 120_000})
    assert stored(ChangeRow) == []


def test_writes_past_the_session_are_noted_by_hand() -> None:
    brand = make_brand("Norr")
    db.session.execute(db.update(Brand).values(name="Sund"), execution_options={"is_noted": True})
    row = {
        "entity": "brand",
        "record_id": brand.id,
        "root_entity": "brand",
        "root_id": brand.id,
        "label": "Norr",
        "operation": "update",
        "version": 2,
        "old": {"name": "Norr"},
        "new": {"name": "Sund"},
    }
    db.session.add(TaxClass(name="Low", slug="low", rate_basis_points=900))
    db.session.flush()

    note_rows([row])
    db.session.commit()

    assert [(one.entity, one.new.get("name")) for one in last_rows()] == [("tax_class", "Low"), ("brand", "Sund")]


def test_several_applications_record_a_write_once(app: Flask, tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        make_app("sqlite:///:memory:", tmp_path / name)

    product = make_product(prices=(100,))
    product.variants[0].price_minor = 200
    db.session.commit()

    assert [row.new for row in last_rows()] == [{"price_minor": 200}]
    from backoffice.catalog.models import PriceChange

    assert [change.new_price_minor for change in stored(PriceChange)] == [100, 200]


def test_a_variants_options_are_in_the_history() -> None:
    product = make_product(prices=(100, 200))
    first: Any = product.variants[0]

    row = next(row for row in stored(ChangeRow, entity="variant") if row.record_id == first.id)

    assert row.new["option_values"] == [first.option_values[0].id]
    assert stored(Variant)[0].title == "Size 1"
