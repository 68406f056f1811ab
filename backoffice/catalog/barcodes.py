"""Barcodes: text as given; a wrong check digit is worth a warning, never a refusal."""

from backoffice.languages import gettext as _


def gtin_check_digit(digits: str) -> int:
    """Return the last digit of a GTIN.

    digits: 7, 11, 12 or 13 digits, without the check digit.
    Raises ValueError for any other length or a non-digit.
    Source: GS1 General Specifications, check digit calculation.
    """
    if len(digits) not in (7, 11, 12, 13) or not (digits.isascii() and digits.isdigit()):
        raise ValueError("A GTIN without its check digit has 7, 11, 12 or 13 digits.")
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10


def barcode_warning(barcode: str | None) -> str | None:
    """Return a sentence where the barcode looks like a GTIN with a wrong check digit."""
    if not barcode or not (barcode.isascii() and barcode.isdigit()) or len(barcode) not in (8, 12, 13, 14):
        return None
    expected = gtin_check_digit(barcode[:-1])
    if int(barcode[-1]) == expected:
        return None
    return _(
        "The last digit of barcode %(barcode)s does not fit the others (%(digit)s would). Check it against the label.",
        barcode=barcode,
        digit=expected,
    )
