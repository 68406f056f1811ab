"""What an act is called: to the recorder before it, to the person after it."""

from typing import Any

from flask import flash, redirect, request
from flask_login import current_user

from backoffice.audit import recorder
from backoffice.audit.history import subjects_of
from backoffice.audit.models import ChangeSet
from backoffice.extensions import db
from backoffice.web import once
from backoffice.web.undoing import could_undo


def say_why(kind: str, summary: str = "", undoes_id: int | None = None) -> None:
    """Tell the recorder who writes and why, for the rest of this request."""
    recorder.record_as(
        recorder.Occasion(
            kind=kind,
            summary=summary,
            actor_id=current_user.id,
            actor_name=current_user.name,
            source=request.path[:300],
            undoes_id=undoes_id,
        )
    )


def conclude(text: str, to: str, undoable: bool = False, back: str | None = None) -> Any:
    """Commit what this request did, say so, and lead on to the page at `to`; the same form again does no more."""
    change_set_id = undoable_change() if undoable else None
    once.finish(text, to, change_set_id is not None, back)
    db.session.commit()
    once.forget_now_and_then()
    flash({"text": text, "change_set_id": change_set_id, "back": back}, "done")
    return redirect(to)


def undoable_change() -> int | None:
    """The change set at hand, where the person may take it back; a button that refuses is worse than none."""
    db.session.flush()
    key = recorder.current_change_set_id()
    change_set = db.session.get(ChangeSet, key) if key else None
    return key if change_set is not None and could_undo(change_set, subjects_of(change_set)) else None
