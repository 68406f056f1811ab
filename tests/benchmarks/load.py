"""What one worker can do: pages a second for several clients at a time, and its memory after a thousand requests."""

import statistics
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from tests.benchmarks.browsing import Browser
from tests.benchmarks.operations import TASKS
from tests.benchmarks.serving import Served
from tests.benchmarks.shops import Ours, Shop

CLIENTS = 4
ROUNDS = 3
# A thousand of what takes longer would take all day.
QUICK_MS = 150


@dataclass(frozen=True)
class Effort:
    """times: of each task; seconds: of each turn in which pages are counted; requests: before memory is looked at."""

    times: int = 15
    seconds: float = 3
    requests: int = 1000


def pages_a_second(shops: Sequence[Shop], effort: Effort) -> dict[str, float]:
    """First pages of the list, by shop, in turns; the median of the turns."""
    found: dict[str, list[float]] = {shop.name: [] for shop in shops}
    for _round in range(ROUNDS):
        for shop in shops:
            found[shop.name].append(_rate(shop, effort.seconds))
    return {name: round(statistics.median(rates), 1) for name, rates in found.items()}


def _rate(shop: Shop, seconds: float) -> float:
    path, end = shop.list_address(), time.monotonic() + seconds
    pages = [0] * CLIENTS

    def ask(number: int) -> None:
        browser = Browser(shop.browser.address).signed_in_as(shop.browser)
        while time.monotonic() < end:
            assert browser.get(path).status == 200
            pages[number] += 1
        browser.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(pages) / seconds


def memory_after(
    shops: Sequence[Shop], servers: Mapping[str, Served], found: Mapping[str, Mapping[str, Any]], effort: Effort
) -> dict[str, float]:
    """Megabytes of a worker by shop: ours after a thousand more requests of all kinds, the others as they are."""
    for shop in shops:
        if isinstance(shop, Ours):
            _ask_everything(shop, found, effort.requests)
    return {name: round(server.worker_memory_mb(), 1) for name, server in servers.items()}


def _ask_everything(shop: Shop, found: Mapping[str, Mapping[str, Any]], requests: int) -> None:
    size = str(shop.sample.products)
    quick = [task for task in TASKS if found[task.name][shop.name][size].get("median_ms", QUICK_MS) < QUICK_MS]
    operations = cycle([task.prepare(shop) for task in quick])
    for _request in range(requests):
        next(operations)()
