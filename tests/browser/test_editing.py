"""What a person typed is neither lost nor saved by surprise: forms, cells and lists searched as one types."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def cell(page: Page, row: int, name: str) -> Locator:
    return page.locator("tbody tr").nth(row).locator(f"td[data-cell='{name}']")


def open_cell(page: Page, row: int, name: str) -> Locator:
    """Open a cell of a list and return its input."""
    place = cell(page, row, name)
    place.hover()
    place.locator("[data-action='cell']").click()
    return place.locator(".cell-edit input, .cell-edit select")


def save(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Control+s")


def test_a_variant_added_after_a_refused_save_gets_a_line_of_its_own(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/product/new/")
    page.fill("#option-1", "Colour")
    page.fill("input[name='variants-new0-value-1']", "Sand")
    page.click("[data-action='add-variant']")
    page.fill("input[name='variants-added1-value-1']", "Sea")
    save(page)
    assert page.locator("#name[aria-invalid='true']").count() == 1

    page.click("[data-action='add-variant']")
    page.fill("input[name='variants-added2-value-1']", "Sky")
    page.fill("#name", "Picnic Towel")
    save(page)

    assert screen.note() == "Picnic Towel is made."
    values = page.locator("input[name^='variants-'][name$='-value-1']:not([type='hidden']):visible")
    assert [one.input_value() for one in values.all()] == ["Sand", "Sea", "Sky"]


def test_a_refused_new_record_counts_what_was_typed_as_unsaved(screen: Screen) -> None:
    asked: list[str] = []
    page = screen.page
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    screen.go("/admin/product/new/")
    assert page.inner_text("[data-unsaved]") == ""
    page.fill("#seo_title", "Towels for the beach")
    save(page)

    assert page.inner_text("[data-unsaved]") == "1 unsaved change"
    assert page.evaluate("document.activeElement.id") == "name"
    page.click("h1")
    screen.go("/admin/brand/")

    assert asked == ["beforeunload"]


def test_a_page_shown_again_by_back_can_be_saved(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/brand/edit/?id=1")
    button = page.locator("[data-saves]")
    label = button.inner_text()
    page.evaluate("document.querySelector('[data-record-form]').dispatchEvent(new Event('submit'))")
    assert "Saving…" in button.inner_text()

    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    assert button.inner_text() == label
    assert button.get_attribute("aria-disabled") is None


def test_a_late_answer_leaves_the_next_cell_alone(screen: Screen) -> None:
    page, held = screen.page, []
    screen.go("/admin/variant/?sort=sku")
    page.route("**/update/**", lambda route: held.append(route))
    first = open_cell(page, 0, "price")
    first.fill("31.00")
    page.keyboard.press("Enter")
    second = open_cell(page, 1, "price")
    second.fill("3")
    expect(second).to_be_focused()

    assert len(held) == 1
    route: Route = held[0]
    route.continue_()
    expect(cell(page, 0, "price").locator(".cell-edit")).to_have_count(0)

    expect(second).to_be_focused()
    assert second.input_value() == "3"
    assert len(held) == 1
    page.keyboard.press("Escape")


def test_an_arrow_in_a_list_of_a_cell_saves_nothing_until_enter(screen: Screen) -> None:
    page, sent = screen.page, []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    screen.go("/admin/product/?status=draft")
    select = open_cell(page, 0, "status")
    before = select.input_value()

    page.keyboard.press("ArrowDown")
    assert select.input_value() != before
    page.wait_for_timeout(150)
    page.keyboard.press("Escape")

    assert sent == []
    assert cell(page, 0, "status").get_attribute("data-value") == before


def test_an_action_upon_rows_follows_an_edit_of_one_s_own(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/product/?status=draft")
    name = page.locator("tbody tr").first.locator(".product-name").inner_text()
    open_cell(page, 0, "status").select_option("archived")
    page.keyboard.press("Enter")
    assert "is now" in screen.note()

    page.locator("tbody tr").first.locator("input[name='rowid']").check()
    with page.expect_navigation():
        page.locator("[data-selection-bar] button[value='draft']").click()

    assert "1 product" in screen.note()
    screen.go("/admin/product/?status=draft")
    assert name in page.locator("tbody .product-name").all_inner_texts()


@pytest.fixture
def brand_search(screen: Screen) -> Any:
    """The search field of a product's brand, focused, with its list open."""
    screen.go("/admin/product/edit/?id=1")
    search = screen.page.locator("#brand-search")
    search.focus()
    expect(screen.page.locator("#brand ~ .lookup .lookup-option").first).to_be_visible()
    return search


def test_enter_in_a_list_that_opened_by_itself_chooses_nothing(screen: Screen, brand_search: Locator) -> None:
    page = screen.page
    before = page.input_value("#brand")
    page.evaluate(
        "document.querySelector('#record-form').addEventListener('submit', (event) => event.preventDefault())"
    )

    page.keyboard.press("Enter")

    expect(page.locator("#brand ~ .lookup .lookup-options")).to_be_hidden()
    assert page.input_value("#brand") == before


def test_enter_chooses_what_was_typed_even_before_the_list_came(screen: Screen, brand_search: Locator) -> None:
    page = screen.page
    options = page.locator("#brand ~ .lookup .lookup-option").all_inner_texts()
    wanted = next(one for one in reversed(options) if one != brand_search.input_value())

    brand_search.fill(wanted)
    page.keyboard.press("Enter")

    expect(page.locator("#brand option:checked")).to_have_text(re.compile(re.escape(wanted)))
    assert page.inner_text("[data-unsaved]") == "1 unsaved change"


def test_enter_chooses_the_option_that_the_arrows_point_at(screen: Screen, brand_search: Locator) -> None:
    page = screen.page
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    wanted = page.locator("#brand ~ .lookup [aria-selected='true']").inner_text()

    page.keyboard.press("Enter")

    assert page.locator("#brand option:checked").inner_text() == wanted


def open_a_conflict(screen: Screen) -> None:
    """Two windows change the name and the search title of one product; this one is the second to save."""
    page, other = screen.page, screen.context.new_page()
    screen.go("/admin/product/edit/?id=2")
    other.goto(f"{screen.address}/admin/product/edit/?id=2")
    theirs = other.input_value("#seo_title") + "!"
    other.fill("#seo_title", theirs)
    other.fill("#seo_description", theirs)
    save(other)
    other.close()
    page.fill("#seo_title", "Ours")
    page.fill("#seo_description", "Ours")
    save(page)


def test_a_conflict_chooses_nothing_by_itself_and_all_by_one_button(screen: Screen) -> None:
    page = screen.page
    open_a_conflict(screen)
    assert page.evaluate("document.activeElement.matches('.conflict-panel')")
    assert page.locator(".conflict-panel input[type='radio']").count() == 4
    assert page.locator(".conflict-panel input[type='radio']:checked").count() == 0
    assert page.locator(".conflict-panel input[name$='-needed']").count() == 2

    page.click("button:has-text('Keep all of mine')")
    assert page.locator(".conflict-panel input[value='yours']:checked").count() == 2
    page.click("button:has-text('Take all of theirs')")
    assert page.locator(".conflict-panel input[value='theirs']:checked").count() == 2
    save(page)

    assert page.locator(".conflict-panel").count() == 0
    screen.go("/admin/product/edit/?id=2")
    assert page.input_value("#seo_title").endswith("!")
