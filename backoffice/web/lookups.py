"""Looking a related record up by a few letters: capped, and only for who may read the related screen."""

from collections.abc import Collection
from typing import Any

from flask_admin.model.ajax import AjaxModelLoader
from sqlalchemy import select, union

from backoffice.extensions import db
from backoffice.records import Trashable
from backoffice.web import listing
from backoffice.web.fields import normalise_text

MOST_RESULTS = 20


class Lookup(AjaxModelLoader):
    """A loader of Flask-Admin's kind for one model, that finds live records by their searched columns."""

    def __init__(self, model: Any, searched: tuple[str, ...]) -> None:
        super().__init__(model.__tablename__, {})
        self.model = model
        self.searched = searched

    def format(self, record: Any) -> tuple[int, str] | None:
        return (record.id, getattr(record, "lookup_label", str(record))) if record is not None else None

    def get_one(self, pk: Any) -> Any:
        return db.session.get(self.model, pk)

    def get_list(self, query: str | None, offset: int = 0, limit: int = MOST_RESULTS) -> list[Any]:
        statement = self._live().offset(max(offset, 0)).limit(min(max(limit, 1), MOST_RESULTS))
        found = listing.search_condition(self.model, self.searched, normalise_text((query or "")[:200]))
        return list(db.session.scalars(statement.where(*found)))

    def first(self, count: int, also: Collection[int] = ()) -> list[Any]:
        """The first of the list, and in one query the others of these keys, those in the trash too."""
        if not also:
            return list(db.session.scalars(self._live().limit(count)))
        first = self._live().with_only_columns(self.model.id).limit(count).subquery()
        keys = union(select(first.c.id), select(self.model.id).where(self.model.id.in_(also))).subquery()
        return list(db.session.scalars(self._all().join(keys, keys.c.id == self.model.id)))

    def _live(self) -> Any:
        return self._all().where(self.model.deleted_token == 0) if issubclass(self.model, Trashable) else self._all()

    def _all(self) -> Any:
        order = getattr(self.model, next((name for name in self.searched if "." not in name), "id"))
        return db.select(self.model).order_by(order, self.model.id)


class Lookups:
    """Every model's lookup, made from what its screen says it is found by."""

    def __init__(self) -> None:
        self._by_model: dict[Any, Lookup] = {}

    def register(self, model: Any, searched: tuple[str, ...]) -> None:
        self._by_model[model] = Lookup(model, searched or ("name",))

    def of(self, model: Any) -> Lookup:
        return self._by_model[model]

    def first(self, model: Any, count: int, also: Collection[int] = ()) -> list[Any]:
        return self.of(model).first(count, also)
