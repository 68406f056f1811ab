"""Pages of a list: each row on just one of them, whichever way one leafs, however deep, and whoever writes meanwhile."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, g
from werkzeug.datastructures import MultiDict

from backoffice.catalog.models import Brand, Product, Variant
from backoffice.extensions import db
from backoffice.staff.models import StaffMember
from backoffice.staff.routes import Visitor
from backoffice.web import listing, paging
from backoffice.web.attributes import attributes_of
from backoffice.web.base import Screen
from backoffice.web.searching import ColumnFinder
from tests.making import Person, make_brand, make_product
from tests.walking import make_one, screens_of

ROWS = 8
MOST_PAGES = 1000


def make_rows(screen: Screen, number: int = ROWS) -> None:
    """So many rows of any screen, of which some have the same values and some none."""
    for _number in range(number):
        make_one(screen.model)


def make_brands(number: int) -> None:
    db.session.add_all([Brand(name=f"Brand {at:03}", slug=f"brand-{at}") for at in range(1, number + 1)])
    db.session.commit()


def leafed(screen: Screen, sort: str, size: int, backwards: bool) -> list[int]:
    """All keys, page by page, forwards from the first page or backwards from the last."""
    order, asks, keys = screen.order(sort), paging.Asked(is_last=backwards), []
    for _page in range(MOST_PAGES):
        rows = order.rows(screen.live(), asks, size)
        # The first page is full, so that going back it may show rows again.
        new = [key for key in rows.keys if not backwards or key not in keys]
        keys = [*new, *keys] if backwards else [*keys, *new]
        if not (rows.has_previous if backwards else rows.has_next):
            return keys
        record = db.session.get(screen.model, rows.keys[0 if backwards else -1])
        place = order.place_of(record, rows.first if backwards else rows.first + len(rows.keys) - 1)
        place = paging.read_asked({"after": str(place)}, order.column).after
        asks = paging.Asked(before=place) if backwards else paging.Asked(after=place)
    raise AssertionError(f"{screen.name} by {sort} does not end")


def all_sorts(screen: Screen) -> set[str]:
    names = {*screen.column_sortable_list, screen.column_default_sort.removeprefix("-")}
    return names | {f"-{name}" for name in names}


def test_every_sort_of_every_list_comes_to_each_row_once_both_ways(app: Flask) -> None:
    owner = Person(app, "owner")
    with app.test_request_context():
        # What Flask-Login keeps of who is signed in: some lists are shown to everybody only in part.
        g._login_user = Visitor(db.session.get(StaffMember, owner.member_id), None, "")
        for screen in screens_of(app):
            check_sorts(screen)


def check_sorts(screen: Screen) -> None:
    make_rows(screen)
    everything = len(db.session.scalars(screen.live()).unique().all())
    for sort in all_sorts(screen):
        whole = screen.order(sort).apply(screen.live()).with_only_columns(screen.model.id, maintain_column_froms=True)
        keys = list(db.session.scalars(whole))
        assert len(keys) == everything, screen.name
        # A row a page, where that is not some hundred pages.
    for size in (1, 3) if len(keys) <= 40 else (25,):
        for backwards in (False, True):
            assert leafed(screen, sort, size, backwards) == keys, (screen.name, sort, size, backwards)


@pytest.fixture
def variants(app: Flask) -> list[int]:
    """Keys of variants in the order of their SKU, of which three have none and come last."""
    for at in range(9):
        make_product(f"Thing {at}", skus=[f"T-{at}" if at % 3 else None], prices=(100 + at % 2,))
    return list(db.session.scalars(db.select(Variant.id).order_by(Variant.sku.is_(None), Variant.sku, Variant.id)))


@pytest.mark.parametrize("size", [1, 2, 4, 5, 6, 7, 100])
@pytest.mark.parametrize("sort", ["sku", "-sku", "price", "-price"])
def test_empty_values_come_last_on_whatever_page(app: Flask, variants: list[int], size: int, sort: str) -> None:
    screen = app.extensions["screens"]["variant"]
    order = screen.order(sort)
    whole = list(db.session.scalars(order.apply(screen.live()).with_only_columns(Variant.id)))
    if sort == "sku":
        assert whole == variants

    by_number = [key for number in range(1, 12) for key in order.rows(screen.live(), paging.Asked(number), size).keys]

    assert by_number == leafed(screen, sort, size, backwards=False) == whole


def links(page: BeautifulSoup) -> dict[str, str]:
    return {link.text: link["href"] for link in page.select(".pager-steps a")}


def shown(page: BeautifulSoup) -> list[str]:
    return [cell.text for cell in page.select("tbody .product-name")]


def numbers(page: BeautifulSoup) -> str:
    return " ".join(page.select_one(".pager-count").text.split())


def test_one_leafs_to_the_end_and_back(app: Flask) -> None:
    make_brands(60)
    viewer = Person(app, "viewer")

    second = viewer.page(f"/admin/brand/{links(viewer.page('/admin/brand/'))['Next']}")
    third = viewer.page(f"/admin/brand/{links(second)['Next']}")
    back = viewer.page(f"/admin/brand/{links(third)['Previous']}")
    last = viewer.page("/admin/brand/?before=end")

    assert (shown(second)[0], shown(second)[-1]) == ("Brand 026", "Brand 050")
    assert numbers(second) == "26 to 50 of 60"
    assert shown(third) == shown(last) == [f"Brand 0{number}" for number in range(51, 61)]
    assert numbers(third) == numbers(last) == "51 to 60 of 60"
    assert "Next" not in links(third) and "Next" not in links(last)
    assert (shown(back), numbers(back)) == (shown(second), numbers(second))
    assert second.select_one("#page-number")["value"] == "2"
    first = viewer.page(f"/admin/brand/{links(back)['First']}")
    assert shown(first)[0] == "Brand 001" and "Previous" not in links(first)


def test_what_others_write_moves_no_row_to_another_page(app: Flask) -> None:
    make_brands(60)
    viewer = Person(app, "viewer")
    onwards = links(viewer.page("/admin/brand/"))["Next"]

    for name in ("Aardvark", "Abacus", "Acorn"):
        make_brand(name)
    second = viewer.page(f"/admin/brand/{onwards}")

    assert shown(second)[0] == "Brand 026"
    assert shown(viewer.page(f"/admin/brand/{links(second)['Previous']}"))[-1] == "Brand 025"


def test_the_row_that_led_on_may_be_gone(app: Flask) -> None:
    make_brands(60)
    viewer = Person(app, "viewer")
    onwards = links(viewer.page("/admin/brand/"))["Next"]
    db.session.delete(db.session.scalar(db.select(Brand).where(Brand.name == "Brand 025")))
    db.session.commit()

    assert shown(viewer.page(f"/admin/brand/{onwards}"))[0] == "Brand 026"


def test_a_page_is_chosen_by_its_number_and_keeps_what_was_asked(app: Flask) -> None:
    make_brands(60)

    page = Person(app, "viewer").page("/admin/brand/?search=brand&sort=-name&page=2")

    form = page.select_one(".pager-jump")
    kept = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    assert kept == {"search": "brand", "sort": "-name"}
    assert (form.select_one("#page-number")["max"], form.select_one("#page-number")["value"]) == ("3", "2")


def test_a_long_list_is_counted_when_somebody_asks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "EXACT_UP_TO", 40)
    make_brands(60)
    viewer = Person(app, "viewer")

    page, last = viewer.page("/admin/brand/"), viewer.page("/admin/brand/?before=end")
    counted = viewer.page(f"/admin/brand/{page.select_one('.pager-count a')['href']}")

    assert numbers(page) == "1 to 25 of more than 40 Count all"
    assert numbers(last) == "25 to 1 from the end Count all"
    assert numbers(viewer.page(f"/admin/brand/{links(last)['Previous']}")) == "50 to 26 from the end Count all"
    assert numbers(counted) == "1 to 25 of 60"
    assert numbers(viewer.page("/admin/brand/?before=end&count=exact")) == "51 to 60 of 60"
    assert numbers(viewer.page(f"/admin/brand/{links(counted)['Next']}")) == "26 to 50 of 60"


JUNK = (
    "x",
    "%00",
    "bnVsbA",
    "W10",
    "WyJ4IiwxXQ",
    "WyJ4IiwxLCJ4Il0",
    "WyJ4Iix0cnVlLDFd",
    "W1tdLDEsMV0",
    "WzEsMSwxXQ",
    "WyJ4IiwxZTk5OSwxXQ",
    "WyJ4Iiw5OTk5OTk5OTk5OTk5OTk5OTk5OTksMV0",
    "W1tbW1tbW1tb" * 90,
    "A" * 7000,
    "é",
)


@pytest.mark.parametrize("way", ["after", "before"])
def test_a_damaged_address_is_told(app: Flask, way: str) -> None:
    make_brands(3)
    viewer = Person(app, "viewer")

    for junk in JUNK:
        answer = viewer.get("/admin/brand/", query_string={way: junk})
        assert answer.status_code == 400, junk[:40]
    for sort in ("name", "-updated_at"):
        assert viewer.get("/admin/brand/", query_string={way: JUNK[5], "sort": sort}).status_code == 400


def test_a_place_of_another_sort_is_told(app: Flask) -> None:
    make_brands(30)
    viewer = Person(app, "viewer")
    place = MultiDict([part.split("=", 1) for part in links(viewer.page("/admin/brand/"))["Next"][1:].split("&")])

    answer = viewer.get("/admin/brand/", query_string={"sort": "updated_at", "after": place["after"]})

    assert answer.status_code == 400 and "sorted otherwise now" in answer.text


def test_what_is_named_just_so_leads_and_comes_once(app: Flask) -> None:
    for at in range(30):
        make_product(f"Mug {at:02}", skus=[f"M-{at}"])
    wanted = make_product("Plate", skus=["MUG"])
    make_product("Last of mug", skus=["Z"])
    viewer = Person(app, "viewer")

    first = viewer.page("/admin/product/?search=mug")
    second = viewer.page(f"/admin/product/{links(first)['Next']}")
    by_name = viewer.page("/admin/product/?search=mug&sort=-name")

    assert shown(first)[0] == wanted.name
    assert len({*shown(first), *shown(second)}) == 32 and not {*shown(first)} & {*shown(second)}
    assert shown(by_name)[:2] == ["Plate", "Mug 29"]
    assert shown(viewer.page(f"/admin/product/{links(second)['Previous']}")) == shown(first)


def test_what_leads_meets_the_filters_too(app: Flask) -> None:
    make_product("Mug", skus=["M-1"])
    active = make_product("Big mug", skus=["M-2"], status="active")

    page = Person(app, "viewer").page("/admin/product/?search=mug&status=active")

    assert shown(page) == [active.name]


def test_going_on_is_no_part_of_a_saved_view_or_a_file(app: Flask) -> None:
    make_brands(60)
    manager = Person(app, "manager")
    second = manager.page(f"/admin/brand/{links(manager.page('/admin/brand/?search=brand'))['Next']}")

    export = second.select_one("a[download]")["href"]

    assert second.select_one("[name=query]")["value"] == "search=brand"
    assert "after" not in export and manager.get(export).text.count("Brand 0") == 60


def test_products_by_number_of_variants_stay_one_row(app: Flask) -> None:
    for at in range(5):
        make_product(f"Thing {at}", prices=(1, 2, 3))
    screen: Any = app.extensions["screens"]["product"]

    assert len(leafed(screen, "name", 2, backwards=False)) == db.session.scalar(
        db.select(db.func.count()).select_from(Product)
    )


def test_every_column_that_a_list_is_sorted_by_has_its_index(app: Flask) -> None:
    """The index leads to any page: the live records apart, then the column, then the key that tells equal ones apart."""
    missing = []
    for screen in screens_of(app):
        indexes = [[column.name for column in index.columns] for index in screen.model.__table__.indexes]
        for name in {sort.removeprefix("-") for sort in all_sorts(screen)}:
            column = screen.sort_column(name)
            if column is None or screen.stays_small:
                continue
            live = ["deleted_token"] if hasattr(screen.model, "deleted_token") else []
            if [*live, column.property.columns[0].name, "id"] not in indexes:
                missing.append((screen.name, name))
    assert missing == [("Categories", "full_name")]


# What narrows a list by walking it in its order: quick where it holds for many rows, slow where it holds for few.
WALKED = {
    ("Products", "level"),
    ("Products", "price"),
    ("Products", "stock"),
    ("Products", "tags"),
    ("Products", "picture"),
    ("Products", "description"),
    ("Products", "ready"),
    ("Products", "on_sale"),
    ("Products", "name"),
    ("Variants", "level"),
    ("Variants", "cost"),
    ("Variants", "compare_at_price"),
    ("Variants", "weight_grams"),
    ("Variants", "tracks_stock"),
    ("Levels", "reserved"),
    ("Movements", "delta"),
    ("Movements", "actor_name"),
    ("Activity", "kind"),
    ("Activity", "entity"),
    ("Activity", "field"),
    ("Pictures", "source_url"),
    ("Sign-ins", "ended_at"),
    ("Imports", "state"),
    ("Imports", "waiting"),
    ("Imports", "file_format"),
}


def test_every_filter_of_a_list_that_grows_has_its_index_or_is_known_to_walk(app: Flask) -> None:
    walked = set()
    for screen in screens_of(app):
        table = screen.model.__table__
        columns = [[column.name for column in one.columns] for one in (*table.indexes, *table.constraints)]
        led_to = {names[1] if names[0] == "deleted_token" and names[1:] else names[0] for names in columns if names}
        for one in screen.filters.values():
            attribute = attributes_of(screen.model).get(one.name)
            is_led = attribute is not None and attribute.column is not None and attribute.column.name in led_to
            # A text that contains something is found by looking at all of them, index or not.
            if not screen.stays_small and (not is_led or one.kind in ("text", "long_text", "html")):
                walked.add((screen.name, one.name))
    assert walked - WALKED <= TEXTS, walked - WALKED
    assert walked >= WALKED


TEXTS = {
    ("Variants", "sku"),
    ("Variants", "barcode"),
    ("Categories", "slug"),
    ("Brands", "name"),
    ("Brands", "description"),
    ("Tags", "name"),
    ("Pictures", "alt_text"),
    ("Redirects", "kind"),
}


def test_every_search_of_a_list_that_grows_is_led_by_an_index(app: Flask) -> None:
    by_columns = {
        screen.name
        for screen in screens_of(app)
        if screen.column_searchable_list and isinstance(screen.finder, ColumnFinder) and not screen.stays_small
    }
    assert by_columns == set()
