"""Saved views that somebody deletes in another tab meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.staff.models import SavedView
from backoffice.staff.saved_views import (
    change_view,
    delete_view,
    keep_view_to_oneself,
    rename_view,
    save_view,
    share_view,
)
from tests.making import Person


@pytest.mark.parametrize(
    "act",
    [
        lambda view: rename_view(view, "Other"),
        lambda view: change_view(view, "status=active"),
        share_view,
        keep_view_to_oneself,
        delete_view,
    ],
    ids=["rename", "change", "share", "unshare", "delete"],
)
def test_a_view_that_was_deleted_in_another_tab_says_so(app: Flask, act: Callable[[SavedView], Any]) -> None:
    view = save_view(Person(app, "editor").member_id, "product", "Drafts", "status=draft", False)
    db.session.commit()
    db.session.refresh(view)
    # What the request had read stays as it was read, while another connection deletes it.
    db.session.expunge(view)
    db.session.rollback()
    with db.engine.begin() as of_another_tab:
        of_another_tab.execute(delete(SavedView))

    with pytest.raises(Refusal, match="The view “Drafts” was deleted meanwhile."):
        act(view)
