"""Today: every figure is what its list finds, for everybody who may see it, and costs the same on any catalog."""

import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event

from backoffice.audit import trash
from backoffice.catalog.models import PriceChange, Product, Variant
from backoffice.dashboard.charts import Bar, chart, round_up
from backoffice.extensions import db
from backoffice.inventory.models import Location
from backoffice.inventory.stock import move
from backoffice.media.models import Picture
from backoffice.records import utc_now
from backoffice.settings.models import ShopSettings
from backoffice.staff.models import Permission, Role
from backoffice.web import costly, listing
from tests.making import Person, make_category, make_product, stored, text_of


def today(person: Person) -> BeautifulSoup:
    return person.page("/admin/")


def waiting(page: BeautifulSoup) -> dict[str, str]:
    """How many wait, by what they wait for."""
    return {
        panel.select_one("h2").text: panel.select_one(".worklist-count").contents[0]
        for panel in page.select(".worklist")
    }


def figures(page: BeautifulSoup) -> dict[str, str]:
    return {one.select_one("dt").text: one.select_one(".figure-value").text for one in page.select(".figure")}


def figure_note(page: BeautifulSoup, label: str) -> str:
    [figure] = [one for one in page.select(".figure") if one.select_one("dt").text == label]
    return figure.select_one(".figure-note").text


def chart_of(page: BeautifulSoup, title: str) -> Any:
    return next(one for one in page.select(".chart-panel") if title in one.h2.text)


@pytest.fixture
def shop(app: Flask) -> None:
    """One product of each kind that somebody should look at."""
    kitchen = make_category("Kitchen")
    shelf = Location(name="Harbour", code="harbour")
    db.session.add(shelf)
    now = utc_now()
    made = {
        "full": make_product("Full", status="active", category=kitchen, description="A mug."),
        "low": make_product("Low", prices=(1000, 2000), status="active", category=kitchen),
        "sold": make_product("Sold out", status="active", category=kitchen),
        "ready": make_product("Ready", category=kitchen, description="A pan."),
        "bare": make_product("Bare", prices=(None,)),
        "soon": make_product("Soon", status="active", publish_at=now + timedelta(days=3), description="A jug."),
        "ends": make_product("Ends", status="active", unpublish_at=now + timedelta(days=13)),
        "late": make_product("Late", status="active", publish_at=now + timedelta(days=30)),
    }
    for name, amounts in {"full": [50], "low": [50, 2], "soon": [9], "ends": [9], "late": [9]}.items():
        for variant, amount in zip(made[name].variants, amounts):
            move(variant, shelf, amount, "delivery", None)
    for name in ("full", "ready"):
        db.session.add(Picture(product_id=made[name].id, checksum=name[0] * 64, width=1, height=1, size_bytes=1))
    made["full"].variants[0].cost_minor = 500
    made["low"].variants[0].compare_at_price_minor = 1500
    db.session.commit()


def test_what_waits_is_counted(app: Flask, shop: None) -> None:
    assert waiting(today(Person(app, "viewer"))) == {
        "Sold out": "1",
        "Low stock": "1",
        "Drafts ready to publish": "1",
        "Without picture": "6",
        "Without price": "1",
        "Without description": "5",
        "Without category": "4",
        "Scheduled, next 14 days": "2",
    }


@pytest.mark.parametrize("role", ["viewer", "editor", "manager", "owner"])
def test_every_figure_is_what_its_list_finds(app: Flask, shop: None, role: str) -> None:
    person = Person(app, role)
    links = today(person).select("a[data-figure], a.figure-value")
    checked = 0

    for link in links:
        shown = str(link.contents[0])
        answer = person.get(link["href"])
        assert answer.status_code == 200, link["href"]
        listed = BeautifulSoup(answer.text, "html.parser").select_one(".page-sub").text.split()[0]
        # Sums of pieces and money lead to the levels that they are made of.
        if "stock_level" not in link["href"]:
            assert shown == listed, link["href"]
            checked += 1

    assert checked >= 8 + 2 + 5 + 1 + 14


def test_sums_of_stock_hold_what_lies_on_the_shelf(app: Flask, shop: None) -> None:
    shown = figures(today(Person(app, "manager")))

    assert shown["Units in stock"] == "129"
    assert shown["Stock at cost"] == "€250.00"
    assert (shown["Published products"], shown["On sale now"]) == ("4", "1")


def test_units_are_told_with_the_number_of_their_locations(app: Flask, shop: None) -> None:
    attic = Location(name="Attic", code="attic")
    db.session.add(attic)
    one = stored(Variant)[0]
    move(one, attic, 2, "delivery", None)
    db.session.commit()

    page = today(Person(app, "viewer"))

    assert figure_note(page, "Units in stock") == "at 2 locations"


def test_cost_is_for_those_alone_who_may_price(app: Flask, shop: None) -> None:
    page = today(Person(app, "viewer"))

    assert "Stock at cost" not in figures(page)
    assert "€250.00" not in page.text
    assert "Stock at shop prices" in figures(page)


def test_a_threshold_of_a_variant_goes_before_the_shop_s(app: Flask, shop: None) -> None:
    viewer = Person(app, "viewer")
    db.session.get(ShopSettings, 1).low_stock_threshold = 60
    db.session.commit()
    assert waiting(today(viewer))["Low stock"] == "3"

    for variant in db.session.scalars(db.select(Variant)):
        variant.low_stock_threshold = 0
    db.session.commit()

    assert waiting(today(viewer))["Low stock"] == "0"
    assert "Nothing is low." in text_of(viewer.get("/admin/"))


def test_price_changes_stand_on_the_shop_s_own_day(app: Flask) -> None:
    viewer = Person(app, "viewer")
    variant = make_product("Mug").variants[0]
    change = db.session.scalar(db.select(PriceChange).where(PriceChange.variant_id == variant.id))
    change.at = utc_now().replace(hour=1, minute=0) - timedelta(days=2)
    db.session.get(ShopSettings, 1).time_zone = "America/New_York"
    db.session.commit()

    table = chart_of(today(viewer), "Price changes")

    counts = {row.th.text: str(row.a.contents[0]) for row in table.select("tbody tr") if row.a.contents[0] != "0"}
    day = (change.at - timedelta(days=1)).date()
    assert counts == {f"{day:%b} {day.day}": "1"} or counts == {f"{day.day} {day:%b}": "1"}


def test_a_product_counts_once_in_each_top_category_that_it_stands_below(app: Flask) -> None:
    kitchen, garden, _empty = (make_category(name) for name in ("Kitchen", "Garden", "Empty"))
    pans, pots = make_category("Pans", kitchen), make_category("Pots", garden)
    make_product("Pan", category=pans, categories=[kitchen, pots, garden])
    make_product("Lid", categories=[pans])
    make_product("Mug", category=kitchen)
    trash.trash(make_product("Gone", category=kitchen))
    # One that went into the trash by itself holds nothing any more, though what is below it stays.
    pots.deleted_token, pots.deleted_at = pots.id, utc_now()
    db.session.commit()
    viewer = Person(app, "viewer")

    links = chart_of(today(viewer), "Products by category").select("tbody a")

    assert [str(link.contents[0]) for link in links] == ["3", "1", "0"]
    for link in links:
        assert viewer.page(link["href"]).select_one(".page-sub").text.split()[0] == str(link.contents[0])


def test_what_one_changed_oneself_stands_there(app: Flask) -> None:
    editor, other = Person(app, "editor"), Person(app, "viewer")
    editor.save("/admin/brand/new/", name="Norr")

    assert today(editor).select_one("[aria-labelledby='recent'] a").text == "Norr"
    assert today(other).select_one("[aria-labelledby='recent']") is None


@pytest.mark.parametrize("area", ["catalog", "stock", "media", "history", "staff", "settings"])
def test_who_reads_one_area_sees_no_figure_of_another(app: Flask, shop: None, area: str) -> None:
    role = Role(name=f"only-{area}", permissions=[Permission(area_name=area, verb="read")])
    db.session.add(role)
    db.session.commit()
    person = Person(app, role.name)
    page = today(person)

    for link in page.select("main a[href]"):
        assert person.get(link["href"]).status_code == 200, link["href"]
    shown = waiting(page)
    assert ("Sold out" in shown) is False
    assert bool(shown) is (area == "catalog")


def test_an_empty_shop_says_that_nothing_waits(app: Flask) -> None:
    page = today(Person(app, "editor"))

    assert set(waiting(page).values()) == {"0"}
    assert "Nothing is sold out." in page.text
    assert "Nothing to show yet." in page.text


def test_charts_are_pictures_with_words_and_a_table(app: Flask, shop: None) -> None:
    for panel in today(Person(app, "owner")).select(".chart-panel"):
        assert panel.select("table tbody tr"), panel.h2.text
        drawing = panel.select_one("svg")
        if drawing is not None:
            assert drawing["role"] == "img" and drawing.select_one("desc").text
            assert not drawing.select("[style]")


@pytest.mark.any_engine
def test_today_takes_as_many_queries_on_any_catalog(app: Flask, shop: None) -> None:
    """Asked by somebody who changes much, for whom it shows most."""
    editor, seen = Person(app, "editor"), []
    rename(editor, make_product("Mug", prices=(1000, 1200)))

    def count() -> int:
        seen.clear()
        editor.get("/admin/")
        return len([one for one in seen if not one.startswith(("BEGIN", "PRAGMA"))])

    event.listen(db.engine, "before_cursor_execute", note := lambda _c, _k, text, *_rest: seen.append(text))
    few = count()
    for number in range(30):
        make_product(f"Mug {number}", prices=(1000, 1200))
        make_category(f"Shelf {number}")
    for product in stored(Product)[:12]:
        rename(editor, product)
    many = count()
    event.remove(db.engine, "before_cursor_execute", note)

    # Lists that were empty load the pictures, stock and lowest prices of what they show.
    assert many <= few + 4
    assert many < 90


def rename(person: Person, product: Product) -> None:
    path = f"/admin/product/edit/?id={product.id}"
    assert person.save(path, name=f"{product.name}, changed").status_code == 302


@pytest.mark.parametrize(
    "number, scale", [(0, 2), (1, 2), (2, 2), (3, 10), (10, 10), (11, 20), (21, 50), (99, 100), (101, 200), (501, 1000)]
)
def test_a_scale_ends_in_a_round_number_that_can_be_halved(number: int, scale: int) -> None:
    assert round_up(number) == scale
    assert scale % 2 == 0


def test_the_highest_bar_stays_below_the_top() -> None:
    bars = [Bar(str(value), "", value, str(value), "/") for value in (0, 7, 93)]

    drawn = chart("Changes", "", "Day", bars)

    assert drawn.highest.value == 93
    assert min(bar.y for bar in drawn.bars) >= 25
    assert all(bar.y + bar.height == pytest.approx(150) for bar in drawn.bars)
    assert re.fullmatch(r"\d+(\.\d)?", str(drawn.bars[1].x))


def test_a_chart_of_nothing_is_drawn_too() -> None:
    assert chart("Changes", "", "Day", []).bars == []


def test_what_takes_long_in_a_large_shop_is_kept_for_a_while_and_says_when(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_product("Mug")
    manager = Person(app, "manager")
    assert "counted at" not in manager.page("/admin/").select_one(".page-sub").text
    monkeypatch.setattr(listing, "EXACT_UP_TO", 0)
    monkeypatch.setitem(app.extensions, "worked_out", {})
    monkeypatch.setattr(costly, "KEPT_TIMES", 1_000_000)

    first = manager.page("/admin/")
    make_product("Bowl")
    second, of_another = manager.page("/admin/"), Person(app, "viewer").page("/admin/")

    assert "counted at" in first.select_one(".page-sub").text
    names = [link.text for link in second.select(".worklist-items a")]
    assert "Mug" in names and "Bowl" not in names
    assert "Bowl" in [link.text for link in of_another.select(".worklist-items a")]
