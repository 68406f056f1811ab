"""How sentences count and list things, in the reader's language."""

from collections.abc import Sequence

from babel.numbers import format_decimal

from backoffice.languages import get_locale, ngettext
from backoffice.languages import gettext as _


def plural(noun: str) -> str:
    """The English noun for several."""
    first, of, rest = noun.partition(" of ")
    if of:
        return f"{plural(first)}{of}{rest}"
    if noun.endswith("settings"):
        return noun
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def marked_noun(noun: str) -> str:
    """The noun as it is: a mark for the collector, where it is counted later by whoever shows it."""
    return noun


def figure(number: int) -> str:
    """The number as the reader writes it, as in `1,204`."""
    return format_decimal(number, locale=get_locale() or "en")


def counted(number: int, noun: str) -> str:
    """The number with its noun, as in `1 category` or `1,204 products`; noun is the English one."""
    return f"{figure(number)} {ngettext(noun, plural(noun), number)}"


def joined(words: Sequence[str]) -> str:
    """The words as a sentence lists them, as in `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return _("%(several)s and %(last)s", several=", ".join(words[:-1]), last=words[-1])


def first_few(names: Sequence[str], number: int) -> str:
    """The names there are, and how many of all `number` come on top, as in `MUG-1, MUG-2 and 4 more`."""
    more = number - len(names)
    return joined([*names, _("%(number)s more", number=figure(more))]) if more > 0 and names else joined(names)


def capitalised(words: str) -> str:
    """The words as a label begins; what follows the first letter stays as it is."""
    return words[:1].upper() + words[1:]
