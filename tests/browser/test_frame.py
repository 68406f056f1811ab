"""The frame by keyboard and mouse: the palette, the menu, the keys, and choices that last."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MOST_SHIFTED, WATCH_SHIFTS, Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_palette_leads_from_part_of_a_barcode_to_the_product_by_keyboard_alone(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/variant/?barcode__empty=0&columns=barcode")
    line = page.locator("tbody tr").first
    barcode = line.locator("td[data-cell='barcode']").get_attribute("data-value") or ""
    name = line.locator(".product-name").inner_text()

    page.keyboard.press("Control+k")
    expect(page.locator("#command-palette input")).to_be_focused()
    page.keyboard.type(barcode[3:])
    expect(page.locator(".palette-option").first).to_contain_text(name)
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text(name)
    assert screen.complaints == []


def test_enter_means_what_was_typed_however_quickly(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/")
    page.keyboard.press("Control+k")
    expect(page.locator(".palette-option").first).to_be_visible()

    page.keyboard.insert_text("new brand")
    page.keyboard.press("Enter")

    page.wait_for_url("**/admin/brand/new/")


def test_the_palette_says_when_the_server_does_not_answer_and_tries_again(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/")
    page.route("**/admin/ajax/palette/**", lambda route: route.abort())

    page.keyboard.press("Control+k")
    page.keyboard.type("new brand")
    expect(page.locator(".palette-none")).to_have_text("The server did not answer. Press Enter to try again.")

    page.unroute("**/admin/ajax/palette/**")
    page.keyboard.press("Enter")

    page.wait_for_url("**/admin/brand/new/")


def test_the_palette_says_why_the_server_refuses(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/")
    refusal = {"status": 401, "json": {"message": "You were signed out meanwhile."}}
    page.route("**/admin/ajax/palette/**", lambda route: route.fulfill(**refusal))

    page.keyboard.press("Control+k")

    expect(page.locator(".palette-none")).to_have_text("You were signed out meanwhile.")


def test_the_palette_says_when_nothing_is_found(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/")
    page.route("**/admin/ajax/palette/**", lambda route: route.fulfill(json={"groups": []}))

    page.keyboard.press("Control+k")

    expect(page.locator(".palette-none")).to_have_text("Nothing is found. Check the spelling.")


def test_esc_closes_the_palette_and_leads_back(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/brand/")
    page.locator(".search-palette").press("Enter")
    expect(page.locator("#command-palette")).to_be_visible()
    expect(page.locator(".palette-option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".palette-option[aria-selected='true']")).to_have_count(1)

    page.keyboard.press("Escape")

    expect(page.locator("#command-palette")).to_be_hidden()
    expect(page.locator(".search-palette")).to_be_focused()


def test_keys_walk_select_and_edit_the_rows(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/variant/?sort=sku")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")

    rows = page.locator("tbody tr")
    assert [row.get_attribute("data-selected") is not None for row in rows.all()[:4]] == [False, True, True, False]
    expect(page.locator("[data-selection-count]")).to_have_text("2 selected")

    page.keyboard.press("k")
    page.keyboard.press("e")
    expect(rows.nth(1).locator("td[data-cell='price'] .cell-edit input")).to_be_focused()
    page.keyboard.type("jk")
    assert page.input_value("td[data-editing] input") == "jk"
    page.keyboard.press("Escape")


def test_the_keys_of_the_page_are_listed_and_single_ones_can_be_switched_off(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/brand/")
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_contain_text("New brand")
    with page.expect_response("**/account/preferences"):
        page.locator("input[data-single-keys]").uncheck()
    page.keyboard.press("Escape")

    page.reload()
    page.keyboard.press("n")
    page.keyboard.press("?")
    page.wait_for_timeout(200)

    assert page.url.endswith("/admin/brand/")
    expect(page.locator("#keys-dialog")).to_be_hidden()
    page.locator(".person-menu").click()
    page.locator(".person-card [data-action='keys']").click()
    with page.expect_response("**/account/preferences"):
        page.locator("input[data-single-keys]").check()


def test_a_choice_is_there_before_the_first_paint_in_another_browser(screen: Screen, mira: Screen) -> None:
    page = screen.page
    screen.go("/admin/brand/")
    for action in ("theme", "menu-fold"):
        with page.expect_response("**/account/preferences"):
            page.locator(f"[data-action='{action}']").click()
    with page.expect_response("**/account/preferences"):
        page.locator("[data-area='Staff'] > summary").dispatch_event("click")

    html = page.context.request.get(f"{screen.address}/admin/tag/").text()

    assert re.search(r'<html[^>]* data-bs-theme="dark"[^>]* data-menu-narrow', html)
    assert re.search(r'data-area="Staff"><summary', html)
    mira.go("/admin/tag/")
    assert mira.page.locator("html[data-menu-narrow]").count() == 0
    for action in ("theme", "menu-fold"):
        with page.expect_response("**/account/preferences"):
            page.locator(f"[data-action='{action}']").click()


def test_the_menu_s_numbers_come_after_the_page_and_move_nothing(screen: Screen) -> None:
    page = screen.page
    page.add_init_script(WATCH_SHIFTS)
    screen.go("/admin/brand/")
    expect(page.locator("[data-count='product']")).to_have_text(re.compile(r"^\d+$"))
    count = page.inner_text(".page-sub").split()[0]

    assert page.locator("[data-count='brand']").all_inner_texts() == [count, count]
    assert page.evaluate("window.shifts") <= MOST_SHIFTED
    assert screen.complaints == []


def test_the_menu_opens_on_a_phone(mira: Screen) -> None:
    page = mira.page
    mira.go("/admin/brand/")
    expect(page.locator("#area-menu")).to_be_hidden()

    page.locator(".menu-open").click()
    page.locator("#area-menu").get_by_role("link", name="Tags").click()

    page.wait_for_url("**/admin/tag/")
    assert not mira.is_wider_than_its_window
