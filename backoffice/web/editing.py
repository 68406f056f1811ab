"""Making and changing one record from a posted form: read, merge, check, write, and lose nothing on the way."""

from typing import Any

from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict
from wtforms import Form

from backoffice.audit.history import last_change_of
from backoffice.audit.models import ChangeSet
from backoffice.errors import Refusal, Refusals
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import Trashable, lock
from backoffice.web import access, merging
from backoffice.web.constraints import check_unique, sentence_for
from backoffice.web.fields import AttributeField


class RecordEditor:
    """One page of one record: what it was, what was typed, and what stands in the way of saving.

    record: None while it is being made. posted: empty until something was sent.
    """

    def __init__(self, screen: Any, record: Any, posted: MultiDict[str, str]) -> None:
        self.screen = screen
        self.record = record
        self.posted = posted
        self.problems: list[str] = []
        self.conflicts: list[merging.Conflict] = []
        self.came_in: list[AttributeField] = []
        self.came_in_from: ChangeSet | None = None
        self.has_changed = False
        self.form = self.make_form()

    @property
    def is_new(self) -> bool:
        return self.record is None

    @property
    def version(self) -> int | None:
        return getattr(self.record, "version", None)

    def make_form(self) -> Form:
        form = bound_form(self.screen.form_class(self.record), self.record, self.posted)
        for field in form:
            field.is_read_only = self.screen.is_read_only(field.attribute, self.record)
            field.lookup_url = self.screen.lookup_url(field.attribute)
        return form

    def save(self) -> Any:
        """Write what was typed and return the record; None where something stands in the way."""
        try:
            record = self._create() if self.is_new else self._change()
            if record is None:
                db.session.rollback()
            return record
        except Refusal as refusal:
            db.session.rollback()
            self._place(refusal)
        except IntegrityError as error:
            db.session.rollback()
            self._place(sentence_for(error, self.screen.model))
        except StaleDataError:
            db.session.rollback()
            self.problems.append(_("Somebody saved this at the same moment. Look at it again, then save."))
        except StatementError as error:
            db.session.rollback()
            if not isinstance(error.orig, Refusal):
                raise
            self._place(error.orig)
        return None

    def _create(self) -> Any:
        if not self.is_valid():
            return None
        record = self.screen.model()
        with db.session.no_autoflush:
            for field in self.form:
                if not field.is_read_only and (field.raw_data or not _has_default(field)):
                    field.apply(record, field.data)
            self.screen.on_model_change(self.form, record, True)
        check_unique(record)
        db.session.add(record)
        db.session.flush()
        self.screen.after_flush(record, True)
        self.apply_parts(record)
        db.session.flush()
        self.has_changed = True
        return record

    def _change(self) -> Any:
        record = lock(self.screen.model, self.record.id)
        if record is None or (isinstance(record, Trashable) and record.is_deleted):
            raise Refusal(_("This was deleted while you were editing. Restore it from the trash, then save again."))
        self.record = record
        self._refuse_forged()
        merging.take_theirs(self.form, self.posted, record)
        if not self.is_valid():
            return None
        result = merging.merge(self.form, self.posted, record)
        self.conflicts += result.conflicts
        self.came_in += result.came_in
        self.merge_parts(record)
        self.came_in_from = last_change_of(record) if self.came_in else None
        if self.conflicts:
            return None
        with db.session.no_autoflush:
            merging.apply(self.form, record, result.changes)
            self.screen.on_model_change(self.form, record, False)
        check_unique(record)
        db.session.flush()
        self.screen.after_flush(record, False)
        self.apply_parts(record)
        db.session.flush()
        self.has_changed = "change_set_id" in db.session().info
        return record

    def _refuse_forged(self) -> None:
        """A field that the person may not write is not in their form; one that comes all the same is no slip."""
        for field in self.form:
            is_sent = field.name in self.posted and field.is_read_only
            if is_sent and not merging.same(field.data, field.attribute.of(self.record)):
                raise access.MissingRight((self.screen.area, field.attribute.right or "edit"))

    def is_valid(self) -> bool:
        """Check what was sent; a field that was not on the page is no concern of the person's."""
        if not self.is_new:
            for name in [field.short_name for field in self.form]:
                if (
                    self.form[name].name not in self.posted
                    and merging.was_name(self.form[name].name) not in self.posted
                ):
                    self.form[name].is_read_only = True
        checked = [field for field in self.form if not field.is_read_only and not (self.is_new and _is_left_out(field))]
        results = [field.validate(self.form) for field in checked]
        return all(results)

    def merge_parts(self, record: Any) -> None:
        """For pages that edit more than the record itself: lay the parts over what they became."""

    def apply_parts(self, record: Any) -> None:
        """For pages that edit more than the record itself: write the parts."""

    def _place(self, refusal: Refusal) -> None:
        """Show the sentence at its field where it has one, else at the top."""
        if isinstance(refusal, Refusals):
            for one in refusal.refusals:
                self._place(one)
            return
        name = refusal.field
        if name and name in self.form:
            self.form[name].errors = [*self.form[name].errors, refusal.message]
        else:
            self.problems.append(refusal.message)

    def originals(self, field: AttributeField) -> list[str]:
        """What the form carries beside a field: the value that it was made from."""
        name = merging.was_name(field.name)
        if name in self.posted and not any(conflict.field is field for conflict in self.conflicts):
            return [value for value in self.posted.getlist(name) if value]
        if self.is_new:
            return []
        return field.write(field.attribute.of(self.record))

    @property
    def error_count(self) -> int:
        return sum(bool(field.errors) for field in self.form) + len(self.problems)

    @property
    def who_changed(self) -> Any:
        """The latest change set of the record, for the conflict's title."""
        return None if self.is_new else last_change_of(self.record)

    @property
    def asks_again(self) -> bool:
        """Whether the choice was put before already, and not made."""
        return any(
            f"{one.choice_name}-needed" in self.posted and one.choice_name not in self.posted for one in self.conflicts
        )

    @property
    def came_in_words(self) -> str:
        return merging.labels(self.came_in)


def bound_form(form_class: type[Form], record: Any, posted: MultiDict[str, str], prefix: str = "") -> Form:
    """A form that holds what was posted, else the record's values, else the model's defaults."""
    known = _attributes(form_class)
    data = {
        name: attribute.of(record) if record is not None else default_of(attribute) for name, attribute in known.items()
    }
    return form_class(posted or None, data=data, prefix=prefix)


def _attributes(form_class: type[Form]) -> dict[str, Any]:
    unbound = ((name, getattr(form_class, name)) for name in dir(form_class) if not name.startswith("_"))
    return {name: field.kwargs["attribute"] for name, field in unbound if hasattr(field, "creation_counter")}


def default_of(attribute: Any) -> Any:
    column = attribute.column
    if attribute.kind == "references":
        return frozenset()
    if column is None or column.default is None or not column.default.is_scalar:
        return None
    return column.default.arg


def _has_default(field: AttributeField) -> bool:
    return default_of(field.attribute) is not None


def _is_left_out(field: AttributeField) -> bool:
    return not field.raw_data and _has_default(field)
