"""What surrounds every page: the menu by area, the person, the environment, the notes of what was done."""

import os
from typing import Any

from flask import Flask, current_app, get_flashed_messages, request, url_for
from flask_login import current_user

from backoffice.settings.money import format_amount
from backoffice.web import access, formats
from backoffice.web.merging import was_name
from backoffice.wording import counted

ENVIRONMENT_BADGES = {"staging": "STAGING", "testing": "TESTING", "development": "DEVELOPMENT"}


def register(app: Flask) -> None:
    app.context_processor(frame)
    app.add_template_filter(formats.show_age, "age")
    app.add_template_filter(formats.show_moment, "moment")
    app.add_template_global(asset)
    app.add_template_global(was_name)
    app.add_template_global(counted)
    app.add_template_filter(lambda minor: format_amount(minor, formats.settings()), "money")


def frame() -> dict[str, Any]:
    return {
        "shop": formats.settings(),
        "environment_badge": ENVIRONMENT_BADGES.get(current_app.config["ENVIRONMENT"]),
        "menu": menu,
        "may": access.may,
        "notes": notes,
        "current_user": current_user,
    }


def menu() -> list[tuple[str, list[dict[str, Any]]]]:
    """The areas with the screens that the person may open, as (title, links)."""
    here = request.endpoint.partition(".")[0] if request.endpoint else ""
    areas = []
    for title, screens in current_app.extensions["menu"]:
        links = [
            {
                "name": screen.name,
                "icon": screen.icon,
                "url": url_for(f"{screen.endpoint}.{screen._default_view}"),
                "is_current": screen.endpoint == here,
            }
            for screen in screens
            if screen.is_accessible()
        ]
        if links:
            areas.append((title, links))
    return areas


def notes() -> list[dict[str, Any]]:
    """What just happened, for the note at the bottom and the warnings at the top."""
    return [
        (message if isinstance(message, dict) else {"text": str(message)}) | {"tone": tone}
        for tone, message in get_flashed_messages(with_categories=True)
    ]


def asset(filename: str) -> str:
    """The address of one of our own files, new whenever the file is."""
    stamps = current_app.extensions.setdefault("asset_stamps", {})
    if filename not in stamps or current_app.debug:
        path = f"{current_app.static_folder}/{filename}"
        stamps[filename] = int(os.stat(path).st_mtime)
    return url_for("static", filename=filename, v=stamps[filename])
