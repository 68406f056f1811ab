"""A row of a list is drawn once for all who would see it alike, and always shows what is so now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import update

from backoffice.catalog.admin.products import ProductScreen
from backoffice.catalog.models import PriceChange
from backoffice.extensions import db
from backoffice.inventory.models import Location
from backoffice.inventory.stock import move
from backoffice.media.models import Picture
from backoffice.records import utc_now
from backoffice.settings.models import ShopSettings
from backoffice.staff.models import StaffMember
from backoffice.staff.preferences import choose
from backoffice.web import rows
from tests.making import Person, make_brand, make_category, make_product

COLUMNS = "/admin/product/?" + "&".join(f"columns={name}" for name in ProductScreen.column_list)


def rows_of(person: Person) -> list[str]:
    return [str(row) for row in person.page(COLUMNS).select("tbody tr")]


def have_changed_as_if_drawn_anew(persons: list[Person], shown: list[list[str]]) -> bool:
    """Whether the rows are others than those before, and the very same when nothing is remembered of them."""
    now = [rows_of(person) for person in persons]
    rows._drawn.forget()
    return now != shown and now == [rows_of(person) for person in persons]


def test_a_row_shows_what_is_so_now(app: Flask) -> None:
    category, brand = make_category("Kitchen"), make_brand("Norr")
    mug = make_product("Mug", prices=(1290, 1490), category=category, brand=brand, status="active")
    persons = [Person(app, "owner"), Person(app, "viewer"), Person(app, "manager")]
    choose(persons[2].member_id, language="de")
    db.session.commit()
    first, second = mug.variants
    settings, soon = db.session.get(ShopSettings, 1), utc_now() + timedelta(days=1)
    changes: list[Callable[[], Any]] = [
        lambda: setattr(mug, "name", "Cup"),
        lambda: setattr(mug, "slug", "cup"),
        lambda: setattr(mug, "status", "draft"),
        lambda: (setattr(mug, "status", "active"), setattr(mug, "publish_at", soon)),
        lambda: setattr(mug, "publish_at", utc_now() - timedelta(days=1)),
        lambda: setattr(category, "name", "Cellar"),
        lambda: setattr(brand, "name", "Süd"),
        lambda: setattr(first, "price_minor", 990),
        lambda: setattr(first, "compare_at_price_minor", 1990),
        lambda: db.session.execute(update(PriceChange).values(old_price_minor=777)),
        lambda: setattr(second, "price_minor", 990),
        lambda: move(first, db.session.scalars(db.select(Location)).one(), 20, "delivery", None),
        lambda: setattr(settings, "low_stock_threshold", 50),
        lambda: setattr(first, "low_stock_threshold", 10),
        lambda: setattr(first, "tracks_stock", False),
        lambda: setattr(settings, "time_zone", "Pacific/Auckland"),
        lambda: setattr(settings, "currency", "USD"),
        lambda: setattr(second, "deleted_token", second.id),
        lambda: setattr(first, "sku", "MUG-1"),
        lambda: db.session.add(Picture(product_id=mug.id, checksum="ab" * 32, position=1)),
    ]
    for number, change in enumerate(changes):
        shown = [rows_of(person) for person in persons]
        change()
        db.session.commit()
        assert have_changed_as_if_drawn_anew(persons, shown), number


def test_a_row_offers_what_each_may_do(app: Flask) -> None:
    make_product("Mug")
    owner, viewer, manager = Person(app, "owner"), Person(app, "viewer"), Person(app, "manager")

    def offers(person: Person) -> tuple[int, int, int]:
        row = person.page("/admin/product/").select_one("tbody tr")
        return tuple(len(row.select(what)) for what in ("[data-cell]", "[name=rowid]", "[data-action=row-menu]"))

    for _again in range(2):
        assert offers(owner) == (3, 1, 1)
        assert offers(viewer)[:2] == (0, 0)
    assert offers(manager) == (3, 1, 1)

    role = db.session.get(StaffMember, manager.member_id).role
    role.permissions = [held for held in role.permissions if (held.area_name, held.verb) != ("catalog", "price")]
    db.session.commit()

    assert offers(manager) == (2, 1, 1)
    assert offers(owner) == (3, 1, 1)


def test_a_row_is_drawn_once_for_all_who_see_it_alike(app: Flask) -> None:
    """What is remembered is told apart by all that a row shows, and by nothing else."""
    for number in range(3):
        make_product(f"Mug {number}")
    rows._drawn.forget()

    for person in (Person(app, "editor"), Person(app, "editor")):
        rows_of(person)

    assert len(rows._drawn) == 3
