"""The shop's settings: one row, and nothing in it that the rest of the house cannot work with."""

import pytest
from babel.numbers import format_currency
from flask import Flask
from sqlalchemy.exc import IntegrityError

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.settings.models import ShopSettings
from backoffice.settings.shop import check_currency, check_locale, check_time_zone, ensure_settings, shop_settings
from tests.making import stored


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


@pytest.mark.parametrize("name", ["", "xx", "english", "en_", "de_DE_DE_DE", "../../etc", "1234", "e" * 300])
def test_a_locale_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_locale(name)

    assert refused.value.field == "locale"


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"])
def test_a_time_zone_is_named_as_iana_names_it(name: str) -> None:
    assert check_time_zone(name) == name


@pytest.mark.parametrize(
    "name", ["", "Berlin", "Europe/Atlantis", "../../etc/passwd", "/etc/localtime", "Europe", "UTC\x00", "x" * 300]
)
def test_a_time_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_time_zone(name)

    assert refused.value.field == "time_zone"
