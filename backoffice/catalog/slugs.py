"""Addresses in the shop: made from names, unique while live, and an old one leads on to the new."""

import re
import unicodedata
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from backoffice.catalog.models import Category, Product, SlugRedirect
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _

LONGEST_SLUG = 100

# Letters that Unicode does not take apart into a plain letter and a mark.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ı": "i"})

# Apostrophes, the marks of European letters (not those of other scripts, which change the word), emoji variants.
_LEFT_OUT = re.compile("[’'`\u0300-\u036f\ufe00-\ufe0f]")


def make_slug(name: str) -> str:
    """Return the name as an address: letters and digits, words joined by hyphens; other scripts are kept."""
    # Small once more, since “№” and “™” come apart into capitals.
    apart = unicodedata.normalize("NFKD", name.lower()).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFC", _LEFT_OUT.sub("", apart))
    words = "".join(letter if _is_of_a_word(letter) else " " for letter in plain).split()
    return "-".join(words)[:LONGEST_SLUG].strip("-")


def _is_of_a_word(letter: str) -> bool:
    # Many scripts write vowels as marks, which Python does not count as letters.
    return letter.isalnum() or unicodedata.category(letter) in ("Mn", "Mc")


def check_slug(slug: str) -> str:
    if len(slug) > LONGEST_SLUG:
        sentence = _(
            "The address has %(number)s characters. Shorten it to %(most)s.", number=len(slug), most=LONGEST_SLUG
        )
        raise Refusal(sentence, "slug")
    if slug != slug.lower() or make_slug(slug) != unicodedata.normalize("NFC", slug):
        example = make_slug(slug) or "enamel-mug"
        sentence = _("Write the address in small letters, digits and hyphens, such as %(example)s.", example=example)
        raise Refusal(sentence, "slug")
    return slug


def free_slug(model: Any, name: str) -> str:
    """Return an address made from the name that no live record of the model has yet."""
    start = make_slug(name) or model.__tablename__
    candidates = [start, *(f"{start}-{number}" for number in range(2, 1000))]
    taken = set(
        db.session.scalars(
            db.select(model.slug).where(model.slug.startswith(start, autoescape=True), model.deleted_token == 0)
        )
    )
    free = next((candidate for candidate in candidates if candidate not in taken), None)
    if free is None:
        raise Refusal(_("A thousand addresses begin with %(start)s. Enter one of your own.", start=start), "slug")
    return free


@event.listens_for(db.session, "before_flush")
def _keep_old_addresses(session: Session, _context: Any, _instances: Any) -> None:
    for record in [*session.new, *session.dirty]:
        if isinstance(record, Product | Category) and not record.deleted_token:
            history = inspect(record).attrs.slug.history
            if history.has_changes():
                _lead_on(session, record, history.deleted[0] if history.deleted else None)


def _lead_on(session: Session, record: Product | Category, old_slug: str | None) -> None:
    """Let the old address lead to the record; the new one, in use again, leads nowhere else."""
    kind = record.__tablename__
    with session.no_autoflush:
        before = _address(session, record)
        new, old = before + record.slug, before + old_slug if old_slug else None
        known = db.select(SlugRedirect).where(SlugRedirect.kind == kind, SlugRedirect.old_slug.in_([new, old]))
        redirects = {redirect.old_slug: redirect for redirect in session.scalars(known)}
    if new in redirects:
        session.delete(redirects[new])
    # One that is there already came back by an undo just now: the address belonged to another before this record had it.
    if old and old not in redirects:
        redirect = SlugRedirect(kind=kind, old_slug=old)
        setattr(redirect, f"{kind}_id", record.id)
        session.add(redirect)


def _address(session: Session, record: Product | Category) -> str:
    """What stands before the record's own part: a category's address begins with those above it."""
    if isinstance(record, Product):
        return ""
    above = [int(key) for key in (record.path or "").split("/") if key][:-1]
    slugs = dict(session.execute(db.select(Category.id, Category.slug).where(Category.id.in_(above))).all())
    return "".join(f"{slugs[key]}/" for key in above if key in slugs)
