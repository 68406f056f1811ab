"""A list as each person wants it: saved views, chosen columns, and how many rows each choice of a filter would find."""

from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

from flask import abort, get_template_attribute, redirect, request, url_for
from flask_admin import expose
from flask_login import current_user
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from backoffice.errors import Refusal
from backoffice.languages import gettext as _
from backoffice.staff import saved_views
from backoffice.staff.models import ListChoice, SavedView
from backoffice.staff.preferences import choose_for_list
from backoffice.web import access, filters, formats, listing
from backoffice.web.finding import KEY
from backoffice.web.notes import conclude
from backoffice.web.reading import list_choice_of, saved_views_at_hand

MOST_COUNTED = 40
ALL = "all"


class Views:
    """The part of a screen that remembers how a person wants its list."""

    # Saved views
    def views(self) -> list[SavedView]:
        """The saved views of this list that the person sees."""
        return [view for view in saved_views_at_hand() if view.screen == self.endpoint]

    def own_choice(self) -> ListChoice | None:
        """What the person chose for this list."""
        return list_choice_of(self.endpoint)

    def view_of(self, args: MultiDict[str, str]) -> SavedView | None:
        """The saved view that an address names, or began from."""
        key = args.get("view") or args.get("from_view") or ALL
        if key == ALL:
            return None
        view = self._find_view(key)
        if view is None and "view" in args:
            abort(404, _("There is no such view. It may have been deleted, or is no longer shared with you."))
        return view

    def _find_view(self, key: str) -> SavedView | None:
        return saved_views.find_view(current_user.id, self.endpoint, int(key)) if KEY.fullmatch(key) else None

    def may_change_view(self, view: SavedView | None) -> bool:
        """One's own; and what everybody sees is changed only by those who may share."""
        is_own = view is not None and view.owner_id == current_user.id
        return is_own and (not view.is_shared or self.may_share_views())

    def may_unshare_view(self, view: SavedView | None) -> bool:
        """One's own, whatever one's role is by now; and anybody's for whoever keeps the accounts."""
        return view is not None and (view.owner_id == current_user.id or access.may("edit", "staff"))

    def may_share_views(self) -> bool:
        return access.may("edit", self.area)

    def is_default(self, view: SavedView | None) -> bool:
        choice = self.own_choice()
        return view is not None and choice is not None and choice.saved_view_id == view.id

    def has_default(self) -> bool:
        choice = self.own_choice()
        return choice is not None and choice.saved_view_id is not None

    def whole_address(self) -> str:
        """The address of the list without any filter."""
        return url_for(f"{self.endpoint}.index_view", **({"view": ALL} if self.has_default() else {}))

    def address_without(self, arguments: listing.ListArguments, one: filters.Filter, prefix: str) -> str:
        """The address of the list with one filter taken away.

        Where nothing is left it is the whole list's: a bare address would open the view that the person chose.
        """
        left = arguments.without(one, prefix)
        return left if left != "?" else self.whole_address()

    def first_address(self) -> str | None:
        """Where a bare address of the list leads: to the view that the person opens it with."""
        choice = self.own_choice()
        if request.args or choice is None or choice.saved_view_id is None:
            return None
        is_there = any(view.id == choice.saved_view_id for view in self.views())
        return url_for(f"{self.endpoint}.index_view", view=choice.saved_view_id) if is_there else None

    @expose("/views/", methods=("POST",))
    def keep_view(self) -> Any:
        """Save, change, share, or delete a view, or open the list with it."""
        doings = {
            "save": self._save_view,
            "change": self._change_view,
            "rename": self._rename_view,
            "share": self._share_view,
            "unshare": self._unshare_view,
            "delete": self._delete_view,
            "open_with": self._open_with_view,
        }
        doing = doings.get(request.form.get("do", ""))
        if doing is None:
            raise Refusal(_("Say what to do with the view: use the page’s own buttons."))
        return doing()

    def _save_view(self) -> Any:
        is_shared = bool(request.form.get("is_shared"))
        if is_shared:
            self._require_sharing()
        query = self._checked_query()
        view = saved_views.save_view(current_user.id, self.endpoint, request.form.get("name", ""), query, is_shared)
        if request.form.get("is_default"):
            choose_for_list(current_user.id, self.endpoint, saved_view_id=view.id)
        return self._lead_to(view, _("The view “%(name)s” is saved.", name=view.name))

    def _change_view(self) -> Any:
        view = self._own_view()
        saved_views.change_view(view, self._checked_query())
        return self._lead_to(view, _("The view “%(name)s” shows this now.", name=view.name))

    def _rename_view(self) -> Any:
        view = self._own_view()
        saved_views.rename_view(view, request.form.get("name", ""))
        return self._lead_to(view, _("The view is called “%(name)s” now.", name=view.name))

    def _share_view(self) -> Any:
        view = self._own_view()
        self._require_sharing()
        saved_views.share_view(view)
        return self._lead_to(view, _("Everybody who may open this list sees “%(name)s” now.", name=view.name))

    def _unshare_view(self) -> Any:
        view = self._seen_view(request.form.get("id", ""))
        if not self.may_unshare_view(view):
            raise self._is_of_another(view)
        saved_views.keep_view_to_oneself(view)
        if view.owner_id != current_user.id:
            words = _("Only %(owner)s sees “%(name)s” now.", owner=view.owner.name, name=view.name)
            return conclude(words, url_for(f"{self.endpoint}.index_view", view=ALL))
        return self._lead_to(view, _("Only you see “%(name)s” now.", name=view.name))

    def _delete_view(self) -> Any:
        view = self._own_view()
        name, query = view.name, view.query
        saved_views.delete_view(view)
        # The list stays as it was, so that the view can be saved again.
        to = f"{url_for(f'{self.endpoint}.index_view')}?{urlencode([('view', ALL), *parse_qsl(query)])}"
        return conclude(_("The view “%(name)s” is deleted. Its list is still here, to be saved again.", name=name), to)

    def _open_with_view(self) -> Any:
        """Choose the view that a bare address leads to; without one, the whole list."""
        key = request.form.get("id", "")
        view = self._seen_view(key) if key else None
        choose_for_list(current_user.id, self.endpoint, saved_view_id=view.id if view else None)
        if view is None:
            to = url_for(f"{self.endpoint}.index_view", view=ALL)
            return conclude(_("%(list)s opens with the whole list now.", list=_(self.name)), to)
        return self._lead_to(view, _("%(list)s opens with “%(name)s” now.", list=_(self.name), name=view.name))

    def _lead_to(self, view: SavedView, words: str) -> Any:
        return conclude(words, url_for(f"{self.endpoint}.index_view", view=view.id))

    def _checked_query(self) -> str:
        """The address to keep, once all that it asks can be read."""
        return self.arguments_at(request.form.get("query", "")).query

    def _seen_view(self, key: str) -> SavedView:
        return self.view_of(MultiDict({"view": key})) or abort(404)

    def _own_view(self) -> SavedView:
        view = self._seen_view(request.form.get("id", ""))
        if view.owner_id != current_user.id:
            raise self._is_of_another(view)
        if view.is_shared:
            self._require_sharing()
        return view

    def _is_of_another(self, view: SavedView) -> Refusal:
        return Refusal(_("“%(name)s” is somebody else’s view. Save one of your own.", name=view.name))

    def _require_sharing(self) -> None:
        if not self.may_share_views():
            raise access.MissingRight((self.area, "edit"))

    # Columns
    @expose("/columns/", methods=("POST",))
    def choose_columns(self) -> Any:
        """Remember the columns in their order, and the rows of a page; or forget both."""
        back = access.own_address(request.form.get("back"), url_for(f"{self.endpoint}.index_view"))
        to = self._address_without_columns(back)
        if request.form.get("do") == "usual":
            choose_for_list(current_user.id, self.endpoint, columns=None, page_size=None)
            return conclude(_("The list shows its usual columns."), to)
        order = _moved(request.form.getlist("order"), request.form.get("move", ""))
        shown = set(request.form.getlist("columns"))
        columns = list(self.chosen_columns([self.column_list[0], *(name for name in order if name in shown)]))
        size = listing.read_page_size(request.form.get("page_size"))
        choose_for_list(current_user.id, self.endpoint, columns=columns, page_size=size)
        return conclude(_("The list shows the columns you chose."), to)

    def _address_without_columns(self, address: str) -> str:
        """The address without columns of its own or of the view it names, so that the chosen ones show."""
        path, _mark, query = address.partition("?")
        given = MultiDict(parse_qsl(query))
        view = self._find_view(given.get("view", ""))
        if view is not None and "columns" in parse_qs(view.query):
            given = MultiDict([("from_view", str(view.id)), *parse_qsl(view.query)])
        kept = [(key, value) for key, value in given.items(multi=True) if key not in {"columns", *listing.MOVES}]
        if kept:
            return f"{path}?{urlencode(kept)}"
        return self.whole_address() if path == url_for(f"{self.endpoint}.index_view") else path

    def column_choices(self, arguments: listing.ListArguments) -> Markup:
        """All columns but the first, those that are shown before the others, and the rows of a page, to choose from."""
        shown = arguments.columns[1:]
        others = tuple(name for name in self.column_list[1:] if name not in shown)
        asked = (self, shown, others, arguments.page_size)
        return _offered.of((formats.reader(), *asked), _column_choices, *asked)

    # Counts
    @expose("/ajax/counts/")
    def ajax_counts(self) -> Any:
        """How many rows the list would have by each choice of a filter, and with the choices made so far."""
        written = filters.written_anew(self.filters, request.args)
        key, related = written.pop("counted", ""), written.poplist("of")
        arguments = self.arguments(written)
        choices = self._choices_to_count(key, related)
        chosen = [self._with_choice(arguments, key, choice) for choice in choices]
        numbers = listing.count_each_up_to([self.found(one) for one in (*chosen, arguments)])
        *counts, total = (formats.show_count(number, listing.EXACT_UP_TO) for number in numbers)
        return {"counts": dict(zip(choices, counts)), "total": total, "problems": arguments.problems}

    def _choices_to_count(self, key: str, related: list[str]) -> list[str]:
        """What may be chosen of a filter, as an address says it. related: the keys of the related records that show."""
        chosen = self.filters.get(filters.parts_of(key)[1])
        if chosen is None:
            return []
        if chosen.target is not None:
            may_read = access.may("read", chosen.target.area)
            return [str(chosen.read(text)) for text in related[:MOST_COUNTED]] if may_read else []
        choices = {"boolean": ["1", "0"], "choice": [value for value, _words in chosen.choices]}
        return choices.get(chosen.kind, [])[:MOST_COUNTED]

    def _with_choice(self, arguments: listing.ListArguments, key: str, choice: str) -> listing.ListArguments:
        """The list with this alone chosen of a filter: of these, or where the form says so, of all but these."""
        others = [pair for pair in arguments.asked.items(multi=True) if pair[0].partition("__")[0] != key]
        is_not = request.args.get(f"{key}__{filters.MODE}") == "not"
        return self.arguments(MultiDict([*others, (f"{key}__not" if is_not else key, choice)]))

    def as_written(self) -> Any:
        """Where a form of filters leads: to the address that says the same for every reader."""
        if filters.TYPED_IN not in request.args:
            return None
        written = list(filters.written_anew(self.filters, request.args).items(multi=True))
        asks = f"{url_for(f'{self.endpoint}.index_view')}?{urlencode(written)}"
        return redirect(asks if written else self.whole_address())


# An address may ask for columns in any order, and each is some kilobytes.
_offered = formats.Memory(500)


def _column_choices(screen: Any, shown: tuple[str, ...], others: tuple[str, ...], page_size: int) -> Markup:
    columns = [(name, screen.label_of(name), name in shown) for name in (*shown, *others)]
    draw = get_template_attribute("web/list_choices.html", "columns_and_rows")
    return draw(columns, page_size, listing.PAGE_SIZES)


def _moved(order: list[str], move: str) -> list[str]:
    """The names with one of them a place up or down: `brand:up`."""
    name, _colon, way = move.partition(":")
    if name not in order or way not in ("up", "down"):
        return order
    place = order.index(name)
    other = min(max(place + (1 if way == "down" else -1), 0), len(order) - 1)
    order = list(order)
    order[place], order[other] = order[other], order[place]
    return order
