"""Who has which record open: told by pages, never to oneself, and forgotten soon after."""

import time
from datetime import datetime, timedelta

import pytest
from flask import Flask

from backoffice.audit.models import OpenRecord
from backoffice.audit.presence import KEPT_FOR, THERE_FOR, Other, leave, note, others
from backoffice.extensions import db
from backoffice.records import lock, utc_now
from backoffice.staff.accounts import create_staff_member, require_role
from backoffice.staff.models import StaffMember
from tests.making import PASSWORD, stored

NOW = utc_now()
SECOND = timedelta(seconds=1)


@pytest.fixture
def mira(app: Flask) -> int:
    return make_member("Mira Lindqvist")


@pytest.fixture
def ines(app: Flask) -> int:
    return make_member("Ines Okafor")


def make_member(name: str) -> int:
    member = create_staff_member(f"{name.split()[0]}@example.com", name, require_role("editor"), PASSWORD)
    db.session.flush()
    key = member.id
    # Nothing is held open while a page tells of itself.
    db.session.commit()
    return key


def seen_by(member_id: int, at: datetime = NOW, record_id: int = 7) -> list[Other]:
    """What a person is told of a product, with nothing held open afterwards."""
    found = others(member_id, "product", record_id, at)
    db.session.commit()
    return found


def rows() -> list[tuple[str, datetime, datetime]]:
    found = [(row.page_key, row.opened_at, row.seen_at) for row in stored(OpenRecord)]
    db.session.commit()
    return found


def test_others_are_told_who_has_the_record_open_and_since_when(mira: int, ines: int) -> None:
    note(mira, "page-of-mira", "product", 7, NOW)

    assert seen_by(ines) == [Other("Mira Lindqvist", NOW)]


def test_nobody_is_told_of_other_records_or_of_another_table(mira: int, ines: int) -> None:
    note(mira, "page-of-mira", "product", 8, NOW)
    note(mira, "another-page", "brand", 7, NOW)

    assert seen_by(ines) == []


def test_nobody_is_told_of_oneself(mira: int, ines: int) -> None:
    note(mira, "first-tab", "product", 7, NOW)
    note(mira, "second-tab", "product", 7, NOW + SECOND)

    assert len(rows()) == 2
    assert seen_by(mira) == []
    assert seen_by(ines) == [Other("Mira Lindqvist", NOW)]


def test_who_is_there_longest_is_named_first(mira: int, ines: int) -> None:
    viewer = make_member("Aino Berg")
    note(ines, "page-of-ines", "product", 7, NOW)
    note(mira, "page-of-mira", "product", 7, NOW - SECOND)

    assert [one.name for one in seen_by(viewer)] == ["Mira Lindqvist", "Ines Okafor"]


def test_a_page_that_tells_of_itself_again_stays_one_row(mira: int) -> None:
    note(mira, "page-of-mira", "product", 7, NOW)
    note(mira, "page-of-mira", "product", 7, NOW + 20 * SECOND)

    assert rows() == [("page-of-mira", NOW, NOW + 20 * SECOND)]


def test_the_key_of_one_page_is_good_for_one_record_of_one_person(mira: int, ines: int) -> None:
    note(mira, "page-of-mira", "product", 7, NOW)
    note(mira, "page-of-mira", "product", 8, NOW)
    note(ines, "page-of-mira", "product", 8, NOW)
    leave(ines, "page-of-mira", NOW)

    assert seen_by(ines, record_id=7) == [Other("Mira Lindqvist", NOW)]
    assert seen_by(mira, record_id=8) == []


def test_somebody_counts_as_there_for_a_minute_after_they_were_seen(mira: int, ines: int) -> None:
    note(mira, "page-of-mira", "product", 7, NOW)

    assert len(seen_by(ines, NOW + THERE_FOR)) == 1
    assert seen_by(ines, NOW + THERE_FOR + SECOND) == []


def test_leaving_one_tab_leaves_the_other(mira: int, ines: int) -> None:
    note(mira, "first-tab", "product", 7, NOW)
    note(mira, "second-tab", "product", 7, NOW + SECOND)

    leave(mira, "first-tab", NOW)
    assert seen_by(ines) == [Other("Mira Lindqvist", NOW + SECOND)]

    leave(mira, "second-tab", NOW)
    assert seen_by(ines) == []


def test_a_page_that_fell_silent_goes_along_with_the_next_that_leaves(mira: int, ines: int) -> None:
    note(mira, "silent", "product", 7, NOW)
    note(mira, "quiet-only", "product", 7, NOW + 2 * SECOND)

    leave(ines, "page-of-ines", NOW + KEPT_FOR + SECOND)

    assert [key for key, *_ in rows()] == ["quiet-only"]


def test_who_leaves_the_shop_leaves_its_records(mira: int, ines: int) -> None:
    note(mira, "page-of-mira", "product", 7, NOW)

    db.session.delete(db.session.get(StaffMember, mira))
    db.session.commit()
    note(mira, "page-of-mira", "product", 7, NOW)

    assert rows() == []


def test_nothing_is_waited_for_while_somebody_writes(mira: int) -> None:
    lock(StaffMember, mira).name = "Mira Berg"
    db.session.flush()
    begun = time.monotonic()

    note(mira, "page-of-mira", "product", 7, NOW)
    leave(mira, "page-of-mira", NOW)

    assert time.monotonic() - begun < 3
    db.session.commit()
    assert stored(StaffMember, id=mira)[0].name == "Mira Berg"


def test_a_note_holds_up_nobody_who_writes_next(mira: int) -> None:
    note(mira, "page-of-mira", "product", 7, NOW)
    begun = time.monotonic()

    lock(StaffMember, mira).name = "Mira Berg"
    db.session.commit()

    assert time.monotonic() - begun < 3
