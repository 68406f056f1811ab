"""Twice is once: a form posted twice makes one change, whatever it is and however close together the two are."""

import contextvars
import io
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from backoffice.audit.models import ChangeSet, PostedForm
from backoffice.catalog.models import Brand, Product, Variant
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel, StockMovement
from backoffice.inventory.stock import move
from backoffice.records import utc_now
from backoffice.settings.models import ShopSettings
from backoffice.staff.accounts import require_role
from backoffice.staff.models import StaffMember
from backoffice.web import once
from tests.making import PASSWORD, Person, changed, delete, form_values, make_brand, make_product, stored, text_of
from tests.test_access import Walk, data_of
from tests.walking import changed_tables, make_house, make_one, snapshot

SAID = "This was saved already; nothing was done twice."


@dataclass
class Act:
    """A page's form, filled in. made: what there is of its doing; wanted: what there is when it was done once."""

    path: str
    values: MultiDict[str, str]
    made: Callable[[], Any]
    wanted: Any


def new_product(person: Person) -> Act:
    path = "/admin/product/new/"
    typed = {"name": "Striped Towel", "option-1": "Colour"}
    typed |= {"variants-new0-value-1": "Sand", "variants-new0-price": "12.50"}
    typed |= {"variants-new2-value-1": "Sea", "variants-new2-price": "13.50"}
    values = changed(person.form(path), typed)
    return Act(path, values, lambda: [[v.title for v in p.variants] for p in stored(Product)], [["Sand", "Sea"]])


def added_variant(person: Person) -> Act:
    path = f"/admin/product/edit/?id={make_product(prices=(1290, 1490)).id}"
    typed = {"variants-new0-value-1": "Size 3", "variants-new0-sku": "SIZE-3", "variants-new0-price": "16.90"}
    return Act(path, changed(person.form(path), typed), lambda: len(stored(Variant)), 3)


def delivery(person: Person) -> Act:
    variant, location = make_product().variants[0], stored(Location)[0]
    move(variant, location, 5, "delivery", None)
    db.session.commit()
    path = f"/admin/stock_level/edit/?id={stored(StockLevel)[0].id}"
    values = changed(person.form(path, "main form[method=post]"), {"entry": "+5", "kind": "delivery"})
    return Act(path, values, lambda: [one.delta for one in stored(StockMovement)], [5, 5])


def first_stock(person: Person) -> Act:
    path = "/admin/stock_level/new/"
    typed = {"variant": make_product().variants[0].id, "location": stored(Location)[0].id, "entry": "+5"}
    values = changed(person.form(path, "main form[method=post]"), typed | {"kind": "delivery"})
    return Act(path, values, lambda: [one.delta for one in stored(StockMovement)], [5])


def deletion(person: Person) -> Act:
    path = f"/admin/brand/delete/?id={make_brand().id}"
    return Act(path, person.form(path, "form[data-deletes]"), lambda: stored(Brand), [])


def restoration(person: Person) -> Act:
    act = deletion(person)
    person.post(act.path, act.values)
    values = person.form("/admin/trash/?kind=brand", "form[action$='/restore/']")
    return Act("/admin/trash/restore/", values, lambda: [one.name for one in stored(Brand)], ["Norr"])


def undo(person: Person) -> Act:
    brand = make_brand()
    person.save(f"/admin/brand/edit/?id={brand.id}", name="Nord")
    key = stored(ChangeSet)[-1].id
    values = person.form(f"/admin/change_set/details/?id={key}", "form[action$='/undo/']")
    return Act("/admin/change_set/undo/", values, lambda: [one.name for one in stored(Brand)], ["Norr"])


def bulk_publish(person: Person) -> Act:
    products = [make_product(), make_product("Linen Apron")]
    ticked = {"action": "publish", "rowid": [product.id for product in products]}
    values = changed(person.form("/admin/product/", "form[data-list]"), ticked)
    statuses = lambda: [(one.status, one.version) for one in stored(Product)]  # noqa: E731
    return Act("/admin/product/action/", values, statuses, [("active", 2), ("active", 2)])


def new_brand(person: Person) -> Act:
    path = "/admin/brand/new/"
    values = changed(person.form(path), {"name": "Norr"})
    return Act(path, values, lambda: [one.slug for one in stored(Brand)], ["norr"])


def settings(person: Person) -> Act:
    path = "/admin/settings/edit/?id=1"
    values = changed(person.form(path), {"shop_name": "Corner Shop"})
    return Act(path, values, lambda: stored(ShopSettings)[0].shop_name, "Corner Shop")


def new_person(person: Person) -> Act:
    path = "/admin/staff_member/new/"
    typed = {"name": "Ann", "email": "ann@example.com", "password": PASSWORD, "role": require_role("viewer").id}
    values = changed(person.form(path), typed)
    return Act(path, values, lambda: len(stored(StaffMember, email="ann@example.com")), 1)


ACTS = [
    new_product,
    added_variant,
    delivery,
    first_stock,
    deletion,
    restoration,
    undo,
    bulk_publish,
    new_brand,
    settings,
    new_person,
]


def change_sets() -> int:
    return len(stored(ChangeSet))


@pytest.mark.parametrize("prepare", ACTS)
def test_a_form_that_is_posted_again_is_not_done_again(app: Flask, prepare: Callable[[Person], Act]) -> None:
    owner = Person(app, "owner")
    act = prepare(owner)
    before = change_sets()

    first = owner.post(act.path, act.values)
    owner.get(first.location)
    again = owner.post(act.path, act.values)

    assert (first.status_code, again.status_code) == (302, 302), text_of(first) + text_of(again)
    assert again.location == first.location
    assert (act.made(), change_sets()) == (act.wanted, before + 1)
    assert SAID in text_of(owner.get(again.location, follow_redirects=True))


@pytest.mark.parametrize("prepare", ACTS)
def test_a_form_that_is_posted_twice_at_once_is_done_once(
    app: Flask, prepare: Callable[[Person], Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = Person(app, "owner")
    act = prepare(owner)
    before = change_sets()
    write_slowly(monkeypatch)

    answers = post_at_once(owner, act.path, act.values, act.values)

    assert [answer.status_code for answer in answers] == [302, 302], [text_of(answer) for answer in answers]
    assert len({answer.location for answer in answers}) == 1
    assert (act.made(), change_sets()) == (act.wanted, before + 1)


def write_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a request linger between its work and its commit, so that another one surely comes in between."""
    finish = once.finish

    def finish_slowly(*facts: Any) -> None:
        finish(*facts)
        time.sleep(0.4)

    monkeypatch.setattr(once, "finish", finish_slowly)


def post_at_once(person: Person, path: str, *forms: MultiDict[str, str]) -> list[TestResponse]:
    start, answers = threading.Barrier(len(forms)), []

    def post(client: Any, values: MultiDict[str, str]) -> None:
        start.wait()
        answers.append(contextvars.Context().run(client.post, path, data=values, buffered=True))

    threads = [threading.Thread(target=post, args=(same_browser(person), values)) for values in forms]
    db.session.commit()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def same_browser(person: Person) -> Any:
    """A client of its own with the cookies of the person's browser."""
    client = person.app.test_client()
    client.set_cookie("backoffice_session", person.client.get_cookie("backoffice_session").value)
    return client


def test_many_at_once_that_are_refused_are_all_told_why(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = Person(app, "editor")
    values = changed(editor.form("/admin/brand/new/"), {"name": ""})
    monkeypatch.setattr(once, "made_before", lambda _screen: time.sleep(0.3))

    answers = post_at_once(editor, "/admin/brand/new/", *[values] * 4)

    assert len(answers) == 4
    assert {answer.status_code for answer in answers} == {422}
    assert stored(PostedForm) == []


def test_the_second_answer_says_what_the_first_did_and_offers_to_take_it_back(app: Flask) -> None:
    editor = Person(app, "editor")
    values = changed(editor.form("/admin/brand/new/"), {"name": "Norr"})
    editor.get(editor.post("/admin/brand/new/", values).location)

    page = editor.page(editor.post("/admin/brand/new/", values).location)

    [note] = page.select(".toast-note")
    assert f"{SAID} Norr is made." in note.text
    taken_back = editor.post("/admin/change_set/undo/", form_values(note.find("form")))
    assert taken_back.location == "/admin/brand/"
    assert stored(Brand) == []


@pytest.mark.any_engine
def test_what_was_taken_back_since_is_neither_done_again_nor_offered_to_be_taken_back(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand()
    path = f"/admin/brand/edit/?id={brand.id}"
    values = changed(editor.form(path), {"name": "Nord"})
    saved = editor.page(editor.post(path, values).location)
    editor.get(editor.post("/admin/change_set/undo/", form_values(saved.select_one(".toast-note form"))).location)

    note = editor.page(editor.post(path, values).location).select_one(".toast-note")

    assert "This was saved once and taken back since; nothing was done now." in note.text
    assert note.find("form") is None
    assert [one.name for one in stored(Brand)] == ["Norr"]


def test_a_page_that_made_a_record_asks_before_it_makes_another(app: Flask) -> None:
    editor = Person(app, "editor")
    act = new_product(editor)
    editor.post(act.path, act.values)
    [towel] = stored(Product)

    asked = editor.post(act.path, changed(act.values, {"name": "Plain Towel", "slug": "plain"}))

    assert asked.status_code == 409
    page = BeautifulSoup(asked.text, "html.parser")
    warning = page.select_one("main .page-warning")
    assert " ".join(warning.text.split()) == (
        "This page already made “Striped Towel”. Open it to change it, or save again to make another."
    )
    assert warning.find("a")["href"] == f"/admin/product/edit/?id={towel.id}"
    assert len(stored(Product)) == 1
    values = form_values(page.select_one("form[data-record-form]"))
    assert (values["name"], values["variants-new2-price"]) == ("Plain Towel", "13.50")
    assert values["once"] != act.values["once"]

    answer = editor.post(act.path, values)

    assert answer.status_code == 302, text_of(answer)
    assert [one.name for one in stored(Product)] == ["Striped Towel", "Plain Towel"]


@pytest.mark.any_engine
def test_a_page_whose_record_is_gone_makes_another_without_asking(app: Flask) -> None:
    manager = Person(app, "manager")
    act = new_brand(manager)
    manager.post(act.path, act.values)
    delete(manager, stored(Brand)[0])

    answer = manager.post(act.path, changed(act.values, {"name": "Nord"}))

    assert answer.status_code == 302
    assert [one.name for one in stored(Brand)] == ["Nord"]


def test_two_different_records_from_one_page_at_once_are_not_both_made(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both buttons of the page, one click after the other."""
    editor = Person(app, "editor")
    act = new_brand(editor)
    write_slowly(monkeypatch)

    answers = post_at_once(editor, act.path, act.values, changed(act.values, {"then": "another"}))

    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert act.made() == act.wanted


def test_another_change_from_the_same_page_is_an_ordinary_one(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand()
    path = f"/admin/brand/edit/?id={brand.id}"
    values = editor.form(path)

    first = editor.post(path, changed(values, {"name": "Nord"}))
    second = editor.post(path, changed(values, {"description": "Enamel from the north"}))
    clash = editor.post(path, changed(values, {"name": "Sør"}))

    assert [answer.status_code for answer in (first, second, clash)] == [302, 302, 409]
    assert [(one.name, one.description) for one in stored(Brand)] == [("Nord", "Enamel from the north")]


def test_what_was_refused_is_tried_again_with_the_same_form(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand()
    path = "/admin/brand/new/"
    values = changed(editor.form(path), {"name": "Other", "slug": "norr"})

    refused, again = editor.post(path, values), editor.post(path, values)
    kept = stored(PostedForm)
    db.session.delete(db.session.get(Brand, brand.id))
    db.session.commit()
    free_now = editor.post(path, values)

    assert [answer.status_code for answer in (refused, again, free_now)] == [422, 422, 302]
    assert kept == []
    assert [one.name for one in stored(Brand)] == ["Other"]


@pytest.mark.any_engine
def test_what_was_refused_is_mended_and_saved_with_the_same_form(app: Flask) -> None:
    editor = Person(app, "editor")
    values = editor.form("/admin/brand/new/")

    refused = editor.post("/admin/brand/new/", changed(values, {"name": ""}))
    mended = editor.post("/admin/brand/new/", changed(values, {"name": "Norr"}))

    assert (refused.status_code, mended.status_code) == (422, 302)
    assert len(stored(Brand)) == 1


@pytest.mark.any_engine
def test_another_persons_form_is_nothing_that_one_has_posted(app: Flask) -> None:
    ann, ben = Person(app, "editor"), Person(app, "editor")
    values = changed(ann.form("/admin/tag/new/"), {"name": "New"})
    ann.post("/admin/tag/new/", values)

    answer = ben.post("/admin/tag/new/", changed(values, {"csrf_token": ben.token, "name": "Sale"}))
    same = ben.post("/admin/tag/new/", changed(values, {"csrf_token": ben.token}))

    assert answer.status_code == 302
    assert SAID not in text_of(ben.get(answer.location))
    assert same.status_code == 409


@pytest.mark.any_engine
@pytest.mark.parametrize("token", ["", "short", "x" * 21, "x" * 23, "x" * 100_000, "é" * 22, "x" * 21 + "'", None])
def test_a_token_that_is_none_of_ours_is_taken_for_none(app: Flask, token: str | None) -> None:
    editor = Person(app, "editor")
    typed = {"name": "Norr", "once": token, "csrf_token": editor.token}
    values = changed(editor.form("/admin/brand/new/"), typed)

    answers = [editor.post("/admin/brand/new/", values) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(stored(Brand)) == 2
    assert stored(PostedForm) == []


@pytest.mark.any_engine
def test_the_second_answer_leads_nowhere_but_into_the_house(app: Flask) -> None:
    editor = Person(app, "editor")
    act = undo(editor)
    act.values["back"] = "/admin/brand/?search=" + "x" * 5000
    editor.post(act.path, act.values)
    leads_to = stored(PostedForm)[-1].answer
    db.session.execute(db.update(PostedForm).values(answer="//evil.example/"))
    db.session.commit()

    again = editor.post(act.path, act.values)

    assert leads_to is None
    assert again.location == "/admin/"


@pytest.mark.any_engine
def test_a_password_leaves_nothing_by_which_it_could_be_guessed(app: Flask) -> None:
    owner = Person(app, "owner")
    values = changed(
        owner.form("/account", "main form[method=post]"),
        {"current_password": PASSWORD, "new_password": "another long one", "new_password_again": "another long one"},
    )

    first = owner.post("/account", values)
    again = owner.post("/account", values)

    assert (first.location, again.location) == ("/account", "/account")
    assert SAID in text_of(owner.get("/account"))
    [kept] = stored(PostedForm)
    assert values["once"] not in f"{kept.form} {kept.content} {kept.said} {kept.answer}"
    app.secret_key, key = "another key", app.secret_key
    try:
        with app.test_request_context("/account", method="POST", data=values):
            assert once.digest_of_content() != kept.content
    finally:
        app.secret_key = key


def test_the_same_value_typed_twice_into_a_cell_is_one_change(app: Flask) -> None:
    editor, brand = Person(app, "editor"), make_brand()
    before = change_sets()

    answers = [editor.edit_cell("brand", brand, "name", "Nord", "Norr", 1) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [one.version for one in stored(Brand)] == [2]
    assert change_sets() == before + 1


@pytest.mark.any_engine
def test_a_file_that_differs_is_another_content(app: Flask) -> None:
    def digest(content: bytes) -> str:
        data = {"name": "Mug", "picture": (io.BytesIO(content), "mug.png")}
        with app.test_request_context("/admin/picture/new/", method="POST", data=data):
            return once.digest_of_content()

    assert digest(b"one") == digest(b"one") != digest(b"two")


def test_what_was_posted_days_ago_is_forgotten(app: Flask) -> None:
    editor = Person(app, "editor")
    editor.save("/admin/brand/new/", name="Norr")
    editor.save("/admin/brand/new/", name="Nord")
    oldest, _ = stored(PostedForm)
    oldest.at = utc_now() - timedelta(days=3)
    db.session.commit()

    once.forget_old()

    assert len(stored(PostedForm)) == 1


@pytest.mark.any_engine
def test_forgetting_fails_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "FORGETS_EVERY", 1)
    editor = Person(app, "editor")

    answer = editor.save("/admin/brand/new/", name="Norr")

    assert answer.status_code == 302
    assert len(stored(PostedForm)) == 1


@pytest.mark.any_engine
def test_whatever_a_screen_does_is_not_done_again(app: Flask) -> None:
    walk = Walk(app)
    posts = [ask for ask in walk.asks() if ask.method == "POST" and "/ajax/" not in ask.path]
    done, faults = [], []

    for ask in posts:
        data = changed(data_of(ask.prepare()), {"once": secrets.token_urlsafe(16), "csrf_token": walk.owner.token})
        first = walk.owner.post(ask.path, data)
        if first.status_code != 302 or ask.path == "/logout":
            continue
        rows = snapshot()
        again = walk.owner.post(ask.path, data)
        moved = changed_tables(rows, snapshot())
        done.append(ask)
        if again.location != first.location or moved:
            faults.append(f"{ask}: led to {again.location} and changed {moved}")

    assert faults == []
    assert len(done) > 30


def pages_of(app: Flask, owner: Person) -> list[str]:
    """Every page that holds a form: of each screen its list, its records, its new one, and what is no screen."""
    paths = ["/admin/", "/account", "/admin/trash/?kind=brand"]
    for endpoint, record in make_house(app).items():
        screen = app.extensions["screens"][endpoint]
        paths.append(f"/admin/{endpoint}/")
        paths += [f"/admin/{endpoint}/new/"] * screen.can_create
        paths += [f"/admin/{endpoint}/edit/?id={record.id}"] * screen.can_edit
        paths += [f"/admin/{endpoint}/delete/?id={record.id}"] * screen.can_delete
        paths += [f"/admin/{endpoint}/{page}/?id={record.id}" for page in ("details", "history")]
    return [path for path in paths if owner.get(path, follow_redirects=True).status_code == 200]


@pytest.mark.any_engine
def test_every_form_that_writes_carries_what_tells_it_from_every_other(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_one(Brand)
    delete(owner, brand)
    forms = [(path, form) for path in pages_of(app, owner) for form in owner.page(path).select("form[method=post]")]
    writing = [(path, form) for path, form in forms if form.get("action") != "/logout"]
    tokens = [form_values(form).getlist("once") for _, form in writing]

    assert len(writing) > 40
    assert [path for (path, _), found in zip(writing, tokens) if len(found) != 1] == []
    assert len({found[0] for found in tokens}) == len(tokens)
    assert all(once.TOKEN.fullmatch(found[0]) for found in tokens)
