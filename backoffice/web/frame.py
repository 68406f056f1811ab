"""What surrounds every page: the menu by area, the person, the environment, the notes of what was done."""

from typing import Any

from flask import Flask, current_app, get_flashed_messages, request, url_for
from flask_login import current_user
from markupsafe import Markup

from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.settings.money import format_amount
from backoffice.staff.models import SavedView
from backoffice.web import access, assets, formats
from backoffice.web.attributes import as_word
from backoffice.web.merging import was_name
from backoffice.web.reading import page_language, preference, saved_views_at_hand
from backoffice.wording import capitalised, counted, figure

MOST_VIEWS_SHOWN = 6
ENVIRONMENT_BADGES = {"staging": marked("STAGING"), "testing": marked("TESTING"), "development": marked("DEVELOPMENT")}


def register(app: Flask) -> None:
    app.context_processor(frame)
    app.jinja_env.globals["_"] = _text
    app.add_template_filter(formats.show_age, "age")
    app.add_template_filter(formats.show_moment, "moment")
    app.add_template_global(assets.asset)
    app.add_template_global(assets.words)
    app.add_template_global(was_name)
    for helper in (counted, figure, capitalised, as_word, page_language):
        app.add_template_global(helper)
    app.add_template_filter(lambda minor: format_amount(minor, formats.settings()), "money")


def _text(message: str, **values: Any) -> Markup:
    """A text in a template; what is put into it is escaped. A page has some hundred, so it takes no way round."""
    text = Markup(_(message))
    return text % values if values or "%" in text else text


def frame() -> dict[str, Any]:
    return {
        "shop": formats.settings(),
        "preference": preference(),
        "environment_badge": ENVIRONMENT_BADGES.get(current_app.config["ENVIRONMENT"]),
        "menu": menu,
        "may": access.may,
        "notes": notes,
        "current_user": current_user,
    }


def menu() -> list[dict[str, Any]]:
    """The areas with the screens that the person may open, and under each list its saved views."""
    closed = preference().closed_areas or []
    views: dict[str, list[SavedView]] = {}
    for view in saved_views_at_hand():
        views.setdefault(view.screen, []).append(view)
    areas = []
    for name, screens in current_app.extensions["menu"]:
        links = [_link(screen, views.get(screen.endpoint, [])) for screen in screens if screen.is_accessible()]
        if links:
            is_here = any(link["is_current"] for link in links)
            title = _(name) if name else ""
            areas.append({"name": name, "title": title, "links": links, "is_closed": name in closed and not is_here})
    return areas


def _link(screen: Any, views: list[SavedView]) -> dict[str, Any]:
    is_here = bool(request.endpoint) and request.endpoint.partition(".")[0] == screen.endpoint
    shown = request.args.get("view") if is_here else None
    return {
        "name": _(screen.name),
        "icon": screen.icon,
        "url": url_for(f"{screen.endpoint}.{screen._default_view}"),
        "count": screen.endpoint if getattr(screen, "shows_count", False) else None,
        "is_current": is_here and shown not in {str(view.id) for view in views},
        "views": [
            {
                "id": view.id,
                "name": view.name,
                "url": url_for(f"{screen.endpoint}.index_view", view=view.id),
                "is_current": shown == str(view.id),
            }
            for place, view in enumerate(views)
            # The one at hand is shown wherever it stands, so that the menu says where one is.
            if place < MOST_VIEWS_SHOWN or shown == str(view.id)
        ],
    }


def notes() -> list[dict[str, Any]]:
    """What just happened, for the note at the bottom and the warnings at the top."""
    return [
        (message if isinstance(message, dict) else {"text": str(message)}) | {"tone": tone}
        for tone, message in get_flashed_messages(with_categories=True)
    ]
