"""The command palette: records by a few letters, places, views and deeds, each only for who may open it."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import current_app, url_for
from flask_login import current_user

from backoffice.audit.history import latest_records_of
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import models_by_table
from backoffice.web.finding import tidy_search
from backoffice.web.history import readable_entities
from backoffice.web.reading import saved_views_at_hand

MOST_RECENT = 8
MOST_PLACES = 6
# Of those that are found somewhere else than at the beginning of their name.
LOOKED_AT = 30


@dataclass(frozen=True)
class Option:
    """One line. act names what the page itself does, where the line leads to no address."""

    text: str
    url: str | None = None
    fact: str = ""
    icon: str = "circle"
    picture: str | None = None
    act: str | None = None


@dataclass(frozen=True)
class Group:
    title: str
    options: list[Option] = field(default_factory=list)


def results(text: str) -> list[dict[str, Any]]:
    """What is found for a few letters, in groups; without letters, where the person was last and what there is."""
    query = tidy_search(text)
    places = _places(query)
    if not query:
        groups = [Group(_("Changed by you last"), recent_options()), places, _deeds("")]
    else:
        records = list(_records(query, _nearest))
        groups = [places, *records] if _names_a_place(query, places) else [*records, places]
        groups.append(_deeds(query))
        if not any(group.options for group in records):
            # What only comes close to it stands behind what was surely meant.
            groups += _records(query, _similar)
    return [asdict(group) for group in groups if group.options]


def _names_a_place(query: str, places: Group) -> bool:
    """Whether somebody writes a page's name, of which a few letters could still mean a product."""
    sought = query.casefold()
    return len(sought) >= 4 and any(option.text.casefold().startswith(sought) for option in places.options)


def _screens() -> Iterator[Any]:
    return (screen for screen in current_app.extensions["screens"].values() if screen.is_accessible())


def _records(query: str, find: Callable[[Any, str], list[Any]]) -> Iterator[Group]:
    for screen in _screens():
        if getattr(screen, "palette_most", 0) and screen.column_searchable_list:
            yield Group(_(screen.name), [screen.palette_option(record) for record in find(screen, query)])


def _similar(screen: Any, query: str) -> list[Any]:
    return screen.load_rows(screen.found_of(screen.live(), screen.finder.similar(query, screen.palette_most)))


def _nearest(screen: Any, query: str) -> list[Any]:
    """The records that the query finds: one that is named just so leads, then those whose name begins with it."""
    best = screen.found_of(screen.live(), screen.finder.best(query, screen.palette_most))
    if len(best) == screen.palette_most:
        return screen.load_rows(best)
    found = screen.live().where(*screen.finder.condition(query), screen.model.id.not_in(best))
    keys = db.session.scalars(found.with_only_columns(screen.model.id, maintain_column_froms=True).limit(LOOKED_AT))
    others = screen.load_rows(keys.all())
    sought = query.casefold()
    others.sort(key=lambda record: (sought not in str(record).casefold(), str(record).casefold()))
    return (screen.load_rows(best) + others)[: screen.palette_most]


def recent_options() -> list[Option]:
    """The records that the person changed last and may still open, loaded in a fixed number of queries."""
    latest = latest_records_of(current_user.id, readable_entities(), MOST_RECENT * 2)
    records = _live_records(latest)
    screens = current_app.extensions["screens"]
    found = [(screens[entity], records[entity, key]) for entity, key in latest if (entity, key) in records]
    return [screen.palette_option(record) for screen, record in found if screen.record_url(record)][:MOST_RECENT]


def _live_records(latest: list[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    """Those of (table, key) that are there and have a screen, ready to be shown."""
    keys_of: dict[str, list[int]] = {}
    for entity, key in latest:
        if entity in current_app.extensions["screens"] and entity in models_by_table():
            keys_of.setdefault(entity, []).append(key)
    found = {}
    for entity, keys in keys_of.items():
        screen = current_app.extensions["screens"][entity]
        found |= {(entity, record.id): record for record in screen.load_rows(keys)}
    return found


def _places(query: str) -> Group:
    places = [
        Option(_(screen.name), url_for(f"{screen.endpoint}.{screen._default_view}"), icon=screen.icon)
        for screen in _screens()
    ]
    readable = {screen.endpoint: screen for screen in _screens()}
    places += [
        Option(
            view.name,
            url_for(f"{view.screen}.index_view", view=view.id),
            _(readable[view.screen].name),
            icon="bookmark-star",
        )
        for view in saved_views_at_hand()
        if view.screen in readable
    ]
    places.append(Option(_("Language, looks and password"), url_for("staff_access.account"), icon="key"))
    return Group(_("Go to"), _matching(places, query)[:MOST_PLACES])


def _deeds(query: str) -> Group:
    deeds = []
    listed = [screen for screen in _screens() if hasattr(screen, "model") and screen.palette_most]
    for screen in listed[:1] if query else []:
        url = url_for(f"{screen.endpoint}.index_view", search=query)
        deeds.append(Option(_("All %(list)s matching “%(text)s”", list=_(screen.name), text=query), url, icon="search"))
    own = [
        Option(_("New %(noun)s", noun=_(screen.noun)), url_for(f"{screen.endpoint}.create_view"), icon="plus-lg")
        for screen in _screens()
        if hasattr(screen, "model") and screen.may("create")
    ]
    own += [
        Option(_("Switch between light and dark"), act="theme", icon="circle-half"),
        Option(_("Row height: comfortable or compact"), act="density", icon="arrows-expand"),
        Option(_("Show all keys"), act="keys", icon="keyboard", fact="?"),
        Option(_("Sign out"), act="sign-out", icon="box-arrow-right"),
    ]
    return Group(_("Do"), _matching(own, query)[: MOST_PLACES if query else 4] + deeds)


def _matching(options: list[Option], query: str) -> list[Option]:
    words = query.casefold().split()
    return [one for one in options if all(word in f"{one.text} {one.fact}".casefold() for word in words)]
