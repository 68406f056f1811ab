"""Lists as staff use them: searched, filtered, sorted, paged, narrowed to columns, and taken along as CSV."""

import contextvars
import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event

from backoffice.catalog.models import Brand, Product, SlugRedirect, Tag, TaxClass, Variant
from backoffice.config import ROOT
from backoffice.extensions import db
from backoffice.inventory.models import Location
from backoffice.inventory.stock import move
from backoffice.media.models import Picture
from backoffice.records import utc_now
from backoffice.settings.models import ShopSettings
from backoffice.web import exports
from tests.making import Person, make_brand, make_category, make_product, stored, text_of
from tests.walking import make_house, make_one, screens_of


def names(person: Person, address: str) -> list[str]:
    """What stands in the first column, in order."""
    page = person.page(address)
    return [cell.text.strip() for cell in page.select("tbody .col-name .product-name")]


def exported(person: Person, address: str) -> list[list[str]]:
    answer = person.get(address)
    assert answer.status_code == 200, text_of(answer)
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@pytest.fixture
def shop(app: Flask) -> dict[str, Any]:
    """Four products that differ in everything a list can ask for."""
    kitchen = make_category("Kitchen")
    pans = make_category("Pans", kitchen)
    garden = make_category("Garden")
    norr, sud = make_brand("Norr"), make_brand("Süd")
    sale, new = Tag(name="Sale", slug="sale"), Tag(name="New", slug="new")
    rate = TaxClass(name="Odd rate", slug="odd-rate", rate_basis_points=9550)
    place_to_be = Location(name="Harbour", code="harbour")
    db.session.add_all([sale, new, rate, place_to_be])
    db.session.flush()
    pan = make_product("Émail Pan", prices=(2500, 3500), skus=["PAN-20", "PAN-28"], status="active")
    mug = make_product("Enamel Mug", prices=(1290,), skus=["MUG-1"])
    spade = make_product("Spade", prices=(4000,), skus=["SPADE"], status="archived")
    card = make_product("Gift Card 100%", prices=(None,), skus=["CARD_1"])
    pan.category, mug.category, spade.category = pans, kitchen, garden
    pan.brand, mug.brand = norr, sud
    pan.tags, mug.tags = [sale, new], [new]
    pan.tax_class = rate
    spade.categories = [kitchen]
    mug.variants[0].barcode = "4006381333931"
    card.variants[0].tracks_stock = False
    for variant, pieces in ((pan.variants[0], 3), (pan.variants[1], 4), (spade.variants[0], 12)):
        move(variant, place_to_be, pieces, "delivery", None)
    for product, days in ((pan, 1), (mug, 2), (spade, 3), (card, 40)):
        product.updated_at = utc_now() - timedelta(days=days)
    db.session.commit()
    return {
        "kitchen": kitchen.id,
        "pans": pans.id,
        "garden": garden.id,
        "norr": norr.id,
        "sud": sud.id,
        "sale": sale.id,
        "new": new.id,
        "rate": rate.id,
        "harbour": place_to_be.id,
        "pan": pan.id,
    }


PAN, MUG, SPADE, CARD = "Émail Pan", "Enamel Mug", "Spade", "Gift Card 100%"


@pytest.mark.parametrize(
    "text, found",
    [
        ("enamel", [MUG]),
        ("ENAMEL mug", [MUG]),
        ("mug enamel", [MUG]),
        ("mug spade", []),
        ("Émail", [PAN]),
        ("email", [PAN]),
        ("norr", [PAN]),
        ("sale", [PAN]),
        ("éMAIL", [PAN]),
        ("E\u0301mail", [PAN]),
        ("pan-28", [PAN]),
        ("4006381333931", [MUG]),
        ("100%", [CARD]),
        # One letter or sign is the beginning of a word.
        ("%", []),
        ("_", []),
        ("s", [PAN, MUG, SPADE]),
        ("card_1", [CARD]),
        ("  spade  ", [SPADE]),
        ("\\", []),
        ("nothing like it", []),
        ("", [PAN, MUG, SPADE, CARD]),
    ],
)
def test_a_search_looks_at_names_skus_and_barcodes_whatever_the_case(
    app: Flask, shop: dict[str, int], text: str, found: list[str]
) -> None:
    viewer = Person(app, "viewer")

    page = BeautifulSoup(viewer.get("/admin/product/", query_string={"search": text}).text, "html.parser")

    # Where nothing is found, what comes close to it is shown and said to be only that.
    rows = [] if page.select_one(".page-note") else page.select("tbody .product-name")
    assert sorted(one.text for one in rows) == sorted(found)


@pytest.mark.parametrize(
    "query, found",
    [
        ("status=draft", [MUG, CARD]),
        ("status=published", [PAN]),
        ("status=draft&status=archived", [MUG, SPADE, CARD]),
        ("status__not=draft", [PAN, SPADE]),
        ("category={kitchen}", [PAN, MUG, SPADE]),
        ("category={pans}", [PAN]),
        ("category={pans}&category={garden}", [PAN, SPADE]),
        ("category__not={kitchen}", [CARD]),
        ("category__empty=1", [CARD]),
        ("category__empty=0", [PAN, MUG, SPADE]),
        ("category=999", []),
        ("brand={norr}", [PAN]),
        ("brand={norr}&brand={sud}", [PAN, MUG]),
        ("brand__not={norr}", [MUG, SPADE, CARD]),
        ("brand__empty=1", [SPADE, CARD]),
        ("price=12.90", [MUG]),
        ("price__not=12.90", [PAN, SPADE, CARD]),
        ("price__from=30", [PAN, SPADE]),
        ("price__to=25", [PAN, MUG]),
        ("price__from=12.91&price__to=25.00", [PAN]),
        ("price__empty=1", [CARD]),
        ("price__empty=0", [PAN, MUG, SPADE]),
        ("stock=7", [PAN]),
        ("stock__not=7", [MUG, SPADE]),
        ("stock__from=8", [SPADE]),
        ("stock__to=0", [MUG]),
        ("tags={new}", [PAN, MUG]),
        ("tags={sale}", [PAN]),
        ("tags__not={sale}", [MUG, SPADE, CARD]),
        ("tags__empty=1", [SPADE, CARD]),
        ("tax_class={rate}", [PAN]),
        ("tax_class__empty=1", [MUG, SPADE, CARD]),
        ("name=mAI", [PAN]),
        ("name=%C3%A9mail", [PAN]),
        ("name__not=a", []),
        ("name__not=mug", [PAN, SPADE, CARD]),
        ("name=100%25", [CARD]),
        ("search=c&status=draft", [CARD]),
        ("status=&brand=&price__from=", [PAN, MUG, SPADE, CARD]),
    ],
)
def test_a_list_of_products_is_narrowed_by_each_of_its_filters(
    app: Flask, shop: dict[str, int], query: str, found: list[str]
) -> None:
    assert names(Person(app, "viewer"), f"/admin/product/?{query.format(**shop)}") == found


def test_a_range_of_prices_is_asked_of_one_variant(app: Flask) -> None:
    make_product("Both ends", prices=(100, 90000))
    make_product("Between", prices=(100, 400))
    make_product("Without", prices=(None,))
    viewer = Person(app, "viewer")

    found = {
        query: sorted(names(viewer, f"/admin/product/?{query}"))
        for query in ("price__from=3&price__to=5", "price__from=3", "price__to=5", "price__from=3&2.price__to=5")
    }

    assert list(found.values()) == [["Between"], *[["Between", "Both ends"]] * 3]


@pytest.mark.parametrize(
    "screen, query, count",
    [
        ("variant", "tracks_stock=0", 1),
        ("variant", "tracks_stock=1", 4),
        ("variant", "weight_grams=250", 1),
        ("variant", "weight_grams__not=250", 4),
        ("variant", "weight_grams__from=251", 0),
        ("variant", "weight_grams__to=250 g", 1),
        ("variant", "weight_grams__empty=1", 4),
        ("variant", "cost__empty=0", 0),
        ("variant", "sku=pan", 2),
        ("variant", "barcode__empty=1", 4),
        ("variant", "product={pan}", 2),
        ("tax_class", "rate=95.5", 1),
        ("tax_class", "rate__from=95,6", 0),
        ("tax_class", "rate__from=95.50 %25", 1),
        ("category", "parent={kitchen}", 1),
        ("category", "parent__empty=1", 2),
        ("brand", "description__empty=1", 2),
        ("brand", "description__empty=0", 0),
        ("stock_level", "location={harbour}", 3),
        ("stock_level", "on_hand__from=4", 2),
        ("stock_movement", "delta__from=4&kind=delivery", 2),
        ("stock_movement", "kind__not=delivery", 0),
    ],
)
def test_each_kind_of_value_has_the_filters_that_suit_it(
    app: Flask, shop: dict[str, int], screen: str, query: str, count: int
) -> None:
    viewer = Person(app, "viewer")
    db.session.get(Product, shop["pan"]).variants[0].weight_grams = 250
    db.session.commit()
    before = len(viewer.page(f"/admin/{screen}/").select("tbody tr"))

    found = viewer.page(f"/admin/{screen}/?{query.format(**shop)}").select("tbody tr")

    assert len(found) == count, f"{len(found)} of {before}"


def test_a_day_is_the_shops_own_day(app: Flask) -> None:
    viewer, product = Person(app, "viewer"), make_product("Late Mug")
    settings = db.session.get(ShopSettings, 1)
    settings.time_zone = "Asia/Tokyo"
    product.updated_at = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
    db.session.commit()

    found = {
        query: names(viewer, f"/admin/product/?updated_at{query}") == ["Late Mug"]
        for query in (
            "=2026-04-01",
            "=2026-03-31",
            "__from=2026-04-01",
            "__from=2026-04-02",
            "__to=2026-04-01",
            "__to=2026-03-31",
            "__not=2026-04-01",
            "__not=2026-03-31",
        )
    }

    assert [query for query, is_found in found.items() if is_found] == [
        "=2026-04-01",
        "__from=2026-04-01",
        "__to=2026-04-01",
        "__not=2026-03-31",
    ]


@pytest.mark.parametrize(
    "query, sentence",
    [
        ("price__from=abc", "Price: Write the amount as 12.50."),
        ("price__from=-1", "Price: An amount can’t be below 0."),
        ("price=1.234", "EUR has 2 decimals at most."),
        ("brand=Norr", "Brand: Choose one of the list."),
        ("status=sold", "Status: Choose one of the list."),
        ("stock__from=many", "Stock: Write a whole number."),
        ("updated_at__from=yesterday", "Updated: Write the day like 2027-03-31."),
        ("updated_at__from=0001-01-01", "Updated: Choose a year between 1970 and 9000."),
        ("brand__empty=maybe", "Brand: Write 1 for yes or 0 for no."),
        ("colour=red", "This list has no filter “colour”."),
        ("sort=colour", "This list can’t be sorted like that."),
        ("page=0", "There is no such page."),
        ("page_size=10", "A page holds 25, 50, 100, 200 rows."),
    ],
)
@pytest.mark.any_engine
def test_an_address_that_makes_no_sense_is_told_in_a_sentence(app: Flask, query: str, sentence: str) -> None:
    answer = Person(app, "viewer").get(f"/admin/product/?{query}")

    assert answer.status_code == 400
    assert sentence in text_of(answer)


@pytest.mark.parametrize(
    "sort, found",
    [
        ("name", ["Émail Pan", MUG, CARD, SPADE]),
        ("-name", [SPADE, CARD, MUG, "Émail Pan"]),
        ("updated_at", [CARD, SPADE, MUG, PAN]),
        ("-updated_at", [PAN, MUG, SPADE, CARD]),
    ],
)
def test_a_list_is_sorted_both_ways(app: Flask, shop: dict[str, int], sort: str, found: list[str]) -> None:
    sorted_names = names(Person(app, "viewer"), f"/admin/product/?sort={sort}")

    # Where letters with marks stand is the database's own affair; all else is not.
    assert [name for name in sorted_names if name != PAN or "name" not in sort] == [
        name for name in found if name != PAN or "name" not in sort
    ]


@pytest.mark.parametrize("sort, found", [("price", ["10.00", "20.00", ""]), ("-price", ["20.00", "10.00", ""])])
def test_empty_values_come_last_whichever_way_a_list_is_sorted(app: Flask, sort: str, found: list[str]) -> None:
    for price in (None, 2000, 1000):
        make_product(prices=(price,))

    page = Person(app, "viewer").page(f"/admin/variant/?sort={sort}")

    shown = [cell.text.strip().removeprefix("€") for cell in page.select("tbody .col-price")]
    assert [text.replace("no price", "") for text in shown] == found


def test_equal_values_keep_their_order_from_page_to_page(app: Flask) -> None:
    viewer = Person(app, "viewer")
    db.session.add_all([Brand(name="Same", slug=f"same-{number}") for number in range(60)])
    db.session.commit()

    keys = [
        row["data-key"]
        for page in (1, 2, 3)
        for row in viewer.page(f"/admin/brand/?sort=name&page={page}").select("tbody tr")
    ]

    assert len(keys) == len(set(keys)) == 60


def test_pages_lead_to_one_another_and_keep_the_search(app: Flask) -> None:
    viewer = Person(app, "viewer")
    db.session.add_all([Brand(name=f"Brand {number:03}", slug=f"brand-{number}") for number in range(60)])
    db.session.commit()

    page = viewer.page("/admin/brand/?search=brand&page=2")

    assert [cell.text for cell in page.select("tbody .product-name")][:1] == ["Brand 025"]
    assert "26 to 50 of 60" in page.select_one(".pager-count").text
    links = {link.text: link["href"] for link in page.select(".pager a")}
    assert set(links) == {"First", "Previous", "Next", "Last"}
    assert all("search=brand" in link for link in links.values())
    assert "before=end" in links["Last"]
    last = viewer.page(f"/admin/brand/{links['Last']}")
    assert len(last.select("tbody tr")) == 10
    assert {link.text for link in last.select(".pager a")} == {"First", "Previous"}
    assert len(viewer.page("/admin/brand/?page_size=100").select("tbody tr")) == 60


def test_a_page_behind_the_last_says_that_nothing_is_there(app: Flask) -> None:
    make_brand("Norr")

    page = Person(app, "viewer").page("/admin/brand/?page=99")

    assert page.select("tbody tr") == []
    assert "There is no such page" in page.text
    assert page.select_one(".empty-state a")["href"].endswith("?before=end")


def test_an_empty_list_offers_the_first_record_to_who_may_make_it(app: Flask) -> None:
    editors, viewers = Person(app, "editor").page("/admin/brand/"), Person(app, "viewer").page("/admin/brand/")

    assert "New brand" in editors.select_one(".empty-state").text
    assert "Nothing needs you here." in viewers.select_one(".empty-state").text


def test_columns_are_chosen_and_the_first_one_stays(app: Flask, shop: dict[str, int]) -> None:
    viewer = Person(app, "viewer")

    usual, chosen = viewer.page("/admin/product/"), viewer.page("/admin/product/?columns=brand&columns=slug")

    def heads(page: BeautifulSoup) -> list[str]:
        return [head.text.strip() for head in page.select("thead th:not(.col-check, .col-more)")]

    assert heads(usual) == ["Product", "Status", "Category", "Price", "Stock", "Updated"]
    assert heads(chosen) == ["Product", "Brand", "Address"]
    assert "Norr" in chosen.select_one("tbody tr").text


def test_columns_that_a_screen_does_not_list_are_never_shown(app: Flask) -> None:
    owner = Person(app, "owner")

    page = owner.page("/admin/staff_member/?columns=password_hash&columns=email")

    assert [head.text.strip() for head in page.select("thead th:not(.col-more)")] == ["Name", "Email"]
    assert "argon2" not in page.text


def test_an_export_holds_what_the_list_finds_and_in_its_columns(app: Flask, shop: dict[str, int]) -> None:
    editor = Person(app, "editor")

    rows = exported(editor, "/admin/product/export/csv/?search=1&status=draft&columns=price&columns=brand&sort=name")

    assert rows[0] == ["Product", "Price", "Brand"]
    assert sorted(rows[1:]) == [[MUG, "12.90", "Süd"], [CARD, "", ""]]


FEWEST_SORTED = 5


@pytest.fixture
def shuffled(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several records for every list, of which some share what they are sorted by, or have nothing there."""
    monkeypatch.setattr(exports, "ROWS_AT_ONCE", 3)
    for number, price in enumerate((2500, None, 1290, 2500, None, 4000, 1290)):
        turn = number * 5 % 7
        place_to_be = Location(name=f"Place {turn}", code=f"code-{number % 3}-{turn}")
        tag, rate = Tag(name=f"Tag {turn}", slug=f"tag-{turn}"), TaxClass(name=f"Rate {turn}", slug=f"rate-{turn}")
        rate.rate_basis_points = number % 3
        db.session.add_all([place_to_be, tag, rate])
        make_category(f"Shelf {turn}")
        make_brand(f"Norr {turn}")
        product = make_product(f"Mug {turn}", prices=(price,), status="archived" if number % 3 else "draft")
        db.session.add(SlugRedirect(kind="product", old_slug=f"old-{turn}", product_id=product.id))
        db.session.add(Picture(product_id=product.id, checksum=f"{number}" * 64, width=1, height=1, size_bytes=1))
        product.variants[0].sku = f"SKU-{turn}" if number % 3 else None
        move(product.variants[0], place_to_be, number % 3 + 1, "delivery", None)
        db.session.commit()
    for screen in screens_of(app):
        for _missing in range(FEWEST_SORTED - len(stored(screen.model)) if screen.can_export else 0):
            make_one(screen.model)
    for table in db.metadata.sorted_tables:
        for name in {"updated_at", "created_at", "at"} & set(table.columns.keys()):
            for rest in range(2):
                moved = table.update().where(table.c.id % 3 == rest).values({name: utc_now() - timedelta(days=rest)})
                db.session.connection().execute(moved)
    db.session.commit()


def test_an_export_comes_in_the_order_of_its_list(app: Flask, shuffled: None) -> None:
    """By every column that a list is sorted by, in both directions; a record is known by what its row begins with."""
    owner, compared = Person(app, "owner"), 0
    for screen in screens_of(app):
        for sort in (f"{way}{column}" for column in screen.column_sortable_list for way in ("", "-")):
            if screen.can_export:
                listed = first_cells(owner.page(f"/admin/{screen.endpoint}/?sort={sort}&page_size=200"))
                lines = exported(owner, f"/admin/{screen.endpoint}/export/csv/?sort={sort}")[1:]
                # The activity's file has a line for each field that was changed, with what was done in its fifth column.
                place = 4 if screen.endpoint == "change_set" else 0
                assert list(dict.fromkeys(line[place] for line in lines)) == listed, f"{screen.name} by {sort}"
                assert len(set(listed)) == len(listed) >= FEWEST_SORTED
                compared += 1

    assert compared > 40


def first_cells(page: BeautifulSoup) -> list[str]:
    cells = page.select("tbody tr td.col-name, tbody tr td:first-child:not(.col-check)")
    return [(cell.select_one(".product-name") or cell.select_one(".cell-shown") or cell).text.strip() for cell in cells]


def test_what_moves_in_the_list_while_it_is_exported_comes_once_all_the_same(app: Flask, shuffled: None) -> None:
    editor, reader = Person(app, "editor"), contextvars.Context()
    last = stored(Brand)[0]
    last.updated_at = utc_now() - timedelta(days=9)
    db.session.commit()

    answer = reader.run(editor.client.get, "/admin/brand/export/csv/?sort=-updated_at")
    lines = iter(answer.response)
    begun = [reader.run(next, lines) for _line in range(3)]
    editor.save(f"/admin/brand/edit/?id={last.id}", name="Now the first")
    rest = reader.run(list, lines)

    slugs = [line.decode().split(",")[2] for line in [*begun[2:], *rest]]
    assert sorted(slugs) == sorted(one.slug for one in stored(Brand))


def test_an_export_is_sorted_like_its_list_where_nothing_is_said(app: Flask, shuffled: None) -> None:
    viewer = Person(app, "editor")

    assert [line[0] for line in exported(viewer, "/admin/brand/export/csv/")[1:]] == [f"Norr {at}" for at in range(7)]


def test_an_export_holds_figures_that_a_program_can_read(app: Flask, shop: dict[str, int]) -> None:
    editor = Person(app, "editor")
    db.session.get(ShopSettings, 1).locale = "de"
    db.session.commit()

    products = exported(editor, "/admin/product/export/csv/?columns=price&columns=stock&search=pan")
    variants = exported(editor, "/admin/variant/export/csv/?columns=price&columns=sku&columns=stock&sku=pan")
    levels = exported(editor, "/admin/stock_level/export/csv/?columns=on_hand&columns=updated_at&on_hand=12")

    assert products[1:] == [[PAN, "25.00 - 35.00", "7"]]
    assert sorted(variants[1:]) == [
        ["Émail Pan, Size 1", "25.00", "PAN-20", "3"],
        ["Émail Pan, Size 2", "35.00", "PAN-28", "4"],
    ]
    assert levels[1][:2] == ["Spade", "12"]
    assert datetime.fromisoformat(levels[1][2]).tzinfo is not None


def test_an_export_is_a_file_with_a_name_and_the_date(app: Flask) -> None:
    answer = Person(app, "editor").get("/admin/brand/export/csv/")

    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=brands-{utc_now():%Y-%m-%d}.csv"
    assert answer.text.startswith("\ufeff")


@pytest.mark.parametrize("kind", ["xlsx", "json", "../../etc", "html"])
@pytest.mark.any_engine
def test_a_list_is_exported_as_csv_alone(app: Flask, kind: str) -> None:
    assert Person(app, "owner").get(f"/admin/brand/export/{kind}/").status_code == 404


def test_a_filter_for_what_is_gone_still_shows_which(app: Flask, shop: dict[str, int]) -> None:
    page = Person(app, "viewer").page(f"/admin/product/?brand={shop['norr']}&price__from=10")

    chips = [chip.text for chip in page.select(".filter-chip[data-set] summary")]
    assert any("Norr" in chip for chip in chips)
    assert any("from €10.00" in chip for chip in chips)
    assert page.select_one(f"#filter-brand option[value='{shop['norr']}']").has_attr("selected")


def test_the_trash_is_in_no_list_no_search_no_export_and_no_count(app: Flask, shop: dict[str, int]) -> None:
    manager = Person(app, "manager")
    manager.save(f"/admin/product/delete/?id={shop['pan']}", which="form[data-deletes]")

    assert names(manager, "/admin/product/") == [MUG, SPADE, CARD]
    assert names(manager, "/admin/product/?search=pan-28") == []
    assert [row[0] for row in exported(manager, "/admin/product/export/csv/")[1:]].count(PAN) == 0
    assert "PAN-20" not in manager.get("/admin/variant/").text
    assert PAN not in manager.get("/admin/stock_level/").text
    assert "3 in all." in text_of(manager.get("/admin/product/"))


def count_statements(person: Person, address: str) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert person.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def fill(count: int) -> None:
    brand = db.session.scalar(db.select(Brand)) or make_brand("Norr")
    category = make_category(f"Category {count}")
    location = Location(name=f"Place {count}", code=f"place-{count}")
    db.session.add(location)
    for _ in range(count):
        product = make_product(prices=(1000, 1200), brand=brand, category=category)
        move(product.variants[0], location, 3, "delivery", None)
        product.variants[0].price_minor, product.variants[0].compare_at_price_minor = 900, 1500
    db.session.commit()


LONG_LISTS = [
    "/admin/product/?page_size=100",
    "/admin/product/?page_size=100&columns=brand&columns=category&columns=price&columns=stock",
    "/admin/variant/?page_size=200",
    "/admin/stock_level/?page_size=100",
    "/admin/stock_movement/?page_size=100",
    "/admin/price_change/?page_size=200",
    "/admin/category/?page_size=100",
    "/admin/change_set/?page_size=200",
    "/admin/product/export/csv/?columns=brand&columns=category&columns=price&columns=stock&columns=updated_at",
    "/admin/variant/export/csv/",
    "/admin/stock_level/export/csv/",
    "/admin/price_change/export/csv/",
]


@pytest.mark.any_engine
def test_a_list_of_fifty_takes_as_many_queries_as_a_list_of_five(app: Flask) -> None:
    editor = Person(app, "editor")
    fill(5)
    few = {address: count_statements(editor, address) for address in LONG_LISTS}
    fill(45)

    many = {address: count_statements(editor, address) for address in LONG_LISTS}

    assert many == few
    assert max(many.values()) < 25


@pytest.mark.any_engine
def test_no_list_takes_more_queries_for_more_rows(app: Flask) -> None:
    """Every list with all of its columns, and its file, each row with related records of its own."""
    owner = Person(app, "owner")
    # The settings are one record, and have no list.
    screens = [screen for screen in screens_of(app) if screen.endpoint != "settings"]

    def make_more(count: int) -> None:
        for _number in range(count):
            make_house(app)

    def statements() -> dict[str, int]:
        counts = {}
        for screen in screens:
            columns = "&".join(f"columns={name}" for name in screen.column_list)
            counts[screen.endpoint] = count_statements(owner, f"/admin/{screen.endpoint}/?page_size=100&{columns}")
            if screen.can_export:
                file = f"/admin/{screen.endpoint}/export/csv/?{columns}"
                counts[f"{screen.endpoint} as a file"] = count_statements(owner, file)
        return counts

    make_more(2)
    # What is remembered of a first look is not looked up again.
    statements()
    few = statements()
    make_more(6)

    assert statements() == few
    assert len(few) > len(screens) > 15


def test_prices_of_variants_are_searched_by_product_too(app: Flask, shop: dict[str, int]) -> None:
    page = Person(app, "viewer").page("/admin/variant/?search=mug pan-28")
    found = Person(app, "viewer").page("/admin/variant/?search=EMAIL 28")

    assert page.select("tbody tr") == [] or page.select_one(".page-note")
    assert len(found.select("tbody tr")) == 1
    assert db.session.scalar(db.select(db.func.count(Variant.id))) == 5


def test_every_address_that_the_readme_tells_of_is_read(app: Flask) -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| In the address | Means |")[2]
    addresses = re.findall(r"^\| `(\?[^`]+)` \|", table.partition("\n\n")[0], re.M)
    viewer = Person(app, "viewer")

    for address in addresses:
        page = viewer.get(f"/admin/product/{address}", follow_redirects=True)
        assert page.status_code == 200, address
        assert "left out until then" not in text_of(page), address
    assert len(addresses) == 8
