"""A demo shop and a browser to look at it with: what the browser tests and the pictures stand on."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from backoffice import dialects
from backoffice.audit.recorder import Occasion, record_as
from backoffice.extensions import db
from backoffice.staff.accounts import create_staff_member, require_role
from seed.counts import Counts
from seed.demo.load import fill_with_demo, share_demo_views
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
VIEWER = "jonas@example.com"
FILE = "shop.sqlite"


def open_shop(folder: Path) -> Flask:
    """The shop that lies in a folder."""
    return make_app(dialects.sqlite_file_uri(folder / FILE), folder)


def make_demo_shop(folder: Path) -> Flask:
    """The demo shop on SQLite, as `manage.py up` fills it, with people of three roles."""
    app = open_shop(folder)
    migrate(app)
    with app.app_context():
        dialects.work_may_write()
        record_as(Occasion("seed", "Demo catalog"))
        fill_with_demo(app.config["MEDIA_FOLDER"])
        create_staff_member(OWNER, "Ines Okafor", require_role("owner"), PASSWORD)
        create_staff_member(MIRA, "Mira Lindqvist", require_role("manager"), PASSWORD)
        create_staff_member(VIEWER, "Jonas Weber", require_role("viewer"), PASSWORD)
        share_demo_views(Counts())
        db.session.commit()
        db.session.remove()
    return app


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address under which the shop answers meanwhile."""
    # A line for each request would hide what went wrong.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.port}"
    finally:
        server.shutdown()


@contextmanager
def started_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        try:
            yield browser
        finally:
            browser.close()


def window_for(browser: Browser, address: str, person: str | None, width: int, theme: Any) -> Page:
    """A window of somebody who signed in, or of a stranger."""
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    if person is not None:
        page.goto(f"{address}/login")
        page.fill("#email", person)
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/admin/")
    return page
