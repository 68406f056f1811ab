"""What surrounds every page: the menu by area, the person, the environment, the notes of what was done."""

from typing import Any

from flask import Flask, current_app, get_flashed_messages, get_template_attribute, request, url_for
from flask_login import current_user
from markupsafe import Markup

from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.settings.money import format_amount
from backoffice.web import access, assets, formats
from backoffice.web.addresses import address
from backoffice.web.attributes import as_word
from backoffice.web.merging import was_name
from backoffice.web.parts import icon
from backoffice.web.reading import page_language, preference, saved_views_at_hand
from backoffice.wording import capitalised, counted, figure

MOST_VIEWS_SHOWN = 6
ENVIRONMENT_BADGES = {"staging": marked("STAGING"), "testing": marked("TESTING"), "development": marked("DEVELOPMENT")}


def register(app: Flask) -> None:
    app.context_processor(frame)
    app.jinja_env.globals["_"] = _text
    app.add_template_filter(formats.show_age, "age")
    app.add_template_filter(formats.show_moment, "moment")
    app.jinja_env.add_constant(icon)
    app.add_template_global(address)
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
        "dialogs": dialogs,
        "may": access.may,
        "notes": notes,
        "current_user": current_user._get_current_object(),
    }


def menu() -> Markup:
    """The areas with the screens that the person may open, and under each list its saved views.

    It is drawn once for all who may open the same, see the same views, and are at the same place.
    """
    views = tuple((view.screen, view.id, view.name) for view in saved_views_at_hand())
    here = (request.endpoint or "").partition(".")[0]
    return _menu(current_user.rights, tuple(preference().closed_areas or ()), views, here, request.args.get("view"))


@formats.remembered
def _menu(
    _rights: Any, closed: tuple[str, ...], views: tuple[tuple[str, int, str], ...], here: str, shown: str | None
) -> Markup:
    areas = []
    for name, screens in current_app.extensions["menu"]:
        links = [_link(screen, views, here, shown) for screen in screens if screen.is_accessible()]
        if links:
            is_here = any(link["is_current"] for link in links)
            title = _(name) if name else ""
            areas.append({"name": name, "title": title, "links": links, "is_closed": name in closed and not is_here})
    return get_template_attribute("web/frame_parts.html", "area_menu")(areas)


def _link(screen: Any, views: tuple[tuple[str, int, str], ...], here: str, shown: str | None) -> dict[str, Any]:
    own = [(key, name) for endpoint, key, name in views if endpoint == screen.endpoint]
    is_here = here == screen.endpoint
    shown = shown if is_here else None
    return {
        "name": _(screen.name),
        "icon": screen.icon,
        "url": address(f"{screen.endpoint}.{screen._default_view}"),
        "count": screen.endpoint if getattr(screen, "shows_count", False) else None,
        "is_current": is_here and shown not in {str(key) for key, _name in own},
        "views": [
            {
                "id": key,
                "name": name,
                "url": url_for(f"{screen.endpoint}.index_view", view=key),
                "is_current": shown == str(key),
            }
            for place, (key, name) in enumerate(own)
            # The one at hand is shown wherever it stands, so that the menu says where one is.
            if place < MOST_VIEWS_SHOWN or shown == str(key)
        ],
    }


@formats.remembered
def dialogs(has_single_keys: bool) -> Markup:
    """The command palette and the table of keys, which are alike on every page."""
    return get_template_attribute("web/frame_parts.html", "dialogs")(has_single_keys)


def notes() -> list[dict[str, Any]]:
    """What just happened, for the note at the bottom and the warnings at the top."""
    return [
        (message if isinstance(message, dict) else {"text": str(message)}) | {"tone": tone}
        for tone, message in get_flashed_messages(with_categories=True)
    ]
