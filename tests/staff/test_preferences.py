"""What people chose for themselves, though they click twice at once, each click on a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from backoffice.extensions import db
from backoffice.staff.models import ListChoice, Preference
from backoffice.staff.preferences import choose, choose_for_list, close_area, open_area
from tests.making import Person, stored
from tests.web.test_once import post_at_once


@pytest.fixture
def editor(app: Flask) -> Person:
    person = Person(app, "editor")
    db.session.commit()
    return person


def do_across(app: Flask, first: Callable[[], Any], second: Callable[[], Any]) -> list[BaseException]:
    """Do the first, and the second before the first is committed; returns what went wrong."""
    is_done, faults = threading.Event(), []

    def act(doing: Callable[[], Any], before: Callable[[], Any], after: Callable[[], Any]) -> None:
        with app.app_context():
            before()
            try:
                doing()
                after()
                db.session.commit()
            except BaseException as fault:
                faults.append(fault)

    def let_the_second_come() -> None:
        is_done.set()
        # Until it waits for what the first one holds.
        threading.Event().wait(0.5)

    threads = [
        threading.Thread(target=act, args=(first, lambda: None, let_the_second_come)),
        threading.Thread(target=act, args=(second, lambda: is_done.wait(10), lambda: None)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return faults


def test_two_first_choices_at_once_are_both_kept(app: Flask, editor: Person) -> None:
    key = editor.member_id

    faults = do_across(app, lambda: choose(key, theme="dark"), lambda: choose(key, density="compact"))

    assert faults == []
    assert [(one.theme, one.density) for one in stored(Preference)] == [("dark", "compact")]


def test_two_first_choices_for_a_list_at_once_are_both_kept(app: Flask, editor: Person) -> None:
    key = editor.member_id

    faults = do_across(
        app,
        lambda: choose_for_list(key, "product", page_size=50),
        lambda: choose_for_list(key, "product", columns=["name"]),
    )

    assert faults == []
    assert [(one.page_size, one.columns) for one in stored(ListChoice)] == [(50, ["name"])]


def test_two_parts_of_the_menu_that_are_folded_at_once_stay_folded(app: Flask, editor: Person) -> None:
    key = editor.member_id
    close_area(key, "Stock")
    db.session.commit()

    faults = do_across(app, lambda: close_area(key, "Staff"), lambda: close_area(key, "History"))

    assert faults == []
    assert stored(Preference)[0].closed_areas == ["Stock", "Staff", "History"]


def test_a_part_that_is_opened_while_another_is_folded_is_open(app: Flask, editor: Person) -> None:
    key = editor.member_id
    close_area(key, "Stock")
    db.session.commit()

    faults = do_across(app, lambda: close_area(key, "Staff"), lambda: open_area(key, "Stock"))

    assert faults == []
    assert stored(Preference)[0].closed_areas == ["Staff"]


def test_many_first_clicks_of_one_person_are_all_kept(editor: Person) -> None:
    areas = [f"Area {number}" for number in range(6)]
    forms = [MultiDict({"closed_area": area, "is_closed": "y", "csrf_token": editor.token}) for area in areas]

    answers = post_at_once(editor, "/account/preferences", *forms)

    assert [answer.status_code for answer in answers] == [302] * 6
    assert sorted(stored(Preference)[0].closed_areas) == areas
