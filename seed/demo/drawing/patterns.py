"""Patterns that fill an outline; where they vary, they vary by `chance`."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from seed.demo.drawing.board import Board
from seed.demo.drawing.outlines import Point, bounds, box, ellipse, path
from seed.demo.drawing.tones import Colour


def hoop(board: Board, outline: Sequence[Point], y: float, width: float, colour: Colour, sag: float = 3) -> None:
    """Draw a line around something turned, bent like its foot."""
    left, _, right, _ = bounds(outline)
    middle, half = (left + right) / 2, (right - left) / 2
    upper = ellipse(middle, y - width / 2, half, sag, 180, 0)
    lower = ellipse(middle, y + width / 2, half, sag, 0, 180)
    with board.within(outline):
        board.fill(upper + lower, colour)


def hoops(board: Board, outline: Sequence[Point], colour: Colour, chance: Random, sag: float = 3) -> None:
    _, top, _, bottom = bounds(outline)
    count = chance.choice((2, 3, 4))
    first = top + (bottom - top) * chance.uniform(0.3, 0.42)
    for i in range(count):
        hoop(board, outline, first + i * 6, chance.choice((1.6, 2.2)), colour, sag)


def bars_across(board: Board, outline: Sequence[Point], colour: Colour, chance: Random) -> None:
    """Draw groups of stripes from side to side, as a tea towel has at its ends."""
    left, top, right, bottom = bounds(outline)
    weights = chance.choice(((3.2, 1.2, 1.2), (1.4, 1.4, 1.4), (4.5, 1.1), (1.2, 3.6, 1.2)))
    start = chance.uniform(9, 13)
    with board.within(outline):
        y = top + start
        for weight in weights:
            board.fill(box(left, y, right - left, weight), colour)
            board.fill(box(left, bottom - (y - top) - weight, right - left, weight), colour)
            y += weight + 2.2


def stripes_across(board: Board, outline: Sequence[Point], colour: Colour, chance: Random) -> None:
    left, top, right, bottom = bounds(outline)
    pitch = chance.uniform(6.5, 9.5)
    weight = pitch * chance.uniform(0.35, 0.5)
    y = top + chance.uniform(1, 4)
    with board.within(outline):
        while y < bottom:
            board.fill(box(left, y, right - left, weight), colour)
            y += pitch


def stripes_down(board: Board, outline: Sequence[Point], colour: Colour, chance: Random) -> None:
    left, top, right, bottom = bounds(outline)
    pitch = chance.uniform(5.5, 8.5)
    weight = pitch * chance.uniform(0.25, 0.45)
    x = left + chance.uniform(1, 4)
    with board.within(outline):
        while x < right:
            board.fill(box(x, top, weight, bottom - top), colour)
            x += pitch


def flutes(board: Board, outline: Sequence[Point], colour: Colour, chance: Random) -> None:
    """Draw fine lines down a tapering glass."""
    left, top, right, bottom = bounds(outline)
    middle, half, count = (left + right) / 2, (right - left) / 2, chance.choice((7, 9, 11))
    with board.within(outline):
        for i in range(count):
            share = (i + 0.5) / count * 2 - 1
            board.line([(middle + share * half, top), (middle + share * half * 0.8, bottom)], 0.9, colour, 0.55)


def checks(board: Board, outline: Sequence[Point], colour: Colour, chance: Random) -> None:
    left, top, right, bottom = bounds(outline)
    pitch = chance.uniform(8.5, 11.5)
    half = pitch / 2
    with board.within(outline):
        for i in range(int((right - left) / pitch) + 1):
            board.fill(box(left + 2 + i * pitch, top, half, bottom - top), colour, 0.42)
        for i in range(int((bottom - top) / pitch) + 1):
            board.fill(box(left, top + 2 + i * pitch, right - left, half), colour, 0.42)


def grid(board: Board, outline: Sequence[Point], colour: Colour, chance: Random) -> None:
    """Draw thin lines both ways, as a waffle weave or a windowpane check has."""
    left, top, right, bottom = bounds(outline)
    pitch = chance.uniform(7, 10)
    with board.within(outline):
        for i in range(1, int((right - left) / pitch) + 1):
            board.line([(left + i * pitch, top), (left + i * pitch, bottom)], 0.9, colour)
        for i in range(1, int((bottom - top) / pitch) + 1):
            board.line([(left, top + i * pitch), (right, top + i * pitch)], 0.9, colour)


def dots(board: Board, outline: Sequence[Point], colour: Colour, chance: Random) -> None:
    left, top, right, bottom = bounds(outline)
    pitch, radius = chance.uniform(8, 10.5), chance.uniform(1.2, 1.9)
    with board.within(outline):
        for row in range(int((bottom - top) / pitch * 1.2) + 2):
            for column in range(int((right - left) / pitch) + 2):
                x = left + column * pitch + (row % 2) * pitch / 2
                board.fill(ellipse(x, top + 3 + row * pitch * 0.85, radius, radius), colour)


def speckles(board: Board, outline: Sequence[Point], colour: Colour, chance: Random) -> None:
    left, top, right, bottom = bounds(outline)
    count = int((right - left) * (bottom - top) / 34)
    with board.within(outline):
        for _ in range(count):
            x, y = chance.uniform(left, right), chance.uniform(top, bottom)
            radius = chance.uniform(0.25, 0.75)
            board.fill(ellipse(x, y, radius, radius * 0.85), colour, chance.uniform(0.35, 0.8))


def sprigs(board: Board, outline: Sequence[Point], colour: Colour, chance: Random) -> None:
    """Scatter small twigs with three pairs of leaves."""
    left, top, right, bottom = bounds(outline)
    pitch = chance.uniform(15, 18)
    with board.within(outline):
        for row in range(int((bottom - top) / pitch) + 1):
            for column in range(int((right - left) / pitch) + 2):
                x = left + column * pitch + (row % 2) * pitch / 2
                sprig(board, x, top + 10 + row * pitch, colour, chance.choice((-1, 1)))


def sprig(board: Board, x: float, y: float, colour: Colour, lean: float = 1, size: float = 1) -> None:
    board.line([(x - 2 * lean * size, y + 5 * size), (x + 2 * lean * size, y - 5 * size)], 0.7 * size, colour)
    for step in (-2.5, 0.5, 3.5):
        stem_x, stem_y = x - step * 0.4 * lean * size, y + step * size
        for side in (-1, 1):
            tip_x, tip_y = stem_x + side * 3.2 * size, stem_y - 2.4 * size
            board.fill(leaf((stem_x, stem_y), (tip_x, tip_y), 0.9 * size), colour)


def leaf(stem: Point, tip: Point, belly: float) -> list[Point]:
    """Return a pointed leaf from stem to tip; belly is its half width."""
    dx, dy = tip[0] - stem[0], tip[1] - stem[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1
    nx, ny = -dy / length * belly * 2, dx / length * belly * 2
    mx, my = stem[0] + dx * 0.45, stem[1] + dy * 0.45
    return path(
        f"M {stem[0]:.3f} {stem[1]:.3f} Q {mx + nx:.3f} {my + ny:.3f} {tip[0]:.3f} {tip[1]:.3f}"
        f" Q {mx - nx:.3f} {my - ny:.3f} {stem[0]:.3f} {stem[1]:.3f}"
    )


def waves(board: Board, outline: Sequence[Point], colour: Colour, chance: Random) -> None:
    left, top, right, bottom = bounds(outline)
    pitch, length = chance.uniform(6, 8), chance.uniform(9, 13)
    with board.within(outline):
        for row in range(int((bottom - top) / pitch) + 1):
            y = top + 3 + row * pitch
            steps = int((right - left) / length) + 2
            start = left - length / 2 * (row % 2)
            crest = f" q {length / 4:.2f} -3 {length / 2:.2f} 0 q {length / 4:.2f} 3 {length / 2:.2f} 0"
            board.line(path(f"M {start:.2f} {y:.2f}" + crest * steps), 1, colour)


def no_pattern(board: Board, outline: Sequence[Point], colour: Colour, chance: Random) -> None:
    """Leave the outline as it is."""
