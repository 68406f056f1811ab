"""How long lists, searches and forms take, at several sizes of the shop, beside two stock admins on the same tables."""

import contextlib
import platform
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.browsing import TOO_LONG_SECONDS, TooSlow
from tests.benchmarks.goals import goals_of
from tests.benchmarks.load import Effort, memory_after, pages_a_second
from tests.benchmarks.operations import TASKS, Task
from tests.benchmarks.peers.environments import Peer
from tests.benchmarks.samples import sample_of
from tests.benchmarks.serving import Served, served
from tests.benchmarks.shops import DjangoAdmin, Operation, Ours, Shop, StockFlaskAdmin
from tests.running import SECRET

KINDS: dict[str, type[Shop]] = {kind.name: kind for kind in (Ours, StockFlaskAdmin, DjangoAdmin)}
# Of what takes longer, fewer times must do.
ENOUGH_MS, FEWEST_TIMES = 15_000, 2
Tell = Callable[[str], None]


def measure(
    uris: Mapping[int, str],
    effort: Effort,
    against: Mapping[str, Peer],
    tasks: Sequence[Task] = TASKS,
    tell: Tell = lambda words: None,
) -> dict[str, Any]:
    """Milliseconds of each task by shop and size. uris: a database by the number of its products."""
    with _opened(uris, against, tell) as (shops, servers):
        # By task, one after the other: whatever else the machine does meanwhile, it does to all of them.
        found = {task.name: _measure(task, shops, effort.times, tell) for task in tasks}
        report: dict[str, Any] = {
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "python": f"Python {platform.python_version()}",
            "versions": {name: peer.versions() for name, peer in against.items()},
            "sizes": sorted(uris),
            "shops": ["ours", *against],
            "times": effort.times,
            "samples": _samples(shops),
            "tasks": found,
        }
        if tasks == TASKS:
            tell("pages a second, and memory")
            report["pages_a_second"] = pages_a_second(_at(shops, min(uris)), effort)
            largest = _at(shops, max(uris))
            report["memory_mb"] = memory_after(largest, {shop.name: servers[shop] for shop in largest}, found, effort)
    return report | {"problems": problems_of(found), "goals": goals_of(report)}


def problems_of(found: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[str]:
    """Where a page did not show what it should have."""
    problems = []
    for task, by_shop in found.items():
        for shop, by_size in by_shop.items():
            for size, one in by_size.items():
                where = f"{task}, {shop}, {int(size):,} products"
                if not one.get("is_too_slow") and one.get("status") not in (200, 302):
                    problems.append(f"{where}: status {one['status']}")
                elif not one.get("is_too_slow") and one.get("rows") != one.get("expected_rows"):
                    problems.append(f"{where}: {one['rows']} rows where {one['expected_rows']} were expected")
    return problems


@contextlib.contextmanager
def _opened(
    uris: Mapping[int, str], against: Mapping[str, Peer], tell: Tell
) -> Iterator[tuple[list[Shop], dict[Shop, Served]]]:
    """The shops of every size, somebody signed in at each."""
    servers: dict[Shop, Served] = {}
    with contextlib.ExitStack() as stack:
        for products, uri in uris.items():
            tell(f"{products:,} products: choosing what to look for")
            sample = sample_of(uri)
            for name in ("ours", *against):
                server = stack.enter_context(against[name].served(uri) if name in against else _ours(uri))
                shop = KINDS[name](server.address, sample)
                stack.callback(shop.browser.close)
                servers[shop] = server
        yield list(servers), servers


def _ours(uri: str) -> contextlib.AbstractContextManager[Served]:
    # In development and testing each request looks whether a template was changed.
    environment = {"BACKOFFICE_ENV": "staging", "BACKOFFICE_DATABASE_URI": uri, "BACKOFFICE_SECRET_KEY": SECRET}
    return served(Path(sys.executable), "backoffice:create_app()", environment)


def _at(shops: Sequence[Shop], products: int) -> list[Shop]:
    return [shop for shop in shops if shop.sample.products == products]


def _samples(shops: Sequence[Shop]) -> dict[str, dict[str, Any]]:
    return {str(shop.sample.products): vars(shop.sample) for shop in shops if isinstance(shop, Ours)}


def _measure(task: Task, shops: Sequence[Shop], times: int, tell: Tell) -> dict[str, dict[str, Any]]:
    """By shop and size: median, p95, how many times, and what the page showed."""
    tell(task.name)
    found: dict[Shop, dict[str, Any]] = {shop: {"took": []} for shop in shops}
    ready = {shop: _prepared(task, shop, found[shop]) for shop in shops}
    for _round in range(times):
        for shop, operation in ready.items():
            one = found[shop]
            if operation is None or len(one["took"]) >= one["times"]:
                continue
            try:
                one["took"].append(operation().milliseconds)
            except TooSlow:
                one["is_too_slow"] = True
                ready[shop] = None
    report: dict[str, dict[str, Any]] = {}
    for shop, one in found.items():
        report.setdefault(shop.name, {})[str(shop.sample.products)] = _summary(one)
    return report


def _prepared(task: Task, shop: Shop, one: dict[str, Any]) -> Operation | None:
    """The task made ready, and done once: that fills what the server and the database keep, and shows what comes."""
    try:
        operation = task.prepare(shop)
        answer = operation()
    except TooSlow:
        one["is_too_slow"] = True
        return None
    one["status"] = answer.status
    if answer.status >= 500 and answer.milliseconds >= TOO_LONG_SECONDS * 990:
        # The server broke the query off.
        one["is_too_slow"] = True
        return None
    one["times"] = max(FEWEST_TIMES, int(ENOUGH_MS / answer.milliseconds))
    if task.rows is not None:
        one["rows"], one["expected_rows"] = shop.rows_of(answer), task.rows(shop.sample)
    return operation


def _summary(one: dict[str, Any]) -> dict[str, Any]:
    took = sorted(one.pop("took"))
    one.pop("times", None)
    if one.get("is_too_slow") or not took:
        return one
    p95 = statistics.quantiles(took, n=20, method="inclusive")[-1] if len(took) > 1 else took[0]
    return {"median_ms": round(statistics.median(took), 2), "p95_ms": round(p95, 2), "times": len(took)} | one
