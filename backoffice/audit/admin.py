"""The screens of history and of the trash."""

from typing import Any

from flask import abort, current_app, request, url_for
from flask_admin import expose
from flask_login import current_user

from backoffice.audit import trash, undo
from backoffice.audit.history import change_set_of, count_rows, readable_change_sets, rows_of, undone_by
from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.records import lock
from backoffice.web import access
from backoffice.web.base import Screen
from backoffice.web.finding import KEY
from backoffice.web.history import KIND_WORDS, entry_of, preload, readable_entities
from backoffice.web.notes import conclude, say_why
from backoffice.web.pages import Page
from backoffice.web.parts import name_link

# What an act asks of somebody who wants to take it back; the same right that doing it needs.
RIGHT_TO_REPEAT = {"create": "create", "update": "edit", "trash": "delete", "restore": "delete", "delete": "delete"}


class ChangeSetScreen(Screen):
    model = ChangeSet
    title, noun, icon = "History", "change", "clock-history"

    can_export = True
    can_view_details = True

    column_list = ("summary", "actor_name", "kind", "at")
    column_labels = {"summary": "What", "actor_name": "Who", "kind": "How", "at": "When"}
    column_sortable_list = ("at",)
    column_default_sort = "-at"
    column_formatters = {
        "summary": lambda screen, record: screen.summary_link(record),
        "actor_name": lambda screen, record: record.actor_name or "the system",
        "kind": lambda screen, record: KIND_WORDS.get(record.kind, record.kind),
    }

    column_searchable_list = ("summary", "actor_name")
    search_hint = "What or who"
    column_filters = ("kind", "actor_name", "at")

    details_template = "audit/change_set.html"

    def live(self) -> Any:
        return readable_change_sets(readable_entities())

    def summary_link(self, record: ChangeSet) -> Any:
        return name_link(str(record), url_for("change_set.details_view", id=record.id))

    def right_of(self, view_name: str) -> access.Right:
        return access.SIGNED_IN if view_name == "undo_view" else super().right_of(view_name)

    def export_summary(self, record: ChangeSet) -> str:
        return str(record)

    @expose("/details/")
    def details_view(self) -> Any:
        change_set = self.require_one(request.args.get("id"))
        readable = set(readable_entities())
        rows = [row for row in rows_of(change_set) if row.entity in readable]
        # Held until the entries are made, so that each name is in the session and none asks for itself.
        _named = preload(rows)
        entries = [entry_of(row, change_set) for row in rows]
        return self.render(
            self.details_template,
            screen=self,
            record=change_set,
            entries=entries,
            count=count_rows(change_set, readable),
            may_undo=_may_undo(change_set_of(change_set.id)),
            undone=undone_by(change_set),
        )

    @expose("/undo/", methods=("POST",))
    def undo_view(self) -> Any:
        key = request.form.get("id", "")
        change_set = change_set_of(self.require_one(key).id)
        _require_right_to_undo(change_set)
        summary = str(change_set)
        say_why("undo", f"Took back: {summary}", undoes_id=change_set.id)
        undo.undo(change_set, current_user)
        back = access.own_address(request.form.get("back"), url_for("change_set.index_view"))
        return conclude(f"Taken back: {summary}", back, undoable=True)


def rights_to_undo(change_set: ChangeSet) -> set[access.Right]:
    """What taking a change set back asks for: the rights of the act itself, and "undo" for another's."""
    rights = set()
    for row in change_set.rows:
        area = undo.model_of(row.entity).area
        # A part comes and goes with its record's edits: an option, a value.
        is_part = (row.entity, row.record_id) != (row.root_entity, row.root_id) and row.operation in (
            "create",
            "delete",
        )
        rights.add((area, "edit" if is_part else RIGHT_TO_REPEAT[row.operation]))
        if _touches_price(row):
            rights.add((area, "price"))
        if change_set.actor_id != current_user.id:
            rights.add((area, "undo"))
    return rights


def _touches_price(row: ChangeRow) -> bool:
    if row.operation != "update":
        return False
    columns = undo.model_of(row.entity).__table__.c
    return any(key in columns and columns[key].info.get("right") == "price" for key in row.new or {})


def _may_undo(change_set: ChangeSet | None) -> bool:
    if change_set is None or not undo.is_undoable(change_set) or undone_by(change_set):
        return False
    return all(access.may(verb, area) for area, verb in rights_to_undo(change_set))


def _require_right_to_undo(change_set: ChangeSet) -> None:
    for area, verb in sorted(rights_to_undo(change_set)):
        access.require(verb, area)


class TrashPage(Page):
    """What staff deleted, with the way back."""

    icon = "trash"
    rights = {
        "index": access.SIGNED_IN,
        "restore": access.SIGNED_IN,
        "delete": access.SIGNED_IN,
    }

    def is_accessible(self) -> bool:
        return any(access.may("read", model.area) for model in trash.trashable_models())

    def __init__(self) -> None:
        super().__init__(name="Trash", endpoint="trash")

    def _readable_models(self) -> list[Any]:
        return [model for model in trash.trashable_models() if access.may("read", model.area)]

    @expose("/")
    def index(self) -> Any:
        models = self._readable_models()
        if not models:
            raise access.MissingRight(("catalog", "read"))
        chosen = self._chosen(models)
        counts = {model: _count(model) for model in models}
        records = db.session.scalars(
            db.select(chosen)
            .where(chosen.deleted_token != 0)
            .order_by(chosen.deleted_at.desc(), chosen.id.desc())
            .limit(200)
        ).all()
        return self.render(
            "audit/trash.html",
            models=models,
            chosen=chosen,
            counts=counts,
            records=records,
            screens=current_app.extensions["screens"],
            may_restore=access.may("delete", chosen.area),
            may_empty=access.may("empty_trash", chosen.area),
        )

    def _chosen(self, models: list[Any]) -> Any:
        wanted = request.args.get("kind")
        if wanted is None:
            return next((model for model in models if model.__tablename__ == "product"), models[0])
        found = next((model for model in models if model.__tablename__ == wanted), None)
        return found or abort(404, "There is no such trash.")

    @expose("/restore/", methods=("POST",))
    def restore(self) -> Any:
        record = self._require_record("delete")
        name = str(record)
        say_why("restore", f"{name} restored")
        trash.restore(record)
        return conclude(f"{name} is back.", url_for("trash.index", kind=record.__tablename__), undoable=True)

    @expose("/delete/", methods=("POST",))
    def delete(self) -> Any:
        record = self._require_record("empty_trash")
        name, kind = str(record), record.__tablename__
        say_why("delete", f"{name} deleted for good")
        trash.delete_for_good(record)
        return conclude(f"{name} is deleted for good.", url_for("trash.index", kind=kind))

    def _require_record(self, verb: str) -> Any:
        """The record that was named, locked; refused before it is looked up where the right is missing."""
        kind, key = request.form.get("kind", ""), request.form.get("id", "")
        model = next((model for model in trash.trashable_models() if model.__tablename__ == kind), None)
        access.require(verb, model.area if model else "catalog")
        record = lock(model, int(key)) if model and KEY.fullmatch(key) else None
        if record is None:
            abort(404, "It is not in the trash.")
        if not record.is_deleted:
            raise Refusal(f"“{record}” is not in the trash. Somebody restored it already.")
        return record


def _count(model: Any) -> int:
    return db.session.scalar(db.select(db.func.count(model.id)).where(model.deleted_token != 0)) or 0
