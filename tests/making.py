"""Making what tests need: an application, records with only what matters, and people who use the screens."""

import contextvars
import itertools
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.orm import selectinload
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from backoffice import create_app, dialects
from backoffice.audit.models import ChangeSet
from backoffice.catalog.models import Brand, Category, Product, Variant
from backoffice.catalog.slugs import make_slug
from backoffice.catalog.variants import set_options, set_values
from backoffice.config import Config
from backoffice.extensions import db
from backoffice.staff.accounts import create_staff_member, require_role
from seed.reference import fill_with_reference

PASSWORD = "a long enough password"

_numbers = itertools.count(1)


def make_app(uri: str, instance: Path, environment: str = "testing") -> Flask:
    config = Config(
        environment=environment,
        database_uri=uri,
        secret_key="only the tests know this key, and it guards nothing",
        media_folder=instance / "media",
        limiter_uri="memory://",
        instance=instance,
    )
    return create_app(config)


def migrate(app: Flask) -> None:
    with app.app_context():
        upgrade()


# What `seed reference` wrote into each database, by its address.
_reference_rows: dict[str, list[tuple[Any, list[dict[str, Any]]]]] = {}


def begin_anew() -> None:
    """Empty the database at hand but for its reference rows."""
    dialects.work_may_write()
    connection, address = db.session.connection(), str(db.engine.url)
    dialects.empty_tables(connection, db.metadata)
    if address in _reference_rows:
        # Written back as they were: thousands of tests begin so.
        for table, rows in _reference_rows[address]:
            connection.execute(table.insert(), rows)
        db.session.commit()
    else:
        db.session.commit()
        fill_with_reference()
        db.session.commit()
        found = ((table, db.session.execute(db.select(table)).mappings().all()) for table in db.metadata.sorted_tables)
        _reference_rows[address] = [(table, [dict(row) for row in rows]) for table, rows in found if rows]
    db.session.remove()


def make_product(name: str = "Enamel Mug", prices: tuple[int | None, ...] = (1290,), **values: Any) -> Product:
    """A product with a variant for each price (in minor units); options only where there are several."""
    number = next(_numbers)
    skus = values.pop("skus", None) or [f"SKU-{number}-{place}" for place in range(len(prices))]
    product = Product(name=name, slug=values.pop("slug", f"{make_slug(name)}-{number}"), **values)
    db.session.add(product)
    db.session.flush()
    if len(prices) > 1:
        set_options(product, ["Size"])
    for place, (price, sku) in enumerate(zip(prices, skus)):
        variant = Variant(product_id=product.id, sku=sku, price_minor=price, position=place)
        set_values(variant, product, [f"Size {place + 1}"] if len(prices) > 1 else [])
        db.session.add(variant)
    db.session.flush()
    db.session.commit()
    return product


def make_brand(name: str = "Norr") -> Brand:
    brand = Brand(name=name, slug=make_slug(name))
    db.session.add(brand)
    db.session.commit()
    return brand


def make_category(name: str = "Kitchen", parent: Category | None = None) -> Category:
    from backoffice.catalog.categories import place

    category = Category(name=name, slug=make_slug(name), parent=parent)
    db.session.add(category)
    place(category)
    db.session.commit()
    return category


def stored(model: Any, **values: Any) -> list[Any]:
    """The live records of a model, read anew."""
    db.session.expire_all()
    if hasattr(model, "deleted_token"):
        values = {"deleted_token": 0} | values
    return list(db.session.scalars(db.select(model).filter_by(**values).order_by(model.id)))


class Person:
    """Somebody with a role, who uses the screens as a browser does: what a page's form holds is sent along."""

    def __init__(self, app: Flask, role: str | None, email: str | None = None) -> None:
        self.app = app
        self.role = role
        self.client: FlaskClient = app.test_client()
        self._token_of = ("", "")
        if role is not None:
            self.email = email or f"{role}-{next(_numbers)}@example.com"
            self.member_id = create_staff_member(self.email, role.capitalize(), require_role(role), PASSWORD).id
            db.session.commit()
            self.sign_in()

    def sign_in(self, password: str = PASSWORD) -> TestResponse:
        return self.post("/login", {"email": self.email, "password": password})

    def _send(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send a request as a browser of its own: no lock of the test's is held, nothing of its context is shared."""
        db.session.commit()
        return contextvars.Context().run(getattr(self.client, method), path, buffered=True, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._send("get", path, **options)

    def page(self, path: str) -> BeautifulSoup:
        response = self.get(path, follow_redirects=True)
        assert response.status_code == 200, f"{path}: {response.status_code} {response.text[:2000]}"
        return BeautifulSoup(response.text, "html.parser")

    @property
    def token(self) -> str:
        """The CSRF token that every page of this browser carries; asked for again when its session changed."""
        session = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        if session is None or session.value != self._token_of[0]:
            page = BeautifulSoup(self.get("/account", follow_redirects=True).text, "html.parser")
            session = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
            self._token_of = (session.value, page.find("meta", {"name": "csrf-token"})["content"])
        return self._token_of[1]

    def post(self, path: str, data: Any = None, with_token: bool = True, **options: Any) -> TestResponse:
        values = MultiDict(data or {})
        if with_token and "csrf_token" not in values:
            values["csrf_token"] = self.token
        return self._send("post", path, data=values, **options)

    def form(self, path: str, which: str = "form[data-record-form]") -> MultiDict[str, str]:
        """What the form of a page would send as it stands."""
        form = self.page(path).select_one(which)
        assert form is not None, f"{path} has no {which}"
        return form_values(form)

    def save(self, path: str, which: str = "form[data-record-form]", **changes: Any) -> TestResponse:
        """Open a form, change some of its fields, and send it."""
        values = self.form(path, which)
        return self.post(path, changed(values, changes), with_token=False)

    def send_form(self, form: Any, changes: dict[str, Any]) -> TestResponse:
        """Send a form of a page that is at hand, with some of its fields set anew."""
        return self.post(form["action"], changed(form_values(form), changes), with_token=False)

    def edit_cell(self, entity: str, record: Any, name: str, value: str, was: str, version: int) -> TestResponse:
        data = {"list_form_pk": record.id, name: value, f"was-{name}": was, "version": version}
        return self.post(f"/admin/{entity}/ajax/update/", data, headers={"Accept": "application/json"})


def form_values(form: Any) -> MultiDict[str, str]:
    values: MultiDict[str, str] = MultiDict()
    for control in form.select("input[name], textarea[name], select[name]"):
        if control.find_parent("template") or control.get("type") in ("submit", "button", "file"):
            continue
        if control.name == "select":
            chosen = control.select("option[selected]")
            if not chosen and not control.has_attr("multiple"):
                chosen = control.select("option")[:1]
            for option in chosen:
                values.add(control["name"], option.get("value", option.text))
        elif control.get("type") in ("checkbox", "radio"):
            if control.has_attr("checked"):
                values.add(control["name"], control.get("value", "on"))
        elif control.name == "textarea":
            values.add(control["name"], control.text.removeprefix("\n"))
        else:
            values.add(control["name"], control.get("value", ""))
    return values


def changed(values: MultiDict[str, str], changes: dict[str, Any]) -> MultiDict[str, str]:
    """The values with some set anew; None leaves a field out, a list gives it several values."""
    values = values.copy()
    for name, value in changes.items():
        values.poplist(name)
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                values.add(name, str(one))
    return values


def delete(person: Person, record: Any) -> TestResponse:
    """Delete a record as the page that asks would, which showed it as it is."""
    shown = {"id": record.id, "version": record.version}
    return person.post(f"/admin/{record.__tablename__}/delete/", shown)


def restore(person: Person, record: Any, **typed: str) -> TestResponse:
    """Restore a record as the list of the trash would, which showed it as it is."""
    shown = {"kind": record.__tablename__, "id": record.id, "deleted_at": record.deleted_at.isoformat()}
    return person.post("/admin/trash/restore/", shown | typed)


def text_of(response: TestResponse) -> str:
    """What a page says, without its markup."""
    return " ".join(BeautifulSoup(response.text, "html.parser").get_text(" ").split())


def change_set_of(key: int) -> ChangeSet:
    """A change set with its rows, read anew."""
    return db.session.get(ChangeSet, key, options=[selectinload(ChangeSet.rows)], populate_existing=True)
