"""The job from signing in to bringing back, clicked through in a browser."""

import os
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser

from tests.browser.conftest import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROOT = Path(__file__).resolve().parents[2]
# By name: the address, the width and the theme of the pictures that the README shows.
README_PICTURES = {
    "products": ("/admin/product/?sort=name&status=published", 1440, "light"),
    "today-dark": ("/admin/", 1440, "dark"),
    "product": ("/admin/product/edit/?id=7", 1440, "light"),
    "products-phone": ("/admin/product/?sort=name&status=published", 390, "light"),
}
# What is shown differs a little with what other tests did before; elsewhere the fonts differ too.
MOST_DIFFERENT = 0.01 if os.environ.get("CI") == "true" else 0.03


def test_a_product_goes_from_new_to_deleted_and_back(screen: Screen) -> None:
    page = screen.page

    screen.go("/admin/product/new/")
    page.fill("#name", "Beach Towel")
    page.fill("#option-1", "Colour")
    page.fill("input[name='variants-new0-value-1']", "Sand")
    page.fill("input[name='variants-new0-sku']", "TOW-SAND")
    page.fill("input[name='variants-new0-price']", "12.50")
    page.click("[data-action='add-variant']")
    page.fill("input[name='variants-added1-value-1']", "Sea")
    page.fill("input[name='variants-added1-sku']", "TOW-SEA")
    page.fill("input[name='variants-added1-price']", "13.50")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/edit/**")
    assert screen.note() == "Beach Towel is made."

    screen.go("/admin/product/")
    page.fill("#filter-text", "tow-sea")
    page.keyboard.press("Enter")
    page.wait_for_url("**search=tow-sea")
    assert page.locator("tbody tr").count() == 1
    page.click("details.filter-chip:has-text('Status') summary")
    page.check("input[name='status'][value='draft']")
    page.click("details[open] button:has-text('Show')")
    page.wait_for_url("**status=draft**")
    assert page.locator("tbody tr").count() == 1

    screen.go("/admin/variant/?search=TOW-SAND")
    page.hover("tbody tr")
    page.click("td[data-cell='price'] [data-action='cell']")
    page.keyboard.type("14.75")
    page.keyboard.press("Enter")
    assert screen.note() == "Price of Beach Towel, Sand is now €14.75."
    assert "€14.75" in page.inner_text("td[data-cell='price']")

    screen.go("/admin/product/?search=tow-sea")
    page.click("tbody tr a.product-name")
    page.click("a:has-text('Delete…')")
    page.click("button:has-text('Delete this product')")
    page.wait_for_url("**/admin/product/?search=tow-sea")
    assert screen.note() == "Beach Towel is in the trash."
    screen.go("/admin/product/?search=tow-sea")
    assert page.locator("text=Nothing has all of “tow-sea”").count() == 1

    screen.go("/admin/trash/")
    page.click("button:has-text('Restore')")
    assert screen.note() == "Beach Towel is back."
    screen.go("/admin/product/?search=tow-sea")
    assert page.locator("tbody tr").count() == 1
    assert screen.complaints == []


def test_a_changed_price_is_taken_back_by_the_note_s_button(screen: Screen) -> None:
    page = screen.page
    screen.go("/admin/variant/?search=TW-ENM")
    row = page.locator("tbody tr").first
    before = row.locator("td[data-cell='price']").inner_text()
    row.hover()
    row.locator("td[data-cell='price'] [data-action='cell']").click()
    page.keyboard.type("99.00")
    page.keyboard.press("Enter")
    assert "€99.00" in screen.note()

    page.click(".toast-note button:has-text('Undo')")
    page.wait_for_load_state()

    assert page.locator("tbody tr td[data-cell='price']").first.inner_text() == before


def test_leaving_a_changed_form_asks_first(screen: Screen) -> None:
    asked: list[str] = []
    screen.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    screen.go("/admin/brand/edit/?id=1")
    screen.page.fill("#name", "Another name")
    assert screen.page.inner_text("[data-unsaved]") == "1 unsaved change"

    screen.go("/admin/brand/")

    assert asked == ["beforeunload"]


def test_a_form_works_without_any_script(browser: Browser, address: str) -> None:
    screen = Screen(browser, address, 1440, "light")
    screen.context.close()
    screen.context = browser.new_context(java_script_enabled=False)
    page = screen.page = screen.context.new_page()
    screen.sign_in()

    screen.go("/admin/product/new/")
    page.fill("#name", "Plain Towel")
    page.fill("#option-1", "Colour")
    page.fill("input[name='variants-new0-value-1']", "Sand")
    page.fill("input[name='variants-new0-price']", "5.00")
    page.fill("input[name='variants-new2-value-1']", "Sea")
    page.fill("input[name='variants-new2-price']", "6.00")
    page.click("button:has-text('Make product')")

    assert "Plain Towel is made." in page.inner_text(".toast-note")
    screen.go("/admin/product/?search=plain+towel")
    assert "2 variants" in page.inner_text("tbody tr")
    screen.context.close()


def difference(one: Path, other: Path) -> float:
    """How far two pictures lie apart, in parts of the way from black to white; of words only their place counts."""
    small = [Image.open(path).convert("L").resize((72, 45)) for path in (one, other)]
    return ImageStat.Stat(ImageChops.difference(*small)).mean[0] / 255


@pytest.mark.parametrize("name", README_PICTURES)
def test_a_picture_of_the_readme_is_this_page(
    browser: Browser, address: str, tmp_path: Path, request: pytest.FixtureRequest, name: str
) -> None:
    path, width, theme = README_PICTURES[name]
    screen = Screen(browser, address, width, theme)
    screen.sign_in()
    screen.go(path)
    screen.page.wait_for_load_state("networkidle")

    picture = tmp_path / f"{name}.png"
    screen.page.screenshot(path=picture)

    screen.context.close()
    kept = ROOT / "tests" / "pictures" / picture.name
    if request.config.getoption("--update-pictures"):
        kept.parent.mkdir(exist_ok=True)
        shutil.copy(picture, kept)
    assert difference(picture, kept) < MOST_DIFFERENT
    assert f"(tests/pictures/{picture.name})" in (ROOT / "README.md").read_text(encoding="utf-8")
