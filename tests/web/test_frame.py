"""The frame: the menu with its counts and views, the palette, and what each person chose; each by their rights."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event

from backoffice.catalog.models import Brand
from backoffice.extensions import db
from backoffice.settings.models import ShopSettings
from backoffice.staff.models import Preference, SavedView
from backoffice.staff.saved_views import save_view
from backoffice.web.counts import MOST_VIEWS
from tests.making import Person, delete, make_brand, make_category, make_product, stored, text_of

COUNTS = "/admin/ajax/counts/"


def counts(person: Person) -> dict[str, str]:
    return person.get(COUNTS).json


def found(person: Person, text: str) -> dict[str, list[dict[str, Any]]]:
    """What the palette shows, by the title of its group."""
    groups = person.get("/admin/ajax/palette/", query_string={"q": text}).json["groups"]
    return {group["title"]: group["options"] for group in groups}


def texts(options: list[dict[str, Any]]) -> list[str]:
    return [option["text"] for option in options]


def make_and_change(person: Person, number: int) -> None:
    """Edit some products and some brands."""
    for _number in range(number):
        product, brand = make_product("Mug", prices=(1000, 1200)), make_brand(f"Brand {len(stored(Brand))}")
        for record in (product, brand):
            path = f"/admin/{record.__tablename__}/edit/?id={record.id}"
            assert person.save(path, name=f"{record.name}, changed").status_code == 302


def count_queries(person: Person, path: str) -> int:
    seen: list[str] = []
    event.listen(db.engine, "before_cursor_execute", note := lambda _c, _k, text, *_rest: seen.append(text))
    person.get(path)
    event.remove(db.engine, "before_cursor_execute", note)
    return len([one for one in seen if not one.startswith(("BEGIN", "PRAGMA"))])


@pytest.fixture(autouse=True)
def count_anew(app: Flask) -> None:
    """Every test has a shop of its own, with people of the same keys."""
    app.extensions.pop("menu_counts", None)


@pytest.fixture
def editor(app: Flask) -> Person:
    return Person(app, "editor")


@pytest.fixture
def viewer(app: Flask) -> Person:
    return Person(app, "viewer")


# Counts
def test_the_menu_counts_what_its_lists_show(app: Flask, editor: Person) -> None:
    make_product("Mug")
    make_product("Pan", status="active")

    told = counts(editor)

    assert (told["product"], told["variant"], told["brand"]) == ("2", "2", "0")
    for name in ("product", "variant", "brand", "category", "location"):
        assert len(editor.page(f"/admin/{name}/").select("tbody tr")) == int(told[name])


def test_only_what_one_may_read_is_counted(app: Flask, editor: Person) -> None:
    assert "staff_member" in counts(Person(app, "owner"))
    assert "staff_member" not in counts(editor)


def test_a_saved_view_is_counted_and_a_faulty_one_breaks_nothing(app: Flask, editor: Person) -> None:
    make_product("Mug")
    make_product("Pan", status="active")
    drafts = save_view(editor.member_id, "product", "Drafts", "status=draft", False)
    faulty = save_view(editor.member_id, "product", "Of another time", "colour=red", False)
    gone = save_view(editor.member_id, "tables", "Of no list", "", False)
    db.session.commit()

    told = counts(editor)

    assert told[f"view-{drafts.id}"] == "1"
    assert f"view-{faulty.id}" not in told and f"view-{gone.id}" not in told
    assert editor.get("/admin/product/").status_code == 200


def test_counts_are_kept_for_a_minute_and_made_anew_when_one_changes_something(app: Flask, editor: Person) -> None:
    assert counts(editor)["brand"] == "0"
    make_brand("Norr")
    assert counts(editor)["brand"] == "0"

    editor.save("/admin/brand/new/", name="Süd")

    assert counts(editor)["brand"] == "2"


def test_a_view_just_saved_changed_or_shared_has_its_count_at_once(app: Flask, editor: Person, viewer: Person) -> None:
    make_product("Mug")
    make_product("Pan", status="active")
    assert (counts(editor)["product"], counts(viewer)["product"]) == ("2", "2")

    editor.post("/admin/product/views/", {"do": "save", "name": "Mine", "query": "status=draft"})
    [view] = stored(SavedView)
    assert counts(editor)[f"view-{view.id}"] == "1"

    editor.post("/admin/product/views/", {"do": "change", "id": view.id, "query": "status=archived"})
    assert counts(editor)[f"view-{view.id}"] == "0"

    editor.post("/admin/product/views/", {"do": "share", "id": view.id})
    assert counts(viewer)[f"view-{view.id}"] == "0"


def test_however_many_views_others_share_only_the_first_of_a_list_are_counted(app: Flask, editor: Person) -> None:
    other = Person(app, "manager")
    for number in range(MOST_VIEWS):
        save_view(other.member_id, "product", f"A {number:02}", "status=draft", True)
        save_view(other.member_id, "brand", f"A {number:02}", "", True)
    own = save_view(editor.member_id, "product", "Z", "status=draft", False)
    db.session.commit()

    counted = {name for name in counts(editor) if name.startswith("view-")}

    assert f"view-{own.id}" in counted
    assert len(counted) == 2 * MOST_VIEWS
    shown = {
        tab["data-count"] for tab in editor.page("/admin/product/").select(".view-tab .view-count[data-count^=view]")
    }
    assert len(shown - counted) == 1


def test_views_stand_by_name_ones_own_first(app: Flask, editor: Person) -> None:
    other = Person(app, "manager")
    for name in ("b", "a"):
        save_view(other.member_id, "product", name, "", True)
    for name in ("Zinc", "apron", "Mug"):
        save_view(editor.member_id, "product", name, "", False)
    db.session.commit()

    tabs = [tab.text.strip() for tab in editor.page("/admin/product/").select(".view-tab")]

    assert tabs[1:] == ["apron", "Mug", "Zinc", "a", "b"]


def test_numbers_beyond_ten_thousand_are_not_counted_on(app: Flask, editor: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr("backoffice.web.listing.EXACT_UP_TO", 1)
    monkeypatch.setattr("backoffice.web.listing.count_up_to.__defaults__", (1,))
    make_product("Mug")
    make_product("Pan")

    assert counts(editor)["product"] == "1+"


# Palette
def test_a_product_is_found_by_part_of_its_name_sku_or_barcode(app: Flask, viewer: Person, engine: str) -> None:
    mug = make_product("Enamel Mug", skus=["MUG-1"])
    mug.variants[0].barcode = "4006381333931"
    make_product("Spade")
    db.session.commit()

    # MySQL and MariaDB find a word by its beginning.
    for text in ("enam", "mug-1", "40063813" if engine == "mysql" else "63813339"):
        options = found(viewer, text)["Products"]
        assert texts(options) == ["Enamel Mug"], text
        assert options[0]["url"] == f"/admin/product/details/?id={mug.id}"
        assert options[0]["fact"] == "MUG-1 · €12.90"


def test_names_that_begin_with_the_letters_come_first(viewer: Person, app: Flask) -> None:
    for name in ("The Mug", "Mug", "Old Mug"):
        make_brand(name)

    assert texts(found(viewer, "mug")["Brands"]) == ["Mug", "Old Mug", "The Mug"]


def test_what_is_typed_in_full_comes_first_however_many_are_found(app: Flask, viewer: Person) -> None:
    for number in range(40):
        make_product(f"Apron {number}", skus=[f"ZZ-1{number:02}"])
        make_brand(f"Old pan {number}")
    zebra = make_product("Zebra", skus=["ZZ-1"])
    zebra.variants[0].barcode = "4006381333931"
    make_brand("Pan")
    make_brand("Panorama")
    db.session.commit()

    assert texts(found(viewer, "zz-1")["Products"])[0] == "Zebra"
    assert texts(found(viewer, "4006381333931")["Products"]) == ["Zebra"]
    assert texts(found(viewer, "pan")["Brands"]) == ["Pan", "Panorama", "Old pan 0"]


def test_what_is_typed_in_full_is_folded_as_the_list_s_search_folds_it(app: Flask, viewer: Person) -> None:
    for number in range(40):
        make_brand(f"Alter Émail {number}")
    make_brand("ÉMAIL")

    assert texts(found(viewer, "émail")["Brands"])[0] == "ÉMAIL"


def test_places_views_and_deeds_are_found_too(app: Flask, editor: Person) -> None:
    make_category("Kitchen")
    view = save_view(editor.member_id, "product", "Kitchen drafts", "status=draft", False)
    db.session.commit()

    groups = found(editor, "kitchen")

    assert texts(groups["Categories"]) == ["Kitchen"]
    assert [(one["text"], one["url"]) for one in groups["Go to"]] == [
        ("Kitchen drafts", f"/admin/product/?view={view.id}")
    ]
    assert texts(groups["Do"]) == ["All Products matching “kitchen”"]
    assert texts(found(editor, "new prod")["Do"])[0] == "New product"
    assert "Sign out" in texts(found(editor, "sign")["Do"])


def test_the_palette_offers_nobody_what_they_may_not_open(app: Flask, viewer: Person) -> None:
    owner = Person(app, "owner")
    member = db.session.get(SavedView, 1)
    assert member is None
    shared = save_view(owner.member_id, "staff_member", "Everybody", "", True)
    db.session.commit()

    assert "People" in found(owner, "owner")
    assert "People" not in found(viewer, "owner")
    assert "Go to" not in found(viewer, "everybody")
    assert "Go to" not in found(viewer, "people")
    assert not any("New" in text for text in texts(found(viewer, "new").get("Do", [])) if "matching" not in text)
    assert f"view-{shared.id}" not in counts(viewer)


def test_without_letters_it_shows_what_one_changed_last(app: Flask, editor: Person, viewer: Person) -> None:
    editor.save("/admin/brand/new/", name="Norr")
    editor.save("/admin/brand/new/", name="Süd")

    assert texts(found(editor, "")["Changed by you last"]) == ["Süd", "Norr"]
    assert "Changed by you last" not in found(viewer, "")


def test_what_is_in_the_trash_is_not_found(app: Flask) -> None:
    manager = Person(app, "manager")
    brand = make_brand("Norr")
    manager.save(f"/admin/brand/delete/?id={brand.id}", which="form[data-deletes]")

    assert "Brands" not in found(manager, "norr")
    assert "Changed by you last" not in found(manager, "")


@pytest.mark.any_engine
def test_the_palette_takes_as_many_queries_however_many_records_one_changed(app: Flask, editor: Person) -> None:
    """Of two kinds of records, so that what a kind needs is loaded for all of it at once."""
    make_and_change(editor, 1)
    few = count_queries(editor, "/admin/ajax/palette/")

    make_and_change(editor, 4)

    assert len(found(editor, "")["Changed by you last"]) == 8
    assert count_queries(editor, "/admin/ajax/palette/") <= few


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "<b>", "x" * 5000, "¨" * 50, " "])
def test_the_palette_takes_any_letters(viewer: Person, text: str) -> None:
    assert viewer.get("/admin/ajax/palette/", query_string={"q": text}).status_code in (200, 400)


def test_every_screen_that_can_be_searched_is_in_the_palette_or_says_not(app: Flask) -> None:
    owner = Person(app, "owner")
    for screen in app.extensions["screens"].values():
        if getattr(screen, "palette_most", 0):
            assert screen.column_searchable_list, screen.name

    assert owner.get("/admin/ajax/palette/?q=a").status_code == 200


# What a person chose
def test_a_choice_is_kept_and_the_page_comes_with_it(editor: Person) -> None:
    editor.post("/account/preferences", {"theme": "dark", "density": "compact", "has_single_keys": ""})

    html = editor.page("/admin/brand/").select_one("html")

    assert (html["data-theme"], html["data-bs-theme"], html["data-density"]) == ("dark", "dark", "compact")
    assert html["data-single-keys"] == "off"


def test_one_choice_leaves_the_others(editor: Person) -> None:
    editor.post("/account/preferences", {"theme": "dark"})
    editor.post("/account/preferences", {"closed_area": "Stock", "is_closed": "y"})

    (kept,) = stored(Preference)

    assert (kept.theme, kept.density, kept.closed_areas) == ("dark", "comfortable", ["Stock"])


def test_a_part_of_the_menu_stays_closed_but_where_one_is(editor: Person) -> None:
    editor.post("/account/preferences", {"closed_area": "Stock", "is_closed": "y"})

    def is_open(path: str) -> bool:
        return editor.page(path).select_one("[data-area='Stock']").has_attr("open")

    assert not is_open("/admin/brand/")
    assert is_open("/admin/location/")
    editor.post("/account/preferences", {"closed_area": "Stock", "is_closed": ""})
    assert is_open("/admin/brand/")


@pytest.mark.parametrize(
    "choice",
    [{"theme": "pink"}, {"density": "huge"}, {"language": "tlh"}, {"language": "../de"}, {}, {"colour": "red"}],
)
def test_a_choice_that_is_not_offered_is_refused(editor: Person, choice: dict[str, str]) -> None:
    assert editor.post("/account/preferences", choice).status_code == 422
    assert stored(Preference) == []


def test_a_choice_asks_for_the_page_s_token(editor: Person) -> None:
    assert editor.post("/account/preferences", {"theme": "dark"}, with_token=False).status_code == 400
    assert stored(Preference) == []


def test_the_account_page_chooses_without_a_script(editor: Person) -> None:
    form = editor.page("/account").select_one("form[action='/account/preferences']")

    editor.send_form(form, {"theme": "dark", "language": "en"})

    (kept,) = stored(Preference)
    assert (kept.theme, kept.language, kept.has_single_keys) == ("dark", "en", True)


def test_a_language_of_one_s_own_brings_its_numbers(app: Flask, editor: Person, viewer: Person) -> None:
    make_product("Mug", prices=(123450,))
    db.session.get(ShopSettings, 1).locale = "de"
    db.session.commit()
    editor.post("/account/preferences", {"language": "en"})

    assert "€1,234.50" in text_of(editor.get("/admin/product/"))
    assert "1.234,50\xa0€" in viewer.get("/admin/product/").text


def test_staging_cannot_be_taken_for_production(app: Flask, editor: Person) -> None:
    before = app.config["ENVIRONMENT"]
    shown = {}
    for environment in ("staging", "production"):
        app.config["ENVIRONMENT"] = environment
        page = BeautifulSoup(editor.get("/admin/brand/").text, "html.parser")
        shown[environment] = (page.select(".environment-badge"), page.select_one(".top-bar").get("data-environment"))
    app.config["ENVIRONMENT"] = before

    assert [badge.text for badge in shown["staging"][0]] == ["STAGING"]
    assert shown["staging"][1] == "staging"
    assert shown["production"] == ([], None)


def test_the_page_of_a_name_leads_before_what_only_mentions_it(app: Flask) -> None:
    owner = Person(app, "owner")
    make_product("Settings for six")

    for query, first in (("settings", "Settings"), ("import", "Imports"), ("password", "Language, looks and password")):
        groups = owner.get(f"/admin/ajax/palette/?q={query}").json["groups"]
        assert groups[0]["options"][0]["text"] == first


@pytest.mark.parametrize("path", ["/admin/trash/", "/admin/trash/empty/?kind=product", "/admin/product/action/"])
def test_what_somebody_chose_holds_on_pages_that_choose_something_else(app: Flask, path: str) -> None:
    owner = Person(app, "owner")
    delete(owner, make_product("Gone"))
    kept = make_product("Kept")
    owner.post("/account/preferences", {"theme": "dark", "density": "compact"})

    if path.endswith("/action/"):
        answer = owner.post(path, {"action": "archive", "all_matching": "y", "query": "", "rowid": kept.id})
    else:
        answer = owner.get(path)

    assert answer.status_code == 200, text_of(answer)
    assert '<html lang="en" data-bs-theme="dark" data-theme="dark" data-density="compact"' in answer.text
