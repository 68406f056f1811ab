"""Everyday jobs, by mouse and again by keyboard alone."""

from abc import ABC, abstractmethod

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from backoffice.catalog.models import Product, Variant
from backoffice.extensions import db
from tests.browser.conftest import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# More stops than any page has between two things one wants.
MOST_TABS = 250
IS_HERE = "one => one === document.activeElement"


class Way(ABC):
    """How a person does what every job is made of."""

    name: str

    def __init__(self, page: Page) -> None:
        self.page = page

    @abstractmethod
    def use(self, target: Locator) -> None:
        """Follow a link, press a button, open a menu."""

    @abstractmethod
    def tick(self, box: Locator) -> None: ...

    @abstractmethod
    def go_to(self, field: Locator) -> None: ...

    @abstractmethod
    def choose(self, choice: Locator, label: str) -> None: ...

    @abstractmethod
    def open_palette(self) -> None: ...

    @abstractmethod
    def save(self) -> None: ...

    def write(self, field: Locator, text: str) -> None:
        self.go_to(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)


class Mouse(Way):
    name = "mouse"

    def use(self, target: Locator) -> None:
        target.click()

    def tick(self, box: Locator) -> None:
        box.click()

    def go_to(self, field: Locator) -> None:
        field.click()

    def choose(self, choice: Locator, label: str) -> None:
        choice.select_option(label=label)

    def open_palette(self) -> None:
        self.page.locator(".search-palette").click()

    def save(self) -> None:
        self.page.locator("[data-saves]").click()


class Keys(Way):
    name = "keys"

    def use(self, target: Locator) -> None:
        self.go_to(target)
        self.page.keyboard.press("Enter")

    def tick(self, box: Locator) -> None:
        self.go_to(box)
        self.page.keyboard.press("Space")

    def go_to(self, field: Locator) -> None:
        expect(field).to_be_visible()
        wanted = field.element_handle()
        for _ in range(MOST_TABS):
            if wanted.evaluate(IS_HERE):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {field}")

    def choose(self, choice: Locator, label: str) -> None:
        self.go_to(choice)
        self.page.keyboard.type(label)

    def open_palette(self) -> None:
        self.page.keyboard.press("Control+k")

    def save(self) -> None:
        self.page.keyboard.press("Control+s")


@pytest.fixture(params=[Mouse, Keys], ids=lambda kind: kind.name)
def way(request: pytest.FixtureRequest, screen: Screen) -> Way:
    return request.param(screen.page)


def chip(page: Page, name: str) -> Locator:
    return page.locator(f".filter-menu[data-filter='{name}']").locator("xpath=..").locator("summary").first


def head(page: Page) -> Locator:
    return page.locator("thead th[scope='col']:not(.col-check, .col-more)")


def test_a_product_is_found_by_part_of_its_barcode_and_its_price_is_fixed(
    screen: Screen, way: Way, demo_shop: Flask
) -> None:
    with demo_shop.app_context():
        product = db.session.scalars(
            db.select(Product).where(Product.variants.any(Variant.barcode.is_not(None))).order_by(Product.id)
        ).first()
        name, barcode = product.name, next(one.barcode for one in product.variants if one.barcode)
        db.session.remove()
    price = {"mouse": "21.40", "keys": "22.40"}[way.name]
    page = screen.page
    screen.go("/admin/")

    way.open_palette()
    expect(page.locator("#command-palette input")).to_be_focused()
    page.keyboard.type(barcode[-6:])
    expect(page.locator(".palette-option").first).to_contain_text(name)
    if way.name == "mouse":
        page.locator(".palette-option").first.click()
    else:
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)
    field = page.locator("input[name='variants-0-price']")
    way.write(field, price)
    way.save()

    expect(page.locator(".toast-note")).to_contain_text(f"{name} is saved.")
    expect(field).to_have_value(price)
    assert screen.complaints == []


def test_a_filtered_list_is_kept_and_shared(screen: Screen, mira: Screen, way: Way) -> None:
    page, name = screen.page, f"Drafts by {way.name}"
    screen.go("/admin/product/")

    way.use(chip(page, "status"))
    menu = page.locator(".filter-menu[data-filter='status']")
    way.tick(menu.locator("input[value='draft']"))
    way.use(menu.locator("[data-show-count]"))
    page.wait_for_url("**status=draft**")
    way.use(page.locator(".view-menu > summary").first)
    way.write(page.locator("#view-name"), name)
    way.tick(page.locator("input[name='is_shared']"))
    way.use(page.get_by_role("button", name="Save view"))

    expect(page.locator(".toast-note")).to_contain_text(f"The view “{name}” is saved.")
    mira.go("/admin/product/")
    mira.page.locator(".view-tab", has_text=name).click()
    expect(mira.page.locator(".status-badge").first).to_have_text("Draft")
    way.use(page.locator(".view-menu > summary").nth(1))
    way.use(page.get_by_role("button", name="Delete the view"))
    expect(page.locator(".toast-note")).to_contain_text("is deleted")


def test_columns_are_chosen(screen: Screen, way: Way) -> None:
    page = screen.page
    screen.go("/admin/tag/")
    before = head(page).all_inner_texts()

    way.use(page.locator(".column-menu > summary"))
    box = page.locator(".column-list input[name='columns']:checked:not([disabled])").last
    way.tick(box)
    way.use(page.locator(".column-menu .filter-menu-foot button:not([value])"))

    expect(head(page)).to_have_count(len(before) - 1)
    page.reload()
    expect(head(page)).to_have_count(len(before) - 1)
    way.use(page.locator(".column-menu > summary"))
    way.use(page.locator("button[value='usual']"))
    expect(head(page)).to_have_text(before)


def test_what_has_no_picture_is_worked_through(screen: Screen, way: Way) -> None:
    page = screen.page
    screen.go("/admin/")

    way.use(page.locator(".worklist", has_text="Without picture").locator(".worklist-open"))
    page.wait_for_url("**picture__empty=1**")
    names = page.locator("tbody .product-name").all_inner_texts()

    assert len(names) > 1
    for name in names:
        way.use(page.locator("tbody a.product-name", has_text=name))
        expect(page.locator("h1")).to_contain_text(name)
        expect(page.locator("main")).to_contain_text("No picture yet.")
        way.write(page.locator("#seo_title"), f"{name}, seen by {way.name}")
        way.save()
        expect(page.locator(".toast-note")).to_contain_text("is saved.")
        # The browser's own way back to the list, past the page that was saved.
        screen.go("/admin/product/?picture__empty=1")
    assert sorted(page.locator("tbody .product-name").all_inner_texts()) == sorted(names)


def test_language_and_theme_are_changed(screen: Screen, way: Way) -> None:
    page = screen.page
    screen.go("/admin/")

    way.use(page.locator(".person-details summary"))
    way.use(page.locator(".person-details a[href='/account']"))
    way.choose(page.locator("#language"), "Deutsch")
    way.choose(page.locator("#theme"), "Dark")
    way.use(page.get_by_role("button", name="Save the choices"))

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    screen.go("/admin/product/")
    expect(page.locator("h1")).to_have_text("Produkte")
    screen.go("/account")
    way.choose(page.locator("#language"), "Wie der Shop")
    way.choose(page.locator("#theme"), "Wie das System")
    way.use(page.get_by_role("button", name="Auswahl speichern"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
