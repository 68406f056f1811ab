"""Editing one cell of a list in place, with the same fields, rights and guard as the form."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import lazy_gettext, said
from backoffice.records import lock
from backoffice.web import access, formats, merging
from backoffice.web.attributes import attributes_of
from backoffice.web.constraints import check_unique, sentence_for
from backoffice.web.editing import bound_form
from backoffice.web.fields import FIELDS, cell_form
from backoffice.web.notes import say_why, undoable_change


def is_editable(screen: Any, name: str, record: Any) -> bool:
    """Whether the person may edit this cell of this row."""
    return screen.may_edit_column(name) and screen.stands_for_one(name, record)


def value_reader(screen: Any, name: str) -> Callable[[Any], tuple[str, int | None]]:
    """Gives what a column's cells hold as a person would type it, and the version that belongs to."""
    attribute = screen.cell_attribute(name)
    write, read, target_of = FIELDS[attribute.kind].write, attribute.of, screen.cell_target

    def value(record: Any) -> tuple[str, int | None]:
        target = target_of(name, record)[2]
        typed = write(read(target))
        return typed[0] if typed else "", getattr(target, "version", None)

    return value


def no_value(_record: Any) -> tuple[str, int | None]:
    return "", None


def update(screen: Any, posted: MultiDict[str, str]) -> Any:
    """Answer a cell's POST: 200 with what the cell shows now, 409 with both values, 422 with a sentence."""
    record = screen.require_one(posted.get("list_form_pk"))
    name = next((name for name in screen.column_editable_list if name in posted), None)
    if name is None:
        raise access.Forbidden(_("This list does not let that be edited in place."))
    if not is_editable(screen, name, record):
        raise access.MissingRight(screen.cell_right(name))
    try:
        return _write(screen, name, record, posted)
    except Refusal as refusal:
        db.session.rollback()
        return {"message": refusal.message}, 422
    except IntegrityError as error:
        db.session.rollback()
        return {"message": sentence_for(error, screen.model).message}, 422
    except StaleDataError:
        db.session.rollback()
        return {"message": _("Somebody saved this at the same moment. Reload the list and look.")}, 409


def _write(screen: Any, name: str, record: Any, posted: MultiDict[str, str]) -> Any:
    model, target_name, target = screen.cell_target(name, record)
    posted = _renamed(posted, name, target_name)
    attribute = attributes_of(model)[target_name]
    label = attribute.label
    say_why("cell", said("%(field)s of %(name)s", field=lazy_gettext(attribute.english), name=record))
    target = lock(model, target.id)
    if target is None or getattr(target, "is_deleted", False):
        raise Refusal(_("This was deleted meanwhile. Restore it from the trash, then change it again."))
    form = bound_form(cell_form(model, target_name), target, posted)
    if not form.validate():
        db.session.rollback()
        return {"message": " ".join(form[target_name].errors)}, 422
    result = merging.merge(form, posted, target)
    if result.conflicts:
        conflict = result.conflicts[0]
        now = form[target_name].write(form[target_name].attribute.of(target))
        db.session.rollback()
        return {
            "message": _(
                "Somebody changed this to %(theirs)s meanwhile (it was %(was)s). Yours is %(yours)s.",
                theirs=conflict.theirs,
                was=conflict.was,
                yours=conflict.yours,
            ),
            "theirs": conflict.theirs,
            "yours": conflict.yours,
            "was_now": now[0] if now else "",
        }, 409
    with db.session.no_autoflush:
        screen.apply_cell(form, target, result.changes)
    check_unique(target)
    db.session.flush()
    screen.after_flush(target, False)
    # Looked at before the commit: right after it, somebody else may delete what was saved.
    in_words = form[target_name].present(form[target_name].data)
    done = _("%(field)s of %(name)s is now %(value)s.", field=label, name=record, value=in_words)
    answer = _answer(screen, name, record.id, done, bool(result.changes))
    db.session.commit()
    return answer


def _answer(screen: Any, name: str, key: int, message: str, has_changed: bool) -> dict[str, Any]:
    db.session.expire_all()
    [record] = screen.load_rows([key])
    value, version = value_reader(screen, name)(record)
    shown = screen.get_list_value(None, record, name)
    return {
        "shown": str(formats.mark_up(shown)),
        "value": value,
        "version": version,
        "row_version": getattr(record, "version", None),
        "message": message,
        "change_set_id": undoable_change() if has_changed else None,
    }


def _renamed(posted: MultiDict[str, str], name: str, target_name: str) -> MultiDict[str, str]:
    names = {name: target_name, merging.was_name(name): merging.was_name(target_name)}
    return MultiDict((names.get(key, key), value) for key, value in posted.items(multi=True))
