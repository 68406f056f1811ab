"""Text files as records: encoding, delimiter and line ends are found out, and sizes are bounded.

Nothing is held in memory but the record at hand, whatever the length of the file or of a line.
"""

import codecs
import csv
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from backoffice.errors import Refusal
from backoffice.languages import gettext as _
from backoffice.wording import figure

LARGEST_FILE = 200 * 1024 * 1024
LARGEST_RECORD = 4_000_000
DELIMITERS = (",", ";", "\t")
HEAD = 4096
BLOCK = 1024 * 1024

# Python's own bound (131,072) is too narrow for a long description; ours is on the whole record.
csv.field_size_limit(LARGEST_RECORD)


@dataclass(frozen=True)
class Layout:
    """start: where the text begins, after the byte-order mark and whatever stood before it."""

    encoding: str
    start: int
    delimiter: str = ","


def read_records(path: Path, encoding: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield (row, cells) for each record, the header being row 1; empty lines are no records.

    encoding: chosen by a person; found out where it is None.
    Raises Refusal for a file that cannot be read as a table of text, at the latest when it gets there.
    """
    layout = find_layout(path, encoding)
    row = 0
    with _open(path, layout) as stream:
        lines = _BoundedLines(stream)
        reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
        while True:
            lines.begin_record(row + 1)
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                # From here on nobody can tell where a record begins, so guessing would shift cells.
                sentence = _(
                    "Row %(row)s has a quotation mark that is not closed, or not doubled inside its cell. Mend the file there.",
                    row=row + 1,
                )
                raise Refusal(sentence) from None
            if cells:
                row += 1
                yield row, cells


def find_layout(path: Path, encoding: str | None = None) -> Layout:
    _check_file(path)
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    _check_is_text(head)
    if encoding:
        layout = Layout(encoding, _length_of_mark(head))
    else:
        layout = _find_encoding(path, head)
    return Layout(layout.encoding, layout.start, _find_delimiter(path, layout))


def _check_file(path: Path) -> None:
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise Refusal(_("“%(file)s” is a folder. Name the file in it.", file=path.name or path))
        if not stat.S_ISREG(found.st_mode):
            raise Refusal(_("“%(file)s” is not a regular file. Save what it yields in one first.", file=path.name))
        path.open("rb").close()
    except (FileNotFoundError, NotADirectoryError):
        raise Refusal(_("There is no file “%(file)s”. Check its name.", file=path)) from None
    except OSError:
        raise Refusal(_("“%(file)s” can’t be opened. Check its name and who may read it.", file=path.name)) from None
    if found.st_size == 0:
        raise Refusal(_("“%(file)s” is empty.", file=path.name))
    if found.st_size > LARGEST_FILE:
        sentence = _(
            "“%(file)s” is larger than %(number)s MB. Split it into several files.",
            file=path.name,
            number=LARGEST_FILE // 1024 // 1024,
        )
        raise Refusal(sentence)


def _check_is_text(head: bytes) -> None:
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refusal(_("This is a spreadsheet or an archive, not a CSV file. Save it as CSV first."))
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"\x1f\x8b", b"RIFF")):
        raise Refusal(_("This is not a CSV file."))


def _find_encoding(path: Path, head: bytes) -> Layout:
    if head.startswith(codecs.BOM_UTF16_LE):
        return _checked(
            path, Layout("utf-16-le", 2), _("This file says that it is UTF-16, but is not. Save it as UTF-8.")
        )
    if head.startswith(codecs.BOM_UTF16_BE):
        return _checked(
            path, Layout("utf-16-be", 2), _("This file says that it is UTF-16, but is not. Save it as UTF-8.")
        )
    utf8 = Layout("utf-8", _length_of_mark(head))
    if _decodes(path, utf8):
        return utf8
    return _checked(
        path,
        Layout("cp1252", utf8.start),
        _("The file is neither UTF-8 nor UTF-16 nor Windows-1252. Save it as UTF-8."),
    )


def _checked(path: Path, layout: Layout, sentence: str) -> Layout:
    if not _decodes(path, layout):
        raise Refusal(sentence)
    return layout


def _decodes(path: Path, layout: Layout) -> bool:
    decoder = codecs.getincrementaldecoder(layout.encoding)()
    with path.open("rb") as stream:
        stream.seek(layout.start)
        try:
            while block := stream.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _length_of_mark(head: bytes) -> int:
    """Where the text begins: after a UTF-8 byte-order mark, and after what some shop's plug-in printed before it."""
    found = head.find(codecs.BOM_UTF8)
    if found < 0:
        return 0
    end = found
    while head.startswith(codecs.BOM_UTF8, end):
        end += len(codecs.BOM_UTF8)
    # Two files put one after the other have a mark in the middle too; there, what stands before it is data.
    if any(_width(line) >= _width(_first_line(head[end:])) > 0 for line in re.split(rb"[\r\n]+", head[:found])):
        return 0
    return end


def _first_line(text: bytes) -> bytes:
    return re.split(rb"[\r\n]", text, maxsplit=1)[0]


def _width(line: bytes) -> int:
    return max(line.count(delimiter.encode()) for delimiter in DELIMITERS)


def _find_delimiter(path: Path, layout: Layout) -> str:
    """The one that makes most cells of the header, read as a whole record: a quoted cell is never cut."""
    return max(DELIMITERS, key=lambda delimiter: _header_width(path, layout, delimiter))


def _header_width(path: Path, layout: Layout, delimiter: str) -> int:
    with _open(path, layout) as stream:
        lines = _BoundedLines(stream)
        lines.begin_record(1)
        try:
            return len(next((cells for cells in csv.reader(lines, delimiter=delimiter) if cells), []))
        except csv.Error:
            return 0


def _open(path: Path, layout: Layout) -> TextIO:
    stream = path.open("r", encoding=layout.encoding, newline="")
    stream.seek(layout.start)
    return stream


class _BoundedLines:
    """The lines of a stream, ending with LF, CRLF or CR; a record longer than the bound is refused before it is read."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.row = 0
        self.length = 0

    def begin_record(self, row: int) -> None:
        self.row = row
        self.length = 0

    def __iter__(self) -> "_BoundedLines":
        return self

    def __next__(self) -> str:
        try:
            line = self.stream.readline(LARGEST_RECORD + 1)
        except UnicodeDecodeError:
            raise Refusal(_("The file is not in the encoding that was chosen. Choose another.")) from None
        if not line:
            raise StopIteration
        self.length += len(line)
        if self.length > LARGEST_RECORD:
            sentence = _(
                "Row %(row)s is longer than %(number)s characters, or a quotation mark in it is not closed. Mend the file there.",
                row=self.row,
                number=figure(LARGEST_RECORD),
            )
            raise Refusal(sentence)
        return line
