"""What was posted already: held for a transaction, kept with its change, and found again."""

import pytest
from flask import Flask

from backoffice.audit import posted_forms
from backoffice.audit.models import PostedForm
from backoffice.audit.recorder import current_change_set_id
from backoffice.catalog.models import Brand
from backoffice.extensions import db
from tests.making import make_brand, stored


@pytest.fixture(autouse=True)
def _on_every_database(app: Flask) -> None:
    """All of this holds on each of them."""


def save(form: str, content: str, name: str) -> Brand:
    posted_forms.claim(form, content)
    brand = make_brand(name)
    posted_forms.finish(form, content=content, change_set_id=current_change_set_id(), said=f"{name} is made.")
    db.session.commit()
    return brand


def test_a_form_is_found_again_with_what_it_came_to() -> None:
    brand = save("a form", "its content", "Norr")

    earlier = posted_forms.claim("a form", "other content")

    assert (earlier.content, earlier.said) == ("its content", "Norr is made.")
    assert posted_forms.key_made_by(earlier, "brand") == brand.id
    assert posted_forms.key_made_by(earlier, "product") is None
    assert posted_forms.claim("another form", "its content") is None


def test_a_form_that_was_refused_leaves_nothing() -> None:
    posted_forms.claim("a form", "its content")
    db.session.rollback()

    assert posted_forms.claim("a form", "its content") is None
    db.session.rollback()
    assert stored(PostedForm) == []


def test_a_form_whose_work_was_begun_anew_is_kept_all_the_same() -> None:
    posted_forms.claim("a form", "its content")
    db.session.rollback()

    posted_forms.finish("a form", content="its content")
    db.session.commit()

    assert [one.content for one in stored(PostedForm)] == ["its content"]


def test_a_form_keeps_what_was_saved_by_it_last() -> None:
    save("a form", "its content", "Norr")
    save("a form", "other content", "Nord")

    [kept] = stored(PostedForm)

    assert (kept.content, kept.said) == ("other content", "Nord is made.")


def test_a_digest_takes_the_secret_and_every_fact_into_account() -> None:
    facts = ("a secret", 1, ["name", "Norr"])

    assert posted_forms.digest(*facts) == posted_forms.digest(*facts)
    others = [("other", 1, ["name", "Norr"]), ("a secret", 2, ["name", "Norr"]), ("a secret", 1, ["nameN", "orr"])]
    assert posted_forms.digest(*facts) not in {posted_forms.digest(*one) for one in others}
