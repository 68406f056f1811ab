"""A list as each person wants it: saved views, chosen columns, groups of filters, and what a choice would find."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from backoffice.catalog.models import Brand, Product
from backoffice.extensions import db
from backoffice.records import utc_now
from backoffice.settings.models import ShopSettings
from backoffice.staff.accounts import require_role
from backoffice.staff.models import ListChoice, SavedView, StaffMember
from backoffice.web import filters
from backoffice.web.frame import MOST_VIEWS_SHOWN
from tests.making import Person, changed, delete, form_values, make_brand, make_product, stored, text_of
from tests.web.test_lists import count_statements

PRODUCTS = "/admin/product/"


def names(person: Person, address: str) -> list[str]:
    answer = person.get(address)
    for _hop in range(3):
        if answer.status_code == 302:
            answer = person.get(answer.headers["Location"])
    assert answer.status_code == 200, text_of(answer)
    page = BeautifulSoup(answer.text, "html.parser")
    return sorted(cell.text.strip() for cell in page.select("tbody .col-name .product-name"))


def heads(person: Person, address: str) -> list[str]:
    return [head.text.strip() for head in person.page(address).select("thead th:not(.col-check, .col-more)")]


def keep(person: Person, do: str, **values: Any) -> Any:
    return person.post(f"{PRODUCTS}views/", {"do": do} | values)


@pytest.fixture
def editor(app: Flask) -> Person:
    return Person(app, "editor")


@pytest.fixture
def viewer(app: Flask) -> Person:
    return Person(app, "viewer")


@pytest.fixture
def three(app: Flask) -> None:
    norr = make_brand("Norr")
    make_product("Mug", prices=(1290,), status="active", brand=norr)
    make_product("Pan", prices=(4000,), brand=norr)
    make_product("Spade", prices=(2500,), status="archived")


def save_drafts(person: Person, **values: Any) -> SavedView:
    keep(person, "save", name="Drafts", query="status=draft&columns=brand", **values)
    return stored(SavedView)[-1]


def test_a_saved_view_shows_what_was_saved(editor: Person, three: None) -> None:
    view = save_drafts(editor)

    assert names(editor, f"{PRODUCTS}?view={view.id}") == ["Pan"]
    assert heads(editor, f"{PRODUCTS}?view={view.id}") == ["Product", "Brand"]
    tab = editor.page(f"{PRODUCTS}?view={view.id}").select_one(".view-tab[aria-current]")
    assert tab.text.split() == ["Drafts"]


def test_a_view_is_ones_own_until_it_is_shared(editor: Person, viewer: Person, three: None) -> None:
    view = save_drafts(editor)

    assert "Drafts" not in viewer.page(PRODUCTS).select_one(".view-tabs").text
    assert viewer.get(f"{PRODUCTS}?view={view.id}").status_code == 404

    keep(editor, "share", id=view.id)

    assert "Drafts" in viewer.page(PRODUCTS).select_one(".view-tabs").text
    assert names(viewer, f"{PRODUCTS}?view={view.id}") == ["Pan"]

    keep(editor, "unshare", id=view.id)

    assert viewer.get(f"{PRODUCTS}?view={view.id}").status_code == 404


@pytest.mark.parametrize("do", ["change", "rename", "share", "unshare", "delete"])
def test_nobody_changes_anothers_view(app: Flask, editor: Person, viewer: Person, three: None, do: str) -> None:
    view = save_drafts(editor, is_shared="y")

    answer = keep(viewer, do, id=view.id, name="Mine", query="status=active")

    assert answer.status_code == 422
    assert "somebody else’s view" in text_of(answer)
    assert [(one.name, one.query, one.is_shared) for one in stored(SavedView)] == [
        ("Drafts", "status=draft&columns=brand", True)
    ]


def test_sharing_asks_for_the_right_to_edit(viewer: Person) -> None:
    answer = keep(viewer, "save", name="Drafts", query="status=draft", is_shared="y")

    assert answer.status_code == 403
    assert stored(SavedView) == []


def test_who_may_share_no_longer_changes_nothing_that_all_see_and_may_take_it_from_them(app: Flask) -> None:
    mira = Person(app, "editor")
    view = save_drafts(mira, is_shared="y")
    member = db.session.scalar(db.select(StaffMember).where(StaffMember.email == mira.email))
    member.role = require_role("viewer")
    db.session.commit()

    answers = [
        keep(mira, "rename", id=view.id, name="Nonsense"),
        keep(mira, "change", id=view.id, query="status=active"),
        keep(mira, "delete", id=view.id),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert [(one.name, one.is_shared) for one in stored(SavedView)] == [("Drafts", True)]
    keep(mira, "unshare", id=view.id)
    assert [one.is_shared for one in stored(SavedView)] == [False]


def test_an_owner_ends_the_sharing_of_a_view_whose_maker_is_locked(app: Flask) -> None:
    mira, owner, other = Person(app, "editor"), Person(app, "owner"), Person(app, "editor")
    view = save_drafts(mira, is_shared="y")
    member = db.session.scalar(db.select(StaffMember).where(StaffMember.email == mira.email))
    member.is_locked = True
    db.session.commit()

    refused = keep(other, "unshare", id=view.id)
    offered = owner.page(f"{PRODUCTS}?view={view.id}").select_one(".view-menu button:-soup-contains('no longer')")
    keep(owner, "unshare", id=view.id)

    assert refused.status_code == 422
    assert offered is not None
    assert [one.is_shared for one in stored(SavedView)] == [False]
    assert "Drafts" not in text_of(other.get(PRODUCTS))


@pytest.mark.parametrize("name", ["\u200b", "\ufeff", "\u202e", " \u2066\u2069 "])
def test_a_view_has_a_name_that_one_sees(editor: Person, name: str) -> None:
    answer = keep(editor, "save", name=name, query="status=draft")

    assert "The name is missing." in text_of(answer)
    assert stored(SavedView) == []


def test_a_name_of_a_view_turns_no_other_words(editor: Person) -> None:
    keep(editor, "save", name="Dr\u202eafts\x01", query="status=draft")

    assert [view.name for view in stored(SavedView)] == ["Drafts"]


@pytest.mark.parametrize("query", ["search=%00a", "name=%00", "%00=1", "name=a" + "%CC%81" * 60, "name=" + "a" * 9000])
def test_a_view_and_an_action_take_no_address_that_a_page_would_refuse(editor: Person, query: str, three: None) -> None:
    answers = [
        keep(editor, "save", name="Nul", query=query, is_shared="y"),
        editor.post(f"{PRODUCTS}action/", {"action": "archive", "all_matching": "y", "query": query}),
    ]

    assert {answer.status_code for answer in answers} <= {400, 422}
    assert stored(SavedView) == []
    assert editor.get("/admin/ajax/counts/").status_code == 200


def test_the_same_value_counts_once_and_many_are_refused_with_a_sentence(editor: Person, three: None) -> None:
    same = "&".join(["level=low"] * 500)
    many = "&".join(f"{group}name={number}" for group in ("", "2.", "3.") for number in range(100))

    answers = [editor.get(f"{PRODUCTS}?{same}"), editor.get(f"{PRODUCTS}?{many}")]

    assert [answer.status_code for answer in answers] == [200, 400]
    assert "An address holds 200 values of filters at most." in text_of(answers[1])


def test_a_view_that_is_changed_says_so_and_can_be_kept(editor: Person, three: None) -> None:
    view = save_drafts(editor)

    page = editor.page(f"{PRODUCTS}?from_view={view.id}&status=archived")

    assert page.select_one(".view-tab[data-changed]").text.split() == ["Drafts", "changed"]
    keep(editor, "change", id=view.id, query="status=archived")
    assert names(editor, f"{PRODUCTS}?view={view.id}") == ["Spade"]


def test_all_filters_of_a_view_can_be_taken_away(editor: Person, three: None) -> None:
    view = save_drafts(editor)

    assert names(editor, f"{PRODUCTS}?typed_in=en&from_view={view.id}") == ["Mug", "Pan", "Spade"]


def test_what_is_sorted_in_a_view_is_still_the_view(editor: Person, three: None) -> None:
    view = save_drafts(editor)
    link = editor.page(f"{PRODUCTS}?view={view.id}").select_one("thead .sort-link")["href"]

    asked = parse_qs(urlsplit(link).query)

    assert asked["from_view"] == [str(view.id)]
    assert asked["status"] == ["draft"]
    assert "view" not in asked


def test_a_list_opens_with_the_view_that_a_person_chose(editor: Person, viewer: Person, three: None) -> None:
    view = save_drafts(editor, is_default="y", is_shared="y")

    assert editor.get(PRODUCTS).headers["Location"] == f"{PRODUCTS}?view={view.id}"
    assert names(editor, f"{PRODUCTS}?view=all") == ["Mug", "Pan", "Spade"]
    assert names(editor, f"{PRODUCTS}?status=archived") == ["Spade"]
    assert viewer.get(PRODUCTS).status_code == 200

    keep(editor, "open_with", id="")

    assert editor.get(PRODUCTS).status_code == 200


def test_the_last_filter_cleared_leaves_the_whole_list_and_not_the_view_it_opens_with(
    editor: Person, three: None
) -> None:
    view = save_drafts(editor, is_default="y")
    clear_of = {
        query: editor.page(f"{PRODUCTS}?{query}").select_one(".filter-chip[data-set] .filter-menu-foot a")["href"]
        for query in ("picture__empty=1", f"from_view={view.id}&status=draft", "status=draft&sort=name")
    }

    found = {query: names(editor, urljoin(PRODUCTS, link)) for query, link in clear_of.items()}

    assert list(found.values()) == [["Mug", "Pan", "Spade"]] * 3


def test_a_form_that_asks_nothing_leads_to_the_whole_list(editor: Person, three: None) -> None:
    save_drafts(editor, is_default="y")

    assert names(editor, f"{PRODUCTS}?typed_in=en&search=") == ["Mug", "Pan", "Spade"]


def test_the_view_at_hand_stands_in_the_menu_however_many_come_before_it(editor: Person) -> None:
    for number in range(MOST_VIEWS_SHOWN + 2):
        keep(editor, "save", name=f"View {number}", query="status=draft")
    last = stored(SavedView)[-1]

    page, elsewhere = editor.page(f"{PRODUCTS}?view={last.id}"), editor.page(PRODUCTS)

    assert [link.text.strip() for link in page.select(".saved-views a[aria-current]")] == [last.name]
    assert len(page.select(".saved-views a")) == MOST_VIEWS_SHOWN + 1
    assert len(elsewhere.select(".saved-views a")) == MOST_VIEWS_SHOWN


def test_a_deleted_view_leaves_its_list_to_be_saved_again(editor: Person, three: None) -> None:
    key = save_drafts(editor, is_default="y").id

    answer = keep(editor, "delete", id=key)

    assert stored(SavedView) == []
    assert names(editor, answer.headers["Location"]) == ["Pan"]
    assert names(editor, PRODUCTS) == ["Mug", "Pan", "Spade"]
    assert editor.get(f"{PRODUCTS}?view={key}").status_code == 404


@pytest.mark.parametrize(
    "values, sentence",
    [
        ({"name": "", "query": ""}, "The name is missing."),
        ({"name": "n" * 61, "query": ""}, "Shorten it to 60."),
        ({"name": "Drafts", "query": ""}, "You have a view “Drafts” already."),
        ({"name": "Other", "query": "colour=red"}, "This list has no filter “colour”."),
        ({"name": "Other", "query": "price__from=abc"}, "Price: Write the amount as 12.50."),
        ({"name": "Other", "query": "name=" + "n" * 5000}, "too many filters"),
    ],
)
def test_a_view_that_cannot_be_saved_says_why(editor: Person, values: dict[str, str], sentence: str) -> None:
    save_drafts(editor)

    answer = keep(editor, "save", **values)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert len(stored(SavedView)) == 1


@pytest.mark.parametrize("do", ["", "eat", "save_view"])
def test_an_unknown_deed_is_refused(editor: Person, do: str) -> None:
    assert keep(editor, do).status_code == 422


def test_two_people_may_use_one_name(app: Flask, editor: Person) -> None:
    save_drafts(editor)
    save_drafts(Person(app, "editor"))

    assert [view.name for view in stored(SavedView)] == ["Drafts", "Drafts"]


# Columns
def test_columns_are_remembered_in_their_order_for_one_person(editor: Person, viewer: Person, three: None) -> None:
    answer = editor.post(
        f"{PRODUCTS}columns/",
        {"order": ["price", "brand", "status"], "columns": ["brand", "price"], "page_size": "50", "back": PRODUCTS},
    )

    assert answer.status_code == 302
    assert heads(editor, PRODUCTS) == ["Product", "Price", "Brand"]
    assert heads(viewer, PRODUCTS)[:3] == ["Product", "Status", "Category"]
    assert editor.page(PRODUCTS).select_one("#page-size option[selected]").text == "50"


def test_a_column_moves_by_a_button(editor: Person, three: None) -> None:
    order = ["status", "category", "price"]
    for move, expected in (("price:up", ["Status", "Price", "Category"]), ("status:down", ["Price", "Status"])):
        editor.post(
            f"{PRODUCTS}columns/", {"order": order, "columns": order, "move": move, "page_size": "25", "back": PRODUCTS}
        )
        shown = stored(ListChoice)[0].columns
        order = shown[1:]

        assert heads(editor, PRODUCTS)[1 : 1 + len(expected)] == expected


def test_the_usual_columns_come_back(editor: Person, three: None) -> None:
    usual = heads(editor, PRODUCTS)
    editor.post(f"{PRODUCTS}columns/", {"order": ["slug"], "columns": ["slug"], "page_size": "25", "back": PRODUCTS})

    editor.post(f"{PRODUCTS}columns/", {"do": "usual", "back": PRODUCTS})

    assert heads(editor, PRODUCTS) == usual


def test_a_column_that_is_none_is_left_out(app: Flask) -> None:
    owner = Person(app, "owner")
    chosen = {"order": ["password_hash", "email"], "columns": ["password_hash", "email"], "page_size": "25"}

    owner.post("/admin/staff_member/columns/", chosen)

    assert heads(owner, "/admin/staff_member/") == ["Name", "Email"]


def test_an_address_that_names_columns_wins_over_the_chosen_ones(editor: Person, three: None) -> None:
    editor.post(f"{PRODUCTS}columns/", {"order": ["slug"], "columns": ["slug"], "page_size": "25", "back": PRODUCTS})

    assert heads(editor, f"{PRODUCTS}?columns=brand&columns=price") == ["Product", "Brand", "Price"]


@pytest.mark.parametrize("do", ["", "usual"])
def test_chosen_columns_show_in_a_view_that_has_columns_of_its_own(editor: Person, three: None, do: str) -> None:
    view = save_drafts(editor)
    chosen = {"order": ["price", "slug"], "columns": ["price", "slug"], "page_size": "25"}

    answer = editor.post(f"{PRODUCTS}columns/", chosen | {"do": do, "back": f"{PRODUCTS}?view={view.id}"})

    led_to = answer.headers["Location"]
    assert parse_qs(urlsplit(led_to).query) == {"from_view": [str(view.id)], "status": ["draft"]}
    assert heads(editor, led_to)[:3] == (["Product", "Status", "Category"] if do else ["Product", "Price", "Address"])
    assert names(editor, led_to) == ["Pan"]


def test_a_view_without_columns_stays_when_columns_are_chosen(editor: Person, three: None) -> None:
    keep(editor, "save", name="Drafts", query="status=draft")
    back = f"{PRODUCTS}?view={stored(SavedView)[-1].id}"

    answer = editor.post(f"{PRODUCTS}columns/", {"order": ["slug"], "columns": ["slug"], "back": f"{back}&page=1"})

    assert answer.headers["Location"] == back
    assert heads(editor, back)[:2] == ["Product", "Address"]


def test_columns_are_chosen_though_the_view_was_deleted_meanwhile(editor: Person, three: None) -> None:
    chosen = {"order": ["slug"], "columns": ["slug"], "back": f"{PRODUCTS}?view=999"}

    editor.post(f"{PRODUCTS}columns/", chosen)

    assert heads(editor, PRODUCTS)[:2] == ["Product", "Address"]


def test_columns_chosen_in_the_whole_list_do_not_lead_into_the_view_it_opens_with(editor: Person, three: None) -> None:
    save_drafts(editor, is_default="y")
    chosen = {"order": ["slug"], "columns": ["slug"], "back": f"{PRODUCTS}?columns=brand"}

    answer = editor.post(f"{PRODUCTS}columns/", chosen)

    assert names(editor, answer.headers["Location"]) == ["Mug", "Pan", "Spade"]


# Groups
@pytest.mark.parametrize(
    "query, found",
    [
        ("status=draft&2.status=archived", ["Pan", "Spade"]),
        ("status=active&price__to=13&2.price__from=40", ["Mug", "Pan"]),
        ("2.status=archived", ["Spade"]),
        ("search=pan&status=active&2.status=draft", ["Pan"]),
        ("status=draft&2.status=active&3.status=archived", ["Mug", "Pan", "Spade"]),
    ],
)
def test_a_record_is_found_that_any_group_finds(editor: Person, three: None, query: str, found: list[str]) -> None:
    assert names(editor, f"{PRODUCTS}?{query}") == found


def test_another_group_is_drawn_when_it_is_asked_for(editor: Person, three: None) -> None:
    page = editor.page(f"{PRODUCTS}?status=draft&groups=2")

    assert len(page.select(".filter-row")) == 2
    assert page.select_one("#filter-2-brand")["name"] == "2.brand"


@pytest.mark.parametrize("query", ["groups=99", "groups=x", "groups=-3", "groups=²"])
def test_no_more_groups_are_drawn_than_a_page_can_hold(editor: Person, query: str) -> None:
    assert len(editor.page(f"{PRODUCTS}?{query}").select(".filter-row")) <= filters.MOST_GROUPS


def test_another_group_is_offered_until_a_page_holds_its_most(editor: Person) -> None:
    offers = [
        "Or…" in editor.page(f"{PRODUCTS}?status=draft&groups={number}").select_one("[data-filters]").text
        for number in range(1, filters.MOST_GROUPS + 1)
    ]

    assert offers == [True] * (filters.MOST_GROUPS - 1) + [False]


def test_too_many_groups_are_refused(editor: Person) -> None:
    answer = editor.get(f"{PRODUCTS}?" + "&".join(f"{number}.status=draft" for number in range(2, 10)))

    assert answer.status_code == 400
    assert "5 groups" in text_of(answer)


# What is typed, and what an address says
@pytest.mark.parametrize(
    "locale, typed, written", [("de", "12,90", "12.90"), ("de", "1.200", "1200.00"), ("en", "12.9", "12.90")]
)
def test_an_address_says_an_amount_alike_for_every_reader(
    editor: Person, three: None, locale: str, typed: str, written: str
) -> None:
    db.session.get(ShopSettings, 1).locale = locale
    db.session.commit()

    answer = editor.get(PRODUCTS, query_string={"typed_in": locale, "price__from": typed, "status": ""})

    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"price__from": [written]}


@pytest.mark.parametrize(
    "typed_in, typed, written",
    [
        ("de", "1.200", "1200.00"),
        ("de", "12,50", "12.50"),
        ("en", "1,200", "1200.00"),
        ("de_CH", "1’200.50", "1200.50"),
        ("xx_junk", "1,200", "1200.00"),
        ("", "1,200", "1200.00"),
    ],
)
def test_an_amount_is_read_as_its_page_was_written_whatever_the_language_is_by_now(
    editor: Person, typed_in: str, typed: str, written: str
) -> None:
    asked = {"typed_in": typed_in, "price__from": typed, "2.price__to": typed}

    answer = editor.get(PRODUCTS, query_string=asked)

    found = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert found == {"price__from": [written], "2.price__to": [written]}


def test_an_amount_that_its_language_does_not_know_is_not_read_in_another(app: Flask, editor: Person) -> None:
    db.session.get(ShopSettings, 1).locale = "de"
    db.session.commit()

    answer = editor.get(PRODUCTS, query_string={"typed_in": "de", "price__from": "1,234"}, follow_redirects=True)

    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 400
    assert page.select_one("#filter-price-from")["value"] == "1,234"
    assert "12,50" in page.select_one(".filter-chip[data-faulty]").text


def test_the_count_of_a_form_reads_an_amount_as_its_page_was_written(editor: Person, three: None) -> None:
    told = editor.get(f"{PRODUCTS}ajax/counts/?typed_in=de&price__from=25,00&price__to=1.200").json

    assert (told["total"], told["problems"]) == ("2", [])


def test_a_shared_link_finds_the_same_in_another_language(editor: Person, three: None) -> None:
    link = f"{PRODUCTS}?price__from=25.00"
    before = names(editor, link)
    db.session.get(ShopSettings, 1).locale = "de"
    db.session.commit()

    assert names(editor, link) == before == ["Pan", "Spade"]
    assert editor.page(link).select_one("#filter-price-from")["value"] == "25,00"


def test_all_but_these_is_a_box_beside_the_choices(editor: Person, three: None) -> None:
    answer = editor.get(f"{PRODUCTS}?typed_in=en&status=draft&status__mode=not")

    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"status__not": ["draft"]}
    page = editor.page(f"{PRODUCTS}?status__not=draft")
    assert page.select_one("input[name='status'][value='draft']").has_attr("checked")
    assert page.select_one("input[name='status__mode']").has_attr("checked")


def test_a_value_that_cannot_be_read_stays_at_its_chip_and_leaves_the_others(editor: Person, three: None) -> None:
    answer = editor.get(f"{PRODUCTS}?price__from=abc&status=draft")
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.status_code == 400
    assert page.select_one("#filter-price-from")["value"] == "abc"
    assert "Write the amount as 12.50." in page.select_one(".filter-chip[data-faulty]").text
    assert [cell.text for cell in page.select("tbody .product-name")] == ["Pan"]
    assert editor.get(f"{PRODUCTS}export/csv/?price__from=abc").status_code == 400


def test_a_span_of_days_moves_with_the_day(app: Flask, viewer: Person) -> None:
    now = utc_now()
    ages = {"Now": timedelta(), "Lately": timedelta(days=5), "Once": timedelta(days=20), "Long ago": timedelta(days=80)}
    for name, age in ages.items():
        make_product(name).updated_at = now - age
    db.session.commit()

    found = {span: names(viewer, f"{PRODUCTS}?updated_at__within={span}") for span, _words in filters.SPANS}

    assert found["today"] == ["Now"]
    assert found["7-days"] == ["Lately", "Now"]
    assert found["30-days"] == ["Lately", "Now", "Once"]
    assert "Long ago" not in found["this-month"] + found["last-month"] + found["next-14-days"]


@pytest.mark.parametrize(
    "span, first, after",
    [
        ("today", "2026-03-01", "2026-03-02"),
        ("yesterday", "2026-02-28", "2026-03-01"),
        ("this-month", "2026-03-01", "2026-04-01"),
        ("last-month", "2026-02-01", "2026-03-01"),
        ("next-14-days", "2026-03-01", "2026-03-16"),
        ("7-days", "2026-02-23", "2026-03-02"),
    ],
)
def test_a_span_knows_its_first_day_and_the_day_after_its_last(span: str, first: str, after: str) -> None:
    found = filters.span_of(span, datetime(2026, 3, 1, tzinfo=UTC).date())

    assert [day.isoformat() for day in found] == [first, after]


# What is set stays set
def submitted(person: Person, query: str, **typed: Any) -> dict[str, list[str]]:
    """What the list's form leads to as a browser sends it, with something typed into it."""
    form = person.page(f"{PRODUCTS}?{query}").select_one("form[data-filters]")
    answer = person.get(PRODUCTS, query_string=changed(form_values(form), typed))
    return parse_qs(urlsplit(answer.headers["Location"]).query)


@pytest.fixture
def forty_brands(app: Flask) -> list[int]:
    """More brands than a filter offers without a script, by name."""
    brands = [Brand(name=f"Brand {number:02}", slug=f"brand-{number}") for number in range(1, 41)]
    db.session.add_all(brands)
    db.session.commit()
    return [brand.id for brand in brands]


@pytest.mark.parametrize(
    "query",
    [
        "brand={last}",
        "brand__not={last}",
        "brand__not={first}&brand__not={last}",
        "brand={last}&brand__not={first}",
        "brand={first}&2.brand__not={last}&3.brand={last}",
        "brand=999999",
        "brand__not=999999",
        "name=mug&name=pan",
        "name__not=mug&name__not=pan",
        "name=mug&name__not=pan",
        "status=active",
        "status=draft&status__not=archived",
        "price=12.90&price=40.00",
        "price__not=12.90&price__from=5.00",
        "updated_at__within=7-days",
    ],
)
def test_whoever_sets_another_filter_keeps_those_that_are_set(
    editor: Person, forty_brands: list[int], query: str
) -> None:
    query = query.format(first=forty_brands[0], last=forty_brands[-1])

    assert submitted(editor, query, stock__from="1") == parse_qs(query) | {"stock__from": ["1"]}


def test_a_filter_for_a_brand_in_the_trash_stays_set(app: Flask, editor: Person, forty_brands: list[int]) -> None:
    key = forty_brands[-1]
    delete(Person(app, "manager"), db.session.get(Brand, key))

    assert submitted(editor, f"brand__not={key}", stock__from="1") == {"brand__not": [str(key)], "stock__from": ["1"]}


def test_a_filter_by_related_records_is_read_once_however_many_groups_show_it(
    editor: Person, forty_brands: list[int]
) -> None:
    first, last = forty_brands[0], forty_brands[-1]
    without = ["status=draft", "status=draft&groups=5"]
    queries = [f"brand__not={last}", f"brand={last}&2.brand__not={first}"]
    queries += [f"brand={last}&brand={first}&2.brand__not={last}&3.brand={first}&groups=5"]

    taken = {query: count_statements(editor, f"{PRODUCTS}?{query}") for query in [*without, *queries]}

    [bare] = {taken[query] for query in without}
    assert {taken[query] for query in queries} == {bare + 1}, taken


# Counts
def test_each_choice_tells_how_many_it_would_find(editor: Person, three: None) -> None:
    told = editor.get(f"{PRODUCTS}ajax/counts/?counted=status&status=draft").json

    assert (told["counts"]["draft"], told["counts"]["archived"], told["total"]) == ("1", "1", "1")
    for status, count in told["counts"].items():
        assert len(names(editor, f"{PRODUCTS}?status={status}")) == int(count)


def test_choices_of_related_records_are_counted_too(editor: Person, three: None) -> None:
    brand = db.session.scalar(db.select(Brand))

    told = editor.get(f"{PRODUCTS}ajax/counts/?counted=brand&of={brand.id}&status__not=archived").json

    assert told["counts"] == {str(brand.id): "2"}
    assert told["total"] == "2"


@pytest.mark.parametrize(
    "given, key, address",
    [
        ("status=active&2.brand__empty=1", "status", "status={}&2.brand__empty=1"),
        ("status=active&2.brand__empty=1", "2.brand", "status=active&2.brand={}"),
        ("status=active&2.brand__empty=1", "2.status", "status=active&2.brand__empty=1&2.status={}"),
        ("status=active&2.brand__empty=1&groups=3", "3.status", "status=active&2.brand__empty=1&3.status={}"),
        ("brand__empty=0", "status", "brand__empty=0&status={}"),
        ("status=draft&status__mode=not", "status", "status__not={}"),
        ("status__mode=not&brand__empty=0", "status", "status__not={}&brand__empty=0"),
        ("brand__mode=not&status=draft&2.status=archived", "brand", "brand__not={}&status=draft&2.status=archived"),
        ("search=pan&status=archived", "status", "search=pan&status={}"),
    ],
)
def test_the_count_of_a_choice_is_what_choosing_it_alone_finds(
    editor: Person, three: None, given: str, key: str, address: str
) -> None:
    make_product("Rake", status="active")
    brand = db.session.scalar(db.select(Brand)).id
    of = f"&of={brand}" if "brand" in key else ""

    told = editor.get(f"{PRODUCTS}ajax/counts/?counted={key}{of}&typed_in=en&{given}").json["counts"]

    found = {choice: len(names(editor, f"{PRODUCTS}?{address.format(choice)}")) for choice in told}
    assert len(told) == (1 if of else 5)
    assert told == {choice: str(number) for choice, number in found.items()}


def test_a_choice_is_counted_in_the_view_that_an_address_names(editor: Person, three: None) -> None:
    keep(editor, "save", name="With brand", query="brand__empty=0&status=draft")
    view = stored(SavedView)[-1].id

    told = editor.get(f"{PRODUCTS}ajax/counts/?view={view}&counted=status").json

    assert (told["counts"]["published"], told["counts"]["archived"], told["total"]) == ("1", "0", "1")


def test_a_chip_of_another_group_asks_for_its_own_counts(editor: Person) -> None:
    menus = editor.page(f"{PRODUCTS}?status=draft&2.brand__empty=1").select("[data-filter]")

    asked = [menu["data-filter"] for menu in menus]

    assert len(asked) == len(set(asked))
    assert {"status", "brand", "2.status", "2.brand"} <= set(asked)


def test_all_choices_are_counted_in_one_query(editor: Person, forty_brands: list[int]) -> None:
    for key in forty_brands[:3]:
        make_product(brand_id=key)
    counts = f"{PRODUCTS}ajax/counts/?counted=brand&status=draft"

    taken = [
        count_statements(editor, f"{counts}{''.join(f'&of={key}' for key in keys)}")
        for keys in ([], forty_brands[:1], forty_brands)
    ]

    assert len(set(taken)) == 1
    told = editor.get(f"{counts}{''.join(f'&of={key}' for key in forty_brands[1:5])}").json["counts"]
    assert list(told.values()) == ["1", "1", "0", "0"]


def test_related_records_are_counted_only_where_they_are_named(editor: Person, three: None) -> None:
    assert editor.get(f"{PRODUCTS}ajax/counts/?counted=brand").json["counts"] == {}
    assert editor.get(f"{PRODUCTS}ajax/counts/?counted=brand&of=junk").status_code == 400


def test_counting_tells_what_cannot_be_read(editor: Person, three: None) -> None:
    told = editor.get(f"{PRODUCTS}ajax/counts/?price__from=abc&typed_in=en").json

    assert told["problems"] == ["Price: Write the amount as 12.50."]


# All that match
def choose_all(person: Person, action: str, query: str, **more: str) -> Any:
    return person.post(f"{PRODUCTS}action/", {"action": action, "all_matching": "y", "query": query} | more)


def test_all_that_match_are_shown_before_anything_happens(editor: Person) -> None:
    for number in range(60):
        make_product(f"Draft {number:02}")
    make_product("Shown", status="active")

    answer = choose_all(editor, "archive", "status=draft")
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.status_code == 200
    assert page.select_one("h1").text == "Archive 60 products?"
    assert {product.status for product in stored(Product)} == {"draft", "active"}

    editor.send_form(page.select_one("form[data-acts]"), {"apply_to": "all"})

    assert [product.name for product in stored(Product) if product.status != "archived"] == ["Shown"]


@pytest.mark.parametrize("change", ["another", "edited", "gone"])
def test_what_changed_since_it_was_shown_is_shown_again(editor: Person, change: str) -> None:
    first, second = make_product("First"), make_product("Second")
    page = BeautifulSoup(choose_all(editor, "archive", "status=draft").text, "html.parser")
    if change == "another":
        make_product("Third")
    elif change == "edited":
        first.name = "First of all"
    else:
        second.status = "active"
    db.session.commit()

    answer = editor.send_form(page.select_one("form[data-acts]"), {"apply_to": "all"})

    assert answer.status_code == 409
    assert "archived" not in {product.status for product in stored(Product)}


def test_a_list_that_cannot_be_read_is_never_taken_for_the_whole(editor: Person, three: None) -> None:
    answer = choose_all(editor, "archive", "price__from=abc&status=draft")

    assert answer.status_code == 422
    assert [product.status for product in stored(Product)] == ["active", "draft", "archived"]


def test_all_that_match_are_deleted_and_come_back(app: Flask) -> None:
    manager = Person(app, "manager")
    for number in range(30):
        make_product(f"Mug {number}")
    page = BeautifulSoup(choose_all(manager, "delete", "name=mug").text, "html.parser")

    manager.send_form(page.select_one("form[data-acts]"), {"apply_to": "all"})

    assert stored(Product) == []
