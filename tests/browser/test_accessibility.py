"""axe finds nothing on any page: light and dark, on a phone and a desk, in both densities; nor does the console.

Each page is seen in one of the eight looks, in turn; `--long` shows each in all of them.
"""

import itertools
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Screen
from tests.browser.places import ELSEWHERE, GROUPS, Place, Places

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOOKS = tuple(itertools.product((1440, 390), ("light", "dark"), ("comfortable", "compact")))
WIDTHS = (2560, 1440, 390, 320)
HEIGHT = 900
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"], "preload": False}
# The parts of the frame's menu stay closed for the person once they are; they are judged open, with every page.
MENUS = (
    "summary:visible:not([data-area] > summary), button[aria-haspopup]:visible, button[aria-expanded='false']:visible"
)
MENU = "[data-judged]"
# Says which menu a button opens, and marks it; values are left out, for some are new on every page.
MARK_MENU = """opener => {
    document.querySelectorAll("[data-judged]").forEach(one => one.removeAttribute("data-judged"));
    const menu = opener.closest("details") || document.getElementById(opener.getAttribute("aria-controls")) || opener;
    const markup = menu.outerHTML.replace(/ (value|href)="[^"]*"| checked/g, "");
    menu.setAttribute("data-judged", "");
    return markup;
}"""
# Shows a page in a theme and density, wherever a person's own choice of them is kept.
DRESS = """([theme, density]) => {
    document.documentElement.setAttribute("data-bs-theme", theme);
    document.documentElement.setAttribute("data-density", density);
}"""
# What sticks to the window's edge lies over what one scrolls to; in a window as tall as the page it covers nothing.
STICKING = ".save-bar"
ROWS_KEPT = 8
# What repeats itself is judged once: axe takes its time with each row.
CUT_ROWS = f"document.querySelectorAll('tbody > tr:nth-child(n + {ROWS_KEPT + 1})').forEach(row => row.remove())"

Look = tuple[int, str, str]


class Eye:
    """Looks at places in a window for each person; a page's menus are judged once a look."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.axe = Axe()
        self.windows: dict[str | None, Screen] = {}
        self.judged_menus: set[tuple[Look | None, str]] = set()

    def window_of(self, person: str | None) -> Screen:
        if person not in self.windows:
            self.windows[person] = Screen(self.browser, self.address, 1440, "light", reduced_motion="reduce")
            self.windows[person].context.add_init_script(self.axe.axe_script)
            if person:
                self.windows[person].sign_in(person)
        return self.windows[person]

    def faults_of(self, place: Place, look: Look, is_whole: bool) -> list[str]:
        """What is wrong with a place. Where it need not be whole, long tables are cut before they are judged."""
        screen = self.window_of(place.person)
        screen.complaints.clear()
        width, theme, density = look
        resize(screen, width)
        screen.page.emulate_media(color_scheme=theme)
        screen.go(place.path)
        place.opens(screen.page)
        if screen.page.locator(STICKING).count():
            resize(screen, width, screen.page.evaluate("document.documentElement.scrollHeight"))
        screen.page.evaluate(DRESS, [theme, density])
        if not is_whole:
            screen.page.evaluate(CUT_ROWS)
        found = [*self._violations(screen.page, place.part), *self._of_menus(screen.page, look if is_whole else None)]
        found += wider_than_its_window(screen, WIDTHS if is_whole else (width, max(WIDTHS), min(WIDTHS)))
        return [f"{place.name} {look}: {fault}" for fault in (*found, *screen.complaints)]

    def _violations(self, page: Page, part: str | None) -> Iterator[str]:
        results = page.evaluate("([part, options]) => axe.run(part || document, options)", [part, OPTIONS])
        for violation in results["violations"]:
            nodes = [node["html"][:200] + " " + node["failureSummary"][:300] for node in violation["nodes"][:3]]
            yield f"{violation['id']} ({violation['impact']}): {' | '.join(nodes)}"

    def _of_menus(self, page: Page, look: Look | None) -> Iterator[str]:
        """What is wrong with the menus of a page; one that was judged in this look is passed by."""
        for opener in page.locator(MENUS).all():
            menu = (look, opener.evaluate(MARK_MENU))
            if menu in self.judged_menus or not opener.is_visible():
                continue
            self.judged_menus.add(menu)
            # An open menu may lie upon the next one's opener, where a mouse would close it first.
            opener.evaluate("one => one.click()")
            yield from self._violations(page, MENU)

    def close(self) -> None:
        for screen in self.windows.values():
            screen.context.close()


def resize(screen: Screen, width: int, height: int = HEIGHT) -> None:
    screen.page.set_viewport_size({"width": width, "height": max(height, HEIGHT)})


def wider_than_its_window(screen: Screen, widths: tuple[int, ...]) -> Iterator[str]:
    for width in widths:
        resize(screen, width)
        content = screen.page.evaluate("document.documentElement.scrollWidth")
        if content > width:
            yield f"scrolls sideways at {width}: {content} wide"


@pytest.fixture(scope="session")
def places(furnished_shop: Flask) -> Places:
    return Places(furnished_shop)


@pytest.fixture(scope="session")
def eye(browser: Browser, furnished_address: str) -> Iterator[Eye]:
    eye = Eye(browser, furnished_address)
    yield eye
    eye.close()


@pytest.mark.parametrize("group", GROUPS)
def test_every_page_is_accessible_and_complains_of_nothing(
    places: Places, eye: Eye, request: pytest.FixtureRequest, group: str
) -> None:
    is_long = request.config.getoption("--long")
    found = places.of(group)

    faults = []
    # Each group begins with another look, so that pages of one kind are seen in several.
    for number, place in enumerate(found, GROUPS.index(group)):
        if is_long or not place.is_repeated:
            for look in LOOKS if is_long else (LOOKS[number % len(LOOKS)],):
                faults += eye.faults_of(place, look, is_whole=is_long)

    assert faults == []


def test_the_places_are_all_pages_of_the_house(furnished_shop: Flask, places: Places) -> None:
    """Every address that shows a page is a place of some screen, or of none."""
    names = [place.name for group in GROUPS for place in places.of(group)]

    assert len(names) == len(set(names))
    for wanted in ("product-edit-conflict", "brand-revert", "change-set-undo", "trash-empty", "staff-access-account"):
        assert wanted in names
    for screen in furnished_shop.extensions["screens"].values():
        assert any(name.startswith(screen.endpoint.replace("_", "-")) for name in names), screen.endpoint
    assert ELSEWHERE in GROUPS
