"""Two people at one record are told of each other while both look at it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BRAND = "/admin/brand/edit/?id=3"


def tell_again(page: Page) -> None:
    """Let the page ask at once instead of after twenty seconds."""
    with page.expect_response("**/ajax/open/"):
        page.clock.fast_forward(20_000)


def test_two_at_one_record_are_told_of_each_other_until_one_leaves(screen: Screen, mira: Screen) -> None:
    page, hers = screen.page, mira.page
    page.clock.install()
    with page.expect_response("**/ajax/open/"):
        screen.go(BRAND)
    assert page.locator(".also-open").inner_text() == ""
    with hers.expect_response("**/ajax/open/"):
        mira.go(BRAND)
    expect(hers.locator(".also-open")).to_contain_text("Also open: Ines Okafor since ")

    tell_again(page)
    expect(page.locator(".also-open")).to_contain_text("Also open: Mira Lindqvist since ")

    mira.go("/admin/brand/")
    hers.wait_for_load_state("networkidle")
    tell_again(page)
    expect(page.locator(".also-open")).to_have_text("")
    assert screen.complaints == mira.complaints == []


def test_a_page_asks_no_oftener_than_every_twenty_seconds_and_only_while_it_is_looked_at(screen: Screen) -> None:
    page, asked = screen.page, []
    page.on("request", lambda request: asked.append(request.url) if "/ajax/open/" in request.url else None)
    page.clock.install()
    with page.expect_response("**/ajax/open/"):
        screen.go(BRAND)

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.clock.fast_forward(19_000)
    assert len(asked) == 1
    page.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden' })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.clock.fast_forward(90_000)

    assert len(asked) == 1
