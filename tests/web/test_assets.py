"""Files of the pages: named by their content, compressed, kept for a year, and never another's under an old name."""

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask

from backoffice.web import assets
from tests.making import Person, make_product

pytestmark = pytest.mark.any_engine

TEMPLATES = Path(assets.__file__).parent.parent / "templates"


def address(name: str) -> str:
    return f"/assets/{assets.made(name).address}"


@pytest.mark.parametrize("name", assets.names())
def test_a_file_is_named_by_its_content_and_kept_for_a_year(app: Flask, name: str) -> None:
    answer = app.test_client().get(address(name))

    assert answer.status_code == 200
    assert answer.data == assets.made(name).content
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == assets.TYPES[Path(name).suffix]


@pytest.mark.parametrize(
    "accepts, encoding, unpack",
    [
        ("br, gzip", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_a_file_is_compressed_as_the_browser_takes_it(app: Flask, accepts: str, encoding: str, unpack: object) -> None:
    answer = app.test_client().get(address("style.css"), headers={"Accept-Encoding": accepts})

    assert answer.headers.get("Content-Encoding") == encoding
    assert unpack(answer.data) == assets.made("style.css").content  # type: ignore[operator]


@pytest.mark.parametrize(
    "name",
    [
        "style.css",
        "style-000000000000.css",
        "nothing-000000000000.js",
        "words-xx-000000000000.js",
        "..%2Fstatic%2Fcss%2Fapp.css",
        "../static/css/app.css",
        "%2e%2e/config.py",
        "style-0000.css",
    ],
)
def test_an_address_of_no_file_is_not_found(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/assets/{name}").status_code in (302, 404)


def test_what_changed_has_another_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "theme.js").write_text("one();")
    monkeypatch.setattr(assets, "OURS", tmp_path)
    monkeypatch.setattr(assets, "_made", {})
    before = assets.made("theme.js").address

    (tmp_path / "js" / "theme.js").write_text("another();")
    (tmp_path / "js" / "theme.js").touch()

    assert assets.made("theme.js").content == b"another();"
    assert assets.made("theme.js").address != before


def test_the_style_names_its_font_and_nothing_that_is_not_there(app: Flask) -> None:
    style = assets.made("style.css").content.decode()

    named = [url for url in re.findall(r"url\(\"?([^)\"]+)", style) if not url.startswith("data:")]
    assert named == [assets.made("icons.woff2").address]
    assert app.test_client().get(f"/assets/{named[0]}").mimetype == "font/woff2"


def test_the_dark_style_says_all_that_the_style_says_of_the_dark_and_nothing_else() -> None:
    style, dark = (assets.made(name).content.decode() for name in ("style.css", "dark.css"))

    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", dark)
    assert style.count("[data-bs-theme=dark]") + style.count('[data-bs-theme="dark"]') == len(rules)
    assert all(":root" in selector and "data-bs-theme=dark" not in selector for selector, _told in rules)
    assert "--canvas: #151513" in dark and "--canvas: #f7f6f3" not in dark
    assert all(told in style for _selector, told in rules)


def test_every_file_that_a_template_names_is_there_and_every_file_is_named() -> None:
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"asset\('([^']+)'\)|block script %\}([\w.]+)", path.read_text())
        for name in name
        if name
    }
    assert named == set(assets.names()) - {one for one in assets.names() if one.startswith("words-")}
    ours = {path.stem for path in (assets.OURS / "js").glob("*.js")}
    assert ours == {part for parts in assets.SCRIPTS.values() for part in parts}
    assert {path.stem for path in (assets.OURS / "css").glob("*.css")} == set(assets.STYLES)


def test_scripts_say_what_they_say_in_the_reader_s_language(app: Flask) -> None:
    said = json.loads(
        assets.made("words-de.js").content.decode().removeprefix("window.backofficeWords = ").strip("; \n")
    )

    assert "Undo" in said and "%(count)s selected" in said
    editor = Person(app, "editor")
    assert "words-de" not in editor.get("/admin/brand/").text
    editor.post("/account/preferences", {"language": "de"})
    assert assets.made("words-de.js").address in editor.get("/admin/brand/").text


def test_pages_are_compressed_and_streamed_files_are_not(app: Flask) -> None:
    editor = Person(app, "editor")
    for number in range(30):
        make_product(f"Mug {number}")

    page = editor.get("/admin/product/", headers={"Accept-Encoding": "br"})
    export = editor.get("/admin/product/export/csv/", headers={"Accept-Encoding": "br"})

    assert page.headers["Content-Encoding"] == "br"
    assert "Mug 29" in brotli.decompress(page.data).decode()
    assert len(page.data) < 12_000
    assert "Content-Encoding" not in export.headers


@pytest.mark.parametrize("path", ["/assets/words-en-000000000000.js", "/assets/words-xx-000000000000.js", "/assets/a"])
def test_what_is_no_file_is_not_found_and_kept_by_nobody(app: Flask, path: str) -> None:
    for asking in (app.test_client(), Person(app, "viewer").client):
        answer = asking.get(path)

        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"
