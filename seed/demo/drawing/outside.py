"""Things for the garden, the beach and the way."""

from __future__ import annotations

from functools import partial
from random import Random

from seed.demo.drawing.board import Board
from seed.demo.drawing.home import flame
from seed.demo.drawing.outlines import Outline, box, circle, ellipse, path, rounded, turned
from seed.demo.drawing.patterns import hoop, leaf, sprig
from seed.demo.drawing.tones import INK, LEAF, PAPER, STEEL, WOOD, Tones, contrasting, darker, lighter, mix


def plant_pot(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a pot on a saucer, with a plant of its own."""
    board.stand(60, 98, 25)
    leaves = chance.choice((7, 9, 11))
    for i in range(leaves):
        reach = (i - (leaves - 1) / 2) / leaves * 2
        tip = (60 + reach * 36, 16 + abs(reach) * 30 + chance.uniform(-4, 4))
        colour = mix(LEAF, (66, 98, 80), chance.random())
        board.fill(leaf((60 + reach * 6, 60), tip, 4.6), colour)
        board.line([(60 + reach * 6, 60), tip], 0.6, lighter(colour, 0.3), 0.8)
    board.solid(turned(60, [(27, 93), (25, 97)], 3, smooth=False), darker(tones.main, 0.12))
    side = turned(60, [(24, 60), (19, 92)], 3, smooth=False)
    board.solid(side, tones.main)
    hoop(board, side, chance.uniform(74, 84), chance.uniform(1.5, 5), tones.second)
    board.solid(turned(60, [(27, 56), (27, 65)], 3.4, smooth=False), lighter(tones.main, 0.06))
    board.fill(ellipse(60, 56, 27, 3.4), (84, 62, 46))
    board.line(ellipse(60, 56, 27, 3.4, 0, 180), 1, lighter(tones.main, 0.25))


def trough(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 96, 44)
    for i in range(11):
        x = 22 + i * 7.6
        sprig(
            board,
            x,
            44 + chance.uniform(-4, 4),
            mix(LEAF, (120, 142, 96), chance.random()),
            chance.choice((-1, 1)),
            chance.uniform(1.5, 2.1),
        )
    side = rounded([(14, 56), (106, 56), (101, 94), (19, 94)], 3)
    board.solid(side, tones.main, 0.12)
    for y in (68, 80):
        board.line([(15.5, y), (104, y)], 0.9, darker(tones.main, 0.2))
    board.fill(box(12, 53, 96, 6, 2), tones.second)


def watering_can(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(66, 97, 27)
    spout = path("M 46 82 L 20 42 L 14 46 L 44 94")
    board.fill(spout, darker(tones.main, 0.1))
    board.solid(path("M 8 46 L 24 34 L 27 39 L 12 51"), tones.second)
    board.line(path("M 46 56 C 52 20 86 20 92 48"), 4.4, tones.second)
    board.line(path("M 90 58 C 112 60 110 86 92 88"), 4, tones.second)
    side = turned(67, [(24, 54), (26, 94)], 3.6, smooth=False)
    board.solid(side, tones.main)
    for y in (chance.uniform(62, 66), 88):
        hoop(board, side, y, 1.3, darker(tones.main, 0.2))
    board.fill(ellipse(67, 54, 24, 4), darker(tones.main, 0.32))
    board.line(ellipse(67, 54, 24, 4), 1.4, lighter(tones.main, 0.2))


TROWEL_HEAD = path("M 47 50 L 46 24 Q 52 10 60 4 Q 68 10 74 24 L 73 50 Q 60 58 47 50")
FORK_HEAD = path(
    "M 46 52 L 45 10 L 49 10 L 51 38 H 57.5 L 58 6 H 62 L 62.5 38 H 69 L 71 10 L 75 10 L 74 52 Q 60 58 46 52"
)


def trowel(board: Board, tones: Tones, chance: Random, head: Outline = TROWEL_HEAD) -> None:
    with board.placed(turn=chance.uniform(28, 46), shift=(2, 0)):
        handle = rounded([(55.5, 72), (64.5, 72), (65.5, 110), (54.5, 110)], [2, 2, 5, 5])
        neck = box(58, 48, 4, 26, 1)
        for part in (neck, head, handle):
            board.lay(part, 1.2)
        board.fill(neck, darker(tones.main, 0.2))
        board.solid(head, tones.main)
        board.solid(handle, tones.second)
        board.fill(box(55, 72, 10, 4), darker(tones.main, 0.15))


def secateurs(board: Board, tones: Tones, chance: Random) -> None:
    with board.placed(turn=chance.uniform(18, 36)):
        upper = path("M 58 56 Q 46 36 52 10 Q 66 26 66 54")
        lower = path("M 62 58 Q 76 44 74 26 Q 70 22 68 28 Q 66 42 56 52")
        board.lay(upper, 1.2)
        board.fill(lower, darker(tones.main, 0.22))
        board.solid(upper, tones.main, 0.4)
        for text in ("M 56 58 C 46 76 40 92 42 108", "M 64 58 C 76 74 82 90 78 108"):
            board.line([(x + 1.4, y + 2) for x, y in path(text)], 8.4, (30, 22, 16), 0.08)
            board.line(path(text), 8.4, tones.second)
            board.line([(x - 1.4, y) for x, y in path(text)], 1.4, lighter(tones.second, 0.35), 0.7)
        board.line(path("M 56 76 Q 60 72 66 76"), 1.6, STEEL)
        board.fill(circle(60, 56, 4.6), darker(STEEL, 0.2))
        board.fill(circle(60, 56, 2), lighter(STEEL, 0.3))


def seed_packet(board: Board, tones: Tones, chance: Random) -> None:
    with board.placed(turn=chance.uniform(-10, 10)):
        packet = box(34, 16, 52, 88, 1)
        board.lay(packet, 1.2)
        board.fill(packet, tones.main)
        board.fill(box(34, 16, 52, 10), darker(tones.main, 0.12))
        panel = box(39, 34, 42, 48, 1)
        board.fill(panel, PAPER)
        petals, size = chance.choice((6, 8, 11)), chance.uniform(9, 12)
        board.line(path("M 60 56 Q 62 70 60 80"), 1.4, LEAF)
        board.fill(leaf((60.5, 74), (71, 66), 2), LEAF)
        board.fill(leaf((60.5, 77), (49, 70), 2), LEAF)
        for i in range(petals):
            angle = 360 * i / petals
            with board.placed(turn=angle, shift=(0, -9)):
                board.fill(leaf((60, 60), (60, 60 - size), 2.6), tones.second)
        board.fill(circle(60, 51, 3.4), (222, 176, 84))
        for y, half in ((89, 15), (94, 10)):
            board.line([(60 - half, y), (60 + half, y)], 1.2, contrasting(tones.main, 0.6), 0.8)


def bird_house(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 99, 22)
    board.fill(box(56, 84, 8, 15), darker(WOOD, 0.15))
    front = [(36, 46), (60, 24), (84, 46), (84, 86), (36, 86)]
    board.solid(front, tones.main, 0.16)
    for x in (48, 60, 72):
        board.line([(x, 40), (x, 86)], 0.7, darker(tones.main, 0.18))
    board.line([(30, 50), (60, 22), (90, 50)], 5.4, tones.second)
    board.fill(circle(60, 54, chance.uniform(6.5, 8)), darker(tones.main, 0.65))
    board.line([(60, 68), (60, 71)], 3, tones.second)


def twine(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 97, 24)
    spool = turned(60, [(20, 44), (25, 56), (26, 70), (25, 84), (20, 93)], 4)
    board.solid(spool, tones.main)
    with board.within(spool):
        for i in range(16):
            y = 46 + i * 3.4
            board.line(path(f"M 30 {y} Q 60 {y + chance.uniform(5, 8)} 90 {y - 2}"), 1, darker(tones.main, 0.2))
    board.fill(ellipse(60, 44, 20, 4.6), lighter(tones.main, 0.15))
    board.fill(ellipse(60, 44, 8, 2), darker(tones.main, 0.5))
    hoop(board, spool, 70, 15, tones.second, 4)
    board.line(path("M 84 86 C 100 88 92 98 106 97"), 1.5, tones.main)


def lantern(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 99, 22)
    lift = chance.uniform(4, 10)
    board.line(path(f"M 42 36 C 42 {lift} 78 {lift} 78 36"), 2.2, darker(tones.main, 0.2))
    board.solid(turned(60, [(8, 26), (12, 32), (20, 38)], 2.6), tones.main)
    glass = turned(60, [(16, 41), (20, 58), (16, 76)], 3)
    board.fill(glass, (246, 239, 220), 0.9)
    flame(board, 60, 72, 1)
    board.shade(glass, -7, 0, 0.08)
    board.line(path("M 49 46 Q 45 58 48 70"), 1.8, (255, 255, 255), 0.8)
    for x in (41, 79):
        board.line([(x, 38), (x, 80)], 2, darker(tones.main, 0.12))
    board.solid(turned(60, [(18, 76), (22, 82), (24, 95)], 3, smooth=False), tones.main)
    board.solid(box(80, 84, 7, 3.4, 1.5), tones.second)
    board.fill(box(52, 85, 16, 7, 1), tones.second)


def flask(board: Board, tones: Tones, chance: Random) -> None:
    top = chance.uniform(36, 40)
    board.stand(60, 98, 18)
    side = turned(60, [(13, top), (18, top + 8), (18, 94)], 3, smooth=False)
    board.solid(side, tones.main)
    hoop(board, side, chance.uniform(78, 86), chance.uniform(2, 7), tones.second)
    board.solid(turned(60, [(13.5, 18), (13.5, top)], 2.4, smooth=False), tones.second)
    board.fill(ellipse(60, 18, 13.5, 2.6), lighter(tones.second, 0.25))
    board.line(path("M 73 24 C 84 24 84 36 76 38"), 2.4, INK)
    board.fill(circle(60, 62, 4.4), lighter(tones.main, 0.2))


def rucksack(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 100, 28)
    board.line(path("M 52 22 C 50 10 70 10 68 22"), 3, INK)
    side = rounded([(36, 22), (84, 22), (88, 98), (32, 98)], [14, 14, 8, 8])
    board.solid(side, tones.main)
    flap = path("M 34 30 Q 36 20 48 20 H 72 Q 84 20 86 30 L 87 54 Q 60 62 33 54")
    board.shade(flap, 0, -3, 0.2)
    board.solid(flap, lighter(tones.main, 0.1), 0.14)
    pocket = rounded([(41, 70), (79, 70), (80, 94), (40, 94)], 5)
    board.fill(pocket, darker(tones.main, 0.1))
    for x in (48, 72):
        board.fill(box(x - 2, 42, 4, 27, 1), tones.second)
        board.fill(box(x - 3, chance.uniform(58, 61), 6, 5, 1), STEEL)


def pocket_knife(board: Board, tones: Tones, chance: Random) -> None:
    with board.placed(turn=chance.uniform(-40, -24)):
        blade = path("M 60 56 H 96 Q 112 56 116 61 Q 104 68 90 68 H 60")
        board.lay(blade, 1.1)
        board.fill(blade, tones.main)
        board.shade(blade, 0, -4, 0.5, (255, 255, 255))
        handle = path("M 8 60 Q 8 51 20 51 C 40 51 52 54 66 53 V 71 C 50 72 36 74 20 72 Q 8 70 8 60")
        board.lay(handle, 1.3)
        board.fill(handle, tones.second)
        board.shade(handle, 0, -6, 0.16)
        for x in (18, 60):
            board.fill(circle(x, 62, 1.6), lighter(tones.main, 0.2))
        board.line(path("M 10 60 C 0 62 0 74 8 78"), 1.6, contrasting(tones.second, 0.3))


def bucket(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 98, 24)
    board.line(path(f"M 28 50 C 30 {chance.uniform(8, 16)} 90 12 92 50"), 2, darker(STEEL, 0.25))
    board.fill(box(54, 17.5, 12, 5, 2), WOOD)
    side = turned(60, [(32, 50), (23, 94)], 3.4, smooth=False)
    board.solid(side, tones.main)
    for y in (60, 84):
        hoop(board, side, y, 1.4, tones.second)
    board.fill(ellipse(60, 50, 32, 6), darker(tones.main, 0.35))
    board.line(ellipse(60, 50, 32, 6), 1.8, lighter(tones.main, 0.2))


def deck_chair(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 101, 40)
    board.line([(98, 50), (36, 99)], 4, darker(tones.main, 0.15))
    sling = path("M 30 14 Q 40 60 92 72 L 96 66 Q 54 54 44 12")
    board.line([(34, 10), (94, 99)], 4, tones.main)
    board.fill(sling, PAPER)
    stripes = chance.choice((2, 3))
    with board.within(sling):
        for i in range(stripes):
            offset = 2 + i * (14 / stripes)
            board.line(
                path(f"M {30 + offset} 12 Q {41 + offset * 0.8} {60 - offset * 0.5} 94 {72 - offset * 0.4}"),
                9 / stripes,
                tones.second,
            )
    board.shade(sling, -3, 2, 0.1)
    board.line([(28, 13), (46, 10)], 4, tones.main)
    board.line([(90, 72), (98, 64)], 4, tones.main)
    board.line([(62, 99), (98, 99)], 3, tones.main)


def kite(board: Board, tones: Tones, chance: Random) -> None:
    with board.placed(turn=chance.uniform(14, 30)):
        sail = [(60, 8), (90, 40), (60, 88), (30, 40)]
        board.lay(sail, 1.6)
        board.fill(sail, tones.main)
        board.fill([(60, 8), (90, 40), (60, 40)], tones.second)
        board.fill([(30, 40), (60, 40), (60, 88)], tones.second)
        board.shade(sail, -4, -2, 0.08)
        board.line([(60, 8), (60, 88)], 1.2, WOOD)
        board.line([(30, 40), (90, 40)], 1.2, WOOD)
        board.line(path("M 60 88 C 70 96 52 102 62 114"), 1.2, INK)
        for y in (97, 107):
            board.fill([(54, y - 3), (66, y + 3), (66, y - 3), (54, y + 3)], tones.main)


def toy_boat(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 98, 32)
    board.line([(58, 10), (58, 78)], 2.4, WOOD)
    board.solid(path(f"M 61 14 Q {chance.uniform(92, 100)} 46 94 68 H 61"), PAPER, 0.1)
    board.solid(path("M 55 24 Q 34 50 30 68 H 55"), tones.second, 0.1)
    hull = path("M 20 76 H 100 Q 96 96 80 97 H 42 Q 26 96 20 76")
    board.solid(hull, tones.main, 0.14)
    with board.within(hull):
        board.fill(box(10, 76, 100, 4.5), lighter(tones.main, 0.45))


STANDING = {
    "plant-pot": plant_pot,
    "trough": trough,
    "watering-can": watering_can,
    "bird-house": bird_house,
    "twine": twine,
    "lantern": lantern,
    "flask": flask,
    "rucksack": rucksack,
    "bucket": bucket,
    "deck-chair": deck_chair,
    "toy-boat": toy_boat,
}

LYING = {
    "trowel": trowel,
    "hand-fork": partial(trowel, head=FORK_HEAD),
    "secateurs": secateurs,
    "seed-packet": seed_packet,
    "pocket-knife": pocket_knife,
    "kite": kite,
}
