"""Things to write, read, wrap and give."""

from __future__ import annotations

from functools import partial
from random import Random

from seed.demo.drawing.board import Board
from seed.demo.drawing.outlines import box, circle, ellipse, path, rounded, turned
from seed.demo.drawing.patterns import dots, no_pattern, sprig, sprigs, stripes_across, waves
from seed.demo.drawing.tableware import Pattern
from seed.demo.drawing.tones import INK, PAPER, STEEL, WOOD, Tones, contrasting, darker, lighter, mix


def notebook(board: Board, tones: Tones, chance: Random, pattern: Pattern = no_pattern) -> None:
    """Draw a notebook with an elastic band and a ribbon."""
    with board.placed(turn=chance.uniform(-12, 10)):
        board.line(path("M 74 100 Q 76 108 72 114"), 2.4, tones.second)
        pages = box(31, 16, 60, 89, 2)
        board.lay(pages, 1.6)
        board.fill(pages, PAPER)
        cover = box(29, 14, 60, 89, 3)
        board.fill(cover, tones.main)
        pattern(board, cover, tones.second, chance)
        board.fill(box(29, 14, 7, 89, 2), darker(tones.main, 0.16))
        board.shade(cover, -2, -2, 0.1)
        if pattern is no_pattern:
            label = box(45, 30, 30, 18, 1.5)
            board.fill(label, PAPER)
            for y in (36, 41):
                board.line([(49, y), (71, y)], 0.8, INK, 0.5)
        board.fill(box(80, 14, 3, 89), tones.second)


def notebook_stack(board: Board, tones: Tones, chance: Random) -> None:
    colours = (mix(tones.main, PAPER, 0.5), tones.second, tones.main)
    for i, colour in enumerate(colours):
        with board.placed(turn=(-14, 2, 12)[i] + chance.uniform(-3, 3), shift=(i * 3 - 3, i * 1.5)):
            cover = box(32, 20, 54, 80, 2)
            board.lay(cover, 1.2)
            board.fill(cover, colour)
            board.line([(37, 20), (37, 100)], 0.8, contrasting(colour, 0.2))
            for y in (40, 60, 80):
                board.line([(32, y), (35, y)], 1, contrasting(colour, 0.4))
    with board.placed(turn=12, shift=(3, 1.5)):
        board.fill(box(46, 36, 28, 16, 1), PAPER)


def pen(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a fountain pen with its cap beside it."""
    with board.placed(turn=chance.uniform(-44, -30)):
        barrel = box(40, 46, 60, 10, 4.6)
        nib = path("M 40 47 L 20 50 Q 14 51 20 52 L 40 55")
        for part in (barrel, nib):
            board.lay(part, 1.1)
        board.fill(nib, (206, 178, 112))
        board.line([(18, 51), (34, 51)], 0.6, INK)
        board.fill(box(33, 46.6, 12, 8.8, 2), INK)
        board.fill(barrel, tones.main)
        board.shade(barrel, 0, -3.4, 0.2)
        board.shade(barrel, 0, 1.6, 0.3, (255, 255, 255))
        cap = box(46, 68, 42, 11.5, 5)
        board.lay(cap, 1.1)
        board.fill(cap, tones.second)
        board.shade(cap, 0, -4, 0.18)
        board.fill(box(47, 68, 3, 11.5), (206, 178, 112))
        board.line([(56, 71), (80, 71)], 1.6, (206, 178, 112))


def pencils(board: Board, tones: Tones, chance: Random) -> None:
    count = chance.choice((4, 5, 6))
    for i in range(count):
        share = i / (count - 1)
        colour = mix(tones.main, tones.second, share)
        with board.placed(turn=-18 + share * 36 + chance.uniform(-1.5, 1.5), shift=((share - 0.5) * 34, 0)):
            shaft = box(56.6, 32, 6.8, 78)
            tip = [(56.6, 32), (63.4, 32), (60, 16)]
            board.lay(shaft + tip, 0.9)
            board.fill(shaft, colour)
            board.fill(box(61, 32, 2.4, 78), (0, 0, 0), 0.14)
            board.fill(tip, (226, 194, 150))
            board.fill([(58.7, 22), (61.3, 22), (60, 16)], darker(colour, 0.2))
            board.fill(box(56.6, 103, 6.8, 7), contrasting(colour, 0.3))


def ink_bottle(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 97, 27)
    side = rounded([(32, 58), (88, 58), (90, 97), (30, 97)], [11, 11, 4, 4])
    board.fill(side, (222, 229, 230))
    with board.within(side):
        board.fill(box(33, chance.uniform(66, 72), 54, 27), tones.main)
    board.shade(side, -10, 0, 0.12)
    board.line([(37, 70), (36, 90)], 2, (255, 255, 255), 0.5)
    board.fill(box(44, 72, 32, 18, 1), PAPER)
    board.line([(49, 79), (71, 79)], 1, INK, 0.7)
    board.line([(53, 84), (67, 84)], 0.8, INK, 0.5)
    board.solid(turned(60, [(16, 44), (16, 58)], 2.6, smooth=False), tones.second)
    board.fill(ellipse(60, 44, 16, 3), lighter(tones.second, 0.2))


def cards(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a folded card on its envelope."""
    with board.placed(turn=chance.uniform(-16, -8), shift=(-4, 6)):
        envelope = box(18, 40, 84, 56, 1.5)
        board.lay(envelope, 1)
        board.fill(envelope, tones.second)
        board.line([(18, 41), (60, 72), (102, 41)], 1, contrasting(tones.second, 0.2))
    with board.placed(turn=chance.uniform(4, 10), shift=(6, -6)):
        card = box(34, 20, 52, 74, 1)
        board.lay(card, 1.3)
        board.fill(card, PAPER)
        for lean, x in ((-1, 48), (1, 60), (-1, 72)):
            sprig(board, x, 58 + chance.uniform(-6, 6), tones.main, lean, 2)
        board.line([(50, 82), (70, 82)], 1, tones.main)


def book(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a hardback standing half turned, a horizon on its cover."""
    board.stand(62, 100, 30)
    cover = rounded([(40, 18), (94, 20), (94, 100), (40, 97)], 1)
    spine = rounded([(29, 22), (40, 18), (40, 97), (29, 99)], 0.6)
    board.fill(spine, darker(tones.main, 0.28))
    board.fill(cover, tones.main)
    line = chance.uniform(56, 70)
    with board.within(cover):
        board.fill(circle(chance.uniform(58, 78), line, chance.uniform(9, 14)), lighter(tones.second, 0.2))
        board.fill(box(40, line, 60, 60), tones.second)
        for i in range(4):
            board.line(
                path(f"M 40 {line + 6 + i * 7} q 7 -4 14 0 q 7 4 14 0 q 7 -4 14 0 q 7 4 14 0"),
                0.9,
                contrasting(tones.second, 0.25),
                0.8,
            )
    for y, half in ((30, 18), (36, 11)):
        board.line([(67 - half, y), (67 + half, y + 0.6)], 2, contrasting(tones.main, 0.65))
    board.shade(cover, -5, 0, 0.07)


def open_book(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a planner or guest book lying open."""
    with board.placed(turn=chance.uniform(-8, 8)):
        cover = box(9, 30, 102, 64, 3)
        board.lay(cover, 1.5)
        board.fill(cover, tones.main)
        for x, sign in ((60, -1), (60, 1)):
            page = path(f"M {x} 35 Q {x + sign * 22} 28 {x + sign * 47} 33 V 89 Q {x + sign * 22} 84 {x} 91")
            board.fill(page, PAPER)
            for i in range(7):
                y = 42 + i * 6.2
                end = x + sign * chance.uniform(30, 42)
                board.line([(x + sign * 6, y + 1), (end, y)], 0.8, INK, 0.3)
        board.fill(path("M 60 35 Q 65 33 70 32 V 87 Q 65 88 60 91"), (0, 0, 0), 0.08)
        board.line(path("M 63 34 Q 66 70 64 104"), 2, tones.second)


def calendar(board: Board, tones: Tones, chance: Random) -> None:
    sheet = box(26, 22, 68, 84, 1)
    board.lay(sheet, 1.3)
    board.fill(sheet, PAPER)
    view = box(26, 26, 68, 38)
    board.fill(view, lighter(tones.main, 0.55))
    with board.within(view):
        board.fill(circle(chance.uniform(44, 76), 44, 7), lighter(tones.second, 0.25))
        board.fill(path(f"M 20 56 Q 44 {chance.uniform(42, 50)} 66 56 Q 82 62 100 52 V 70 H 20"), tones.main)
    for row in range(4):
        for column in range(7):
            marked = (row, column) == (2, chance.randrange(7))
            board.fill(circle(33 + column * 9, 74 + row * 8, 1.6), tones.second if marked else mix(INK, PAPER, 0.5))
    board.fill(box(26, 18, 68, 8, 1), tones.second)
    for i in range(9):
        board.line([(31 + i * 7.2, 15), (31 + i * 7.2, 23)], 1.3, STEEL)


def wrapping_paper(board: Board, tones: Tones, chance: Random, pattern: Pattern = sprigs) -> None:
    for i, (turn, colour) in enumerate(((-24, tones.second), (-6, tones.main), (14, mix(tones.main, PAPER, 0.5)))):
        with board.placed(turn=turn + chance.uniform(-3, 3), shift=(i * 15 - 15, 0)):
            roll = box(52, 10, 16, 98, 2)
            board.lay(roll, 1.2)
            board.fill(roll, colour)
            pattern(board, roll, contrasting(colour, 0.35), chance)
            board.shade(roll, -4, 0, 0.14)
            board.fill(box(51.5, 54, 17, 9), PAPER)
            board.fill(ellipse(60, 11, 8, 2.4), darker(colour, 0.3))


def gift_box(board: Board, tones: Tones, chance: Random, pattern: Pattern = no_pattern) -> None:
    top = chance.uniform(50, 56)
    board.stand(60, 98, 32)
    side = box(28, top, 64, 97 - top, 1.5)
    board.fill(side, tones.main)
    pattern(board, side, lighter(tones.main, 0.3), chance)
    board.shade(side, -15, 0, 0.11)
    board.fill(box(54, top, 12, 97 - top), tones.second)
    lid = box(24, top - 11, 72, 14, 1.5)
    board.fill(lid, lighter(tones.main, 0.08))
    board.shade(lid, -16, 0, 0.11)
    board.fill(box(54, top - 11, 12, 14), lighter(tones.second, 0.08))
    for text in (
        f"M 60 {top - 12} C 34 {top - 16} 36 {top - 36} 60 {top - 12}",
        f"M 60 {top - 12} C 86 {top - 16} 84 {top - 36} 60 {top - 12}",
    ):
        board.line(path(text), 4.6, tones.second)
    board.fill(circle(60, top - 12, 4.4), darker(tones.second, 0.15))


def gift_card(board: Board, tones: Tones, chance: Random) -> None:
    with board.placed(turn=chance.uniform(-12, -4)):
        card = box(14, 32, 92, 58, 5)
        board.lay(card, 1.5)
        board.fill(card, tones.main)
        with board.within(card):
            for i in range(4):
                y = 66 + i * 7
                board.line(
                    path(f"M 10 {y} q 8 -6 16 0 q 8 6 16 0 q 8 -6 16 0 q 8 6 16 0 q 8 -6 16 0 q 8 6 16 0 q 8 -6 16 0"),
                    1.4,
                    tones.second,
                    0.8 - i * 0.15,
                )
            board.fill(circle(84, 52, 10), tones.second)
        for y, end in ((44, 56), (51, 44)):
            board.line([(23, y), (end, y)], 2.4, contrasting(tones.main, 0.75))


def jigsaw(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a puzzle box with two pieces beside it."""
    lid = box(22, 18, 64, 64, 2)
    board.lay(lid, 2)
    board.fill(lid, tones.second)
    view = box(28, 24, 52, 40)
    board.fill(view, lighter(tones.main, 0.6))
    with board.within(view):
        board.fill(circle(chance.uniform(44, 66), 42, 8), PAPER)
        for i, share in enumerate((0.3, 0.0)):
            board.fill(
                path(
                    f"M 20 {52 + i * 6} Q 42 {44 + i * 6} 58 {53 + i * 5} Q 72 {58 + i * 4} 90 {50 + i * 6} V 80 H 20"
                ),
                lighter(tones.main, share),
            )
    board.line([(30, 71), (60, 71)], 2.2, contrasting(tones.second, 0.7))
    for x, y, turn, colour in ((82, 92, 18, tones.main), (98, 70, -24, lighter(tones.main, 0.4))):
        with board.placed(turn=turn + chance.uniform(-8, 8), shift=(x - 60, y - 60)):
            piece = path(
                "M 51 51 H 57 C 54 45 66 45 63 51 H 69 V 57 C 75 54 75 66 69 63 V 69 H 51 V 63 C 57 66 57 54 51 57"
            )
            board.lay(piece, 1)
            board.fill(piece, colour)


def wooden_blocks(board: Board, tones: Tones, chance: Random) -> None:
    board.stand(60, 98, 34)
    third = mix(tones.main, tones.second, 0.5)
    board.solid(box(26, 74, 32, 24, 1.5), tones.main, 0.16)
    board.solid(box(61, 74, 32, 24, 1.5), tones.second, 0.16)
    board.solid(rounded([(38, 50), (82, 50), (82, 74), (38, 74)], 1.5), third, 0.14)
    board.fill(ellipse(60, 74.5, 11, 13, 180, 360), darker(third, 0.35))
    shift = chance.uniform(-6, 6)
    board.solid(
        rounded([(60 + shift, 22), (82 + shift * 0.5, 50), (38 + shift * 0.5, 50)], 1.5),
        lighter(tones.main, 0.15),
        0.16,
    )


def pen_pot(board: Board, tones: Tones, chance: Random) -> None:
    """Draw a pen pot with pens, scissors and a ruler."""
    board.stand(60, 98, 21)
    for x, lean, colour in ((50, -5, tones.second), (57, -1, INK), (66, 5, lighter(tones.second, 0.4))):
        tip = chance.uniform(16, 26)
        board.line([(x, 66), (x + lean, tip)], 3.6, colour)
        board.fill([(x + lean - 1.7, tip), (x + lean + 1.7, tip), (x + lean * 1.2, tip - 6)], WOOD)
    board.fill(rounded([(70, 30), (76, 31), (72, 66), (67, 66)], 0.6), WOOD)
    side = turned(60, [(20, 54), (20, 94)], 3.4, smooth=False)
    board.solid(side, tones.main)
    board.line(ellipse(60, 54, 20, 3.4, 0, 180), 1.6, lighter(tones.main, 0.3))


STANDING = {
    "book": book,
    "ink-bottle": ink_bottle,
    "gift-box": gift_box,
    "gift-box-dotted": partial(gift_box, pattern=dots),
    "wooden-blocks": wooden_blocks,
    "pen-pot": pen_pot,
}

LYING = {
    "notebook": notebook,
    "notebook-waves": partial(notebook, pattern=waves),
    "notebook-striped": partial(notebook, pattern=stripes_across),
    "notebook-stack": notebook_stack,
    "pen": pen,
    "pencils": pencils,
    "cards": cards,
    "open-book": open_book,
    "calendar": calendar,
    "wrapping-paper": wrapping_paper,
    "gift-card": gift_card,
    "jigsaw": jigsaw,
}
