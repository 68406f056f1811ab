"""How fast `seed load` is, beside the database alone: the very same rows, made before, into the same tables."""

import contextlib
import multiprocessing
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import func

from backoffice import dialects
from backoffice.audit.recorder import Occasion, record_as
from backoffice.extensions import db
from seed.load.load import begin_or_resume, finish, tables, write
from seed.load.rows import COLUMNS, chunks_of, count_rows, make_chunk
from seed.load.world import Plan, World
from seed.reference import fill_with_reference
from tests.making import make_app, migrate

RANDOM_SEED = 42


def measure(make_database: Callable[[], str], products: int) -> dict[str, Any]:
    """Rows a second of both; raises where they do not come to the same number of rows in every table.

    Neither drops or builds anything that the other does not: secondary indexes go before and are built after in both.
    """
    with tempfile.TemporaryDirectory() as folder:
        raw = _alone(_load_raw, make_database(), folder, products)
        ours = _alone(_load_ours, make_database(), folder, products)
    assert raw["rows"] == ours["rows"], (raw["rows"], ours["rows"])
    rows = sum(raw.pop("rows").values())
    ours.pop("rows")
    for one in (raw, ours):
        one["rows_per_second"] = round(rows / one["seconds"])
    ratio = round(ours["rows_per_second"] / raw["rows_per_second"], 2)
    return {"rows": rows, "raw": raw, "seed load": ours, "ratio": ratio}


def table(report: dict[str, Any]) -> str:
    head = f"{report['products']:,} products, {report['rows']:,} rows on {report['engine']}"
    lines = [f"{'':<44}{'seconds':>9}{'rows/s':>10}{'peak MB':>9}"]
    for name, key in ((f"raw {report['by']} of rows made before", "raw"), ("seed load", "seed load")):
        one = report[key]
        lines.append(f"{name:<44}{one['seconds']:>9.1f}{one['rows_per_second']:>10,}{one['peak_mb']:>9.0f}")
    lines.append(f"{'ratio of the speeds':<44}{'':>9}{report['ratio']:>10.2f}")
    return "\n".join([head, *lines])


def _alone(step: Callable[..., dict[str, Any]], uri: str, folder: str, products: int) -> dict[str, Any]:
    """Run a step in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_run, step, uri, folder, products).result()


def _run(step: Callable[..., dict[str, Any]], uri: str, folder: str, products: int) -> dict[str, Any]:
    app = make_app(uri, Path(folder))
    migrate(app)
    with app.app_context():
        dialects.work_may_write()
        fill_with_reference()
        db.session.commit()
        found = step(uri, Path(folder), products)
        found["rows"] = {one.name: _count(one) for one in tables()}
        db.session.remove()
    # The largest of this process and of those that helped it.
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return found | {"peak_mb": round(peak / 1024 if sys.platform == "linux" else peak / 1024 / 1024)}


def _count(one: Any) -> int:
    return db.session.scalar(db.select(func.count()).select_from(one)) or 0


def _begin(products: int) -> Any:
    record_as(Occasion("seed", "Seed: load"))
    begun = begin_or_resume(products, RANDOM_SEED)
    db.session.commit()
    return begun


def _load_ours(uri: str, _folder: Path, products: int) -> dict[str, Any]:
    started = time.perf_counter()
    begun = _begin(products)
    write(begun, uri, lambda words: None)
    finish(begun)
    db.session.commit()
    return {"seconds": round(time.perf_counter() - started, 2)}


def _load_raw(uri: str, folder: Path, products: int) -> dict[str, Any]:
    """What the database needs by itself, on one connection and in one transaction; only its own work is timed."""
    plan = _begin(products).plan
    engine = dialects.bulk_engine(uri)
    with engine.begin() as connection:
        seconds = _timed(dialects.drop_indexes, connection, tables())
    with engine.connect() as connection:
        load = _copy_files if dialects.reads_copies(connection) else _insert_lists
        with connection.begin():
            seconds += load(connection, plan, folder)
    with engine.begin() as connection:
        missing = dialects.missing_indexes(connection, tables())
    for index in missing:
        with engine.begin() as connection:
            seconds += _timed(index.create, connection)
    engine.dispose()
    return {"seconds": round(seconds, 2)}


def _timed(act: Callable[..., None], *arguments: Any) -> float:
    started = time.perf_counter()
    act(*arguments)
    return time.perf_counter() - started


def _copy_files(connection: Any, plan: Plan, folder: Path) -> float:
    """COPY from a file for each table, prepared before."""
    world = World(plan)
    files = {name: (folder / name).open("w+", encoding="utf-8") for name in COLUMNS}
    for number in range(chunks_of(plan.products)):
        for name, rows in make_chunk(world, number).items():
            files[name].write(dialects.copy_text(rows) if rows else "")
    seconds = 0.0
    for name, file in files.items():
        file.seek(0)
        seconds += _timed(dialects.copy_file, connection, db.metadata.tables[name], COLUMNS[name], file)
        file.close()
    return seconds


def _insert_lists(connection: Any, plan: Plan, _folder: Path) -> float:
    """The driver's `executemany` with lists of tuples, prepared before; some at a time, for they would fill the memory."""
    world, seconds, written = World(plan), 0.0, Counter()
    for number in range(chunks_of(plan.products)):
        chunk = make_chunk(world, number)
        written += count_rows(chunk)
        for name, rows in chunk.items():
            seconds += _timed(_insert, connection, name, rows)
    assert written["product"] == plan.products
    return seconds


def _insert(connection: Any, name: str, rows: list[tuple]) -> None:
    statement = dialects.insert_statement(connection, db.metadata.tables[name], COLUMNS[name])
    with contextlib.closing(connection.connection.driver_connection.cursor()) as cursor:
        cursor.executemany(statement, rows)
