"""Reading single cells: strict about what they mean, and never through a float."""

import re
from decimal import ROUND_HALF_UP, Decimal

from backoffice.errors import Refusal
from backoffice.languages import gettext as _

# The exporter puts an apostrophe before these, so that no spreadsheet runs them.
_ARMOURED = re.compile(r"'[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})", re.ASCII)
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def clean_cell(text: str) -> str:
    """The cell without blanks around it and without the armour that keeps a spreadsheet from running it."""
    plain = text.strip()
    return plain[1:].strip() if _ARMOURED.match(plain) else plain


def parse_code(text: str) -> str:
    """A code stays text; the apostrophe that kept a spreadsheet from making it a number is no part of it."""
    return text.removeprefix("'").strip()


def parse_amount(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise Refusal(_("Write the amount in figures with a point, such as 12.50, without a currency."))
    return Decimal(text)


def parse_whole_number(text: str) -> int:
    """Spreadsheets write 12 as 12.0, which says the same."""
    if not _NUMBER.fullmatch(text) or Decimal(text) != Decimal(text).to_integral_value():
        raise Refusal(_("Write a whole number, such as 12."))
    return int(Decimal(text))


def parse_grams(text: str) -> int:
    """Whole grams: a weight given in another unit comes as 453.592, and no scale of a shop tells its fractions."""
    if not _NUMBER.fullmatch(text):
        raise Refusal(_("Write the weight in grams, such as 350."))
    grams = Decimal(text)
    if grams < 0:
        raise Refusal(_("A weight can’t be below 0. Enter 0 or more."))
    return int(grams.quantize(Decimal(1), rounding=ROUND_HALF_UP)) if grams < 10**15 else int(grams)


def parse_flag(text: str) -> bool:
    try:
        return _FLAGS[text.casefold()]
    except KeyError:
        raise Refusal(_("Write true or false.")) from None


def parse_list(text: str) -> tuple[str, ...]:
    """Names between commas, each once."""
    names = (name.strip() for name in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def parse_path(text: str) -> tuple[str, ...]:
    """Names from the root of a tree to the leaf, as in `Home > Lighting`."""
    return tuple(name.strip() for name in text.split(">") if name.strip())


def parse_position(text: str) -> int:
    """A place in a row of pictures, written from 1 and kept from 0."""
    position = parse_whole_number(text)
    if position < 1:
        raise Refusal(_("Positions begin at 1."))
    return position - 1


def parse_picture_url(text: str) -> str:
    """An address of the web, or the bare name of a file; nothing that a browser would run or read from its disk."""
    scheme = re.match(r"([a-z][a-z0-9+.\-]*):", text, re.IGNORECASE)
    if scheme and scheme.group(1).casefold() not in ("http", "https"):
        raise Refusal(_("Write the picture’s address with https:// at its beginning."))
    return text
