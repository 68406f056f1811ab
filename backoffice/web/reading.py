"""How the person at hand reads: their language and locale, and what else they chose for all pages."""

import logging
from typing import Any

from flask import g, has_app_context, has_request_context, request
from flask_login import current_user
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from backoffice.extensions import db
from backoffice.languages import get_locale, language_asked_for, language_of, nearest_language
from backoffice.settings.models import ShopSettings
from backoffice.settings.shop import Shop, stored_shop
from backoffice.staff.models import ListChoice, Preference, SavedView
from backoffice.staff.preferences import list_choice, preference_of
from backoffice.staff.saved_views import views_for

log = logging.getLogger("backoffice")

# No browser asks for more; each is looked for on the disk.
MOST_ASKED_FOR = 20


def shop_at_hand() -> Shop:
    """The shop's settings as they are stored, read once a request and anew after that request changed them."""
    if "stored_shop" not in g:
        g.stored_shop = stored_shop()
    return g.stored_shop


@event.listens_for(ShopSettings, "after_update")
def _read_anew(*_change: Any) -> None:
    if has_app_context():
        g.pop("stored_shop", None)


def preference() -> Preference:
    """What the person at hand chose, read once a request; a stranger has chosen nothing."""
    # Asked first: who is read from a sign-in brings along what they chose.
    is_known = current_user.is_authenticated
    if "preference" not in g:
        g.preference = _apart(preference_of(current_user.id) if is_known else None)
    return g.preference


def list_choice_of(screen: str) -> ListChoice | None:
    """What the person at hand chose for one list, by its screen's endpoint, read once a request."""
    chosen = g.setdefault("list_choices", {})
    if screen not in chosen:
        chosen[screen] = list_choice(current_user.id, screen)
    return chosen[screen]


def note_choices(preference: Preference | None, screen: str, list_choice: ListChoice | None) -> None:
    """Keep for this request what was read along with the person: their choices for all pages, and for one list."""
    g.preference = _apart(preference)
    g.setdefault("list_choices", {})[screen] = list_choice


def _apart(chosen: Preference | None) -> Preference:
    """What somebody chose, else what is usual, as it stays whatever becomes of the session."""
    if chosen is None:
        return Preference.usual()
    db.session.expunge(chosen)
    return chosen


def saved_views_at_hand() -> list[SavedView]:
    """The saved views of all lists that the person at hand sees, read once a request."""
    if "saved_views" not in g:
        g.saved_views = views_for(current_user.id)
    return g.saved_views


def page_language() -> str:
    """The language of the page's texts, as HTML names it."""
    if "page_language" not in g:
        g.page_language = nearest_language(str(get_locale())).replace("_", "-")
    return g.page_language


def choose_locale() -> str | None:
    """The locale in which texts, numbers and times read; None where nobody reads a page."""
    if not has_request_context():
        return None
    try:
        return _locale_of_person() if current_user.is_authenticated else _locale_of_browser(shop_at_hand().locale)
    except SQLAlchemyError:
        # The page that says so must come even when the database that knows the person is gone.
        log.warning("The language could not be looked up; the browser's own is taken.", exc_info=True)
        return _locale_of_browser("en")


def _locale_of_person() -> str:
    language, locale = preference().language, shop_at_hand().locale
    return _as_the_shop(language, locale) if language else locale


def _as_the_shop(language: str, locale: str) -> str:
    """The language as the shop writes it, where that is the shop's own: de_CH, not de."""
    return locale if language_of(locale) == language else language


def _locale_of_browser(otherwise: str) -> str:
    for tag in list(request.accept_languages.values())[:MOST_ASKED_FOR]:
        language = language_asked_for(tag)
        if language is not None:
            return _as_the_shop(language, otherwise)
    return otherwise
