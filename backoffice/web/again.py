"""Who lost a race is heard again: a request that a database stopped, since another's writing crossed it, runs anew."""

import logging
from collections.abc import Callable
from typing import Any

from flask import request
from sqlalchemy.exc import DBAPIError

from backoffice import dialects
from backoffice.extensions import db
from backoffice.web import once

log = logging.getLogger("backoffice")

MOST_RUNS = 4


def run(view: Callable[[], Any], runs: int = MOST_RUNS) -> Any:
    """Answer by a view; where another's writing stopped it, its own is taken back and it begins anew.

    A view may run twice because it commits last, and tells the person what it did only after that.
    """
    try:
        return view()
    except DBAPIError as error:
        if runs == 1 or request.method != "POST" or not dialects.lost_a_race(error):
            raise
        log.info("Somebody else was faster at %s; it runs again", request.path)
    db.session.rollback()
    # The form is held anew too: the same one, posted twice, may have been saved by now.
    return once.answer_again() or run(view, runs - 1)
