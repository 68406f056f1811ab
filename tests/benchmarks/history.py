"""How long a bulk price change and its undo take, and how much memory; beside a plain update of the same rows."""

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from backoffice import dialects
from backoffice.audit.history import recent_change_sets
from backoffice.audit.models import ChangeSet
from backoffice.audit.recorder import Occasion, current_change_set_id, record_as
from backoffice.audit.taking_back import take_back
from backoffice.catalog.models import Product, Variant
from backoffice.catalog.pricing import change_prices
from backoffice.extensions import db
from seed.reference import fill_with_reference
from tests.making import make_app, migrate

VARIANTS_A_PRODUCT = 3
EDITED_BY_HAND = 50
DEAREST = 90_000


def measure(uri: str, rows: int) -> dict[str, Any]:
    """Seconds and peak memory in MB of each step, each in a process of its own; raises where a price came out wrong."""
    with tempfile.TemporaryDirectory() as folder:
        steps = {name: _alone(step, uri, folder, rows) for name, step in STEPS.items()}
    plain = steps["plain update"]["seconds"]
    for step in steps.values():
        step["ratio"] = round(step["seconds"] / plain, 1)
    return {"steps": steps}


def table(report: dict[str, Any]) -> str:
    head = f"{report['rows']:,} variants on {report['engine']}"
    lines = [f"{'':<42}{'seconds':>9}{'× plain':>9}{'peak MB':>9}"]
    for name, step in report["steps"].items():
        lines.append(f"{name:<42}{step['seconds']:>9.2f}{step['ratio']:>9.1f}{step['peak_mb']:>9.0f}")
    return "\n".join([head, *lines])


def _alone(step: Callable[[Flask, int], None], uri: str, folder: str, rows: int) -> dict[str, float]:
    """Run a step in a process of its own, so that its memory is its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(step, uri, folder, rows, theirs))
    process.start()
    theirs.close()
    try:
        found = ours.recv()
    except EOFError:
        raise RuntimeError(f"The step “{step.__name__}” broke; its process says why above.") from None
    process.join()
    return found


def _run(step: Callable[[Flask, int], None], uri: str, folder: str, rows: int, answer: Any) -> None:
    app = make_app(uri, Path(folder))
    with app.app_context():
        dialects.work_may_write()
        started = time.perf_counter()
        step(app, rows)
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = peak / 1024 if sys.platform == "linux" else peak / 1024 / 1024
    answer.send({"seconds": round(seconds, 3), "peak_mb": round(megabytes, 1)})


def _fill(app: Flask, rows: int) -> None:
    migrate(app)
    fill_with_reference()
    db.session.commit()
    products = [{"name": f"Product {n}", "slug": f"product-{n}"} for n in range(1, rows // VARIANTS_A_PRODUCT + 2)]
    _insert(Product, products)
    keys = list(db.session.scalars(db.select(Product.id).order_by(Product.id)))
    _insert(
        Variant,
        [
            {
                "product_id": keys[n // VARIANTS_A_PRODUCT],
                "sku": f"SKU-{n}",
                "option_key": str(n),
                "price_minor": 1000 + n,
            }
            for n in range(rows)
        ],
    )


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    # Their making is not what is measured.
    db.session.execute(db.insert(model), rows, execution_options={"is_noted": True})
    db.session.commit()


def _plain_update(_app: Flask, rows: int) -> None:
    """What the database needs by itself: the same rows written one by one, and written back, without any history."""
    table = Variant.__table__
    keys = list(db.session.scalars(db.select(Variant.id).order_by(Variant.id)))
    write = table.update().where(table.c.id == db.bindparam("key")).values(price_minor=db.bindparam("price"))
    connection = db.session.connection()
    connection.execute(write, [{"key": key, "price": DEAREST} for key in keys])
    db.session.rollback()
    assert len(keys) == rows


def _change(_app: Flask, rows: int) -> None:
    keys = list(db.session.scalars(db.select(Variant.id)))
    record_as(Occasion("bulk", f"Price of {rows:,} variants"))
    assert change_prices(dict.fromkeys(keys, DEAREST)) == rows
    db.session.commit()


def _undo(_app: Flask, rows: int) -> None:
    bulk = _last_of("bulk")
    record_as(Occasion("undo", "Took back the prices", undoes_id=bulk.id))
    outcome = take_back(bulk, None)
    assert (outcome.taken, outcome.left, outcome.refused) == (rows, [], {})
    db.session.commit()
    _check_prices(0)


def _edit_by_hand(_app: Flask, rows: int) -> None:
    _change(_app, rows)
    record_as(Occasion("cell", "By hand"))
    keys = list(db.session.scalars(db.select(Variant.id).order_by(Variant.id).limit(EDITED_BY_HAND)))
    change_prices(dict.fromkeys(keys, 5))
    db.session.commit()


def _undo_the_rest(_app: Flask, rows: int) -> None:
    bulk = _last_of("bulk")
    record_as(Occasion("undo", "Took back the prices", undoes_id=bulk.id))
    outcome = take_back(bulk, None)
    assert (outcome.taken, len(outcome.left)) == (rows - EDITED_BY_HAND, EDITED_BY_HAND)
    assert current_change_set_id() != bulk.id
    db.session.commit()
    _check_prices(EDITED_BY_HAND)


def _last_of(kind: str) -> ChangeSet:
    return next(one for one in recent_change_sets(["variant"], 20) if one.kind == kind)


def _check_prices(by_hand: int) -> None:
    """Every price is the one of before, to the cent, but for those that were edited by hand since."""
    prices = db.session.execute(db.select(Variant.sku, Variant.price_minor).order_by(Variant.id)).all()
    wrong = [sku for sku, price in prices[by_hand:] if price != 1000 + int(sku.removeprefix("SKU-"))]
    assert not wrong and all(price == 5 for _, price in prices[:by_hand]), wrong[:5]


STEPS = {
    "fill": _fill,
    "plain update": _plain_update,
    "bulk price change": _change,
    "its undo": _undo,
    "another, and 50 prices by hand": _edit_by_hand,
    "undo of it, leaving the 50": _undo_the_rest,
}
