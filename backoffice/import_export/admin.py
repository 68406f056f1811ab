"""The screen of files that came in."""

from typing import Any

from sqlalchemy.orm import joinedload

from backoffice.import_export.jobs import is_waiting
from backoffice.import_export.models import ImportJob
from backoffice.records import lock
from backoffice.search.finders import KeptFinder
from backoffice.web.base import Screen
from backoffice.web.filters import Filter, filter_by, yes_filter
from backoffice.web.searching import Finder


class ImportJobScreen(Screen):
    model = ImportJob
    title, noun, icon = "Imports", "import", "file-earmark-arrow-down"

    can_export = True
    can_view_details = True

    column_list = ("file_name", "state", "created", "updated", "unchanged", "refused", "at")
    column_labels = {"at": "When", "waiting": "To look at"}
    column_sortable_list = ("file_name", "at")
    column_default_sort = "-at"
    empty_hint = "Files come in by: manage.py import."

    column_searchable_list = ("file_name", "problem")
    search_hint = "File or problem"
    shows_count, palette_most = False, 0
    column_filters = ("state", "waiting", "file_format", "at")

    column_details_list = (
        "file_name",
        "file_format",
        "state",
        "created",
        "updated",
        "unchanged",
        "refused",
        "problem",
        "change_set",
        "at",
    )
    list_options = (joinedload(ImportJob.change_set),)
    action_rights = {"aside": "import"}
    action_labels = {"aside": "Set aside"}

    def make_finder(self) -> Finder:
        return KeptFinder(ImportJob)

    def make_filters(self) -> list[Filter]:
        waiting = yes_filter("waiting", is_waiting)
        return [waiting if name == "waiting" else filter_by(ImportJob, name) for name in self.column_filters]

    def do_aside(self, record: Any) -> None:
        lock(ImportJob, record.id).is_aside = True
