"""Bytes become records, whatever program wrote them; and what cannot be read is refused in bounded time and memory."""

import tracemalloc
from pathlib import Path

import pytest

from backoffice.errors import Refusal
from backoffice.import_export.readers.text import LARGEST_FILE, read_records
from tests.import_export.files import write_bytes


def records(folder: Path, content: bytes, encoding: str | None = None) -> list[list[str]]:
    return [cells for _, cells in read_records(write_bytes(folder, content), encoding)]


def refusal(folder: Path, content: bytes) -> str:
    with pytest.raises(Refusal) as raised:
        records(folder, content)
    return raised.value.message


TABLE = [["Handle", "Title"], ["mug", "Tasse à café"]]


@pytest.mark.parametrize(
    "content",
    [
        "Handle,Title\nmug,Tasse à café\n".encode(),
        "\ufeffHandle,Title\nmug,Tasse à café\n".encode(),
        "\ufeff\ufeffHandle,Title\nmug,Tasse à café\n".encode(),
        b"\n \n" + "\ufeffHandle,Title\nmug,Tasse à café\n".encode(),
        b"Notice: plug-in loaded" + "\ufeffHandle,Title\nmug,Tasse à café\n".encode(),
        "Handle,Title\nmug,Tasse à café\n".encode("utf-16"),
        b"\xfe\xff" + "Handle,Title\nmug,Tasse à café\n".encode("utf-16-be"),
        "Handle,Title\nmug,Tasse à café\n".encode("cp1252"),
    ],
    ids=["utf-8", "mark", "two marks", "blank lines and mark", "junk and mark", "utf-16-le", "utf-16-be", "cp1252"],
)
def test_the_encoding_is_found_out(tmp_path: Path, content: bytes) -> None:
    assert records(tmp_path, content) == TABLE


def test_an_encoding_may_be_chosen(tmp_path: Path) -> None:
    assert records(tmp_path, "Handle,Title\nmug,Кружка\n".encode("cp1251"), "cp1251")[1] == ["mug", "Кружка"]


def test_a_mark_between_two_joined_files_cuts_nothing_off(tmp_path: Path) -> None:
    joined = b"Handle,Title\nmug,Mug\n" + "\ufeffHandle,Title\npan,Pan\n".encode()

    assert ["mug", "Mug"] in records(tmp_path, joined)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_out(tmp_path: Path, delimiter: str) -> None:
    content = f"Handle{delimiter}Title\nmug{delimiter}Mug\n".encode()

    assert records(tmp_path, content) == [["Handle", "Title"], ["mug", "Mug"]]


def test_finding_the_delimiter_never_cuts_a_quoted_cell(tmp_path: Path) -> None:
    content = b'"Handle, which is\n a;b;c;d;e",Title\nmug,Mug\n'

    assert records(tmp_path, content)[0] == ["Handle, which is\n a;b;c;d;e", "Title"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("inner", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_quoted_cells_may_hold_other_line_ends_than_the_records(tmp_path: Path, end: str, inner: str) -> None:
    content = f'a,b{end}1,"two{inner}lines"{end}3,4{end}'.encode()

    assert records(tmp_path, content) == [["a", "b"], ["1", f"two{inner}lines"], ["3", "4"]]


def test_a_long_file_is_read_beyond_the_block_in_which_its_letters_are_checked(tmp_path: Path) -> None:
    content = b"Handle,Title\n" + "mug,é\n".encode() * 300_000

    assert sum(1 for _ in read_records(write_bytes(tmp_path, content))) == 300_001


def test_rows_are_counted_by_records_with_the_header_as_1(tmp_path: Path) -> None:
    path = write_bytes(tmp_path, b'a,b\n\n"1\n\n\n",2\n3\n')

    assert [(row, len(cells)) for row, cells in read_records(path)] == [(1, 2), (2, 2), (3, 1)]


def test_a_description_longer_than_pythons_own_bound_is_read(tmp_path: Path) -> None:
    assert len(records(tmp_path, b'a,b\n1,"' + b"x" * 500_000 + b'"\n')[1][1]) == 500_000


@pytest.mark.parametrize("tail", [b'1,"never closed\n2,3\n', b'1,"closed" twice"\n'])
def test_a_quotation_mark_out_of_place_is_named_by_its_row(tmp_path: Path, tail: bytes) -> None:
    assert refusal(tmp_path, b"a,b\n0,0\n" + tail).startswith("Row 3 has a quotation mark")


@pytest.mark.parametrize("cell", [b"x" * 50_000_000, b"," * 50_000_000, b'"' + (b"x" * 99 + b"\n") * 500_000])
def test_one_endless_record_is_refused_without_being_read(tmp_path: Path, cell: bytes) -> None:
    path = write_bytes(tmp_path, b"a,b\n1," + cell + b"\n")
    tracemalloc.start()

    with pytest.raises(Refusal, match="Row 2 is longer than 4,000,000 characters"):
        list(read_records(path))

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


def test_a_cell_of_5_mb_is_refused_by_its_row(tmp_path: Path) -> None:
    assert "Row 2" in refusal(tmp_path, b"a,b\n1," + b"x" * 5_000_000 + b"\n")


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04rest", b"\x89PNG\r\n\x1a\n", b"\xff\xfea", b"a,b\n\x81\x8d\x8f,\xff\n", b"%PDF-1.7"],
    ids=["empty", "xlsx", "png", "cut utf-16", "no known letters", "pdf"],
)
def test_what_is_no_text_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content).endswith(".")


def test_a_file_over_the_bound_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)

    with pytest.raises(Refusal, match="larger than 200 MB"):
        list(read_records(path))


@pytest.mark.parametrize("name", ["absent.csv", "", "x" * 5000])
def test_a_path_without_a_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal):
        list(read_records(tmp_path / name))
