"""The gate: every endpoint names the right it needs, and one that names none is closed.

A right is (area, verb); PUBLIC needs nobody, SIGNED_IN anybody with an account.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from backoffice.languages import gettext as _
from backoffice.languages import marked

PUBLIC = ("", "public")
SIGNED_IN = ("", "signed in")
CLOSED = ("", "closed")

Right = tuple[str, str]
STATIC_ENDPOINTS = {"static", "bootstrap.static", "assets.file"}

RIGHT_SENTENCES = {
    "read": marked("Your role may not look at %(area)s."),
    "create": marked("Your role may not add to %(area)s."),
    "edit": marked("Your role may not change %(area)s."),
    "price": marked("Your role may not set prices in %(area)s."),
    "delete": marked("Your role may not delete from %(area)s."),
    "import": marked("Your role may not import into %(area)s."),
    "export": marked("Your role may not export from %(area)s."),
    "undo": marked("Your role may not undo others’ changes in %(area)s."),
    "empty_trash": marked("Your role may not empty the trash of %(area)s."),
    "": marked("Your role may not do that in %(area)s."),
}
AREA_WORDS = {
    "catalog": marked("the catalog"),
    "stock": marked("stock"),
    "media": marked("pictures"),
    "history": marked("history"),
    "staff": marked("staff"),
    "settings": marked("settings"),
}


class MissingRight(Forbidden):
    """Refused for want of a right; the page says which, and who can give it."""

    def __init__(self, right: Right) -> None:
        area, verb = right
        sentence = _(RIGHT_SENTENCES.get(verb, RIGHT_SENTENCES[""]), area=_(AREA_WORDS.get(area, area)))
        super().__init__(f"{sentence} {_('Ask an owner of the shop if you need it.')}")
        self.right = right


def allows(right: Right) -> Callable[[Any], Any]:
    """Say on a view function which right it needs."""

    def mark(function: Any) -> Any:
        function.right = right
        return function

    return mark


def unattended(function: Any) -> Any:
    """Say of a view that pages call it by themselves: it begins as one that only reads, and nobody is there by it."""
    function.is_unattended = True
    return function


def is_unattended() -> bool:
    """Whether a page made this request by itself, and not the person before it."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), "is_unattended", False)


def right_of(app: Flask, endpoint: str) -> Right:
    """The right that an endpoint needs; CLOSED where none is named."""
    if endpoint in STATIC_ENDPOINTS:
        return PUBLIC
    screen = app.extensions["screens"].get(endpoint.partition(".")[0])
    if screen is not None:
        return screen.right_of(endpoint.partition(".")[2])
    return getattr(app.view_functions.get(endpoint), "right", CLOSED)


def may(verb: str, area: str) -> bool:
    person = current_user._get_current_object()
    return bool(person.is_authenticated and person.may(verb, area))


def require(verb: str, area: str) -> None:
    if not may(verb, area):
        raise MissingRight((area, verb))


def guard_request() -> Response | None:
    """Runs before every request; nothing is looked up for somebody who may not see it."""
    if request.endpoint is None:
        return None if current_user.is_authenticated else _to_sign_in()
    right = right_of(current_app, request.endpoint)
    if right == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if right == SIGNED_IN:
        return None
    if right == CLOSED:
        raise Forbidden(_("This screen does not offer that."))
    require(right[1], right[0])
    return None


def own_address(target: str | None, otherwise: str = "/admin/") -> str:
    """The address to go on to, where it is one of ours; anything else may lead anywhere."""
    if not target or "\\" in target or any(ord(letter) < 33 for letter in target):
        return otherwise
    try:
        parts = urlsplit(target)
    except ValueError:
        return otherwise
    is_ours = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
    return target if is_ours else otherwise


def wants_json() -> bool:
    return "/ajax/" in request.path or request.accept_mimetypes.best == "application/json"


def _to_sign_in() -> Any:
    if wants_json():
        abort(401)
    target = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
    return redirect(url_for("staff_access.sign_in", next=target if target not in (None, "/", "/admin/") else None))
