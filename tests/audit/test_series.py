"""Any series of acts on any catalog: the last one can be taken back, and the history tells how all came to be.

Staff is a machine whose rules are what people do, each in a transaction of its own. After every act the last
change is taken back to see that the shop is as it was before, and left standing; an undo is an act like any
other, so that this holds for redoing too.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import RelationshipDirection

from backoffice.audit import trash
from backoffice.audit.models import ChangeRow, ChangeSet, ChangeSubject
from backoffice.audit.plan import Plan, plan_revert, plan_undo
from backoffice.audit.recorder import BOOKKEEPING, SECRET, Occasion, record_as
from backoffice.audit.taking_back import Outcome, carry_out, hold
from backoffice.catalog.categories import check_parent, place
from backoffice.catalog.models import Brand, Category, PriceChange, Product, Tag, TaxClass, Variant
from backoffice.catalog.pricing import change_prices
from backoffice.catalog.publishing import check_dates, check_keeps_price, set_status
from backoffice.catalog.variants import check_combinations, rename_option, set_options, set_values
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockMovement
from backoffice.inventory.stock import count, move
from backoffice.media.models import Picture
from backoffice.records import lock
from backoffice.staff.accounts import require_role
from backoffice.staff.models import StaffMember
from tests.making import begin_anew

EXAMPLES = {"sqlite": 20, "postgresql": 5, "mysql": 5}
LONG_EXAMPLES = {"sqlite": 300, "postgresql": 200, "mysql": 200}

Values = dict[str, Any]
Stored = dict[tuple[str, int], Values]

PICK = st.integers(0, 20)
PICKS = st.lists(PICK, max_size=3)
SOME = st.lists(PICK, min_size=1, max_size=4)
# Few words, so that they meet; and any at all.
NAMES = st.sampled_from(["Mug", "Café", "Straße", "茶碗", "Løv 🌿"]) | st.text(min_size=1, max_size=6).filter(str.strip)
SLUGS = st.sampled_from(["mug", "pan", "tea", "cup", "jug"])
TEXTS = st.none() | st.sampled_from(["", "Words", "Zwei\nZeilen", "<p>Ä &amp; ö</p>"])
PRICES = st.none() | st.sampled_from([0, 100, 2500])
SKUS = st.none() | st.sampled_from(["A", "B", "C"])
MOMENTS = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
OPTIONS = st.lists(st.sampled_from(["Size", "Colour", "Größe", "Cut"]), max_size=3, unique=True)
CHOICES = st.lists(st.integers(0, 3), min_size=12, max_size=12)
SMALL = st.integers(-3, 9)


def some_of(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Values]:
    return st.fixed_dictionaries({}, optional=fields)


NOUNS = [Brand, Tag, TaxClass, Location, Picture, Category, Product, Variant]
FIELDS: dict[type, st.SearchStrategy[Values]] = {
    Brand: some_of(name=NAMES, slug=SLUGS, description=TEXTS),
    Tag: some_of(name=NAMES, slug=SLUGS),
    TaxClass: some_of(name=NAMES, slug=SLUGS, rate_basis_points=st.integers(0, 10_000)),
    Location: some_of(name=NAMES, code=SLUGS),
    Picture: some_of(alt_text=TEXTS, position=SMALL, source_url=TEXTS, width=st.none() | SMALL),
    Category: some_of(name=NAMES, slug=SLUGS, description=TEXTS, position=SMALL),
    Product: some_of(
        name=NAMES, slug=SLUGS, description=TEXTS, publish_at=MOMENTS, unpublish_at=MOMENTS, seo_title=TEXTS
    ),
    Variant: some_of(
        sku=SKUS,
        barcode=TEXTS,
        price_minor=PRICES,
        compare_at_price_minor=PRICES,
        weight_grams=st.none() | st.integers(0, 5),
        tracks_stock=st.booleans(),
        allows_backorder=st.booleans(),
        position=SMALL,
    ),
}
EDITS = st.sampled_from(NOUNS).flatmap(lambda model: st.tuples(st.just(model), FIELDS[model]))


# What is stored, and what of it the shop shows.


def recorded_models() -> list[Any]:
    return [mapper.class_ for mapper in db.Model.registry.mappers if mapper.class_.is_recorded]


def links_of(model: Any) -> list[Any]:
    relations = inspect(model).relationships
    return [one for one in relations if one.direction is RelationshipDirection.MANYTOMANY and not one.viewonly]


def plain(column: Any, value: Any) -> Any:
    if column.info.get("secret"):
        return SECRET
    return value.isoformat() if isinstance(value, datetime | date) else value


def stored_values() -> Stored:
    """Every recorded record's values and links as the history writes them; what is empty is left out."""
    found: Stored = {}
    for model in recorded_models():
        table = model.__table__
        kept = [column for column in table.c if column.name not in BOOKKEEPING]
        for row in db.session.execute(db.select(*kept)).mappings():
            values = {column.name: plain(column, row[column.name]) for column in kept if row[column.name] is not None}
            found[table.name, values.pop("id")] = values
        for relation in links_of(model):
            [(_, own)], [(_, other)] = relation.synchronize_pairs, relation.secondary_synchronize_pairs
            for key, linked in db.session.execute(db.select(own, other).order_by(other)):
                found[table.name, key].setdefault(relation.key, []).append(linked)
    return found


def shop_of(stored: Stored) -> Stored:
    """What is not in the trash, alone or with its product; links to what is; and the stock that lies there."""
    live = {key: values for key, values in stored.items() if _is_live(stored, key)}
    shown: Stored = {}
    for (entity, number), values in live.items():
        if entity == "stock_level":
            if values["on_hand"]:
                shown["stock of", (values["variant_id"], values["location_id"])] = values["on_hand"]
        elif entity != "slug_redirect":
            shown[entity, number] = _live_values(live, entity, values)
    return shown


def _is_live(stored: Stored, key: tuple[str, int]) -> bool:
    values = stored.get(key)
    if values is None or values.get("deleted_token"):
        return False
    if key[0] == "option_value":
        return _is_live(stored, ("option", values["option_id"]))
    if key[0] == "stock_level":
        return _is_live(stored, ("variant", values["variant_id"]))
    return key[0] != "option" or _is_live(stored, ("product", values["product_id"]))


def _live_values(live: Stored, entity: str, values: Values) -> Values:
    targets = {relation.key: relation.target.name for relation in links_of(_model(entity))}
    shown = {name: value for name, value in values.items() if name not in targets and name != "deleted_token"}
    for name, target in targets.items():
        shown[name] = [number for number in values.get(name, ()) if (target, number) in live]
    return shown


def _model(entity: str) -> Any:
    return next(model for model in recorded_models() if model.__tablename__ == entity)


def redirects_of(stored: Stored) -> set[Any]:
    rows = [values for (entity, _), values in stored.items() if entity == "slug_redirect"]
    return {(one["kind"], one["old_slug"], one.get("product_id"), one.get("category_id")) for one in rows}


def ledgers() -> dict[str, list[Any]]:
    return {
        model.__tablename__: list(map(tuple, db.session.execute(model.__table__.select().order_by(model.id))))
        for model in (PriceChange, StockMovement)
    }


def kept_for_trash(stored: Stored) -> set[tuple[str, int]]:
    """The option values that only variants in the trash hold."""
    variants = [values for (entity, _), values in stored.items() if entity == "variant"]
    held = {token: set() for token in (True, False)}
    for values in variants:
        held[bool(values["deleted_token"])] |= {("option_value", value) for value in values.get("option_values", ())}
    return held[True] - held[False]


def differences(before: Stored, after: Stored) -> dict[Any, Any]:
    """What differs, as (before, after), so that a failure can be read."""
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return {key: (before.get(key), after.get(key)) for key in keys}


# The history, replayed.


class Replay:
    """What the history says there is: each row laid over what the rows before it came to."""

    def __init__(self) -> None:
        self.values: Stored = {}
        self.last = 0

    def go_on(self) -> list[Any]:
        rows = db.session.scalars(db.select(ChangeRow).where(ChangeRow.id > self.last).order_by(ChangeRow.id)).all()
        for row in rows:
            self._lay(row)
            self.last = row.id
        return rows

    def _lay(self, row: ChangeRow) -> None:
        key = row.entity, row.record_id
        if row.operation == "create":
            assert key not in self.values, f"{key} is made a second time"
            self.values[key] = {}
        links = {relation.key for relation in links_of(_model(row.entity))}
        for name in {**(row.old or {}), **(row.new or {})}:
            was, now = (row.old or {}).get(name), (row.new or {}).get(name)
            if name in links:
                # What lies in the trash keeps its links, which a record that is written does not show.
                have = set(self.values[key].get(name, ()))
                assert have >= set(was or ()), (key, name, have, was)
                self._set(key, name, sorted(have - set(was or ()) | set(now or ())))
            else:
                assert was == SECRET or self.values[key].get(name) == was, (key, name, self.values[key].get(name), was)
                self._set(key, name, now)
        if row.operation == "delete":
            del self.values[key]
            self._unlink(key)

    def _set(self, key: tuple[str, int], name: str, value: Any) -> None:
        self.values[key].pop(name, None)
        if value is not None and value != []:
            self.values[key][name] = value

    def _unlink(self, gone: tuple[str, int]) -> None:
        """What is deleted takes its links along."""
        for (entity, _), values in self.values.items():
            for relation in links_of(_model(entity)):
                if relation.target.name == gone[0] and gone[1] in values.get(relation.key, ()):
                    values[relation.key].remove(gone[1])
                    if not values[relation.key]:
                        del values[relation.key]


class Staff(RuleBasedStateMachine):
    """Two people at work on one shop."""

    def __init__(self) -> None:
        super().__init__()
        begin_anew()
        record_as(Occasion("system"))
        role = require_role("owner")
        for name in ("Ada", "Bo"):
            db.session.add(StaffMember(email=f"{name}@example.com", name=name, password_hash="none", role_id=role.id))
        db.session.commit()
        self.people = list(db.session.scalars(db.select(StaffMember.id).order_by(StaffMember.id)))
        self.person = self.people[0]
        self.first = self.newest()
        self.replay = Replay()
        self.replay.go_on()
        self.now = stored_values()

    def teardown(self) -> None:
        db.session.rollback()
        record_as(Occasion("system"))
        db.session.remove()

    # What holds after every act.

    def act(self, do: Callable[[], Any], kind: str = "form", undoes: int | None = None) -> None:
        """Do something in a transaction of its own, and look at what it left."""
        before, ledgers_before, last = self.now, ledgers(), self.newest()
        record_as(Occasion(kind, "", self.person, str(self.person), undoes_id=undoes))
        try:
            do()
            db.session.commit()
        except (Refusal, IntegrityError):
            db.session.rollback()
            assert stored_values() == before and ledgers() == ledgers_before and self.newest() == last
            return
        db.session.expire_all()
        self.now = stored_values()
        rows = self.replay.go_on()
        assert differences(self.replay.values, self.now) == {}
        assert_in_order(self.now)
        if self.newest() == last:
            assert before == self.now
            return
        assert {row.change_set_id for row in rows} == {self.newest()}
        assert_subjects(self.newest(), rows)
        self.take_back_to_see(before, rows)
        db.session.rollback()
        db.session.expire_all()

    def newest(self) -> int:
        return db.session.scalar(db.select(db.func.max(ChangeSet.id)))

    def take_back_to_see(self, before: Stored, rows: list[Any]) -> None:
        ledgers_before = ledgers()
        change_set = db.session.get(ChangeSet, self.newest())
        record_as(Occasion("undo", undoes_id=change_set.id))
        if any(row.operation == "delete" and "deleted_token" in row.old for row in rows):
            assert_stays_away(change_set, self.person)
            return
        plan = plan_undo(change_set, self.person)
        assert not plan.having("gone", "changed")
        outcome = carry_out(plan, db.session.get(StaffMember, self.person))
        if outcome.refused:
            assert is_below_nothing(outcome, before), list(outcome.refused.values())
            return
        db.session.flush()
        db.session.expire_all()
        back = stored_values()
        different = differences(shop_of(before), shop_of(back))
        # A value that came with a variant, which is in the trash now, stays for it.
        assert {key: two for key, two in different.items() if two[0] or key not in kept_for_trash(back)} == {}
        assert redirects_of(before) <= redirects_of(back)
        assert_in_order(back)
        for name, entries in ledgers().items():
            assert entries[: len(ledgers_before[name])] == ledgers_before[name]

    # Finding something to work on; where there is nothing, nothing is done.

    def some(self, model: Any, pick: int) -> Any:
        """One of the records in the shop, held as a screen holds it."""
        keys = list(db.session.scalars(db.select(model.id).filter_by(deleted_token=0).order_by(model.id)))
        return lock(model, keys[pick % len(keys)]) if keys else None

    def some_of_trash(self, pick: int) -> Any:
        found = [
            (model, key)
            for model in NOUNS
            for key in db.session.scalars(db.select(model.id).where(model.deleted_token != 0).order_by(model.id))
        ]
        return lock(*found[pick % len(found)]) if found else None

    def several(self, model: Any, picks: Iterable[int]) -> list[Any]:
        found = {one.id: one for pick in picks if (one := self.some(model, pick)) is not None}
        return [found[key] for key in sorted(found)]

    def key(self, model: Any, pick: int | None) -> int | None:
        found = None if pick is None else self.some(model, pick)
        return found.id if found is not None else None

    # What they do.

    @initialize(
        categories=st.lists(st.none() | PICK, max_size=3),
        products=st.lists(st.tuples(OPTIONS, CHOICES), min_size=1, max_size=3),
    )
    def open_shop(self, categories: list[int | None], products: list[tuple[list[str], list[int]]]) -> None:
        def fill() -> None:
            for number, parent in enumerate(categories):
                self._new_category(f"Category {number}", f"category-{number}", parent)
            for number, (options, choices) in enumerate(products):
                db.session.add(Brand(name=f"Brand {number}", slug=f"brand-{number}"))
                db.session.add(Tag(name=f"Tag {number}", slug=f"tag-{number}"))
                db.session.flush()
                self._new_product(f"Product {number}", f"product-{number}", options, choices)

        self.act(fill, "import")

    def _new_category(self, name: str, slug: str, parent: int | None) -> None:
        above = None if parent is None else self.some(Category, parent)
        category = Category(name=name, slug=slug, parent=above)
        check_parent(category, above)
        category.parent_key = above.id if above else 0
        db.session.add(category)
        place(category)

    def _new_product(self, name: str, slug: str, options: list[str], choices: list[int]) -> None:
        product = Product(name=name, slug=slug)
        product.brand_id = self.key(Brand, choices[-1] or None)
        product.category_id = self.key(Category, choices[-2] or None)
        product.tax_class_id = self.key(TaxClass, choices[-3] or None)
        db.session.add(product)
        db.session.flush()
        set_options(product, options)
        for position in range(choices[-4] + 1 if options else 1):
            self._new_variant(product, position, [position if place == 0 else choices[place] for place in range(3)])
        if choices[-5] == 3:
            product.tags = self.several(Tag, choices[:2])
            product.categories = self.several(Category, choices[2:4])
        if choices[-6] == 3:
            db.session.add(Picture(product_id=product.id, checksum=f"{choices[0]}", source_url="http://example.com"))
        db.session.flush()

    def _new_variant(self, product: Product, position: int, choices: list[int]) -> None:
        sku = f"SKU {db.session.scalar(db.select(db.func.count(Variant.id)))}"
        price = [None, 100, 200, 300][choices[-1]]
        variant = Variant(product_id=product.id, position=position, sku=sku, price_minor=price)
        set_values(variant, product, [f"Value {choice}" for choice in choices[: len(product.options)]])
        db.session.add(variant)
        db.session.flush()

    @rule(person=st.integers(0, 1))
    def sit_down(self, person: int) -> None:
        self.person = self.people[person]

    @rule(name=NAMES, slug=SLUGS, kind=st.sampled_from([Brand, Tag, Location, TaxClass]))
    def make(self, kind: Any, name: str, slug: str) -> None:
        values = {"code" if kind is Location else "slug": slug} | (
            {"rate_basis_points": 700} if kind is TaxClass else {}
        )
        self.act(lambda: db.session.add(kind(name=name, **values)))

    @rule(name=NAMES, slug=SLUGS, parent=st.none() | PICK)
    def make_category(self, name: str, slug: str, parent: int | None) -> None:
        self.act(lambda: self._new_category(name, slug, parent))

    @rule(name=NAMES, slug=SLUGS, options=OPTIONS, choices=CHOICES)
    def make_product(self, name: str, slug: str, options: list[str], choices: list[int]) -> None:
        self.act(lambda: self._new_product(name, slug, options, choices))

    @rule(pick=PICK, checksum=st.sampled_from(["1", "2"]), on=PICKS)
    def add_picture(self, pick: int, checksum: str, on: list[int]) -> None:
        def add() -> None:
            if (product := self.some(Product, pick)) is not None:
                picture = Picture(product_id=product.id, checksum=checksum)
                db.session.add(picture)
                picture.variants = [one for one in self.several(Variant, on) if one.product_id == product.id]

        self.act(add)

    @rule(pick=PICK, edit=EDITS)
    def edit(self, edit: tuple[Any, Values], pick: int) -> None:
        model, values = edit

        def write() -> None:
            if (record := self.some(model, pick)) is not None:
                for name, value in values.items():
                    setattr(record, name, value)
                CHECKS.get(model, lambda record: None)(record)

        self.act(write)

    @rule(kind=st.sampled_from([Product, Category, Brand]), pick=PICK, slug=SLUGS)
    def readdress(self, kind: Any, pick: int, slug: str) -> None:
        def write() -> None:
            if (record := self.some(kind, pick)) is not None:
                record.slug = slug

        self.act(write)

    @rule(picks=SOME, name=NAMES, kind=st.sampled_from([Brand, Tag, Product, Category]))
    def rename_several(self, kind: Any, picks: list[int], name: str) -> None:
        def rename() -> None:
            for record in self.several(kind, picks):
                record.name = name
                CHECKS.get(kind, lambda record: None)(record)

        self.act(rename, "bulk")

    @rule(pick=PICK, brand=st.none() | PICK, category=st.none() | PICK, tax_class=st.none() | PICK)
    def order(self, pick: int, brand: int | None, category: int | None, tax_class: int | None) -> None:
        def write() -> None:
            if (product := self.some(Product, pick)) is not None:
                product.brand_id = self.key(Brand, brand)
                product.category_id = self.key(Category, category)
                product.tax_class_id = self.key(TaxClass, tax_class)

        self.act(write)

    @rule(pick=PICK, tags=PICKS, categories=PICKS)
    def link(self, pick: int, tags: list[int], categories: list[int]) -> None:
        def write() -> None:
            if (product := self.some(Product, pick)) is not None:
                product.tags = self.several(Tag, tags)
                product.categories = self.several(Category, categories)

        self.act(write)

    @rule(pick=PICK, on=PICKS)
    def link_picture(self, pick: int, on: list[int]) -> None:
        def write() -> None:
            if (picture := self.some(Picture, pick)) is not None:
                picture.variants = [one for one in self.several(Variant, on) if one.product_id == picture.product_id]

        self.act(write)

    @rule(pick=PICK, parent=st.none() | PICK)
    def move_category(self, pick: int, parent: int | None) -> None:
        def write() -> None:
            if (category := self.some(Category, pick)) is not None:
                category.parent = None if parent is None else self.some(Category, parent)
                _check_category(category)

        self.act(write)

    @rule(
        pick=PICK,
        options=OPTIONS,
        renames=st.booleans(),
        choices=CHOICES,
        removes=st.none() | PICK,
        adds=st.integers(0, 2),
    )
    def save_page(
        self, pick: int, options: list[str], renames: bool, choices: list[int], removes: int | None, adds: int
    ) -> None:
        """Save a product's page: options renamed, dropped, added or moved, variants removed, changed and added."""

        def write() -> None:
            if (product := self.some(Product, pick)) is None:
                return
            if removes is not None:
                trash.trash(lock(Variant, product.variants[removes % len(product.variants)].id))
                db.session.expire(product, ["variants"])
            if renames:
                for option, name in zip(list(product.options), options, strict=False):
                    if name not in [one.name for one in product.options]:
                        rename_option(option, name)
                db.session.flush()
            if options != [option.name for option in product.options]:
                set_options(product, options)
            db.session.refresh(product, ["variants", "options"])
            given = iter(choices * 3)
            for variant in product.variants:
                set_values(lock(Variant, variant.id), product, [f"Value {next(given)}" for _ in options])
                db.session.flush()
            for position in range(adds):
                self._new_variant(product, position, [next(given) for _ in range(3)])
            db.session.refresh(product, ["variants"])
            check_combinations(product)
            if product.status == "active":
                set_status(product, "active")

        self.act(write)

    @rule(pick=PICK, choices=CHOICES)
    def add_variant(self, pick: int, choices: list[int]) -> None:
        def add() -> None:
            if (product := self.some(Product, pick)) is not None:
                self._new_variant(product, 9, choices[:3])

        self.act(add)

    @rule(one=PICK, other=PICK)
    def exchange_skus(self, one: int, other: int) -> None:
        def exchange() -> None:
            if len(both := self.several(Variant, [one, other])) == 2:
                skus = [variant.sku for variant in both]
                both[0].sku = None
                db.session.flush()
                both[1].sku = skus[0]
                db.session.flush()
                both[0].sku = skus[1]

        self.act(exchange)

    @rule(picks=SOME, prices=st.lists(PRICES, min_size=4, max_size=4))
    def price(self, picks: list[int], prices: list[int | None]) -> None:
        self.act(lambda: change_prices({one.id: new for one, new in zip(self.several(Variant, picks), prices)}), "bulk")

    @rule(picks=SOME, status=st.sampled_from(["active", "draft", "archived"]))
    def set_statuses(self, picks: list[int], status: str) -> None:
        self.act(lambda: [set_status(product, status) for product in self.several(Product, picks)], "bulk")

    @rule(pick=PICK, at=PICK, delta=st.integers(-4, 9))
    def move_stock(self, pick: int, at: int, delta: int) -> None:
        def write() -> None:
            variant, location = self.some(Variant, pick), self.some(Location, at)
            if variant is not None and location is not None:
                move(variant, location, delta, "correction", None)

        self.act(write)

    @rule(picks=SOME, at=PICK, counted=st.integers(0, 9))
    def count_stock(self, picks: list[int], at: int, counted: int) -> None:
        def write() -> None:
            if (location := self.some(Location, at)) is not None:
                for variant in self.several(Variant, picks):
                    count(variant, location, counted, None)

        self.act(write)

    @rule(kind=st.sampled_from(NOUNS), picks=SOME)
    def delete(self, kind: Any, picks: list[int]) -> None:
        self.act(lambda: [trash.trash(lock(kind, one.id)) for one in self.several(kind, picks)], "delete")

    @rule(pick=PICK)
    def restore(self, pick: int) -> None:
        def bring_back() -> None:
            if (record := self.some_of_trash(pick)) is not None:
                trash.restore(record)

        self.act(bring_back, "restore")

    @rule(pick=PICK)
    def delete_for_good(self, pick: int) -> None:
        def delete() -> None:
            if (record := self.some_of_trash(pick)) is not None:
                trash.delete_for_good(record)

        self.act(delete, "delete")

    @rule(pick=PICK, how=st.sampled_from(["whole", "also", "leave", "skip"]))
    def undo(self, pick: int, how: str) -> None:
        """Take back one of the change sets, the newest first."""
        of_staff = db.select(ChangeSet.id).where(ChangeSet.id > self.first)
        keys = list(db.session.scalars(of_staff.order_by(ChangeSet.id.desc())))
        key = keys[pick % len(keys)]

        def take_back() -> None:
            change_set = db.session.get(ChangeSet, key)
            hold(change_set)
            self._carry_out(plan_undo(change_set, self.person), how)

        self.act(take_back, "undo", key)

    @rule(pick=PICK, version=PICK, kind=st.sampled_from(NOUNS), how=st.sampled_from(["whole", "also", "skip"]))
    def revert(self, kind: Any, pick: int, version: int, how: str) -> None:
        def go_back() -> None:
            if (record := self.some(kind, pick)) is not None:
                sets = db.select(ChangeRow.change_set_id).where(ChangeRow.entity == kind.__tablename__)
                keys = sorted(set(db.session.scalars(sets.where(ChangeRow.record_id == record.id))))
                plan = plan_revert(record, db.session.get(ChangeSet, keys[version % len(keys)]), self.person)
                self._carry_out(plan, how)

        self.act(go_back)

    def _carry_out(self, plan: Plan, how: str) -> None:
        also = {step.change.key for step in plan.having("changed")} if how == "also" else set()
        leave = {step.change.key for step in plan.steps[::2]} if how == "leave" else set()
        outcome = carry_out(plan, db.session.get(StaffMember, self.person), also, leave)
        if not outcome.taken or outcome.refused and how != "skip":
            raise Refusal("Some of it was refused, so that nothing is taken back.")


def _check_category(category: Category) -> None:
    check_parent(category, category.parent)
    place(category)


def _check_product(product: Product) -> None:
    check_dates(product)


def _check_variant(variant: Variant) -> None:
    check_keeps_price(variant.product)


CHECKS: dict[Any, Callable[[Any], None]] = {
    Category: _check_category,
    Product: _check_product,
    Variant: _check_variant,
}


def assert_in_order(stored: Stored) -> None:
    """What follows from other values is what they say."""
    for (entity, key), values in stored.items():
        if entity == "category":
            above = stored.get(("category", values.get("parent_id")), {"path": "", "full_name": ""})
            start = f"{above['full_name']} › " if values.get("parent_id") else ""
            expected = values.get("parent_id") or 0, f"{above['path']}{key}/", start + values["name"]
            assert (values["parent_key"], values["path"], values["full_name"]) == expected
        if entity == "variant":
            held = [number for number in values["option_key"].split("-") if number]
            assert sorted(held, key=int) == list(map(str, values.get("option_values", []))), (key, values)


def assert_subjects(change_set_id: int, rows: list[Any]) -> None:
    told = {
        (row.entity, row.operation, (row.entity, row.record_id) != (row.root_entity, row.root_id), name)
        for row in rows
        for name in (row.new if row.operation == "update" else [""])
    }
    subjects = db.session.scalars(db.select(ChangeSubject).where(ChangeSubject.change_set_id == change_set_id))
    assert {(one.entity, one.operation, one.is_part, one.field) for one in subjects} == told


def assert_stays_away(change_set: ChangeSet, person: int) -> None:
    """What was deleted for good does not come back, nor does its undo say that it did."""
    rows = db.session.scalars(db.select(ChangeRow).filter_by(change_set_id=change_set.id, operation="delete"))
    gone = {(row.entity, row.record_id) for row in rows if "deleted_token" in row.old}
    assert gone <= {step.change.key for step in plan_undo(change_set, person).having("gone")}


def is_below_nothing(outcome: Outcome, before: Stored) -> bool:
    """Whether all that was refused is stock that had been ordered before backorders were forbidden."""
    levels = [before.get(key, {}).get("on_hand", 0) for key in outcome.refused]
    return all(level < 0 for level in levels)


def test_whatever_was_done_last_can_be_taken_back(app: Flask, pytestconfig: pytest.Config, engine: str) -> None:
    is_long = pytestconfig.getoption("--long")
    examples = (LONG_EXAMPLES if is_long else EXAMPLES)[engine]
    run_state_machine_as_test(
        Staff,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30 if is_long else 12,
            # The short form is the same on every machine; what the long one finds, it tells how to find again.
            derandomize=not is_long,
            print_blob=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
