"""Things to eat and drink, in their packs."""

from __future__ import annotations

from random import Random

from seed.demo.drawing.board import Board
from seed.demo.drawing.outlines import box, circle, ellipse, path, rounded, turned
from seed.demo.drawing.patterns import hoop, leaf, sprig
from seed.demo.drawing.tones import INK, LEAF, PAPER, Colour, Tones, contrasting, darker, lighter


def label(board: Board, x: float, y: float, width: float, height: float, ground: Colour) -> None:
    """Draw a paper label with a line of type and a small mark."""
    board.fill(box(x, y, width, height, 1), ground)
    ink, middle = contrasting(ground, 0.65), x + width / 2
    board.line(circle(middle, y + height * 0.3, 2.4), 0.9, ink)
    board.line([(middle - width * 0.3, y + height * 0.58), (middle + width * 0.3, y + height * 0.58)], 1.3, ink)
    board.line([(middle - width * 0.18, y + height * 0.76), (middle + width * 0.18, y + height * 0.76)], 0.9, ink, 0.7)


def tea_tin(board: Board, tones: Tones, chance: Random) -> None:
    top = chance.uniform(36, 44)
    board.stand(60, 98, 24)
    side = box(37, top, 46, 97 - top, 2)
    board.solid(side, tones.main, 0.3)
    lid = box(35.5, top - 10, 49, 13, 3)
    board.solid(lid, darker(tones.main, 0.12), 0.3)
    label(board, 44, top + 12, 32, 30, tones.second)
    lean = chance.choice((-1, 1))
    board.fill(leaf((60, 93), (60 + 9 * lean, 88), 2), tones.second)
    board.fill(leaf((60, 93), (60 - 9 * lean, 86), 2), tones.second)


def tea_box(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a carton with one tea bag in front."""
    board.stand(58, 98, 34)
    board.solid(box(26, 38, 60, 59, 1), tones.main, 0.2)
    board.fill(box(26, 38, 60, 9), darker(tones.main, 0.14))
    label(board, 36, 54, 30, 28, tones.second)
    bag = rounded([(76, 76), (97, 74), (99, 97), (78, 98)], 1.5)
    board.lay(bag, 0.7)
    board.fill(bag, (240, 233, 216))
    board.fill(rounded([(79, 86), (96, 85), (97, 95), (80, 96)], 1.5), (150, 112, 76), 0.75)
    board.line(path(f"M 86 76 C 90 {chance.uniform(56, 64)} 104 66 104 80"), 0.8, INK)
    board.fill(box(100, 80, 8, 8, 1), tones.second)


def coffee_bag(board: Board, tones: Tones, chance: Random) -> None:
    top = chance.uniform(26, 32)
    board.stand(60, 98, 26)
    side = path(f"M 38 {top} H 82 L 87 92 Q 87 98 80 98 H 40 Q 33 98 33 92 L 38 {top}")
    board.solid(side, tones.main, 0.2)
    board.fill(box(37, top - 6, 46, 12, 1.5), darker(tones.main, 0.15))
    board.line([(38, top), (82, top)], 0.8, lighter(tones.main, 0.3))
    for x in (35, 81):
        board.fill(box(x, top - 4, 4, 7, 1), tones.second)
    label(board, 43, top + 18, 34, 34, tones.second)
    board.fill(circle(60, top + 12, 1.8), darker(tones.main, 0.35))
    for x in (90 + chance.uniform(-2, 2), 98):
        board.fill(ellipse(x, 96, 4, 2.8), (92, 58, 36))
        board.line([(x - 3, 96.4), (x + 3, 95.4)], 0.8, (60, 36, 22))


def honey_jar(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a jar with a lid; main is what it holds, second its lid and label."""
    top = chance.uniform(46, 50)
    board.stand(60, 98, 25)
    side = rounded([(38, top), (82, top), (86, top + 12), (86, 97), (34, 97), (34, top + 12)], [3, 3, 8, 7, 7, 8])
    board.solid(side, tones.main)
    board.fill(ellipse(60, top + 2, 21, 2.4), lighter(tones.main, 0.3))
    board.line([(39.5, top + 14), (39.5, 88)], 2.2, (255, 255, 255), 0.45)
    board.solid(turned(60, [(23, top - 12), (23, top - 1)], 3, smooth=False), tones.second)
    board.fill(ellipse(60, top - 12, 23, 3.6), lighter(tones.second, 0.25))
    label(board, 45, top + 16, 30, 24, PAPER)


def jam_pair(board: Board, tones: Tones, chance: Random) -> None:
    for cx, base, colour, cap in ((42, 92, tones.main, tones.second), (76, 97, tones.second, tones.main)):
        board.stand(cx, base, 17)
        side = rounded([(cx - 15, base - 34), (cx + 15, base - 34), (cx + 17, base), (cx - 17, base)], [4, 4, 5, 5])
        board.solid(side, colour)
        board.line([(cx - 12.5, base - 27), (cx - 12.5, base - 8)], 1.6, (255, 255, 255), 0.45)
        cloth = path(
            f"M {cx - 15} {base - 44} H {cx + 15} L {cx + 19} {base - 31}"
            f" Q {cx + 9} {base - 27} {cx} {base - 31}"
            f" Q {cx - 9} {base - 27} {cx - 19} {base - 31}"
        )
        board.solid(cloth, lighter(cap, 0.35), 0.16)
        board.line([(cx - 15.5, base - 37), (cx + 15.5, base - 37)], 1.3, INK)
        label(board, cx - 9, base - 23 + chance.uniform(-1, 1), 18, 16, PAPER)


def oil_bottle(board: Board, tones: Tones, chance: Random) -> None:
    shoulder = chance.uniform(42, 50)
    board.stand(60, 98, 17)
    side = turned(60, [(5, 20), (5, shoulder - 8), (17, shoulder + 6), (17, 94)], 3)
    board.solid(side, tones.main)
    board.line([(50, shoulder + 12), (50, 90)], 2, (255, 255, 255), 0.4)
    board.solid(box(53.5, 10, 13, 16, 2), tones.second)
    label(board, 46, shoulder + 14, 28, 30, PAPER)
    sprig(board, 60, shoulder + 20, LEAF, chance.choice((-1, 1)), 0.6)


def syrup_bottle(board: Board, tones: Tones, chance: Random) -> None:
    top = chance.uniform(30, 36)
    board.stand(60, 98, 21)
    board.line(path(f"M 66 {top} C 74 {top + 2} 74 {top + 12} 67 {top + 13}"), 2.4, lighter(tones.main, 0.2))
    side = turned(60, [(6, top - 6), (6.5, top + 8), (20, top + 30), (22, 90), (20, 94)], 3)
    board.solid(side, tones.main)
    board.line([(46, top + 34), (45, 86)], 2, (255, 255, 255), 0.4)
    board.solid(box(53, top - 16, 14, 12, 3), tones.second)
    label(board, 46, top + 34, 28, 22, PAPER)


def chocolate(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a bar half out of its wrapper."""
    with board.placed(turn=chance.uniform(14, 32)):
        bar = box(38, 8, 44, 52, 1)
        board.lay(bar, 1.2)
        board.fill(bar, (92, 58, 38))
        for row in range(4):
            for column in range(3):
                tile = box(40 + column * 14, 10 + row * 13, 12, 11, 1)
                board.fill(tile, (108, 70, 46))
                board.shade(tile, 1, 1, 0.15, (255, 255, 255))
        foil = path("M 36 52 L 42 48 L 48 52 L 54 48 L 60 52 L 66 48 L 72 52 L 78 48 L 84 52 V 62 H 36")
        board.fill(foil, (222, 218, 206))
        sleeve = box(35, 57, 50, 54, 1)
        board.lay(sleeve, 1.2)
        board.fill(sleeve, tones.main)
        board.shade(sleeve, -7, 0, 0.08)
        label(board, 43, 68, 34, 30, tones.second)


def biscuits(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a paper bag with a window and biscuits before it."""
    board.stand(58, 98, 30)
    side = path("M 34 26 L 82 26 L 85 97 H 31 L 34 26")
    board.solid(side, tones.main, 0.18)
    board.fill(
        path(
            "M 34 26 L 37 22 L 41 26 L 45 22 L 49 26 L 53 22 L 57 26 L 61 22 L 65 26"
            " L 69 22 L 73 26 L 77 22 L 82 26 V 36 H 33.6"
        ),
        darker(tones.main, 0.12),
    )
    label(board, 41, 44, 34, 28, tones.second)
    for x, y in ((80, 92), (94, 95), (88, 86)):
        board.fill(ellipse(x, y + 1.6, 10, 4), (176, 124, 70))
        board.fill(ellipse(x, y, 10, 4), (214, 166, 106))
        for _ in range(4):
            board.fill(circle(x + chance.uniform(-6, 6), y + chance.uniform(-1.6, 1.6), 0.6), (156, 104, 58))


def salt_drum(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a round card drum of salt with a heap before it."""
    board.stand(58, 98, 30)
    side = turned(54, [(22, 40), (22, 93)], 3.6, smooth=False)
    board.solid(side, tones.main)
    hoop(board, side, 44, 5, tones.second, 3.6)
    hoop(board, side, 90, 5, tones.second, 3.6)
    label(board, 40, 54, 28, 26, PAPER)
    board.fill(ellipse(54, 40, 22, 3.8), lighter(tones.main, 0.4))
    heap = path(f"M 74 98 Q 88 {chance.uniform(78, 84)} 104 98")
    board.solid(heap, (250, 248, 243), 0.3)
    for _ in range(12):
        board.fill(box(chance.uniform(72, 108), chance.uniform(95, 99), 1, 1), (246, 244, 240))


def fish_tin(board: Board, tones: Tones, chance: Random) -> None:
    with board.placed(turn=chance.uniform(-20, -6)):
        can = box(16, 36, 88, 50, 15)
        board.lay(can, 2)
        board.fill(can, (200, 200, 194))
        board.shade(can, -2, -2, 0.2)
        lid = box(20, 40, 80, 42, 12)
        board.fill(lid, tones.main)
        board.shade(lid, 2, 2, 0.2, (255, 255, 255))
        fish = path("M 34 61 C 44 49 64 49 74 61 L 84 54 V 68 L 74 61 C 64 73 44 73 34 61")
        board.fill(fish, tones.second)
        board.fill(circle(43, 59, 1.6), tones.main)
        for x in (54, 60, 66):
            board.line(path(f"M {x} 55 Q {x + 3} 61 {x} 67"), 0.9, tones.main)
        board.line(ellipse(91, 46, 5, 3.6), 1.8, (172, 172, 168))


def spice_jars(board: Board, tones: Tones, chance: Random) -> None:
    colours = (tones.main, tones.second, (150, 152, 96))
    for i, colour in enumerate(colours):
        cx, base = 32 + i * 28, 96
        board.stand(cx, base, 11)
        side = box(cx - 11, 58, 22, base - 58, 3)
        board.fill(side, (228, 233, 232))
        with board.within(side):
            board.fill(box(cx - 10, chance.uniform(62, 70), 20, 40), colour)
        board.shade(side, -5, 0, 0.1)
        board.fill(box(cx - 8, 74, 16, 12, 1), PAPER)
        board.line([(cx - 5, 80), (cx + 5, 80)], 1, INK, 0.7)
        board.solid(box(cx - 10, 46, 20, 13, 2), (190, 148, 102))


def paper_bag(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a flour or oat bag, tied with string."""
    board.stand(60, 98, 28)
    side = path("M 36 40 Q 60 46 84 40 L 88 92 Q 88 98 80 98 H 40 Q 32 98 32 92 L 36 40")
    board.solid(side, tones.main, 0.2)
    top = path("M 42 20 Q 60 26 78 20 L 84 40 Q 60 47 36 40")
    board.solid(top, lighter(tones.main, 0.12), 0.2)
    board.line(path("M 36 40 Q 60 47 84 40"), 1.8, tones.second)
    board.line(path(f"M 64 43 C 74 {chance.uniform(48, 54)} 78 44 66 43 C 58 50 54 56 60 58"), 1.2, tones.second)
    label(board, 44, 60, 32, 28, lighter(tones.second, 0.55))


STANDING = {
    "tea-tin": tea_tin,
    "tea-box": tea_box,
    "coffee-bag": coffee_bag,
    "honey-jar": honey_jar,
    "jam-pair": jam_pair,
    "oil-bottle": oil_bottle,
    "syrup-bottle": syrup_bottle,
    "biscuits": biscuits,
    "salt-drum": salt_drum,
    "spice-jars": spice_jars,
    "paper-bag": paper_bag,
}

LYING = {
    "chocolate": chocolate,
    "fish-tin": fish_tin,
}
