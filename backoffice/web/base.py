"""The one closed base view: a screen allows nothing until a line of it allows something."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import abort, current_app, flash, g, redirect, request, url_for
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView

from backoffice import dialects
from backoffice.audit import recorder
from backoffice.audit.undo import AREAS_WITHOUT_UNDO
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.languages import lazy_gettext, said
from backoffice.web import (
    access,
    again,
    cells,
    chips,
    exports,
    filters,
    listing,
    merging,
    once,
    palette,
    presence,
    rows,
)
from backoffice.web.actions import Acting
from backoffice.web.addresses import address
from backoffice.web.attributes import Attribute, attributes_of
from backoffice.web.deleting import Deleting
from backoffice.web.editing import RecordEditor
from backoffice.web.fields import make_form
from backoffice.web.finding import Finding
from backoffice.web.notes import conclude, say_why
from backoffice.web.searching import ColumnFinder, Finder
from backoffice.web.versions import Versions
from backoffice.web.views import Views
from backoffice.wording import plural

VERBS = {
    "index_view": "read",
    "details_view": "read",
    "history_view": "read",
    "revert_view": "edit",
    "ajax_lookup": "read",
    "ajax_counts": "read",
    "keep_view": "read",
    "choose_columns": "read",
    "create_view": "create",
    "edit_view": "edit",
    "ajax_update": "edit",
    "ajax_open": "edit",
    "delete_view": "delete",
    "action_view": "edit",
    "export": "export",
}


class Screen(Finding, Views, Deleting, Acting, Versions, ModelView):
    """A screen of one model. Its class attributes are facts, in this order:

    model, title, icon; what may be done (can_create, can_edit, can_delete, can_export, can_view_details);
    what the list shows (column_list, column_sortable_list, column_default_sort, column_editable_list);
    how it is found (column_searchable_list, column_filters, palette_most, and stays_small where a list will never
    have more than some tens of rows, so that its columns may be searched one by one); what the form asks
    (form_columns, column_descriptions as hints); actions (action_rights, action_loads).
    """

    model: Any = None
    title = ""
    noun = ""
    icon = "circle"
    endpoint_name = ""

    can_create = False
    can_edit = False
    can_delete = False
    can_export = False
    can_view_details = False

    column_list: tuple[str, ...] = ("id",)
    column_sortable_list: tuple[str, ...] = ()
    column_default_sort = "-id"
    column_editable_list: tuple[str, ...] = ()
    column_hidden: tuple[str, ...] = ()
    column_searchable_list: tuple[str, ...] = ()
    stays_small = False
    search_hint = "Search"
    empty_hint = ""
    shows_count = True
    palette_most = 3
    column_filters: tuple[str, ...] = ()
    column_labels: dict[str, str] = {}
    column_descriptions: dict[str, str] = {}
    column_formatters: dict[str, Any] = {}
    column_details_list: tuple[str, ...] = ()
    form_columns: tuple[str, ...] = ()
    form_columns_new: tuple[str, ...] | None = None
    form_optional: tuple[str, ...] = ()
    list_options: tuple[Any, ...] = ()

    list_template = "web/list.html"
    form_template = "web/form.html"
    details_template = "web/details.html"
    editor_class: type[RecordEditor] = RecordEditor

    def __init__(self) -> None:
        table = self.model.__tablename__
        self.area = self.model.area
        self.finder = self.make_finder()
        self.noun = self.noun or table.replace("_", " ")
        super().__init__(
            self.model, db, name=self.title or plural(self.noun).capitalize(), endpoint=self.endpoint_name or table
        )

    # Flask-Admin builds lists and forms of its own from a model; ours replace them.
    def _refresh_cache(self) -> None:
        self._list_columns = [(name, self.label_of(name)) for name in self.column_list]
        self._form_ajax_refs = {}
        hints, optional = self.column_descriptions, self.form_optional
        self.form_classes = {
            True: make_form(self.model, self.form_columns_new or self.form_columns, hints, optional),
            False: make_form(self.model, self.form_columns, hints, optional),
        }
        self.filters = {one.name: one.replaced(label=self.label_of(one.name)) for one in self.make_filters()}

    def scaffold_auto_joins(self) -> list[Any]:
        return []

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin retries on TypeError, which would hide a fault behind another.
        return again.run(partial(fn, self, *args, **kwargs))

    # Rights
    def right_of(self, view_name: str) -> access.Right:
        verb = VERBS.get(view_name) if self.offers(view_name) else None
        if verb and view_name == "action_view":
            verb = "edit" if "edit" in self.action_rights.values() else next(iter(self.action_rights.values()))
        return (self.area, verb) if verb else access.CLOSED

    def offers(self, view_name: str) -> bool:
        offered = {
            "index_view": True,
            "ajax_lookup": bool(self.form_columns or self.column_filters),
            "ajax_counts": bool(self.column_filters),
            "keep_view": True,
            "choose_columns": True,
            "details_view": self.can_view_details,
            "history_view": self.can_view_details and self.model.is_recorded,
            "revert_view": self.can_revert,
            "create_view": self.can_create,
            "edit_view": self.can_edit,
            "ajax_update": bool(self.column_editable_list),
            "ajax_open": self.can_edit,
            "delete_view": self.can_delete,
            "action_view": bool(self.action_rights),
            "export": self.can_export,
        }
        return bool(offered.get(view_name))

    def is_accessible(self) -> bool:
        return access.may("read", self.area)

    def may(self, verb: str) -> bool:
        """Whether the screen offers a verb to the person signed in."""
        offered = {
            "create": self.can_create,
            "edit": self.can_edit,
            "delete": self.can_delete,
            "export": self.can_export,
        }
        return offered.get(verb, True) and access.may(verb, self.area)

    def is_read_only(self, attribute: Attribute, record: Any) -> bool:
        """Whether the person may look at a field but not write it."""
        return bool(attribute.right) and not access.may(attribute.right, self.area)

    # Facts derived
    def label_of(self, name: str) -> str:
        attribute = attributes_of(self.model).get(name)
        english = attribute.english if attribute else name.replace("_", " ").capitalize()
        return _(self.column_labels.get(name) or english)

    def make_filters(self) -> list[filters.Filter]:
        return [filters.filter_by(self.model, name) for name in self.column_filters]

    def make_finder(self) -> Finder:
        """What searches the list."""
        return ColumnFinder(self.model, self.column_searchable_list)

    def form_class(self, record: Any) -> Any:
        return self.form_classes[record is None]

    def lookup_url(self, attribute: Attribute) -> str | None:
        if attribute.kind not in ("reference", "references"):
            return None
        return url_for(f"{self.endpoint}.ajax_lookup", name=attribute.name)

    def filter_lookup_url(self, one: filters.Filter) -> str | None:
        return url_for(f"{self.endpoint}.ajax_lookup", name=one.name) if one.target is not None else None

    def record_url(self, record: Any) -> str | None:
        """The page of a record that the person may open: to edit, else to look at; one in the trash has none."""
        if getattr(record, "is_deleted", False):
            return None
        view = self.page_of_records()
        return f"{address(view)}?id={record.id}" if view else None

    def page_of_records(self) -> str | None:
        """The endpoint of the page that shows one of the records to the person; None where there is none."""
        # Told once a request: a list links to each of its records.
        pages = g.setdefault("pages_of_records", {})
        if self.endpoint not in pages:
            view = "edit_view" if self.may("edit") else "details_view" if self.can_view_details else None
            pages[self.endpoint] = f"{self.endpoint}.{view}" if view else None
        return pages[self.endpoint]

    def row_links(self) -> list[tuple[str, str, str]]:
        """What a row's menu leads to, as (words, address without the record, icon); none where the name's link is all."""
        edits, deletes = self.may("edit"), self.may("delete")
        links = [
            (edits, _("Open"), "edit_view", "box-arrow-in-right"),
            (self.can_view_details and not edits, _("Open"), "details_view", "box-arrow-in-right"),
            (self.offers("history_view"), _("History"), "history_view", "clock-history"),
            (deletes, _("Delete…"), "delete_view", "trash3"),
        ]
        offered = [(words, address(f"{self.endpoint}.{view}"), sign) for is_so, words, view, sign in links if is_so]
        return offered if len(offered) > 1 else []

    def palette_option(self, record: Any) -> palette.Option:
        """What the command palette shows of a record."""
        return palette.Option(str(record), self.record_url(record), icon=self.icon)

    # Rows
    def row_facts(self, record: Any) -> Any:
        """All that a row shows of a record, as one key; None where nobody says what that is, and it is drawn each time."""
        return None

    # Cells
    def may_edit_column(self, name: str) -> bool:
        """Whether the person may edit this column's cells in place."""
        if not self.can_edit or name not in self.column_editable_list:
            return False
        area, verb = self.cell_right(name)
        return access.may("edit", self.area) and access.may(verb, area)

    def stands_for_one(self, name: str, record: Any) -> bool:
        """Whether a cell shows one value that can be written there."""
        return True

    def cell_right(self, name: str) -> access.Right:
        attribute = attributes_of(self.model).get(name)
        return self.area, (attribute.right if attribute and attribute.right else "edit")

    def cell_attribute(self, name: str) -> Attribute:
        """What is written when a cell of a column is edited."""
        return attributes_of(self.model)[name]

    def cell_target(self, name: str, record: Any) -> tuple[Any, str, Any]:
        """The model, attribute and record that a cell stands for; a product's price is its only variant's."""
        return self.model, name, record

    def apply_cell(self, form: Any, record: Any, changes: dict[str, Any]) -> None:
        """Write what was typed into a cell; the same checks as the form's hold."""
        merging.apply(form, record, changes)
        self.on_model_change(form, record, False)

    # Hooks
    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        """Check and complete a record before it is written; raise Refusal with the field at fault."""

    def after_flush(self, record: Any, is_created: bool) -> None:
        """Complete what needs the record's key, in the same transaction."""

    def warnings_for(self, record: Any) -> list[str]:
        """What a person should look at though nothing is refused."""
        return []

    def form_context(self, editor: RecordEditor) -> dict[str, Any]:
        return {}

    def details_context(self, record: Any) -> dict[str, Any]:
        return {}

    # Pages
    @expose("/")
    def index_view(self) -> Any:
        first = self.first_address()
        if first is not None:
            return redirect(first)
        written = self.as_written()
        if written is not None:
            return written
        arguments = self.arguments()
        page, columns = self.load_page(arguments), rows.columns_of(self, arguments.columns)
        actions, row_links = self.allowed_actions(), self.row_links()
        records = page.records or page.similar
        list_page = self.render(
            self.list_template,
            screen=self,
            page=page,
            rows=list(rows.rows_of(self, columns, records, bool(actions), bool(row_links))),
            columns=columns,
            actions=actions,
            row_links=row_links,
            arguments=arguments,
            chips_of=chips.chips_of,
            usual_filters=chips.USUAL,
        )
        return list_page, 400 if arguments.problems else 200

    @expose("/details/")
    def details_view(self) -> Any:
        record = self.require_one(request.args.get("id"))
        names = self.column_details_list or self.form_columns
        context = self.details_context(record)
        return self.render(self.details_template, screen=self, record=record, names=names, **context)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        return self._edit(None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        # What is saved is read anew, once nobody else may write it.
        record = self.get_one(request.args.get("id"), self.form_columns if request.method == "GET" else ())
        if record is None and request.method == "POST":
            # Somebody deleted it meanwhile; the form comes back with all that was typed, and says so.
            record = self.get_deleted(request.args.get("id"))
        return self._edit(record or self.require_one(None))

    def _edit(self, record: Any) -> Any:
        editor = self.editor_class(self, record, request.form)
        made_before = once.made_before(self) if record is None else None
        if request.method == "POST" and made_before is None:
            say_why("form", said("New %(noun)s", noun=lazy_gettext(self.noun)) if record is None else self.noun)
            saved = editor.save()
            if saved is not None:
                return self._saved(editor, saved)
            # Nothing was saved: what follows only shows, and keeps nobody from writing.
            dialects.work_only_reads()
        status = 422 if editor.error_count else 409 if editor.conflicts or made_before else 200
        facts = {"made_before": made_before, "open_page": presence.open_page(editor.record)}
        context = self.form_context(editor) | facts
        return self.render(self.form_template, screen=self, editor=editor, record=editor.record, **context), status

    def _saved(self, editor: RecordEditor, saved: Any) -> Any:
        name, is_new = str(saved), editor.is_new
        recorder.describe(said("%(name)s made", name=name) if is_new else said("%(name)s changed", name=name))
        warnings = self.warnings_for(saved)
        undoable = editor.has_changed and self.area not in AREAS_WITHOUT_UNDO
        # Taking back what was just made leaves no page of its own to return to.
        back = url_for(f"{self.endpoint}.index_view") if is_new else None
        answer = conclude(self._done_words(editor, name, is_new), self._page_after(saved), undoable, back)
        for warning in warnings:
            flash({"text": warning}, "warning")
        return answer

    def _page_after(self, saved: Any) -> str:
        if request.form.get("then") == "another":
            return url_for(f"{self.endpoint}.create_view")
        if request.form.get("then") == "list" or not self.may("edit"):
            return url_for(f"{self.endpoint}.index_view")
        return url_for(f"{self.endpoint}.edit_view", id=saved.id)

    def _done_words(self, editor: RecordEditor, name: str, is_new: bool) -> str:
        if is_new:
            return _("%(name)s is made.", name=name)
        saved = _("%(name)s is saved.", name=name)
        if not editor.has_changed:
            saved = _("%(name)s is as it was; there was nothing to save.", name=name)
        if not editor.came_in:
            return saved
        who = (editor.came_in_from.actor_name if editor.came_in_from else "") or _("somebody else")
        return f"{saved} {_('%(fields)s came in from %(who)s.', fields=editor.came_in_words, who=who)}"

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> Any:
        return cells.update(self, request.form)

    @expose("/ajax/open/", methods=("POST",))
    @access.unattended
    def ajax_open(self) -> Any:
        return presence.answer(self.require_one(request.form.get("id")), request.form)

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Any:
        attribute = attributes_of(self.model).get(request.args.get("name", ""))
        is_offered = attribute is not None and attribute.name in {
            *self.form_columns,
            *(self.form_columns_new or ()),
            *self.column_filters,
        }
        if not is_offered or attribute.target is None:
            abort(404, _("There is no such list."))
        access.require("read", attribute.target.area)
        lookup = current_app.extensions["lookups"].of(attribute.target)
        limit = request.args.get("limit", 20, type=int)
        offset = min(request.args.get("offset", 0, type=int), 10_000)
        return [lookup.format(record) for record in lookup.get_list(request.args.get("query", ""), offset, limit)]

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Any:
        if export_type != "csv":
            abort(404, _("Lists are exported as CSV."))
        return exports.file_response(self.name.lower().replace(" ", "-"), self.export_lines(self.require_arguments()))

    def export_lines(self, arguments: listing.ListArguments) -> Iterable[list[str]]:
        """The lines of the exported file, its head first."""
        return exports.lines_of(self, arguments)
