"""What `bench lists` prints: a line for each task, then what one worker can do, then the goals."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.benchmarks.goals import growth_of, is_too_slow, ratio_to

WIDTH = 38


def table(report: Mapping[str, Any]) -> str:
    sizes, shops = report["sizes"], report["shops"]
    rows = {"": _heads(shops, sizes)}
    rows |= {name: _cells(found, shops, sizes) for name, found in report["tasks"].items()}
    widths = [max(map(len, column)) + 2 for column in zip(*rows.values())]
    lines = [*_head(report), *(_line(name, cells, widths) for name, cells in rows.items())]
    lines += ["", *_worker_lines(report), "", *_goal_lines(report["goals"])]
    return "\n".join(lines).rstrip()


def _head(report: Mapping[str, Any]) -> list[str]:
    lines = [f"{report['engine']}; {report['date']}; ours on {report['python']}, staging; {report['times']} times each"]
    if report["versions"]:
        lines.append(f"beside {'; '.join(report['versions'].values())}, on the same tables")
    lines.append("one gunicorn worker, 4 threads each; milliseconds, median (p95); × ours: of the largest shop")
    for size, sample in report["samples"].items():
        found = sample["found"]
        lines.append(
            f"{int(size):,} products: “{sample['rare']}” in {found[sample['rare']]:,} names, “{sample['common']}” in "
            f"{found[sample['common']]:,}, {sample['in_category']:,} {sample['status']} in the category"
        )
    return [*lines, ""]


def _line(name: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    return f"{name:<{WIDTH}}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths))


def _heads(shops: Sequence[str], sizes: Sequence[int]) -> list[str]:
    heads: list[str] = []
    for shop in shops:
        heads += [f"{shop} {_short(size)}" for size in sizes]
        heads += ["× ours"] if shop != "ours" else ["growth"] if len(sizes) > 1 else []
    return heads


def _cells(found: Mapping[str, Any], shops: Sequence[str], sizes: Sequence[int]) -> list[str]:
    cells: list[str] = []
    for shop in shops:
        cells += [_time(found[shop][str(size)]) for size in sizes]
        if shop != "ours":
            cells.append(_beside(found, shop, max(sizes)))
        elif len(sizes) > 1:
            cells.append(_times(growth_of(found, shop, sizes)))
    return cells


def _beside(found: Mapping[str, Any], shop: str, size: int) -> str:
    return f"{'> ' if is_too_slow(found, shop, size) else ''}{_times(ratio_to(found, shop, size))}"


def _time(one: Mapping[str, Any]) -> str:
    if "median_ms" not in one:
        return "over 20 s"
    return f"{_figure(one['median_ms'])} ({_figure(one['p95_ms'])})"


def _times(ratio: float | None) -> str:
    return _figure(ratio) if ratio is not None else "–"


def _figure(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}"


def _short(size: int) -> str:
    for unit, letter in ((1_000_000, "m"), (1000, "k")):
        if size >= unit and size % unit == 0:
            return f"{size // unit}{letter}"
    return str(size)


def _worker_lines(report: Mapping[str, Any]) -> list[str]:
    lines = []
    if "pages_a_second" in report:
        figures = ", ".join(f"{shop} {_figure(rate)}" for shop, rate in report["pages_a_second"].items())
        lines.append(f"pages a second, 4 clients, {_short(min(report['sizes']))} products: {figures}")
    if "memory_mb" in report:
        figures = ", ".join(f"{shop} {memory:.0f} MB" for shop, memory in report["memory_mb"].items())
        lines.append(
            f"memory of a worker, {_short(max(report['sizes']))} products, ours after 1,000 requests: {figures}"
        )
    return lines + [f"not as expected: {problem}" for problem in report["problems"]]


def _goal_lines(goals: Sequence[Mapping[str, Any]]) -> list[str]:
    """How many are held, and a line for whatever has some."""
    held = sum(goal["is_held"] for goal in goals)
    told: dict[str, list[str]] = {}
    for goal in goals:
        verdict = "held" if goal["is_held"] else "MISSED"
        told.setdefault(goal["of"], []).append(f"{goal['goal']} {verdict} ({_figure(goal['measured'])})")
    lines = [f"{of:<{WIDTH}}  {', '.join(verdicts)}" for of, verdicts in told.items()]
    return [f"goals: {held} of {len(goals)} are held", *lines] if goals else []
