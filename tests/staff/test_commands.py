"""`manage.py staff`: accounts from the command line."""

import contextvars
import json
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from backoffice.cli import group
from backoffice.extensions import db
from backoffice.staff.models import StaffMember
from tests.making import PASSWORD, Person, stored


def run(app: Flask, *arguments: str, typed: str | None = None) -> Result:
    """Run the command as a process of its own would: nothing of the test's session is shared."""
    db.session.commit()
    invoke = app.test_cli_runner().invoke
    return contextvars.Context().run(invoke, group, ["staff", *arguments], input=typed)


def facts(result: Result) -> Any:
    assert len(result.stdout.strip().splitlines()) == 1, result.stdout
    return json.loads(result.stdout)


def can_sign_in(app: Flask, email: str, password: str) -> bool:
    return Person(app, None).post("/login", {"email": email, "password": password}).status_code == 302


def test_an_account_is_made_with_a_password_that_is_shown_once(app: Flask) -> None:
    result = run(app, "create", "Ann@Example.com", "--role", "editor", "--name", "Ann")

    assert result.exit_code == 0, result.output
    assert "ann@example.com may sign in as editor." in result.stdout
    password = result.stdout.rpartition(": ")[2].strip()
    assert can_sign_in(app, "ann@example.com", password)
    [member] = stored(StaffMember)
    assert (member.name, member.role.name) == ("Ann", "editor")


def test_a_password_from_standard_input_is_never_shown(app: Flask) -> None:
    result = run(app, "create", "ann@example.com", "--role", "viewer", "--password-stdin", typed=f"{PASSWORD}\n")

    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert can_sign_in(app, "ann@example.com", PASSWORD)


def test_what_was_made_is_told_to_programs_as_one_object(app: Flask) -> None:
    arguments = ("create", "ann@example.com", "--role", "viewer", "--password-stdin", "--json")

    result = run(app, *arguments, typed=f"{PASSWORD}\n")

    assert facts(result) == {"email": "ann@example.com", "role": "viewer"}


def test_a_made_up_password_reaches_a_program_that_asks_for_json(app: Flask) -> None:
    result = run(app, "create", "ann@example.com", "--role", "viewer", "--json")

    assert can_sign_in(app, "ann@example.com", facts(result)["password"])


def test_the_list_names_everybody_with_role_and_lock(app: Flask) -> None:
    Person(app, "owner", "olga@example.com")
    Person(app, "viewer", "vera@example.com")
    run(app, "lock", "vera@example.com")

    in_words, as_json = run(app, "list"), run(app, "list", "--json")

    assert [line.split() for line in in_words.stdout.splitlines()] == [
        ["olga@example.com", "owner"],
        ["vera@example.com", "viewer", "locked"],
    ]
    assert facts(as_json) == {
        "staff": [
            {"email": "olga@example.com", "name": "Owner", "role": "owner", "locked": False},
            {"email": "vera@example.com", "name": "Viewer", "role": "viewer", "locked": True},
        ]
    }


def test_a_new_password_signs_the_person_out(app: Flask) -> None:
    viewer = Person(app, "viewer")

    result = run(app, "password", viewer.email, "--password-stdin", typed="quite another password\n")

    assert result.exit_code == 0, result.output
    assert viewer.get("/admin/").status_code == 302
    assert can_sign_in(app, viewer.email, "quite another password")
    assert not can_sign_in(app, viewer.email, PASSWORD)


def test_a_lock_signs_the_person_out_until_they_are_unlocked(app: Flask) -> None:
    viewer = Person(app, "viewer")

    locked = run(app, "lock", viewer.email)
    is_out = viewer.get("/admin/").status_code == 302 and not can_sign_in(app, viewer.email, PASSWORD)
    unlocked = run(app, "unlock", viewer.email)

    assert (locked.exit_code, unlocked.exit_code) == (0, 0)
    assert is_out
    assert can_sign_in(app, viewer.email, PASSWORD)


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (("create", "ann@example.com", "--role", "king"), "There is no role “king”. The roles are:"),
        (("create", "no address", "--role", "viewer"), "Write the email like name@example.com."),
        (("create", "vera@example.com", "--role", "viewer"), "vera@example.com has an account already."),
        (("password", "nobody@example.com"), "Nobody has the email nobody@example.com."),
        (("lock", "olga@example.com"), "is the last owner."),
        (("lock", "nobody@example.com"), "Nobody has the email"),
        (("unlock", "nobody@example.com"), "Nobody has the email"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_with_status_1(
    app: Flask, arguments: tuple[str, ...], sentence: str
) -> None:
    Person(app, "owner", "olga@example.com")
    Person(app, "viewer", "vera@example.com")

    in_words, as_json = run(app, *arguments), run(app, *arguments, "--json")

    assert sentence in str(in_words.exception)
    assert (in_words.exit_code, as_json.exit_code) == (1, 1)
    assert sentence in facts(as_json)["error"]
    assert len(stored(StaffMember)) == 2


@pytest.mark.parametrize("typed, sentence", [("\n", "No password came"), ("short\n", "The password is too short")])
def test_a_password_that_cannot_be_taken_makes_no_account(app: Flask, typed: str, sentence: str) -> None:
    result = run(app, "create", "ann@example.com", "--role", "viewer", "--password-stdin", "--json", typed=typed)

    assert result.exit_code == 1
    assert sentence in facts(result)["error"]
    assert stored(StaffMember) == []
