"""Who else has a record open, as its page shows it and asks for it."""

import contextvars
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from backoffice.audit.models import OpenRecord
from backoffice.extensions import db
from backoffice.settings.shop import shop_settings
from backoffice.staff.models import SignIn, StaffMember
from backoffice.web.assets import SCRIPTS, made
from tests.making import Person, delete, make_brand, make_product, stored
from tests.walking import make_house, screens_of

PAGE = "a-page-of-the-tests-own"


def tell(person: Person, record: Any, page: str = PAGE, screen: str = "", **more: str) -> Any:
    """Send what a page tells of itself."""
    path = f"/admin/{screen or record.__tablename__}/ajax/open/"
    return person.post(path, {"id": record.id, "page": page} | more)


def named(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json["others"]]


def told_on_page(person: Person, record: Any) -> str:
    page = person.page(f"/admin/{record.__tablename__}/edit/?id={record.id}")
    return page.select_one(".also-open").text.strip()


def open_pages() -> int:
    count = db.session.scalar(db.select(db.func.count(OpenRecord.id)))
    db.session.commit()
    return count


def test_two_who_have_a_record_open_are_told_of_each_other(app: Flask) -> None:
    product = make_product()
    manager, editor = Person(app, "manager"), Person(app, "editor")

    first, second = tell(manager, product), tell(editor, product, "another-page-of-theirs")

    assert named(first) == []
    assert named(second) == ["Manager"]
    assert named(tell(manager, product)) == ["Editor"]
    assert told_on_page(editor, product).startswith("Also open: Manager since ")


def test_the_time_is_told_as_the_shop_writes_it(app: Flask) -> None:
    shop_settings().time_zone, shop_settings().locale = "Asia/Tokyo", "de"
    product = make_product()
    manager, editor = Person(app, "manager"), Person(app, "editor")
    tell(manager, product)
    [row] = stored(OpenRecord)
    row.opened_at = row.opened_at.replace(year=2026, month=3, day=8, hour=15, minute=4)
    db.session.commit()

    assert tell(editor, product).json == {"others": [{"name": "Manager", "since": "9 März, 00:04"}]}


def test_ones_own_other_tab_is_nobody_else(app: Flask) -> None:
    product = make_product()
    editor = Person(app, "editor")
    tell(editor, product)

    assert named(tell(editor, product, "my-second-tab-of-it")) == []
    assert told_on_page(editor, product) == ""


def test_who_leaves_is_no_longer_told_of(app: Flask) -> None:
    product = make_product()
    manager, editor = Person(app, "manager"), Person(app, "editor")
    tell(manager, product)

    left = tell(manager, product, leaving="y")

    assert left.status_code == 200
    assert open_pages() == 0
    assert told_on_page(editor, product) == ""


def test_who_was_not_seen_for_a_minute_is_no_longer_told_of(app: Flask) -> None:
    product = make_product()
    manager, editor = Person(app, "manager"), Person(app, "editor")
    tell(manager, product)
    [row] = stored(OpenRecord)
    row.seen_at -= timedelta(seconds=61)
    db.session.commit()

    assert named(tell(editor, product)) == []


@pytest.mark.parametrize(
    ("role", "status"), [("viewer", 403), ("editor", 200), ("manager", 200), ("owner", 200), (None, 401)]
)
def test_only_who_may_edit_a_record_is_told_and_told_of(app: Flask, role: str | None, status: int) -> None:
    product = make_product()
    tell(Person(app, "owner"), product)

    answer = tell(Person(app, role), product, "page-of-this-person")

    assert answer.status_code == status
    assert ("Owner" in answer.text) == (status == 200)
    assert open_pages() == (2 if status == 200 else 1)


def test_each_screen_asks_for_the_right_of_its_own_area(app: Flask) -> None:
    manager, owner = Person(app, "manager"), Person(app, "owner")
    member = stored(StaffMember, id=owner.member_id)[0]

    assert (tell(manager, member).status_code, tell(owner, member).status_code) == (403, 200)


@pytest.mark.any_engine
def test_every_page_that_edits_a_record_tells_of_itself(app: Flask) -> None:
    house, owner, editor = make_house(app), Person(app, "owner"), Person(app, "owner")
    silent = []
    scripts = {f"/assets/{made(name).address}" for name, parts in SCRIPTS.items() if "presence" in parts}

    for screen in [one for one in screens_of(app) if one.can_edit]:
        record = house[screen.endpoint]
        page = owner.page(f"/admin/{screen.endpoint}/edit/?id={record.id}")
        place = page.select_one("[data-open-url]")
        answer = owner.post(place["data-open-url"], {"id": place["data-id"], "page": place["data-page"]})
        told = named(tell(editor, record, screen=screen.endpoint))
        sent = {script.get("src") for script in page.select("script")}
        if answer.status_code != 200 or told != ["Owner"] or scripts.isdisjoint(sent):
            silent.append(screen.endpoint)

    assert silent == []


def test_a_new_record_is_open_to_nobody_else(app: Flask) -> None:
    page = Person(app, "editor").page("/admin/brand/new/")

    assert page.select("[data-open-url]") == []


def test_each_page_has_a_key_of_its_own(app: Flask) -> None:
    brand, editor = make_brand(), Person(app, "editor")

    keys = {editor.page(f"/admin/brand/edit/?id={brand.id}").select_one("[data-page]")["data-page"] for _ in "ab"}

    assert len(keys) == 2


def test_a_refused_save_still_says_who_else_is_there(app: Flask) -> None:
    brand = make_brand()
    manager, editor = Person(app, "manager"), Person(app, "editor")
    tell(manager, brand)

    answer = editor.save(f"/admin/brand/edit/?id={brand.id}", name="")

    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select_one(".also-open").text.strip().startswith("Also open: Manager since ")


@pytest.mark.parametrize("key", ["0", "-1", "1.5", "999999", "9" * 40, "one", "", "１", "1 OR 1=1"])
def test_what_is_no_record_is_answered_with_a_sentence(app: Flask, key: str) -> None:
    make_product()

    answer = Person(app, "editor").post("/admin/product/ajax/open/", {"id": key, "page": PAGE})

    assert (answer.status_code, open_pages()) == (404, 0)
    assert answer.json["message"].startswith("There is no such product.")


def test_a_record_in_the_trash_is_open_to_nobody(app: Flask) -> None:
    product, manager = make_product(), Person(app, "manager")
    delete(manager, product)

    answer = tell(manager, product)

    assert (answer.status_code, open_pages()) == (404, 0)


@pytest.mark.parametrize(
    "page", ["", "short", "k" * 65, "k" * 5000, "key with blanks in it", "'; DROP TABLE x; --", "é" * 20]
)
def test_a_page_key_of_another_kind_is_refused_with_a_sentence(app: Flask, page: str) -> None:
    product = make_product()

    answer = tell(Person(app, "editor"), product, page)

    assert (answer.status_code, open_pages()) == (422, 0)
    assert answer.json["message"] == "This page does not know its own key. Reload it."


def test_a_page_alone_at_the_desk_does_not_keep_its_person_signed_in(app: Flask) -> None:
    product, editor = make_product(), Person(app, "editor")
    [sign_in] = stored(SignIn)
    sign_in.last_seen_at = then = sign_in.last_seen_at - timedelta(days=3)
    db.session.commit()

    # The token comes from a page that the person opened, which does count.
    token = editor.token
    stored(SignIn)[0].last_seen_at = then
    db.session.commit()
    tell(editor, product, csrf_token=token)

    assert stored(SignIn)[0].last_seen_at == then


def test_telling_does_not_wait_for_somebody_who_saves(app: Flask) -> None:
    product, editor = make_product(), Person(app, "editor")
    token = editor.token
    db.session.connection().execute(db.update(StaffMember).values(name="Renamed"))
    data = {"id": product.id, "page": PAGE, "csrf_token": token}

    # As a browser of its own, while this test's own writing is not committed.
    answer = contextvars.Context().run(editor.client.post, "/admin/product/ajax/open/", data=data)

    assert answer.status_code == 200
    db.session.rollback()
