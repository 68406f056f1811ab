"""Bars as SVG shapes: where each stands and how high it is, so that a template only draws."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 520, 180
LEFT, RIGHT, TOP, BOTTOM = 32, 516, 25, 150


@dataclass(frozen=True)
class Bar:
    """One bar. label: below it, as many as there is room for; words: what it says in full; url: its list."""

    words: str
    label: str
    value: int
    shown: str
    url: str
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Chart:
    title: str
    hint: str
    column: str
    bars: list[Bar]
    rules: list[tuple[float, int]]

    @property
    def highest(self) -> Bar:
        return max(self.bars, key=lambda bar: bar.value)


def chart(title: str, hint: str, column: str, bars: Sequence[Bar]) -> Chart:
    """The bars put in their places under a scale of round numbers."""
    most = round_up(max((bar.value for bar in bars), default=0))
    step = (RIGHT - LEFT) / max(len(bars), 1)
    placed = []
    for place, bar in enumerate(bars):
        height = round((BOTTOM - TOP) * bar.value / most, 1)
        shape = {"x": round(LEFT + place * step + step * 0.18, 1), "width": round(step * 0.64, 1)}
        shape |= {"y": round(BOTTOM - height, 1), "height": height}
        placed.append(Bar(bar.words, bar.label, bar.value, bar.shown, bar.url, **shape))
    rules = [(round(BOTTOM - (BOTTOM - TOP) * part / 2, 1), most * part // 2) for part in range(3)]
    return Chart(title, hint, column, placed, rules)


def round_up(number: int) -> int:
    """The next number of 2, 10, 20, 50, 100 and so on that is not below it, and can be halved."""
    if number <= 2:
        return 2
    power = 10 ** math.floor(math.log10(number))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= number and times * power % 2 == 0)
