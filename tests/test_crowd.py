"""Many at once: twenty people work on the same fifty records, and nothing that was saved for them is lost."""

import contextvars
import random
import re
import threading
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import RelationshipDirection, selectinload
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.audit.recorder import BOOKKEEPING
from backoffice.catalog.models import Brand, Tag
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel, StockMovement
from backoffice.inventory.stock import move
from backoffice.records import Record, lock, utc_now
from backoffice.staff.models import SignIn
from backoffice.web.merging import was_name
from tests.making import Person, changed, form_values, make_brand, make_category, make_product, stored
from tests.web.test_once import same_browser

EDITORS = 20
PRODUCTS, BRANDS = 44, 6
SECONDS, LONG_SECONDS = 3, 60
# What only the programs below the house say, and what the house says where they stopped it; a person reads of people.
WORDS_OF_DATABASES = re.compile(
    r"sqlalchemy|psycopg|pymysql|sqlite3|\w+Error\b|deadlock|is locked|lock wait|traceback"
    r"|others are writing|at the same moment",
    re.I,
)


@dataclass(frozen=True)
class Promise:
    """What somebody was told is saved.

    was: what they were shown before, as text; None where that is not told. is_alone: nobody else ever writes
    this value, so it was no change of theirs.
    """

    who: int
    change_set_id: int | None
    entity: str
    record_id: int
    field: str
    value: Any
    was: str | None = None
    is_alone: bool = True


@dataclass(frozen=True)
class Booking:
    """A movement of stock that somebody was told is booked; the reason is its own. delta: None for a count."""

    who: int
    change_set_id: int
    reason: str
    delta: int | None


@dataclass
class Ground:
    """What everybody works on: keys, made once."""

    products: list[int] = field(default_factory=list)
    skus: list[str] = field(default_factory=list)
    variants: list[int] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    brands: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    categories: list[int] = field(default_factory=list)
    locations: list[int] = field(default_factory=list)


def do_nothing() -> None:
    pass


class Editor(Person):
    """Somebody at work, who remembers what they were told is saved and what they should never have seen."""

    def __init__(self, app: Flask, number: int, ground: Ground) -> None:
        self.faults: list[str] = []
        self.before_posting: Callable[[], Any] = do_nothing
        super().__init__(app, "manager", f"crowd-{number}@example.com")
        self.number = number
        self.ground = ground
        self.random = random.Random(f"crowd {number}")
        self.counter = 0
        self.promises: list[Promise] = []
        self.bookings: list[Booking] = []
        self.taken_back: dict[int, int] = {}
        self.own_changes: list[int] = []
        self.tried: Counter[str] = Counter()
        self.saved: Counter[str] = Counter()

    def _send(self, method: str, path: str, **options: Any) -> TestResponse:
        if method == "post":
            self.before_posting, wait = do_nothing, self.before_posting
            wait()
        answer = contextvars.Context().run(getattr(self.client, method), path, buffered=True, **options)
        found = WORDS_OF_DATABASES.search(answer.text)
        if answer.status_code >= 500 or found:
            self.faults.append(f"{method} {path}: {answer.status_code} {found and found.group()} {answer.text[-600:]}")
        return answer

    def work(self, seconds: float, start: threading.Barrier) -> None:
        acts, weights = zip(*ACTS.items())
        try:
            self.rush(start)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                [act] = self.random.choices(acts, weights)
                self.count(act.__name__, act(self))
        except BaseException:
            self.faults.append(traceback.format_exc())
            start.abort()

    def count(self, name: str, is_saved: bool) -> None:
        self.tried[name] += 1
        self.saved[name] += is_saved

    def rush(self, start: threading.Barrier) -> None:
        """With all others, open the same page, and then send it at the same moment."""
        self.before_posting = start.wait
        self.count("move_stock", self.book(f"/admin/stock_level/edit/?id={self.ground.levels[0]}", {}))
        self.before_posting = start.wait
        self.count("save_brand", self.save_form("brand", self.ground.brands[0], self.type_into_brand))

    # What a person does with a page
    def look(self, path: str, which: str) -> Any:
        """A part of a page; None where the page has none, as when its record was deleted meanwhile."""
        answer = self.get(path)
        return BeautifulSoup(answer.text, "html.parser").select_one(which) if answer.status_code == 200 else None

    def send(self, path: str, values: MultiDict[str, str]) -> int | None:
        """Post a form; the change set that the note on the next page offers to take back, if it was saved."""
        return self.note_of(self.post(path, values))

    def note_of(self, answer: TestResponse) -> int | None:
        if answer.status_code != 302:
            return None
        with self.client.session_transaction() as session:
            notes = dict(session.pop("_flashes", []))
        change_set_id = notes["done"]["change_set_id"]
        if change_set_id is not None:
            self.own_changes.append(change_set_id)
        return change_set_id

    def promise(self, change_set_id: int | None, entity: str, key: int, name: str, value: Any, **facts: Any) -> None:
        self.promises.append(Promise(self.member_id, change_set_id, entity, key, name, value, **facts))

    def new_number(self) -> int:
        """A number that nobody else types."""
        self.counter += 1
        return self.number * 10_000 + self.counter

    def choose(self, several: list[Any]) -> Any:
        """One of them, mostly one of the few that everybody is at."""
        return self.random.choice(several[:5] if self.random.random() < 0.5 else several)

    # Acts; each returns whether it was saved
    def save_product(self) -> bool:
        return self.save_form("product", self.choose(self.ground.products), self.type_into_product)

    def save_brand(self) -> bool:
        return self.save_form("brand", self.choose(self.ground.brands), self.type_into_brand)

    def save_form(self, entity: str, key: int, fill_in: Callable[..., dict[str, Promise]]) -> bool:
        path = f"/admin/{entity}/edit/?id={key}"
        form = self.look(path, "form[data-record-form]")
        if form is None:
            return False
        values = form_values(form)
        wanted = fill_in(key, values)
        for _ in range(3):
            answer = self.post(path, values)
            if answer.status_code != 409:
                break
            values = self.choose_in_conflicts(answer, wanted)
        change_set_id = self.note_of(answer)
        if answer.status_code != 302:
            return False
        self.promises += [
            replace(one, change_set_id=change_set_id, was=shown_before(values, name)) for name, one in wanted.items()
        ]
        return True

    def choose_in_conflicts(self, answer: TestResponse, wanted: dict[str, Promise]) -> MultiDict[str, str]:
        """Keep what was typed or take the other's, field by field; what was given up is wanted no more."""
        page = BeautifulSoup(answer.text, "html.parser")
        values = form_values(page.select_one("form[data-record-form]"))
        for name in [name.removesuffix("-needed") for name in values if name.endswith("-needed")]:
            values[name] = self.random.choice(["theirs", "yours"])
            if values[name] == "theirs":
                wanted.pop(name.replace("choice-", ""), None)
        return values

    def type_into_product(self, key: int, values: MultiDict[str, str]) -> dict[str, Promise]:
        tokens = [name.split("-")[1] for name in values if re.fullmatch(r"variants-\w+-id", name)]
        self.random.shuffle(tokens)
        number = self.new_number()
        links = self.random.sample(self.ground.tags, 2)
        status = self.random.choice(["draft", "active"])
        typed = {
            "name": ([f"Mug {number}"], "product", key, "name", f"Mug {number}"),
            "slug": ([f"mug-{number}"], "product", key, "slug", f"mug-{number}"),
            "seo_title": ([f"Buy {number}"], "product", key, "seo_title", f"Buy {number}"),
            "tags": (links, "product", key, "tags", sorted(links)),
            "categories": (self.ground.categories[:1], "product", key, "categories", self.ground.categories[:1]),
            "status": ([status], "product", key, "status", status),
        }
        # A product that is deleted while its page is made may be shown without any variant.
        for row in [f"variants-{token}" for token in tokens[:1]]:
            variant_id = int(values[f"{row}-id"])
            typed[f"{row}-price"] = ([in_words(number)], "variant", variant_id, "price_minor", number)
            typed[f"{row}-weight_grams"] = ([number], "variant", variant_id, "weight_grams", number)
        return self.type_some(values, typed)

    def type_into_brand(self, key: int, values: MultiDict[str, str]) -> dict[str, Promise]:
        number = self.new_number()
        typed = {
            "name": ([f"Norr {number}"], "brand", key, "name", f"Norr {number}"),
            "description": ([f"Made by {number}"], "brand", key, "description", f"Made by {number}"),
        }
        return self.type_some(values, typed)

    def type_some(self, values: MultiDict[str, str], typed: dict[str, Any]) -> dict[str, Promise]:
        """Type one or two of them into the form; what is wanted by it, by field."""
        wanted = {}
        for name in self.random.sample(sorted(typed), self.random.choice([1, 2])):
            inputs, *facts = typed[name]
            if values.getlist(name) != [str(one) for one in inputs]:
                values.setlist(name, [str(one) for one in inputs])
                is_alone = name not in ("tags", "categories", "status")
                wanted[name] = Promise(self.member_id, None, *facts, is_alone=is_alone)
        return wanted

    def edit_a_cell(self) -> bool:
        place = self.random.randrange(PRODUCTS)
        name = self.random.choice(["name", "price", "status"])
        cell = f"tr[data-key='{self.ground.products[place]}'] td[data-cell='{name}']"
        page = self.look(f"/admin/product/?search={self.ground.skus[place]}", "body")
        if page.select_one(cell) is None:
            return False
        typed = self.type_into_cell(name, page.select_one(cell)["data-value"])
        return self.send_cell("product", self.ground.products[place], name, typed, page)

    def type_into_cell(self, name: str, shown: str) -> str:
        if name == "status":
            return "draft" if shown == "active" else "active"
        number = self.new_number()
        return in_words(number) if name == "price" else f"Mug {number}"

    def send_cell(self, entity: str, key: int, name: str, typed: str, page: Any) -> bool:
        cell = page.select_one(f"tr[data-key='{key}'] td[data-cell='{name}']")
        token = page.select_one("form[data-list] input[name='csrf_token']")["value"]
        data = {"list_form_pk": key, name: typed, f"was-{name}": cell["data-value"], "csrf_token": token}
        answer = self.post(
            f"/admin/{entity}/ajax/update/",
            data | {"version": cell["data-version"]},
            headers={"Accept": "application/json"},
        )
        if answer.status_code != 200:
            return False
        change_set_id, was = answer.json["change_set_id"], as_number(cell["data-value"])
        self.own_changes += [change_set_id] if change_set_id else []
        if name == "price":
            variant_id = self.ground.variants[self.ground.products.index(key)]
            self.promise(change_set_id, "variant", variant_id, "price_minor", as_number(typed), was=was)
        else:
            self.promise(change_set_id, entity, key, name, typed, was=was, is_alone=name != "status")
        return True

    def publish_or_draft(self) -> bool:
        page = self.look(f"/admin/product/?search=CROWD-{self.random.randrange(5)}", "body")
        form = page.select_one("form[data-list]")
        if form is None:
            return False
        action, status = self.random.choice([("publish", "active"), ("draft", "draft")])
        rows = self.random.sample(form.select("tbody tr"), min(3, len(form.select("tbody tr"))))
        values = changed(form_values(form), {"action": action, "rowid": [row["data-key"] for row in rows]})
        answer = self.post("/admin/product/action/", values)
        if answer.status_code != 302:
            return False
        change_set_id = self.note_of(answer)
        for row in rows:
            was = row.select_one("td[data-cell='status']")["data-value"]
            if was != status:
                self.promise(change_set_id, "product", int(row["data-key"]), "status", status, was=was)
        return True

    def move_stock(self) -> bool:
        return self.book(f"/admin/stock_level/edit/?id={self.choose(self.ground.levels)}", {})

    def move_stock_at_a_place(self) -> bool:
        """The first level of a variant at a place is made on the way; mostly others make it at the same moment."""
        where = {"variant": self.choose(self.ground.variants), "location": self.ground.locations[1]}
        return self.book("/admin/stock_level/new/", where)

    def book(self, path: str, where: dict[str, int]) -> bool:
        form = self.look(path, "main form[method=post]")
        if form is None:
            return False
        number, reason = self.random.randint(1, 9), f"Booking {self.new_number()}"
        entry, kind, delta = self.random.choice(
            [(f"+{number}", "delivery", number), (f"-{number}", "sale", -number), (f"={number * 5}", "", None)]
        )
        values = changed(form_values(form), where | {"entry": entry, "kind": kind or "correction", "reason": reason})
        change_set_id = self.send(path, values)
        if change_set_id is not None:
            self.bookings.append(Booking(self.member_id, change_set_id, reason, delta))
        return change_set_id is not None

    def delete(self) -> bool:
        key = self.choose(self.ground.products)
        form = self.look(f"/admin/product/delete/?id={key}", "form[data-deletes]")
        change_set_id = self.send("/admin/product/delete/", form_values(form)) if form is not None else None
        if change_set_id is not None:
            self.promise(change_set_id, "product", key, "deleted_token", key, was="0")
        return change_set_id is not None

    def restore(self) -> bool:
        page = self.look("/admin/trash/?kind=product", "main")
        forms = page.select("form[action$='/restore/']")
        if not forms:
            return False
        values = form_values(self.random.choice(forms))
        change_set_id = self.send("/admin/trash/restore/", values)
        if change_set_id is not None:
            self.promise(change_set_id, "product", int(values["id"]), "deleted_token", 0)
        return change_set_id is not None

    def take_back(self) -> bool:
        if not self.own_changes:
            return False
        key = self.own_changes.pop(self.random.randrange(len(self.own_changes)))
        form = self.look(f"/admin/change_set/undo/?id={key}", "form.preview-form")
        if form is None:
            return False
        also = {"also_all": "y"} if self.random.random() < 0.5 else {}
        change_set_id = self.send("/admin/change_set/undo/", changed(form_values(form), also))
        if change_set_id is not None:
            self.taken_back[key] = change_set_id
        return change_set_id is not None


# How often each is done.
ACTS: dict[Callable[[Editor], bool], int] = {
    Editor.save_product: 6,
    Editor.save_brand: 2,
    Editor.edit_a_cell: 5,
    Editor.publish_or_draft: 3,
    Editor.move_stock: 4,
    Editor.move_stock_at_a_place: 2,
    Editor.delete: 1,
    Editor.restore: 2,
    Editor.take_back: 3,
}


def shown_before(values: MultiDict[str, str], name: str) -> str | None:
    """What a field of a form was made from, as the history would write it; None for one of several values."""
    if name in ("tags", "categories"):
        return None
    row = re.match(r"variants-\w+-|", name).group()
    return as_number(values.getlist(was_name(name, row))[-1])


def as_number(typed: str) -> str:
    return typed.replace(".", "") if re.fullmatch(r"\d+\.\d\d", typed) else typed


def in_words(price_minor: int) -> str:
    return f"{price_minor // 100}.{price_minor % 100:02d}"


def make_ground() -> Ground:
    """Products of one and of three variants with stock, all of whose SKUs say their place; and brands."""
    shelf, cellar = stored(Location)[0], Location(name="Cellar", code="cellar")
    tags = [Tag(name=f"Tag {number}", slug=f"tag-{number}") for number in range(5)]
    db.session.add_all([cellar, *tags])
    ground = Ground(brands=[make_brand(f"Brand {number}").id for number in range(BRANDS)])
    for place in range(PRODUCTS):
        prices = (1290,) if place % 4 else (1290, 1390, 1490)
        sku = f"CROWD-{place:02d}"
        product = make_product(f"Product {place}", prices, skus=[sku, f"{sku}-B", f"{sku}-C"][: len(prices)])
        for variant in product.variants:
            move(variant, shelf, 20, "delivery", None)
        ground.products.append(product.id)
        ground.skus.append(sku)
        ground.variants.append(product.variants[0].id)
    ground.categories = [make_category(f"Category {number}").id for number in range(3)]
    ground.levels = [level.id for level in stored(StockLevel)]
    ground.tags = [tag.id for tag in tags]
    ground.locations = [shelf.id, cellar.id]
    return ground


def come_back(editors: list[Editor], seconds: float) -> None:
    """Let everybody work at the same time, after a pause in which nobody was there."""
    db.session.execute(update(SignIn.__table__).values(last_seen_at=utc_now() - timedelta(hours=1)))
    db.session.commit()
    db.session.remove()
    start = threading.Barrier(len(editors), timeout=60)
    threads = [threading.Thread(target=editor.work, args=(seconds, start), daemon=True) for editor in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 120)
    assert not any(thread.is_alive() for thread in threads), "Somebody waits for ever."


# What must be true afterwards


def broken_promises(promises: list[Promise]) -> list[Promise]:
    """What somebody was told is saved and the history does not know, or knows to have replaced what they never saw."""
    written: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    rows = db.session.execute(db.select(ChangeRow, ChangeSet.actor_id).join(ChangeSet))
    for row, actor_id in rows:
        for name, value in (row.new or {}).items():
            was = (row.old or {}).get(name)
            fact = row.change_set_id, actor_id, "" if was is None else str(was)
            written[row.entity, row.record_id, name, str(value)].append(fact)
    return [one for one in promises if not is_kept(one, written[one.entity, one.record_id, one.field, str(one.value)])]


def is_kept(promise: Promise, written: list[tuple[int, int | None, str]]) -> bool:
    own = [was for change_set_id, who, was in written if (change_set_id, who) == (promise.change_set_id, promise.who)]
    if own:
        return promise.was in (None, *own)
    # Who chose what somebody else chose too may have found it done.
    return not promise.is_alone and bool(written)


def lost_bookings(bookings: list[Booking]) -> list[Booking]:
    """Bookings whose movement, or whose level in the history, is not there exactly once."""
    movements = defaultdict(list)
    for movement in db.session.scalars(db.select(StockMovement)):
        movements[movement.reason].append(movement)
    levels = defaultdict(list)
    for row in db.session.scalars(db.select(ChangeRow).where(ChangeRow.entity == "stock_level")):
        levels[row.change_set_id].append(row)

    def is_there(booking: Booking) -> bool:
        [movement] = movements[booking.reason] or [None]
        if movement is None or movement.actor_id != booking.who or booking.delta not in (None, movement.delta):
            return False
        return movement.balance_after in [row.new["on_hand"] for row in levels[booking.change_set_id]]

    return [booking for booking in bookings if not is_there(booking)]


def untold_undos(editors: list[Editor]) -> list[int]:
    """Changes that somebody was told are taken back, and whose undo holds nothing."""
    undone = db.select(ChangeSet.undoes_id, ChangeSet.id, ChangeSet.actor_id).join(ChangeRow).distinct()
    known = {tuple(row) for row in db.session.execute(undone)}
    return [
        key
        for editor in editors
        for key, undo_id in editor.taken_back.items()
        if (key, undo_id, editor.member_id) not in known
    ]


def torn_chains() -> list[str]:
    """Where a record's history, read from its beginning, does not lead from value to value to what it is now."""
    faults = []
    state: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    versions: dict[tuple[str, int], int] = {}
    for row in db.session.scalars(db.select(ChangeRow).order_by(ChangeRow.id)):
        key = row.entity, row.record_id
        faults += [
            f"{key} {name}: row {row.id} begins at {value}, not at {state[key].get(name)}"
            for name, value in (row.old or {}).items()
            if row.operation != "delete" and is_other(state[key].get(name), value)
        ]
        if row.version is not None and row.operation != "delete" and row.version != versions.get(key, 0) + 1:
            faults.append(f"{key}: version {row.version} of row {row.id} follows {versions.get(key)}")
        state[key] |= row.new or {}
        versions[key] = row.version
        if row.operation == "delete":
            del state[key], versions[key]
    for key, values, version in live_records():
        known = {name: value for name, value in state[key].items() if value not in (None, [])}
        if known != values or versions.get(key) != version:
            faults.append(f"{key} is {values} of version {version}, by its history {known} of {versions.get(key)}")
    return faults


def live_records() -> Iterator[tuple[tuple[str, int], dict[str, Any], int | None]]:
    """Every recorded record of the shop with its values as the history writes them, the empty ones left out."""
    for mapper in db.Model.registry.mappers:
        model = mapper.class_
        if not issubclass(model, Record) or not model.is_recorded or model.area not in ("catalog", "stock"):
            continue
        links = [
            one.key
            for one in mapper.relationships
            if one.direction is RelationshipDirection.MANYTOMANY and not one.viewonly
        ]
        options = [selectinload(getattr(model, name)) for name in links]
        for record in db.session.scalars(db.select(model).options(*options)).unique():
            values = {
                name: getattr(record, name) for name in mapper.column_attrs.keys() if name not in BOOKKEEPING | {"id"}
            }
            values |= {name: sorted(one.id for one in getattr(record, name)) or None for name in links}
            plain = {name: as_history(value) for name, value in values.items() if value is not None}
            yield (model.__tablename__, record.id), plain, getattr(record, "version", None)


def is_other(one: Any, other: Any) -> bool:
    return one != other and {repr(one), repr(other)} != {"None", "[]"}


def as_history(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def unbalanced_levels() -> list[str]:
    """Where the ledger does not lead from balance to balance to the level."""
    faults = []
    balances: dict[tuple[int | None, int], int] = defaultdict(int)
    for movement in db.session.scalars(db.select(StockMovement).order_by(StockMovement.id)):
        key = movement.variant_id, movement.location_id
        balances[key] += movement.delta
        if movement.balance_after != balances[key]:
            faults.append(f"Movement {movement.id} leaves {movement.balance_after}; by the ledger {balances[key]}")
    levels = stored(StockLevel)
    faults += [
        f"Level {level.id} is {level.on_hand}; by the ledger {balances[level.variant_id, level.location_id]}"
        for level in levels
        if level.on_hand != balances[level.variant_id, level.location_id]
    ]
    return faults if len(levels) >= len(balances) else [*faults, "A movement has no level."]


def test_twenty_editors_of_the_same_fifty_records_lose_nothing(app: Flask, pytestconfig: pytest.Config) -> None:
    is_long = pytestconfig.getoption("--long")
    ground = make_ground()
    editors = [Editor(app, number, ground) for number in range(1, EDITORS + 1)]

    come_back(editors, LONG_SECONDS if is_long else SECONDS)

    tried, saved = (sum((getattr(one, name) for one in editors), Counter()) for name in ("tried", "saved"))
    print(f"tried {sum(tried.values())}: {dict(tried)}\nsaved {sum(saved.values())}: {dict(saved)}")
    assert [fault for editor in editors for fault in editor.faults] == []
    assert broken_promises([one for editor in editors for one in editor.promises]) == []
    assert lost_bookings([one for editor in editors for one in editor.bookings]) == []
    assert untold_undos(editors) == []
    assert torn_chains() == []
    assert unbalanced_levels() == []
    assert sum(saved.values()) > EDITORS
    assert not is_long or [act.__name__ for act in ACTS if not saved[act.__name__]] == []


def test_pages_are_shown_while_twenty_wait_to_write(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")
    path = f"/admin/brand/edit/?id={brand.id}"
    values = changed(editor.form(path), {"name": "Nord", "once": None})
    answers: list[TestResponse] = []
    threads = [
        threading.Thread(target=lambda one: answers.append(one.post(path, data=values)), args=[same_browser(editor)])
        for _ in range(EDITORS)
    ]
    lock(Brand, brand.id)

    for thread in threads:
        thread.start()
    time.sleep(1)
    begun = time.monotonic()
    page = contextvars.Context().run(same_browser(editor).get, "/admin/brand/")
    took = time.monotonic() - begun
    waiting = EDITORS - len(answers)
    db.session.rollback()
    for thread in threads:
        thread.join(60)

    assert (page.status_code, waiting) == (200, EDITORS)
    assert took < 5
    assert [answer.status_code for answer in answers] == [302] * EDITORS
