"""What each person chose for themselves: language, theme, row height, keys, the menu; a list's columns and rows."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import languages
from backoffice.staff.models import DENSITIES, THEMES, ListChoice, Preference

MOST_AREAS = 50
LONGEST_AREA = 60


# Made once, as each page asks.
_OF_MEMBER = db.select(Preference).where(Preference.staff_member_id == db.bindparam("member_id"))
_OF_LIST = db.select(ListChoice).where(
    ListChoice.staff_member_id == db.bindparam("member_id"), ListChoice.screen == db.bindparam("screen")
)


def preference_of(member_id: int) -> Preference | None:
    """What a person chose; None where they chose nothing."""
    return db.session.scalar(_OF_MEMBER, {"member_id": member_id})


def choose(member_id: int, **chosen: Any) -> Preference:
    """Keep what a person chose. Raises Refusal for a value that is not offered."""
    _check(chosen)
    preference = _held(Preference, staff_member_id=member_id)
    for name, value in chosen.items():
        setattr(preference, name, value)
    db.session.flush()
    return preference


def close_area(member_id: int, area: str) -> None:
    """Fold a part of the menu."""
    preference = _held(Preference, staff_member_id=member_id)
    preference.closed_areas = [*_but(preference, area), area[:LONGEST_AREA]][-MOST_AREAS:]
    db.session.flush()


def open_area(member_id: int, area: str) -> None:
    preference = _held(Preference, staff_member_id=member_id)
    preference.closed_areas = _but(preference, area)
    db.session.flush()


def _but(preference: Preference, area: str) -> list[str]:
    return [name for name in preference.closed_areas or [] if name != area]


def _held(model: Any, **whose: Any) -> Any:
    """The one row of these keys, made where there is none, and held: two clicks at once come one after the other."""
    held = db.select(model).filter_by(**whose).with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(held)
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            made = model(**whose)
            db.session.add(made)
        return made
    except IntegrityError:
        # Another click made it since; a key that names nobody is still at fault.
        return db.session.scalars(held).one()


def _check(chosen: dict[str, Any]) -> None:
    if chosen.get("language") and chosen["language"] not in languages():
        raise Refusal(_("There is no such language. Choose one of the list."), "language")
    if chosen.get("theme", "system") not in dict(THEMES):
        raise Refusal(_("There is no such theme. Choose one of the list."), "theme")
    if chosen.get("density", "compact") not in dict(DENSITIES):
        raise Refusal(_("There is no such row height. Choose one of the list."), "density")


def list_choice(member_id: int, screen: str) -> ListChoice | None:
    """What a person chose for one list, by its screen's endpoint."""
    return db.session.scalar(_OF_LIST, {"member_id": member_id, "screen": screen})


def choose_for_list(member_id: int, screen: str, **chosen: Any) -> ListChoice:
    """Keep the columns, rows a page or default view that a person chose for one list."""
    choice = _held(ListChoice, staff_member_id=member_id, screen=screen)
    for name, value in chosen.items():
        setattr(choice, name, value)
    db.session.flush()
    return choice
