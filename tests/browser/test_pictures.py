"""`manage.py screenshots` pictures what it says, and says what it lacks."""

from pathlib import Path

import pytest
from PIL import Image

from tests.browser import pictures

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_each_page_of_a_screen_is_pictured_in_every_sight(
    browser: object, furnished_shop: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A demo shop takes seconds to fill, and one that is filled already looks the same.
    monkeypatch.setattr(pictures, "make_demo_shop", lambda folder: furnished_shop)
    monkeypatch.setattr(pictures, "furnish", lambda app: None)
    monkeypatch.setattr(pictures, "started_browser", lambda: _lent(browser))

    status = pictures.main([str(tmp_path), "--screen", "today"])

    assert status == 0
    sizes = {path.name: Image.open(path).size for path in tmp_path.iterdir()}
    for sight in ("1440-light", "1440-dark", "390-light"):
        assert sizes[f"admin-list-{sight}.png"][0] == int(sight.split("-")[0])


def test_a_missing_browser_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pictures, "CHROMIUM", "/nowhere/chromium")

    status = pictures.main([str(tmp_path / "pictures")])

    assert status == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("There is no Chromium at /nowhere/chromium: install it")
    assert not (tmp_path / "pictures").exists()


class _lent:
    """The browser of all these tests, which nobody closes on leaving."""

    def __init__(self, browser: object) -> None:
        self.browser = browser

    def __enter__(self) -> object:
        return self.browser

    def __exit__(self, *_: object) -> None:
        pass
