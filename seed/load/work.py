"""Writes chunks of products, each in a transaction of its own, by as many processes as help.

A chunk is there whole or not at all, and by its first product it is told whether it is there: so a load that was
stopped, however rudely, goes on where it was.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from backoffice import dialects
from backoffice.extensions import db
from seed.load.rows import CHUNK_PRODUCTS, COLUMNS, Rows, chunks_of, count_rows, make_chunk
from seed.load.world import Plan, World

# More than these wait for the database rather than for each other's words.
MOST_PROCESSES = 8
CHUNKS_AHEAD = 3
# A process needs some seconds to begin, in which one alone has written these.
FEW_CHUNKS = 7


def write_chunks(uri: str, plan: Plan, numbers: list[int], processes: int | None = None) -> Iterator[Counter[str]]:
    """Write the chunks of these numbers; yields the rows of each by table, as it is committed.

    processes: how many write; 0 for none but this one. Closing the iterator waits for those at work.
    """
    if processes is None:
        processes = _helpful_processes(len(numbers))
    if processes == 0:
        worker = _Worker(uri, plan, None)
        with contextlib.closing(worker):
            yield from map(worker.write, range(len(numbers)), numbers)
    else:
        yield from _write_by_processes(uri, plan, numbers, processes)


def _helpful_processes(chunks: int) -> int:
    return 0 if chunks <= FEW_CHUNKS else min(os.cpu_count() or 1, MOST_PROCESSES)


def _write_by_processes(uri: str, plan: Plan, numbers: list[int], processes: int) -> Iterator[Counter[str]]:
    # Begun anew rather than copied: this one's connections are not theirs.
    context = multiprocessing.get_context("spawn")
    turn = _Turn(context) if dialects.writes_in_turn(uri) else None
    pool = ProcessPoolExecutor(processes, context, _begin, (uri, plan, turn))
    waiting: set[Future[Counter[str]]] = set()
    try:
        for place, number in enumerate(numbers):
            waiting.add(pool.submit(_write, place, number))
            if len(waiting) >= processes + CHUNKS_AHEAD:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)
    finally:
        if turn is not None and waiting:
            turn.give_up()
        pool.shutdown(cancel_futures=True)


class _Turn:
    """Lets processes write one after another, in the order of their places."""

    def __init__(self, context: Any) -> None:
        self._next = context.Value("q", 0)
        self._changed = context.Condition()

    @contextlib.contextmanager
    def at(self, place: int) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: self._next.value in (place, -1))
            if self._next.value == -1:
                raise RuntimeError("The chunk before this one was not written.")
        try:
            yield
        except BaseException:
            self.give_up()
            raise
        with self._changed:
            if self._next.value == place:
                self._next.value = place + 1
            self._changed.notify_all()

    def give_up(self) -> None:
        with self._changed:
            self._next.value = -1
            self._changed.notify_all()


class _Worker:
    """Makes and writes chunks over one connection."""

    def __init__(self, uri: str, plan: Plan, turn: _Turn | None) -> None:
        self._engine = dialects.bulk_engine(uri)
        self._world = World(plan)
        self._turn = turn

    def write(self, place: int, number: int) -> Counter[str]:
        rows = make_chunk(self._world, number)
        with self._turn.at(place) if self._turn else contextlib.nullcontext():
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
                raise


def _is_there(connection: Any, rows: Rows) -> bool:
    product = db.metadata.tables["product"]
    return connection.scalar(select(product.c.id).where(product.c.id == rows["product"][0][0])) is not None


_worker: _Worker | None = None


def _begin(uri: str, plan: Plan, turn: _Turn | None) -> None:
    global _worker
    # Whoever presses Ctrl-C stops the process that hands out the work; it lets the others end what they are at.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import backoffice.catalog.models
    import backoffice.inventory.models  # noqa: F401

    _worker = _Worker(uri, plan, turn)


def _end_with_parent() -> None:
    """A process whose work nobody hands out any more would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _write(place: int, number: int) -> Counter[str]:
    assert _worker is not None
    return _worker.write(place, number)


def missing_chunks(connection: Any, plan: Plan) -> list[int]:
    """The numbers of the chunks that are not there yet."""
    key, first = db.metadata.tables["product"].c.id, plan.first_keys["product"]
    firsts = select(key).where(key >= first, key < first + plan.products, (key - first) % CHUNK_PRODUCTS == 0)
    present = {(found - first) // CHUNK_PRODUCTS for found in connection.scalars(firsts)}
    return [number for number in range(chunks_of(plan.products)) if number not in present]
