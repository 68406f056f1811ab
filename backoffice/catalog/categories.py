"""The tree of categories: moving one, and keeping the path and full name of all below it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, aliased

from backoffice.catalog.models import Category
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _

DEEPEST_LEVEL = 12


def check_parent(category: Category, parent: Category | None) -> None:
    """Refuse a parent that lies below the category itself, which would cut both off the tree."""
    if parent is None:
        return
    # The whole tree is held while one moves, so that two moves cannot make a circle between them.
    held = db.select(Category.id, Category.path).order_by(Category.id).with_for_update()
    with db.session.no_autoflush:
        paths = dict(db.session.execute(held).all())
    own, above = paths.get(category.id, ""), paths.get(parent.id, parent.path)
    if own and above.startswith(own):
        sentence = _(
            "“%(parent)s” lies within “%(name)s” itself. Choose another parent.",
            parent=parent.name,
            name=category.name,
        )
        raise Refusal(sentence, "parent")
    height = max((path.count("/") for path in paths.values() if own and path.startswith(own)), default=1)
    if above.count("/") + height - max(own.count("/") - 1, 0) > DEEPEST_LEVEL:
        sentence = _("Categories go %(number)s levels deep at most. Choose a parent higher up.", number=DEEPEST_LEVEL)
        raise Refusal(sentence, "parent")


def set_parent(category: Category, parent: Category | None) -> None:
    check_parent(category, parent)
    category.parent = parent


def place(category: Category) -> None:
    """Bring the path and full name of a category, and of all below it, up to date."""
    db.session.flush()
    _place(category, category.parent)
    db.session.flush()


def _place(category: Category, parent: Category | None) -> None:
    category.parent_key = parent.id if parent else 0
    category.path = f"{parent.path if parent else ''}{category.id}/"
    category.full_name = f"{parent.full_name} › {category.name}" if parent else category.name
    for child in db.session.scalars(db.select(Category).where(Category.parent_id == category.id)):
        _place(child, category)


@event.listens_for(db.session, "before_flush")
def _set_parent_key(session: Session, _context: Any, _instances: Any) -> None:
    """Keep the key that makes addresses unique under a parent, whichever way the parent was set."""
    for category in [*session.new, *session.dirty]:
        if isinstance(category, Category) and (category in session.new or inspect(category).attrs.parent_id.history):
            parent_id = category.parent.id if category.parent is not None else category.parent_id
            if category.parent_key != (parent_id or 0):
                category.parent_key = parent_id or 0


def is_within(keys: Sequence[int]) -> Any:
    """The condition that a category is one of these or lies below it."""
    above = aliased(Category)
    # A path is made of numbers and strokes, and holds nothing that a pattern takes for anything.
    reaches = Category.path.startswith(above.path)
    return db.select(above.id).where(above.id.in_(keys), reaches).correlate(Category).exists()
