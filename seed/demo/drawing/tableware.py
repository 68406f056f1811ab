"""Things that stand or lie on a laid table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from random import Random

from seed.demo.drawing.board import Board
from seed.demo.drawing.outlines import Point, box, circle, ellipse, path, rounded, turned
from seed.demo.drawing.patterns import bars_across, dots, flutes, hoop, hoops, no_pattern, speckles, sprig, waves
from seed.demo.drawing.tones import PAPER, STEEL, Colour, Tones, contrasting, darker, lighter, mix

Pattern = Callable[[Board, Sequence[Point], Colour, Random], None]

WATER: Colour = (214, 228, 232)


def opening(
    board: Board, cx: float, y: float, half_width: float, rim: Colour, inside: Colour, depth: float = 0.2
) -> None:
    """Draw the round mouth of a vessel, seen a little from above."""
    board.fill(ellipse(cx, y, half_width, half_width * depth), rim)
    board.fill(ellipse(cx, y + 0.3, half_width - 2, half_width * depth - 1.5), inside)
    board.shade(ellipse(cx, y + 0.3, half_width - 2, half_width * depth - 1.5), 3, 2.2, 0.14)


def mug(
    board: Board,
    tones: Tones,
    chance: Random,
    pattern: Pattern = no_pattern,
    half_width: float = 22.5,
    rim_y: float = 38,
) -> None:
    half = half_width + chance.uniform(-1, 1.5)
    top = rim_y + chance.uniform(-2, 2)
    body = turned(56, [(half, top), (half, 88), (half - 2.5, 94)], 4, smooth=False)
    board.stand(58, 97, half)
    handle = path(f"M {56 + half - 2} {top + 11} C {56 + half + 22} {top + 8} {56 + half + 22} 84 {56 + half - 2} 80")
    board.line(handle, 6.5, darker(tones.main, 0.06))
    board.line(handle, 1.4, lighter(tones.main, 0.3), 0.5)
    board.solid(body, tones.main)
    pattern(board, body, tones.second, chance)
    opening(board, 56, top, half, tones.second, darker(tones.main, 0.12))


def cup_and_saucer(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 95, 38)
    saucer = turned(60, [(40, 88), (30, 94), (18, 96)], 2)
    board.solid(saucer, tones.main)
    board.fill(ellipse(60, 88, 40, 6.5), lighter(tones.main, 0.2))
    board.fill(ellipse(60, 88.6, 33, 4.6), darker(tones.main, 0.07))
    board.line(path("M 82 58 C 101 54 98 76 78 75"), 4.6, darker(tones.main, 0.06))
    height = chance.uniform(48, 53)
    bowl = turned(60, [(26, height), (25, 66), (19, 80), (12, 87)], 2.5)
    board.solid(bowl, tones.main)
    hoop(board, bowl, height + chance.uniform(7, 12), 2, tones.second)
    opening(board, 60, height, 26, tones.second, mix(tones.second, (84, 52, 30), 0.75))


def egg_cups(board: Board, tones: Tones, chance: Random) -> None:
    for cx, base, colour in ((43, 90, tones.main), (78, 96, tones.second)):
        board.stand(cx, base, 13)
        board.solid(ellipse(cx, base - 38, 12.5, 16), (236, 214, 190))
        cup = turned(cx, [(16, base - 36), (15, base - 26), (6, base - 15), (6, base - 10), (13, base - 2)], 2.5)
        board.solid(cup, colour)
        hoop(board, cup, base - 31 + chance.uniform(-1, 1), 1.4, contrasting(colour))


def bowl(
    board: Board, tones: Tones, chance: Random, pattern: Pattern = no_pattern, half: float = 41, rim_y: float = 54
) -> None:
    top = rim_y + chance.uniform(-2, 2)
    side = turned(60, [(half, top), (half - 2.5, top + 13), (half * 0.68, 85), (half * 0.45, 91)], 2.5)
    foot = turned(60, [(half * 0.44, 89), (half * 0.47, 95)], 2.5)
    board.stand(60, 97, half * 0.75)
    board.solid(foot, darker(tones.main, 0.12))
    board.solid(side, tones.main)
    pattern(board, side, tones.second, chance)
    opening(board, 60, top, half, lighter(tones.main, 0.35), tones.second, 0.19)


def bowl_stack(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 97, 30)
    shift = chance.uniform(-1.5, 1.5)
    for i, colour in enumerate((tones.main, tones.second, mix(tones.main, PAPER, 0.55))):
        top, cx = 71 - i * 15, 60 + shift * i
        side = turned(cx, [(38 - i, top), (35 - i, top + 9), (24, top + 20), (16, top + 24)], 2.5)
        board.solid(side, colour)
        board.fill(ellipse(cx, top, 38 - i, 6.5), lighter(colour, 0.25))
        board.fill(ellipse(cx, top + 0.6, 35.5 - i, 5), darker(colour, 0.12))


def plate(board: Board, tones: Tones, chance: Random, pattern: Pattern = no_pattern) -> None:
    """Draw a plate from above; a pattern fills its well."""
    radius, well = chance.uniform(41, 44), chance.uniform(26, 30)
    board.lay(circle(60, 60, radius), 1.4)
    board.fill(circle(60, 60, radius), tones.main)
    board.shade(circle(60, 60, radius), -3, -3, 0.08)
    board.line(circle(60, 60, radius - 1.6), chance.uniform(1.4, 3), tones.second)
    board.fill(circle(60, 60, well), lighter(tones.main, 0.35))
    board.shade(circle(60, 60, well), 2.2, 2.2, 0.09)
    pattern(board, circle(60, 60, well - 3), tones.second, chance)
    board.line(ellipse(60, 60, radius - 7, radius - 7, 195, 250), 1.6, (255, 255, 255), 0.55)


def sprig_plate(board: Board, tones: Tones, chance: Random) -> None:
    plate(board, tones, chance)
    for turn in range(0, 360, 60):
        with board.placed(turn=turn + chance.uniform(-4, 4)):
            sprig(board, 60, 25, tones.second, 1, 0.9)
    sprig(board, 60, 60, tones.second, 1, 1.9)


def platter(board: Board, tones: Tones, chance: Random) -> None:
    with board.placed(turn=chance.uniform(-24, -8)):
        board.lay(ellipse(60, 60, 48, 31), 1.4)
        board.fill(ellipse(60, 60, 48, 31), tones.main)
        board.shade(ellipse(60, 60, 48, 31), -3, -3, 0.09)
        board.line(ellipse(60, 60, 46, 29), 2, tones.second)
        board.fill(ellipse(60, 60, 36, 20.5), lighter(tones.main, 0.35))
        board.shade(ellipse(60, 60, 36, 20.5), 2, 2, 0.1)
        fish(board, tones.second)


def fish(board: Board, colour: Colour) -> None:
    board.line(path("M 38 60 C 48 50 66 50 76 60 L 84 54 L 84 66 L 76 60 C 66 70 48 70 38 60"), 1.4, colour)
    board.fill(circle(46, 58.5, 1.3), colour)
    board.line(path("M 53 54 Q 57 60 53 66"), 1.2, colour)


def jug(board: Board, tones: Tones, chance: Random, pattern: Pattern = no_pattern) -> None:
    belly = chance.uniform(25, 29)
    board.stand(58, 97, belly * 0.85)
    board.line(path("M 72 36 C 104 28 104 76 80 80"), 6, darker(tones.main, 0.06))
    side = turned(57, [(18, 28), (16, 40), (belly, 66), (belly - 2, 82), (belly - 8, 93)], 3.5)
    lip = path("M 39 28 L 29 21 Q 42 22 56 24 L 60 40 L 41 40 Q 41 32 39 28")
    board.fill(lip, darker(tones.main, 0.04))
    board.solid(side, tones.main)
    pattern(board, side, tones.second, chance)
    opening(board, 57, 28, 18, tones.second, darker(tones.main, 0.25))


def teapot(board: Board, tones: Tones, chance: Random) -> None:
    height = chance.uniform(46, 50)
    board.stand(60, 97, 30)
    board.line(path(f"M 86 {height + 8} C 113 {height} 110 90 84 84"), 5.5, darker(tones.main, 0.08))
    spout = path("M 36 66 C 24 64 24 54 15 46 L 22 42 C 32 50 32 54 40 54")
    board.fill(spout, darker(tones.main, 0.1))
    side = turned(60, [(15, height), (29, height + 13), (32, 74), (26, 88), (19, 94)], 3)
    board.solid(side, tones.main)
    hoop(board, side, chance.uniform(64, 80), 1.8, tones.second)
    lid = turned(60, [(3, height - 8), (11, height - 5), (16.5, height + 1)], 3)
    board.solid(lid, tones.second)
    board.solid(circle(60, height - 10, 4.2), darker(tones.second, 0.15))


def glass(board: Board, tones: Tones, chance: Random, pattern: Pattern = no_pattern) -> None:
    top, half = chance.uniform(28, 36), chance.uniform(19, 23)
    shape = turned(60, [(half, top), (half * 0.8, 94)], 3.5, smooth=False)
    level = chance.uniform(52, 60)
    inner = turned(60, [(half - 2, top), (half * 0.8 - 1.6, 90)], 3, smooth=False)
    board.stand(60, 96, half * 0.8)
    board.fill(shape, lighter(tones.main, 0.3), 0.75)
    with board.within(inner):
        board.fill(box(0, level, 120, 60), tones.main, 0.75)
    board.fill(ellipse(60, level, half * 0.86, 3.4), lighter(tones.main, 0.25))
    pattern(board, shape, (255, 255, 255), chance)
    finish_glass(board, shape, top, half, tones.second)


def finish_glass(board: Board, shape: Sequence[Point], top: float, half: float, edge: Colour, cx: float = 60) -> None:
    board.shade(shape, -half * 0.4, 0, 0.07)
    board.line([(cx - half * 0.66, top + 10), (cx - half * 0.56, 84)], 2.2, (255, 255, 255), 0.6)
    board.line(ellipse(cx, top, half - 0.4, half * 0.18), 1.1, edge, 0.8)


def wine_glass(board: Board, tones: Tones, chance: Random) -> None:
    cup = turned(60, [(17, 20), (21, 38), (17, 54), (5, 63)], 1)
    level = chance.uniform(36, 43)
    board.stand(60, 97, 17)
    board.fill(ellipse(60, 96, 18, 3.4), lighter(tones.main, 0.45))
    board.line([(60, 62), (60, 95)], 2.4, lighter(tones.main, 0.3))
    board.fill(cup, lighter(tones.main, 0.5), 0.75)
    with board.within(cup):
        board.fill(box(0, level, 120, 60), tones.main, 0.9)
    board.fill(ellipse(60, level, 20.4, 3.2), lighter(tones.main, 0.2))
    board.shade(cup, -8, 0, 0.08)
    board.line(path("M 44 30 Q 42 42 48 51"), 2, (255, 255, 255), 0.6)
    board.line(ellipse(60, 20, 16.6, 3), 1, tones.second, 0.7)
    board.line(ellipse(60, 96, 18, 3.4, 20, 160), 0.9, tones.second, 0.6)


def carafe(board: Board, tones: Tones, chance: Random) -> None:
    shoulder = chance.uniform(50, 58)
    shape = turned(60, [(11, 18), (9, 32), (13, 42), (26, shoulder + 14), (27, 84), (24, 94)], 3.5)
    board.stand(60, 96, 25)
    board.fill(shape, lighter(tones.main, 0.45), 0.8)
    level = shoulder + 6
    with board.within(shape):
        board.fill(box(0, level, 120, 60), tones.main, 0.6)
        board.fill(ellipse(60, level, 23, 3.6), lighter(tones.main, 0.35))
    board.shade(shape, -11, 0, 0.08)
    board.line(path(f"M 52 26 L 51 38 Q 39 56 38 {shoulder + 30}"), 2, (255, 255, 255), 0.6)
    board.solid(turned(60, [(8, 12), (7.5, 24)], 2, smooth=False), (196, 156, 112))
    board.line(ellipse(60, 18, 10.6, 2, 0, 180), 1, tones.second, 0.8)


def cutlery(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a fork, a knife and a spoon side by side; second is the handle."""
    gap = chance.uniform(20, 23)
    with board.placed(turn=chance.uniform(-5, 5)):
        for x, head in ((60 - gap, _fork_head), (60, _blade_head), (60 + gap, _spoon_head)):
            handle = rounded([(x - 2.6, 62), (x + 2.6, 62), (x + 3.6, 104), (x - 3.6, 104)], 2.4)
            head(board, x, tones.main)
            board.lay(handle, 0.7)
            board.solid(handle, tones.second, 0.4)


def _fork_head(board: Board, x: float, colour: Colour) -> None:
    head = path(
        f"M {x - 2} 63 L {x - 2} 50 Q {x - 7} 46 {x - 7} 38 L {x - 6} 18 H {x + 6}"
        f" L {x + 7} 38 Q {x + 7} 46 {x + 2} 50 L {x + 2} 63"
    )
    board.lay(head, 0.7)
    board.solid(head, colour)
    for dx in (-3, 0, 3):
        board.line([(x + dx, 15), (x + dx, 34)], 1.2, darker(colour, 0.4))


def _blade_head(board: Board, x: float, colour: Colour) -> None:
    blade = path(f"M {x - 2.4} 63 L {x - 3.6} 26 Q {x - 3} 17 {x + 1} 15 Q {x + 6} 24 {x + 5} 42 L {x + 2.4} 63")
    board.lay(blade, 0.7)
    board.solid(blade, colour)


def _spoon_head(board: Board, x: float, colour: Colour) -> None:
    neck = box(x - 2, 44, 4, 20, 1)
    head = ellipse(x, 31, 8, 15)
    board.lay(head, 0.7)
    board.fill(neck, darker(colour, 0.08))
    board.solid(head, colour)
    board.fill(ellipse(x, 29.5, 5.6, 11.5), darker(colour, 0.1))


def salt_and_pepper(board: Board, tones: Tones, chance: Random) -> None:
    tall = chance.uniform(28, 34)
    for cx, top, colour in ((44, tall, tones.main), (78, tall + 16, tones.second)):
        base = 96 if top > tall else 92
        board.stand(cx, base, 14)
        neck = top + (base - top) * 0.42
        side = turned(cx, [(11, top + 16), (8.5, neck), (12, base - 16), (14, base - 3)], 3)
        board.solid(side, colour)
        board.solid(turned(cx, [(5, top + 3), (11.5, top + 7), (11.5, top + 15)], 2), darker(colour, 0.1))
        board.solid(circle(cx, top, 4), STEEL)


STANDING = {
    "mug": mug,
    "mug-speckled": partial(mug, pattern=speckles),
    "mug-striped": partial(mug, pattern=hoops),
    "mug-dotted": partial(mug, pattern=dots),
    "mug-tall": partial(mug, half_width=18, rim_y=31),
    "cup": cup_and_saucer,
    "egg-cups": egg_cups,
    "bowl": bowl,
    "bowl-speckled": partial(bowl, pattern=speckles),
    "bowl-deep": partial(bowl, pattern=hoops, half=33, rim_y=46),
    "bowl-waves": partial(bowl, pattern=waves),
    "bowl-stack": bowl_stack,
    "jug": jug,
    "jug-striped": partial(jug, pattern=hoops),
    "teapot": teapot,
    "glass": glass,
    "glass-fluted": partial(glass, pattern=flutes),
    "wine-glass": wine_glass,
    "carafe": carafe,
    "salt-and-pepper": salt_and_pepper,
}

LYING = {
    "plate": plate,
    "plate-speckled": partial(plate, pattern=speckles),
    "plate-striped": partial(plate, pattern=bars_across),
    "plate-sprig": sprig_plate,
    "platter": platter,
    "cutlery": cutlery,
}
