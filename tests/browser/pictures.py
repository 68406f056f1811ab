"""`manage.py screenshots`: a picture of every page of a demo shop of its own, light, dark and as on a phone."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from playwright.sync_api import Browser, Page

from tests.browser.places import GROUPS, Place, Places, furnish
from tests.browser.shop import CHROMIUM, make_demo_shop, served, started_browser, window_for

# How wide and in which theme each page is shown.
SIGHTS = ((1440, "light"), (1440, "dark"), (390, "light"))
HEIGHT = 900
HAS_DIALOG = "document.querySelector('dialog[open]') !== null"
EVERYTHING_IS_THERE = """() => Promise.all([
    document.fonts.ready,
    ...Array.from(document.images, one => one.getClientRects().length ? one.decode().catch(() => {}) : null),
]).then(() => true)"""
NAMES = {name.removesuffix("Screen").removesuffix("Page").lower(): name for name in GROUPS}


@click.command("screenshots", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--screen", "names", type=click.Choice(sorted(NAMES)), multiple=True, help="Only this one; may be given again."
)
def screenshots(folder: Path, names: tuple[str, ...]) -> None:
    """Write a picture of every page into FOLDER: its name says the page, the width and the theme."""
    if not shutil.which(CHROMIUM):
        raise click.ClickException(
            f"There is no Chromium at {CHROMIUM}: install it (on Debian: `apt install chromium`)."
        )
    folder.mkdir(parents=True, exist_ok=True)
    groups = [NAMES[name] for name in names] or GROUPS
    with tempfile.TemporaryDirectory() as shop, started_browser() as browser:
        count = sum(1 for _ in _pictures(Path(shop), browser, groups, folder))
    click.echo(f"{count} pictures are in {folder}.")


def _pictures(shop: Path, browser: Browser, groups: tuple[str, ...] | list[str], folder: Path) -> Iterator[Path]:
    app = make_demo_shop(shop)
    with app.app_context():
        furnish(app)
    places = [place for group in groups for place in Places(app).of(group)]
    with served(app) as address:
        for width, theme in SIGHTS:
            yield from _pictures_of_one_sight(browser, address, places, (width, theme), folder)


def _pictures_of_one_sight(
    browser: Browser, address: str, places: list[Place], sight: tuple[int, str], folder: Path
) -> Iterator[Path]:
    windows: dict[str | None, Page] = {}
    for place in places:
        if place.person not in windows:
            windows[place.person] = window_for(browser, address, place.person, *sight)
        page = windows[place.person]
        page.set_viewport_size({"width": sight[0], "height": HEIGHT})
        page.goto(f"{address}{place.path}")
        place.opens(page)
        _make_room(page, sight[0])
        yield _take(page, folder / f"{place.name}-{sight[0]}-{sight[1]}.png")
    for page in windows.values():
        page.context.close()


def _make_room(page: Page, width: int) -> None:
    """Let the window be as high as its page, unless a dialog lies upon it; then wait for all that is still to come.

    A picture higher than its window would show bars that stick to the window's end in the page's middle, and no
    picture that a browser loads only once one scrolls to it.
    """
    if not page.evaluate(HAS_DIALOG):
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(HEIGHT, height)})
    page.wait_for_load_state("networkidle")
    page.evaluate(EVERYTHING_IS_THERE)


def _take(page: Page, path: Path) -> Path:
    page.screenshot(path=path)
    click.echo(path.name, err=True)
    return path


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit status."""
    try:
        screenshots.main(args=arguments, prog_name="manage.py screenshots", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 1
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return 1
    return 0
