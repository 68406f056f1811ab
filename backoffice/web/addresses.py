"""Addresses of pages that ask nothing but to be opened, each made once: a page links to some forty of them."""

from typing import Any

from flask import current_app, request, url_for

ANY = "0" * 64


def address(endpoint: str) -> str:
    """The address of an endpoint without arguments, as `url_for` makes it."""
    return _kept(endpoint, {})


def address_parts(endpoint: str, argument: str, **values: Any) -> tuple[str, str]:
    """What stands before and behind one argument of an address."""
    before, after = _kept(endpoint, {argument: ANY, **values}).split(ANY)
    return before, after


def _kept(endpoint: str, values: dict[str, Any]) -> str:
    kept = current_app.extensions.setdefault("addresses", {})
    # A proxy may serve the shop below a path of its own.
    key = (request.root_path, endpoint, *values.items())
    if key not in kept:
        kept[key] = url_for(endpoint, **values)
    return kept[key]
