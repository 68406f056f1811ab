"""Everything works without JavaScript: signing in, the menu, lists, and what is done to a record."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def plain(browser: Browser, furnished_address: str) -> Iterator[Screen]:
    """The window of the owner, in which no script runs."""
    screen = Screen(browser, furnished_address, 1440, "light", java_script_enabled=False)
    screen.sign_in()
    yield screen
    screen.context.close()


@pytest.fixture
def plain_phone(browser: Browser, furnished_address: str) -> Iterator[Screen]:
    screen = Screen(browser, furnished_address, 390, "light", java_script_enabled=False)
    screen.sign_in()
    yield screen
    screen.context.close()


def count_rows(screen: Screen) -> int:
    return screen.page.locator("tbody tr").count()


def names(screen: Screen) -> list[str]:
    return screen.page.locator("tbody .col-name a").all_inner_texts()


def test_signing_out_ends_the_visit(plain: Screen) -> None:
    plain.page.click(".person-details summary")
    plain.page.click("button:has-text('Sign out')")

    plain.go("/admin/product/")

    assert "/login" in plain.page.url


def test_the_menu_leads_to_a_list(plain: Screen) -> None:
    plain.page.click("nav a:has-text('Brands')")

    assert plain.page.inner_text("h1") == "Brands"


def test_the_menu_opens_on_a_phone_and_is_left_again(plain_phone: Screen) -> None:
    page = plain_phone.page
    assert not page.locator("nav a:has-text('Brands')").is_visible()

    page.click("[data-action='menu-open']")
    page.click("nav a:has-text('Brands')")

    assert page.inner_text("h1") == "Brands"
    assert not page.locator("nav a:has-text('Tags')").is_visible()


def test_a_list_is_narrowed_by_search_and_by_filters(plain: Screen) -> None:
    page = plain.page
    plain.go("/admin/product/")
    page.click("details.filter-chip:has-text('Status') summary")
    page.check("input[name='status'][value='draft']")
    page.click("details.filter-chip[open] button:has-text('Show')")
    page.wait_for_url("**status=draft**")
    drafts = count_rows(plain)
    assert drafts > 1

    page.fill("#filter-text", "guest book")
    page.keyboard.press("Enter")
    page.wait_for_url("**search=guest**")

    assert count_rows(plain) == 1
    assert "status=draft" in page.url


def test_a_list_is_sorted_and_paged(plain: Screen) -> None:
    page = plain.page
    plain.go("/admin/product/?sort=name&page_size=25")
    first = names(plain)

    page.click(".pager a:has-text('Next')")
    page.wait_for_url("**after=**")
    second = names(plain)
    page.click("th .sort-link:has-text('Product')")
    page.wait_for_url("**sort=-name**")

    assert len(first) == 25
    assert not set(first) & set(second)
    assert names(plain)[0] not in first


def test_the_search_above_every_page_finds_products(plain: Screen) -> None:
    plain.go("/admin/brand/")

    plain.page.fill("#search-everything", "mug")
    plain.page.keyboard.press("Enter")

    plain.page.wait_for_url("**/admin/product/**search=mug**")
    assert count_rows(plain) > 0


def test_a_record_is_made_changed_undone_deleted_and_restored(plain: Screen) -> None:
    page = plain.page
    plain.go("/admin/brand/new/")
    page.fill("#name", "Plain Pottery")
    page.click("button:has-text('Make brand')")
    assert "Plain Pottery is made." in page.inner_text(".toast-note")

    plain.go("/admin/brand/?search=plain+pottery")
    page.click("tbody .col-name a")
    page.fill("#name", "Plainer Pottery")
    page.click("button:has-text('Save')")
    assert "Plainer Pottery" in page.inner_text(".toast-note")
    page.click(".toast-note button:has-text('Undo')")
    assert page.input_value("#name") == "Plain Pottery"

    page.click("a:has-text('Delete…')")
    page.click("button:has-text('Delete this brand')")
    assert "Plain Pottery is in the trash." in page.inner_text(".toast-note")

    plain.go("/admin/trash/?kind=brand")
    page.click("tr:has-text('Plain Pottery') button:has-text('Restore')")
    assert "Plain Pottery is back." in page.inner_text(".toast-note")
    plain.go("/admin/brand/?search=plain+pottery")
    assert names(plain) == ["Plain Pottery"]


def test_ticked_rows_are_acted_upon(plain: Screen) -> None:
    page = plain.page
    plain.go("/admin/product/?status=draft")
    drafts = names(plain)
    page.locator("tbody input[name='rowid']").last.check()

    page.click("button[name='action'][value='archive']")

    assert "1 product" in page.inner_text(".toast-note")
    assert names(plain) == drafts[:-1]
