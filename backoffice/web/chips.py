"""The filters of a list as chips. One that is not set looks alike on every page, and is drawn once for all of them."""

from collections.abc import Iterator
from typing import Any

from flask import g, get_template_attribute
from markupsafe import Markup

from backoffice.web import access, filters, formats
from backoffice.web.listing import ListArguments

# The others fold behind one button.
USUAL = 5


def chips_of(screen: Any, arguments: ListArguments, group: filters.Group) -> Iterator[Markup]:
    """The chips of one group: those that are set, the usual ones, and the others."""
    set_by_name, offer = group.by_name, arguments.given.get("offer")
    for place, one in enumerate(screen.filters.values()):
        name, is_rare = f"{group.prefix}{one.name}", place >= USUAL
        is_touched = one.name in set_by_name or one.name in group.problems or offer == name
        # Choices that are loaded may be others by the next page.
        if not (is_touched or one.load or _is_typed(group, one)):
            yield _free_chip(screen, one, name, is_rare)
        else:
            clear = screen.address_without(arguments, one, group.prefix)
            active, choices = set_by_name.get(one.name, []), _choices(arguments, one, offer)
            yield _draw(screen, one, name, is_rare, group, active, clear, choices, offer == name)


def _choices(arguments: ListArguments, one: filters.Filter, offer: str | None) -> list[tuple[int, Any]]:
    """The related records that a filter's menus offer, read once however many groups show it."""
    if one.kind not in ("reference", "references"):
        return []
    active = [each for each in arguments.filters if each.filter.name == one.name and each.operator in ("", "not")]
    keys = [key for each in active for key in each.values]
    if not keys and filters.parts_of(offer or "")[1] != one.name:
        return []
    if not access.may("read", one.target.area):
        # What is set stays set, and nothing is told of it that its own list would not tell.
        return [(key, f"#{key}") for key in keys]
    read = g.setdefault("offered_choices", {})
    if one not in read:
        read[one] = filters.offered(one, keys)
    return read[one]


def _is_typed(group: filters.Group, one: filters.Filter) -> bool:
    return any(name.partition("__")[0] == one.name for name in group.typed)


@formats.remembered
def _free_chip(screen: Any, one: filters.Filter, name: str, is_rare: bool) -> Markup:
    return _draw(screen, one, name, is_rare, filters.Group("", ()), [], None, [], False)


def _draw(
    screen: Any,
    one: filters.Filter,
    name: str,
    is_rare: bool,
    group: filters.Group,
    active: list[filters.ActiveFilter],
    clear: str | None,
    choices: list[tuple[int, Any]],
    is_offered: bool,
) -> Markup:
    macro = get_template_attribute("web/filter_chips.html", "filter_chip")
    return macro(screen, one, name, is_rare, group, active, clear, choices, is_offered, filters.SPANS)
