"""A request that a database stopped, since another's writing crossed it, runs anew and does its work once."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from backoffice.audit.models import ChangeSet, PostedForm
from backoffice.catalog.models import Brand
from backoffice.extensions import db
from backoffice.web import once
from backoffice.web.again import MOST_RUNS
from tests.making import Person, changed, delete, make_brand, make_product, stored, text_of
from tests.web.test_once import same_browser

DEADLOCK = 1213


def stop(monkeypatch: pytest.MonkeyPatch, times: int, meanwhile: Callable[[], None] = lambda: None) -> list[str]:
    """Let requests be stopped at the end of their work, as by a deadlock; returns the addresses they had."""
    finish, stopped = once.finish, []

    def finish_or_stop(text: str, to: str, *facts: Any) -> None:
        finish(text, to, *facts)
        if len(stopped) < times:
            stopped.append(to)
            meanwhile()
            raise OperationalError("UPDATE brand", {}, Exception(DEADLOCK, "Deadlock found when trying to get lock"))

    monkeypatch.setattr(once, "finish", finish_or_stop)
    return stopped


def test_who_lost_a_race_saves_all_the_same_and_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")
    before = len(stored(ChangeSet))
    stopped = stop(monkeypatch, MOST_RUNS - 1)

    answer = editor.save(f"/admin/brand/edit/?id={brand.id}", name="Nord")

    assert answer.status_code == 302
    assert len(stopped) == MOST_RUNS - 1
    assert [(one.name, one.version) for one in stored(Brand)] == [("Nord", 2)]
    assert len(stored(ChangeSet)) == before + 1
    assert len(stored(PostedForm)) == 1


@pytest.mark.any_engine
def test_who_ran_twice_is_told_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    manager, product = Person(app, "manager"), make_product()
    path = f"/admin/product/edit/?id={product.id}"
    values = changed(manager.form(path), {"variants-0-barcode": "4006381333930"})
    stop(monkeypatch, 2)

    manager.post(path, values)

    with manager.client.session_transaction() as session:
        assert sorted(kind for kind, _ in session["_flashes"]) == ["done", "warning"]


def test_who_loses_again_and_again_is_told_to_try_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    editor, brand = Person(app, "editor"), make_brand("Norr")
    stopped = stop(monkeypatch, 100)

    answer = editor.save(f"/admin/brand/edit/?id={brand.id}", name="Nord")

    assert (answer.status_code, len(stopped)) == (503, MOST_RUNS)
    assert "Others are writing just now." in text_of(answer)
    assert [(one.name, one.version) for one in stored(Brand)] == [("Norr", 1)]
    assert stored(PostedForm) == []


def test_a_twin_that_was_saved_meanwhile_is_not_done_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form is let go for a moment, and the second click of a double one takes its turn."""
    editor, before = Person(app, "editor"), len(stored(ChangeSet))
    path = "/admin/brand/new/"
    values = changed(editor.form(path), {"name": "Norr"})
    browser, answers = same_browser(editor), []
    twin = threading.Thread(target=lambda: answers.append(browser.post(path, data=values)))

    def click_again() -> None:
        twin.start()
        # Until it waits for the form.
        time.sleep(0.5)

    stop(monkeypatch, 1, meanwhile=click_again)

    answers.append(editor.post(path, values))
    twin.join(30)

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [one.name for one in stored(Brand)] == ["Norr"]
    assert len(stored(ChangeSet)) == before + 1


def test_a_stopped_page_of_the_frame_runs_again_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    manager, brand = Person(app, "manager"), make_brand("Norr")
    delete(manager, brand)
    values = manager.form("/admin/trash/?kind=brand", "form[action$='/restore/']")
    stop(monkeypatch, 1)

    answer = manager.post("/admin/trash/restore/", values)

    assert answer.status_code == 302
    assert [one.name for one in stored(Brand)] == ["Norr"]


@pytest.mark.any_engine
def test_what_is_no_lost_race_does_not_run_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    editor, runs = Person(app, "editor"), []

    def break_down(*_facts: Any) -> None:
        runs.append(1)
        raise OperationalError("UPDATE brand", {}, Exception(2006, "Server has gone away"))

    monkeypatch.setattr(once, "finish", break_down)

    answer = editor.save("/admin/brand/new/", name="Norr")

    assert (answer.status_code, runs) == (500, [1])
    db.session.rollback()
