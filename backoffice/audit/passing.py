"""Letting records that exchange unique values pass each other: two of one value may not stand for a moment even.

A value is moved out of the way past the session, so that nobody sees the passing one, nor the history keeps it.
"""

from typing import Any

from sqlalchemy.exc import IntegrityError

from backoffice.audit.netting import Key
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import model_of

# What each record had, by field.
Aside = dict[Key, dict[str, Any]]
SHORTEST_COLUMN = 24


def step_aside(key: Key, name: str, value: Any) -> bool:
    """Give a record a passing value; returns whether it had the value that it was said to have."""
    return _exchange(key, name, value, passing_value(key))


def put_back(aside: Aside) -> None:
    """Give those that kept their value, or went away with it, the value that they had."""
    db.session.flush()
    for key, values in aside.items():
        for name, value in values.items():
            try:
                with db.session.begin_nested():
                    _exchange(key, name, passing_value(key), value)
            except IntegrityError:
                message = _(
                    "“%(value)s” can’t go from one record to another, for one of them stays. Nothing was written.",
                    value=value,
                )
                raise Refusal(message) from None


def passing_value(key: Key) -> str:
    """A value that no other record has; readable as a key of options too, which others may look at meanwhile."""
    return f"0-0-{key[1]}"


def _exchange(key: Key, name: str, before: Any, after: Any) -> bool:
    table = model_of(key[0]).__table__
    where = (table.c.id == key[1]) & (table.c[name] == before)
    exchanged = table.update().where(where).values({name: after})
    return db.session.execute(exchanged, execution_options={"is_noted": True}).rowcount == 1
