"""Light and dark: as the person chose, else as the system is, with a script and without, and at once when that changes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Screen
from tests.browser.shop import MIRA

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# The page is asked after it was drawn anew: a browser tells of a change of the system only then.
GROUND = """new Promise(answer => requestAnimationFrame(() => requestAnimationFrame(() =>
    answer(getComputedStyle(document.body).backgroundColor))))"""
DARK, LIGHT = "rgb(21, 21, 19)", "rgb(247, 246, 243)"


def ground(screen: Screen) -> str:
    return screen.page.evaluate("getComputedStyle(document.body).backgroundColor")


def choose(screen: Screen, theme: str) -> None:
    screen.go("/account")
    screen.page.select_option("#theme", theme)
    screen.page.click("button:has-text('Save the choices')")
    screen.page.wait_for_url("**/account")


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def dark_system(request: pytest.FixtureRequest, browser: Browser, furnished_address: str) -> Iterator[Screen]:
    screen = Screen(browser, furnished_address, 1440, "dark", java_script_enabled=request.param)
    yield screen
    screen.context.close()


def test_a_page_is_dark_where_the_system_is_and_light_for_who_chose_that(dark_system: Screen) -> None:
    grounds = []
    dark_system.go("/login")
    grounds.append(ground(dark_system))
    dark_system.sign_in(MIRA)
    for theme in ("system", "light", "dark", "system"):
        choose(dark_system, theme)
        grounds.append(ground(dark_system))

    assert grounds == [DARK, DARK, LIGHT, DARK, DARK]


def test_an_open_page_follows_the_system_until_the_person_chose(browser: Browser, furnished_address: str) -> None:
    screen = Screen(browser, furnished_address, 1440, "light")
    screen.sign_in(MIRA)
    grounds = []
    for theme in ("dark", "light"):
        screen.page.emulate_media(color_scheme=theme)
        grounds.append(screen.page.evaluate(GROUND))
    with screen.page.expect_response("**/account/preferences"):
        screen.page.click("[data-action='theme']")
    for theme in ("dark", "light"):
        screen.page.emulate_media(color_scheme=theme)
        grounds.append(screen.page.evaluate(GROUND))
    choose(screen, "system")
    screen.context.close()

    assert grounds == [DARK, LIGHT, DARK, DARK]
    assert screen.complaints == []
