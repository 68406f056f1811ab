"""How many records each list and each saved view has: for the menu, asked once after a page, a minute old at most."""

import logging
import time
from itertools import groupby, islice
from typing import Any

from flask import current_app
from flask_login import current_user
from sqlalchemy import func
from werkzeug.exceptions import HTTPException

from backoffice.audit.models import ChangeSet
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.staff.models import SavedView
from backoffice.web import formats, listing
from backoffice.web.reading import saved_views_at_hand

log = logging.getLogger("backoffice")

KEPT_SECONDS = 60
MOST_KEPT = 1000
# Of one list. The menu shows six, a wide window about as many tabs as these.
MOST_VIEWS = 12


def counts() -> dict[str, str]:
    """The counts of all lists and views that the person may open, as `{"product": "141", "view-3": "8"}`.

    Kept for a minute in this process, and counted anew as soon as the person has changed something, or sees other views.
    """
    kept: dict[Any, tuple[float, Any, dict[str, str]]] = current_app.extensions.setdefault("menu_counts", {})
    views = _shown_views()
    # Views are no part of the history, and somebody else may have shared one or let it show something else.
    state = _newest_change(), tuple((view.id, view.query) for view in views)
    key, now = _reader(), time.monotonic()
    if key in kept and now - kept[key][0] < KEPT_SECONDS and kept[key][1] == state:
        return kept[key][2]
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = (now, state, _count_all(views))
    return kept[key][2]


def _reader() -> tuple[Any, ...]:
    """Whose counts they are: who may read other lists, or reads numbers otherwise, has others."""
    return current_user.id, current_user.rights, formats.settings().locale


def _newest_change() -> int:
    return db.session.scalar(db.select(func.max(ChangeSet.id)).where(ChangeSet.actor_id == current_user.id)) or 0


def _readable() -> dict[str, Any]:
    """The lists that the person may open, by their screens' endpoints."""
    screens = {name: screen for name, screen in current_app.extensions["screens"].items() if hasattr(screen, "model")}
    return {name: screen for name, screen in screens.items() if screen.is_accessible()}


def _shown_views() -> list[SavedView]:
    """The first views of each list, in the order of the menu and the tabs: however many people share, the rest go bare."""
    readable = _readable()
    seen = (view for view in saved_views_at_hand() if view.screen in readable)
    return [view for _screen, views in groupby(seen, lambda view: view.screen) for view in islice(views, MOST_VIEWS)]


def _count_all(views: list[SavedView]) -> dict[str, str]:
    readable = _readable()
    found = {name: _shown(screen.live()) for name, screen in readable.items() if screen.shows_count}
    for view in views:
        count = _count_of_view(readable[view.screen], view.query)
        found |= {f"view-{view.id}": count} if count else {}
    return found


def _count_of_view(screen: Any, query: str) -> str | None:
    """What a view finds; a view of yesterday may ask what its list no longer offers, and has no count then."""
    try:
        return _shown(screen.found_at(query))
    except (Refusal, HTTPException):
        log.info("A saved view of %s asks what the list does not offer.", screen.endpoint)
        return None


def _shown(statement: Any) -> str:
    number = listing.count_up_to(statement)
    shown = formats.show_count(min(number, listing.EXACT_UP_TO), listing.EXACT_UP_TO)
    return f"{shown}+" if number > listing.EXACT_UP_TO else shown
