"""A served demo shop and a browser that complains of every error on a page."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from backoffice import dialects
from backoffice.audit.recorder import Occasion, record_as
from backoffice.extensions import db
from backoffice.staff.accounts import create_staff_member, require_role
from seed.demo.load import fill_with_demo
from tests.making import PASSWORD, make_app, migrate

CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OWNER = "owner@example.com"
MIRA = "mira@example.com"


@pytest.fixture(scope="session")
def demo_shop(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The demo shop on SQLite, as `manage.py up` fills it, with an owner."""
    folder = tmp_path_factory.mktemp("demo-shop")
    app = make_app(dialects.sqlite_file_uri(folder / "shop.sqlite"), folder)
    migrate(app)
    with app.app_context():
        dialects.work_may_write()
        record_as(Occasion("seed", "Demo catalog"))
        fill_with_demo(app.config["MEDIA_FOLDER"])
        create_staff_member(OWNER, "Ines Okafor", require_role("owner"), PASSWORD)
        create_staff_member(MIRA, "Mira Lindqvist", require_role("manager"), PASSWORD)
        db.session.commit()
        db.session.remove()
    return app


@pytest.fixture(scope="session")
def address(demo_shop: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, demo_shop, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("No Chromium is installed; .ci/run installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


class Screen:
    """One window: what went wrong on its pages is kept in `complaints`."""

    def __init__(self, browser: Browser, address: str, width: int, theme: Any) -> None:
        self.address = address
        self.width = width
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
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
