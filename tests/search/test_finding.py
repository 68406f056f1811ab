"""One box that finds: any part of a number, name, brand or tag; all words, any order, accents and case folded."""

import json
from pathlib import Path

import pytest
from flask import Flask

from backoffice.audit import trash
from backoffice.catalog.models import Brand, PriceChange, Product, Tag, Variant
from backoffice.extensions import db
from backoffice.inventory.models import Location, StockLevel, StockMovement
from backoffice.inventory.stock import move
from backoffice.search.finders import OfVariantFinder
from backoffice.web import listing
from tests.making import Person, make_brand, make_product, stored, text_of
from tests.search.finding import finder_of, found, named


def finds_parts(engine: str) -> bool:
    """Whether the engine finds what stands in the middle of a word."""
    return engine != "mysql"


@pytest.mark.parametrize(
    "typed",
    [
        "email",
        "ÉMAIL",
        "mug ema",
        "PAN-20",
        "pan-2",
        "pan20",
        "20",
        "norrvik",
        "gift mug",
        "4006381",
        "e",
        "mu",
        "em m",
    ],
)
def test_a_product_is_found_by_each_thing_that_is_its_own(app: Flask, typed: str) -> None:
    brand = make_brand("Norrvik")
    mug = make_product("Émail Mug", skus=["PAN-20"], brand_id=brand.id)
    mug.tags.append(Tag(name="Gifts", slug="gifts"))
    mug.variants[0].barcode = "4006381333931"
    make_product("Wooden Tray", skus=["WOK"])

    assert found(typed) == ["Émail Mug"]


@pytest.mark.parametrize("typed", ["mail", "n-2", "orrvi", "ifts", "1333"])
def test_the_middle_of_a_word_is_found_where_the_engine_looks_up_trigrams(app: Flask, engine: str, typed: str) -> None:
    brand = make_brand("Norrvik")
    mug = make_product("Émail Mug", skus=["PAN-20"], brand_id=brand.id)
    mug.tags.append(Tag(name="Gifts", slug="gifts"))
    mug.variants[0].barcode = "4006381333931"

    assert found(typed) == (["Émail Mug"] if finds_parts(engine) else [])


@pytest.mark.parametrize("typed", ["email tray", "xemail", "x", "pan-21"])
def test_every_word_must_be_there(app: Flask, typed: str) -> None:
    make_product("Émail Mug", skus=["PAN-20"])
    make_product("Wooden Tray", skus=["WOK"])

    assert found(typed) == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Große Schüssel", "GROSSE SCHUSSEL"),
        ("Grosse Schussel", "große schüssel"),
        ("Smørbrød", "smorbrod"),
        ("Łódź", "lodz"),
        ("Ænima", "aenima"),
        ("Café", "Cafe\u0301"),
        ("ﬁne ＡＢＣ", "fine abc"),
        ("Кружка", "КРУЖКА"),
        ("杯子", "杯"),
        ("T‑Shirt", "t-shirt"),
        ("İstanbul", "istanbul"),
        ("soft\u00adhyphen", "softhyphen"),
        ("the and of", "the of"),
    ],
)
def test_accents_case_and_forms_of_letters_make_no_difference(app: Flask, name: str, typed: str) -> None:
    make_product(name, slug="x", skus=["1"])

    assert found(typed) == [name]


def test_a_letter_with_a_meaning_to_the_database_is_a_letter(app: Flask) -> None:
    make_product("100% Wool", skus=["a_b"])
    make_product("1000 Wool", skus=["acb"])

    assert found("100%") == ["100% Wool"] or finder_finds_beginnings("100%")
    assert found("a_b")[:1] == ["100% Wool"]


def finder_finds_beginnings(typed: str) -> bool:
    """Signs are nothing to an index of whole words."""
    return "100% Wool" in found(typed)


HOSTILE = [
    "'",
    '"',
    '""',
    "\\",
    "%",
    "_",
    "a\x00b",
    "\x00",
    "*",
    "-",
    "+",
    "@",
    "(",
    ")",
    "()",
    "AND",
    "OR NOT",
    "NEAR(a b)",
    "a AND OR b*",
    '"mug" OR "x',
    "mug -pan +x @1 ~y <z >w",
    "text:mug",
    "^mug",
    "\N{COMBINING ACUTE ACCENT}",
    "😀",
    "x" * 200,
    "é" * 200,
    " ".join("abcdefghijklmnopqrstuvwxyz"),
    "a\\%b_c",
    "\ud800",
    "\u200b",
    "%s %(x)s :name {}",
    "__",
    "; DROP TABLE product",
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_is_typed_is_a_fault(app: Flask, typed: str) -> None:
    make_product("Enamel Mug")
    finder = finder_of()

    found(typed)

    assert finder.best(typed, 5) is not None
    assert finder.similar(typed, 5) is not None


def test_no_string_of_the_naughty_list_is_a_fault(app: Flask, shared_folder: Path) -> None:
    make_product("Enamel Mug")
    finder = finder_of()
    strings = json.loads((shared_folder / "data/strings/blns.json").read_text(encoding="utf-8"))

    for typed in strings:
        found(typed)
        finder.best(typed, 3)
        finder.similar(typed, 3)

    assert len(strings) > 400


def test_a_product_named_by_a_hostile_string_is_found_by_it(app: Flask, shared_folder: Path) -> None:
    strings = json.loads((shared_folder / "data/strings/blns.json").read_text(encoding="utf-8"))
    wanted = [one for one in strings if 2 < len(one.strip()) <= 100 and any(letter.isalnum() for letter in one)][:150]
    wanted = [one for one in wanted if "\x00" not in one]
    for place, name in enumerate(wanted):
        db.session.add(Product(name=name, slug=f"hostile-{place}"))
    db.session.commit()

    products = {product.slug: product.id for product in stored(Product)}
    lost = []
    for place, name in enumerate(wanted):
        keys = set(db.session.scalars(db.select(Product.id).where(*finder_of().condition(name))))
        if products[f"hostile-{place}"] not in keys:
            lost.append(name)

    assert lost == []


# What leads


def test_the_number_leads_then_the_name_then_what_begins_so(app: Flask) -> None:
    make_product("Mug-1 Lookalike", skus=["OTHER"])
    make_product("Tray", skus=["MUG-1"])
    make_product("MUG-1", skus=["ELSE"])
    make_product("Another Mug-1", skus=["THIRD"])

    assert named(finder_of().best("mug-1", 5)) == ["Tray", "MUG-1", "Mug-1 Lookalike"]


def test_a_number_of_any_spelling_leads(app: Flask) -> None:
    make_product("Pan-20aa Lookalike", skus=["Z"])
    make_product("Tray", skus=["Pan-20a"])

    assert named(finder_of().best("pAN-20A", 5))[0] == "Tray"


def test_a_barcode_leads(app: Flask) -> None:
    tray = make_product("Tray")
    tray.variants[0].barcode = "4006381333931"
    db.session.commit()

    assert named(finder_of().best("4006381333931", 5)) == ["Tray"]


def test_the_shorter_name_leads_and_what_is_deleted_does_not(app: Flask) -> None:
    make_product("Enamel Mugs for All")
    make_product("Énamel Mug")
    trash.trash(make_product("Enamel Mug"))
    db.session.commit()

    assert named(finder_of().best("ENAMEL MUG", 5)) == ["Énamel Mug", "Enamel Mugs for All"]


# Mistakes


@pytest.mark.parametrize("typed", ["enamle mug", "porcelan", "porzelain teapot"])
def test_typing_mistakes_are_forgiven_where_the_engine_can(app: Flask, engine: str, typed: str) -> None:
    make_product("Enamel Mug", skus=["A"])
    make_product("Porcelain Teapot", skus=["B"])
    trash.trash(make_product("Enamle Mug", skus=["C"]))
    db.session.commit()

    similar = named(finder_of().similar(typed, 5))

    expected = "Enamel Mug" if typed.startswith("en") else "Porcelain Teapot"
    assert similar[:1] == ([] if engine == "mysql" else [expected])


def test_what_is_nothing_like_it_is_not_offered(app: Flask) -> None:
    make_product("Enamel Mug")

    assert finder_of().similar("zzzqqq", 5) == []


# Other lists


def test_a_variant_is_found_by_its_own_number_and_its_siblings_are_not(app: Flask) -> None:
    mug = make_product("Enamel Mug", prices=(1, 2), skus=["MUG-S", "MUG-L"])

    assert found("mug-l", Variant) == [str(mug.variants[1])]
    assert len(found("enamel", Variant)) == 2
    assert found("enamel size 1", Variant) == [str(mug.variants[0])]


def test_what_belongs_to_a_variant_is_found_by_it(app: Flask) -> None:
    mug = make_product("Enamel Mug", skus=["MUG"])
    tray = make_product("Tray", skus=["TRAY"])
    location = db.session.scalar(db.select(Location))
    for variant in (mug.variants[0], tray.variants[0]):
        move(variant, location, 5, "delivery", None, "Spring order")
    db.session.commit()

    for model in (StockLevel, PriceChange):
        finder = OfVariantFinder(model)
        records = db.session.scalars(db.select(model).where(*finder.condition("enamel mug"))).all()
        assert [record.variant_id for record in records] == [mug.variants[0].id]
    assert len(found("spring", StockMovement)) == 2
    assert len(found("spring tray", StockMovement)) == 1


def test_what_is_in_the_trash_is_found_there_by_its_number(app: Flask) -> None:
    manager = Person(app, "manager")
    mug = make_product("Enamel Mug", prices=(1, 2), skus=["GONE-1", "MUG-2"])
    trash.trash(mug.variants[0])
    trash.trash(make_product("Tray", skus=["TRAY-1"]))
    db.session.commit()

    assert found("gone-1") == []
    assert "Tray" in text_of(manager.get("/admin/trash/?kind=product&search=tray-1"))
    assert "Enamel Mug" in text_of(manager.get("/admin/trash/?kind=variant&search=gone-1"))
    assert "Enamel Mug" not in text_of(manager.get("/admin/trash/?kind=variant&search=mug-2"))


def test_a_search_sees_what_its_own_transaction_wrote(app: Flask, engine: str) -> None:
    brand = Brand(name="Lyngby", slug="lyngby")
    db.session.add(brand)
    db.session.flush()
    if engine == "mysql":
        # FULLTEXT tells of what is committed only.
        db.session.commit()

    finder = finder_of(Brand)
    keys = list(db.session.scalars(db.select(Brand.id).where(*finder.condition("lyng"))))

    assert keys == finder.best("lyng", 5) == [brand.id]


def test_a_word_that_most_have_is_counted_no_further_than_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "EXACT_UP_TO", 3)
    products = [make_product(f"Mug {number}") for number in range(5)]
    viewer = Person(app, "viewer")

    def told() -> str:
        return viewer.page("/admin/product/?search=mug").select_one(".page-sub").text

    assert told() == "more than 3 match."
    for one in products[:2]:
        trash.trash(one)
        db.session.commit()
    # What lies in the trash is not among them.
    assert told() == "3 match."
    assert viewer.page("/admin/product/?search=mug&count=exact").select_one(".page-sub").text == "3 match."
