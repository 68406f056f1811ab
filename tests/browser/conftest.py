"""A served demo shop and a browser that complains of every error on a page."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser.places import furnish
from tests.browser.shop import CHROMIUM, MIRA, OWNER, make_demo_shop, open_shop, served, started_browser
from tests.making import PASSWORD

# What moves while a page comes, as browsers measure it: parts of the window times how far.
MOST_SHIFTED = 0.01
WATCH_SHIFTS = """
window.shifts = 0;
new PerformanceObserver(list => list.getEntries().forEach(one => { window.shifts += one.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo-shop")


@pytest.fixture(scope="session")
def demo_shop(demo_folder: Path) -> Flask:
    """The demo shop on SQLite, as `manage.py up` fills it, with an owner."""
    return make_demo_shop(demo_folder)


@pytest.fixture(scope="session")
def address(demo_shop: Flask) -> Iterator[str]:
    with served(demo_shop) as address:
        yield address


@pytest.fixture(scope="session")
def furnished_shop(demo_shop: Flask, demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A copy of the demo shop in which every page has something to show."""
    folder = tmp_path_factory.mktemp("furnished-shop")
    shutil.copytree(demo_folder, folder, dirs_exist_ok=True)
    app = open_shop(folder)
    with app.app_context():
        furnish(app)
    return app


@pytest.fixture(scope="session")
def furnished_address(furnished_shop: Flask) -> Iterator[str]:
    with served(furnished_shop) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("No Chromium is installed; .ci/run installs it.")
    with started_browser() as browser:
        yield browser


class Screen:
    """One window: what went wrong on its pages is kept in `complaints`."""

    def __init__(self, browser: Browser, address: str, width: int, theme: Any, **options: Any) -> None:
        self.address = address
        self.width = width
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, **options)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message: Any) -> None:
        # A refused save answers 4xx, which the browser logs; that is no fault of the page.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def sign_in(self, email: str = OWNER) -> None:
        self.go("/login")
        self.page.fill("#email", email)
        self.page.fill("#password", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/admin/")

    def note(self) -> str:
        self.page.wait_for_selector(".toast-note")
        return self.page.inner_text(".toast-note span")

    @property
    def is_wider_than_its_window(self) -> bool:
        return self.page.evaluate("document.documentElement.scrollWidth") > self.width


@pytest.fixture
def screen(browser: Browser, address: str) -> Iterator[Screen]:
    screen = Screen(browser, address, 1440, "light")
    screen.sign_in()
    yield screen
    screen.context.close()


@pytest.fixture
def mira(browser: Browser, address: str) -> Iterator[Screen]:
    """The window of a second person."""
    screen = Screen(browser, address, 390, "dark")
    screen.sign_in(MIRA)
    yield screen
    screen.context.close()
