"""Who else has a record open, as its page shows it and asks for it."""

import re
import secrets
from typing import Any

from flask_login import current_user
from werkzeug.datastructures import MultiDict

from backoffice.audit import presence
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import utc_now
from backoffice.web import formats

PAGE_KEY = re.compile(r"[\w-]{16,64}", re.ASCII)


def open_page(record: Any) -> dict[str, Any] | None:
    """A key for the page that is about to show a record, and who else has it open; None for a new record."""
    if record is None:
        return None
    return {"key": secrets.token_urlsafe(16), "others": _others(record)}


def answer(record: Any, posted: MultiDict[str, str]) -> dict[str, Any]:
    """Note what a page tells of itself, that it is open or was left, and tell it who else is there."""
    key = posted.get("page", "")
    if not PAGE_KEY.fullmatch(key):
        raise Refusal(_("This page does not know its own key. Reload it."))
    member_id, entity, record_id, others = current_user.id, record.__tablename__, record.id, _others(record)
    # Writing takes a connection of its own; this one is given back first, so that a page never needs two at once.
    db.session.rollback()
    if posted.get("leaving"):
        presence.leave(member_id, key, utc_now())
    else:
        presence.note(member_id, key, entity, record_id, utc_now())
    return {"others": others}


def _others(record: Any) -> list[dict[str, str]]:
    found = presence.others(current_user.id, record.__tablename__, record.id, utc_now())
    return [{"name": one.name, "since": formats.show_clock(one.since)} for one in found]
