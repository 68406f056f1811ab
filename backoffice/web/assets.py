"""Files of the pages themselves: joined, named by their content, compressed once, and cached by browsers for a year."""

import gzip
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import brotli
import flask_bootstrap
from flask import Blueprint, Response, abort, current_app, request

from backoffice.extensions import files_may_change
from backoffice.languages import SOURCE, catalog_path, force_locale, gettext, languages
from backoffice.web.access import PUBLIC, allows
from backoffice.web.addresses import address_parts
from backoffice.web.reading import page_language

blueprint = Blueprint("assets", __name__)

OURS = Path(__file__).resolve().parent.parent / "static"
BOOTSTRAP = Path(flask_bootstrap.__file__).resolve().parent / "static" / "bootstrap5" / "css"
FONT = BOOTSTRAP / "font" / "fonts" / "bootstrap-icons.woff2"

STYLES = ("tokens", "app", "parts", "lists", "frame", "today")
# A page loads the frame's file and one for what it does itself.
SCRIPTS = {
    "theme.js": ("theme",),
    "frame.js": ("frame", "palette", "keys"),
    "list.js": ("list", "cells", "lookup", "rowmenu"),
    "form.js": ("lookup", "form", "presence"),
    "product.js": ("lookup", "form", "presence", "variants"),
    "stock.js": ("stock", "lookup", "presence"),
    "conflict.js": ("conflict",),
}
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
YEAR = "public, max-age=31536000, immutable"
SAID_BY_SCRIPTS = re.compile(r"\btext\(\s*\"((?:[^\"\\]|\\.)*)\"")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DARK = re.compile(r"\[data-bs-theme=\"?dark\"?\]")
DARK_RULE = re.compile(rf"([^{{}}]*{DARK.pattern}[^{{}}]*)\{{([^{{}}]*)\}}")
FONT_ADDRESS = re.compile(r"url\(\"fonts/bootstrap-icons\.woff2[^;}]*")


@dataclass(frozen=True)
class Asset:
    """One file as it is sent. name: as the templates call it."""

    name: str
    content: bytes

    @cached_property
    def address(self) -> str:
        stem, _dot, ending = self.name.rpartition(".")
        return f"{stem}-{hashlib.sha256(self.content).hexdigest()[:12]}.{ending}"

    @cached_property
    def encoded(self) -> dict[str, bytes]:
        """The content by the encoding that a browser takes; what is compressed already stays as it is."""
        if self.name.endswith(".woff2"):
            return {}
        return {"br": brotli.compress(self.content, quality=10), "gzip": gzip.compress(self.content, 9, mtime=0)}


# By name: the state of the files that it was made of, and what it came to; one for all applications of a process.
_made: dict[str, tuple[tuple[int, ...], Asset]] = {}


def asset(name: str) -> str:
    """The address of a file of the pages."""
    return made(name).address.join(address_parts("assets.file", "name"))


def words() -> str | None:
    """The address of what scripts say in the reader's language; none where that is the language of the source."""
    language = page_language().replace("-", "_")
    return asset(f"words-{language}.js") if language != SOURCE else None


def made(name: str) -> Asset:
    """A file of the pages, made anew where one of its sources changed. Raises KeyError where there is none."""
    if name in _made and not files_may_change():
        return _made[name][1]
    sources, make = _recipe(name)
    state = tuple(path.stat().st_mtime_ns for path in sources)
    if name not in _made or _made[name][0] != state:
        _made[name] = (state, Asset(name, make()))
    return _made[name][1]


def names() -> list[str]:
    """All files of the pages."""
    told = [f"words-{code}.js" for code in languages() if code != SOURCE]
    return ["style.css", "dark.css", *SCRIPTS, *told, "mark.svg", "icons.woff2"]


def _recipe(name: str) -> tuple[list[Path], Callable[[], bytes]]:
    if name in ("style.css", "dark.css"):
        own = [OURS / "css" / f"{one}.css" for one in STYLES]
        sources = [BOOTSTRAP / "bootstrap.min.css", BOOTSTRAP / "font" / "bootstrap-icons.min.css", *own]
        return sources, lambda: _joined(sources, _with_font if name == "style.css" else _dark_rules)
    if name in SCRIPTS:
        scripts = [OURS / "js" / f"{one}.js" for one in SCRIPTS[name]]
        return scripts, lambda: _joined(scripts)
    if name == "mark.svg":
        return [OURS / "img" / "mark.svg"], (OURS / "img" / "mark.svg").read_bytes
    if name == "icons.woff2":
        return [FONT], FONT.read_bytes
    language = name.removeprefix("words-").removesuffix(".js")
    if name == f"words-{language}.js" and catalog_path(language).is_file():
        all_scripts = [
            OURS / "js" / f"{one}.js" for one in sorted({one for parts in SCRIPTS.values() for one in parts})
        ]
        return [*all_scripts, catalog_path(language)], lambda: _words_of(language, all_scripts)
    raise KeyError(name)


def _joined(sources: list[Path], change: Callable[[str], str] = lambda text: text) -> bytes:
    texts = (re.sub(r"\n?/[*/]# sourceMappingURL=.*", "", path.read_text(encoding="utf-8")) for path in sources)
    return change("\n".join(texts)).encode()


def _with_font(style: str) -> str:
    """Let the icons' style name the font by our own address, next to the style's own."""
    return FONT_ADDRESS.sub(f'url("{made("icons.woff2").address}") format("woff2")', style)


def _dark_rules(style: str) -> str:
    """What the style says of the dark, for every page that it is laid over: without a script nothing tells it which."""
    rules = DARK_RULE.findall(COMMENT.sub("", style))
    return "\n".join(f"{DARK.sub(':root', selector).strip()} {{{told}}}" for selector, told in rules)


def _words_of(language: str, scripts: list[Path]) -> bytes:
    said = sorted({text for path in scripts for text in SAID_BY_SCRIPTS.findall(path.read_text(encoding="utf-8"))})
    with force_locale(language):
        told = {text: gettext(text) for text in said}
    return f"window.backofficeWords = {json.dumps(told, ensure_ascii=False)};\n".encode()


@blueprint.get("/assets/<name>")
@allows(PUBLIC)
def file(name: str) -> Response:
    """One file; an address of yesterday's content is not found, so that no cache keeps today's under its name."""
    found = re.fullmatch(r"([\w-]+)-[0-9a-f]{12}\.(\w+)", name)
    try:
        wanted = made(f"{found[1]}.{found[2]}") if found else abort(404)
    except KeyError:
        abort(404)
    if wanted.address != name:
        abort(404)
    encoding = request.accept_encodings.best_match(["br", "gzip"]) if wanted.encoded else None
    response = current_app.response_class(wanted.encoded[encoding] if encoding else wanted.content)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.content_type = f"{TYPES[Path(wanted.name).suffix]}; charset=utf-8" if wanted.encoded else "font/woff2"
    response.headers["Cache-Control"] = YEAR
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(wanted.address)
    return response.make_conditional(request)
