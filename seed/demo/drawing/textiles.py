"""Cloth, wool and what is worn."""

from __future__ import annotations

from functools import partial
from random import Random

from seed.demo.drawing.board import Board
from seed.demo.drawing.outlines import Outline, box, circle, ellipse, path, rounded
from seed.demo.drawing.patterns import (
    bars_across,
    checks,
    dots,
    grid,
    no_pattern,
    sprigs,
    stripes_across,
    stripes_down,
    waves,
)
from seed.demo.drawing.tableware import Pattern
from seed.demo.drawing.tones import WOOD, Colour, Tones, contrasting, darker, lighter, mix


def towel(board: Board, tones: Tones, chance: Random, pattern: Pattern = bars_across) -> None:
    """Draw a cloth folded once lengthwise, hung from a loop."""
    width, height = chance.uniform(50, 56), chance.uniform(78, 84)
    left, top = 60 - width / 2, 20
    board.line(path(f"M 57 {top + 2} C 54 8 66 8 63 {top + 2}"), 1.8, darker(tones.second, 0.12))
    shape = rounded([(left, top), (left + width, top), (left + width - 1, top + height), (left + 1, top + height)], 2)
    board.lay(shape, 1.1)
    board.fill(shape, tones.main)
    pattern(board, shape, tones.second, chance)
    fold = box(left + width * 0.68, top, width, height)
    with board.within(shape):
        board.fill(fold, (0, 0, 0), 0.07)
        board.line([(left + width * 0.68, top), (left + width * 0.68, top + height)], 0.5, (0, 0, 0), 0.14)
    board.line(
        [(left + 2, top + height - 2.4), (left + width - 2, top + height - 2.4)], 0.6, contrasting(tones.main, 0.25)
    )


def folded_stack(board: Board, tones: Tones, chance: Random, count: int = 3) -> None:
    """Draw folded towels or napkins on each other."""
    board.stand(60, 97, 36)
    colours = (tones.main, tones.second, mix(tones.main, tones.second, 0.5))
    height = 20 if count == 3 else 13
    for i in range(count):
        half = 37 + chance.uniform(-1.5, 1.5)
        y = 96 - height * (i + 1)
        layer = box(60 - half, y, half * 2, height - 0.8, height * 0.42)
        board.solid(layer, colours[i % 3], 0.12)
        crease = path(f"M {60 - half + 7} {y + height / 2} H {60 + half}")
        board.line(crease, 0.9, darker(colours[i % 3], 0.2))
        board.line(
            [(60 - half + 6, y + height * 0.27), (60 + half - 5, y + height * 0.27)],
            0.7,
            contrasting(colours[i % 3], 0.12),
        )


def blanket(board: Board, tones: Tones, chance: Random, pattern: Pattern = stripes_across) -> None:
    """Draw a folded blanket from above, with a fringe."""
    with board.placed(turn=chance.uniform(-7, 7)):
        shape = rounded([(24, 28), (96, 28), (96, 92), (24, 92)], 3)
        for i in range(25):
            x = 26 + i * 2.85
            board.line([(x, 91), (x + chance.uniform(-0.9, 0.9), 100)], 1.1, darker(tones.main, 0.1))
        board.lay(shape, 1.5)
        board.fill(shape, tones.main)
        pattern(board, shape, tones.second, chance)
        corner = path("M 24 28 L 60 28 Q 44 46 24 58")
        with board.within(shape):
            board.fill([(x + 1.6, y + 1.6) for x, y in corner], (0, 0, 0), 0.13)
            board.fill(corner, lighter(tones.main, 0.28))
        board.shade(shape, -4, -3, 0.09)


def cushion(board: Board, tones: Tones, chance: Random, pattern: Pattern = stripes_down) -> None:
    puff = chance.uniform(4, 7)
    with board.placed(turn=chance.uniform(-6, 6)):
        shape = path(
            f"M 20 24 Q 60 {24 + puff} 100 24 Q {100 - puff} 60 101 97 Q 60 {97 - puff} 19 97 Q {20 + puff} 60 20 24"
        )
        board.lay(shape, 1.8)
        board.fill(shape, tones.main)
        pattern(board, shape, tones.second, chance)
        board.shade(shape, -7, -5, 0.1)
        board.shade(shape, 4, 3, 0.14, (255, 255, 255))
        board.line(shape, 1.1, darker(tones.main, 0.16))


def tablecloth(board: Board, tones: Tones, chance: Random, pattern: Pattern = checks) -> None:
    """Draw a cloth over a round table."""
    board.stand(60, 102, 40)
    drop = path(
        "M 17 44 C 20 66 14 84 12 99 Q 22 106 30 98 Q 39 106 48 99 Q 60 107 72 99"
        " Q 81 106 90 98 Q 98 106 108 99 C 106 84 100 66 103 44"
    )
    board.fill(drop, tones.main)
    pattern(board, drop, tones.second, chance)
    for x in (30, 48, 72, 90):
        board.line(path(f"M {60 + (x - 60) * 0.8} 58 Q {x} 78 {x} 98"), 2, (0, 0, 0), 0.07)
    board.shade(drop, -16, 0, 0.1)
    board.fill(ellipse(60, 44, 43, 13), lighter(tones.main, 0.3))
    board.shade(ellipse(60, 44, 43, 13), 0, -1.4, 0.12)


def tote(board: Board, tones: Tones, chance: Random, pattern: Pattern = no_pattern) -> None:
    board.line(path("M 44 42 C 42 6 58 6 57 42"), 4, darker(tones.main, 0.14))
    board.line(path("M 63 42 C 62 6 78 6 76 42"), 4, darker(tones.main, 0.14))
    shape = rounded([(31, 40), (89, 40), (93, 104), (27, 104)], [1.5, 1.5, 5, 5])
    board.lay(shape, 1.2)
    board.fill(shape, tones.main)
    pattern(board, shape, tones.second, chance)
    board.shade(shape, -10, 0, 0.09)
    board.line([(32, 45), (88, 45)], 0.8, contrasting(tones.main, 0.25))
    if pattern is no_pattern:
        _print_of_sun_and_sea(board, tones, chance.uniform(10, 13))


def _print_of_sun_and_sea(board: Board, tones: Tones, radius: float) -> None:
    board.fill(ellipse(60, 74, radius, radius, 180, 360), tones.second)
    for i in range(3):
        y = 79 + i * 5
        board.line(
            path(f"M {46 + i * 3} {y} q 3.5 -3 7 0 q 3.5 3 7 0 q 3.5 -3 7 0" + (" q 3.5 3 7 0" if i == 0 else "")),
            1.5,
            tones.second,
        )


def scarf(board: Board, tones: Tones, chance: Random, pattern: Pattern = stripes_across) -> None:
    """Draw a scarf hung over a wooden peg, its two ends of different length."""
    board.fill(circle(60, 17, 7), darker(WOOD, 0.1))
    longer, shorter = chance.uniform(98, 103), chance.uniform(80, 88)
    tails = (
        (f"M 56 18 Q 74 14 80 30 L 86 {shorter} H 57 L 56 18", 58, 85, shorter),
        (f"M 64 18 Q 44 12 40 30 L 33 {longer} H 64 L 64 18", 34, 63, longer),
    )
    for text, left, right, foot in tails:
        for i in range(11):
            x = left + (right - left) * i / 10
            board.line([(x, foot - 1), (x + chance.uniform(-0.7, 0.7), foot + 6)], 1.3, darker(tones.main, 0.1))
        tail = path(text)
        board.lay(tail, 1.1)
        board.fill(tail, tones.main)
        pattern(board, tail, tones.second, chance)
        board.shade(tail, -6, 0, 0.11)
        board.line(
            path(f"M {(left + right) / 2} 30 Q {(left + right) / 2 - 2} 50 {(left + right) / 2} 66"),
            0.9,
            (0, 0, 0),
            0.12,
        )
    board.solid(circle(60, 16, 4.6), lighter(WOOD, 0.15))


def hat(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a knitted hat with a turned-up brim."""
    crown = path("M 27 76 C 25 34 42 22 60 22 C 78 22 95 34 93 76")
    board.lay(crown, 1.3)
    board.fill(crown, tones.main)
    with board.within(crown):
        for i in range(-6, 7):
            board.line(
                path(f"M {60 + i * 1.2} 20 C {60 + i * 6} 34 {60 + i * 6.2} 56 {60 + i * 5.4} 78"),
                1.1,
                darker(tones.main, 0.12),
            )
    board.shade(crown, -12, 0, 0.11)
    brim = rounded([(23, 72), (97, 72), (96, 96), (24, 96)], 6)
    board.lay(brim, 0.9)
    board.fill(brim, tones.second)
    with board.within(brim):
        for i in range(20):
            board.line([(25 + i * 3.8, 70), (25 + i * 3.8, 98)], 0.9, darker(tones.second, 0.12))
    board.shade(brim, -12, 0, 0.1)
    if chance.random() < 0.5:
        board.solid(circle(60, 19, 9), lighter(tones.second, 0.2))


def sun_hat(board: Board, tones: Tones, chance: Random) -> None:
    tilt = chance.uniform(-8, 4)
    with board.placed(turn=tilt):
        brim = ellipse(60, 76, 50, 16)
        board.lay(brim, 1.6)
        board.fill(brim, tones.main)
        for share in (0.9, 0.8):
            board.line(ellipse(60, 76, 50 * share, 16 * share), 0.6, darker(tones.main, 0.18))
        crown = path("M 32 74 C 32 40 44 32 60 34 C 76 32 88 40 88 74 Q 60 86 32 74")
        board.solid(crown, lighter(tones.main, 0.1), 0.2)
        with board.within(crown):
            for y in range(40, 72, 5):
                board.line(path(f"M 30 {y} Q 60 {y + 8} 90 {y}"), 0.6, darker(tones.main, 0.16))
            board.line(path("M 30 68 Q 60 80 90 68"), 7, tones.second)


def socks(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a pair of socks, one a little behind the other."""
    stripes = chance.choice((2, 3, 4))
    for shift, colour in (((9, -4), darker(tones.main, 0.1)), ((-7, 3), tones.main)):
        with board.placed(shift=shift, turn=chance.uniform(-3, 3)):
            shape = path(
                "M 46 16 H 72 V 62 C 72 70 66 74 66 82 C 66 98 50 104 36 102"
                " C 24 100 22 88 32 84 C 42 80 46 72 46 62 V 16"
            )
            board.lay(shape, 1.2)
            board.fill(shape, colour)
            with board.within(shape):
                board.fill(circle(30, 96, 12), tones.second)
                board.fill(circle(72, 78, 9), tones.second)
                for i in range(stripes):
                    board.fill(box(40, 34 + i * 8, 40, 3.4), tones.second)
            board.shade(shape, -6, 0, 0.1)
            cuff = box(45, 14, 28, 11, 2)
            board.fill(cuff, tones.second)
            for i in range(7):
                board.line([(48 + i * 3.8, 15), (48 + i * 3.8, 24)], 0.7, darker(tones.second, 0.14))


def jumper(board: Board, tones: Tones, chance: Random) -> None:
    body = _long_sleeved(board, tones)
    with board.within(body):
        for i in range(chance.choice((4, 6, 7))):
            board.fill(box(30, 44 + i * 8, 60, 3.2), tones.second)
    _finish_long_sleeved(board, tones, body, tones.second)


def smock(board: Board, tones: Tones, chance: Random) -> None:
    """Draw an overshirt with a laced neck and one wide pocket."""
    body = _long_sleeved(board, tones)
    _finish_long_sleeved(board, tones, body, darker(tones.main, 0.14))
    pocket_y = chance.uniform(64, 68)
    pocket = [(46, pocket_y), (74, pocket_y), (78, pocket_y + 24), (42, pocket_y + 24)]
    board.fill(rounded(pocket, 3), darker(tones.main, 0.1))
    board.fill(path("M 55 33 H 65 L 62 50 H 58"), darker(tones.main, 0.2))
    for y in (36, 41, 46):
        board.line([(56, y), (64, y + 1)], 1, tones.second)


def _long_sleeved(board: Board, tones: Tones) -> Outline:
    """Draw body and sleeves; return the body."""
    body = path("M 46 26 C 52 34 68 34 74 26 L 84 31 L 85 102 H 35 L 36 31 L 46 26")
    left = path("M 40 30 C 28 34 24 44 14 92 L 27 96 L 40 60")
    right = path("M 80 30 C 92 34 96 44 106 92 L 93 96 L 80 60")
    for part in (left, right, body):
        board.lay(part, 1.2)
        board.fill(part, tones.main)
    return body


def _finish_long_sleeved(board: Board, tones: Tones, body: Outline, cuffs: Colour) -> None:
    board.shade(body, -9, 0, 0.08)
    for seam in ([(38, 44), (37, 74)], [(82, 44), (83, 74)]):
        board.line(seam, 1, darker(tones.main, 0.18))
    board.line(path("M 46 26 C 52 35 68 35 74 26"), 3.6, tones.second)
    for cuff in ("M 14 92 L 27 96", "M 106 92 L 93 96", "M 36 101 H 84"):
        board.line(path(cuff), 3.2, cuffs)


def gloves(board: Board, tones: Tones, chance: Random) -> None:
    for turn, shift, colour in ((13, (17, 3), darker(tones.main, 0.07)), (-11, (-15, 0), tones.main)):
        with board.placed(turn=turn + chance.uniform(-2, 2), shift=shift):
            hand = path(
                "M 45 96 V 62 C 36 60 32 46 36 42 C 40 40 43 46 46 50 V 28 C 46 22 52 22 52 28"
                " L 53 44 L 54 22 C 54 16 60 16 60 22 L 61 44 L 63 24 C 63 18 69 19 69 25"
                " L 68 46 L 71 34 C 72 29 77 31 76 36 L 74 96"
            )
            board.lay(hand, 1.1)
            board.fill(hand, colour)
            board.shade(hand, -4, 0, 0.1)
            cuff = box(43, 80, 33, 20, 3)
            board.fill(cuff, tones.second)
            board.shade(cuff, -6, 0, 0.09)
            board.line([(44, 85), (75, 85)], 0.8, contrasting(tones.second, 0.25))


def rug(board: Board, tones: Tones, chance: Random, pattern: Pattern = stripes_across) -> None:
    with board.placed(turn=chance.uniform(-9, 9)):
        shape = box(32, 14, 56, 92)
        for y, reach in ((14, -6), (106, 6)):
            for i in range(19):
                board.line([(33.5 + i * 2.95, y), (33.5 + i * 2.95, y + reach)], 1, darker(tones.main, 0.08))
        board.lay(shape, 1)
        board.fill(shape, tones.main)
        pattern(board, shape, tones.second, chance)
        board.shade(shape, -2, -2, 0.1)


def laundry_sack(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a laundry sack drawn together by a cord."""
    board.stand(60, 100, 30)
    shape = path("M 52 34 C 30 44 24 76 30 98 Q 60 104 90 98 C 96 76 90 44 68 34 L 76 18 Q 60 26 44 18")
    board.solid(shape, tones.main, 0.2)
    stripes = chance.choice((74, 78, 82))
    with board.within(shape):
        for i in range(3):
            board.line(
                path(f"M 20 {stripes + i * 5} Q 60 {stripes + 5 + i * 5} 100 {stripes + i * 5}"), 1.6, tones.second
            )
    for x in (48, 54, 66, 72):
        board.line([(60 + (x - 60) * 0.6, 36), (x, 50)], 0.9, darker(tones.main, 0.2))
    board.line(path("M 50 34 Q 60 38 70 34"), 3, tones.second)
    board.line(path("M 66 36 Q 80 44 76 58"), 1.8, tones.second)


STANDING = {
    "towel-stack": folded_stack,
    "napkin-stack": partial(folded_stack, count=4),
    "tablecloth": tablecloth,
    "tablecloth-plain": partial(tablecloth, pattern=no_pattern),
    "laundry-sack": laundry_sack,
}

LYING = {
    "towel": towel,
    "towel-checked": partial(towel, pattern=checks),
    "towel-plain": partial(towel, pattern=no_pattern),
    "towel-waffle": partial(towel, pattern=grid),
    "towel-sprigs": partial(towel, pattern=sprigs),
    "blanket": blanket,
    "blanket-checked": partial(blanket, pattern=checks),
    "blanket-plain": partial(blanket, pattern=no_pattern),
    "cushion": cushion,
    "cushion-plain": partial(cushion, pattern=no_pattern),
    "cushion-sprigs": partial(cushion, pattern=sprigs),
    "tote": tote,
    "tote-striped": partial(tote, pattern=stripes_across),
    "scarf": scarf,
    "scarf-checked": partial(scarf, pattern=checks),
    "hat": hat,
    "sun-hat": sun_hat,
    "socks": socks,
    "jumper": jumper,
    "smock": smock,
    "gloves": gloves,
    "rug": rug,
    "rug-waves": partial(rug, pattern=waves),
    "rug-dots": partial(rug, pattern=dots),
}
