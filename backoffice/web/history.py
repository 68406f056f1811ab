"""The history of a record in the words and formats of the screens."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import current_app
from markupsafe import Markup

from backoffice.audit.history import MOST_CHANGES_SHOWN, changes_of
from backoffice.audit.models import ChangeRow, ChangeSet, ChangeSubject
from backoffice.audit.recorder import SECRET
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.records import model_of
from backoffice.web import access, formats
from backoffice.web.attributes import Attribute, attribute_by_key
from backoffice.web.comparing import Part, compare_words

OPERATION_WORDS = {
    "create": marked("made"),
    "update": marked("changed"),
    "trash": marked("deleted"),
    "restore": marked("restored"),
    "delete": marked("deleted for good"),
}
KIND_WORDS = {
    "form": marked("on its page"),
    "cell": marked("in the list"),
    "bulk": marked("as a bulk action"),
    "delete": marked("by deleting"),
    "restore": marked("from the trash"),
    "undo": marked("by undoing"),
    "revert": marked("by going back to a version"),
    "import": marked("by an import"),
    "seed": marked("by seeding"),
    "command": marked("by a command"),
    "system": marked("by the system"),
}


@dataclass(frozen=True)
class FieldChange:
    """parts: the words of a text, where marking them says more than both texts in full."""

    label: str
    old: str
    new: str
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """What one act did to one record. noun: what kind of record it is, where the page does not say so."""

    row: ChangeRow
    change_set: ChangeSet
    operation: str
    fields: list[FieldChange]
    noun: str

    @property
    def how(self) -> str:
        return how(self.change_set)


@dataclass(frozen=True)
class Version:
    """What one act did to a record and its parts."""

    change_set: ChangeSet
    entries: list[Entry]

    @property
    def how(self) -> str:
        return how(self.change_set)

    def is_in_trash(self, record: Any) -> bool:
        """Whether the record itself went into the trash by this act, so that there is no version to go back to."""
        own = [
            one.row for one in self.entries if (one.row.entity, one.row.record_id) == (record.__tablename__, record.id)
        ]
        return any(row.operation == "trash" for row in own)


def how(change_set: ChangeSet) -> str:
    """In which way it was done, with the file where it came from one."""
    words = _(KIND_WORDS.get(change_set.kind, ""))
    return f"{words}: {change_set.source}" if change_set.kind == "import" and change_set.source else words


def history_of(record: Any, most: int = MOST_CHANGES_SHOWN, before: int | None = None) -> list[Entry]:
    """The latest entries of a record that the person may read, newest first; before: only those older than this row."""
    rows = changes_of(record, most, before, readable_entities())
    # Held until the entries are made, so that each name is in the session and none asks for itself.
    _named = preload_rows(rows)
    return [entry_of(row, row.change_set) for row in rows]


def versions_of(entries: list[Entry]) -> list[Version]:
    """The entries by the act that made them; each act's own in the order in which they were done."""
    by_act = groupby(entries, lambda entry: entry.change_set)
    return [Version(change_set, list(some)[::-1]) for change_set, some in by_act]


def preload_rows(rows: Iterable[ChangeRow]) -> list[Any]:
    """Load every record that the rows' values name, in one query a model."""
    return preload(
        (row.entity, name, value)
        for row in rows
        for values in (row.old, row.new)
        for name, value in (values or {}).items()
    )


def preload(values: Iterable[tuple[str, str, Any]]) -> list[Any]:
    """Load every record that values name, in one query a model; values: (table, stored field name, value)."""
    wanted: dict[Any, set[int]] = {}
    for entity, name, value in values:
        attribute = attribute_by_key(model_of(entity), name)
        if attribute is not None and attribute.target is not None and value:
            wanted.setdefault(attribute.target, set()).update(value if isinstance(value, list) else [value])
    return [
        record
        for model, keys in wanted.items()
        for record in db.session.scalars(db.select(model).where(model.id.in_(keys)))
    ]


def entry_of(row: ChangeRow, change_set: ChangeSet) -> Entry:
    model = model_of(row.entity)
    keys = [key for key in (row.new or row.old or {}) if is_told(model, key) and key not in _keys_of_whole(row)]
    fields = [field_change(model, key, (row.old or {}).get(key), (row.new or {}).get(key)) for key in keys]
    is_part = (row.entity, row.record_id) != (row.root_entity, row.root_id)
    # The label of a stock level says what it is.
    noun = noun_of(row.entity) if is_part and not row.label.lower().startswith(noun_of(row.entity).split()[0]) else ""
    return Entry(row, change_set, _(OPERATION_WORDS[row.operation]), fields, noun)


def is_told(model: Any, key: str) -> bool:
    """Whether a field says something of its own; what follows from another one would only repeat it."""
    columns = model.__table__.c
    return key not in columns or not columns[key].info.get("is_untold")


def _keys_of_whole(row: ChangeRow) -> set[str]:
    """The fields by which a part names its whole, on whose page it stands."""
    columns = model_of(row.entity).__table__.c
    return {
        column.key
        for column in columns
        if any(link.column.table.name == row.root_entity for link in column.foreign_keys)
        and (row.new or row.old or {}).get(column.key) == row.root_id
        and row.entity != row.root_entity
    }


def noun_of(entity: str) -> str:
    """What the screens call a table's record."""
    screen = current_app.extensions["screens"].get(entity)
    return _(getattr(screen, "noun", "") or entity.replace("_", " "))


def field_change(model: Any, key: str, old: Any, new: Any) -> FieldChange:
    attribute = attribute_by_key(model, key)
    was, now = in_words(attribute, old), in_words(attribute, new)
    if was == now:
        # Only the form of a text changed, which its words do not show.
        was, now = str(old or ""), str(new or "")
    is_text = attribute is not None and attribute.kind in ("text", "long_text", "html")
    return FieldChange(field_label(model, key), was, now, compare_words(was, now) if is_text else [])


def field_label(model: Any, key: str) -> str:
    attribute = attribute_by_key(model, key)
    return attribute.label if attribute else _(key.replace("_", " ").removesuffix(" hash").capitalize())


def in_words(attribute: Attribute | None, value: Any) -> str:
    """A value as the history keeps it, in the words of the screens."""
    if value is None or value == "" or value == []:
        return ""
    if value == SECRET or attribute is None:
        return str(value)
    if attribute.kind == "moment":
        return formats.show_moment(datetime.fromisoformat(value))
    if attribute.kind == "reference":
        return str(db.session.get(attribute.target, value) or _("no longer there (%(key)s)", key=value))
    if attribute.kind == "references":
        found = [db.session.get(attribute.target, key) for key in value]
        return ", ".join(sorted(str(record) for record in found if record is not None))
    if attribute.kind == "html":
        return " ".join(Markup(value).striptags().split())
    return formats.show(attribute, value)


def readable_entities() -> list[str]:
    """The tables whose history the person may read."""
    return [
        mapper.local_table.name
        for mapper in db.Model.registry.mappers
        if access.may("read", getattr(mapper.class_, "area", ""))
    ]


def subjects_in_words(subjects: list[ChangeSubject]) -> str:
    """What a change set did, in short, as in `Product: name, description; variant made`."""
    by_entity: dict[str, list[str]] = {}
    for subject in subjects:
        if is_told(model_of(subject.entity), subject.field):
            words = field_label(model_of(subject.entity), subject.field) if subject.field else ""
            by_entity.setdefault(subject.entity, []).append(words or _(OPERATION_WORDS[subject.operation]))
    parts = (f"{noun_of(entity)}: {', '.join(dict.fromkeys(words))}" for entity, words in by_entity.items())
    return "; ".join(part[:1].upper() + part[1:] if place == 0 else part for place, part in enumerate(parts))
