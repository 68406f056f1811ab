"""Two people at one product, in two windows: merged, then in conflict, then chosen; and every way back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PRODUCT = "/admin/product/edit/?id=7"
BRAND = "/admin/brand/edit/?id=5"


def save(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Control+s")


def take_back(page: Page) -> None:
    with page.expect_navigation():
        page.click(".toast-note button:has-text('Undo')")


def test_two_at_one_product_are_merged_then_asked_and_nothing_is_lost(screen: Screen, mira: Screen) -> None:
    mine, hers = screen.page, mira.page
    screen.go(PRODUCT)
    mira.go(PRODUCT)
    name = mine.input_value("#name")

    # Two fields: both stay.
    hers.fill("#seo_title", "Title of Mira")
    save(hers)
    mine.fill("#name", f"{name} of Ines")
    save(mine)
    assert screen.note() == f"{name} of Ines is saved. Search title came in from Mira Lindqvist."
    expect(mine.locator("#seo_title")).to_have_value("Title of Mira")

    # The same field: both values stand side by side, with all that was typed.
    hers.fill("#name", f"{name} of Mira")
    hers.fill("#seo_description", "Words of Mira")
    save(hers)
    assert mira.page.inner_text("#conflict-title").startswith("Ines Okafor saved this")
    shown = hers.locator(".conflict-table tbody tr").inner_text()
    assert name in shown and f"{name} of Ines" in shown and f"{name} of Mira" in shown
    expect(hers.locator("#seo_description")).to_have_value("Words of Mira")

    # The choice.
    hers.click("[data-action='keep-mine']")
    save(hers)
    assert mira.note() == f"{name} of Mira is saved."
    screen.go(PRODUCT)
    expect(mine.locator("#name")).to_have_value(f"{name} of Mira")
    expect(mine.locator("#seo_description")).to_have_value("Words of Mira")
    assert screen.complaints == mira.complaints == []


def test_a_save_is_taken_back_by_its_note_and_that_by_its_own(screen: Screen) -> None:
    page = screen.page
    screen.go(BRAND)
    name = page.input_value("#name")
    page.fill("#name", "Another Name")
    save(page)

    take_back(page)
    expect(page.locator("#name")).to_have_value(name)
    take_back(page)
    expect(page.locator("#name")).to_have_value("Another Name")
    take_back(page)
    expect(page.locator("#name")).to_have_value(name)


def test_what_somebody_changed_since_is_shown_before_an_undo(screen: Screen, mira: Screen) -> None:
    mine, hers = screen.page, mira.page
    screen.go(BRAND)
    name = mine.input_value("#name")
    mine.fill("#name", "Name of Ines")
    save(mine)
    mira.go(BRAND)
    hers.fill("#name", "Name of Mira")
    save(hers)

    take_back(mine)
    expect(mine.locator("h1")).to_have_text("Take this back?")
    row = mine.locator(".step-table tbody tr")
    assert all(one in row.inner_text() for one in (name, "Name of Ines", "Name of Mira", "Mira Lindqvist"))
    row.locator("input[type=checkbox]").check()
    with mine.expect_navigation():
        mine.click(".preview-actions button")

    screen.go(BRAND)
    expect(mine.locator("#name")).to_have_value(name)
    assert screen.complaints == []


@pytest.mark.parametrize("width", [1440, 390])
def test_a_product_goes_back_to_a_version_from_its_history(screen: Screen, width: int) -> None:
    page = screen.page
    page.set_viewport_size({"width": width, "height": 900})
    screen.width = width
    screen.go("/admin/product/edit/?id=9")
    name = page.input_value("#name")
    page.fill("#name", "A Name for a While")
    save(page)
    page.fill("#seo_title", "A title for a while")
    save(page)

    with page.expect_navigation():
        page.click(".view-tab:has-text('History')")
    assert not screen.is_wider_than_its_window
    with page.expect_navigation():
        page.locator(".version").nth(2).locator("a:has-text('Revert to this version')").click()
    preview = page.inner_text(".preview-form")
    assert "A Name for a While" in preview and name in preview and "A title for a while" in preview
    assert not screen.is_wider_than_its_window
    with page.expect_navigation():
        page.click(".preview-actions button")

    expect(page.locator("#name")).to_have_value(name)
    expect(page.locator("#seo_title")).to_have_value("")
    with page.expect_navigation():
        page.click(".view-tab:has-text('History')")
    assert "by going back to a version" in page.locator(".version").first.inner_text()
    assert screen.complaints == []
