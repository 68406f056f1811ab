"""What nobody types: refused before anything reads it, in addresses, in forms, and in an address that a form holds."""

import re
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from backoffice.errors import Refusal
from backoffice.languages import gettext as _

# What servers take of an address is not much more.
LONGEST_ADDRESS = 8000
# Normalising text takes time by the square of how many marks stand on one letter.
PILED_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{40}"
)


def refuse_junk(given: MultiDict[str, str]) -> None:
    """A NUL, half a character or a pile of accents is nothing that a person typed, and hurts whoever reads it."""
    for value in [*(value for _key, value in given.items(multi=True)), *given.keys()]:
        if "\x00" in value:
            raise BadRequest(_("The request holds a character that cannot be stored. Remove it and try again."))
        if PILED_MARKS.search(value):
            raise BadRequest(_("The request holds a letter with too many marks. Remove it and try again."))
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise BadRequest(_("The request holds half a character. Remove it and try again.")) from None


def read_address(query: str) -> MultiDict[str, str]:
    """What the query part of an address asks, which a form or a saved view holds as one text."""
    if len(query) > LONGEST_ADDRESS:
        raise Refusal(_("The address of the list is too long. Take some filters away."))
    given = MultiDict(parse_qsl(query.removeprefix("?")))
    refuse_junk(given)
    return given
