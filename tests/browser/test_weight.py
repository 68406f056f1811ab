"""What a page weighs: few files, few bytes, nothing from elsewhere, and nothing that moves while it comes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Response

from tests.browser.conftest import MOST_SHIFTED, OWNER, WATCH_SHIFTS, Screen
from tests.making import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


class Scale:
    """Counts what one window is sent over the wire, by the protocol that its own developer tools use."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.kept: dict[str, tuple[str, float]] = {}
        wire = screen.context.new_cdp_session(screen.page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", lambda sent: self._note(sent["requestId"], sent["request"]["url"]))
        wire.on("Network.loadingFinished", lambda done: self._weigh(done["requestId"], done["encodedDataLength"]))

    def _note(self, key: str, url: str) -> None:
        self.kept[key] = (url, 0)

    def _weigh(self, key: str, size: float) -> None:
        if key in self.kept:
            self.kept[key] = (self.kept[key][0], size)

    def go(self, path: str) -> None:
        self.kept.clear()
        self.screen.go(path)
        self.screen.page.wait_for_load_state("networkidle")

    @property
    def files(self) -> list[tuple[str, float]]:
        """What came besides the catalog's pictures, and not from the browser's own store."""
        return [(url, size) for url, size in self.kept.values() if "/media/" not in url and size > 0]

    @property
    def bytes(self) -> float:
        return sum(size for _url, size in self.files)


@pytest.fixture(params=[1440, 390])
def fresh(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Screen]:
    """A window that has never been here; it is signed in without loading a page."""
    screen = Screen(browser, address, request.param, "light")
    screen.page.add_init_script(WATCH_SHIFTS)
    login = screen.context.request.get(f"{address}/login").text()
    token = login.split('name="csrf_token" value="')[1].split('"')[0]
    screen.context.request.post(f"{address}/login", form={"csrf_token": token, "email": OWNER, "password": PASSWORD})
    yield screen
    screen.context.close()


@pytest.mark.parametrize("path", ["/admin/product/?page_size=50", "/admin/", "/admin/product/edit/?id=1"])
def test_a_first_page_is_light_and_still(fresh: Screen, path: str) -> None:
    scale = Scale(fresh)

    scale.go(path)

    assert len(scale.files) <= 12, scale.files
    assert scale.bytes <= 250_000, scale.files
    assert all(url.startswith((fresh.address, "data:")) for url, _size in scale.kept.values())
    assert fresh.page.evaluate("window.shifts") <= MOST_SHIFTED
    assert fresh.complaints == []

    scale.go("/admin/variant/")

    assert scale.bytes <= 60_000, scale.files


def test_thumbnails_are_small_late_and_have_their_place(screen: Screen) -> None:
    heavy: list[str] = []

    def weigh(response: Response) -> None:
        if "/media/thumb" in response.url and len(response.body()) >= 4096:
            heavy.append(response.url)

    screen.page.on("response", weigh)
    screen.go("/admin/product/?page_size=50")
    screen.page.wait_for_load_state("networkidle")

    pictures = screen.page.locator(".product-thumb[src]")
    assert pictures.count() > 20
    for picture in pictures.all()[:5]:
        assert picture.get_attribute("loading") == "lazy"
        assert picture.get_attribute("width") and picture.get_attribute("height")
    assert heavy == []
