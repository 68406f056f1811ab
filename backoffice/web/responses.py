"""Answers that every page shares: error pages, security headers, and one sentence for a refusal."""

import logging
import secrets
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from backoffice import dialects
from backoffice.errors import Refusal
from backoffice.extensions import csrf, db
from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.web import access
from backoffice.web.constraints import sentence_for
from backoffice.web.junk import refuse_junk

log = logging.getLogger("backoffice")

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LARGEST_STRANGERS_BODY = 64 * 1024


TITLES = {
    400: marked("That did not work"),
    401: marked("Sign in first"),
    403: marked("You may not do that"),
    404: marked("Nothing is here"),
    405: marked("That did not work"),
    409: marked("Somebody was faster"),
    413: marked("That is too large"),
    422: marked("That did not work"),
    429: marked("Too many tries"),
    500: marked("Something broke"),
    503: marked("Try again in a moment"),
}
SENTENCES = {
    401: marked("You were signed out meanwhile. Sign in in another tab, then try again here."),
    404: marked("The page may have moved, or the record was deleted."),
    405: marked("This address does not take that. Go back and use the page’s own buttons."),
    413: marked("Send less at once."),
    429: marked("Wait a minute, then try again."),
}


def register(app: Flask) -> None:
    app.after_request(add_headers)
    app.register_error_handler(Refusal, answer_refusal)
    app.register_error_handler(CSRFError, answer_csrf)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(IntegrityError, answer_integrity)
    app.register_error_handler(StaleDataError, answer_stale)
    app.register_error_handler(OperationalError, answer_operational)
    app.register_error_handler(Exception, answer_fault)


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint not in access.STATIC_ENDPOINTS or response.status_code >= 400:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def refuse_junk_address() -> None:
    """Runs before every request, and before anything of its body is read."""
    if not current_user.is_authenticated:
        # Nobody signs in with more than this, and reading a long form costs more than sending it.
        request.max_content_length = LARGEST_STRANGERS_BODY
    refuse_junk(request.args)


def refuse_junk_form() -> None:
    """Runs for those who may write, once they are known."""
    refuse_junk(request.form)


def check_token() -> None:
    """Runs before every request: one that may write carries the token of this browser's pages."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        refuse_junk_form()
        csrf.protect()


def error_page(status: int, sentence: str, reference: str | None = None) -> Any:
    db.session.rollback()
    dialects.work_only_reads()
    if access.wants_json():
        return {"message": sentence}, status
    title = _(TITLES.get(status, TITLES[400]))
    facts = {"title": title, "sentence": sentence, "reference": reference}
    if _has_frame():
        return render_template("web/error.html", **facts), status
    # Without what surrounds other pages: that asks the database, which may be what is missing.
    return current_app.jinja_env.get_template("web/error_plain.html").render(**facts), status


def _has_frame() -> bool:
    try:
        return bool(current_user.is_authenticated)
    except Exception:
        # The error page must come even when the database that knows the person is gone.
        log.exception("The person could not be looked up for an error page.")
        return False


def answer_refusal(refusal: Refusal) -> Any:
    return error_page(422 if request.method == "POST" else 400, refusal.message)


def answer_csrf(_error: CSRFError) -> Any:
    return error_page(400, _("This page was open for too long to be sent. Go back, reload it and try again."))


def answer_http(error: HTTPException) -> Any:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    code = error.code or 500
    own_words = error.description if error.description != type(error).description else None
    page, status = error_page(code, str(own_words or _(SENTENCES.get(code, "")) or _("Go back and try again.")))
    response = current_app.make_response((page, status))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def answer_integrity(error: IntegrityError) -> Any:
    log.warning("A constraint refused a write at %s", request.path, exc_info=error)
    return error_page(422, sentence_for(error, None).message)


def answer_stale(_error: StaleDataError) -> Any:
    return error_page(409, _("Somebody saved the same record at the same moment. Go back, reload it and try again."))


def answer_operational(error: OperationalError) -> Any:
    if not dialects.is_lock_timeout(error):
        return answer_fault(error)
    log.warning("A write waited too long at %s", request.path, exc_info=error)
    page, status = error_page(503, _("Others are writing just now. Go back and try again; nothing was saved."))
    return page, status, {"Retry-After": "5"}


def answer_fault(error: Exception) -> Any:
    reference = secrets.token_hex(4)
    log.error("Fault %s at %s %s", reference, request.method, request.path, exc_info=error)
    sentence = _("This is our fault, not yours, and nothing was saved. Go back and try again.")
    return error_page(500, sentence, reference)
