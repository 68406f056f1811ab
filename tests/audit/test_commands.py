"""`manage.py history`, and that whatever a command writes is in the history."""

import contextvars
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import event

from backoffice.audit import trash, trash_listing
from backoffice.audit.models import ChangeRow, ChangeSet, ChangeSubject
from backoffice.audit.recorder import current_change_set_id
from backoffice.catalog.models import Brand, Category, PriceChange, Variant
from backoffice.catalog.pricing import lowest_price_of_30_days
from backoffice.cli import group
from backoffice.extensions import db
from backoffice.records import utc_now
from backoffice.settings.shop import shop_settings
from tests.audit.test_every_write import RECORDED
from tests.import_export.files import MUG, write_rows
from tests.making import PASSWORD, make_brand, make_category, make_product, stored


def run(app: Flask, *arguments: str, typed: str | None = None) -> Result:
    """Run the command as a process of its own would: nothing of the test's session is shared."""
    db.session.commit()
    invoke = app.test_cli_runner().invoke
    return contextvars.Context().run(invoke, group, list(arguments), input=typed)


def facts(result: Result) -> Any:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert len(result.stdout.strip().splitlines()) == 1, result.stdout
    return json.loads(result.stdout)


def done(act: Callable[[], Any]) -> int:
    act()
    db.session.commit()
    return current_change_set_id()


def rename(*pairs: tuple[Brand, str]) -> int:
    def act() -> None:
        for brand, name in pairs:
            brand.name = name

    return done(act)


# Undoing


def test_the_latest_changes_are_listed(app: Flask) -> None:
    key = rename((make_brand("Norr"), "Sund"))

    shown = facts(run(app, "history", "--json"))["changes"]

    assert shown[0]["id"] == key
    assert str(key) in run(app, "history").stdout.splitlines()[0]


def test_a_change_is_taken_back(app: Flask) -> None:
    key = rename((make_brand("Norr"), "Sund"))

    result = facts(run(app, "history", "--undo", str(key), "--json"))

    assert (result["change"], result["taken_back"], result["left"], result["refused"]) == (key, 1, [], [])
    assert [brand.name for brand in stored(Brand)] == ["Norr"]
    undone = db.session.get(ChangeSet, result["undone_by"])
    assert (undone.kind, undone.undoes_id) == ("undo", key)


def test_a_dry_run_tells_and_writes_nothing(app: Flask) -> None:
    one, two, three = (make_brand(name) for name in ("One", "Two", "Three"))
    key = rename((one, "ONE"), (two, "TWO"), (three, "THREE"))
    rename((two, "Zwei"))
    done(lambda: trash.trash(three))
    before = db.session.scalar(db.select(db.func.count(ChangeRow.id)))

    result = facts(run(app, "history", "--undo", str(key), "--dry-run", "--json"))

    assert (result["back"], result["changed_since"], result["gone"]) == (1, ["TWO"], ["THREE"])
    words = run(app, "history", "--undo", str(key), "--dry-run").stdout
    assert "1 record would go back." in words and "“TWO”" in words and "“THREE”" in words
    assert db.session.scalar(db.select(db.func.count(ChangeRow.id))) == before


def test_what_somebody_changed_since_is_left_and_the_status_says_so(app: Flask) -> None:
    one, two = make_brand("One"), make_brand("Two")
    key = rename((one, "ONE"), (two, "TWO"))
    rename((two, "Zwei"))

    result = run(app, "history", "--undo", str(key))

    assert result.exit_code == 2
    assert "1 record went back" in result.stdout and "1 record changed since stayed: “TWO”." in result.stdout
    assert [brand.name for brand in stored(Brand)] == ["One", "Zwei"]


def test_what_somebody_changed_since_goes_back_where_that_is_asked(app: Flask) -> None:
    one, two = make_brand("One"), make_brand("Two")
    key = rename((one, "ONE"), (two, "TWO"))
    rename((two, "Zwei"))

    result = run(app, "history", "--undo", str(key), "--take-changed")

    assert result.exit_code == 0, result.output
    assert [brand.name for brand in stored(Brand)] == ["One", "Two"]


def test_what_a_rule_refuses_stops_it_all_unless_that_is_skipped(app: Flask) -> None:
    one, two = make_product().variants[0], make_product().variants[0]
    before = one.sku

    def exchange() -> None:
        one.sku, two.price_minor = "NEW", 1

    key = done(exchange)
    make_product(skus=[before])

    refused = run(app, "history", "--undo", str(key))
    kept = [variant.price_minor for variant in stored(Variant)]
    skipped = run(app, "history", "--undo", str(key), "--skip-refused", "--json")

    assert isinstance(refused.exception, Exception) and "is in use by another record now" in str(refused.exception)
    assert kept == [1290, 1, 1290]
    assert skipped.exit_code == 2 and facts(skipped)["taken_back"] == 1
    assert [variant.price_minor for variant in stored(Variant)] == [1290, 1290, 1290]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--undo", "999999"), "There is no change 999999."),
        (("--dry-run",), "Say which change: --undo ID."),
    ],
)
@pytest.mark.any_engine
def test_what_cannot_be_is_told_in_a_sentence(app: Flask, arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in str(run(app, "history", *arguments).exception)


def test_a_change_is_not_taken_back_twice(app: Flask) -> None:
    key = str(rename((make_brand("Norr"), "Sund")))
    run(app, "history", "--undo", key)

    again = facts(run(app, "history", "--undo", key, "--json"))

    assert again == {"error": "This change was taken back already."}


def test_what_a_rule_refused_can_be_taken_back_later(app: Flask) -> None:
    one, two = make_brand("One"), make_brand("Two")

    def readdress() -> None:
        one.slug, two.slug = "new-one", "new-two"

    key = str(done(readdress))
    other = Brand(name="Other", slug="one")
    db.session.add(other)
    db.session.commit()
    skipped = run(app, "history", "--undo", key, "--skip-refused")
    db.session.get(Brand, other.id).slug = "another"
    db.session.commit()

    again = facts(run(app, "history", "--undo", key, "--json"))

    assert skipped.exit_code == 2
    assert again["taken_back"] == 1
    assert [brand.slug for brand in stored(Brand)] == ["one", "two", "another"]


@pytest.mark.any_engine
def test_options_before_a_subcommand_are_refused_rather_than_dropped(app: Flask) -> None:
    result = run(app, "history", "--dry-run", "prune", "--before", "2026-01-01")

    assert result.exit_code == 2 and "Write the options after “prune”" in result.output


@pytest.mark.any_engine
def test_a_number_beyond_all_is_refused(app: Flask) -> None:
    assert "is not in the range" in run(app, "history", "--undo", str(2**63)).output


# Pruning


def age(days: int, *models: Any) -> None:
    """Let all that is there be so many days old."""
    for model in models:
        column = model.__table__.c.at
        db.session.connection().execute(model.__table__.update().values({column: utc_now() - timedelta(days=days)}))
    db.session.commit()


def test_the_history_is_shortened_and_says_so(app: Flask) -> None:
    brand = make_brand("Norr")
    rename((brand, "Sund"))
    age(400, ChangeSet)
    kept = rename((brand, "Vik"))

    day = f"{utc_now() - timedelta(days=30):%Y-%m-%d}"
    would = facts(run(app, "history", "prune", "--before", day, "--dry-run", "--json"))
    result = facts(run(app, "history", "prune", "--before", day, "--json"))

    assert would == result and result["change_set"] >= 2 and result["change_row"] >= 2
    left = stored(ChangeSet)
    assert [one.id for one in left][0] == kept
    assert left[-1].summary == f"History pruned before {day}"
    assert left[-1].counts["change_set"] == result["change_set"]
    assert {row.change_set_id for row in stored(ChangeRow)} <= {one.id for one in left}
    assert {one.change_set_id for one in stored(ChangeSubject)} <= {one.id for one in left}
    assert [one.name for one in stored(Brand)] == ["Vik"]


def test_an_undo_outlives_what_it_took_back(app: Flask) -> None:
    key = rename((make_brand("Norr"), "Sund"))
    age(400, ChangeSet)
    undone = facts(run(app, "history", "--undo", str(key), "--json"))["undone_by"]

    run(app, "history", "prune", "--before", f"{utc_now() - timedelta(days=30):%Y-%m-%d}")

    assert db.session.get(ChangeSet, undone).undoes_id is None


def test_prices_that_the_lowest_price_needs_are_never_pruned(app: Flask) -> None:
    now = utc_now().replace(microsecond=0)
    variant = make_product(prices=(1000,)).variants[0]
    db.session.connection().execute(PriceChange.__table__.delete())
    steps = [(700, 500, 800), (410, 800, 900), (395, 900, 600), (390, 600, 1000)]
    for days, old, new in steps:
        at = now - timedelta(days=days)
        change = PriceChange(variant_id=variant.id, at=at, old_price_minor=old, new_price_minor=new, currency="EUR")
        db.session.add(change)
    db.session.commit()
    before = lowest_price_of_30_days(variant, now)

    day = f"{now - timedelta(days=10):%Y-%m-%d}"
    would = facts(run(app, "history", "prune", "--before", day, "--dry-run", "--json"))
    result = facts(run(app, "history", "prune", "--before", day, "--json"))

    assert would["price_change"] == result["price_change"] == 1
    assert [one.old_price_minor for one in stored(PriceChange)] == [800, 900, 600]
    assert lowest_price_of_30_days(stored(Variant)[0], now) == before == 600


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("yesterday", "Write the day like 2025-12-31."), ("9999-01-01", "That day is still to come.")],
)
@pytest.mark.any_engine
def test_a_day_that_is_none_is_refused(app: Flask, day: str, sentence: str) -> None:
    assert sentence in str(run(app, "history", "prune", "--before", day).exception)


# Whatever a command writes

ONLY_READ = {"check", "history", "search", "search check", "texts"}
MAY_HAVE_NOTHING_TO_DO = ("history prune", "history empty-trash", "search rebuild")
# Serving makes what is missing; the walk of the first page tests that.
ELSEWHERE = {"up"}


def leaves(command: click.Command, name: str = "") -> dict[str, click.Command]:
    if not isinstance(command, click.Group):
        return {name: command}
    below = {
        leaf: one for key, sub in command.commands.items() for leaf, one in leaves(sub, f"{name} {key}".strip()).items()
    }
    return below | ({name: command} if name and command.invoke_without_command else {})


def writing(folder: Path) -> dict[str, tuple[tuple[str, ...], str | None]]:
    """How each command that writes is called, in an order in which each has something to do."""
    return {
        "seed": (("seed", "demo"), None),
        "import": (("import", str(write_rows(folder, MUG))), None),
        "search rebuild": (("search", "rebuild"), None),
        "staff create": (("staff", "create", "ann@example.com", "--role", "viewer", "--password-stdin"), PASSWORD),
        "staff password": (("staff", "password", "ann@example.com", "--password-stdin"), f"{PASSWORD} 2"),
        "staff lock": (("staff", "lock", "ann@example.com"), None),
        "staff unlock": (("staff", "unlock", "ann@example.com"), None),
        "history empty-trash": (("history", "empty-trash", "--before", f"{datetime.now(UTC):%Y-%m-%d}"), None),
        "history prune": (("history", "prune", "--before", f"{datetime.now(UTC):%Y-%m-%d}"), None),
    }


@pytest.mark.any_engine
def test_what_commands_write_is_in_the_history(app: Flask, tmp_path: Path) -> None:
    calls = writing(tmp_path)
    commands = {name for name in leaves(group) if not name.startswith("db")}
    assert commands == set(calls) | ONLY_READ | ELSEWHERE | {"staff list"}, "Say here how a new command writes."

    for name, (arguments, typed) in calls.items():
        before = stored(ChangeSet)[-1].id
        result = run(app, *arguments, typed=typed)
        assert result.exit_code == 0, f"{name}: {result.output}"
        has_left_a_trace = stored(ChangeSet)[-1].id > before
        assert has_left_a_trace or name in MAY_HAVE_NOTHING_TO_DO, name

    for model in RECORDED:
        made = db.select(ChangeRow.record_id).where(ChangeRow.entity == model.__tablename__)
        present = set(db.session.scalars(db.select(model.id)))
        assert present <= set(db.session.scalars(made.where(ChangeRow.operation == "create"))), model


# What the settings say of how long the past is kept
def lies_in_the_trash_for(days: int) -> Brand:
    brand = make_brand(f"Gone for {days} days")
    trash.trash(brand)
    brand.deleted_at = utc_now() - timedelta(days=days)
    db.session.commit()
    return brand


def test_old_trash_goes_for_good_by_the_settings(app: Flask) -> None:
    old, young = lies_in_the_trash_for(40), lies_in_the_trash_for(5)
    shop_settings().trash_kept_days = 30
    db.session.commit()
    keys = old.id, young.id

    would = facts(run(app, "history", "empty-trash", "--dry-run", "--json"))
    done = facts(run(app, "history", "empty-trash", "--json"))

    assert (would["records"], done["records"]) == (1, 1)
    assert [key for key in keys if db.session.get(Brand, key)] == [young.id]
    assert stored(ChangeSet)[-1].summary.startswith("Trash from before ")


def test_much_trash_goes_some_at_a_time_and_what_is_in_use_stays(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A category may go only after those below it, which come later."""
    monkeypatch.setattr(trash_listing, "RECORDS_AT_ONCE", 2)
    categories = [make_category("Shelf 0")]
    for number in range(1, 5):
        categories.append(make_category(f"Shelf {number}", categories[-1]))
    brands = [make_brand(f"Brand {number}") for number in range(5)]
    make_product(brand=brands[1])
    for record in [*categories, *brands]:
        record.deleted_token, record.deleted_at = record.id, utc_now() - timedelta(days=40)
    db.session.commit()
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", note := lambda _c, _k, text, *_rest: statements.append(text))

    done = facts(run(app, "history", "empty-trash", "--before", f"{datetime.now(UTC):%Y-%m-%d}", "--json"))

    event.remove(db.engine, "before_cursor_execute", note)
    assert (done["records"], done["refused"]) == (9, 1)
    assert list(db.session.scalars(db.select(Brand.name))) == ["Brand 1"]
    assert list(db.session.scalars(db.select(Category))) == []
    assert len({one.change_set_id for one in stored(ChangeRow) if one.operation == "delete"}) == 1
    assert all("LIMIT" in one for one in statements if re.search(r"FROM brand\s+WHERE brand.deleted_token != ", one))


def test_what_is_kept_for_good_asks_for_a_date(app: Flask) -> None:
    for name in ("prune", "empty-trash"):
        assert "keep the" in str(run(app, "history", name).exception)


def test_old_history_goes_by_the_settings(app: Flask) -> None:
    shop_settings().history_kept_days = 30
    db.session.commit()
    make_brand("Norr")
    change = stored(ChangeSet)[-1]
    change.at = utc_now() - timedelta(days=60)
    db.session.commit()

    assert facts(run(app, "history", "prune", "--json"))["change_set"] == 1

    assert [row.entity for row in stored(ChangeRow) if row.entity == "brand"] == []
