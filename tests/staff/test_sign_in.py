"""Signing in and out: what the page answers, what the cookie holds, and when a sign-in ends."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from backoffice import dialects
from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.dialects import work_may_write
from backoffice.extensions import db
from backoffice.records import utc_now
from backoffice.staff import accounts
from backoffice.staff.models import SignIn, StaffMember
from backoffice.staff.sessions import LONGEST_IDLE, SEEN_EVERY
from tests.making import PASSWORD, Person, changed, make_app, migrate, stored, text_of

NEW_PASSWORD = "quite another password"
COOKIE = "backoffice_session"


def cookie_of(person: Person) -> str:
    cookie = person.client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def with_cookie(app: Flask, value: str) -> Person:
    """Another browser that holds a copied cookie."""
    thief = Person(app, None)
    thief.client.set_cookie(COOKIE, value)
    return thief


def is_signed_in(person: Person) -> bool:
    return person.get("/admin/").status_code == 200


def test_the_right_password_opens_the_back_office(app: Flask) -> None:
    viewer = Person(app, "viewer")

    answer = viewer.get("/admin/")

    assert answer.status_code == 200
    assert "Viewer" in answer.text


def test_wrong_unknown_locked_and_empty_get_the_same_answer(app: Flask) -> None:
    viewer, locked, visitor = Person(app, "viewer"), Person(app, "viewer"), Person(app, None)
    accounts.lock(db.session.get(StaffMember, locked.member_id))
    db.session.commit()
    tries = [
        (viewer.email, "the wrong password"),
        ("nobody@example.com", PASSWORD),
        (locked.email, PASSWORD),
        (viewer.email, ""),
        ("", ""),
        (viewer.email, "x" * 5000),
        ("x" * 5000, PASSWORD),
    ]

    answers = [visitor.post("/login", {"email": email, "password": password}) for email, password in tries]

    assert {answer.status_code for answer in answers} == {401}
    problems = {BeautifulSoup(answer.text, "html.parser").select_one("[role=alert]").text for answer in answers}
    assert problems == {"Email or password is wrong. Check both, and whether Caps Lock is on."}
    assert not is_signed_in(visitor)


def test_the_email_stays_typed_and_the_password_does_not(app: Flask) -> None:
    visitor = Person(app, None)

    answer = visitor.post("/login", {"email": "ann@example.com", "password": "my secret words"})

    assert 'value="ann@example.com"' in answer.text
    assert "my secret words" not in answer.text


def test_the_email_may_be_typed_in_capitals_with_blanks(app: Flask) -> None:
    viewer, visitor = Person(app, "viewer"), Person(app, None)

    visitor.post("/login", {"email": f"  {viewer.email.upper()} ", "password": PASSWORD})

    assert is_signed_in(visitor)


def test_a_page_asked_for_is_opened_after_signing_in(app: Flask) -> None:
    viewer, visitor = Person(app, "viewer"), Person(app, None)

    sent_away = visitor.get("/admin/product/?search=mug&page=2")
    form = visitor.form(sent_away.location, "form")
    answer = visitor.post("/login", changed(form, {"email": viewer.email, "password": PASSWORD}), with_token=False)

    assert answer.location == "/admin/product/?search=mug&page=2"


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        " //evil.example",
        "http:evil.example",
        "https:/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "@evil.example",
        "/\r\nSet-Cookie: a=b",
        "http://[::1",
        "//[evil",
    ],
)
def test_signing_in_leads_only_to_our_own_addresses(app: Flask, target: str) -> None:
    viewer, visitor = Person(app, "viewer"), Person(app, None)

    posted = visitor.post("/login", {"email": viewer.email, "password": PASSWORD, "next": target})
    already = viewer.get("/login", query_string={"next": target})

    for answer in (posted, already):
        assert answer.status_code == 302
        assert answer.location == "/admin/"


def test_signing_in_starts_a_new_session(app: Flask) -> None:
    viewer, visitor = Person(app, "viewer"), Person(app, None)
    planted_token = visitor.token
    planted = cookie_of(visitor)

    visitor.post("/login", {"email": viewer.email, "password": PASSWORD, "csrf_token": planted_token})

    assert cookie_of(visitor) != planted
    assert not is_signed_in(with_cookie(app, planted))
    assert visitor.post("/logout", {"csrf_token": planted_token}).status_code == 400


def test_the_cookie_holds_a_random_token_and_the_table_its_hash(app: Flask) -> None:
    viewer = Person(app, "viewer")

    with viewer.client.session_transaction() as session:
        token = session["_user_id"]

    [row] = stored(SignIn, staff_member_id=viewer.member_id)
    assert len(token) >= 40
    assert token not in row.token_hash and len(row.token_hash) == 64


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask) -> None:
    viewer = Person(app, "viewer")
    thief = with_cookie(app, cookie_of(viewer))
    assert is_signed_in(thief)

    viewer.post("/logout")

    assert not is_signed_in(thief)
    assert not is_signed_in(viewer)
    assert stored(SignIn, staff_member_id=viewer.member_id)[0].ended_at is not None


def test_signing_out_leaves_the_other_browsers_signed_in(app: Flask) -> None:
    viewer = Person(app, "viewer")
    phone = Person(app, None)
    phone.post("/login", {"email": viewer.email, "password": PASSWORD})

    viewer.post("/logout")

    assert is_signed_in(phone)


def test_signing_out_takes_a_post_with_a_token(app: Flask) -> None:
    viewer = Person(app, "viewer")

    assert viewer.get("/logout").status_code == 405
    assert viewer.post("/logout", with_token=False).status_code == 400
    assert is_signed_in(viewer)


def two_browsers(app: Flask, role: str) -> tuple[Person, Person]:
    laptop = Person(app, role)
    phone = Person(app, None)
    phone.post("/login", {"email": laptop.email, "password": PASSWORD})
    assert is_signed_in(laptop) and is_signed_in(phone)
    return laptop, phone


def test_a_new_password_signs_every_other_browser_out(app: Flask) -> None:
    laptop, phone = two_browsers(app, "viewer")
    stolen = with_cookie(app, cookie_of(laptop))

    answer = laptop.post(
        "/account",
        {"current_password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD},
    )

    assert answer.status_code == 302, text_of(answer)
    assert is_signed_in(laptop)
    assert not is_signed_in(phone)
    assert not is_signed_in(stolen)
    assert laptop.post("/logout").status_code == 302
    assert laptop.sign_in(PASSWORD).status_code == 401
    assert laptop.sign_in(NEW_PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "typed, sentence",
    [
        ({"current_password": "wrong wrong wrong"}, "The current password is wrong"),
        ({"new_password_again": "a slip of the key"}, "The two new passwords differ"),
        ({"new_password": "short", "new_password_again": "short"}, "The password is too short"),
        ({"new_password": "x" * 300, "new_password_again": "x" * 300}, "The password is too long"),
    ],
)
@pytest.mark.any_engine
def test_a_password_that_cannot_be_taken_is_refused_with_a_sentence(
    app: Flask, typed: dict[str, str], sentence: str
) -> None:
    viewer = Person(app, "viewer")
    right = {"current_password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}

    answer = viewer.post("/account", right | typed)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert is_signed_in(viewer)
    assert viewer.post("/logout").status_code == 302 and viewer.sign_in(PASSWORD).status_code == 302


def test_a_password_that_an_owner_sets_signs_the_person_out(app: Flask) -> None:
    owner = Person(app, "owner")
    laptop, phone = two_browsers(app, "viewer")

    answer = owner.save(f"/admin/staff_member/edit/?id={laptop.member_id}", password=NEW_PASSWORD)

    assert answer.status_code == 302, text_of(answer)
    assert not is_signed_in(laptop) and not is_signed_in(phone)
    assert laptop.sign_in(NEW_PASSWORD).status_code == 302


def test_another_role_signs_the_person_out(app: Flask) -> None:
    owner = Person(app, "owner")
    laptop, phone = two_browsers(app, "viewer")

    answer = owner.save(
        f"/admin/staff_member/edit/?id={laptop.member_id}", role=str(accounts.require_role("editor").id)
    )

    assert answer.status_code == 302, text_of(answer)
    assert stored(StaffMember, id=laptop.member_id)[0].role.name == "editor"
    assert not is_signed_in(laptop) and not is_signed_in(phone)


def test_a_lock_signs_the_person_out_and_keeps_them_out(app: Flask) -> None:
    owner = Person(app, "owner")
    laptop, phone = two_browsers(app, "viewer")

    answer = owner.save(f"/admin/staff_member/edit/?id={laptop.member_id}", is_locked="y")

    assert answer.status_code == 302, text_of(answer)
    assert not is_signed_in(laptop) and not is_signed_in(phone)
    assert laptop.sign_in().status_code == 401


def test_unlocking_lets_a_person_in_but_wakes_no_old_browser(app: Flask) -> None:
    owner, viewer = Person(app, "owner"), Person(app, "viewer")
    owner.save(f"/admin/staff_member/edit/?id={viewer.member_id}", is_locked="y")

    owner.save(f"/admin/staff_member/edit/?id={viewer.member_id}", is_locked=None)

    assert not is_signed_in(viewer)
    assert viewer.sign_in().status_code == 302


def test_a_new_name_signs_nobody_out(app: Flask) -> None:
    owner, viewer = Person(app, "owner"), Person(app, "viewer")

    owner.save(f"/admin/staff_member/edit/?id={viewer.member_id}", name="Vera Viewer")

    assert is_signed_in(viewer)


def test_an_owner_signs_one_browser_of_another_out(app: Flask) -> None:
    owner = Person(app, "owner")
    laptop, phone = two_browsers(app, "viewer")
    first = stored(SignIn, staff_member_id=laptop.member_id)[0]

    owner.post("/admin/sign_in/action/", {"action": "end", "rowid": first.id})

    assert not is_signed_in(laptop)
    assert is_signed_in(phone)


def test_the_last_owner_is_neither_locked_nor_given_another_role(app: Flask) -> None:
    first, second = Person(app, "owner"), Person(app, "owner")
    viewer_role = accounts.require_role("viewer").id
    first.save(f"/admin/staff_member/edit/?id={second.member_id}", role=str(viewer_role))
    member = db.session.get(StaffMember, first.member_id)

    with pytest.raises(accounts.Refusal, match="is the last owner"):
        accounts.lock(member)
    with pytest.raises(accounts.Refusal, match="is the last owner"):
        accounts.set_role(member, accounts.require_role("viewer"))


def test_a_locked_owner_does_not_count_as_one(app: Flask) -> None:
    first, second = Person(app, "owner"), Person(app, "owner")
    first.save(f"/admin/staff_member/edit/?id={second.member_id}", is_locked="y")

    with pytest.raises(accounts.Refusal, match="is the last owner"):
        accounts.lock(db.session.get(StaffMember, first.member_id))


@pytest.mark.parametrize(
    "change, sentence",
    [({"is_locked": "y"}, "lock yourself out"), ({"role": "viewer"}, "Somebody else must change your own role")],
)
def test_nobody_locks_or_demotes_themself(app: Flask, change: dict[str, str], sentence: str) -> None:
    first, _second = Person(app, "owner"), Person(app, "owner")
    values = {name: str(accounts.require_role(text).id) if name == "role" else text for name, text in change.items()}

    answer = first.save(f"/admin/staff_member/edit/?id={first.member_id}", **values)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert is_signed_in(first)
    member = stored(StaffMember, id=first.member_id)[0]
    assert (member.role.name, member.is_locked) == ("owner", False)


def test_a_person_is_made_on_the_screen_and_can_sign_in(app: Flask) -> None:
    owner, visitor = Person(app, "owner"), Person(app, None)
    role = str(accounts.require_role("editor").id)

    answer = owner.save(
        "/admin/staff_member/new/", name="Edda", email=" Edda@Example.com", role=role, password=NEW_PASSWORD
    )

    assert answer.status_code == 302, text_of(answer)
    visitor.post("/login", {"email": "edda@example.com", "password": NEW_PASSWORD})
    assert is_signed_in(visitor)


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"email": "no address"}, "Write the email like name@example.com."),
        ({"password": ""}, "The password is missing."),
        ({"password": "short"}, "The password is too short."),
        ({"email": ""}, "Email is missing. Enter it."),
    ],
)
def test_a_person_who_cannot_be_made_is_refused_with_a_sentence(
    app: Flask, change: dict[str, str], sentence: str
) -> None:
    owner = Person(app, "owner")
    role = str(accounts.require_role("editor").id)
    right = {"name": "Edda", "email": "edda@example.com", "role": role, "password": NEW_PASSWORD}

    answer = owner.save("/admin/staff_member/new/", **(right | change))

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="Edda"' in answer.text
    assert len(stored(StaffMember)) == 1


def test_two_people_never_share_an_email(app: Flask) -> None:
    owner, viewer = Person(app, "owner"), Person(app, "viewer")
    role = str(accounts.require_role("editor").id)

    answer = owner.save(
        "/admin/staff_member/new/", name="Twin", email=viewer.email.upper(), role=role, password=NEW_PASSWORD
    )

    assert answer.status_code == 422
    assert "In use by" in text_of(answer)
    assert len(stored(StaffMember)) == 2


def test_passwords_are_kept_as_argon2_hashes_and_nowhere_else(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    owner = Person(app, "owner")
    role = str(accounts.require_role("editor").id)
    caplog.set_level(0)

    owner.save("/admin/staff_member/new/", name="Edda", email="edda@example.com", role=role, password=NEW_PASSWORD)
    member = stored(StaffMember, email="edda@example.com")[0]
    owner.save(f"/admin/staff_member/edit/?id={member.id}", password="a third long password")
    pages = [owner.get(f"/admin/staff_member/{page}/?id={member.id}").text for page in ("history", "details", "edit")]
    pages += [owner.get("/admin/change_set/").text, owner.get("/admin/staff_member/").text]

    member = stored(StaffMember, email="edda@example.com")[0]
    assert member.password_hash.startswith("$argon2id$")
    kept = repr([(row.old, row.new, row.label) for row in stored(ChangeRow)])
    kept += repr([(one.summary, one.source, one.counts) for one in stored(ChangeSet)])
    for secret in (NEW_PASSWORD, "a third long password", "$argon2"):
        assert secret not in kept
        assert secret not in caplog.text
        assert not [page for page in pages if secret in page]
    assert [row.new for row in stored(ChangeRow, entity="staff_member", operation="update")] == [
        {"password_hash": "(secret)"}
    ]


def test_an_idle_sign_in_expires(app: Flask) -> None:
    viewer = Person(app, "viewer")
    seen_at(viewer, utc_now() - LONGEST_IDLE - timedelta(minutes=1))

    assert not is_signed_in(viewer)


def test_a_visit_keeps_a_sign_in_alive(app: Flask) -> None:
    viewer = Person(app, "viewer")
    long_ago = utc_now() - LONGEST_IDLE + timedelta(hours=1)
    seen_at(viewer, long_ago)

    assert is_signed_in(viewer)
    assert utc_now() - stored(SignIn, staff_member_id=viewer.member_id)[0].last_seen_at < SEEN_EVERY


def test_visits_close_together_write_nothing(app: Flask) -> None:
    viewer = Person(app, "viewer")
    before = stored(SignIn, staff_member_id=viewer.member_id)[0].last_seen_at

    viewer.get("/admin/")

    assert stored(SignIn, staff_member_id=viewer.member_id)[0].last_seen_at == before


def test_a_visit_is_noted_with_no_other_connection_in_hand(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many who come in at the same moment, each would else hold one and wait for another."""
    viewer = Person(app, "viewer")
    seen_at(viewer, utc_now() - 2 * SEEN_EVERY)
    in_hand = []
    write = dialects.write_unless_busy

    def look_and_write(*facts: Any) -> bool:
        in_hand.append(db.engine.pool.checkedout())
        return write(*facts)

    monkeypatch.setattr(dialects, "write_unless_busy", look_and_write)
    answer = viewer.post("/account", {"current_password": "wrong"})

    assert (answer.status_code, in_hand) == (422, [0])
    assert utc_now() - stored(SignIn, staff_member_id=viewer.member_id)[0].last_seen_at < SEEN_EVERY


def seen_at(person: Person, moment: Any) -> None:
    [row] = stored(SignIn, staff_member_id=person.member_id)
    row.last_seen_at = moment
    db.session.commit()


@pytest.fixture
def app_of(tmp_path: Path) -> Any:
    """Makes an application of a given environment on a database of its own."""

    def make(environment: str) -> Flask:
        app = make_app(f"sqlite:///{tmp_path / environment}.sqlite", tmp_path, environment)
        migrate(app)
        return app

    return make


@pytest.mark.parametrize(
    "environment, is_secure", [("development", False), ("testing", False), ("staging", True), ("production", True)]
)
def test_the_cookie_is_for_this_site_and_no_script_and_where_data_is_real_for_https(
    app_of: Any, environment: str, is_secure: bool
) -> None:
    client = app_of(environment).test_client()

    answer = client.get("/login", base_url="https://shop.example")

    [cookie] = answer.headers.getlist("Set-Cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) == is_secure
    assert "Domain" not in cookie


def test_only_who_asks_to_stay_gets_a_cookie_that_outlives_the_browser(app: Flask) -> None:
    viewer, visitor = Person(app, "viewer"), Person(app, None)
    typed = {"email": viewer.email, "password": PASSWORD}

    short = visitor.post("/login", typed)
    visitor.post("/logout")
    long = visitor.post("/login", typed | {"stay": "y"})

    assert "Expires" not in short.headers["Set-Cookie"]
    assert "Expires" in long.headers["Set-Cookie"]


def test_too_many_tries_at_the_sign_in_page_are_answered_429_with_a_page(app_of: Any) -> None:
    app = app_of("development")
    with app.app_context():
        work_may_write()
        visitor = Person(app, None)
        token = visitor.token
        typed = {"password": "a guess", "csrf_token": token}

        emails = [f"ann-{number}@example.com" for number in range(21)]
        answers = [visitor.post("/login", typed | {"email": email}, with_token=False) for email in emails]

    assert [answer.status_code for answer in answers] == [401] * 20 + [429]
    assert "Too many tries" in text_of(answers[-1])
    assert visitor_may_look(visitor)


def test_too_many_tries_at_one_account_are_answered_429_from_wherever_they_come(app_of: Any) -> None:
    app = app_of("development")
    with app.app_context():
        work_may_write()
        visitor = Person(app, None)
        typed = {"email": "ann@example.com", "password": "a guess", "csrf_token": visitor.token}

        answers = [
            visitor.post("/login", typed, with_token=False, environ_base={"REMOTE_ADDR": f"127.0.0.{number}"})
            for number in range(2, 13)
        ]

    assert [answer.status_code for answer in answers] == [401] * 10 + [429]


def visitor_may_look(visitor: Person) -> bool:
    with visitor.app.app_context():
        return visitor.get("/login").status_code == 200
