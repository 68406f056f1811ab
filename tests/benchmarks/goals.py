"""Which of the goals a run holds, and by what number it misses the others."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.benchmarks.browsing import TOO_LONG_SECONDS
from tests.benchmarks.operations import LEAST_PAGES_A_SECOND, MOST_GROWTH, MOST_MEMORY_MB, TASKS, Task

Found = Mapping[str, Mapping[str, Mapping[str, Any]]]
# From this size on the times and ratios are what we promise; a smaller shop is faster anyway, and so are the others.
PROMISED_AT = 1_000_000


def median_of(found: Found, shop: str, size: int) -> float | None:
    """Milliseconds; None where the shop was not asked, or was too slow."""
    return found.get(shop, {}).get(str(size), {}).get("median_ms")


def growth_of(found: Found, shop: str, sizes: Sequence[int]) -> float | None:
    """How many times as long it takes in the largest shop as in the smallest."""
    return _quotient(median_of(found, shop, max(sizes)), median_of(found, shop, min(sizes))) if len(sizes) > 1 else None


def ratio_to(found: Found, shop: str, size: int) -> float | None:
    """How many times as long as ours another shop takes; at least, where it was too slow to wait for."""
    theirs = TOO_LONG_SECONDS * 1000 if is_too_slow(found, shop, size) else median_of(found, shop, size)
    return _quotient(theirs, median_of(found, "ours", size))


def is_too_slow(found: Found, shop: str, size: int) -> bool:
    return bool(found.get(shop, {}).get(str(size), {}).get("is_too_slow"))


def _quotient(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None


def goals_of(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each goal that this run can tell of: whose it is, in words, what was measured, and whether it is held."""
    sizes = report["sizes"]
    goals: list[dict[str, Any]] = []
    for task in TASKS:
        found = report["tasks"].get(task.name)
        if found is None:
            continue
        growth = growth_of(found, "ours", sizes)
        if growth is not None:
            goals.append(_most(task.name, "growth ", growth, MOST_GROWTH, ""))
        if max(sizes) >= PROMISED_AT:
            goals += _of_task(task, found, max(sizes))
    if "pages_a_second" in report:
        goals.append(_least("pages a second", "", report["pages_a_second"]["ours"], LEAST_PAGES_A_SECOND, ""))
    if "memory_mb" in report and max(sizes) >= PROMISED_AT:
        goals.append(_most("memory of a worker", "", report["memory_mb"]["ours"], MOST_MEMORY_MB, " MB"))
    return goals


def _of_task(task: Task, found: Found, size: int) -> list[dict[str, Any]]:
    goals = []
    ours = median_of(found, "ours", size)
    if task.most_ms is not None and ours is not None:
        goals.append(_most(task.name, "", ours, task.most_ms, " ms"))
    for peer, least in task.least.items():
        ratio = ratio_to(found, peer, size)
        # Of a shop that nobody waited for, a ratio that is too small tells nothing.
        if ratio is not None and not (is_too_slow(found, peer, size) and ratio < least):
            goals.append(_least(task.name, f"{peer} ", ratio, least, "×"))
    return goals


def _most(of: str, what: str, measured: float, limit: float, unit: str) -> dict[str, Any]:
    goal = f"{what}≤ {limit:g}{unit}"
    return {"of": of, "goal": goal, "measured": round(measured, 3), "is_held": measured <= limit}


def _least(of: str, what: str, measured: float, limit: float, unit: str) -> dict[str, Any]:
    goal = f"{what}≥ {limit:g}{unit}"
    return {"of": of, "goal": goal, "measured": round(measured, 3), "is_held": measured >= limit}
