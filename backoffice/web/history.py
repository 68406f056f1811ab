"""The history of a record in the words and formats of the screens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backoffice.audit.history import changes_of
from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.audit.recorder import SECRET
from backoffice.audit.undo import model_of
from backoffice.extensions import db
from backoffice.web import access, formats
from backoffice.web.attributes import Attribute, attribute_by_key

OPERATION_WORDS = {
    "create": "made",
    "update": "changed",
    "trash": "deleted",
    "restore": "restored",
    "delete": "deleted for good",
}
KIND_WORDS = {
    "form": "on its page",
    "cell": "in the list",
    "bulk": "as a bulk action",
    "delete": "by deleting",
    "restore": "from the trash",
    "undo": "by undoing",
    "import": "by an import",
    "seed": "by seeding",
    "command": "by a command",
    "system": "by the system",
}
# What follows from another field and would only repeat it.
DERIVED = {"checksum", "deleted_token", "deleted_at", "path", "parent_key", "option_key", "full_name"}


@dataclass(frozen=True)
class FieldChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """What one act did to one record."""

    row: ChangeRow
    change_set: ChangeSet
    operation: str
    fields: list[FieldChange]

    @property
    def how(self) -> str:
        return KIND_WORDS.get(self.change_set.kind, "")


def history_of(record: Any) -> list[Entry]:
    rows = changes_of(record)
    # Held until the entries are made, so that each name is in the session and none asks for itself.
    _named = preload(rows)
    return [entry_of(row, row.change_set) for row in rows]


def preload(rows: list[ChangeRow]) -> list[Any]:
    """Load every record that the rows' values name, in one query a model."""
    wanted: dict[Any, set[int]] = {}
    for row in rows:
        model = model_of(row.entity)
        for key, value in [*(row.old or {}).items(), *(row.new or {}).items()]:
            attribute = attribute_by_key(model, key)
            if attribute is not None and attribute.target is not None and value:
                wanted.setdefault(attribute.target, set()).update(value if isinstance(value, list) else [value])
    return [
        record
        for model, keys in wanted.items()
        for record in db.session.scalars(db.select(model).where(model.id.in_(keys)))
    ]


def entry_of(row: ChangeRow, change_set: ChangeSet) -> Entry:
    model = model_of(row.entity)
    keys = [key for key in (row.new or row.old or {}) if key not in DERIVED]
    fields = [_field_change(model, key, (row.old or {}).get(key), (row.new or {}).get(key)) for key in keys]
    return Entry(row, change_set, OPERATION_WORDS[row.operation], fields)


def _field_change(model: Any, key: str, old: Any, new: Any) -> FieldChange:
    attribute = attribute_by_key(model, key)
    label = attribute.label if attribute else key.replace("_", " ").removesuffix(" hash").capitalize()
    return FieldChange(label, _in_words(attribute, old), _in_words(attribute, new))


def _in_words(attribute: Attribute | None, value: Any) -> str:
    if value is None or value == "" or value == []:
        return ""
    if value == SECRET or attribute is None:
        return str(value)
    if attribute.kind == "moment":
        return formats.show_moment(datetime.fromisoformat(value))
    if attribute.kind == "reference":
        return str(db.session.get(attribute.target, value) or f"no longer there ({value})")
    if attribute.kind == "references":
        found = [db.session.get(attribute.target, key) for key in value]
        return ", ".join(sorted(str(record) for record in found if record is not None))
    return formats.show(attribute, value)


def readable_entities() -> list[str]:
    """The tables whose history the person may read."""
    return [
        mapper.local_table.name
        for mapper in db.Model.registry.mappers
        if access.may("read", getattr(mapper.class_, "area", ""))
    ]
