"""Database constraints are the last word; here their names become sentences."""

from typing import Any

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint, inspect
from sqlalchemy.exc import IntegrityError

from backoffice import dialects
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.records import label_of
from backoffice.web.attributes import as_word, attribute_by_key

# Checks that a form cannot see by itself, by the constraint's name.
CHECKS = {
    "ck_product_dates": ("unpublish_at", marked("The product can only be taken down after it was published.")),
    "ck_product_status": ("status", marked("Choose one of the list.")),
    "ck_tax_class_rate_range": ("rate", marked("A rate lies between 0 and 100.")),
    "uq_variant_options": (None, marked("Two variants have the same option values. Give each values of its own.")),
}


def check_unique(record: Any) -> None:
    """Refuse, before the database must, a value that another live record has; the sentence names that record."""
    state = inspect(record)
    for rule in record.__table__.constraints:
        if not isinstance(rule, UniqueConstraint):
            continue
        names = [name for name in rule.columns.keys() if name != "deleted_token"]
        values = {name: getattr(record, name) for name in names}
        if None in values.values() or (
            state.persistent and not any(state.attrs[n].history.has_changes() for n in names)
        ):
            continue
        other = _other_with(record, rule, values)
        if other is not None:
            raise _clash(record, names, other)


def _other_with(record: Any, rule: UniqueConstraint, values: dict[str, Any]) -> Any:
    model = type(record)
    if "deleted_token" in rule.columns:
        values = values | {"deleted_token": 0}
    with db.session.no_autoflush:
        statement = db.select(model).filter_by(**values).limit(1)
        return db.session.scalar(statement.where(model.id != record.id) if record.id else statement)


def _clash(record: Any, names: list[str], other: Any) -> Refusal:
    column = _telling_column(record.__table__, names)
    attribute = attribute_by_key(type(record), column.key)
    label = _(label_of(column))
    sentence = _("In use by %(other)s. Enter another %(field)s.", other=other, field=as_word(label))
    return Refusal(sentence, attribute.name if attribute else None)


def _telling_column(table: Any, names: list[str]) -> Any:
    """Of a constraint's columns the one that a person typed: no key of another table, no bookkeeping."""
    typed = [table.c[name] for name in names if not table.c[name].foreign_keys and not name.endswith("_key")]
    return typed[-1] if typed else table.c[names[-1]]


def sentence_for(error: IntegrityError, model: Any) -> Refusal:
    """The refusal that a broken constraint comes to; the error itself is never shown."""
    name = dialects.broken_constraint(error, db.metadata)
    if name in CHECKS:
        field, message = CHECKS[name]
        return Refusal(_(message), field)
    rule = _find_rule(name)
    if isinstance(rule, UniqueConstraint):
        names = [column for column in rule.columns.keys() if column != "deleted_token"]
        column = _telling_column(rule.table, names)
        attribute = attribute_by_key(model, column.key) if model and rule.table is model.__table__ else None
        sentence = _("This %(field)s is in use already. Enter another.", field=as_word(_(label_of(column))))
        return Refusal(sentence, attribute.name if attribute else None)
    if isinstance(rule, ForeignKeyConstraint) or (name or "").startswith("fk_"):
        return Refusal(_("Something else still uses this, or something it uses is gone. Reload the page and look."))
    if (name or "").startswith("nn_"):
        return Refusal(_("%(field)s is missing. Enter it.", field=_((name or "").rsplit("_", 1)[-1].capitalize())))
    return Refusal(_("The database refused this change because it breaks a rule of the catalog. Check the values."))


def _find_rule(name: str | None) -> Any:
    for table in db.metadata.tables.values():
        for rule in table.constraints:
            if name and rule.name == name:
                return rule
    return None
