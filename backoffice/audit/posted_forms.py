"""What was posted already: the row of a form that is written with its change, and found by whoever posts it again."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError

from backoffice import dialects
from backoffice.audit.models import ChangeRow, PostedForm
from backoffice.extensions import db
from backoffice.records import utc_now

KEPT_FOR = timedelta(days=2)


def digest(secret: str, *facts: Any) -> str:
    """A digest that nobody makes without the secret: a posted form may hold a password, and a plain one could be guessed."""
    return hmac.new(secret.encode(), json.dumps(facts).encode(), hashlib.sha256).hexdigest()


def claim(form: str, content: str, tries: int = 5) -> PostedForm | None:
    """Hold a form for this transaction; return what was saved by it before, None where this is the first.

    Whoever posts it at the same moment waits here until the other one is saved or refused. To be called before
    anything else is written: finding that the other was faster ends the transaction and begins another.
    """
    try:
        return _hold(form) or _enter(form, content)
    except DBAPIError as error:
        db.session.rollback()
        if tries == 1 or not dialects.lost_a_race(error):
            raise
    return claim(form, content, tries - 1)


def _hold(form: str) -> PostedForm | None:
    return db.session.scalar(db.select(PostedForm).where(PostedForm.form == form).with_for_update())


def _enter(form: str, content: str) -> None:
    db.session.execute(db.insert(PostedForm).values(form=form, content=content, at=utc_now()))


def finish(form: str, **facts: Any) -> None:
    """Keep with a claimed form what it came to: its content, its change set and its answer."""
    facts |= {"at": utc_now()}
    kept = db.update(PostedForm).where(PostedForm.form == form).values(facts)
    if db.session.execute(kept, execution_options={"synchronize_session": False}).rowcount == 0:
        # Something on the way was rolled back and begun anew, and the claim went with it.
        db.session.execute(db.insert(PostedForm).values(form=form, **facts))


def key_made_by(posted: PostedForm, entity: str) -> int | None:
    """The key of the record of a table that a posted form made, if it made one."""
    made = db.select(ChangeRow.record_id).where(
        ChangeRow.change_set_id == posted.change_set_id, ChangeRow.entity == entity, ChangeRow.operation == "create"
    )
    return db.session.scalar(made.order_by(ChangeRow.id).limit(1))


def forgetting() -> Any:
    """The statement that removes what nobody posts again."""
    return db.delete(PostedForm).where(PostedForm.at < utc_now() - KEPT_FOR)
