"""Barcodes: a wrong check digit is worth a warning, never a refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.catalog.barcodes import barcode_warning, gtin_check_digit

bodies = st.sampled_from([7, 11, 12, 13]).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size))


@pytest.mark.parametrize(
    ("digits", "check"),
    # From the GS1 General Specifications and the packets on our shelf.
    [("629104150021", 3), ("400638133393", 1), ("03600029145", 2), ("9638507", 4), ("1061414100041", 5)],
)
def test_the_check_digit_is_that_of_the_standard(digits: str, check: int) -> None:
    assert gtin_check_digit(digits) == check


@given(bodies)
def test_a_barcode_with_its_check_digit_gives_no_warning(body: str) -> None:
    assert barcode_warning(f"{body}{gtin_check_digit(body)}") is None


@given(bodies, st.data())
def test_one_wrong_digit_is_always_noticed(body: str, data: st.DataObject) -> None:
    barcode = f"{body}{gtin_check_digit(body)}"
    place = data.draw(st.integers(0, len(barcode) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != barcode[place]]))

    warning = barcode_warning(barcode[:place] + other + barcode[place + 1 :])

    assert warning is not None and "Check it against the label." in warning


@pytest.mark.parametrize(
    "barcode", [None, "", "ABC-123", "1234567", "123456789", "12345678901", "٤٠٠٦٣٨١٣", "4006 381"]
)
def test_what_is_no_gtin_is_left_alone(barcode: str | None) -> None:
    assert barcode_warning(barcode) is None


@pytest.mark.parametrize("digits", ["", "123456", "12345678", "12345678901234", "123456a", "١٢٣٤٥٦٧", "-123456"])
def test_a_check_digit_is_made_of_the_right_number_of_digits(digits: str) -> None:
    with pytest.raises(ValueError, match="7, 11, 12 or 13 digits"):
        gtin_check_digit(digits)
