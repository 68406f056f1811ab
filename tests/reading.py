"""Reading pages as a person does whose language says each message in brackets: what stands outside was never translated."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages import Catalog
from babel.messages.pofile import write_po
from bs4 import BeautifulSoup, Comment, NavigableString, Tag
from bs4.element import Doctype, Script, Stylesheet
from flask import Flask

from backoffice.extensions import db
from backoffice.languages import languages
from backoffice.staff.models import StaffMember
from backoffice.texts import collect

PSEUDO = "eo"
OPENING, CLOSING = "⟦", "⟧"
PUT_IN = re.compile(r"(%\(\w+\)[sd])")
LETTER = re.compile(r"[^\W\d_]")
READ_ATTRIBUTES = {"aria-label", "aria-description", "title", "placeholder", "alt", "data-label", "data-title"}
# What is stored and yet no person's own words: codes that pages say in words, and sentences that say what was done.
NOT_DATA = {"kind", "operation", "summary", "status", "entity", "table_name", "verb", "area_name", "screen", "theme"}
NOT_DATA_TABLES = {"role", "permission", "preference", "posted_form", "alembic_version"}


def write_pseudo_language(app: Flask, folder: Path) -> None:
    """A language's file in which every message reads as it is, in brackets; what is put into it stands outside."""
    catalog = Catalog(locale=PSEUDO)
    for message, several in collect(app).items():
        if several:
            forms = (message, *[several] * (catalog.num_plurals - 1))
            catalog.add((message, several), [_in_brackets(one) for one in forms])
        else:
            catalog.add(message, _in_brackets(message))
    with (folder / f"{PSEUDO}.po").open("wb") as file:
        write_po(file, catalog)


def _in_brackets(message: str) -> str:
    return OPENING + PUT_IN.sub(rf"{CLOSING}\1{OPENING}", message) + CLOSING


def data_of_tests() -> re.Pattern[str]:
    """All text that the records at hand hold, and what numbers, dates and languages are written with."""
    words = {*languages().values(), *languages(), "webp", "UTC"}
    locale = Locale.parse(PSEUDO)
    for width in ("abbreviated", "wide"):
        words |= {*locale.months["format"][width].values(), *locale.days["format"][width].values()}
    words |= {*locale.day_periods["format"]["wide"].values()}
    words |= {part.strip() for part in re.findall(r"'([^']+)'", locale.date_formats["full"].pattern)}
    for table in db.metadata.sorted_tables:
        if table.name not in NOT_DATA_TABLES:
            for row in db.session.execute(table.select()).mappings():
                words |= set(_texts_of(row))
    for member in db.session.scalars(db.select(StaffMember)):
        words |= {member.initials, *member.name.split()}
    db.session.rollback()
    found = sorted((re.escape(word) for word in words if LETTER.search(word)), key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(found)})(?![^\W_])")


def _texts_of(row: Any) -> Iterator[str]:
    for name, value in row.items():
        if isinstance(value, str) and name not in NOT_DATA:
            yield " ".join(value.split())
            yield from (part for part in value.split(" / "))
        elif isinstance(value, dict) and name in ("old", "new"):
            yield from _texts_of(value)


def unread(html: str, data: re.Pattern[str]) -> list[str]:
    """What a page says to people outside the brackets, but for data: nobody translated it."""
    page = BeautifulSoup(html, "html.parser")
    depth, found = 0, []
    for node in page.descendants:
        if isinstance(node, Tag):
            found += [f"{name}: {text}" for name, text in _attributes(node) if _outside(text, data, 0)[0]]
        elif isinstance(node, NavigableString) and not isinstance(node, Comment | Doctype | Script | Stylesheet):
            # What may be typed has its names from the tables of all languages.
            if node.find_parent(["textarea", "datalist"]) is None:
                # A sentence with a link or a bold word in it goes on behind it.
                outside, depth = _outside(str(node), data, depth)
                found += [" ".join(node.split())] if outside else []
    return found


def _attributes(tag: Tag) -> Iterator[tuple[str, str]]:
    for name, value in tag.attrs.items():
        if name in READ_ATTRIBUTES:
            yield name, str(value)
        elif name == "data-choices":
            yield from ((name, str(label)) for _value, label in json.loads(str(value)))
        elif name == "value" and tag.name == "input" and tag.get("type") in ("submit", "button", "reset"):
            yield name, str(value)


def _outside(text: str, data: re.Pattern[str], depth: int) -> tuple[bool, int]:
    """Whether a text has a letter outside the brackets that is no data's; and how deep within brackets it ends."""
    plain = []
    for character in text:
        if character in (OPENING, CLOSING):
            depth += 1 if character == OPENING else -1
            plain.append(" ")
        elif depth <= 0:
            plain.append(character)
    rest = data.sub(" ", " ".join("".join(plain).split()))
    # A key of the keyboard, a unit's sign or a lone letter of a name says the same in every language.
    return any(len(word) > 1 for word in re.findall(r"[^\W\d_]+", rest)), depth


def told(findings: Iterable[tuple[str, str]]) -> str:
    """Each text that was not translated once, with the pages that say it."""
    pages: dict[str, list[str]] = {}
    for page, text in findings:
        pages.setdefault(text, []).append(page)
    lines = (
        f"{text[:110]!r} on {places[0]}{f' and {len(places) - 1} more' if places[1:] else ''}"
        for text, places in sorted(pages.items())
    )
    return f"{len(pages)} texts are not translated:\n" + "\n".join(lines)
