"""Looking a related record up by a few letters: capped, and only for who may read the related screen."""

from collections.abc import Collection
from typing import Any

from flask import g
from flask_admin.model.ajax import AjaxModelLoader
from sqlalchemy import select, union

from backoffice.extensions import db
from backoffice.records import Trashable
from backoffice.web.fields import normalise_text
from backoffice.web.searching import Finder

MOST_RESULTS = 20


class Lookup(AjaxModelLoader):
    """A loader of Flask-Admin's kind for one model, that finds live records as their list does.

    name: the attribute by which they are sorted.
    """

    def __init__(self, model: Any, finder: Finder, name: str) -> None:
        super().__init__(model.__tablename__, {})
        self.model = model
        self.finder = finder
        self.name = name

    def format(self, record: Any) -> tuple[int, str] | None:
        return (record.id, getattr(record, "lookup_label", str(record))) if record is not None else None

    def get_one(self, pk: Any) -> Any:
        return db.session.get(self.model, pk)

    def get_list(self, query: str | None, offset: int = 0, limit: int = MOST_RESULTS) -> list[Any]:
        statement = self._live().offset(max(offset, 0)).limit(min(max(limit, 1), MOST_RESULTS))
        found = self.finder.condition(normalise_text((query or "")[:200]))
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
        return db.select(self.model).order_by(getattr(self.model, self.name), self.model.id)


class Lookups:
    """Every model's lookup, made from how its screen finds it."""

    def __init__(self) -> None:
        self._by_model: dict[Any, Lookup] = {}

    def register(self, screen: Any) -> None:
        name = next((name for name in screen.column_searchable_list if "." not in name), "id")
        self._by_model[screen.model] = Lookup(screen.model, screen.finder, name)

    def of(self, model: Any) -> Lookup:
        return self._by_model[model]

    def first(self, model: Any, count: int, also: Collection[int] = ()) -> list[Any]:
        """The first of a model's list, read once a request: several fields of a form may offer them."""
        read = g.setdefault("first_of_lookups", {})
        asked = (model, count, frozenset(also))
        if asked not in read:
            read[asked] = self.of(model).first(count, also)
        return read[asked]
