"""Today: what the shop is made of, what waits, and what happened last. Every figure leads to its list."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_admin import expose

from backoffice.audit.history import recent_change_sets
from backoffice.catalog.publishing import SHOWN_STATUSES
from backoffice.dashboard.figures import count_by_status, count_sold_out, count_without
from backoffice.records import utc_now
from backoffice.web import access
from backoffice.web.history import KIND_WORDS, readable_entities
from backoffice.web.pages import Page


@dataclass(frozen=True)
class Figure:
    label: str
    value: int
    url: str


class TodayPage(Page):
    icon = "sun"
    rights = {"index": access.SIGNED_IN}

    def __init__(self) -> None:
        super().__init__(name="Today", endpoint="admin", url="/admin")

    @expose("/")
    def index(self) -> Any:
        return self.render(
            "dashboard/today.html",
            statuses=self._statuses() if access.may("read", "catalog") else [],
            waiting=self._waiting() if access.may("read", "catalog") else [],
            changes=recent_change_sets(readable_entities()) if access.may("read", "history") else [],
            kind_words=KIND_WORDS,
        )

    def _statuses(self) -> list[Figure]:
        counts = count_by_status(utc_now())
        return [
            Figure(label, counts[status], url_for("product.index_view", status=status))
            for status, label in SHOWN_STATUSES
        ]

    def _waiting(self) -> list[Figure]:
        return [
            Figure("Sold out", count_sold_out(), url_for("product.index_view", stock__to=0)),
            Figure(
                "Without a category", count_without("category_id"), url_for("product.index_view", category__empty=1)
            ),
            Figure("Without a brand", count_without("brand_id"), url_for("product.index_view", brand__empty=1)),
        ]
