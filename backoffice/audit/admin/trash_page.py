"""The page of the trash."""

from typing import Any

from flask import abort, current_app, request, url_for
from flask_admin import expose

from backoffice.audit import trash
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.records import lock
from backoffice.web import access
from backoffice.web.finding import KEY
from backoffice.web.notes import conclude, say_why
from backoffice.web.pages import Page


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
