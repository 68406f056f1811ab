"""Today: what needs somebody, what the shop is made of, and what happened. Every figure leads to its list.

A figure is the count of a list at an address, asked of that list's own screen, so that both are always the same.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from flask import current_app, url_for
from flask_admin import expose

from backoffice.audit.history import recent_change_sets
from backoffice.catalog.models import Category
from backoffice.catalog.publishing import SHOWN_STATUSES
from backoffice.dashboard.charts import Bar, Chart, chart
from backoffice.dashboard.figures import per_span, per_top_category, stock_sums
from backoffice.extensions import db
from backoffice.import_export.models import ImportJob
from backoffice.languages import gettext as _
from backoffice.languages import ngettext
from backoffice.settings.money import format_amount
from backoffice.web import access, formats, listing, paging, palette
from backoffice.web.costly import worked_out
from backoffice.web.filters import day_start, today
from backoffice.web.history import KIND_WORDS, readable_entities
from backoffice.web.pages import Page
from backoffice.web.parts import thumb_url
from backoffice.wording import figure

SHOWN_OF_EACH = 3
DAYS = 14
MOST_CATEGORIES = 8

SCHEDULED = "status=scheduled&publish_at__within=next-14-days&2.status=published&2.unpublish_at__within=next-14-days"


@dataclass(frozen=True)
class Line:
    text: str
    url: str | None
    fact: str
    picture: str | None
    icon: str = "image"


@dataclass(frozen=True)
class Worklist:
    """Something that waits: how many, the first few, and where all of them are."""

    title: str
    icon: str
    tone: str
    count: int
    shown: str
    url: str
    open_words: str
    none_words: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    url: str
    note: str = ""


class TodayPage(Page):
    icon = "sun"
    rights = {"index": access.SIGNED_IN}

    def __init__(self) -> None:
        super().__init__(name="Today", endpoint="admin", url="/admin")

    @expose("/")
    def index(self) -> Any:
        # Only a shop with more products than are counted has figures that take long.
        found = worked_out("today", _overview) if _count("product", "") > listing.EXACT_UP_TO else None
        return self.render(
            "dashboard/today.html",
            **(found.value if found else _overview()),
            counted_at=formats.show_clock(found.at) if found else None,
            recent=palette.recent_options(),
            changes=recent_change_sets(readable_entities()) if access.may("read", "history") else [],
            kind_words=KIND_WORDS,
            day=format_date(today(), "full", locale=formats.settings().locale),
        )


def _overview() -> dict[str, Any]:
    may_read = access.may("read", "catalog")
    return {
        "worklists": worklists() if may_read else [],
        "figures": figures() if may_read else [],
        "charts": charts(),
    }


def _screen(name: str) -> Any:
    return current_app.extensions["screens"][name]


def _count(name: str, query: str) -> int:
    return listing.count_up_to(_screen(name).found_at(query))


def _url(name: str, query: str) -> str:
    # A list that somebody opens with a view of their own is meant as a whole here.
    return f"{url_for(f'{name}.index_view')}?{query or 'view=all'}"


def _shown(count: int) -> str:
    return formats.show_count(count, listing.EXACT_UP_TO)


# What needs somebody
def worklists() -> list[Worklist]:
    lists = []
    if access.may("read", "stock"):
        lists += [
            _worklist(_("Sold out"), "x-circle", "bad", "status=published&level=none", _("Nothing is sold out.")),
            _worklist(
                _("Low stock"),
                "exclamation-triangle",
                "warn",
                "status=published&level=low",
                _("Nothing is low."),
                "stock",
            ),
        ]
    lists += [_imports()] if access.may("import", "catalog") else []
    lists += [
        _worklist(_("Drafts ready to publish"), "pencil", "", "ready=1", _("No draft is ready."), "price"),
        _worklist(_("Without picture"), "image", "", "picture__empty=1", _("Every product has a picture.")),
        _worklist(_("Without price"), "tag", "", "price__empty=1", _("Every product has a price."), "status"),
        _worklist(_("Without description"), "text-left", "", "description__empty=1", _("Every product is described.")),
        _worklist(_("Without category"), "diagram-3", "", "category__empty=1", _("Every product has a category.")),
        _worklist(_("Scheduled, next 14 days"), "calendar-event", "", SCHEDULED, _("Nothing is scheduled."), "dates"),
    ]
    return lists


def _imports() -> Worklist:
    """Files that did not come in as they should; who may not bring one in need not look at one."""
    screen, query = _screen("import_job"), "waiting=1"
    statement = screen.found_at(query)
    count = listing.count_up_to(statement)
    jobs = db.session.scalars(screen.order("-at").apply(statement).limit(SHOWN_OF_EACH)).all() if count else []
    lines = [Line(str(job), screen.record_url(job), _import_fact(job), None, screen.icon) for job in jobs]
    shown = _shown(count)
    return Worklist(
        _("Imports to look at"),
        screen.icon,
        "bad" if count else "",
        count,
        shown,
        _url("import_job", query),
        _("All %(count)s", count=shown),
        _("Every file came in."),
        lines,
    )


def _import_fact(job: ImportJob) -> str:
    if job.state == "failed":
        return _("failed")
    return _("%(number)s of %(count)s refused", number=figure(job.refused), count=figure(job.products))


def _worklist(title: str, icon: str, tone: str, query: str, none_words: str, fact: str = "age") -> Worklist:
    screen = _screen("product")
    statement = screen.found_at(query)
    count = listing.count_up_to(statement)
    records: list[Any] = []
    if count:
        records = screen.load_rows(screen.order("-updated_at").rows(statement, paging.Asked(), SHOWN_OF_EACH).keys)
    lines = [
        Line(record.name, screen.record_url(record), _fact(screen, record, fact), thumb_url(record.shown_picture))
        for record in records
    ]
    open_words = _("All %(count)s", count=_shown(count))
    return Worklist(
        title, icon, tone if count else "", count, _shown(count), _url("product", query), open_words, none_words, lines
    )


def _fact(screen: Any, record: Any, fact: str) -> Any:
    """What a line says beside the name: a cell of the list, or the day on which something happens."""
    if fact == "dates":
        moment = record.publish_at if screen.is_before(record.publish_at) else record.unpublish_at
        return format_date(moment.astimezone(formats.time_zone()), "E d MMM", locale=formats.settings().locale)
    if fact == "age":
        return formats.show_age(record.updated_at)
    return screen.get_list_value(None, record, fact)


# What the shop is made of
def figures() -> list[Figure]:
    published = _count("product", "status=published")
    on_sale = _count("product", "status=published&on_sale=1")
    found = [Figure(_("Published products"), _shown(published), _url("product", "status=published"))]
    if access.may("read", "stock"):
        found += _stock_figures()
    note = _("of %(count)s published", count=_shown(published))
    found.append(Figure(_("On sale now"), _shown(on_sale), _url("product", "status=published&on_sale=1"), note))
    return found


def _stock_figures() -> list[Figure]:
    pieces, at_cost, at_price, locations = stock_sums()
    url, settings = _url("stock_level", "on_hand__from=1"), formats.settings()
    where = ngettext("at one location", "at %(num)s locations", locations)
    found = [Figure(_("Units in stock"), formats.show_number(pieces), url, where if locations else "")]
    at_shop_prices = format_amount(at_price, settings)
    if access.may("price", "catalog"):
        note = _("%(amount)s at shop prices", amount=at_shop_prices)
        return [*found, Figure(_("Stock at cost"), format_amount(at_cost, settings), url, note)]
    return [*found, Figure(_("Stock at shop prices"), at_shop_prices, url)]


def charts() -> list[Chart]:
    drawn = []
    if access.may("read", "catalog"):
        drawn += [_by_status(), _by_category(), _per_day("price_change", _("Price changes per day"))]
    if access.may("read", "history"):
        drawn.append(_per_day("change_set", _("Edits per day")))
    return drawn


def _by_status() -> Chart:
    bars = [_bar(_(words), "product", f"status={status}") for status, words in SHOWN_STATUSES]
    return chart(_("Products by status"), "", _("Status"), bars)


def _by_category() -> Chart:
    top = db.session.scalars(
        db.select(Category)
        .where(Category.parent_id.is_(None), Category.deleted_token == 0)
        .order_by(Category.position, Category.name)
    ).all()
    counts = per_top_category(_screen("product").live())
    bars = [_counted_bar(one.name, counts.get(one.id, 0), "product", f"category={one.id}") for one in top]
    bars.sort(key=lambda bar: -bar.value)
    hint = _("The %(number)s largest of %(all)s", number=MOST_CATEGORIES, all=len(bars))
    return chart(
        _("Products by category"), hint if len(bars) > MOST_CATEGORIES else "", _("Category"), bars[:MOST_CATEGORIES]
    )


def _bar(words: str, name: str, query: str) -> Bar:
    return _counted_bar(words, _count(name, query), name, query)


def _counted_bar(words: str, count: int, name: str, query: str) -> Bar:
    return Bar(words, words, count, _shown(count), _url(name, query))


def _per_day(name: str, title: str) -> Chart:
    """The rows of a list on each of the last days, as days are where the shop is."""
    screen, last = _screen(name), today()
    days = [last - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    counts = per_span(screen.live(), screen.model.at, [day_start(day) for day in [*days, last + timedelta(days=1)]])
    bars = [
        Bar(_day(day), str(day.day) if place % 2 else "", count, _shown(count), _url(name, f"at={day.isoformat()}"))
        for place, (day, count) in enumerate(zip(days, counts))
    ]
    return chart(title, _("%(first)s to %(last)s", first=_day(days[0]), last=_day(last)), _("Day"), bars)


def _day(day: date) -> str:
    return format_date(day, "d MMM", locale=formats.settings().locale)
