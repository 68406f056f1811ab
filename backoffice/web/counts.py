"""How many records each list and each saved view has: for the menu, asked once after a page, a minute old at most."""

import logging
import time
from typing import Any
from urllib.parse import parse_qsl

from flask import current_app
from flask_login import current_user
from sqlalchemy import func
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from backoffice.audit.models import ChangeSet
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.staff.saved_views import views_for
from backoffice.web import formats, listing

log = logging.getLogger("backoffice")

KEPT_SECONDS = 60
MOST_KEPT = 1000


def counts() -> dict[str, str]:
    """The counts of all lists and views that the person may open, as `{"product": "141", "view-3": "8"}`.

    Kept for a minute in this process, and counted anew as soon as the person has changed something.
    """
    kept: dict[Any, tuple[float, int, dict[str, str]]] = current_app.extensions.setdefault("menu_counts", {})
    key, now, newest = _reader(), time.monotonic(), _newest_change()
    if key in kept and now - kept[key][0] < KEPT_SECONDS and kept[key][1] == newest:
        return kept[key][2]
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = (now, newest, _count_all())
    return kept[key][2]


def _reader() -> tuple[Any, ...]:
    """Whose counts they are: who may read other lists, or reads numbers otherwise, has others."""
    rights = frozenset((held.area_name, held.verb) for held in current_user.role.permissions)
    return current_user.id, rights, formats.settings().locale


def _newest_change() -> int:
    return db.session.scalar(db.select(func.max(ChangeSet.id)).where(ChangeSet.actor_id == current_user.id)) or 0


def _count_all() -> dict[str, str]:
    screens = {name: screen for name, screen in current_app.extensions["screens"].items() if hasattr(screen, "model")}
    readable = {name: screen for name, screen in screens.items() if screen.is_accessible()}
    found = {name: _shown(screen.live()) for name, screen in readable.items() if screen.shows_count}
    for view in views_for(current_user.id):
        if view.screen in readable:
            count = _count_of_view(readable[view.screen], view.query)
            found |= {f"view-{view.id}": count} if count else {}
    return found


def _count_of_view(screen: Any, query: str) -> str | None:
    """What a view finds; a view of yesterday may ask what its list no longer offers, and has no count then."""
    try:
        return _shown(screen.found(screen.require_arguments(MultiDict(parse_qsl(query)))))
    except (Refusal, HTTPException):
        log.info("A saved view of %s asks what the list does not offer.", screen.endpoint)
        return None


def _shown(statement: Any) -> str:
    number = listing.count_up_to(statement)
    shown = formats.show_count(min(number, listing.EXACT_UP_TO), listing.EXACT_UP_TO)
    return f"{shown}+" if number > listing.EXACT_UP_TO else shown
