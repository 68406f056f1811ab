"""Every text that people read is in every language's file, and every page reads as the person at hand does."""

import ast
import contextvars
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po
from click.testing import CliRunner
from flask import Flask
from jinja2 import nodes

from backoffice import languages
from backoffice.audit.history import changes_of
from backoffice.audit.models import ChangeSet
from backoffice.audit.recorder import Occasion, record_as
from backoffice.catalog.models import Brand, PriceChange, Product, Tag, TaxClass
from backoffice.config import ROOT
from backoffice.extensions import db
from backoffice.inventory.models import Location
from backoffice.inventory.stock import move
from backoffice.languages import gettext, said, said_counted
from backoffice.media.models import Picture
from backoffice.settings.models import ShopSettings
from backoffice.staff.models import StaffMember
from backoffice.staff.preferences import choose
from backoffice.texts import COUNTED, MESSAGES, collect, language, python_texts, template_texts, texts
from backoffice.web import actions
from backoffice.web.assets import SAID_BY_SCRIPTS
from backoffice.web.attributes import as_word
from backoffice.wording import counted, first_few
from tests.making import Person, changed, delete, make_brand, make_category, make_product, stored, text_of
from tests.reading import PSEUDO, data_of_tests, told, unread, write_pseudo_language
from tests.walking import make_house, make_one, screens_of

pytestmark = pytest.mark.any_engine

FILES = sorted(languages.FOLDER.glob("*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def messages(made_app: Flask) -> dict[str, str]:
    with made_app.app_context():
        return collect(made_app)


def catalog_of(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


# The files
def test_german_is_there() -> None:
    assert "de" in languages.languages()


def test_whatever_a_script_looks_up_is_collected(messages: dict[str, str]) -> None:
    scripts = (ROOT / "backoffice" / "static" / "js").glob("*.js")
    said = {text for path in scripts for text in SAID_BY_SCRIPTS.findall(path.read_text(encoding="utf-8"))}

    assert said - set(messages) == set()
    assert len(said) > 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_message_of_the_source_is_missing_in_a_file(path: Path, messages: dict[str, str]) -> None:
    found = language(path.stem, messages)

    assert (found.added, found.gone) == ([], []), "Type: python3 manage.py texts"
    assert not found.is_stale, "Type: python3 manage.py texts"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_message_is_translated(path: Path, messages: dict[str, str]) -> None:
    missing = language(path.stem, messages).missing

    assert missing == [], f"{len(missing)} messages of {path.stem} say nothing yet, or only a guess"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_translation_has_the_placeholders_of_its_message(path: Path) -> None:
    wrong = []
    for message in catalog_of(path):
        sources = [message.id] if isinstance(message.id, str) else message.id
        said = [message.string] if isinstance(message.string, str) else message.string
        wanted = set(PLACEHOLDER.findall(" ".join(sources)))
        allowed = [set(PLACEHOLDER.findall(source)) for source in sources]
        wrong += [
            text for text in said if message.id and text and set(PLACEHOLDER.findall(text)) not in [wanted, *allowed]
        ]

    assert wrong == []


def test_a_file_that_a_translator_left_half_done_is_told_and_kept(
    made_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    (tmp_path / "fr.po").write_text(
        'msgid ""\nmsgstr ""\n\nmsgid "Price"\nmsgstr "Prix"\n\nmsgid "Gone"\nmsgstr "Parti"\n\n'
        '#, python-format\nmsgid "Gone on %(day)s"\nmsgstr "Parti le %(day)s"\n\n'
        '#, fuzzy\nmsgid "Old"\nmsgstr "Vieux"\n',
        encoding="utf-8",
    )

    seen = language("fr", {"Price": "", "Old": "", "product": "products"})
    (tmp_path / "fr.po").write_text(seen.text, encoding="utf-8")
    again = language("fr", {"Price": "", "Old": "", "product": "products"})

    assert (seen.missing, seen.added, seen.gone) == (["Old", "product"], ["product"], ["Gone", "Gone on %(day)s"])
    assert 'msgid "Price"\nmsgstr "Prix"' in seen.text
    assert '#~ msgid "Gone"\n#~ msgstr "Parti"' in seen.text
    assert '#~ msgid "Gone on %(day)s"\n#~ msgstr "Parti le %(day)s"' in seen.text
    assert again.text == seen.text and not again.is_stale


def test_the_command_begins_a_language_and_tells_what_is_missing(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, messages: dict[str, str]
) -> None:
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    run = CliRunner().invoke

    begun, checked = run(texts, ["--new", "fr"]), run(texts, ["--check", "--json"])
    refused = [run(texts, ["--new", code]).exception for code in ("fr", "no-language")]
    run(texts, ["--new", "pt_br"])
    files = sorted(path.name for path in tmp_path.glob("*.po"))
    (tmp_path / "fr.po").write_text("", encoding="utf-8")
    emptied = run(texts, ["--check"])

    assert (
        begun.exit_code == 0 and f"fr: {len(messages):,} of {len(messages):,} messages not translated" in begun.output
    )
    assert checked.exit_code == 1 and sorted(json.loads(checked.output)["fr"]["missing"]) == sorted(messages)
    assert [str(error) for error in refused] == [
        "There is a file of “fr” already. Leave --new out to bring it in step.",
        "There is no language “no-language”. Write it like fr or pt_BR.",
    ]
    assert files == ["fr.po", "pt_BR.po"]
    assert emptied.exit_code == 1 and "not in step" in emptied.output
    assert (tmp_path / "fr.po").read_text(encoding="utf-8") == ""


def test_texts_are_found_however_they_are_written(made_app: Flask) -> None:
    python = python_texts(
        '_("one"); flash(gettext("two %(a)s", a=_("three"))); ngettext("a row", "%(n)s rows", n); counted(2, "tax class");'
        'said("four %(b)s", b=said_counted(n, "a cup", "cups")); _("five" if x else "six"); NAMES = (marked("seven"),)'
    )
    template = template_texts(
        made_app,
        '{{ _("one") }}<a title="{{ _("two %(a)s", a=b) }}">{% trans n=3 %}a row{% pluralize %}{{ n }} rows{% endtrans %}',
    )

    assert {
        ("one", ""),
        ("two %(a)s", ""),
        ("three", ""),
        ("a row", "%(n)s rows"),
        ("tax class", "tax classes"),
        ("four %(b)s", ""),
        ("a cup", "cups"),
        ("five", ""),
        ("six", ""),
        ("seven", ""),
    } == set(python)
    assert {("one", ""), ("two %(a)s", ""), ("a row", "%(n)s rows")} == set(template)


def test_no_message_is_glued_from_parts() -> None:
    """What is put together cannot be looked up: a sentence is one message with placeholders."""
    glued = []
    for path in sorted((ROOT / "backoffice").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (name := getattr(node.func, "id", "")) in MESSAGES:
                given = node.args[MESSAGES[name] :][: 2 if name in COUNTED else 1]
                glued += [f"{path.name}:{one.lineno}" for one in given if isinstance(one, ast.JoinedStr | ast.BinOp)]

    assert glued == []


# What templates look up though it is not written in them: facts of the source, each by where it comes from. A template
# takes a message for markup and for a pattern, so nothing that a person typed may ever become one.
FACTS_OF_THE_SOURCE = {
    "densities",
    "environment_badge",
    "facts.effect",
    "field.attribute.unit",
    "kind_words",
    "kinds",
    "one.label",
    "plan.homes.__tablename__",
    "plan.taken.rule.word",
    "record.counts.items",
    "screen.empty_hint",
    "screen.name",
    "screen.noun",
    "screen.search_hint",
    "screen.table_of",
    "screens.name",
    "spans",
    "themes",
}


def _looked_up(node: nodes.Node, loops: dict[str, str]) -> Iterator[str]:
    """Where each message under a template's node comes from that is not written there itself."""
    if isinstance(node, nodes.For):
        names = [node.target, *node.target.find_all(nodes.Name)]
        loops = loops | {one.name: _source_of(node.iter, loops) for one in names if isinstance(one, nodes.Name)}
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in MESSAGES:
        for given in node.args[: 2 if node.node.name in COUNTED else 1]:
            yield from (_source_of(one, loops) for one in _alternatives(given) if not isinstance(one, nodes.Const))
    for child in node.iter_child_nodes():
        yield from _looked_up(child, loops)


def _alternatives(node: Any) -> Iterator[Any]:
    if isinstance(node, nodes.CondExpr):
        yield from _alternatives(node.expr1)
        yield from _alternatives(node.expr2)
    elif isinstance(node, nodes.MarkSafeIfAutoescape):
        yield from _alternatives(node.expr)
    elif node is not None:
        yield node


def _source_of(node: Any, loops: dict[str, str]) -> str:
    """The name that an expression begins with and the attributes behind it; a loop's own name is what it runs over."""
    if isinstance(node, nodes.Name):
        return loops.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        home = _source_of(node.node, loops)
        return home if node.attr in ("replace", "strip", "format") else f"{home}.{node.attr}"
    if isinstance(node, nodes.Getitem | nodes.Filter | nodes.Call):
        return _source_of(node.node, loops)
    return f"a {type(node).__name__}"


def test_no_template_takes_for_a_message_what_a_person_may_have_typed(made_app: Flask) -> None:
    found = {
        source: path.name
        for path in sorted((ROOT / "backoffice" / "templates").rglob("*.html"))
        for source in _looked_up(made_app.jinja_env.parse(path.read_text(encoding="utf-8")), {})
    }

    assert {source: name for source, name in found.items() if source not in FACTS_OF_THE_SOURCE} == {}
    assert FACTS_OF_THE_SOURCE - set(found) == set()


# The pages
@pytest.fixture
def brackets(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which each message reads as it is, in brackets."""
    write_pseudo_language(app, tmp_path)
    monkeypatch.setattr(languages, "FOLDER", tmp_path)


class Reader(Person):
    """Somebody who reads in a language, and keeps the texts of pages that were not translated."""

    def __init__(self, app: Flask, role: str | None, language: str = PSEUDO) -> None:
        super().__init__(app, role)
        self.found: list[tuple[str, str]] = []
        self.data: re.Pattern[str] | None = None
        if role is not None:
            # Not called as the role, which pages translate.
            db.session.get(StaffMember, self.member_id).name = "Ada Lindqvist"
            choose(self.member_id, language=language)
            db.session.commit()

    def read(self, path: str, *statuses: int) -> str:
        return self.look_at(self.get(path, follow_redirects=True), path, *statuses)

    def look_at(self, answer: Any, place: str, *statuses: int) -> str:
        assert answer.status_code in (statuses or (200,)), f"{place}: {answer.status_code} {text_of(answer)[:1000]}"
        # What the records hold is read anew only where a page seems to say more.
        if self.data is None or unread(answer.text, self.data):
            self.data = data_of_tests()
        self.found += [(place, text) for text in unread(answer.text, self.data)]
        return answer.text


def assert_all_is_translated(*readers: Reader) -> None:
    found = [one for reader in readers for one in reader.found]
    if found:
        pytest.fail(told(found), pytrace=False)


@pytest.fixture
def reader(brackets: None, app: Flask) -> Reader:
    return Reader(app, "owner")


def test_a_text_that_was_not_translated_is_found(app: Flask) -> None:
    make_product("Enamel Mug")
    page = (
        '<h1>⟦Products⟧</h1><p>Enamel Mug, ⟦3 in ⟦stock⟧⟧ and <b>left over</b></p><p>⟦With <a href="#">a link</a> in it⟧</p>'
        '<button aria-label="Close">×</button><input placeholder="⟦Name⟧" value="Typed"><td data-label="Price">1 290,00 €</td>'
        '<select><option>⟦None⟧</option><option>All</option></select><td data-choices=\'[["draft", "Draft"]]\'></td>'
    )

    assert unread(page, data_of_tests()) == [
        "Enamel Mug, ⟦3 in ⟦stock⟧⟧ and",
        "left over",
        "aria-label: Close",
        "data-label: Price",
        "All",
        "data-choices: Draft",
    ]


def test_every_page_of_an_empty_shop_is_translated(app: Flask, reader: Reader) -> None:
    for screen in screens_of(app):
        reader.read(f"/admin/{screen.endpoint}/")
        reader.read(f"/admin/{screen.endpoint}/?search=nothing+is+called+this")
        if screen.offers("create_view"):
            path = f"/admin/{screen.endpoint}/new/"
            reader.read(path)
            reader.look_at(reader.post(path, {"name": ""}), f"{path} sent empty", 422)
    for path in ("/admin/", "/admin/trash/", "/account"):
        reader.read(path)

    assert_all_is_translated(reader)


def test_every_page_of_a_full_shop_is_translated(app: Flask, reader: Reader) -> None:
    house = make_house(app)
    for screen in screens_of(app):
        for path in _paths_of(screen, house[screen.endpoint]):
            reader.read(path)
        if screen.offers("edit_view"):
            path = f"/admin/{screen.endpoint}/edit/?id={house[screen.endpoint].id}"
            wrong = dict.fromkeys(screen.form_columns, "\u2212x") | {"entry": "x", "csrf_token": reader.token}
            reader.look_at(reader.post(path, wrong), f"{path} sent wrong", 302, 409, 422)
        if "delete" in screen.action_rights:
            chosen = {"action": "delete", "rowid": house[screen.endpoint].id}
            chosen[f"version-{house[screen.endpoint].id}"] = house[screen.endpoint].version
            reader.look_at(reader.post(f"/admin/{screen.endpoint}/action/", chosen), f"{screen.endpoint} deleting", 200)

    assert_all_is_translated(reader)


def _paths_of(screen: Any, record: Any) -> Iterator[str]:
    home = f"/admin/{screen.endpoint}/"
    yield home
    for view, path in (("details_view", "details"), ("history_view", "history"), ("edit_view", "edit")):
        if screen.offers(view):
            yield f"{home}{path}/?id={record.id}"
    if screen.offers("delete_view"):
        yield f"{home}delete/?id={record.id}"
    if screen.offers("revert_view") and (changes := changes_of(record)):
        yield f"{home}revert/?id={record.id}&to={changes[-1].change_set_id}"


def test_what_was_done_reads_in_the_language_of_who_looks_at_it(app: Flask, reader: Reader) -> None:
    product, category = make_product("Enamel Mug", prices=(1290, 1490)), make_category("Kitchen")
    reader.save(f"/admin/product/edit/?id={product.id}", name="Tin Mug")
    reader.save(f"/admin/category/edit/?id={category.id}", name="Cooking")
    reader.read("/admin/product/")
    stock = {"entry": "+5", "kind": "delivery", "variant": product.variants[0].id, "location": make_one_location().id}
    reader.post(
        "/admin/stock_level/new/", stock | reader.form("/admin/stock_level/new/", "form.panel").to_dict() | stock
    )
    last = db.session.scalar(db.select(db.func.max(ChangeSet.id)))
    for record in (product, category):
        db.session.refresh(record)
        delete(reader, record)
    for path in (
        "/admin/",
        "/admin/change_set/",
        f"/admin/change_set/details/?id={last}",
        f"/admin/change_set/undo/?id={last}",
        f"/admin/product/history/?id={product.id}",
        "/admin/trash/",
        "/admin/trash/?kind=category",
        "/admin/trash/?kind=product&search=nothing",
        f"/admin/trash/delete/?kind=product&id={product.id}",
        "/admin/trash/empty/?kind=product",
    ):
        reader.read(path)

    assert_all_is_translated(reader)


def test_a_product_s_page_is_translated_down_to_its_pictures_and_what_two_people_changed(
    app: Flask, reader: Reader
) -> None:
    picture = make_one(Picture)
    product = db.session.get(Product, picture.product_id)
    db.session.add(Picture(product_id=product.id, source_url="https://shop.example/mug.jpg", position=1))
    db.session.commit()
    path = f"/admin/product/edit/?id={product.id}"
    before = reader.form(path)
    changes = {
        "seo_title": "Norr",
        "brand": make_brand("Norr").id,
        "tags": make_one(Tag).id,
        "publish_at": "2027-01-01",
    }
    reader.read(path)

    assert Reader(app, "owner").save(path, **changes, status="archived").status_code == 302
    mine = {"seo_title": "Sund", "brand": make_brand("Sund").id, "tags": make_one(Tag).id, "publish_at": "2028-01-01"}
    reader.look_at(reader.post(path, changed(before, mine), with_token=False), "a conflict", 409)

    assert_all_is_translated(reader)


def test_what_a_cell_answers_is_translated(app: Flask, reader: Reader) -> None:
    product = make_product("Enamel Mug", skus=["MUG-1"])
    variant, page = product.variants[0], []
    for name, value, was, version in (
        ("sku", "", "MUG-1", 1),
        ("price", "", "1290", 0),
        ("price", "x", "12,90", 0),
        ("sku", "Lindqvist", "Ada", 0),
        ("colour", "red", "", 0),
    ):
        answer = reader.edit_cell("variant", variant, name, value, was, version or variant.version)
        page += [answer.json["message"], answer.json.get("shown", "")]

    assert [answer for answer in page if unread(answer, data_of_tests())] == []


def make_one_location() -> Any:
    return make_one(Location)


def test_pages_for_strangers_and_of_errors_are_translated(app: Flask, reader: Reader) -> None:
    stranger = Reader(app, None)
    stranger.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = PSEUDO
    stranger.read("/login")
    stranger.look_at(stranger.post("/login", {"email": "no@example.com", "password": "no"}), "/login refused", 401)
    reader.read("/admin/nothing-is-here/", 404)
    reader.read("/admin/product/edit/?id=999999", 404)
    reader.read("/admin/product/?page=x", 200, 400)
    reader.look_at(reader.post("/admin/product/new/", {}, with_token=False), "without a token", 400)
    reader.look_at(reader.post("/account", {"current_password": "no"}), "/account refused", 422)
    viewer = Reader(app, "viewer")
    viewer.read("/admin/product/new/", 403)
    viewer.read("/admin/")

    assert_all_is_translated(stranger, reader, viewer)


# Numbers, dates and money; and whose language it is
def _set_shop(**values: str) -> None:
    for name, value in values.items():
        setattr(db.session.get(ShopSettings, 1), name, value)
    db.session.commit()


def test_prices_and_numbers_are_shown_and_typed_as_the_reader_writes_them(app: Flask) -> None:
    product = make_product("Enamel Mug", prices=(123450,))
    german, english = Reader(app, "owner", "de"), Reader(app, "owner", "en")
    path = f"/admin/variant/edit/?id={product.variants[0].id}"

    shown = {who: text_of(who.get("/admin/variant/")) for who in (german, english)}
    typed = {who: who.form(path)["price"] for who in (german, english)}
    german.save(path, price="2.345,60")
    [priced] = stored(type(product.variants[0]), id=product.variants[0].id)
    refused = english.save(path, price="2.345,60")

    assert "1.234,50 €" in shown[german].replace("\xa0", " ")
    assert "€1,234.50" in shown[english]
    assert typed == {german: "1234,50", english: "1234.50"}
    assert priced.price_minor == 234560
    assert refused.status_code == 422


def _counted_in(app: Flask, language: str) -> str:
    with app.test_request_context(headers={"Accept-Language": language}):
        # Whatever German says for it.
        return re.sub(r"[^\d.,]+$", " products", counted(1204, "product"))


def test_dates_and_counts_are_shown_as_the_reader_writes_them(app: Flask) -> None:
    product = make_product("Enamel Mug")
    product.updated_at = product.updated_at.replace(year=2021, month=3, day=9)
    db.session.commit()
    german, english = Reader(app, "owner", "de"), Reader(app, "owner", "en")

    assert contextvars.Context().run(_counted_in, app, "de") == "1.204 products"
    assert contextvars.Context().run(_counted_in, app, "en") == "1,204 products"
    pages = [str(one.page("/admin/product/?columns=name&columns=updated_at")) for one in (german, english)]
    assert "09.03.2021" in pages[0]
    assert "Mar 9, 2021" in pages[1]


def _germans_page(app: Flask, path: str) -> str:
    return text_of(Reader(app, "owner", "de").get(path, follow_redirects=True)).replace("\xa0", " ")


def test_what_was_counted_is_told_as_the_reader_writes_numbers(app: Flask) -> None:
    many = said("Imported %(file)s: %(what)s", file="a.csv", what=said_counted(1204, "product", "products"))
    record_as(Occasion(kind="import", summary=many))
    make_brand("Norr")

    page, summary = _germans_page(app, "/admin/change_set/"), stored(ChangeSet, kind="import")[0].summary

    assert "1.204 Produkte" in page
    assert summary == "Imported a.csv: 1,204 products"


def test_percents_and_the_days_of_a_filter_are_shown_and_typed_as_the_reader_writes_them(app: Flask) -> None:
    rate = TaxClass(name="Reduced", slug="reduced-rate", rate_basis_points=550)
    db.session.add(rate)
    db.session.commit()
    german = Reader(app, "owner", "de")
    path = f"/admin/tax_class/edit/?id={rate.id}"

    typed, saved = german.form(path)["rate"], german.save(path, rate="7,25")
    chips = german.page("/admin/product/?updated_at__from=2027-03-31").select(".filter-chip[data-set] summary")

    assert (typed, saved.status_code, stored(TaxClass, id=rate.id)[0].rate_basis_points) == ("5,5", 302, 725)
    assert "7,25 %" in _germans_page(app, "/admin/tax_class/")
    assert "5,5 % 7,25 %" in _germans_page(app, f"/admin/tax_class/history/?id={rate.id}")
    assert [" ".join(chip.text.split()) for chip in chips] == ["Aktualisiert: ab 31.03.2027"]


def test_a_scale_and_the_pieces_in_stock_are_shown_as_the_reader_writes_numbers(app: Flask) -> None:
    product = make_product("Enamel Mug")
    move(product.variants[0], make_one(Location), 1204, "delivery", None)
    changes = {"variant_id": product.variants[0].id, "new_price_minor": 1290, "currency": "EUR"}
    db.session.execute(db.insert(PriceChange), [changes] * 1204, execution_options={"is_noted": True})
    db.session.commit()

    today, page = _germans_page(app, "/admin/"), _germans_page(app, f"/admin/product/edit/?id={product.id}")

    assert "0 1.000 2.000" in today
    assert "1.204" in page and "1204" not in page


def test_how_many_rows_are_too_many_is_told_as_the_reader_writes_numbers(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_ROWS", 1204)
    brands = [{"name": f"Norr {place}", "slug": f"norr-{place}"} for place in range(1205)]
    db.session.execute(db.insert(Brand), brands, execution_options={"is_noted": True})
    db.session.commit()

    answer = Reader(app, "owner", "de").post("/admin/brand/action/", {"action": "delete", "all_matching": "1"})

    assert "1.204" in text_of(answer)


def test_the_language_of_a_person_wins_over_the_shop_s(brackets: None, app: Flask) -> None:
    make_product("Enamel Mug", prices=(123450,))
    english, esperanto, undecided = Reader(app, "owner", "en"), Reader(app, "owner"), Person(app, "owner")
    _set_shop(locale=PSEUDO)

    pages = [text_of(one.get("/admin/variant/")) for one in (english, esperanto, undecided)]

    assert "€1,234.50" in pages[0] and "⟦" not in pages[0]
    assert all("€ 1 234,50" in page.replace("\xa0", " ") and "⟦" in page for page in pages[1:])


def test_a_stranger_reads_what_their_browser_asks_for(brackets: None, app: Flask) -> None:
    stranger = Person(app, None)

    asked = text_of(stranger.get("/login", headers={"Accept-Language": f"xx,{PSEUDO};q=0.8,en;q=0.5"}))
    other = text_of(stranger.get("/login", headers={"Accept-Language": "ja"}))

    assert "⟦Sign in⟧" in asked
    assert "⟦" not in other


def test_a_third_language_takes_one_file(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in FILES:
        shutil.copy(path, tmp_path)
    (tmp_path / "fr.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Sign in"\nmsgstr "Se connecter"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(languages, "FOLDER", tmp_path)

    page = text_of(Person(app, None).get("/login", headers={"Accept-Language": "fr-CA,fr"}))
    account = text_of(Person(app, "viewer").get("/account"))

    assert "Se connecter" in page
    assert "Français" in account


def _words_in(app: Flask, language: str) -> list[str]:
    with app.test_request_context(headers={"Accept-Language": language}):
        return [as_word(gettext("Price")), as_word("SKU")]


def test_a_language_s_own_words_tell_how_it_writes_nouns_within_a_sentence(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code, word, label in (("fr", "produit", "Prix"), ("lb", "Produkt", "Präis")):
        (tmp_path / f"{code}.po").write_text(
            'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
            f'msgid "product"\nmsgid_plural "products"\nmsgstr[0] "{word}"\nmsgstr[1] "{word}"\n\n'
            f'msgid "Price"\nmsgstr "{label}"\n',
            encoding="utf-8",
        )
    monkeypatch.setattr(languages, "FOLDER", tmp_path)

    written = [contextvars.Context().run(_words_in, app, code) for code in ("fr", "lb", "en")]

    assert written == [["prix", "SKU"], ["Präis", "SKU"], ["price", "SKU"]]


@pytest.fixture
def brazilian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that is written as one country writes it."""
    for path in FILES:
        shutil.copy(path, tmp_path)
    (tmp_path / "pt_BR.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Sign in"\nmsgstr "Entrar"\n\n'
        'msgid "Your account"\nmsgstr "Sua conta"\n\nmsgid "Undo"\nmsgstr "Desfazer"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(languages, "FOLDER", tmp_path)


@pytest.mark.parametrize(
    "asks, reads",
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "Entrar"),
        ("pt-br", "Entrar"),
        ("pt", "Entrar"),
        ("xx,pt-BR", "Entrar"),
        ("de-AT,pt-BR", "Anmelden"),
        ("pt-PT,en", "Sign in"),
        ("en-GB,pt-BR", "Sign in"),
        ("-,x-y,zzzz-1,../de,*", "Sign in"),
    ],
)
def test_a_stranger_reads_a_language_of_one_country(brazilian: None, app: Flask, asks: str, reads: str) -> None:
    page = text_of(Person(app, None).get("/login", headers={"Accept-Language": asks}))

    assert reads in page


def test_a_language_of_one_country_is_chosen_as_any_other(brazilian: None, app: Flask) -> None:
    reader, undecided = Reader(app, "owner", "pt_BR"), Person(app, "owner")
    pages = {}
    for locale in ("pt_PT", "pt_BR", "de_CH"):
        _set_shop(locale=locale)
        pages[locale] = [one.page("/account") for one in (reader, undecided)]

    assert [page[0].html["lang"] for page in pages.values()] == ["pt-BR", "pt-BR", "pt-BR"]
    assert [page[1].html["lang"] for page in pages.values()] == ["en", "pt-BR", "de"]
    account = pages["pt_PT"][0]
    assert account.h1 is not None and "Sua conta" in account.title.text
    assert account.select_one("#language option[selected]")["lang"] == "pt-BR"
    told = next(one["src"] for one in account.select("script[src]") if "words-pt_BR" in one["src"])
    assert "Desfazer" in reader.get(told).text


def test_a_language_of_one_country_is_written_as_the_shop_there_writes(brazilian: None, app: Flask) -> None:
    product = make_product("Enamel Mug", prices=(123450,))
    german, brazilian_reader = Reader(app, "owner", "de"), Reader(app, "owner", "pt_BR")
    _set_shop(locale="de_CH")

    prices = [text_of(one.get("/admin/variant/")) for one in (german, brazilian_reader)]

    assert product.id and "EUR 1’234.50" in prices[0].replace("\xa0", " ")
    assert "€ 1.234,50" in prices[1].replace("\xa0", " ")


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files of languages that the disk is asked for, one for each time."""
    names: list[str] = []
    stat = os.stat

    def noting_stat(path: Any, *args: Any, **options: Any) -> os.stat_result:
        if str(path).endswith(".po"):
            names.append(Path(path).name)
        return stat(path, *args, **options)

    monkeypatch.setattr(os, "stat", noting_stat)
    return names


def test_a_page_asks_a_few_times_for_its_language_however_much_it_says(app: Flask, asked_for: list[str]) -> None:
    for number in range(20):
        make_product(f"Mug {number}")
    german, english = Reader(app, "owner", "de"), Reader(app, "owner", "en")
    _set_shop(locale="de_AT")
    undecided = Person(app, "owner")
    asked = []

    for person in (german, english, undecided):
        asked_for.clear()
        assert person.get("/admin/product/?view=all").status_code == 200
        asked.append(len(asked_for))

    # Which language it is, its texts, its name and what scripts say; an Austrian file is looked for before each.
    assert asked[0] > 0 and max(asked) < 12


def test_a_language_s_file_that_changed_is_read_by_the_next_page(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    stranger = Person(app, None)
    said_then = []
    for number, word in enumerate(("Se connecter", "Connexion")):
        (tmp_path / "fr.po").write_text(f'msgid ""\nmsgstr ""\n\nmsgid "Sign in"\nmsgstr "{word}"\n', encoding="utf-8")
        os.utime(tmp_path / "fr.po", ns=(number, number))
        said_then.append(word in text_of(stranger.get("/login", headers={"Accept-Language": "fr"})))

    assert said_then == [True, True]


def test_a_language_that_is_forced_for_a_while_leaves_the_reader_s_alone(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "de"}):
        words = [gettext("Sign in")]
        with languages.force_locale("en"):
            words.append(gettext("Sign in"))
        words.append(gettext("Sign in"))

    assert words == ["Anmelden", "Sign in", "Anmelden"]


def test_what_is_said_outside_a_request_is_english() -> None:
    assert counted(1204, "category") == "1,204 categories"
    assert first_few(["A", "B"], 1502) == "A, B and 1,500 more"


def test_no_two_messages_differ_in_nothing_but_blanks(messages: dict[str, str]) -> None:
    counts = Counter(" ".join(message.split()) for message in messages)

    assert [message for message, number in counts.items() if number > 1] == []
