"""A double click does what one click does."""

from typing import Any

import pytest

from tests.browser.conftest import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def is_of_a_form(request: Any) -> bool:
    return request.method == "POST" and "/ajax/" not in request.url


def note_posts(screen: Screen) -> list[Any]:
    posts: list[Any] = []
    screen.page.on("request", lambda request: posts.append(request) if is_of_a_form(request) else None)
    return posts


def test_a_double_click_on_save_sends_the_form_once(screen: Screen) -> None:
    page, posts = screen.page, note_posts(screen)
    screen.go("/admin/brand/new/")
    page.fill("#name", "Clicked Twice")

    with page.expect_navigation():
        page.locator("[data-saves]").first.dblclick()

    assert screen.note() == "Clicked Twice is made."
    assert len(posts) == 1
    screen.go("/admin/brand/?search=Clicked")
    assert page.locator("tbody tr").count() == 1
    assert screen.complaints == []


def test_a_form_that_a_slow_answer_made_somebody_send_again_is_saved_once(screen: Screen) -> None:
    page, posts = screen.page, note_posts(screen)
    screen.go("/admin/brand/new/")
    page.fill("#name", "Sent Again")
    # The first one reaches the server, and its answer never the person.
    page.evaluate(
        "const form = document.querySelector('[data-record-form]');"
        "fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual' })"
    )

    with page.expect_navigation():
        page.locator("[data-saves]").first.click()

    page.wait_for_selector(".toast-note")
    assert "This was saved already; nothing was done twice. Sent Again is made." in page.inner_text("[data-toasts]")
    assert len(posts) == 2
    screen.go("/admin/brand/?search=Sent")
    assert page.locator("tbody tr").count() == 1


def test_a_note_that_a_script_made_carries_what_tells_its_form_from_every_other(screen: Screen) -> None:
    page, posts = screen.page, note_posts(screen)
    screen.go("/admin/brand/")
    name = page.locator("tbody tr").first.locator("[data-cell='name']")
    was = name.get_attribute("data-value")
    name.hover()
    name.locator("[data-action='cell']").click()
    name.locator("input").fill(f"{was} again")
    name.locator("input").press("Enter")
    page.wait_for_selector(".toast-note form")

    token = page.eval_on_selector(".toast-note form", "form => new FormData(form).get('once')")
    with page.expect_navigation():
        page.click(".toast-note form button")

    assert len(token) == 22
    assert f"once={token}" in posts[-1].post_data
    assert screen.note().startswith("Took back")
