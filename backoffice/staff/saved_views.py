"""Saved views: a list's address under a name, one's own or shared with everybody who may open the list."""

import re

from sqlalchemy import bindparam, case, func, or_
from sqlalchemy.orm import joinedload

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.records import lock
from backoffice.staff.models import SavedView

MOST_VIEWS = 50
LONGEST_NAME = 60
LONGEST_QUERY = 4000
# Control characters, blanks without a width, and what turns the direction of the menu's other names.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


_MEMBER = bindparam("member_id")
_SEEN = (
    db.select(SavedView)
    .where(or_(SavedView.owner_id == _MEMBER, SavedView.is_shared.is_(True)))
    .options(joinedload(SavedView.owner).lazyload("*"))
    .order_by(
        SavedView.screen, case((SavedView.owner_id == _MEMBER, 0), else_=1), func.lower(SavedView.name), SavedView.id
    )
)


def views_for(member_id: int) -> list[SavedView]:
    """The views of all lists that a person sees: own ones first, then by name, each with its owner."""
    return list(db.session.scalars(_SEEN, {"member_id": member_id}))


def find_view(member_id: int, screen: str, key: int) -> SavedView | None:
    """A view of a list that the person may see."""
    view = db.session.scalar(db.select(SavedView).options(joinedload(SavedView.owner)).where(SavedView.id == key))
    is_seen = view is not None and view.screen == screen and (view.is_shared or view.owner_id == member_id)
    return view if is_seen else None


def save_view(member_id: int, screen: str, name: str, query: str, is_shared: bool) -> SavedView:
    """Keep a list's address under a name. Raises Refusal where the name is missing, too long or taken."""
    _check_query(query)
    if _count(member_id, screen) >= MOST_VIEWS:
        raise Refusal(_("This list has %(number)s views of yours already. Delete one first.", number=MOST_VIEWS))
    view = SavedView(owner_id=member_id, screen=screen, query=query, is_shared=is_shared)
    view.name = _free_name(member_id, screen, name)
    db.session.add(view)
    db.session.flush()
    return view


def rename_view(view: SavedView, name: str) -> None:
    held = _held(view)
    held.name = _free_name(held.owner_id, held.screen, name, but=held.id)


def change_view(view: SavedView, query: str) -> None:
    """Let a view show what the list shows now."""
    _check_query(query)
    _held(view).query = query


def share_view(view: SavedView) -> None:
    _held(view).is_shared = True


def keep_view_to_oneself(view: SavedView) -> None:
    _held(view).is_shared = False


def delete_view(view: SavedView) -> None:
    """Forget a view; whoever opened the list with it gets the whole list again."""
    db.session.delete(_held(view))
    db.session.flush()


def _held(view: SavedView) -> SavedView:
    """The view as it is now, and held. Raises Refusal where it was deleted since the page showed it."""
    key, name = view.id, view.name
    held = lock(SavedView, key)
    if held is None:
        raise Refusal(_("The view “%(name)s” was deleted meanwhile. Save the list as a new one.", name=name))
    return held


def _count(member_id: int, screen: str) -> int:
    own = db.select(func.count(SavedView.id)).where(SavedView.owner_id == member_id, SavedView.screen == screen)
    return db.session.scalar(own) or 0


def _free_name(member_id: int, screen: str, name: str, but: int = 0) -> str:
    name = " ".join(UNSEEN.sub("", name).split())
    if not name:
        raise Refusal(_("The name is missing. Write what the view shows, such as Without picture."), "name")
    if len(name) > LONGEST_NAME:
        raise Refusal(
            _("The name has %(number)s characters. Shorten it to %(most)s.", number=len(name), most=LONGEST_NAME),
            "name",
        )
    of_name = db.select(SavedView.id).where(
        SavedView.owner_id == member_id, SavedView.screen == screen, SavedView.name == name, SavedView.id != but
    )
    if db.session.scalar(of_name) is not None:
        raise Refusal(
            _("You have a view “%(name)s” already. Choose another name, or change that one.", name=name), "name"
        )
    return name


def _check_query(query: str) -> None:
    if len(query) > LONGEST_QUERY:
        raise Refusal(_("The view holds too many filters to be kept. Take some away."))
