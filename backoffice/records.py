"""What stored records share: a key, a version, times, a trash; and text and numbers checked as they are assigned."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import nh3
from sqlalchemy import BigInteger, Index, Integer, String, event, inspect
from sqlalchemy.orm import Mapped, declared_attr, lazyload, mapped_column, selectinload
from sqlalchemy.orm.util import identity_key

from backoffice.dialects import LARGEST_INTEGER, BigId, UtcDateTime
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.wording import figure


def utc_now() -> datetime:
    return datetime.now(UTC)


class Record(db.Model):
    """A row with a key. `area` says whose permission guards it; `is_recorded` whether history keeps its changes."""

    __abstract__ = True
    area = "catalog"
    is_recorded = True

    id: Mapped[int] = mapped_column(BigId, primary_key=True)

    def history_root(self) -> tuple[str, int | None]:
        """The record on whose page this one's history is shown: (table, key)."""
        return self.__tablename__, self.id


class Timed:
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now, sort_order=91)


class Versioned(Timed):
    """What staff edit: every write counts the version up, and a write that expected another version fails."""

    version: Mapped[int] = mapped_column(Integer, default=1, sort_order=92)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Trashable(Versioned):
    """What staff may delete and restore.

    deleted_token is 0 while the record lives and its own id in the trash; unique constraints
    include it, so that a slug or SKU is free for reuse at once on every database.
    """

    deleted_token: Mapped[int] = mapped_column(BigId, default=0, sort_order=93, info={"is_untold": True})
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, sort_order=94, info={"is_untold": True})

    @property
    def is_deleted(self) -> bool:
        return self.deleted_token != 0


def index_of_live(table: str, column: str) -> Index:
    """The index by which a list of live records is sorted by a column: it leads to any page of them, however deep."""
    return Index(f"ix_{table}_{column}", "deleted_token", column, "id")


@event.listens_for(db.Model, "attribute_instrument", propagate=True)
def _guard_attribute(model: type, key: str, attribute: Any) -> None:
    """Normalise and bound every value as it is assigned, from whichever way in.

    SQLite takes over-long text and overflowing numbers without a word. `active_history` makes
    the value before an assignment known, which the change recorder needs.
    """
    column = getattr(attribute.property, "columns", [None])[0]
    if column is None:
        return

    @event.listens_for(attribute, "set", retval=True, active_history=True)
    def guard(record: Any, value: Any, _old: Any, _initiator: Any) -> Any:
        if isinstance(value, str):
            return checked_text(column, key, value)
        if isinstance(value, int) and not isinstance(value, bool):
            _check_number(column, key, value)
        return value


def label_of(column: Any) -> str:
    return column.info.get("label") or column.name.replace("_", " ").removesuffix(" id").capitalize()


def checked_text(column: Any, key: str, value: str) -> str:
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        raise Refusal(
            _("%(label)s holds a character that cannot be stored. Remove it.", label=_(label_of(column))), key
        )
    if column.info.get("is_html"):
        text = clean_html(text)
    limit = column.type.length if isinstance(column.type, String) else None
    if limit:
        # MySQL and MariaDB take two texts for the same where only blanks at the end differ.
        text = text.strip()
    if limit and len(text) > limit:
        sentence = _(
            "%(label)s has %(number)s characters. Shorten it to %(most)s.",
            label=_(label_of(column)),
            number=figure(len(text)),
            most=figure(limit),
        )
        raise Refusal(sentence, key)
    return text


def _check_number(column: Any, key: str, value: int) -> None:
    if not isinstance(column.type, Integer):
        return
    limit = LARGEST_INTEGER if isinstance(column.type, BigInteger) or column.primary_key else 2**31 - 1
    if abs(value) > limit:
        raise Refusal(_("%(label)s is too large. Enter a smaller number.", label=_(label_of(column))), key)


HTML_TAGS = {
    "p",
    "br",
    "strong",
    "b",
    "em",
    "i",
    "u",
    "s",
    "ul",
    "ol",
    "li",
    "a",
    "h2",
    "h3",
    "h4",
    "blockquote",
    "code",
}
HTML_TAGS |= {"pre", "sub", "sup", "hr", "table", "thead", "tbody", "tr", "th", "td", "span", "div"}


def clean_html(html: str) -> str:
    """Keep the parts of a text's HTML that only form it; scripts, styles and handlers go."""
    if "<" not in html and "&" not in html and ">" not in html:
        return html
    _refuse_deep_nesting(html)
    return nh3.clean(html, tags=HTML_TAGS, attributes={"a": {"href", "title"}}, url_schemes={"http", "https", "mailto"})


LONGEST_HTML = 200_000
DEEPEST_HTML = 60
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# These are closed by the next of their kind, so that a long list of open ones is not deep.
_CLOSED_BY_THEMSELVES = {"p", "li", "br", "hr", "td", "th", "tr", "img", "dt", "dd", "input", "meta", "link", "option"}


def _refuse_deep_nesting(html: str) -> None:
    """Cleaning takes time by the square of the depth, while others wait to write."""
    if len(html) > LONGEST_HTML:
        sentence = _(
            "The text has %(number)s characters. Shorten it to %(most)s.",
            number=figure(len(html)),
            most=figure(LONGEST_HTML),
        )
        raise Refusal(sentence, "description")
    depth = 0
    for closes, tag in _TAG.findall(html):
        if tag.lower() not in _CLOSED_BY_THEMSELVES:
            depth = max(depth - 1, 0) if closes else depth + 1
        if depth > DEEPEST_HTML:
            raise Refusal(_("The text’s tags lie too deep within each other. Make it simpler."), "description")


@cache
def models_by_table() -> dict[str, Any]:
    """Every model by the name of its table, as the history names it."""
    return {mapper.local_table.name: mapper.class_ for mapper in db.Model.registry.mappers}


def model_of(entity: str) -> Any:
    """The model of a table. Raises KeyError for a table that is gone by now."""
    return models_by_table()[entity]


def chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The items in their order, some at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))


def at_hand_or_read(model: Any, keys: Collection[int]) -> list[Any]:
    """The records of these keys, in no order: those that the session knows as they are, the others in one query."""
    known = [found for key in keys if (found := db.session.identity_map.get(identity_key(model, key))) is not None]
    known = [record for record in known if not inspect(record).expired]
    others = set(keys) - {record.id for record in known}
    return known + list(db.session.scalars(db.select(model).where(model.id.in_(others)))) if others else known


def in_order_of(keys: Sequence[int], records: Iterable[Any]) -> list[Any]:
    """The records of these keys, in the order of the keys; keys without a record are left out."""
    by_key = {record.id: record for record in records}
    return [by_key[key] for key in keys if key in by_key]


def loads_beside(model: type[Any]) -> list[Any]:
    """Loader options that fetch what a model always comes with in statements of their own.

    A lock then falls on the model's own rows alone, and a thousand names are read as fast as one.
    """
    always = [one for one in inspect(model).relationships if one.lazy in ("joined", "selectin")]
    return [lazyload("*"), *(selectinload(one.class_attribute).lazyload("*") for one in always)]


def lock(model: type[Any], key: int) -> Any:
    """Load a record as it is now and keep others from writing it until this transaction ends."""
    # Not by `session.get`, which fails where the record was loaded before and somebody saved it since.
    held = db.select(model).where(model.id == key).options(lazyload("*")).with_for_update()
    return db.session.scalar(held.execution_options(populate_existing=True))
