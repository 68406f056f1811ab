"""Every page that a person can reach, found by asking each address of the house: a new screen is among them by itself.

A place is an address and what is done there before one looks: a menu opened, a form sent with faults.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from playwright.sync_api import Locator, Page
from werkzeug.routing import Rule

from backoffice import dialects
from backoffice.audit import trash
from backoffice.audit.history import changes_of
from backoffice.audit.recorder import Occasion, record_as
from backoffice.extensions import db
from backoffice.screens import SCREENS
from backoffice.staff.accounts import find_staff_member
from backoffice.web.attributes import attributes_of
from backoffice.web.base import Screen
from tests.browser.shop import OWNER, VIEWER
from tests.making import Person
from tests.walking import make_one, screens_of

ELSEWHERE = "elsewhere"
# What the places are grouped by: the screens by the names of their classes, and all that is no screen.
GROUPS = (*(path.rpartition(".")[2] for _, path in SCREENS), ELSEWHERE)
# Between them these have every part that a list or a form is made of.
SHOWN_IN_EVERY_STATE = {"TodayPage", "ProductScreen", "StockLevelScreen", "ChangeSetScreen", "TrashPage", ELSEWHERE}
EMPTY_FIELDS = """form => form.querySelectorAll("input.form-control, textarea.form-control").forEach(
    field => { field.value = ""; }
)"""
# The bar that rises lies upon the last row until one scrolls, which axe takes for a fault of the row.
CHOSEN = "[data-selection-bar], tr[data-selected]"
# What every screen has of its own; its other pages are made of the same parts on all.
OWN_PAGES = ("list", "create", "edit", "details")
MOST_RECORDS_TRIED = 3
SAMPLES = {"boolean": "1", "number": "1", "money": "1", "percent": "1", "moment": "2020-01-01", "text": "e"}


def stay(page: Page) -> None:
    """Look at the page as it comes."""


@dataclass(frozen=True)
class Place:
    """person: the address of who looks, None for somebody who is not signed in.

    part: what to look at, where it lies upon the rest; is_repeated: another screen shows the same parts.
    """

    name: str
    path: str
    opens: Callable[[Page], None] = stay
    person: str | None = OWNER
    part: str | None = None
    is_repeated: bool = False


# A shop in which every page has something to show
def furnish(app: Flask) -> None:
    """Give the demo shop what only time brings: records of every kind, changed ones, and some in the trash."""
    dialects.work_may_write()
    owner = find_staff_member(OWNER)
    for screen in screens_of(app):
        record_as(Occasion("form", "Checked by hand", actor_id=owner.id, actor_name=owner.name))
        if not _first_records(screen.model):
            make_one(screen.model)
        if screen.can_revert:
            _change(screen, _first_records(screen.model)[0])
    for model in trash.trashable_models():
        record = make_one(model)
        record_as(Occasion("delete", f"{record} deleted", actor_id=owner.id, actor_name=owner.name))
        trash.trash(record)
        db.session.commit()
    db.session.remove()


def _change(screen: Screen, record: Any) -> None:
    texts = [name for name in screen.form_columns if attributes_of(screen.model)[name].kind in ("text", "long_text")]
    if texts:
        setattr(record, texts[0], f"{getattr(record, texts[0]) or ''} & Co.".strip())
        db.session.commit()


def _first_records(model: Any) -> list[Any]:
    query = db.select(model).order_by(model.id).limit(MOST_RECORDS_TRIED)
    if hasattr(model, "deleted_token"):
        query = query.filter_by(deleted_token=0)
    return list(db.session.scalars(query))


# Finding the places
class Places:
    """The places of one served shop, by group."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.owner = Person(app, None)
        self.owner.email = OWNER
        with app.app_context():
            self.owner.sign_in()
        self.found: dict[str, list[Place]] = {}
        self.screens = {type(screen).__name__: screen for screen in app.extensions["screens"].values()}

    def of(self, group: str) -> list[Place]:
        if group not in self.found:
            with self.app.app_context():
                self.found[group] = list(self._find(group))
        return self.found[group]

    def _find(self, group: str) -> Iterator[Place]:
        if group == ELSEWHERE:
            yield from (*self._pages(None), *_pages_of_anybody())
            return
        screen = self.screens[group]
        pages = {place.name: place for place in self._pages(screen.endpoint)}
        start = screen.endpoint.replace("_", "-")
        for place in (*pages.values(), *_states(screen, pages)):
            is_own = place.name in {f"{start}-{page}" for page in OWN_PAGES}
            yield replace(place, is_repeated=not is_own and group not in SHOWN_IN_EVERY_STATE)

    def _pages(self, endpoint: str | None) -> Iterator[Place]:
        """The addresses of one screen, or of none, that answer the owner with a page."""
        known = {screen.endpoint for screen in self.screens.values()}
        for rule in self.app.url_map.iter_rules():
            blueprint = rule.endpoint.partition(".")[0]
            is_ours = blueprint == endpoint if endpoint else blueprint not in known
            if is_ours and "GET" in rule.methods and not rule.arguments:
                path = self._answering_path(rule, endpoint)
                if path is not None:
                    yield Place(_name_of(rule), path)

    def _answering_path(self, rule: Rule, endpoint: str | None) -> str | None:
        for question in self._questions(endpoint):
            answer = self.owner.get(rule.rule, query_string=question)
            assert answer.status_code < 500, f"{rule.rule} {question}: {answer.status_code}"
            if answer.status_code == 200 and answer.mimetype == "text/html":
                return answer.request.full_path.rstrip("?")
            if answer.status_code == 200:
                return None
        return None

    def _questions(self, endpoint: str | None) -> Iterator[dict[str, Any]]:
        """What an address may want to be asked: nothing, a record, one of its versions, something of the trash."""
        yield {}
        screen = self.app.extensions["screens"].get(endpoint)
        for record in _first_records(screen.model) if isinstance(screen, Screen) else ():
            yield {"id": record.id}
            for row in changes_of(record)[-1:]:
                yield {"id": record.id, "to": row.change_set_id}
        if screen is not None and not isinstance(screen, Screen):
            for model in trash.trashable_models():
                for record in db.session.scalars(db.select(model).where(model.deleted_token != 0).limit(1)):
                    yield {"kind": model.__tablename__, "id": record.id}


def _name_of(rule: Rule) -> str:
    name = rule.endpoint.removesuffix("_view").replace(".", "-").replace("_", "-")
    return f"{name.removesuffix('-index')}-list" if name.endswith("-index") else name


def _pages_of_anybody() -> Iterator[Place]:
    yield Place("sign-in", "/login", person=None)
    yield Place("sign-in-refused", "/login", _sign_in_wrongly, person=None)
    yield Place("error-of-a-stranger", "/admin/?%00", person=None)
    yield Place("error-404", "/admin/nothing-is-here/")
    yield Place("error-403", "/admin/staff_member/", person=VIEWER)
    yield Place("list-of-a-viewer", "/admin/product/", person=VIEWER)
    yield Place("product-of-a-viewer", "/admin/product/details/?id=1", person=VIEWER)
    yield Place("palette", "/admin/brand/", _open_the_palette)
    yield Place("keys", "/admin/brand/", _open_the_keys)
    yield Place("menu-of-the-person", "/admin/brand/", _open_the_person_s_menu, part="details[open]")


def _states(screen: Any, pages: dict[str, Place]) -> Iterator[Place]:
    """What a screen's pages are after a click: filtered, empty, chosen, refused, in conflict."""
    start = screen.endpoint.replace("_", "-")
    if f"{start}-list" in pages and isinstance(screen, Screen):
        yield from _states_of_list(screen, pages[f"{start}-list"])
    for name, page in pages.items():
        if name == f"{start}-create":
            yield Place(f"{name}-refused", page.path, _save)
        elif name == f"{start}-edit":
            yield Place(f"{name}-refused", page.path, _save_nothing)
            if screen.endpoint == "product":
                yield Place(f"{name}-conflict", page.path, _save_what_another_changed)


def _states_of_list(screen: Screen, page: Place) -> Iterator[Place]:
    for one in list(screen.filters.values())[:1]:
        yield Place(f"{page.name}-filtered", f"{page.path}?{_asked(screen, one)}")
        yield Place(f"{page.name}-menu", f"{page.path}?{_asked(screen, one)}", _open_a_filter, part="details[open]")
    yield Place(f"{page.name}-empty", f"{page.path}?search=nothing+is+called+this&page=2")
    if screen.action_rights:
        yield Place(f"{page.name}-chosen", page.path, _choose_two, part=CHOSEN)
    if screen.column_editable_list:
        yield Place(f"{page.name}-cell", page.path, _open_a_cell)
    if "delete" in screen.action_rights:
        yield Place(f"{page.name}-action", page.path, _ask_to_delete_two)


def _asked(screen: Screen, one: Any) -> str:
    if one.kind == "choice":
        return f"{one.name}={one.choices[0][0]}"
    if one.kind in ("reference", "references"):
        return f"{one.name}={_first_records(one.target)[0].id}"
    ranged = "__from" if "from" in one.operators else ""
    return f"{one.name}{ranged}={SAMPLES.get(one.kind, 'e')}"


# What is done at a place before one looks
def _press(target: Locator) -> None:
    """Click what is there; a list that nothing is to be done to has nothing to press."""
    for one in target.all():
        if one.is_visible():
            one.click()
            return


def _choose(page: Page, count: int) -> None:
    for box in page.locator("input[name='rowid']").all()[:count]:
        box.check()


def _choose_two(page: Page) -> None:
    _choose(page, 2)


def _ask_to_delete_two(page: Page) -> None:
    _choose(page, 2)
    with page.expect_navigation():
        page.locator("button[name='action'][value='delete']").click()


def _open_a_cell(page: Page) -> None:
    row = page.locator("tbody tr").first
    row.hover()
    # A phone has no room to edit in a list.
    _press(row.locator("[data-action='cell']"))


def _open_a_filter(page: Page) -> None:
    _press(page.locator("details.filter-chip[data-set] summary"))


def _open_the_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.wait_for_selector("#command-palette[open]")
    page.keyboard.type("mug")
    page.wait_for_selector("#palette-results [role='option'] mark")


def _open_the_keys(page: Page) -> None:
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")


def _open_the_person_s_menu(page: Page) -> None:
    _press(page.locator(".top-bar summary"))


def _sign_in_wrongly(page: Page) -> None:
    page.fill("#email", "nobody@example.com")
    page.fill("#password", "not the password")
    with page.expect_navigation():
        page.click("button[type=submit]")


def _save(page: Page) -> None:
    with page.expect_navigation():
        # The server's own refusal is what one looks at, not the browser's bubble.
        form = page.locator("main form[method='post']").first
        form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")


def _save_nothing(page: Page) -> None:
    """Empty each field that one types into, and save."""
    page.locator("main form[method='post']").first.evaluate(EMPTY_FIELDS)
    _save(page)


def _save_what_another_changed(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    for window, text in ((other, "Theirs"), (page, "Ours")):
        window.fill("#seo_title", f"{text} at {window.evaluate('Date.now()')}")
        _save(window)
    other.close()
