"""How long each query of each page takes in a large shop: every list, sorted, filtered and searched by all it offers."""

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup
from flask import Flask, url_for
from sqlalchemy import event, func

from backoffice.extensions import db
from backoffice.web.filters import SPANS, Filter
from tests.benchmarks.databases import OWNER
from tests.making import PASSWORD, form_values, make_app
from tests.walking import screens_of

MOST_MS = 50
# Each page is asked for so often, and its quickest time counts: what is read from the disk tells of the disk.
TIMES = 2
SHOWN = 15
# A page may take one more where something new is to be looked up, but none for each row.
FEW, MANY = 25, 200


@dataclass(frozen=True)
class Visit:
    """A page that was asked for. slowest_ms: of its queries; statement: that query as it was sent."""

    page: str
    status: int
    statements: int
    slowest_ms: float
    statement: str


def measure(
    uri: str, tell: Callable[[str], None] = lambda words: None, times: int = TIMES, every: int = 1
) -> dict[str, Any]:
    """Visit every page of the shop on a database, as somebody who may see all; or each of `every` pages."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(uri, Path(folder))
        visitor = Visitor(app)
        visits: list[Visit] = []
        # What is there from the start stays, and is not looked through between the pages.
        gc.collect()
        gc.freeze()
        gc.disable()
        # Some choices are told only to somebody who may look at them.
        with app.test_request_context("/admin/", headers={"Cookie": visitor.cookies}):
            pages = list(pages_of(app))[::every]
        for number, page in enumerate(pages):
            if number % 25 == 0:
                tell(f"page {number:,} of {len(pages):,}")
                # What pages left behind is cleared away between some, and not while a query is timed.
                gc.collect()
            visits.append(min((visitor.visit(page) for _time in range(times)), key=lambda one: one.slowest_ms))
        growing = _growing(app, visitor)
        gc.enable()
        gc.unfreeze()
    slow = sorted((one for one in visits if one.slowest_ms > MOST_MS), key=lambda one: -one.slowest_ms)
    return {
        "pages": len(visits),
        "statements": sum(one.statements for one in visits),
        "refused": [one.page for one in visits if one.status != 200],
        "slow": [asdict(one) for one in slow],
        "slowest": [asdict(one) for one in sorted(visits, key=lambda one: -one.slowest_ms)[:SHOWN]],
        "growing": growing,
    }


class Visitor:
    """Somebody who is signed in and may do all, and who times each query that a page makes."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        with app.app_context():
            self.engine = db.engine
        form = form_values(BeautifulSoup(self.client.get("/login").data, "html.parser").form)
        form["email"], form["password"] = OWNER, PASSWORD
        if self.client.post("/login", data=form).status_code != 302:
            raise RuntimeError("Nobody could sign in to the shop that is measured.")

    @property
    def cookies(self) -> str:
        return "; ".join(f"{one.key}={one.value}" for one in self.client._cookies.values())

    def visit(self, page: str) -> Visit:
        took: list[tuple[float, str]] = []
        began = 0.0

        def before(*_about: Any) -> None:
            nonlocal began
            began = time.perf_counter()

        def after(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            took.append(((time.perf_counter() - began) * 1000, statement))

        event.listen(self.engine, "before_cursor_execute", before)
        event.listen(self.engine, "after_cursor_execute", after)
        try:
            status = self.client.get(page).status_code
        finally:
            event.remove(self.engine, "before_cursor_execute", before)
            event.remove(self.engine, "after_cursor_execute", after)
        slowest, statement = max(took, default=(0.0, ""))
        return Visit(page, status, len(took), round(slowest, 1), " ".join(statement.split()))


def pages_of(app: Flask) -> Iterator[str]:
    """Every page that can be asked for: of each list its ends, sorts, filters and search, and a record's own pages."""
    yield from ("/admin/", url_for("frame.menu_counts"), url_for("frame.palette_lines", q="mug"))
    for screen in screens_of(app):
        at = f"/admin/{screen.endpoint}/"
        if not screen.offers("index_view") or screen.endpoint == "settings":
            continue
        yield from (at, f"{at}?before=end", f"{at}?page=20")
        for name in screen.column_sortable_list:
            yield from (f"{at}?sort={name}", f"{at}?sort=-{name}", f"{at}?sort={name}&before=end")
        for one in screen.filters.values():
            yield from (f"{at}?{key}={quote(value)}" for key, value in _asked_of(one))
        if screen.column_searchable_list:
            yield from (f"{at}?search={quote(word)}" for word in ("a", "kitchen", "zzyzx", "mug 300"))
        key = db.session.scalar(db.select(func.max(screen.model.id)))
        if key is not None:
            views = {"edit": screen.can_edit, "details": screen.can_view_details, "history": screen.can_view_details}
            yield from (
                f"{at}{view}/?id={key}"
                for view, is_there in views.items()
                if is_there and screen.offers(f"{view}_view")
            )


def _asked_of(one: Filter) -> Iterator[tuple[str, str]]:
    """What an address may ask of a filter: a value for each way of comparing that it has."""
    for operator in one.operators:
        key = f"{one.name}__{operator}" if operator else one.name
        for value in _values(one, operator):
            yield key, value


def _values(one: Filter, operator: str) -> list[str]:
    if operator == "empty":
        return ["1", "0"]
    if operator == "within":
        return [name for name, _words in SPANS[2:5]]
    if one.target is not None:
        key = db.session.scalar(db.select(func.min(one.target.id)))
        return [str(key)] if key is not None else []
    by_kind = {
        "boolean": ["1", "0"],
        "choice": [value for value, _words in one.choices][:6],
        "money": ["10"],
        "number": ["10"],
        "percent": ["10"],
        "moment": ["2026-06-01"],
    }
    return by_kind.get(one.kind, ["mug"])


def _growing(app: Flask, visitor: Visitor) -> list[dict[str, Any]]:
    """The lists that make more queries for many rows than for few."""
    growing = []
    for screen in screens_of(app):
        if screen.endpoint == "settings":
            continue
        columns = "&".join(f"columns={name}" for name in screen.column_list)
        few, many = (
            visitor.visit(f"/admin/{screen.endpoint}/?page_size={size}&{columns}").statements for size in (FEW, MANY)
        )
        if many > few:
            growing.append({"list": screen.endpoint, "few": few, "many": many})
    return growing


def table(report: dict[str, Any]) -> str:
    lines = [
        f"{report['products']:,} products on {report['engine']}",
        f"{report['pages']:,} pages of all screens, {report['statements']:,} queries; the slowest query of each page",
        "",
        f"{'milliseconds':>12} {'queries':>8}  page",
    ]
    lines += [f"{one['slowest_ms']:>12,.1f} {one['statements']:>8}  {one['page']}" for one in report["slowest"]]
    lines += ["", f"pages with a query above {MOST_MS} ms: {len(report['slow'])} (none may be)"]
    lines += [f"refused: {page}" for page in report["refused"]]
    growing = ", ".join(f"{one['list']} ({one['few']} → {one['many']})" for one in report["growing"]) or "none"
    lines += [f"lists with more queries for {MANY} rows than for {FEW}: {growing}"]
    return "\n".join(lines)
