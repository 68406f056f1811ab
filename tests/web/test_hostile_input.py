"""Junk, by accident or on purpose, never gets more than a sentence; strange text is kept as it was typed."""

import io
import itertools
import json
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from backoffice.audit.history import changes_of
from backoffice.audit.models import ChangeSet
from backoffice.audit.recorder import Occasion, record_as
from backoffice.catalog import categories
from backoffice.catalog.models import Brand, Product, Variant
from backoffice.extensions import db
from backoffice.inventory.stock import move
from backoffice.staff.models import StaffMember
from backoffice.staff.saved_views import save_view
from tests.making import Person, changed, delete, make_brand, make_category, make_product, stored, text_of
from tests.walking import changed_tables, make_house, make_one, screens_of, snapshot

# Of our own making: what breaks parsers, queries, templates, spreadsheets, and things that were never tried.
NAUGHTY = [
    "'",
    '"',
    "''",
    "\\",
    "\\'; --",
    "' OR '1'='1",
    "'; DROP TABLE product; --",
    "1; SELECT pg_sleep(9)",
    "%",
    "_",
    "%%%",
    "100%",
    "a_b",
    "\\%",
    "/",
    "//",
    "../../../../etc/passwd",
    "C:\\CON\\NUL",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "{{ 7 * 7 }}",
    "{% raw %}{{ config }}",
    "${7*7}",
    "#{7*7}",
    "%(name)s %s %d %n",
    "{0} {name!r}",
    ":name",
    "?",
    "$1",
    "@@version",
    "&lt;&amp;&#39;&quot;",
    "&nbsp;",
    "=1+1",
    "-1+1|cmd",
    "None",
    "null",
    "undefined",
    "NaN",
    "true",
    "0",
    "-0",
    "007",
    "1e999",
    "0x1F",
    "2026-02-30",
    "e\u0301clair",
    "\u212bngstro\u0308m",
    "ﬀ ﬁ Ⅷ ①",
    "ΑΣ ας ﬀ İi ıI ß ẞ",
    "日本語の茶碗",
    "כוס שלום",
    "قهوة عربية",
    "\u202eright to left\u202c",
    "zero\u200bwidth\u200djoiner\ufeff",
    "no\u00a0break",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪",
    "Z͑ͫ̓ͪ̂a̴̵̝l̩ͫg̗͕o̙̘",
    "\x01\x02\x1b[31mred\x7f",
    "tab\there",
    "\U0001f600" * 20,
    "\ud7ff\ue000\ufffd",
    "x" * 120,
]


def as_kept(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def test_every_list_answers_whatever_is_searched(app: Flask) -> None:
    """The products' list is asked for each text, the others each for some."""
    make_house(app)
    owner = Person(app, "owner")
    faults = []

    for place, screen in enumerate(screens_of(app)):
        texts = NAUGHTY if screen.endpoint == "product" else NAUGHTY[place % 8 :: 8]
        for text in [*texts, "x " * 5000]:
            answer = owner.get(f"/admin/{screen.endpoint}/", query_string={"search": text}, follow_redirects=True)
            if answer.status_code != 200:
                faults.append(f"{screen.endpoint} {text[:40]!r}: {answer.status_code}")

    assert faults == []


def test_every_filter_of_every_list_takes_or_refuses_whatever_is_typed(
    app: Flask, request: pytest.FixtureRequest
) -> None:
    """Asks for the page with one text of each filter, and for the count alone with the others; `--long` for the page."""
    is_long = request.config.getoption("--long")
    make_house(app)
    owner = Person(app, "owner")
    whole = ["9" * 30, "-" + "9" * 18, "9" * 5000, str(2**63 - 1)]
    odd = {
        "text": ["x" * 10_000],
        "moment": ["9000-12-31", "9999-12-31", "9" * 5000],
        "percent": ["1e9999999", "1e-9999999"],
    }
    faults, texts = [], itertools.cycle(NAUGHTY)

    for screen in screens_of(app):
        for one in screen.filters.values():
            for operator in one.operators:
                key = f"{one.name}__{operator}" if operator else one.name
                for number, text in enumerate([*odd.get(one.kind, whole), next(texts)]):
                    way = "" if is_long or not number else "ajax/counts/"
                    answer = owner.get(f"/admin/{screen.endpoint}/{way}", query_string={key: text})
                    if answer.status_code not in (200, 400):
                        faults.append(f"{screen.endpoint} {key}={text[:40]!r}: {answer.status_code}")

    assert faults == []


def test_strange_text_is_stored_and_shown_back_unharmed(app: Flask) -> None:
    editor = Person(app, "editor")

    for first, second, third in zip(NAUGHTY[::3], NAUGHTY[1::3], NAUGHTY[2::3]):
        typed = {"name": first, "seo_title": second, "seo_description": third, "option-1": first[:50]}
        typed |= {"variants-new0-value-1": second, "variants-new0-sku": third[:50]}
        made = editor.save("/admin/product/new/", **typed)
        assert made.status_code == 302, text_of(made)

        form = editor.form(made.location)
        again = editor.post(made.location, changed(form, {"publish_at": "2027-01-01T10:00"}), with_token=False)
        assert again.status_code == 302, text_of(again)

        product = stored(Product)[-1]
        [variant] = product.variants
        assert (product.name, product.seo_title, product.seo_description) == (
            as_kept(first),
            as_kept(second),
            as_kept(third),
        )
        assert (product.options[0].name, variant.title, variant.sku) == (
            as_kept(first[:50]),
            as_kept(second),
            as_kept(third[:50]),
        )
        assert (form["name"], form["seo_title"], form["variants-0-value-1"]) == (
            as_kept(first),
            as_kept(second),
            as_kept(second),
        )


def test_strange_text_is_found_by_search_filter_and_lookup(app: Flask, engine: str) -> None:
    viewer = Person(app, "viewer")
    db.session.add_all([Brand(name=text, slug=f"strange-{number}") for number, text in enumerate(NAUGHTY)])
    db.session.commit()
    faults = []

    for text in NAUGHTY:
        by_search = viewer.get("/admin/brand/", query_string={"search": text, "page_size": "100"})
        by_filter = viewer.get("/admin/brand/", query_string={"name": text, "page_size": "100"})
        by_lookup = viewer.get("/admin/product/ajax/lookup/", query_string={"name": "brand", "query": text})
        found = [
            *({name.text for name in listed(answer)} for answer in (by_search, by_filter)),
            {name for _, name in by_lookup.json},
        ]
        # A lookup gives twenty, and a short text is found in more.
        faults += [
            f"{text!r} at {place}"
            for place, names in enumerate(found)
            if as_kept(text) not in names
            and len(names) < 20
            # What MySQL and MariaDB search are words; the filter still finds signs.
            and (place == 1 or engine != "mysql" or any(letter.isalnum() for letter in text))
        ]

    assert faults == []


def listed(answer: Any) -> Any:
    assert answer.status_code == 200, text_of(answer)
    return BeautifulSoup(answer.text, "html.parser").select("tbody .product-name")


JUNK = [
    "page=-1",
    "page=0",
    "page=abc",
    "page=1.5",
    "page=1e3",
    "page=%D9%A3",
    "page=%C2%B2",
    "page=99999999999999999999",
    "page=00000000000000000001999999999999999999999",
    f"page={'0' * 4500}1",
    f"page={'9' * 5000}",
    "page_size=0",
    "page_size=-25",
    "page_size=1000000",
    "page_size=abc",
    "sort=junk",
    "sort=--name",
    "sort=name;drop",
    "sort=password_hash",
    "sort=__class__",
    "sort=-",
    "password_hash=x",
    "brand__name=x",
    "role__password_hash=x",
    "__name=x",
    "name____=x",
    "flt1_0=x",
    "%F0%9F%92%A9=x",
    "id=1",
    "search=%00",
    "%00=x",
    "columns=%00",
]


@pytest.mark.any_engine
def test_an_address_of_junk_is_refused_on_every_list(app: Flask) -> None:
    make_house(app)
    owner = Person(app, "owner")
    lists = [screen.endpoint for screen in screens_of(app) if screen.endpoint != "settings"]

    answers = {f"{name} {query}": owner.get(f"/admin/{name}/?{query}") for name in lists for query in JUNK}

    assert [where for where, answer in answers.items() if answer.status_code != 400] == []


def test_an_address_of_junk_is_refused_whatever_the_database(app: Flask) -> None:
    viewer = Person(app, "viewer")

    answers = {query: viewer.get(f"/admin/product/?{query}") for query in JUNK}

    assert [query for query, answer in answers.items() if answer.status_code != 400] == []


HOSTILE = [
    "",
    "0",
    "-1",
    "1.5",
    "1e9",
    "²",
    "٣",
    "9" * 20,
    str(2**63),
    "9" * 5000,
    "all",
    "' OR 1=1",
    "[]",
    "ﬀ",
    "../de",
]
PARAMETERS = ["view", "from_view", "groups", "columns", "page", "page_size", "sort", "typed_in", "counted"]


def faults_of(person: Person, endpoint: str, texts: list[str]) -> list[str]:
    """Where a list answers with anything but itself, another address, or a sentence."""
    faults = []
    for parameter, text in itertools.product(PARAMETERS, texts):
        way = "ajax/counts/" if parameter == "counted" else ""
        answer = person.get(f"/admin/{endpoint}/{way}", query_string={parameter: text})
        if answer.status_code not in (200, 302, 400, 403, 404):
            faults.append(f"{endpoint} {parameter}={text[:30]!r}: {answer.status_code}")
    return faults


@pytest.mark.any_engine
def test_whatever_an_address_says_of_itself_is_no_fault_on_any_list(app: Flask) -> None:
    make_house(app)
    owner, others = Person(app, "owner"), itertools.cycle(HOSTILE)

    faults = [
        fault
        for screen in screens_of(app)
        for fault in faults_of(owner, screen.endpoint, ["9" * 20, "9" * 5000, next(others)])
    ]

    assert faults == []


def test_whatever_an_address_says_of_itself_is_no_fault_whatever_the_database(app: Flask) -> None:
    make_product("Mug")
    viewer = Person(app, "viewer")

    counted = [viewer.get("/admin/product/ajax/counts/", query_string={"view": text}) for text in HOSTILE]

    assert faults_of(viewer, "product", HOSTILE) == []
    assert {answer.status_code for answer in counted} <= {200, 404}


@pytest.mark.parametrize("do", ["change", "rename", "share", "unshare", "delete", "open_with"])
def test_a_view_of_a_key_that_no_view_can_have_is_not_found(app: Flask, do: str) -> None:
    viewer = Person(app, "viewer")
    keys = [text for text in HOSTILE if text]

    answers = [viewer.post("/admin/product/views/", {"do": do, "id": key, "name": "Mine"}) for key in keys]

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize(
    "query", ["page=", "page_size=", "sort=", "search=", "columns=junk", "columns=", "search=%ED%A0%80"]
)
def test_an_address_that_says_nothing_shows_the_list(app: Flask, query: str) -> None:
    make_product("Mug")

    answer = Person(app, "viewer").get(f"/admin/product/?{query}")

    assert answer.status_code == 200


def test_a_search_of_ten_thousand_letters_is_answered(app: Flask) -> None:
    make_product("Mug")
    viewer = Person(app, "viewer")

    for text in ("x" * 10_000, "x " * 5_000, "%" * 10_000, "é" * 10_000):
        answer = viewer.get("/admin/product/", query_string={"search": text})
        assert answer.status_code == 200


@pytest.mark.any_engine
def test_a_key_of_junk_is_no_fault_on_any_page(app: Flask) -> None:
    owner = Person(app, "owner")
    keys = ["abc", "1,2", "0", "-1", str(10**30), "9" * 5000, "", "1.0", "%00", "%C2%B2", "[]", "1/2"]
    faults = []

    for screen in screens_of(app):
        for view, key in itertools.product(("edit", "details", "history"), keys):
            answer = owner.get(f"/admin/{screen.endpoint}/{view}/?id={key}")
            if answer.status_code not in (400, 403, 404):
                faults.append(f"{screen.endpoint} {view} {key}: {answer.status_code}")

    assert faults == []


def test_a_key_that_no_record_can_have_is_not_found(app: Flask) -> None:
    viewer = Person(app, "viewer")

    answers = [viewer.get(f"/admin/product/details/?id={key}") for key in (10**18 - 1, 2**31, 2**63, 2**64, 10**30)]

    assert [answer.status_code for answer in answers] == [404] * 5


MOMENTS = ["tomorrow", "2027-13-01", "2027-02-30T10:00", "0001-01-01", "9999-12-31T23:59", "2027-01-01T25:00", "1e9"]
MOMENTS += ["2027-01-01T10:00+99:00", "²", "9" * 5000, "T", "-1"]


@pytest.mark.any_engine
@pytest.mark.parametrize("typed", MOMENTS)
def test_a_moment_that_is_none_is_refused_at_its_field(app: Flask, typed: str) -> None:
    editor, product = Person(app, "editor"), make_product()

    answer = editor.save(f"/admin/product/edit/?id={product.id}", publish_at=typed)

    assert answer.status_code == 422, typed
    assert BeautifulSoup(answer.text, "html.parser").select_one("#publish_at-error") is not None
    assert stored(Product)[0].publish_at is None


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "typed", ["9" * 20, str(2**63), str(2**31), "-1", "1.5", "²", "٣", "0x10", "1_000", "9" * 5000, "∞"]
)
def test_a_number_that_cannot_be_kept_is_refused_at_its_field(app: Flask, typed: str) -> None:
    editor, product = Person(app, "editor"), make_product()

    answer = editor.save(f"/admin/variant/edit/?id={product.variants[0].id}", weight_grams=typed)

    assert answer.status_code == 422, typed
    assert BeautifulSoup(answer.text, "html.parser").select_one("#weight_grams-error") is not None
    assert stored(Variant)[0].weight_grams is None


@pytest.mark.parametrize("typed", ["abc", "999999", "-1", "1,2", str(2**70), "²", "9" * 5000, "1 OR 1=1"])
@pytest.mark.parametrize("field", ["brand", "category", "tags", "categories", "tax_class"])
@pytest.mark.any_engine
def test_a_reference_to_nothing_is_refused_at_its_field(app: Flask, field: str, typed: str) -> None:
    editor, product = Person(app, "editor"), make_product()

    answer = editor.save(f"/admin/product/edit/?id={product.id}", **{field: typed})

    assert answer.status_code == 422, typed
    assert BeautifulSoup(answer.text, "html.parser").find(id=f"{field}-error") is not None


@pytest.mark.any_engine
@pytest.mark.parametrize("field, most", [("name", 200), ("seo_description", 500), ("slug", 200)])
def test_a_text_that_is_too_long_is_refused_at_its_field_and_kept(app: Flask, field: str, most: int) -> None:
    editor, product = Person(app, "editor"), make_product()

    longest = editor.save(f"/admin/product/edit/?id={product.id}", **{field: "x" * most})
    answer = editor.save(f"/admin/product/edit/?id={product.id}", **{field: "y" * (most + 1)})

    assert answer.status_code == 422
    assert f"Shorten it to {most}." in text_of(answer)
    assert "y" * (most + 1) in answer.text
    assert longest.status_code == (302 if field != "slug" else 422)


def test_the_longest_names_of_four_byte_letters_are_kept(app: Flask) -> None:
    editor, name = Person(app, "editor"), "\U0001f600" * 200

    answer = editor.save("/admin/product/new/", name=name)

    assert answer.status_code == 302, text_of(answer)
    assert stored(Product)[0].name == name


@pytest.mark.any_engine
@pytest.mark.parametrize("field", ["name", "description", "variants-new0-sku", "option-1", "brand", "publish_at", "x"])
def test_a_nul_is_refused_wherever_it_stands(app: Flask, field: str) -> None:
    editor = Person(app, "editor")
    form = editor.form("/admin/product/new/")
    before = snapshot()

    answer = editor.post("/admin/product/new/", changed(form, {"name": "Mug", field: "a\x00b"}), with_token=False)

    assert answer.status_code == 400
    assert "cannot be stored" in text_of(answer)
    assert changed_tables(before, snapshot()) == []


def test_half_a_character_does_no_harm(app: Flask) -> None:
    editor = Person(app, "editor")
    token = quote(editor.token)
    body = f"csrf_token={token}&name=Mug%ED%A0%80&was-name=".encode()

    answer = editor._send(
        "post", "/admin/brand/new/", data=body, content_type="application/x-www-form-urlencoded; charset=utf-8"
    )
    as_json = editor.get("/admin/product/ajax/lookup/?name=brand&query=%ED%A0%80%FF%FE")

    assert answer.status_code in (302, 400, 422)
    assert as_json.status_code in (200, 400)
    assert all("\ud800" not in brand.name for brand in stored(Brand))


@pytest.mark.any_engine
def test_a_body_that_is_too_large_is_refused(app: Flask) -> None:
    editor = Person(app, "editor")
    token = editor.token
    large = "x" * (9 * 1024 * 1024)

    plain = editor.post("/admin/brand/new/", {"csrf_token": token, "name": large})
    in_parts = editor._send(
        "post",
        "/admin/brand/new/",
        data={"csrf_token": token, "file": (io.BytesIO(large.encode()), "large.bin")},
        content_type="multipart/form-data",
    )
    one_field = editor._send(
        "post",
        "/admin/brand/new/",
        data={"csrf_token": token, "name": "x" * (5 * 1024 * 1024)},
        content_type="multipart/form-data",
    )

    assert [answer.status_code for answer in (plain, in_parts, one_field)] == [413, 413, 413]
    assert "too large" in text_of(plain)
    assert stored(Brand) == []


def multipart(*parts: bytes, boundary: bytes = b"edge") -> bytes:
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"


def part(name: str, value: bytes = b"", headers: bytes = b"") -> bytes:
    return f'Content-Disposition: form-data; name="{name}"\r\n'.encode() + headers + b"\r\n" + value


@pytest.mark.any_engine
def test_a_broken_or_deep_form_is_no_fault(app: Flask) -> None:
    editor = Person(app, "editor")
    token = editor.token.encode()
    nested = part("name", b"deep")
    for depth in range(50):
        edge = b"edge%d" % depth
        nested = part(
            "deep", multipart(nested, boundary=edge), b"Content-Type: multipart/mixed; boundary=" + edge + b"\r\n"
        )
    bodies = [
        multipart(part("csrf_token", token), nested),
        multipart(part("csrf_token", token), *(part(f"field-{number}") for number in range(20_001))),
        multipart(part("csrf_token", token), part("x" * 100_000, b"1")),
        multipart(part("csrf_token", token))[:-20],
        b"--edge\r\nno header at all",
        b"",
        b"\xff\xfe\x00" * 100,
    ]
    types = ["multipart/form-data; boundary=edge"] * len(bodies)
    bodies += [b"{" * 10_000, b"a=1&" * 30_000, b"<a>" * 1000]
    types += ["application/json", "application/x-www-form-urlencoded", "text/xml"]

    answers = [
        editor._send("post", "/admin/brand/new/", data=body, content_type=kind) for body, kind in zip(bodies, types)
    ]

    assert {answer.status_code for answer in answers} <= {302, 400, 413, 422}
    assert stored(Brand) == []


@pytest.mark.any_engine
def test_a_variant_table_of_junk_is_no_fault(app: Flask) -> None:
    manager, product = Person(app, "manager"), make_product(skus=["A"])
    path = f"/admin/product/edit/?id={product.id}"
    form = manager.form(path)
    junk: list[dict[str, Any]] = [
        {f"variants-t{number}-sku": f"S{number}" for number in range(600)},
        {"variants--sku": "x", "variants-0-0-sku": "y", "variants-" + "9" * 5000 + "-sku": "z"},
        {"variants-new1-sku": "B", "variants-new1-id": ""},
        {"variants-0-version": "abc", "variants-0-was-price": "abc"},
        {"variants-0-value-4": "x", "option-4": "y", "was-option-1": "z" * 500},
        {"option-1": "x" * 500, "variants-0-value-1": "y"},
        {"option-1": "Size", "variants-0-value-1": "y" * 500},
    ]

    answers = [manager.post(path, changed(form, one), with_token=False) for one in junk]

    assert {answer.status_code for answer in answers} <= {302, 422}
    assert stored(Variant)[0].sku == "A"


@pytest.mark.any_engine
def test_headers_of_junk_are_no_fault(app: Flask) -> None:
    visitor, viewer = Person(app, None), Person(app, "viewer")
    headers = [
        {"User-Agent": "x" * 5000},
        {"User-Agent": "\xff\xfe"},
        {"Accept": "application/json;q=abc, */*;q=-1"},
        {"Accept-Language": "x" * 1000},
        {"Cookie": "backoffice_session=junk"},
        {"Cookie": "backoffice_session=" + "x" * 5000},
        {"X-Forwarded-For": "' OR 1=1"},
        {"Referer": "javascript:alert(1)"},
        {"Range": "bytes=abc"},
        {"If-None-Match": "\x7f" * 100},
    ]

    for one in headers:
        signed_in = viewer.get("/admin/product/", headers=one)
        entering = visitor.post("/login", {"email": viewer.email, "password": "wrong"}, headers=one)
        assert signed_in.status_code in (200, 302), one
        assert entering.status_code in (401, 400), one


def test_a_browser_with_a_long_strange_name_signs_in(app: Flask) -> None:
    viewer, visitor = Person(app, "viewer"), Person(app, None)

    answer = visitor.post(
        "/login",
        {"email": viewer.email, "password": "a long enough password"},
        headers={"User-Agent": "\xe9\x01" * 900},
    )

    assert answer.status_code == 302
    assert visitor.get("/account").status_code == 200


@pytest.mark.any_engine
def test_junk_for_scripts_is_answered_as_json(app: Flask) -> None:
    manager, brand = Person(app, "manager"), make_brand("Norr")

    answers = [
        manager.post("/admin/brand/ajax/update/", {}),
        manager.post("/admin/brand/ajax/update/", {"list_form_pk": "abc", "name": "x"}),
        manager.post("/admin/brand/ajax/update/", {"list_form_pk": brand.id, "name": "x\x00"}),
        manager.post("/admin/brand/ajax/update/", {"list_form_pk": brand.id, "name": "x"}, with_token=False),
        manager.get("/admin/product/ajax/lookup/?name=brand&query=%00"),
        manager.get("/admin/product/ajax/lookup/"),
        manager.get("/admin/product/ajax/junk/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 400, 400, 400, 404, 404]
    for answer in answers:
        assert json.loads(answer.text)["message"]


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "path",
    [
        "/media/full/../../etc/passwd.webp",
        "/media/full/%2e%2e%2f%2e%2e%2fetc%2fpasswd.webp",
        "/media/full/abc.webp",
        f"/media/huge/{'a' * 64}.webp",
        f"/media/full/{'a' * 64}.webp",
        f"/media/full/{'A' * 64}.webp",
        f"/media/full/{'a' * 64}%00.webp",
        "/static/../config.py",
        "/static/%2e%2e/config.py",
        "/static//etc/passwd",
        "/bootstrap/static/../__init__.py",
    ],
)
def test_no_address_leads_out_of_the_folders_that_are_served(app: Flask, path: str) -> None:
    answer = Person(app, "owner").get(path)

    assert answer.status_code in (308, 400, 404)
    assert "root:" not in answer.text and "import " not in answer.text


def test_a_name_of_nothing_but_signs_gets_an_address_all_the_same(app: Flask) -> None:
    editor = Person(app, "editor")

    answers = [editor.save("/admin/brand/new/", name=name) for name in ("???", "🙂", "…", "'")]

    assert [answer.status_code for answer in answers] == [302] * 4
    assert [brand.slug for brand in stored(Brand)] == ["brand", "brand-2", "brand-3", "brand-4"]


def test_a_restored_record_of_a_strange_kind_is_not_found(app: Flask) -> None:
    owner, brand = Person(app, "owner"), make_one(Brand)

    for kind in ("nothing", "staff_member", "product; --", "", "Brand", "\ud7ff"):
        restored = owner.post("/admin/trash/restore/", {"kind": kind, "id": brand.id})
        deleted = owner.post("/admin/trash/delete/", {"kind": kind, "id": brand.id})
        assert (restored.status_code, deleted.status_code) == (404, 404), kind
    assert owner.get("/admin/trash/?kind=nothing").status_code == 404


# A name that must stay words: to a page it would be markup, and a pattern that nothing fills.
HOSTILE = "<b id=evil>100% %(name)s</b>"
NAMED = {"name", "title", "alt_text", "seo_title", "shop_name", "description", "browser"}


def _call_everything_hostile(house: dict[str, Any], who: int) -> None:
    """Every record of the house and every person, role and view gets the name, by somebody who is called so too."""
    db.session.get(StaffMember, who).name = HOSTILE
    record_as(Occasion(kind="import", summary=HOSTILE, actor_id=who, actor_name=HOSTILE, source=HOSTILE))
    move(make_product(prices=(1000,)).variants[0], house["location"], 5, "delivery", None, HOSTILE)
    for mapper in db.Model.registry.mappers:
        columns = [column for column in mapper.local_table.c if column.name in NAMED and not column.info.get("is_html")]
        for record in db.session.scalars(db.select(mapper.class_)).unique() if columns else ():
            for column in columns:
                setattr(record, column.name, f"{HOSTILE} {record.id}"[: column.type.length])
    save_view(who, "product", HOSTILE, "status=draft", True)
    categories.place(house["category"])
    db.session.commit()


def _pages_of(screen: Any, record: Any) -> Iterator[str]:
    home = f"/admin/{screen.endpoint}/"
    yield from (
        home,
        f"{home}?view=all",
        f"{home}?search={quote(HOSTILE[:20])}",
        f"{home}?search=nothing+is+called+this",
    )
    for view in ("details", "history", "edit", "delete"):
        if screen.offers(f"{view}_view"):
            yield f"{home}{view}/?id={record.id}"
    if screen.offers("create_view"):
        yield f"{home}new/"
    if screen.offers("revert_view") and (changes := changes_of(record)):
        yield f"{home}revert/?id={record.id}&to={changes[-1].change_set_id}"


def _set_filters(person: Person, home: str) -> Iterator[str]:
    """The list with each filter set in turn, to the first few things that its own page offers."""
    for menu in person.page(f"{home}?view=all").select("[data-filter]"):
        boxes = [(one["name"], one["value"]) for one in menu.select("input[type=checkbox]")]
        options = [(menu.select_one("select")["name"], one["value"]) for one in menu.select("option")]
        yield from (
            f"{home}?{name}={value}" for name, value in [*boxes[:2], *options[:1]] if value and "__mode" not in name
        )


def _taken_for_more_than_words(answer: Any) -> bool:
    page = answer.text
    return "<b id=evil" in page or "&amp;lt;b id=evil" in page or BeautifulSoup(page, "html.parser").find(id="evil")


@pytest.mark.any_engine
def test_a_name_is_never_taken_for_more_than_words_on_any_page(app: Flask) -> None:
    owner, house = Person(app, "owner"), make_house(app)
    trashed = [make_brand("Gone"), make_category("Gone"), make_product("Gone")]
    _call_everything_hostile(house, owner.member_id)
    for record in trashed:
        db.session.refresh(record)
        assert delete(owner, record).status_code == 302
    paths = ["/admin/", "/account", "/admin/trash/", "/admin/ajax/palette/?q=evil", "/admin/ajax/palette/"]
    paths += [f"/admin/trash/?kind={one.__tablename__}" for one in trashed]
    paths += [f"/admin/trash/delete/?kind={one.__tablename__}&id={one.id}" for one in trashed]
    for screen in screens_of(app):
        paths += [*_pages_of(screen, house[screen.endpoint]), *_set_filters(owner, f"/admin/{screen.endpoint}/")]
    for one in db.session.scalars(db.select(ChangeSet.id)):
        paths += [f"/admin/change_set/details/?id={one}", f"/admin/change_set/undo/?id={one}"]

    answers = {path: owner.get(path, follow_redirects=True) for path in paths}

    assert {path: one.status_code for path, one in answers.items() if one.status_code not in (200, 400, 403)} == {}
    assert [path for path, one in answers.items() if one.is_json is False and _taken_for_more_than_words(one)] == []
    assert sum("&lt;b id=evil&gt;100% %(name)s" in one.text for one in answers.values()) > len(answers) / 2
