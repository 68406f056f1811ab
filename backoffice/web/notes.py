"""What an act is called: to the recorder before it, to the person after it."""

from typing import Any

from flask import flash, redirect, request
from flask_login import current_user

from backoffice.audit import recorder
from backoffice.extensions import db
from backoffice.web import once


def say_why(kind: str, summary: str = "", undoes_id: int | None = None) -> None:
    """Tell the recorder who writes and why, for the rest of this request."""
    recorder.record_as(
        recorder.Occasion(
            kind=kind,
            summary=summary[:500],
            actor_id=current_user.id,
            actor_name=current_user.name,
            source=request.path[:300],
            undoes_id=undoes_id,
        )
    )


def say_done(text: str, undoable: bool = False, back: str | None = None) -> None:
    """Show a note on the next page, with Undo where something was written; `back` is where Undo leads."""
    change_set_id = recorder.current_change_set_id() if undoable else None
    flash({"text": text, "change_set_id": change_set_id, "back": back}, "done")


def conclude(text: str, to: str, undoable: bool = False, back: str | None = None) -> Any:
    """Commit what this request did, say so, and lead on to the page at `to`; the same form again does no more."""
    once.finish(text, to, undoable, back)
    db.session.commit()
    once.forget_now_and_then()
    say_done(text, undoable, back)
    return redirect(to)
