"""`manage.py import`: all or nothing, one change set, and a report that programs may read."""

import contextvars
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert

from backoffice.audit.models import ChangeRow, ChangeSet
from backoffice.audit.taking_back import take_back
from backoffice.catalog.models import Category, PriceChange, Product, Tag, Variant
from backoffice.errors import Refusal, StaleRecord
from backoffice.extensions import db
from backoffice.import_export.apply import apply_plan
from backoffice.import_export.plan import plan_import
from backoffice.import_export.readers import shopify
from backoffice.inventory.models import StockLevel, StockMovement
from tests.import_export.files import MUG, import_json, import_rows, messages, run, write_bytes, write_rows
from tests.making import change_set_of, stored

PAN = MUG | {"Handle": "pan", "Title": "Pan", "Variant Price": "30"}
BAD = MUG | {"Handle": "pot", "Title": "Pot", "Variant Price": "-1"}


def test_the_report_has_exactly_these_keys(app: Flask, tmp_path: Path) -> None:
    report = import_rows(tmp_path, MUG, PAN)

    [act] = stored(ChangeSet, kind="import")
    assert report == {
        "format": "shopify",
        "rows": 2,
        "products": 2,
        "variants": 2,
        "create": 2,
        "update": 0,
        "unchanged": 0,
        "refused": 0,
        "problems": [],
        "change_set": act.id,
    }


def test_an_import_is_one_change_set_that_names_the_file(app: Flask, tmp_path: Path) -> None:
    report = import_json(write_rows(tmp_path, MUG | {"Vendor": "Potter", "Variant Inventory Qty": "4"}, PAN))

    act = db.session.get(ChangeSet, report["change_set"])
    rows = stored(ChangeRow, change_set_id=act.id)
    assert (act.kind, act.source) == ("import", "products.csv")
    assert act.summary == "Imported products.csv: 2 products created, 0 updated"
    assert {row.entity for row in rows} == {"brand", "product", "variant", "stock_level"}
    assert len(stored(PriceChange)) == 2


def test_the_same_file_again_changes_nothing_and_says_so(app: Flask, tmp_path: Path) -> None:
    path = write_rows(tmp_path, MUG | {"Variant Inventory Qty": "4", "Tags": "a, b", "Type": "Cups"}, PAN)
    import_json(path)
    versions = [(product.id, product.version) for product in stored(Product)]

    again = import_json(path)
    words = run(path)

    assert (again["unchanged"], again["change_set"]) == (2, None)
    assert (words.exit_code, words.stdout) == (0, "Nothing to do: 2 products in the file, unchanged.\n")
    assert [(product.id, product.version) for product in stored(Product)] == versions
    assert len(stored(ChangeSet, kind="import")) == 1
    assert len(stored(StockMovement)) == 1


def test_nothing_is_written_if_any_product_is_refused(app: Flask, tmp_path: Path) -> None:
    path = write_rows(tmp_path, MUG | {"Vendor": "Potter"}, BAD)

    report = import_json(path)
    words = run(path)

    assert (report["create"], report["refused"], report["change_set"]) == (1, 1, None)
    assert messages(report) == [(3, "Variant Price")]
    assert words.exit_code == 2
    assert "Row 3, Variant Price: An amount can’t be below 0." in words.stdout
    assert stored(Product) == []
    assert stored(ChangeSet, kind="import") == []


def test_refused_products_may_be_skipped(app: Flask, tmp_path: Path) -> None:
    path = write_rows(tmp_path, MUG, BAD)

    result = run(path, "--skip-refused")

    assert result.exit_code == 2
    assert result.stdout.startswith("1 product created, 0 updated, 0 unchanged, 1 refused. Change ")
    assert [product.slug for product in stored(Product)] == ["mug"]


def test_a_row_of_no_product_is_a_problem_alone(app: Flask, tmp_path: Path) -> None:
    path = write_rows(tmp_path, MUG, {"Title": "Lost"})

    report = import_json(path)

    assert (report["products"], report["create"], report["refused"]) == (1, 1, 0)
    assert messages(report) == [(3, "Handle")]
    assert report["change_set"] is not None
    assert run(path).exit_code == 2


def test_a_dry_run_reports_the_same_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    path = write_rows(tmp_path, MUG, PAN)

    dry = import_json(path, "--dry-run")

    assert stored(Product) == []
    assert dry | {"change_set": 0} == import_json(path) | {"change_set": 0}
    assert dry["change_set"] is None


def test_a_dry_run_lets_others_write_meanwhile(app: Flask, tmp_path: Path) -> None:
    path = write_rows(tmp_path, MUG)
    engine = db.engine
    written: list[str] = []

    def write() -> None:
        with engine.begin() as connection:
            connection.execute(insert(Tag.__table__).values(name="new", slug="new"))
        written.append("new")

    def interrupt(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if "FROM location" in statement and not written:
            contextvars.Context().run(write)

    event.listen(engine, "before_cursor_execute", interrupt)
    try:
        report = import_json(path, "--dry-run")
    finally:
        event.remove(engine, "before_cursor_execute", interrupt)

    assert (report["create"], written) == (1, ["new"])
    assert [tag.name for tag in stored(Tag)] == ["new"]


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
@pytest.mark.parametrize("row", [MUG, BAD, {"Colour": "red"}], ids=["right", "refused", "not Shopify's"])
def test_work_after_the_command_may_write(
    app: Flask, tmp_path: Path, row: dict[str, str], options: tuple[str, ...]
) -> None:
    run(write_rows(tmp_path, row), *options)

    begun: list[str] = []
    note = lambda *arguments: begun.append(arguments[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    db.session.rollback()
    stored(Tag)
    event.remove(db.engine, "before_cursor_execute", note)
    assert "BEGIN" not in begun


def test_a_product_is_updated_when_anything_of_it_changes(app: Flask, tmp_path: Path) -> None:
    picture = {"Image Src": "https://x.example/1.jpg", "Variant Inventory Qty": "4"}
    import_rows(tmp_path, MUG | picture, PAN | picture)

    report = import_rows(tmp_path, MUG | picture | {"Image Alt Text": "Side"}, PAN | picture | {"Image Alt Text": ""})

    assert (report["update"], report["unchanged"]) == (1, 1)


def test_an_update_writes_only_what_changed(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, MUG | {"Vendor": "Potter", "Variant Inventory Qty": "4"})

    report = import_rows(tmp_path, MUG | {"Vendor": "Potter", "Variant Price": "13", "Variant Inventory Qty": "9"})

    rows = stored(ChangeRow, change_set_id=report["change_set"])
    assert [(row.entity, row.old, row.new) for row in rows] == [
        ("variant", {"price_minor": 1250}, {"price_minor": 1300}),
        ("stock_level", {"on_hand": 4}, {"on_hand": 9}),
    ]


def test_an_import_can_be_taken_back(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, MUG | {"Tags": "a", "Variant Inventory Qty": "4"})
    changed = MUG | {"Tags": "b", "Type": "Cups", "Variant Price": "13", "Variant Inventory Qty": "9"}
    second = import_rows(tmp_path, changed, PAN)

    assert take_back(change_set_of(second["change_set"]), None).refused == {}
    db.session.commit()

    [mug] = stored(Product)
    assert ([tag.name for tag in mug.tags], mug.category_id) == (["a"], None)
    assert [variant.price_minor for variant in stored(Variant)] == [1250]
    assert [level.on_hand for level in stored(StockLevel)] == [4]
    assert stored(Category) == []


def test_a_variant_that_an_import_added_can_be_taken_back(app: Flask, tmp_path: Path) -> None:
    red = {"Handle": "cup", "Title": "Cup", "Option1 Name": "Colour", "Option1 Value": "Red", "Variant Price": "5"}
    import_rows(tmp_path, red)
    second = import_rows(tmp_path, red, {"Handle": "cup", "Option1 Value": "Blue", "Variant Inventory Qty": "2"})

    assert take_back(change_set_of(second["change_set"]), None).refused == {}
    db.session.commit()

    assert [variant.title for variant in stored(Variant)] == ["Red"]


def test_what_somebody_changed_since_the_plan_is_not_written_over(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, MUG)
    plan = plan_import(shopify.read(write_rows(tmp_path, MUG | {"Variant Price": "13"})))
    stored(Variant)[0].price_minor = 1111
    db.session.commit()

    with pytest.raises(StaleRecord, match="“Mug” was changed by somebody meanwhile"):
        apply_plan(plan, "test")

    db.session.rollback()
    assert stored(Variant)[0].price_minor == 1111


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Title,Price\nMug,12\n",
        b"PK\x03\x04",
        b'Handle,Title\nmug,"Mug\n',
        b"Handle,Title\nmug," + b"x" * 5_000_000,
    ],
    ids=["empty", "not Shopify's", "a spreadsheet", "an open quotation mark", "an endless cell"],
)
def test_a_file_that_cannot_be_taken_in_is_told_in_a_sentence(app: Flask, tmp_path: Path, content: bytes) -> None:
    path = write_bytes(tmp_path, content)

    words, facts = run(path), run(path, "--json")

    assert isinstance(words.exception, Refusal)
    assert words.exit_code == facts.exit_code == 1
    assert import_json(path).keys() == {"error"}


@pytest.mark.parametrize("name", ["absent.csv", "."])
def test_a_path_that_is_no_file_is_told_in_a_sentence(app: Flask, tmp_path: Path, name: str) -> None:
    result = run(tmp_path / name)

    assert (type(result.exception), result.exit_code) == (Refusal, 1)


def test_many_problems_are_told_in_part_and_given_in_full(app: Flask, tmp_path: Path) -> None:
    path = write_rows(tmp_path, *(BAD | {"Handle": f"pot-{number}"} for number in range(30)))

    assert "… and 10 more problems; --json lists them all." in run(path).stdout
    assert len(import_json(path)["problems"]) == 30


def test_several_hundred_products_go_through_in_chunks(app: Flask, tmp_path: Path) -> None:
    rows = [MUG | {"Handle": f"mug-{number}", "Type": f"Cups > {number % 7}", "Tags": "a,b"} for number in range(620)]

    report = import_json(write_rows(tmp_path, *rows))

    assert report["create"] == len(stored(Product)) == 620
    assert import_json(write_rows(tmp_path, *rows))["unchanged"] == 620
