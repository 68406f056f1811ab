"""Outlines as lists of points, in a square of 120 units with y pointing down."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

Point = tuple[float, float]
Outline = list[Point]

UNITS = 120
STEPS = 40


def ellipse(cx: float, cy: float, rx: float, ry: float, start: float = 0, end: float = 360) -> Outline:
    """Return the ellipse, or its part from start to end, in degrees clockwise from the right."""
    count = max(12, int(abs(end - start) / 2.5))
    angles = (math.radians(start + (end - start) * i / count) for i in range(count + 1))
    return [(cx + rx * math.cos(a), cy + ry * math.sin(a)) for a in angles]


def circle(cx: float, cy: float, radius: float) -> Outline:
    return ellipse(cx, cy, radius, radius)


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> Outline:
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return rounded(corners, radius) if radius else corners


def rounded(corners: Sequence[Point], radius: float | Sequence[float]) -> Outline:
    """Soften the corners of a polygon; radius is one figure, or one for each corner."""
    radii = [radius] * len(corners) if isinstance(radius, (int, float)) else radius
    points: Outline = []
    for i, corner in enumerate(corners):
        before, after = corners[i - 1], corners[(i + 1) % len(corners)]
        entry, leave = _towards(corner, before, radii[i]), _towards(corner, after, radii[i])
        points += _quadratic(entry, corner, leave, 10)
    return points


def turned(cx: float, profile: Sequence[Point], sag: float = 3, smooth: bool = True) -> Outline:
    """Return the silhouette of something turned on a wheel.

    profile: (half width, y) from the top to the foot.
    sag: how far the near edge of the foot hangs below the last y.
    """
    side = through(profile) if smooth else list(profile)
    foot_half, foot_y = side[-1]
    foot = ellipse(cx, foot_y, foot_half, sag, 0, 180)
    right = [(cx + half, y) for half, y in side]
    left = [(cx - half, y) for half, y in reversed(side)]
    return right + foot + left


def through(points: Sequence[Point]) -> Outline:
    """Return a smooth curve through every point (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    curve: Outline = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        curve += [_catmull_rom(a, b, c, d, i / 16) for i in range(16)]
    return [*curve, points[-1]]


def path(text: str) -> Outline:
    """Read the commands M L H V C Q Z of an SVG path (one figure) as points."""
    points: Outline = []
    at: Point = (0.0, 0.0)
    for command, figures in _path_commands(text):
        base = at if command.islower() else (0.0, 0.0)
        kind = command.upper()
        if kind == "H":
            at = (base[0] + figures[0], at[1])
        elif kind == "V":
            at = (at[0], base[1] + figures[0])
        else:
            ends = [(base[0] + x, base[1] + y) for x, y in zip(figures[::2], figures[1::2], strict=True)]
            points += _curve_before_end(kind, at, ends)
            at = ends[-1]
        points.append(at)
    return points


def bounds(outline: Sequence[Point]) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom."""
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    return min(xs), min(ys), max(xs), max(ys)


def moved(outline: Sequence[Point], dx: float, dy: float) -> Outline:
    return [(x + dx, y + dy) for x, y in outline]


_FIGURES_PER_COMMAND = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4}


def _path_commands(text: str) -> Iterator[tuple[str, list[float]]]:
    for command, rest in re.findall(r"([MLHVCQmlhvcq])([^A-Za-z]*)", text):
        figures = [float(figure) for figure in re.findall(r"-?\d*\.?\d+", rest)]
        size = _FIGURES_PER_COMMAND[command.upper()]
        for start in range(0, len(figures), size):
            yield command, figures[start : start + size]


def _curve_before_end(kind: str, start: Point, ends: list[Point]) -> Outline:
    if kind == "C":
        return [_cubic(start, *ends, i / STEPS) for i in range(1, STEPS)]
    if kind == "Q":
        return _quadratic(start, ends[0], ends[1], STEPS)[1:-1]
    return []


def _cubic(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    u = 1 - t
    weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
    return _weighted((a, b, c, d), weights)


def _quadratic(a: Point, b: Point, c: Point, steps: int) -> Outline:
    shares = [i / steps for i in range(steps + 1)]
    return [_weighted((a, b, c), ((1 - t) ** 2, 2 * t * (1 - t), t * t)) for t in shares]


def _catmull_rom(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    weights = (
        (-t + 2 * t**2 - t**3) / 2,
        (2 - 5 * t**2 + 3 * t**3) / 2,
        (t + 4 * t**2 - 3 * t**3) / 2,
        (-(t**2) + t**3) / 2,
    )
    return _weighted((a, b, c, d), weights)


def _weighted(points: Sequence[Point], weights: Sequence[float]) -> Point:
    x = sum(p[0] * w for p, w in zip(points, weights, strict=True))
    y = sum(p[1] * w for p, w in zip(points, weights, strict=True))
    return x, y


def _towards(start: Point, end: Point, distance: float) -> Point:
    length = math.dist(start, end) or 1.0
    share = min(distance / length, 0.5)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
