"""How soon a page answers a key or a click: from the event to what it shows, in a browser on the demo shop.

Beside each stands its part of a tenth of a second, up to which people take an answer for their own doing.
Source: R. B. Miller, Response time in man-computer conversational transactions, 1968.
"""

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.shop import OWNER, make_demo_shop, served, started_browser, window_for

ENOUGH_MS = 100
TIMES = 15
# Notes when the next key, click or typed letter came.
LISTEN = """() => {
    window.began = 0;
    const note = event => { window.began = window.began || event.timeStamp; };
    for (const kind of ["keydown", "pointerdown", "input"]) {
        addEventListener(kind, note, { capture: true, once: true });
    }
}"""
# Waits until a condition holds and is painted; returns the milliseconds since the event.
SHOWN = """condition => new Promise(resolve => {
    const holds = new Function("return " + condition);
    const look = () => requestAnimationFrame(
        () => holds() ? setTimeout(() => resolve(performance.now() - window.began)) : look()
    );
    look();
})"""
# A page that a click leads to counts from the click on: its clock starts as the browser leaves the old one.
PAINTED = """() => new Promise(resolve => {
    const look = () => {
        const [paint] = performance.getEntriesByName("first-contentful-paint");
        paint ? resolve(paint.startTime) : setTimeout(look, 5);
    };
    look();
})"""

Doing = Callable[[Page], Any]


def _press(key: str) -> Doing:
    return lambda page: page.keyboard.press(key)


def _click(selector: str) -> Doing:
    return lambda page: page.locator(selector).first.click()


# What is done, what is made ready before, and what shows that the page answered.
ON_THE_LIST: dict[str, tuple[Doing, Doing, str]] = {
    "J: the next row": (lambda page: None, _press("j"), "document.querySelector('tr[data-at]')"),
    "X: select the row": (_press("j"), _press("x"), "document.querySelector('[data-selection-bar][data-open]')"),
    "E: edit a cell": (_press("j"), _press("e"), "document.querySelector('.cell-edit')"),
    "?: all keys": (lambda page: None, _press("?"), "document.querySelector('#keys-dialog[open]')"),
    "Ctrl K: the palette with its first lines": (
        lambda page: None,
        _press("Control+k"),
        "document.querySelector('.palette-option')",
    ),
    "a letter in the palette: what it finds": (
        lambda page: (page.keyboard.press("Control+k"), page.wait_for_selector(".palette-option")),
        _press("w"),
        "document.querySelector('#palette-results [role=option] mark')",
    ),
    "open a filter, with its counts": (
        lambda page: None,
        _click(".filter-menu[data-filter='level'] >> xpath=.. >> summary"),
        "document.querySelector(\"[data-filter='level'] [data-option-count='low']\").textContent",
    ),
    "the menu of a row": (
        lambda page: None,
        _click("[data-action='row-menu']"),
        "document.querySelector('#row-menu:popover-open')",
    ),
    "light to dark": (
        lambda page: page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'light')"),
        _click("[data-action='theme']"),
        "document.documentElement.dataset.bsTheme === 'dark'",
    ),
    "Enter in a cell: the price is saved": (
        lambda page: (page.keyboard.press("j"), page.keyboard.press("e"), page.keyboard.type("+1%")),
        _press("Enter"),
        "document.querySelector('.toast-note')",
    ),
}
PAGES = {
    "a list of 50 rows": "/admin/product/?page_size=50",
    "a product": "/admin/product/edit/?id=1",
    "Today": "/admin/",
}
# A list in which every product has one price, so that a cell of it can be edited.
LIST = "/admin/variant/?page_size=50"


def measure(times: int = TIMES) -> dict[str, Any]:
    """Milliseconds from the event to the painted answer: (median, longest) of each."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_demo_shop(Path(folder))
        with served(app) as address, started_browser() as browser:
            page = window_for(browser, address, OWNER, 1440, "light")
            found = {name: _answers(page, f"{address}{LIST}", one, times) for name, one in ON_THE_LIST.items()}
            found |= {f"go to {name}": _paints(page, f"{address}{path}", times) for name, path in PAGES.items()}
    return {"answers": {name: (statistics.median(took), max(took)) for name, took in found.items()}}


def _answers(page: Page, url: str, one: tuple[Doing, Doing, str], times: int) -> list[float]:
    prepare, act, condition = one
    took = []
    # The first time fills what the server and the browser keep, and does not count.
    for _ in range(times + 1):
        page.goto(url)
        page.wait_for_load_state("networkidle")
        prepare(page)
        page.evaluate(LISTEN)
        act(page)
        took.append(page.evaluate(SHOWN, condition))
    return took[1:]


def _paints(page: Page, url: str, times: int) -> list[float]:
    took = []
    for _ in range(times + 1):
        page.goto(url)
        took.append(page.evaluate(PAINTED))
    return took[1:]


def table(report: dict[str, Any]) -> str:
    """As the README shows it."""
    lines = [f"{'from the key or click to the answer':44}{'median ms':>10}{'longest':>9}{'× 100 ms':>10}"]
    for name, (median, longest) in report["answers"].items():
        lines.append(f"{name:44}{median:>10.0f}{longest:>9.0f}{median / ENOUGH_MS:>10.2f}")
    return "\n".join(lines)
