"""What takes long to work out is kept for a time in proportion, so that it never takes more than a share of a process."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_login import current_user

from backoffice.records import utc_now
from backoffice.web import formats

# For so many times as long as it took.
KEPT_TIMES = 30
MOST_KEPT = 500


@dataclass(frozen=True)
class Worked:
    """value: what came out. at: when it was worked out."""

    value: Any
    at: datetime


def worked_out(name: str, make: Callable[[], Any]) -> Worked:
    """What a function gives to those who may do the same and read alike: now, or a while ago where it took long."""
    kept: dict[Any, tuple[float, Worked]] = current_app.extensions.setdefault("worked_out", {})
    key = (name, current_user.rights, formats.settings())
    until, found = kept.get(key, (0.0, None))
    started = time.monotonic()
    if found is not None and started < until:
        return found
    worked = Worked(make(), utc_now())
    took = time.monotonic() - started
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = (time.monotonic() + took * KEPT_TIMES, worked)
    return worked
