"""Every route × every role × GET and POST, held against the permission table.

What each view function needs is written here once more, by hand: a route that comes without a line
here fails, and so does one whose gate in the code says something else.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import inspect
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from backoffice.audit import trash
from backoffice.audit.history import changes_of
from backoffice.audit.models import ChangeSet
from backoffice.catalog.models import Brand, Product, Variant
from backoffice.extensions import db
from backoffice.staff.models import Permission, Role
from backoffice.staff.permissions import AREAS, ROLES
from backoffice.web.assets import made
from backoffice.web.attributes import attributes_of
from backoffice.wording import plural
from tests.making import Person, changed, make_product, stored
from tests.walking import changed_tables, make_house, make_one, screens_of, snapshot

PUBLIC = "public"
SIGNED_IN = "signed in"
NOBODY = "nobody"

# The methods and the verb of each view function that a screen may have.
VIEWS = {
    "index_view": ({"GET"}, "read"),
    "details_view": ({"GET"}, "read"),
    "history_view": ({"GET"}, "read"),
    "revert_view": ({"GET", "POST"}, "edit"),
    "ajax_lookup": ({"GET"}, "read"),
    "ajax_counts": ({"GET"}, "read"),
    "keep_view": ({"POST"}, "read"),
    "choose_columns": ({"POST"}, "read"),
    "create_view": ({"GET", "POST"}, "create"),
    "edit_view": ({"GET", "POST"}, "edit"),
    "ajax_update": ({"POST"}, "edit"),
    "ajax_open": ({"POST"}, "edit"),
    "delete_view": ({"GET", "POST"}, "delete"),
    "action_view": ({"POST"}, "the action's"),
    "export": ({"GET"}, "export"),
}

# Whose right guards a screen. A screen of a later day is held to the area of its model.
SCREEN_AREAS = {
    "catalog": {
        "product",
        "variant",
        "category",
        "brand",
        "tag",
        "tax_class",
        "price_change",
        "slug_redirect",
        "import_job",
    },
    "media": {"picture"},
    "stock": {"stock_level", "stock_movement", "location"},
    "history": {"change_set"},
    "settings": {"settings"},
    "staff": {"staff_member", "role", "sign_in"},
}
# What a screen lets staff do beside looking. A screen of a later day is held to its own facts.
OFFERED = {
    "product": {"create", "edit", "delete", "export"},
    "variant": {"edit", "delete", "export"},
    "category": {"create", "edit", "delete", "export"},
    "brand": {"create", "edit", "delete", "export"},
    "tag": {"create", "edit", "delete", "export"},
    "tax_class": {"create", "edit", "delete", "export"},
    "price_change": {"export"},
    "slug_redirect": {"export"},
    "import_job": {"export"},
    "picture": {"edit", "delete", "export"},
    "stock_level": {"create", "edit", "export"},
    "stock_movement": {"export"},
    "location": {"create", "edit", "delete", "export"},
    "change_set": {"export"},
    "settings": {"edit"},
    "staff_member": {"create", "edit"},
    "role": {"edit"},
    "sign_in": set(),
}
ACTIONS = {
    "product": {"publish": "edit", "draft": "edit", "archive": "edit", "delete": "delete"},
    "sign_in": {"end": "edit"},
    "import_job": {"aside": "import"},
}
CELLS = {
    "product": {"name": "edit", "price": "price", "status": "edit"},
    "variant": {"sku": "edit", "barcode": "edit", "price": "price", "compare_at_price": "price"},
}

WITHOUT_HISTORY = {"stock_movement", "price_change", "sign_in", "change_set", "import_job"}

Need = str | tuple[tuple[str, str], ...]


_numbers = itertools.count(1)


def _new_name() -> str:
    return f"View {next(_numbers)}"


@dataclass(frozen=True)
class Ask:
    """One request of the walk.

    needs: PUBLIC, SIGNED_IN, NOBODY, or the rights that it takes, all of them.
    prepare: makes what the request needs anew each time, and returns its form.
    """

    method: str
    path: str
    needs: Need
    prepare: Callable[[], dict[str, Any]] = field(default=dict, compare=False)
    answers: tuple[int, ...] = (200, 302, 422)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Walk:
    """All requests of the walk over one application. Forms are read as the owner sees them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.house = make_house(app)
        self.owner = Person(app, "owner")
        self.screens = {screen.endpoint: screen for screen in screens_of(app)}

    def asks(self) -> list[Ask]:
        return [ask for rule in self._rules() for ask in self._asks_of(rule)]

    def _rules(self) -> list[Any]:
        # Signing out ends the walk.
        return sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.rule == "/logout", rule.rule))

    def _asks_of(self, rule: Any) -> Iterator[Ask]:
        screen_name, _, view = rule.endpoint.partition(".")
        if screen_name in self.screens and rule.endpoint != "change_set.undo_view":
            if view not in VIEWS:
                raise AssertionError(f"{rule.rule}: say in VIEWS which right {view} needs.")
            asks = getattr(self, f"_{view}")(self.screens[screen_name], rule.rule)
            methods = VIEWS[view][0]
        else:
            others = self._others
            if rule.endpoint not in others:
                raise AssertionError(f"{rule.rule}: say in _others which right {rule.endpoint} needs.")
            asks = others[rule.endpoint]
            methods = {ask.method for ask in asks}
        assert methods == rule.methods - {"HEAD", "OPTIONS"}, f"{rule.rule} takes {rule.methods}."
        yield from asks

    # The views of a screen
    def _needs(self, screen: Any, *verbs: str) -> Need:
        area = next((area for area, names in SCREEN_AREAS.items() if screen.endpoint in names), screen.model.area)
        return tuple((area, verb) for verb in verbs)

    def _offers(self, screen: Any, verb: str) -> bool:
        return verb in OFFERED.get(screen.endpoint, {one for one in OFFERED["brand"] if getattr(screen, f"can_{one}")})

    def _index_view(self, screen: Any, path: str) -> list[Ask]:
        return [Ask("GET", path, self._needs(screen, "read"))]

    def _details_view(self, screen: Any, path: str) -> list[Ask]:
        return [Ask("GET", f"{path}?id={self.house[screen.endpoint].id}", self._needs(screen, "read"))]

    def _history_view(self, screen: Any, path: str) -> list[Ask]:
        # What is a record of the past itself has none.
        needs = self._needs(screen, "read") if screen.endpoint not in WITHOUT_HISTORY else NOBODY
        return [Ask("GET", f"{path}?id={self.house[screen.endpoint].id}", needs)]

    def _revert_view(self, screen: Any, path: str) -> list[Ask]:
        """The first version of a record that somebody else changed since."""
        record = self.house[screen.endpoint]
        if not self._offers(screen, "edit") or screen.endpoint in ("stock_level", "staff_member", "role"):
            return [Ask("GET", f"{path}?id={record.id}&to=1", NOBODY), Ask("POST", path, NOBODY)]
        to = changes_of(record)[-1].change_set_id
        return [
            Ask("GET", f"{path}?id={record.id}&to={to}", self._needs(screen, "edit")),
            Ask("POST", path, self._needs(screen, "edit", "undo"), lambda: self._preview_of(screen, path, to), (302,)),
        ]

    def _preview_of(self, screen: Any, path: str, to: int) -> dict[str, Any]:
        record = db.session.get(screen.model, self.house[screen.endpoint].id)
        kinds = {one: attributes_of(screen.model)[one].kind for one in screen.form_columns}
        name = next(one for one, kind in kinds.items() if kind in ("text", "long_text", "html"))
        setattr(record, name, f"{getattr(record, name) or ''}y")
        db.session.commit()
        return changed(self.owner.form(f"{path}?id={record.id}&to={to}", ".preview-form"), {"csrf_token": None})

    def _ajax_lookup(self, screen: Any, path: str) -> list[Ask]:
        known = attributes_of(screen.model)
        names = dict.fromkeys([*screen.form_columns, *screen.column_filters])
        related = [known[name] for name in names if name in known and known[name].target is not None]
        asks = [
            Ask("GET", f"{path}?name={one.name}", (*self._needs(screen, "read"), (one.target.area, "read")))
            for one in related
        ]
        return [*asks, Ask("GET", f"{path}?name=id", self._needs(screen, "read"), answers=(404,))]

    def _ajax_counts(self, screen: Any, path: str) -> list[Ask]:
        needs = self._needs(screen, "read") if screen.column_filters else NOBODY
        return [Ask("GET", path, needs, answers=(200,))]

    def _keep_view(self, screen: Any, path: str) -> list[Ask]:
        save = {"do": "save", "query": ""}
        return [
            Ask("POST", path, self._needs(screen, "read"), lambda: save | {"name": _new_name()}, (302,)),
            Ask(
                "POST",
                path,
                self._needs(screen, "read", "edit"),
                lambda: save | {"name": _new_name(), "is_shared": "y"},
            ),
        ]

    def _choose_columns(self, screen: Any, path: str) -> list[Ask]:
        return [Ask("POST", path, self._needs(screen, "read"), lambda: {"page_size": "25"}, (302,))]

    def _create_view(self, screen: Any, path: str) -> list[Ask]:
        needs = self._needs(screen, "create") if self._offers(screen, "create") else NOBODY
        return [Ask("GET", path, needs), Ask("POST", path, needs, lambda: {"name": ""})]

    def _edit_view(self, screen: Any, path: str) -> list[Ask]:
        path = f"{path}?id={self.house[screen.endpoint].id}"
        if not self._offers(screen, "edit"):
            return [Ask("GET", path, NOBODY), Ask("POST", path, NOBODY, lambda: {"name": "Forged"})]
        needs = self._needs(screen, "edit")
        if screen.endpoint == "stock_level":
            return [Ask("GET", path, needs), Ask("POST", path, needs, lambda: {"entry": "+1", "kind": "delivery"})]
        return [Ask("GET", path, needs), Ask("POST", path, needs, lambda: self._form_of(screen, path), (302,))]

    def _form_of(self, screen: Any, path: str) -> dict[str, Any]:
        """The page's own form with one text changed, so that it would write if it were let through."""
        values = self.owner.form(path)
        kinds = {one: attributes_of(screen.model)[one].kind for one in screen.form_columns}
        name = next(one for one, kind in kinds.items() if kind in ("text", "long_text", "html"))
        return changed(values, {name: f"{values[name]}x", "csrf_token": None})

    def _ajax_update(self, screen: Any, path: str) -> list[Ask]:
        cells = CELLS.get(screen.endpoint, dict.fromkeys(screen.column_editable_list, "edit"))
        assert set(cells) == set(screen.column_editable_list), f"{screen.endpoint}: say in CELLS what each cell needs."
        if not cells:
            return [Ask("POST", path, NOBODY, lambda: {"list_form_pk": "1", "name": "Forged"})]
        return [
            Ask(
                "POST",
                path,
                self._needs(screen, *dict.fromkeys(("edit", verb))),
                lambda name=name: self._cell_of(screen, name),
                (200,),
            )
            for name, verb in cells.items()
        ]

    def _ajax_open(self, screen: Any, path: str) -> list[Ask]:
        needs = self._needs(screen, "edit") if self._offers(screen, "edit") else NOBODY
        return [Ask("POST", path, needs, lambda: {"id": self.house[screen.endpoint].id, "page": "k" * 22}, (200,))]

    def _cell_of(self, screen: Any, name: str) -> dict[str, Any]:
        """What the browser sends for a cell, from what the owner's list says of it."""
        key = self.house[screen.endpoint].id
        page = self.owner.page(f"/admin/{screen.endpoint}/?page_size=200&columns={name}")
        cell = page.select_one(f'tr[data-key="{key}"] [data-cell="{name}"]')
        typed = {"number": "7", "money": "99.00", "choice": "archived"}
        was = {f"was-{name}": cell["data-value"], "version": cell["data-version"]}
        return {"list_form_pk": key, name: typed.get(cell["data-kind"], f"{cell['data-value']}x")} | was

    def _delete_view(self, screen: Any, path: str) -> list[Ask]:
        key = self.house[screen.endpoint].id
        if not self._offers(screen, "delete"):
            return [Ask("GET", f"{path}?id={key}", NOBODY), Ask("POST", path, NOBODY, lambda: {"id": key})]
        needs = self._needs(screen, "delete")
        return [
            Ask("GET", f"{path}?id={key}", needs, answers=(200,)),
            Ask("POST", path, needs, lambda: self._shown(screen), (302,)),
        ]

    def _shown(self, screen: Any) -> dict[str, Any]:
        record = make_one(screen.model)
        return {"id": record.id, "version": record.version}

    def _action_view(self, screen: Any, path: str) -> list[Ask]:
        standard = {"delete": "delete"} if self._offers(screen, "delete") else {}
        actions = ACTIONS.get(screen.endpoint, standard)
        assert screen.action_rights == actions, f"{screen.endpoint}: say in ACTIONS what each action needs."
        asks = [
            Ask("POST", path, self._needs(screen, verb), lambda name=name: self._action_on(screen, name), (302,))
            for name, verb in actions.items()
        ]
        return [*asks, Ask("POST", path, NOBODY, lambda: self._action_on(screen, "unheard-of"))]

    def _action_on(self, screen: Any, name: str) -> dict[str, Any]:
        record = make_one(screen.model)
        chosen = {"action": name, "rowid": record.id, f"version-{record.id}": getattr(record, "version", "")}
        if name != "delete":
            return chosen
        # A deletion is done from the page that says what else it touches.
        return chosen | {"seen": "y", "parts": trash.parts_state(screen.model, [record.id])}

    def _export(self, screen: Any, path: str) -> list[Ask]:
        needs = self._needs(screen, "export") if self._offers(screen, "export") else NOBODY
        return [Ask("GET", path.replace("<export_type>", "csv"), needs, answers=(200,))]

    # All other routes
    @cached_property
    def _others(self) -> dict[str, list[Ask]]:
        picture = self.house["picture"]
        return {
            "static": [Ask("GET", "/static/css/app.css", PUBLIC)],
            "bootstrap.static": [Ask("GET", "/bootstrap/static/css/bootstrap.min.css", PUBLIC)],
            "assets.file": [Ask("GET", f"/assets/{made('style.css').address}", PUBLIC)],
            "health.alive": [Ask("GET", "/healthz", PUBLIC)],
            "health.ready": [Ask("GET", "/readyz", PUBLIC)],
            "staff_access.start": [Ask("GET", "/", PUBLIC)],
            "staff_access.sign_in": [Ask("GET", "/login", PUBLIC)],
            "staff_access.sign_in_post": [
                Ask("POST", "/login", PUBLIC, lambda: {"email": "no@example.com", "password": "no"}, (401,))
            ],
            "staff_access.sign_out": [Ask("POST", "/logout", SIGNED_IN, answers=(302,))],
            "staff_access.account": [Ask("GET", "/account", SIGNED_IN)],
            "frame.menu_counts": [Ask("GET", "/admin/ajax/counts/", SIGNED_IN, answers=(200,))],
            "frame.palette_lines": [Ask("GET", "/admin/ajax/palette/?q=a", SIGNED_IN, answers=(200,))],
            "frame.prefer": [Ask("POST", "/account/preferences", SIGNED_IN, lambda: {"theme": "dark"}, (302,))],
            "staff_access.change_password": [Ask("POST", "/account", SIGNED_IN, answers=(422,))],
            "media_files.picture": [
                Ask("GET", f"/media/{size}/{picture.checksum}.webp", (("media", "read"),)) for size in ("full", "thumb")
            ],
            "admin.index": [Ask("GET", "/admin/", SIGNED_IN)],
            "trash.index": self._trash_asks("GET", "/admin/trash/?kind={kind}", "read"),
            "trash.restore": self._trash_asks("POST", "/admin/trash/restore/", "delete"),
            "trash.delete": [
                *self._trash_asks("GET", "/admin/trash/delete/?kind={kind}&id={key}", "empty_trash"),
                *self._trash_asks("POST", "/admin/trash/delete/", "empty_trash"),
            ],
            "trash.empty": [
                *self._trash_asks("GET", "/admin/trash/empty/?kind={kind}", "empty_trash"),
                *self._trash_asks("POST", "/admin/trash/empty/", "empty_trash"),
            ],
            "change_set.undo_view": [
                Ask(
                    "GET",
                    f"/admin/change_set/undo/?id={_anothers_change()}",
                    (("catalog", "edit"), ("catalog", "undo")),
                ),
                Ask(
                    "POST",
                    "/admin/change_set/undo/",
                    (("catalog", "edit"), ("catalog", "undo")),
                    lambda: {"id": _anothers_change()},
                    (302,),
                ),
            ],
        }

    def _trash_asks(self, method: str, path: str, verb: str) -> list[Ask]:
        return [
            Ask(
                method,
                path.format(kind=model.__tablename__, key=_in_the_trash(model)["id"] if "{key}" in path else ""),
                ((model.area, verb),),
                lambda model=model: self._trash_form(model, path) if method == "POST" else {},
                # A trash that a person may not look into is none for them.
                (200,) if method == "GET" else (302,),
            )
            for model in trash.trashable_models()
        ]

    def _trash_form(self, model: Any, path: str) -> dict[str, Any]:
        """What the pages of the trash send, with what those that delete for good ask to type."""
        shown = _in_the_trash(model)
        nouns = plural(self.screens[model.__tablename__].noun)
        return shown | {"typed": nouns} if "/empty/" in path else shown


def _in_the_trash(model: Any) -> dict[str, Any]:
    record = make_one(model)
    trash.trash(record)
    db.session.commit()
    shown = {"kind": model.__tablename__, "id": record.id, "deleted_at": record.deleted_at.isoformat()}
    return shown | {"typed": getattr(record, "name", None) or str(record), "until": shown["deleted_at"]}


def _anothers_change() -> int:
    brand = make_one(Brand)
    brand.name = "Changed by somebody else"
    db.session.commit()
    return db.session.scalar(db.select(ChangeSet.id).order_by(ChangeSet.id.desc()).limit(1))


def may(role: str | None, needs: Need) -> bool:
    """What the permission table says."""
    if needs == PUBLIC:
        return True
    if role is None or needs == NOBODY:
        return False
    return needs == SIGNED_IN or all(verb in ROLES[role][1].get(area, ()) for area, verb in needs)


def send(person: Person, ask: Ask, token: str, data: dict[str, Any]) -> TestResponse:
    if ask.method == "GET":
        return person.get(ask.path)
    return person.post(ask.path, changed(data_of(data), {"csrf_token": token}), with_token=False)


def data_of(data: Any) -> MultiDict[str, str]:
    return MultiDict(data)


def is_refusal(role: str | None, ask: Ask, answer: TestResponse) -> bool:
    if role is not None:
        # A kind of trash that one may not read is not told apart from one that does not exist.
        return answer.status_code == 403 or (ask.path.startswith("/admin/trash/?") and answer.status_code == 404)
    if "/ajax/" in ask.path:
        return answer.status_code == 401
    return answer.status_code == 302 and answer.location.startswith("/login")


@pytest.mark.any_engine
@pytest.mark.parametrize("role", [*ROLES, None])
def test_every_route_gives_a_role_what_the_table_says_and_no_more(app: Flask, role: str | None) -> None:
    assert faults_of_walk(app, role) == []


def test_every_database_holds_to_the_table_alike(app: Flask) -> None:
    """For the role in the middle, which meets both answers at most routes."""
    assert faults_of_walk(app, "editor") == []


def faults_of_walk(app: Flask, role: str | None) -> list[str]:
    walk = Walk(app)
    person = Person(app, role)
    token = person.token
    reading = [ask for ask in walk.asks() if ask.method == "GET"]
    writing = [ask for ask in walk.asks() if ask.method == "POST"]
    rows = snapshot()

    faults = [fault for ask in reading if (fault := fault_of(role, ask, send(person, ask, token, {})))]
    moved = changed_tables(rows, snapshot())
    for ask in writing:
        data = ask.prepare()
        rows = {} if may(role, ask.needs) else snapshot()
        answer = send(person, ask, token, data)
        if fault := fault_of(role, ask, answer):
            faults.append(fault)
        if rows and changed_tables(rows, snapshot()):
            faults.append(f"{ask} is not allowed, answered {answer.status_code} and changed a row")

    return [*faults, *(f"Looking at pages changed rows of {name}" for name in moved)]


def fault_of(role: str | None, ask: Ask, answer: TestResponse) -> str | None:
    is_allowed = may(role, ask.needs)
    if is_allowed and answer.status_code not in ask.answers:
        return f"{ask} is allowed, and answered {answer.status_code}: {answer.text[-400:]}"
    if not is_allowed and not is_refusal(role, ask, answer):
        return f"{ask} is not allowed, and answered {answer.status_code}"
    return None


@pytest.mark.any_engine
def test_nothing_that_is_posted_without_a_token_changes_a_row(app: Flask) -> None:
    walk = Walk(app)
    stolen = Person(app, None).token
    faults = []

    for ask in [ask for ask in walk.asks() if ask.method == "POST"]:
        data = data_of(ask.prepare())
        before = snapshot()
        answers = [
            walk.owner.post(ask.path, changed(data, {"csrf_token": token}), with_token=False)
            for token in (None, "forged", stolen)
        ]
        # What a screen does not offer is refused before anybody looks at the token.
        if not {answer.status_code for answer in answers} <= {400, 403} or (
            moved := changed_tables(before, snapshot())
        ):
            faults.append(f"{ask}: {[answer.status_code for answer in answers]}, changed {moved}")

    assert not faults, "\n".join(faults)


@pytest.mark.any_engine
def test_a_method_that_a_route_does_not_offer_is_answered_405(app: Flask) -> None:
    walk = Walk(app)
    token = walk.owner.token
    offered: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        offered.setdefault(rule.rule, set()).update(rule.methods)
    faults = []
    before = snapshot()

    for pattern, methods in offered.items():
        path = pattern.replace("<export_type>", "csv").replace("<size>/<checksum>.webp", "full/ab.webp")
        path = path.replace("<path:filename>", "css/app.css")
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
            answer = walk.owner._send(method.lower(), path, data={"csrf_token": token, "id": "1"})
            if answer.status_code != 405:
                faults.append(f"{method} {path}: {answer.status_code}")

    assert not faults, "\n".join(faults)
    assert not changed_tables(before, snapshot())


@pytest.mark.any_engine
def test_an_anonymous_visitor_gets_no_word_of_the_data(app: Flask) -> None:
    walk = Walk(app)
    make_product("Very Secret Mug", skus=["SECRET-1"])
    anybody = Person(app, None)

    answers = {ask.path: anybody.get(ask.path) for ask in walk.asks() if ask.method == "GET"}

    told = [path for path, answer in answers.items() if "Secret" in answer.text or "SECRET" in answer.text]
    assert told == []


def test_an_address_that_does_not_exist_tells_an_anonymous_visitor_nothing(app: Flask) -> None:
    anybody, viewer = Person(app, None), Person(app, "viewer")

    answer = anybody.get("/admin/no_such_screen/")

    assert answer.status_code == 302 and answer.location.startswith("/login")
    assert viewer.get("/admin/no_such_screen/").status_code == 404


def make_role(*rights: tuple[str, str]) -> str:
    """A role of an owner's own making; returns its name."""
    name = "-".join(f"{area}-{verb}" for area, verb in rights)[:60]
    permissions = [Permission(area_name=area, verb=verb) for area, verb in rights]
    db.session.add(Role(name=name, permissions=permissions))
    db.session.commit()
    return name


def test_a_lookup_asks_for_the_right_to_read_the_related_screen(app: Flask) -> None:
    make_product("Hidden Mug")
    clerk = Person(app, make_role(("stock", "read")))

    for name, status in (("variant", 403), ("location", 200)):
        answer = clerk.get(f"/admin/stock_level/ajax/lookup/?name={name}")

        assert answer.status_code == status, name
        assert "Hidden" not in answer.text


@pytest.mark.any_engine
@pytest.mark.parametrize("area", AREAS)
def test_who_may_read_one_area_reads_no_other(app: Flask, area: str) -> None:
    walk = Walk(app)
    person = Person(app, make_role((area, "read")))
    faults = []

    for ask in [ask for ask in walk.asks() if ask.method == "GET" and ask.needs != PUBLIC]:
        answer = person.get(ask.path)
        is_allowed = ask.needs == SIGNED_IN or all(need == (area, "read") for need in ask.needs)
        if area == "history" and "/change_set/" in ask.path and "?id=" in ask.path:
            # Of history alone one reads nothing: each change is for those who may read what it changed.
            is_fine = answer.status_code == 404 or not is_allowed and answer.status_code == 403
        else:
            is_fine = answer.status_code in ask.answers if is_allowed else is_refusal("", ask, answer)
        if not is_fine:
            faults.append(f"{ask}: {answer.status_code}")

    assert not faults, "\n".join(faults)


@pytest.mark.any_engine
def test_the_menu_and_the_pages_show_only_what_the_person_may_open(app: Flask) -> None:
    walk = Walk(app)
    faults = []

    for role in ROLES:
        person = Person(app, role)
        for ask in [
            ask for ask in walk.asks() if ask.method == "GET" and may(role, ask.needs) and ask.answers[0] == 200
        ]:
            answer = person.get(ask.path)
            if answer.mimetype != "text/html" or answer.status_code != 200:
                continue
            page = BeautifulSoup(answer.text, "html.parser")
            links = {link["href"] for link in page.select("a[href^='/']")}
            dead = [link for link in links if _status(person, link) >= 400]
            if dead:
                faults.append(f"{role} {ask}: {dead}")

    assert not faults, "\n".join(faults)


def _status(person: Person, path: str) -> int:
    known = person.__dict__.setdefault("statuses", {})
    if path not in known:
        known[path] = person.get(path).status_code
    return known[path]


def test_one_undoes_ones_own_change_by_the_right_that_made_it(app: Flask) -> None:
    editor = Person(app, "editor")
    brand = make_one(Brand)
    name = brand.name
    editor.save(f"/admin/brand/edit/?id={brand.id}", name="Typed in haste")

    answer = editor.post("/admin/change_set/undo/", {"id": last_change_set()})

    assert answer.status_code == 302
    assert stored(Brand, id=brand.id)[0].name == name


@pytest.mark.parametrize("role, status", [("viewer", 403), ("editor", 403), ("manager", 302), ("owner", 302)])
def test_anothers_change_also_needs_the_right_to_undo(app: Flask, role: str, status: int) -> None:
    editor, other = Person(app, "editor"), Person(app, role)
    brand = make_one(Brand)
    name = brand.name
    editor.save(f"/admin/brand/edit/?id={brand.id}", name="Typed by the editor")

    answer = other.post("/admin/change_set/undo/", {"id": last_change_set()})

    assert answer.status_code == status
    assert stored(Brand, id=brand.id)[0].name == (name if status == 302 else "Typed by the editor")


def test_taking_a_price_back_needs_the_right_to_price(app: Flask) -> None:
    product = make_product(prices=(1290,))
    pricer = Person(app, make_role(("catalog", "read"), ("catalog", "edit"), ("catalog", "price")))
    undoer = Person(app, make_role(("catalog", "read"), ("catalog", "edit"), ("catalog", "undo"), ("history", "read")))
    answer = pricer.edit_cell("product", product, "price", "15.00", "12.90", product.variants[0].version)
    assert answer.status_code == 200, answer.text

    answer = undoer.post("/admin/change_set/undo/", {"id": last_change_set()})

    assert answer.status_code == 403
    assert stored(Variant, product_id=product.id)[0].price_minor == 1500


def test_a_deletion_is_taken_back_only_by_who_may_delete(app: Flask) -> None:
    product = make_product()
    manager, editor = Person(app, "manager"), Person(app, "editor")
    manager.post("/admin/product/delete/", {"id": product.id, "version": product.version})
    change = last_change_set()

    refused = editor.post("/admin/change_set/undo/", {"id": change})
    done = manager.post("/admin/change_set/undo/", {"id": change})

    assert (refused.status_code, done.status_code) == (403, 302)
    assert [one.id for one in stored(Product)] == [product.id]


def test_history_shows_nobody_the_changes_of_an_area_that_they_may_not_read(app: Flask) -> None:
    owner, manager = Person(app, "owner"), Person(app, "manager")
    owner.save(f"/admin/staff_member/edit/?id={manager.member_id}", name="Renamed Person")
    change = last_change_set()

    listed, details = manager.get("/admin/change_set/"), manager.get(f"/admin/change_set/details/?id={change}")

    assert owner.get(f"/admin/change_set/details/?id={change}").status_code == 200
    assert details.status_code == 404
    assert "Renamed Person changed" not in listed.text
    assert "Renamed Person" not in manager.get("/admin/change_set/export/csv/").text.replace("Renamed Person,form", "")


def test_a_role_that_loses_a_right_loses_it_at_once(app: Flask) -> None:
    editor = Person(app, "editor")
    brand = make_one(Brand)
    assert editor.get(f"/admin/brand/edit/?id={brand.id}").status_code == 200
    role = stored(Role, name="editor")[0]
    role.permissions = [held for held in role.permissions if (held.area_name, held.verb) != ("catalog", "edit")]
    db.session.commit()

    answer = editor.get(f"/admin/brand/edit/?id={brand.id}")

    assert answer.status_code == 403


def test_every_screen_guards_its_own_table_in_an_area_that_roles_know(app: Flask) -> None:
    for screen in screens_of(app):
        assert screen.area in AREAS, screen.endpoint
        assert inspect(screen.model).local_table.name in db.metadata.tables


def last_change_set() -> int:
    return db.session.scalar(db.select(ChangeSet.id).order_by(ChangeSet.id.desc()).limit(1))
