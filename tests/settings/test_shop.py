"""The shop's settings: one row, and nothing in it that the rest of the house cannot work with."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.numbers import format_currency
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.settings.models import ShopSettings
from backoffice.settings.shop import (
    check_currency,
    check_locale,
    check_time_zone,
    ensure_settings,
    shop_settings,
    suggestions,
)
from backoffice.web import formats
from backoffice.web.reading import shop_at_hand
from tests.making import Person, make_app, stored


def test_there_is_one_row_and_a_second_is_refused(app: Flask) -> None:
    db.session.add(ShopSettings(id=2))

    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()

    assert len(stored(ShopSettings)) == 1


def test_settings_that_are_there_are_left_as_they_are(app: Flask) -> None:
    shop_settings().shop_name = "Tidewell"
    db.session.commit()

    assert ensure_settings(shop_name="Other", currency="JPY") is False
    assert (shop_settings().shop_name, shop_settings().currency) == ("Tidewell", "EUR")


def test_a_database_still_without_settings_has_the_usual_ones(app: Flask) -> None:
    db.session.delete(shop_settings())
    db.session.commit()

    found = shop_settings()

    assert (found.shop_name, found.currency, found.locale, found.time_zone) == ("My shop", "EUR", "en", "UTC")
    db.session.commit()
    assert stored(ShopSettings) == []
    assert ensure_settings(shop_name="Tidewell") is True


@pytest.mark.parametrize("code", ["EUR", "JPY", "KWD", "CHF"])
def test_a_currency_is_named_by_its_iso_code(code: str) -> None:
    assert check_currency(code) == code


@pytest.mark.parametrize("code", ["", "eur", "EURO", "€", "XYZ"])
def test_a_currency_that_does_not_exist_is_refused(code: str) -> None:
    with pytest.raises(Refusal, match="There is no such currency"):
        check_currency(code)


@pytest.mark.parametrize(
    ("name", "kept"), [("en", "en"), ("de-CH", "de_CH"), ("pt_BR", "pt_BR"), ("hi", "hi"), ("zh_Hant_TW", "zh_Hant_TW")]
)
def test_a_locale_is_kept_so_that_amounts_can_be_written(name: str, kept: str) -> None:
    assert check_locale(name) == kept
    assert format_currency(1, "EUR", locale=kept)


@pytest.mark.parametrize(
    "name",
    ["", "xx", "english", "en_", "de_DE_DE_DE", "../../etc", "1234", "e" * 300, "root", "und", "en@x", "en_US.UTF-8"],
)
def test_a_locale_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_locale(name)

    assert refused.value.field == "locale"


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"])
def test_a_time_zone_is_named_as_iana_names_it(name: str) -> None:
    assert check_time_zone(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "Berlin", "Europe/Atlantis", "../../etc/passwd", "/etc/localtime", "Europe", "UTC\x00", "x" * 300]
    + ["localtime", "Factory", "posixrules", "right/UTC"],
)
def test_a_time_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_time_zone(name)

    assert refused.value.field == "time_zone"


# The screen
GOOD = {
    "shop_name": "Tidewell",
    "locale": "de",
    "time_zone": "Europe/Berlin",
    "low_stock_threshold": "8",
    "price_rounding": "99",
    "history_kept_days": "365",
    "trash_kept_days": "",
}


def save(person: Person, **values: str) -> Any:
    return person.save("/admin/settings/edit/?id=1", **values)


def test_every_setting_is_kept_and_told_in_the_history(app: Flask) -> None:
    owner = Person(app, "owner")

    assert save(owner, **GOOD).status_code == 302

    (kept,) = stored(ShopSettings)
    assert (kept.shop_name, kept.locale, kept.low_stock_threshold, kept.price_rounding) == ("Tidewell", "de", 8, "99")
    assert (kept.history_kept_days, kept.trash_kept_days) == (365, None)
    # The shop reads German from now on.
    assert "Knapp unter" in owner.get("/admin/settings/history/?id=1").text


@pytest.mark.any_engine
def test_all_that_is_wrong_is_told_at_once_each_at_its_field(app: Flask) -> None:
    owner = Person(app, "owner")
    wrong = {
        "currency": "XYZ",
        "locale": "xx_nowhere",
        "time_zone": "Europe/Nowhere",
        "low_stock_threshold": "-1",
        "history_kept_days": "3",
        "trash_kept_days": "0",
    }

    answer = save(owner, **wrong)

    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    faulty = {one["data-field"] for one in page.select("[data-field]") if one.select_one(".field-error")}
    assert faulty == set(wrong)
    assert stored(ShopSettings)[0].locale == "en"
    for name, typed in wrong.items():
        assert page.select_one(f"#{name}")["value"] == typed


def test_a_setting_holds_at_once_in_another_process(app: Flask, tmp_path: Path) -> None:
    other = make_app(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path)
    owner = Person(app, "owner")
    with other.app_context():
        before = Person(other, "viewer")
        assert "Tidewell" not in before.get("/admin/").text

        save(owner, **GOOD)

        assert "Tidewell" in before.get("/admin/").text
        assert shop_settings().low_stock_threshold == 8
        db.session.remove()


@pytest.mark.any_engine
def test_what_may_be_chosen_has_names_in_the_reader_s_language(app: Flask) -> None:
    found = suggestions("de")

    assert ("EUR", "Euro") in found["currency"]
    assert ("de_CH", "Deutsch (Schweiz)") in found["locale"]
    assert ("Europe/Berlin", "") in found["time_zone"]
    for code, _name in found["currency"]:
        check_currency(code)


@pytest.fixture
def asked(app: Flask) -> Iterator[list[str]]:
    """Every statement of the application's database, as it is sent."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_page_reads_the_settings_once_and_a_stranger_s_page_nobody_s_choices(app: Flask, asked: list[str]) -> None:
    owner, stranger = Person(app, "owner"), Person(app, None)
    counts = []
    for person, path in ((owner, "/admin/brand/"), (stranger, "/login")):
        asked.clear()
        assert person.get(path).status_code == 200
        counts.append([sum(f"FROM {table}" in one for one in asked) for table in ("shop_settings", "preference")])

    # What a person chose is read along with the person.
    assert counts == [[1, 0], [1, 0]]


def test_a_request_that_changes_the_settings_answers_by_the_new_ones(app: Flask) -> None:
    with app.test_request_context("/login"):
        before = shop_at_hand().currency
        db.session.get(ShopSettings, 1).currency = "JPY"
        db.session.commit()

        assert (before, shop_at_hand().currency, formats.settings().currency) == ("EUR", "JPY", "JPY")
