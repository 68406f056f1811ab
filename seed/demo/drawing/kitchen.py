"""Things to cook, cut and keep with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

from seed.demo.drawing.board import Board
from seed.demo.drawing.outlines import Outline, box, circle, ellipse, path, rounded, turned
from seed.demo.drawing.patterns import hoop
from seed.demo.drawing.tableware import opening
from seed.demo.drawing.tones import STEEL, Tones, contrasting, darker, lighter


def pan(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a frying pan from above, its handle to the lower right."""
    radius = chance.uniform(31, 35)
    with board.placed(turn=chance.uniform(28, 50), shift=(-9, -9)):
        handle = rounded([(88, 56), (122, 54.5), (124, 65.5), (88, 64)], [1, 5, 5, 1])
        board.lay(handle, 1.2)
        board.lay(circle(60, 60, radius), 1.6)
        board.solid(handle, tones.second)
        board.fill(circle(118, 60, 2), tones.ground)
        board.fill(circle(60, 60, radius), tones.main)
        board.shade(circle(60, 60, radius), 2.4, 2.4, 0.2, (255, 255, 255))
        board.fill(circle(60, 60, radius - 4), darker(tones.main, 0.3))
        board.shade(circle(60, 60, radius - 4), -3, -3, 0.14, (255, 255, 255))
        board.line(ellipse(60, 60, radius - 10, radius - 10, 150, 215), 2, (255, 255, 255), 0.16)


def casserole(board: Board, tones: Tones, chance: Random) -> None:
    top = chance.uniform(50, 55)
    board.stand(60, 97, 36)
    for x in (20, 100):
        board.line(
            path(f"M {x} {top + 10} Q {x + (-7 if x < 60 else 7)} {top + 14} {x} {top + 19}"),
            5.5,
            darker(tones.main, 0.1),
        )
    side = turned(60, [(38, top), (38, 86), (34, 94)], 3.5, smooth=False)
    board.solid(side, tones.main)
    lid = turned(60, [(6, top - 15), (26, top - 10), (40, top - 1), (40, top + 2)], 5)
    board.solid(lid, lighter(tones.main, 0.1))
    board.line(ellipse(60, top + 2, 40, 5, 0, 180), 1, darker(tones.main, 0.25), 0.8)
    board.solid(turned(60, [(6.5, top - 24), (4, top - 15)], 2), tones.second)


def saucepan(board: Board, tones: Tones, chance: Random) -> None:
    top = chance.uniform(50, 56)
    board.stand(50, 97, 28)
    handle = rounded([(76, top + 5), (112, top + 1), (113, top + 8), (76, top + 13)], [1, 3, 3, 1])
    board.solid(handle, tones.second)
    side = turned(50, [(29, top), (29, 88), (26, 94)], 4, smooth=False)
    board.solid(side, tones.main)
    hoop(board, side, chance.uniform(84, 88), 1, darker(tones.main, 0.2))
    opening(board, 50, top, 29.5, lighter(tones.main, 0.3), darker(tones.main, 0.4))
    board.line(path(f"M 21 {top} Q 17 {top - 1} 19 {top + 2}"), 2.5, lighter(tones.main, 0.3))


def kettle(board: Board, tones: Tones, chance: Random) -> None:
    lift = chance.uniform(16, 22)
    board.stand(60, 97, 33)
    board.line(path(f"M 36 52 C 34 {lift} 86 {lift} 84 52"), 5, tones.second)
    spout = path("M 84 72 C 94 68 94 56 106 48 L 112 53 C 103 62 104 76 84 86")
    board.solid(spout, darker(tones.main, 0.08))
    side = turned(60, [(15, 44), (25, 51), (33, 76), (31, 90), (29, 94)], 3.5)
    board.solid(side, tones.main)
    hoop(board, side, 88, 1.2, darker(tones.main, 0.2))
    board.fill(ellipse(60, 45, 15, 3.4), darker(tones.main, 0.25))
    board.solid(turned(60, [(9, 40), (14, 44)], 2.6), lighter(tones.main, 0.08))
    board.solid(circle(60, 37, 3.8), tones.second)


def moka_pot(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(57, 97, 22)
    handle = path("M 74 37 L 93 36 L 89 66 L 83 66 L 85 44 L 75 45")
    board.fill(rounded(handle, 1.5), tones.second)
    lower = rounded([(41, 68), (73, 68), (79, 96), (35, 96)], 2)
    upper = rounded([(36, 34), (78, 34), (71, 63), (43, 63)], 2)
    board.fill(path("M 38 36 L 27 34 L 42 52"), darker(tones.main, 0.1))
    for part in (lower, upper):
        board.solid(part, tones.main)
    for x_top, x_foot in ((50, 47), (64, 67)):
        board.line([(x_top, 69), (x_foot, 95)], 0.9, darker(tones.main, 0.28))
        board.line([(x_foot, 35), (x_top, 62)], 0.9, darker(tones.main, 0.28))
    board.fill(box(41, 62, 32, 7, 2), darker(tones.main, 0.22))
    lid = rounded([(37, 34), (77, 34), (60, 25), (54, 25)], 1.5)
    board.solid(lid, lighter(tones.main, 0.12))
    board.solid(rounded([(53, 25), (61, 25), (62, 16), (52, 16)], chance.uniform(1.4, 2.4)), tones.second)


def dripper(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a filter cone on its glass server."""
    board.stand(60, 97, 24)
    server = turned(60, [(15, 58), (17, 64), (26, 80), (25, 93)], 3)
    board.fill(server, lighter(tones.ground, 0.5), 0.85)
    with board.within(server):
        board.fill(box(0, chance.uniform(74, 80), 120, 40), (82, 50, 30))
    board.shade(server, -10, 0, 0.1)
    board.line(path("M 41 72 Q 36 80 38 88"), 2, (255, 255, 255), 0.6)
    board.line(path("M 84 30 C 100 30 96 48 78 47"), 4.5, darker(tones.main, 0.06))
    cone = turned(60, [(30, 27), (13, 56)], 2.5, smooth=False)
    board.solid(cone, tones.main)
    board.solid(turned(60, [(21, 55), (21, 59)], 3, smooth=False), tones.main)
    opening(board, 60, 27, 30, tones.main, tones.second, 0.17)


def pepper_mill(board: Board, tones: Tones, chance: Random) -> None:
    waist = chance.uniform(7.5, 9.5)
    board.stand(60, 97, 16)
    lower = turned(60, [(12, 48), (waist, 60), (13, 74), (11, 82), (16, 94)], 3)
    upper = turned(60, [(4, 24), (12, 30), (13.5, 38), (10, 46)], 2.4)
    board.solid(lower, tones.main)
    board.solid(upper, tones.main)
    hoop(board, lower, 84, 1.4, tones.second, 2)
    board.fill(ellipse(60, 47.5, 11.5, 2.4), tones.second)
    board.solid(circle(60, 21, 4.4), tones.second)


def mortar(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 97, 26)
    with board.placed(turn=chance.uniform(24, 38), shift=(6, -4)):
        board.solid(turned(60, [(3.4, 18), (4.2, 40), (6.8, 66)], 4), tones.second)
    side = turned(60, [(33, 56), (31, 70), (22, 84), (19, 88), (23, 95)], 3)
    board.solid(side, tones.main)
    board.line(ellipse(60, 56, 33, 4.5, 0, 180), 2.4, lighter(tones.main, 0.3))


def smooth_blade(start: float, length: float) -> Outline:
    tip, foot = start + length, 59 + length * 0.13
    return path(
        f"M {start} 53 H {start + length * 0.6} Q {tip} 54 {tip} 56"
        f" Q {start + length * 0.86} {foot} {start + length * 0.4} {foot} H {start}"
    )


def toothed_blade(start: float, length: float) -> Outline:
    tip = start + length
    teeth = " q -2 2.6 -4 0" * int((length - 4) / 4)
    return path(f"M {start} 53 H {tip - 3} Q {tip} 53 {tip} 62{teeth} L {start} 62")


def knife(
    board: Board,
    tones: Tones,
    chance: Random,
    length: float = 70,
    blade_outline: Callable[[float, float], Outline] = smooth_blade,
) -> None:
    """Draw a knife from handle (left) to tip; length of the blade in units."""
    heel = 82 - length
    with board.placed(turn=chance.uniform(-44, -26), shift=(0, 2)):
        blade = blade_outline(heel + 26, length)
        board.lay(blade, 1.2)
        board.fill(blade, tones.main)
        board.shade(blade, 0, -4.5, 0.45, (255, 255, 255))
        handle = rounded([(heel - 8, 52), (heel + 27, 52.5), (heel + 27, 62), (heel - 6, 64)], [4, 1, 1, 4])
        board.lay(handle, 1)
        board.fill(handle, tones.second)
        board.shade(handle, 0, -4, 0.16)
        for x in (heel + 2, heel + 18):
            board.fill(circle(x, 57.5, 1.3), lighter(tones.main, 0.2))


SQUARE_BLANK = box(29, 30, 62, 76, 7)
ROUND_BLANK = circle(60, 66, 38)


def cutting_board(board: Board, tones: Tones, chance: Random, blank: Outline = SQUARE_BLANK) -> None:
    """Draw a board with a handle; blank is its outline without the handle."""
    with board.placed(turn=chance.uniform(-14, 14)):
        grip = rounded([(52, 34), (68, 34), (67, 8), (53, 8)], 6)
        for part in (grip, blank):
            board.lay(part, 1.3)
        for part in (grip, blank):
            board.fill(part, tones.main)
        with board.within(blank):
            for i in range(9):
                y = 36 + i * 9 + chance.uniform(-2, 2)
                bend = chance.uniform(-3, 3)
                board.line(path(f"M 20 {y} Q 60 {y + bend} 100 {y}"), 0.8, tones.second, 0.6)
            board.fill(box(20, 76, 80, 5), tones.second, 0.28)
        board.shade(blank, -2.2, -2.2, 0.12)
        board.fill(circle(60, 16, 3), darker(tones.ground, 0.1))


def rolling_pin(board: Board, tones: Tones, chance: Random) -> None:
    with board.placed(turn=chance.uniform(-42, -28)):
        for x in (4, 100):
            board.lay(box(x, 55, 16, 10, 5), 1)
            board.solid(box(x, 55, 16, 10, 5), tones.second)
        barrel = box(17, 49, 86, 22, 5)
        board.lay(barrel, 1.4)
        board.fill(barrel, tones.main)
        board.shade(barrel, 0, -6, 0.13)
        board.shade(barrel, 0, 3, 0.2, (255, 255, 255))
        for _ in range(4):
            y = chance.uniform(53, 66)
            board.line([(24, y), (chance.uniform(50, 94), y)], 0.6, darker(tones.main, 0.2), 0.6)


def wooden_spoons(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a spoon, a slotted turner and a scraper, fanned out."""
    for turn, head in ((-20, "spoon"), (0, "turner"), (20, "scraper")):
        colour = tones.second if head == "turner" else tones.main
        with board.placed(turn=turn + chance.uniform(-3, 3), shift=(turn * 0.35, 2)):
            shaft = rounded([(58, 40), (62, 40), (63, 108), (57, 108)], 2)
            shape = (
                ellipse(60, 28, 10.5, 16)
                if head == "spoon"
                else rounded([(50, 12), (70, 12 if head == "turner" else 20), (66, 44), (54, 44)], 4)
            )
            board.lay(shaft, 1)
            board.lay(shape, 1)
            board.solid(shaft, colour)
            board.solid(shape, colour)
            if head == "spoon":
                board.fill(ellipse(60, 26.5, 7.4, 12), darker(colour, 0.13))
            if head == "turner":
                for x in (55.5, 60, 64.5):
                    board.line([(x, 20), (x, 36)], 1.7, darker(colour, 0.4))


def whisk(board: Board, tones: Tones, chance: Random) -> None:
    with board.placed(turn=chance.uniform(30, 46), shift=(2, -2)):
        for spread in (19, 12.5, 5):
            wire = path(
                f"M 58 66 C {60 - spread * 1.6} 40 {60 - spread} 10 60 8"
                f" C {60 + spread} 10 {60 + spread * 1.6} 40 62 66"
            )
            board.line([(x + 1.4, y + 2) for x, y in wire], 1.2, (30, 22, 16), 0.1)
            board.line(wire, 1.5, tones.main)
        handle = rounded([(56, 64), (64, 64), (65, 112), (55, 112)], [2, 2, 5, 5])
        board.lay(handle, 1.2)
        board.solid(handle, tones.second)
        board.fill(box(55.4, 64, 9.2, 5, 1), darker(tones.main, 0.15))


def colander(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 97, 26)
    for x, reach in ((22, -8), (98, 8)):
        board.line(
            path(f"M {x} 54 Q {x + reach} 56 {x + reach} 60 Q {x + reach} 66 {x + (2 if reach < 0 else -2)} 64"),
            3.4,
            tones.second,
        )
    board.solid(turned(60, [(17, 88), (19, 95)], 2.5), darker(tones.main, 0.12))
    side = turned(60, [(40, 50), (37, 66), (26, 84), (18, 90)], 2.5)
    board.solid(side, tones.main)
    with board.within(side):
        for row in range(4):
            count = 9 - row
            for i in range(count):
                x = 60 + (i - (count - 1) / 2) * (7.4 - row * 0.3)
                board.fill(ellipse(x, 62 + row * 6.6, 1.5, 1.5), darker(tones.main, 0.45))
    opening(board, 60, 50, 40, tones.second, darker(tones.main, 0.14), 0.16)


def oven_dish(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 93, 40)
    for x in (14, 92):
        board.solid(box(x, 58, 14, 8, 3.5), darker(tones.main, 0.1))
    side = rounded([(18, 58), (102, 58), (95, 92), (25, 92)], [2, 2, 8, 8])
    board.solid(side, tones.main)
    top = rounded([(26, 48), (94, 48), (103, 61), (17, 61)], [5, 5, 4, 4])
    board.fill(top, lighter(tones.main, 0.2))
    inner = rounded([(29, 50), (91, 50), (98, 59.5), (22, 59.5)], [4, 4, 3, 3])
    board.fill(inner, tones.second)
    board.shade(inner, 2, 2.5, 0.14)


def cake_tin(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a round cake tin from above, its loose base shown by a ring and a clasp."""
    radius = chance.uniform(37, 40)
    board.lay(circle(60, 60, radius), 2)
    board.fill(box(92, 54, 14, 12, 2), darker(tones.second, 0.1))
    board.fill(circle(60, 60, radius), tones.main)
    board.shade(circle(60, 60, radius), 2, 2, 0.3, (255, 255, 255))
    board.fill(circle(60, 60, radius - 3), darker(tones.main, 0.18))
    board.fill(circle(60, 60, radius - 6), tones.second)
    board.shade(circle(60, 60, radius - 6), 5, 5, 0.14)
    board.line(circle(60, 60, radius - 12), 0.9, contrasting(tones.second, 0.15))


def jar(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a clip-top jar; main is what it holds, second the rubber ring."""
    top = chance.uniform(34, 40)
    board.stand(60, 97, 24)
    side = rounded(
        [(37, top + 4), (83, top + 4), (86, top + 16), (86, 97), (34, 97), (34, top + 16)], [2, 2, 7, 6, 6, 7]
    )
    board.fill(side, (226, 233, 232), 0.9)
    level = chance.uniform(top + 16, top + 26)
    with board.within(side):
        board.fill(box(36.5, level, 47, 94 - level), tones.main)
        for _ in range(70):
            board.fill(
                circle(chance.uniform(36, 84), chance.uniform(level + 2, 94), 1.1), contrasting(tones.main, 0.16)
            )
    board.shade(side, -11, 0, 0.1)
    board.line([(40, top + 18), (40, 90)], 2.4, (255, 255, 255), 0.6)
    board.fill(box(37, top - 1, 46, 4, 1.5), tones.second)
    board.solid(box(36, top - 9, 48, 8, 3.5), (218, 227, 226))
    board.line(path(f"M 84 {top - 4} L 90 {top + 2} L 84 {top + 12}"), 1.5, STEEL)
    board.line(path(f"M 36 {top - 4} L 31 {top + 4} L 36 {top + 10}"), 1.5, STEEL)


def tin(board: Board, tones: Tones, chance: Random, half: float = 24, height: float = 57, band: float = 15) -> None:
    """Draw a round tin with a label band; half its width, its height and the band's in units."""
    top = 93 - height + chance.uniform(-3, 3)
    board.stand(60, 97, half)
    side = turned(60, [(half, top), (half, 93)], half * 0.16, smooth=False)
    board.solid(side, tones.main)
    middle = (top + 98) / 2
    hoop(board, side, middle + 4, band, tones.second, half * 0.16)
    for dy in (-2, 2):
        board.line(
            [(60 - half * 0.4, middle + dy + 8), (60 + half * 0.4, middle + dy + 8)],
            1.1,
            contrasting(tones.second),
            0.8,
        )
    lid = turned(60, [(half + 1, top - 4), (half + 1, top + 4)], half * 0.16, smooth=False)
    board.solid(lid, darker(tones.main, 0.12))
    board.fill(ellipse(60, top - 4, half + 1, half * 0.17), lighter(tones.main, 0.18))


def apron(board: Board, tones: Tones, chance: Random) -> None:
    pocket = chance.uniform(66, 71)
    board.line(path("M 47 26 C 44 8 76 8 73 26"), 2.6, tones.second)
    board.line(path("M 33 58 C 22 62 20 76 24 88"), 2.2, tones.second)
    board.line(path("M 87 58 C 98 62 100 76 96 88"), 2.2, tones.second)
    shape = path("M 45 25 H 75 C 76 42 80 52 90 57 L 93 106 Q 60 110 27 106 L 30 57 C 40 52 44 42 45 25")
    board.lay(shape, 1.1)
    board.fill(shape, tones.main)
    board.shade(shape, -7, 0, 0.09)
    board.line([(45, 28.5), (75, 28.5)], 1, contrasting(tones.main, 0.25), 0.8)
    board.fill(box(43, pocket, 34, 21, 2.5), darker(tones.main, 0.1))
    board.line([(43.5, pocket + 3), (76.5, pocket + 3)], 0.9, contrasting(tones.main, 0.3), 0.8)
    board.line([(60, pocket), (60, pocket + 21)], 0.8, contrasting(tones.main, 0.3), 0.7)


def oven_glove(board: Board, tones: Tones, chance: Random) -> None:
    with board.placed(turn=chance.uniform(-14, 4), shift=(2, 0)):
        shape = path(
            "M 40 104 L 40 60 C 30 62 20 52 24 44 C 29 36 38 42 42 46 C 40 20 48 13 58 13 C 70 13 76 24 76 40 L 76 104"
        )
        board.lay(shape, 1.2)
        board.fill(shape, tones.main)
        with board.within(shape):
            for i in range(-8, 16):
                board.line([(i * 10, 0), (i * 10 + 92, 92)], 0.7, contrasting(tones.main, 0.2), 0.8)
                board.line([(i * 10 + 92, 0), (i * 10, 92)], 0.7, contrasting(tones.main, 0.2), 0.8)
        board.shade(shape, -7, 0, 0.1)
        cuff = box(38, 92, 40, 14, 2)
        board.fill(cuff, tones.second)
        board.shade(cuff, -7, 0, 0.1)
        board.line(path("M 76 100 C 88 98 88 112 78 106"), 2.2, tones.second)


STANDING = {
    "casserole": casserole,
    "saucepan": saucepan,
    "kettle": kettle,
    "moka-pot": moka_pot,
    "dripper": dripper,
    "pepper-mill": pepper_mill,
    "mortar": mortar,
    "colander": colander,
    "oven-dish": oven_dish,
    "jar": jar,
    "tin": tin,
    "tin-low": partial(tin, half=34, height=33, band=10),
}

LYING = {
    "pan": pan,
    "knife": knife,
    "knife-small": partial(knife, length=46),
    "knife-bread": partial(knife, length=72, blade_outline=toothed_blade),
    "board": cutting_board,
    "board-round": partial(cutting_board, blank=ROUND_BLANK),
    "rolling-pin": rolling_pin,
    "spoon": wooden_spoons,
    "whisk": whisk,
    "cake-tin": cake_tin,
    "apron": apron,
    "oven-glove": oven_glove,
}
