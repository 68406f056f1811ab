"""Lists by mouse and by keyboard: filters with counts, columns, views, cells one after another, all that match."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def open_chip(screen: Screen, label: str) -> None:
    screen.page.locator(".filter-chip > summary", has_text=re.compile(rf"^\s*{label}")).first.click()


def test_a_choice_tells_how_many_it_finds_and_the_button_how_many_there_will_be(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/product/")
    open_chip(screen, "Status")
    menu = page.locator(".filter-menu[data-filter='status']")
    draft = menu.locator("[data-option-count='draft']")
    expect(draft).to_have_text(re.compile(r"^\d+$"))
    count = draft.inner_text()

    menu.locator("input[value='draft']").check()
    expect(menu.locator("[data-show-count]")).to_have_text(f"Show {count}")
    menu.locator("[data-show-count]").click()

    expect(page.locator(".page-sub")).to_have_text(f"{count} match.")
    assert page.url.endswith("/admin/product/?status=draft")
    assert screen.complaints == []


def test_related_records_tell_how_many_they_find(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/product/")
    open_chip(screen, "Brand")
    page.locator("#filter-brand-search").click()
    first = page.locator(".filter-menu[data-filter='brand'] .lookup-option").first
    expect(first.locator(".num")).to_have_text(re.compile(r"^\d+$"))
    count = first.locator(".num").inner_text()

    first.click()
    page.locator(".filter-menu[data-filter='brand'] [data-show-count]").click()

    expect(page.locator(".page-sub")).to_have_text(f"{count} match.")


def test_a_menu_of_related_records_counts_them_once_when_they_show(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/product/?status=draft&2.brand__empty=1")
    asked: list[dict[str, list[str]]] = []
    page.on("request", lambda one: "ajax/counts" in one.url and asked.append(parse_qs(urlsplit(one.url).query)))

    page.locator(".filter-chip:has([data-filter='2.brand']) > summary").click()
    expect(page.locator("[data-filter='2.brand'] [data-show-count]")).to_have_text(re.compile(r"^Show \d"))
    page.locator("#filter-2-brand-search").click()
    expect(page.locator("[data-filter='2.brand'] .lookup-option .num").first).to_have_text(re.compile(r"^\d+$"))

    assert [one.get("counted") for one in asked] == [None, ["2.brand"]]
    assert "of" in asked[1]


def test_all_but_these_counts_the_choices_anew(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/product/")
    open_chip(screen, "Status")
    menu = page.locator(".filter-menu[data-filter='status']")
    draft = menu.locator("[data-option-count='draft']")
    expect(draft).to_have_text(re.compile(r"^\d+$"))
    alone = draft.inner_text()

    menu.locator("input[name='status__mode']").check()
    expect(draft).not_to_have_text(alone)
    without = draft.inner_text()
    menu.locator("input[value='draft']").check()

    expect(menu.locator("[data-show-count]")).to_have_text(f"Show {without}")


def test_an_amount_is_typed_as_one_reads_it_and_the_address_is_plain(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/product/")
    open_chip(screen, "Price")
    page.fill("#filter-price-from", "1,000")
    page.keyboard.press("Enter")
    page.wait_for_url("**price__from=1000.00")

    open_chip(screen, "Price")
    page.fill("#filter-price-from", "much")
    page.keyboard.press("Enter")

    expect(page.locator(".filter-chip[data-faulty]")).to_contain_text("Write the amount as 12.50.")
    assert page.input_value("#filter-price-from") == "much"


def test_rare_filters_wait_behind_one_button(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/product/")
    rare = page.locator(".filter-chip > summary", has_text="Tags")
    expect(rare).to_be_hidden()

    page.locator("[data-action='more-filters']").press("Enter")

    expect(rare).to_be_visible()


def test_columns_are_chosen_and_moved_by_keyboard(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/brand/")
    page.locator(".column-menu > summary").press("Enter")
    page.locator("button[value='updated_at:up']").press("Enter")
    page.locator("button[value='updated_at:up']").press("Enter")
    page.locator(".column-list input[name='columns'][value='slug']").press("Space")
    page.locator(".column-menu .filter-menu-foot button:not([value])").press("Enter")

    expect(page.locator("thead th[scope='col']:not(.col-check, .col-more)")).to_have_text(
        ["Name", "Updated", "Products"]
    )
    page.reload()
    expect(page.locator("thead th[scope='col']:not(.col-check, .col-more)")).to_have_text(
        ["Name", "Updated", "Products"]
    )

    page.locator(".column-menu > summary").click()
    page.locator("button[value='usual']").click()
    expect(page.locator("thead th[scope='col']:not(.col-check, .col-more)")).to_have_count(4)


def test_a_view_is_saved_shared_and_found_by_somebody_else(screen: Screen, mira: Screen) -> None:
    page = screen.page
    screen.go("/admin/product/?status=draft")
    page.locator(".view-menu > summary").first.press("Enter")
    page.fill("#view-name", "Working titles")
    page.locator("input[name='is_shared']").check()
    page.locator("#view-name").press("Enter")

    assert screen.note() == "The view “Working titles” is saved."
    mira.go("/admin/product/")
    mira.page.locator(".view-tab", has_text="Working titles").click()
    expect(mira.page.locator(".status-badge").first).to_have_text("Draft")
    assert mira.complaints == []

    page.locator(".view-menu > summary").nth(1).click()
    page.get_by_role("button", name="Delete the view").click()
    assert "is deleted" in screen.note()


def test_tab_goes_on_to_the_next_cell_and_alt_down_to_the_row_below(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/variant/?sort=sku&columns=barcode&columns=sku")
    cells = page.locator("td[data-cell='barcode']")
    before = cells.nth(0).get_attribute("data-value") or ""
    cells.nth(0).locator("[data-action='cell']").press("Enter")
    page.keyboard.type("4006381333931")
    page.keyboard.press("Tab")

    expect(page.locator("td[data-cell='sku'][data-editing] input")).to_be_focused()
    expect(cells.nth(0)).to_contain_text("4006381333931")
    expect(page.locator("td[data-cell='sku'][data-editing] input")).to_be_focused()

    page.keyboard.press("Shift+Tab")
    page.keyboard.type(before)
    page.keyboard.press("Alt+ArrowDown")

    expect(cells.nth(1).locator(".cell-edit input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(cells.nth(1).locator("[data-action='cell']")).to_be_focused()
    expect(cells.nth(0)).to_have_attribute("data-value", before)


def test_all_that_match_are_taken_from_every_page(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/product/?status=published")
    bar = page.locator("[data-selection-bar]")
    expect(bar).to_be_hidden()
    page.check("[data-selects-all]")
    page.get_by_label(re.compile(r"^Select all \d+ matching")).check()
    expect(page.locator("[data-selection-count]")).to_have_text("All of them, on every page")
    total = re.sub(r"\D", "", page.inner_text(".page-sub"))

    bar.locator("button[value='archive']").click()

    expect(page.locator("h1")).to_have_text(f"Archive {total} products?")
    page.get_by_role("link", name="Change nothing").click()
    expect(page.locator(".page-sub")).to_have_text(f"{total} match.")


def test_a_row_s_menu_leads_on_by_keyboard_and_gives_the_focus_back(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/brand/")
    row = page.locator("tbody tr").nth(1)
    key, more = row.get_attribute("data-key"), row.locator("[data-action='row-menu']")
    menu = page.locator("#row-menu")

    more.press("Enter")
    expect(menu.get_by_role("menuitem")).to_have_text(["Open", "History", "Delete…"])
    expect(menu.get_by_role("menuitem", name="Open")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    more.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/admin/brand/history/?id={key}")
    assert screen.complaints == []


def test_a_row_s_menu_follows_the_button_and_closes_by_it(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/brand/?page_size=50")
    menu, buttons = page.locator("#row-menu"), page.locator("[data-action='row-menu']")

    buttons.first.click()
    first = menu.bounding_box()
    buttons.first.click()
    expect(menu).to_be_hidden()
    buttons.nth(2).click()
    expect(menu).to_be_visible()
    third = menu.bounding_box()

    assert first and third and third["y"] > first["y"]
    assert first["x"] + first["width"] <= screen.width


def test_every_column_of_a_list_can_be_reached_and_a_name_is_never_squeezed_out(screen: Screen) -> None:
    page = screen.page
    some = ("status", "category", "price", "stock", "brand", "updated_at")
    lists = ["/admin/variant/", "/admin/stock_movement/", "/admin/sign_in/"]
    lists += [f"/admin/product/?{'&'.join(f'columns={name}' for name in some[:number])}" for number in (4, 5, 6)]
    # The page hears of another width with its next frame.
    measure = """async () => {
        await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const panel = document.querySelector(".list-panel");
        const hidden = getComputedStyle(panel).overflowX === "auto" ? 0 : panel.querySelector("table").offsetWidth - panel.clientWidth;
        return [hidden, panel.querySelector("td.col-name").offsetWidth];
    }"""

    for path in lists:
        screen.go(path)
        for width in (2560, 1440, 1366, 1280, 1100, 1000, 800):
            page.set_viewport_size({"width": width, "height": 900})
            hidden, name = page.evaluate(measure)
            assert hidden <= 0, (path, width)
            assert name >= 170, (path, width, name)


def test_what_is_typed_after_a_filter_was_opened_is_meant_for_it(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/product/")

    open_chip(screen, "Brand")
    page.keyboard.type("lyn")

    expect(page.locator("#filter-brand-search")).to_have_value("lyn")
    assert page.url.endswith("/admin/product/")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    open_chip(screen, "Status")
    page.keyboard.press("n")
    page.wait_for_timeout(200)
    assert page.url.endswith("/admin/product/")


def test_whoever_leaves_a_list_comes_back_to_it_as_it_was(screen: Screen) -> None:
    page, address = screen.page, "/admin/tag/?sort=-name&updated_at__within=today"
    screen.go(address)
    key = page.locator("tbody tr").first.get_attribute("data-key")

    page.locator("tbody tr .product-name").first.click()
    page.get_by_role("link", name="Back to the list").click()
    page.wait_for_url(f"**{address}")
    page.locator("tbody tr [data-action='row-menu']").first.click()
    page.get_by_role("menuitem", name="Delete…").click()
    page.locator(".btn-danger").click()
    page.wait_for_url(f"**{address}")
    expect(page.locator(f"tr[data-key='{key}']")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()

    page.wait_for_url(f"**{address}")
    expect(page.locator(f"tr[data-key='{key}']")).to_have_count(1)


def test_a_barcode_and_a_place_are_shown_whole(screen: Screen) -> None:
    page = screen.page
    page.set_viewport_size({"width": 1280, "height": 900})
    is_cut = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.textContent)"

    screen.go("/admin/variant/")
    assert page.locator("td[data-label='Barcode'] .cell-shown, td[data-label='Barcode']").evaluate_all(is_cut) == []
    screen.go("/admin/stock_movement/")
    assert page.locator("td[data-label='Location']").evaluate_all(is_cut) == []


def test_what_is_typed_in_a_cell_is_not_left_without_a_question(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/tag/")
    cell = page.locator("td[data-cell='name']").first
    cell.locator("[data-action='cell']").press("Enter")
    cell.locator("input").fill("")
    page.keyboard.press("Enter")
    expect(cell.locator("[data-tone='bad']")).to_be_visible()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))

    page.evaluate("location.assign('/admin/brand/')")
    page.wait_for_timeout(300)

    assert asked == ["beforeunload"]
    expect(cell.locator("input")).to_have_value("")
    cell.locator("input").press("Escape")
    screen.go("/admin/brand/")
    assert asked == ["beforeunload"]
