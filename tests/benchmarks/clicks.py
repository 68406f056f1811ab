"""How many clicks and keys ten everyday jobs take, ours beside two stock admins, all driven in the same browser.

Each job begins at the list of products, unless its name says otherwise, and ends when what it is about is done, which
is looked up on the page. A choice from a closed list is two clicks; a character typed is a key.
"""

import re
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from backoffice.catalog.models import Product
from backoffice.extensions import db
from backoffice.media.models import Picture
from tests.benchmarks.peers import django_shop, stock_flask_admin
from tests.browser.shop import OWNER, make_demo_shop, served, started_browser, window_for

# What the jobs are about, as the demo catalog has it.
SINGLE, SKU, NEW_PRICE, WRONG_PRICE = "Balloon Whisk, 27 cm", "TW-WHI", "17.50", "1.75"
OTHER = "Bread Knife, 24 cm"
CATEGORY = "Utensils"
NEW = "Oak Spoon"
VIEW = "Undone"


class Hand:
    """What a person does at a page, counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0
        self.keys = 0
        page.on("dialog", self._agree)

    def _agree(self, dialog: Dialog) -> None:
        self.clicks += 1
        dialog.accept()

    def begin(self) -> None:
        self.clicks = self.keys = 0

    def click(self, target: str | Locator) -> None:
        (self.page.locator(target).first if isinstance(target, str) else target).click()
        self.clicks += 1

    def choose(self, target: str | Locator, label: str) -> None:
        (self.page.locator(target).first if isinstance(target, str) else target).select_option(label=label)
        self.clicks += 2

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)


class Shop(ABC):
    """One of those compared; a job that it does not know raises NotImplementedError."""

    name: str
    products: str

    def __init__(self, page: Page, address: str, barcode: str) -> None:
        self.page = page
        self.hand = Hand(page)
        self.address = address
        self.barcode = barcode

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def count(self, job: Callable[["Shop"], None]) -> tuple[int, int] | None:
        """Clicks and keys of a job, None where it cannot be done."""
        self.go(self.products)
        self.hand.begin()
        try:
            job(self)
        except NotImplementedError:
            return None
        return self.hand.clicks, self.hand.keys

    @abstractmethod
    def search(self, text: str) -> None:
        """Narrow the list to what matches."""

    @abstractmethod
    def find_by_barcode(self) -> None: ...

    @abstractmethod
    def fix_a_price(self) -> None: ...

    def take_the_price_back(self) -> None:
        raise NotImplementedError

    @abstractmethod
    def narrow_to_drafts_of_a_category(self) -> None: ...

    @abstractmethod
    def show_without_picture(self) -> None: ...

    def keep_the_drafts_as_a_view_and_open_it_from_elsewhere(self) -> None:
        raise NotImplementedError

    @abstractmethod
    def publish_three_drafts(self) -> None: ...

    @abstractmethod
    def make_a_product(self) -> None: ...

    @abstractmethod
    def archive_all_active(self) -> None: ...

    def delete_a_product_and_bring_it_back(self) -> None:
        raise NotImplementedError


class Ours(Shop):
    name = "ours"
    products = "/admin/product/"

    def search(self, text: str) -> None:
        self.hand.press("/")
        self.hand.type(text)
        self.hand.press("Enter")
        self.page.wait_for_url("**search=**")

    def find_by_barcode(self) -> None:
        self.hand.press("Control+k")
        self.page.wait_for_selector("#command-palette[open]")
        self.hand.type(self.barcode[-6:])
        expect(self.page.locator("#palette-results [role='option']").first).to_contain_text(SINGLE)
        self.hand.press("Enter")
        expect(self.page.locator("h1")).to_contain_text(SINGLE)

    def fix_a_price(self, price: str = NEW_PRICE) -> None:
        self.search(SKU)
        self.hand.press("j")
        self.hand.press("e")
        self.hand.type(price)
        self.hand.press("Enter")
        expect(self.page.locator(".toast-note")).to_contain_text(price)

    def take_the_price_back(self) -> None:
        self.fix_a_price(WRONG_PRICE)
        self.hand.begin()
        self.hand.click(".toast-note button:has-text('Undo')")
        expect(self.page.locator(".toast-note")).to_contain_text("Took back")

    def _show_drafts(self) -> None:
        self._open_chip("Status")
        self.hand.click(".filter-menu[data-filter='status'] input[value='draft']")
        self.hand.click(".filter-menu[data-filter='status'] [data-show-count]")
        self.page.wait_for_url("**status=draft**")

    def _open_chip(self, label: str) -> None:
        self.hand.click(self.page.locator(".filter-chip > summary", has_text=re.compile(rf"^\s*{label}")).first)

    def narrow_to_drafts_of_a_category(self) -> None:
        self._show_drafts()
        self._open_chip("Category")
        self.hand.click("#filter-category-search")
        self.hand.type(CATEGORY[:4])
        option = self.page.locator(".filter-menu[data-filter='category'] .lookup-option", has_text=CATEGORY).first
        self.hand.click(option)
        self.hand.click(".filter-menu[data-filter='category'] [data-show-count]")
        self.page.wait_for_url("**category=**")

    def show_without_picture(self) -> None:
        self.hand.click("nav a:has-text('Today')")
        self.hand.click(".worklist:has-text('Without picture') .worklist-open")
        self.page.wait_for_url("**picture__empty=1**")

    def keep_the_drafts_as_a_view_and_open_it_from_elsewhere(self) -> None:
        self._show_drafts()
        self.hand.click(".view-menu > summary")
        self.hand.click("#view-name")
        self.hand.type(VIEW)
        self.hand.press("Enter")
        expect(self.page.locator(".toast-note")).to_contain_text(VIEW)
        self.go("/admin/brand/")
        self.hand.click(f"nav a:has-text('{VIEW}')")
        expect(self.page.locator(".filter-chip[data-set]").first).to_contain_text("Draft")

    def publish_three_drafts(self) -> None:
        self.hand.click(f".view-tab:has-text('{VIEW}')")
        self.page.wait_for_url("**view=**")
        for row in self.page.locator("tbody tr:not(:has-text('no price'))").all()[:3]:
            self.hand.click(row.locator("input[name='rowid']"))
        self.hand.click("[data-selection-bar] button[value='publish']")
        expect(self.page.locator(".toast-note")).to_contain_text("3 products")

    def make_a_product(self) -> None:
        self.hand.press("n")
        self.page.wait_for_url("**/new/**")
        self.hand.click("#name")
        self.hand.type(NEW)
        self.hand.click("input[name='variants-new0-price']")
        self.hand.type(NEW_PRICE)
        self.hand.press("Control+s")
        self.page.wait_for_url("**/edit/**")

    def archive_all_active(self) -> None:
        self._open_chip("Status")
        self.hand.click(".filter-menu[data-filter='status'] input[value='published']")
        self.hand.click(".filter-menu[data-filter='status'] [data-show-count]")
        self.page.wait_for_url("**status=published**")
        self.hand.click("[data-selects-all]")
        self.hand.click(self.page.get_by_label(re.compile(r"^Select all \d+ matching")))
        self.hand.click("[data-selection-bar] button[value='archive']")
        self.hand.click("form[data-acts] button[value='all']")
        expect(self.page.locator(".toast-note")).to_contain_text("products")

    def delete_a_product_and_bring_it_back(self) -> None:
        self.search("knife")
        row = self.page.locator("tbody tr", has_text=OTHER)
        self.hand.click(row.locator("input[name='rowid']"))
        self.hand.click("[data-selection-bar] button[value='delete']")
        self.hand.click("form[data-acts] button[value='all']")
        self.hand.click(".toast-note button:has-text('Undo')")
        expect(self.page.locator("tbody tr", has_text=OTHER)).to_have_count(1)


class StockFlaskAdmin(Shop):
    name = "stock Flask-Admin"
    products = "/admin/product/"

    def search(self, text: str) -> None:
        self.hand.click("input[name='search']")
        self.hand.type(text)
        self.hand.press("Enter")
        self.page.wait_for_url("**search=**")

    def find_by_barcode(self) -> None:
        self.search(self.barcode[-6:])
        self.hand.click("tbody tr a[title='Edit Record'], .model-list tr a[title='Edit Record']")
        expect(self.page.locator("#name")).to_have_value(SINGLE)

    def fix_a_price(self) -> None:
        self.search(SKU)
        self.hand.click("td.col-price a")
        field = self.page.locator(".editable-input input")
        field.wait_for()
        self.hand.press("Control+a")
        self.hand.type(NEW_PRICE)
        self.hand.press("Enter")
        expect(self.page.locator("td.col-price a").first).to_have_text(NEW_PRICE)

    def _filter(self, group: str, operation: str, value: str, number: int = 0) -> None:
        """Add a filter, choose what it does, and give it its value."""
        self.hand.click("a:has-text('Add Filter')")
        self.hand.click(self.page.locator(".field-filters a", has_text=re.compile(rf"^{group}", re.I)).first)
        row = self.page.locator("table.filters tr").nth(number)
        lists = row.locator(".select2-choice, .select2-selection")
        self._pick(lists.first, operation)
        if row.locator("select.filter-val").count():
            self._pick(lists.nth(1), value)
        else:
            self.hand.click(row.locator("input.filter-val"))
            self.hand.type(value)

    def _pick(self, opener: Locator, label: str) -> None:
        self.hand.click(opener)
        options = self.page.locator(".select2-result-label, .select2-results__option")
        self.hand.click(options.filter(has_text=re.compile(rf"^\s*{label}\s*$")).first)

    def _apply(self) -> None:
        self.hand.click("#filter_form button[type='submit']")
        self.page.wait_for_url("**flt**")

    def narrow_to_drafts_of_a_category(self) -> None:
        self._filter("Status", "equals", "Draft")
        self._filter("Category", "equals", CATEGORY, 1)
        self._apply()

    def show_without_picture(self) -> None:
        self._filter("Picture", "empty", "Yes")
        self._apply()

    def publish_three_drafts(self) -> None:
        self._filter("Status", "equals", "Draft")
        self._apply()
        for box in self.page.locator("input[name='rowid']").all()[:3]:
            self.hand.click(box)
        self._act("Publish")

    def _act(self, label: str) -> None:
        self.hand.click("a:has-text('With selected')")
        with self.page.expect_navigation():
            self.hand.click(f".dropdown-item:text-is('{label}')")

    def make_a_product(self) -> None:
        self.hand.click("a:text-is('Create')")
        self.hand.click("#name")
        self.hand.type(NEW)
        self.hand.click("#price")
        self.hand.type(NEW_PRICE)
        self.hand.press("Enter")
        expect(self.page.locator(".alert-success")).to_be_visible()

    def archive_all_active(self) -> None:
        self._filter("Status", "equals", "Active")
        self._apply()
        self.hand.click("a:has-text('20 items'), a:has-text('page size')")
        self.hand.click(".dropdown-item:has-text('100')")
        while self.page.locator("input[name='rowid']").count():
            self.hand.click("input[name='rowtoggle']")
            self._act("Archive")


class DjangoAdmin(Shop):
    name = "Django admin"
    products = "/admin/django_shop/product/"

    def search(self, text: str) -> None:
        self.hand.click("#searchbar")
        self.hand.type(text)
        self.hand.press("Enter")
        self.page.wait_for_url("**q=**")

    def find_by_barcode(self) -> None:
        self.search(self.barcode[-6:])
        self.hand.click("#result_list tbody th a")
        expect(self.page.locator("#id_name")).to_have_value(SINGLE)

    def fix_a_price(self) -> None:
        self.search(SKU)
        self.hand.click("#id_form-0-price")
        self.hand.press("Control+a")
        self.hand.type(NEW_PRICE)
        self.hand.click("input[name='_save']")
        expect(self.page.locator(".messagelist .success")).to_be_visible()

    def _narrow(self, title: str, label: str) -> None:
        part = self.page.locator(f"#changelist-filter details[data-filter-title='{title}']")
        with self.page.expect_navigation():
            self.hand.click(part.locator(f"a:text-is('{label}')"))

    def narrow_to_drafts_of_a_category(self) -> None:
        self._narrow("status", "Draft")
        self._narrow("category", CATEGORY)

    def show_without_picture(self) -> None:
        self._narrow("picture", "Empty")

    def _act(self, label: str) -> None:
        self.hand.choose("select[name='action']", label)
        with self.page.expect_navigation():
            self.hand.click("button[name='index']")

    def publish_three_drafts(self) -> None:
        self._narrow("status", "Draft")
        for box in self.page.locator("input.action-select").all()[:3]:
            self.hand.click(box)
        self._act("Publish")

    def make_a_product(self) -> None:
        self.hand.click(".object-tools a.addlink")
        self.hand.click("#id_name")
        self.hand.type(NEW)
        self.hand.click("#id_price")
        self.hand.type(NEW_PRICE)
        self.hand.press("Enter")
        expect(self.page.locator(".messagelist .success")).to_be_visible()

    def archive_all_active(self) -> None:
        self._narrow("status", "Active")
        self.hand.click("#action-toggle")
        self.hand.click(".actions .question a")
        self._act("Archive")
        expect(self.page.locator("input.action-select")).to_have_count(0)


# The words of the table, in its order; a job that leaves many changed comes last.
JOBS: dict[str, Callable[[Shop], None]] = {
    "Open a product by part of its barcode": lambda shop: shop.find_by_barcode(),
    "Fix a product’s price": lambda shop: shop.fix_a_price(),
    "Take that price back": lambda shop: shop.take_the_price_back(),
    "Show the drafts of a category": lambda shop: shop.narrow_to_drafts_of_a_category(),
    "Show what has no picture": lambda shop: shop.show_without_picture(),
    "Keep a filtered list, and open it from another page": lambda shop: (
        shop.keep_the_drafts_as_a_view_and_open_it_from_elsewhere()
    ),
    "Publish three drafts": lambda shop: shop.publish_three_drafts(),
    "Make a product with a price": lambda shop: shop.make_a_product(),
    "Delete a product and bring it back": lambda shop: shop.delete_a_product_and_bring_it_back(),
    "Archive all that are active, on every page": lambda shop: shop.archive_all_active(),
}


PEERS: dict[type[Shop], Any] = {StockFlaskAdmin: stock_flask_admin, DjangoAdmin: django_shop}


def measure(peers: Mapping[type[Shop], Any] = PEERS) -> dict[str, Any]:
    """Clicks and keys by job and shop, None where a shop cannot do the job."""
    with tempfile.TemporaryDirectory() as folder:
        shops, barcode = _made(Path(folder), peers)
        with started_browser() as browser:
            found = {kind.name: _counted(kind, browser, app, barcode) for kind, app in shops.items()}
    return {"jobs": {job: {name: counts[job] for name, counts in found.items()} for job in JOBS}}


def table(report: dict[str, Any]) -> str:
    """As the README shows it."""
    names = list(next(iter(report["jobs"].values())))
    lines = [f"| Clicks + keys | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for job, counts in report["jobs"].items():
        told = (f"{count[0]} + {count[1]}" if count else "not possible" for count in counts.values())
        lines.append(f"| {job} | {' | '.join(told)} |")
    return "\n".join(lines)


def _made(folder: Path, peers: Mapping[type[Shop], Any]) -> tuple[dict[type[Shop], Any], str]:
    """The applications with the same products, and the barcode that is looked for."""
    (folder / "ours").mkdir()
    app = make_demo_shop(folder / "ours")
    products = _products_of(app)
    [barcode] = [one["barcode"] for one in products if one["name"] == SINGLE]
    return {Ours: app} | {kind: peer.make_shop(folder, products) for kind, peer in peers.items()}, barcode


def _counted(kind: type[Shop], browser: Browser, app: Any, barcode: str) -> dict[str, tuple[int, int] | None]:
    with served(app) as address:
        page = _signed_in(kind, browser, address)
        shop = kind(page, address, barcode)
        counts = {job: shop.count(do) for job, do in JOBS.items()}
        page.context.close()
    return counts


def _signed_in(kind: type[Shop], browser: Browser, address: str) -> Page:
    if kind is Ours:
        return window_for(browser, address, OWNER, 1440, "light")
    page = window_for(browser, address, None, 1440, "light")
    if kind is DjangoAdmin:
        page.goto(f"{address}/admin/")
        page.fill("#id_username", django_shop.NAME)
        page.fill("#id_password", django_shop.WORD)
        page.click("input[type='submit']")
        page.wait_for_url("**/admin/")
    return page


def _products_of(app: Flask) -> list[dict[str, Any]]:
    """What of our demo catalog the peers get: of several variants the first."""
    with app.app_context():
        pictured = set(db.session.scalars(db.select(Picture.product_id)))
        products = [
            {
                "name": product.name,
                "sku": product.variants[0].sku,
                "barcode": product.variants[0].barcode,
                "price": _in_euros(product.variants[0].price_minor),
                "status": product.status,
                "category": product.category.name if product.category else None,
                "brand": product.brand.name if product.brand else None,
                "picture": product.slug if product.id in pictured else None,
            }
            for product in db.session.scalars(db.select(Product).order_by(Product.id))
        ]
        db.session.remove()
    return products


def _in_euros(minor: int | None) -> float | None:
    return minor / 100 if minor is not None else None
