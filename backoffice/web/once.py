"""Twice is once: a form that comes a second time is answered as the first time, and nothing is done."""

import hashlib
import re
import secrets
from typing import Any

from flask import Flask, current_app, flash, g, redirect, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from backoffice import dialects
from backoffice.audit import posted_forms, recorder
from backoffice.audit.history import standing_undo
from backoffice.audit.models import ChangeSet, PostedForm
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.web import access

# 128 random bits, as secrets.token_urlsafe and frame.js write them.
TOKEN = re.compile(r"[\w-]{22}", re.ASCII)
LONGEST_ADDRESS = 2000
FORGETS_EVERY = 50


def register(app: Flask) -> None:
    """To be called after the gate and the check of the token: who may not write learns nothing here."""
    app.before_request(answer_again)
    app.add_template_global(form_guard)


def form_guard() -> Markup:
    """What every form that writes begins with: proof that it is our page's, and what tells it from every other."""
    inputs = Markup('<input type="hidden" name="csrf_token" value="{}"><input type="hidden" name="once" value="{}">')
    return inputs.format(generate_csrf(), secrets.token_urlsafe(16))


def answer_again() -> Any:
    """Runs before every request: a form that was saved already is answered as it was then.

    One that is not waits for its twin, if that is under way, and stands in its way until it is saved or refused.
    """
    token = request.form.get("once", "") if request.method == "POST" else ""
    if not TOKEN.fullmatch(token) or not current_user.is_authenticated or access.wants_json():
        return None
    form, content = _digest(token), digest_of_content()
    earlier = posted_forms.claim(form, content)
    if earlier is not None and earlier.content == content:
        return _lead_on(earlier)
    g.posted_form = (form, content, earlier)
    return None


def finish(text: str, to: str, undoable: bool, back: str | None) -> None:
    """Keep what the form at hand came to, in the same transaction."""
    if "posted_form" not in g:
        return
    db.session.flush()
    form, content, _ = g.posted_form
    posted_forms.finish(
        form,
        content=content,
        change_set_id=recorder.current_change_set_id(),
        offers_undo=undoable,
        answer=_if_short(to),
        said=text[:500],
        back=_if_short(back),
    )


def forget_now_and_then() -> None:
    """To be called when nothing of the request is left to write, so that nobody waits for it."""
    if secrets.randbelow(FORGETS_EVERY) == 0:
        forget_old()


def forget_old() -> None:
    dialects.write_unless_busy(db.engine, posted_forms.forgetting())


def made_before(screen: Any) -> Any:
    """The record that this same page made when it was posted before, while there is one."""
    earlier: PostedForm | None = g.posted_form[2] if "posted_form" in g else None
    key = posted_forms.key_made_by(earlier, screen.model.__tablename__) if earlier is not None else None
    return screen.get_one(key)


def digest_of_content() -> str:
    """A digest of all that was posted, by whom and to where."""
    items = [item for item in request.form.items(multi=True) if item[0] not in ("csrf_token", "once")]
    files = [(name, file.filename, _digest_of_file(file)) for name, file in request.files.items(multi=True)]
    return _digest(request.full_path, sorted(items), sorted(files))


def _digest_of_file(file: FileStorage) -> str:
    digest = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)
    return digest


def _digest(*facts: Any) -> str:
    return posted_forms.digest(str(current_app.secret_key), getattr(current_user, "id", None), *facts)


def _lead_on(earlier: PostedForm) -> Any:
    change_set = db.session.get(ChangeSet, earlier.change_set_id) if earlier.change_set_id else None
    if change_set is not None and standing_undo(change_set) is not None:
        text = _("This was saved once and taken back since; nothing was done now. Open the page anew to do it again.")
        flash({"text": text}, "done")
    else:
        text = f"{_('This was saved already; nothing was done twice.')} {earlier.said or ''}".strip()
        offered = earlier.change_set_id if earlier.offers_undo else None
        flash({"text": text, "change_set_id": offered, "back": earlier.back}, "done")
    return redirect(access.own_address(earlier.answer))


def _if_short(address: str | None) -> str | None:
    """An address that is too long to be kept is no loss: the second answer then leads to the start."""
    return address if address and len(address) <= LONGEST_ADDRESS else None
