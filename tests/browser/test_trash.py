"""From a product to the trash and back, where another took its SKU meanwhile."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_deleted_product_comes_back_with_another_sku(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/product/new/")
    page.fill("#name", "Picnic Rug")
    page.fill("input[name='variants-new0-sku']", "RUG")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    page.click("a:has-text('Delete…')")
    assert "1 variant" in page.inner_text(".fact-list")
    page.click("button:has-text('Delete this product')")
    assert screen.note() == "Picnic Rug is in the trash."

    screen.go("/admin/product/new/")
    page.fill("#name", "Beach Rug")
    page.fill("input[name='variants-new0-sku']", "RUG")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    screen.go("/admin/trash/?search=picnic")
    screen.complaints.clear()
    page.click("button:has-text('Restore')")
    sku = page.get_by_label("SKU of Picnic Rug")
    assert sku.input_value() == "RUG-2"
    sku.fill("RUG-PICNIC")
    page.click("button:has-text('Restore this product')")

    assert screen.note() == "Picnic Rug is back, with SKU RUG-PICNIC."
    screen.go("/admin/product/?search=RUG-PICNIC")
    assert page.locator("tbody tr").count() == 1
    # The browser tells of every answer that asks for more.
    assert all("409" in one for one in screen.complaints)


def test_many_are_deleted_only_after_the_page_that_says_so(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/tag/")
    count = page.locator("tbody tr").count()
    page.locator("input[name='rowid']").first.check()
    page.click("[data-selection-bar] button[value='delete']")
    assert page.locator("h1").inner_text() == "Delete 1 tag?"
    page.click("a:has-text('Change nothing')")

    expect(page.locator("tbody tr")).to_have_count(count)
    assert screen.complaints == []
