"""Writes chunks of products, each in a transaction of its own, by as many processes as help.

A chunk is there whole or not at all, and by its first product it is told whether it is there: so a load that was
stopped, however rudely, goes on where it was.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from backoffice import dialects
from backoffice.errors import Refusal
from backoffice.extensions import db
from seed.load.rows import CHUNK_PRODUCTS, COLUMNS, Rows, chunks_of, count_rows, make_chunk
from seed.load.world import Plan, World

# More than these wait for the database rather than for each other's words.
MOST_HELPERS = 7
CHUNKS_AHEAD = 2
TAKEN = (
    "Somebody made something with a key, SKU or address that the load needs, so it cannot go on. "
    "Empty the shop with --reset, and load anew."
)
# A helper needs some seconds to begin, in which one alone has written these.
FEW_CHUNKS = 7


def write_chunks(uri: str, plan: Plan, numbers: list[int], helpers: int | None = None) -> Iterator[Counter[str]]:
    """Write the chunks of these numbers; yields the rows of each by table, as it is committed.

    helpers: how many processes write beside this one; None for as many as help. Closing the iterator waits until
    they have ended what they are at.
    """
    helpers = _useful_helpers(uri, len(numbers)) if helpers is None else helpers
    with contextlib.closing(_Worker(uri, plan)) as worker:
        if helpers:
            yield from _write_with_helpers(worker, uri, plan, deque(numbers), helpers)
        else:
            yield from map(worker.write, numbers)


def _useful_helpers(uri: str, chunks: int) -> int:
    if chunks <= FEW_CHUNKS or not dialects.takes_many_writers(uri):
        return 0
    return min((os.cpu_count() or 1) - 1, MOST_HELPERS)


def _write_with_helpers(
    worker: "_Worker", uri: str, plan: Plan, numbers: deque[int], helpers: int
) -> Iterator[Counter[str]]:
    # Begun anew rather than copied: this process's connections are not theirs.
    pool = ProcessPoolExecutor(helpers, multiprocessing.get_context("spawn"), _begin, (uri, plan))
    waiting: set[Future[Counter[str]]] = set()
    try:
        while numbers or waiting:
            while numbers and len(waiting) < helpers * CHUNKS_AHEAD:
                waiting.add(pool.submit(_write, numbers.popleft()))
            if numbers:
                yield worker.write(numbers.popleft())
            done, waiting = wait(waiting, 0 if numbers else None, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)
    finally:
        pool.shutdown(cancel_futures=True)


class _Worker:
    """Makes and writes chunks over one connection."""

    def __init__(self, uri: str, plan: Plan) -> None:
        self._engine = dialects.bulk_engine(uri)
        self._world = World(plan)

    def write(self, number: int) -> Counter[str]:
        rows = make_chunk(self._world, number)
        _write_once(self._engine, rows)
        return count_rows(rows)

    def close(self) -> None:
        self._engine.dispose()


def _write_once(engine: Engine, rows: Rows) -> None:
    """Write a chunk that is not there yet; another load may be faster with the same."""
    try:
        with engine.begin() as connection:
            if not _is_there(connection, rows):
                for table, columns in COLUMNS.items():
                    dialects.write_rows(connection, db.metadata.tables[table], columns, rows[table])
    except IntegrityError:
        with engine.connect() as connection:
            if not _is_there(connection, rows):
                raise Refusal(TAKEN) from None


def _is_there(connection: Any, rows: Rows) -> bool:
    product, key = db.metadata.tables["product"], rows["product"][0][0]
    return _is_loaded(key, connection.scalar(select(product.c.slug).where(product.c.id == key)))


def _is_loaded(key: int, slug: str | None) -> bool:
    """Whether a product is one that was loaded, and not one that staff made with a key of the load's."""
    return slug is not None and slug.endswith(f"-{key}")


_worker: _Worker | None = None


def _begin(uri: str, plan: Plan) -> None:
    global _worker
    # Whoever presses Ctrl-C stops the process that hands out the work; it lets the others end what they are at.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import backoffice.catalog.models
    import backoffice.inventory.models  # noqa: F401

    _worker = _Worker(uri, plan)


def _end_with_parent() -> None:
    """A process whose work nobody hands out any more would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _write(number: int) -> Counter[str]:
    assert _worker is not None
    return _worker.write(number)


def missing_chunks(connection: Any, plan: Plan) -> list[int]:
    """The numbers of the chunks that are not there yet."""
    product, first = db.metadata.tables["product"], plan.first_keys["product"]
    key = product.c.id
    is_first = ((key - first) % CHUNK_PRODUCTS == 0) & (key >= first) & (key < first + plan.products)
    firsts = connection.execute(select(key, product.c.slug).where(is_first))
    present = {(found - first) // CHUNK_PRODUCTS for found, slug in firsts if _is_loaded(found, slug)}
    return [number for number in range(chunks_of(plan.products)) if number not in present]
