"""Things for the rooms of a house."""

from __future__ import annotations

import math
from random import Random

from seed.demo.drawing.board import Board
from seed.demo.drawing.outlines import box, circle, ellipse, path, rounded, turned
from seed.demo.drawing.patterns import hoop, leaf
from seed.demo.drawing.tones import INK, LEAF, PAPER, STEEL, Tones, contrasting, darker, lighter, mix


def candle(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a candle in a glass, with a label."""
    top = chance.uniform(46, 52)
    board.stand(60, 97, 23)
    side = turned(60, [(23, top), (23, 93)], 3.6, smooth=False)
    board.solid(side, tones.main)
    board.fill(ellipse(60, top, 23, 4.4), lighter(tones.main, 0.4))
    board.fill(ellipse(60, top + 0.6, 20.5, 3.4), tones.second)
    board.line([(60, top), (60, top - 5)], 1.2, INK)
    flame(board, 60, top - 4, chance.uniform(0.9, 1.15))
    label = box(48, top + 14, 24, 20, 1)
    board.fill(label, PAPER)
    board.line([(52, top + 21), (68, top + 21)], 1, INK, 0.7)
    board.line([(55, top + 26), (65, top + 26)], 0.8, INK, 0.5)


def flame(board: Board, x: float, y: float, size: float) -> None:
    outer = path(
        f"M {x} {y}"
        f" C {x - 7 * size} {y - 4 * size} {x - 3 * size} {y - 12 * size} {x} {y - 18 * size}"
        f" C {x + 3 * size} {y - 12 * size} {x + 7 * size} {y - 4 * size} {x} {y}"
    )
    inner = path(
        f"M {x} {y}"
        f" C {x - 3 * size} {y - 3 * size} {x - 1.5 * size} {y - 7 * size} {x} {y - 10 * size}"
        f" C {x + 1.5 * size} {y - 7 * size} {x + 3 * size} {y - 3 * size} {x} {y}"
    )
    board.fill(circle(x, y - 8 * size, 15 * size), (255, 244, 214), 0.35)
    board.fill(outer, (236, 168, 66))
    board.fill(inner, (252, 226, 150))


def dinner_candles(board: Board, tones: Tones, chance: Random) -> None:
    """Draw three tapers in holders of different heights."""
    heights = [chance.uniform(34, 42), chance.uniform(22, 28), chance.uniform(44, 50)]
    for cx, top in zip((34, 60, 86), heights, strict=True):
        board.stand(cx, 96, 11)
        taper = rounded([(cx - 2.4, top), (cx + 2.4, top), (cx + 3.4, 78), (cx - 3.4, 78)], [2, 2, 0, 0])
        board.solid(taper, tones.main)
        flame(board, cx, top - 1, 0.6)
        board.solid(turned(cx, [(5, 76), (4, 84), (4, 88), (11, 94)], 2), tones.second)


def table_lamp(board: Board, tones: Tones, chance: Random) -> None:
    slope = chance.uniform(12, 18)
    board.stand(60, 97, 20)
    foot = turned(60, [(5, 58), (8, 66), (17, 80), (13, 92), (13, 95)], 2.4)
    board.solid(foot, tones.second)
    board.line([(60, 50), (60, 60)], 2.6, STEEL)
    shade = turned(60, [(slope, 18), (33, 54)], 4, smooth=False)
    board.solid(shade, tones.main, 0.2)
    board.fill(ellipse(60, 18, slope, 2.6), lighter(tones.main, 0.45))
    hoop(board, shade, 52.5, 1.6, tones.second, 4)


def pendant_lamp(board: Board, tones: Tones, chance: Random) -> None:
    drop = chance.uniform(42, 50)
    board.line([(60, 0), (60, drop)], 1.4, INK)
    board.fill(path(f"M 26 {drop + 36} L 10 120 H 110 L 94 {drop + 36}"), (255, 246, 220), 0.35)
    shade = turned(60, [(5, drop), (8, drop + 5), (28, drop + 20), (36, drop + 36)], 4)
    board.solid(shade, tones.main)
    board.fill(ellipse(60, drop + 36, 36, 6), tones.second)
    board.fill(ellipse(60, drop + 37, 12, 4), (255, 244, 210))
    board.fill(box(56, drop - 5, 8, 7, 2), INK)


def vase(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a vase with a few stems, different for every product."""
    stems = chance.choice((3, 4, 5))
    for i in range(stems):
        lean = (i - (stems - 1) / 2) * 15 + chance.uniform(-3, 3)
        _stem(board, lean, chance.uniform(6, 24), chance)
    neck, belly = chance.uniform(8, 11), chance.uniform(21, 27)
    board.stand(60, 97, belly * 0.75)
    side = turned(60, [(neck + 3, 52), (neck, 58), (belly, 74), (belly - 3, 87), (belly * 0.62, 94)], 3)
    board.solid(side, tones.main)
    if chance.random() < 0.7:
        hoop(board, side, chance.uniform(72, 80), chance.uniform(1.4, 5), tones.second)
    board.fill(ellipse(60, 52, neck + 3, 2.4), lighter(tones.main, 0.3))
    board.fill(ellipse(60, 52.4, neck + 1, 1.6), darker(tones.main, 0.45))


def _stem(board: Board, lean: float, top: float, chance: Random) -> None:
    colour = mix(LEAF, (70, 104, 88), chance.random())
    stem = path(f"M 60 56 Q {60 + lean * 0.3} {30 + top * 0.4} {60 + lean} {top}")
    board.line(stem, 1.1, darker(colour, 0.1))
    for i in range(8, len(stem), 7):
        x, y = stem[i]
        if y < 48:
            side = 1 if i % 2 else -1
            board.fill(leaf((x, y), (x + side * 8, y - 6), 2), colour)
    board.fill(leaf((60 + lean, top + 2), (60 + lean * 1.15, top - 8), 2.2), colour)


def bud_vases(board: Board, tones: Tones, chance: Random) -> None:
    for cx, top, colour in ((38, 52, tones.main), (62, 40, tones.second), (86, 60, mix(tones.main, tones.second, 0.5))):
        board.stand(cx, 96, 10)
        board.line(path(f"M {cx} {top} Q {cx + 2} {top - 14} {cx + chance.uniform(-4, 4)} {top - 22}"), 1, LEAF)
        board.fill(circle(cx + chance.uniform(-2, 2), top - 23, 3.6), (226, 190, 110))
        body = turned(cx, [(4.5, top), (3.6, top + 8), (11, top + (94 - top) * 0.55), (8, 93)], 2)
        board.solid(body, colour)


def basket(board: Board, tones: Tones, chance: Random) -> None:
    top = chance.uniform(54, 58)
    board.stand(60, 97, 33)
    board.line(path(f"M 27 {top} C 27 16 93 16 93 {top}"), 4, tones.second)
    _woven_body(board, tones, top, 39)
    board.line(ellipse(60, top, 39, 6.2), 3.2, lighter(tones.main, 0.15))


def tall_basket(board: Board, tones: Tones, chance: Random) -> None:
    top = chance.uniform(37, 43)
    board.stand(60, 97, 26)
    _woven_body(board, tones, top, 31)
    board.line(ellipse(60, top, 31, 5), 3.2, tones.second)


def _woven_body(board: Board, tones: Tones, top: float, half: float) -> None:
    side = turned(60, [(half, top), (half * 0.82, 93)], 3.6, smooth=False)
    board.solid(side, tones.main)
    with board.within(side):
        for row in range(int((96 - top) / 5) + 1):
            for i in range(-9, 9):
                x = 60 + i * 9 + (row % 2) * 4.5
                board.line(path(f"M {x} {top + 4 + row * 5} q 3 2.2 6 0"), 1.3, darker(tones.main, 0.22))
    board.fill(ellipse(60, top, half, half * 0.16), darker(tones.main, 0.42))


def wall_clock(board: Board, tones: Tones, chance: Random) -> None:
    radius = chance.uniform(38, 42)
    board.lay(circle(60, 60, radius), 2)
    board.fill(circle(60, 60, radius), tones.second)
    board.shade(circle(60, 60, radius), -2, -2, 0.15)
    board.fill(circle(60, 60, radius - 5), tones.main)
    board.shade(circle(60, 60, radius - 5), 2.4, 2.4, 0.1)
    hands = contrasting(tones.main, 0.75)
    for hour in range(12):
        with board.placed(turn=hour * 30):
            length = 5.5 if hour % 3 == 0 else 3
            board.line([(60, 60 - radius + 9), (60, 60 - radius + 9 + length)], 1.7 if hour % 3 == 0 else 1, hands)
    for turn, length, width in ((chance.uniform(-70, -40), 16, 2.6), (chance.uniform(30, 80), 24, 1.8)):
        with board.placed(turn=turn):
            board.line([(60, 64), (60, 60 - length)], width, hands)
    board.fill(circle(60, 60, 2.6), hands)


def stool(board: Board, tones: Tones, chance: Random) -> None:
    spread = chance.uniform(22, 27)
    board.stand(60, 99, 30)
    for x, foot in ((48, 60 - spread * 0.45), (72, 60 + spread * 0.45)):
        board.line([(x, 50), (foot, 94)], 4, darker(tones.main, 0.22))
    board.line([(60 - spread * 0.86, 78), (60 + spread * 0.86, 78)], 3, darker(tones.main, 0.14))
    for x, foot in ((40, 60 - spread), (80, 60 + spread)):
        board.line([(x, 50), (foot, 98)], 4.6, tones.main)
    board.solid(turned(60, [(30, 44), (29, 50)], 5, smooth=False), tones.second)
    board.fill(ellipse(60, 44, 30, 6), lighter(tones.second, 0.22))


def chair(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a folding chair from the front, its back and seat of slats."""
    board.stand(60, 101, 30)
    for x, foot in ((38, 30), (82, 90)):
        board.line([(x, 62), (120 - foot, 98)], 3.6, darker(tones.main, 0.18))
        board.line([(x, 14), (x, 62), (foot, 100)], 4, tones.main)
    for i in range(chance.choice((2, 3))):
        board.fill(box(38, 18 + i * 11, 44, 7, 2), tones.second)
    seat = rounded([(36, 56), (84, 56), (90, 68), (30, 68)], 3)
    board.solid(seat, tones.second, 0.1)
    for y in (60, 64):
        board.line([(33, y), (87, y)], 0.9, darker(tones.second, 0.25))


def soap(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a bar of soap from above in its paper band."""
    with board.placed(turn=chance.uniform(-26, -8)):
        bar = box(24, 40, 72, 44, chance.uniform(7, 14))
        board.lay(bar, 1.8)
        board.fill(bar, tones.main)
        board.shade(bar, -3, -3, 0.12)
        board.shade(bar, 2, 2, 0.3, (255, 255, 255))
        with board.within(bar):
            for _ in range(22):
                board.fill(
                    circle(chance.uniform(26, 94), chance.uniform(42, 82), chance.uniform(0.3, 0.8)),
                    darker(tones.main, 0.3),
                    0.6,
                )
        band = box(46, 39.4, 28, 45.2)
        board.fill(band, tones.second)
        board.shade(band, 0, -4, 0.08)
        board.line([(52, 58), (68, 58)], 1.3, contrasting(tones.second, 0.6))
        board.line([(55, 63), (65, 63)], 1, contrasting(tones.second, 0.5))
        board.line(ellipse(60, 50, 3, 3), 0.9, contrasting(tones.second, 0.6))


def pump_bottle(board: Board, tones: Tones, chance: Random) -> None:
    top = chance.uniform(42, 46)
    board.stand(60, 97, 19)
    board.line(path(f"M 60 {top - 4} V {top - 18} H 44 Q 41 {top - 18} 41 {top - 13}"), 3.6, INK)
    board.fill(box(55, top - 9, 10, 9, 1.5), INK)
    side = rounded([(41, top), (79, top), (79, 97), (41, 97)], [9, 9, 4, 4])
    board.solid(side, tones.main)
    label = box(46, top + 15, 28, 26, 1)
    board.fill(label, tones.second)
    ink = contrasting(tones.second, 0.6)
    for y, half in ((7, 9), (12, 6), (18, 8)):
        board.line([(60 - half, top + 15 + y), (60 + half, top + 15 + y)], 1, ink, 0.8)


def dish_brush(board: Board, tones: Tones, chance: Random) -> None:
    with board.placed(turn=chance.uniform(-48, -34), shift=(-2, 2)):
        handle = path("M 45 57 C 60 54 90 55 112 57 Q 116 60 112 63 C 90 65 60 66 45 63")
        board.lay(handle, 1.2)
        board.solid(handle, tones.main, 0.05)
        for ring, count in ((17, 40), (11, 26)):
            for i in range(count):
                angle = math.tau * i / count + chance.uniform(-0.06, 0.06)
                tip = (30 + math.cos(angle) * (ring + 3), 60 + math.sin(angle) * (ring + 3))
                board.line([(30, 60), tip], 1.2, darker(tones.second, chance.uniform(0, 0.2)))
        board.fill(circle(30, 60, 11), darker(tones.main, 0.08))
        board.shade(circle(30, 60, 11), 2, 2, 0.2, (255, 255, 255))
        board.fill(circle(109, 60, 1.7), tones.ground)


def hand_brush(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a bath or sweeping brush from the side."""
    with board.placed(turn=chance.uniform(-22, -8)):
        for i in range(33):
            x = 20 + i * 1.62
            board.line(
                [(x, 62), (x + (i - 16) * 0.14 + chance.uniform(-0.5, 0.5), 82)],
                1.3,
                darker(tones.second, chance.uniform(0, 0.22)),
            )
        back = path("M 18 64 Q 16 52 28 52 H 66 C 78 52 88 46 106 46 Q 114 50 106 55 C 90 55 82 64 72 64 H 18")
        board.lay(back, 1)
        board.fill(back, tones.main)
        board.shade(back, 0, -3.4, 0.15)
        board.shade(back, 0, 2, 0.25, (255, 255, 255))
        board.fill(circle(105, 50.5, 1.6), tones.ground)


def mirror(board: Board, tones: Tones, chance: Random) -> None:
    tall = chance.uniform(42, 46)
    board.line(path(f"M 46 {62 - tall + 8} L 60 6 L 74 {62 - tall + 8}"), 1.6, tones.second)
    board.fill(circle(60, 6.5, 2), STEEL)
    frame = ellipse(60, 64, 36, tall)
    board.lay(frame, 1.6)
    board.fill(frame, tones.main)
    board.fill(ellipse(60, 64, 32, tall - 4), (214, 225, 229))
    with board.within(ellipse(60, 64, 32, tall - 4)):
        for x, width in ((40, 9), (58, 4)):
            board.line([(x - 26, 110), (x + 40, 10)], width, (255, 255, 255), 0.4)
    board.shade(ellipse(60, 64, 32, tall - 4), 2, 2, 0.12)


def picture_frame(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a framed print of hills and water."""
    frame = box(26, 16, 68, 88, 1)
    board.lay(frame, 1.8)
    board.fill(frame, tones.second)
    board.shade(frame, -1.5, -1.5, 0.2)
    board.fill(box(30, 20, 60, 80), PAPER)
    view = box(38, 29, 44, 62)
    board.fill(view, lighter(tones.main, 0.72))
    with board.within(view):
        board.fill(circle(chance.uniform(48, 72), chance.uniform(42, 52), 6.5), (238, 200, 132))
        for i, share in enumerate((0.5, 0.3, 0.0)):
            y = 60 + i * 9 + chance.uniform(-3, 3)
            board.fill(
                path(f"M 30 {y} Q {chance.uniform(42, 54)} {y - 13} 62 {y} Q 76 {y + 8} 92 {y - 6} V 100 H 30"),
                lighter(tones.main, share),
            )


def hook_rail(board: Board, tones: Tones, chance: Random) -> None:
    rail = box(10, 44, 100, 17, 3)
    board.lay(rail, 1.4)
    board.fill(rail, tones.main)
    board.shade(rail, 0, -4, 0.12)
    for _ in range(3):
        y = chance.uniform(47, 58)
        board.line([(chance.uniform(14, 30), y), (chance.uniform(60, 106), y)], 0.6, darker(tones.main, 0.2), 0.7)
    for x in (26, 49, 72, 95):
        board.line(path(f"M {x + 1.5} 54 V 68 C {x + 1.5} 80 {x - 10} 80 {x - 9} 70"), 3, (30, 22, 16), 0.1)
        board.line(path(f"M {x} 52 V 66 C {x} 78 {x - 11} 78 {x - 11} 68"), 3.2, tones.second)
        board.fill(circle(x - 11, 67, 2.6), tones.second)


def paper_star(board: Board, tones: Tones, chance: Random) -> None:
    points = chance.choice((8, 9, 10))
    board.line([(60, 0), (60, 22)], 1, INK)
    for i in range(points):
        with board.placed(turn=360 * i / points):
            board.fill([(60, 16), (68, 46), (60, 60)], darker(tones.main, 0.1))
            board.fill([(60, 16), (52, 46), (60, 60)], lighter(tones.main, 0.12))
    for i in range(points):
        with board.placed(turn=360 * (i + 0.5) / points):
            board.fill([(60, 34), (65, 48), (60, 60), (55, 48)], tones.second, 0.92)
    board.fill(circle(60, 60, 3), darker(tones.main, 0.2))


STANDING = {
    "candle": candle,
    "dinner-candles": dinner_candles,
    "table-lamp": table_lamp,
    "vase": vase,
    "bud-vases": bud_vases,
    "basket": basket,
    "basket-tall": tall_basket,
    "stool": stool,
    "chair": chair,
    "pump-bottle": pump_bottle,
}

LYING = {
    "pendant-lamp": pendant_lamp,
    "wall-clock": wall_clock,
    "soap": soap,
    "dish-brush": dish_brush,
    "hand-brush": hand_brush,
    "mirror": mirror,
    "picture-frame": picture_frame,
    "hook-rail": hook_rail,
    "paper-star": paper_star,
}
