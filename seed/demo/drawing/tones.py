"""The colours of one picture and the shades made from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Colour = tuple[int, int, int]

INK: Colour = (43, 40, 37)
PAPER: Colour = (250, 247, 240)
WOOD: Colour = (186, 138, 91)
STEEL: Colour = (188, 192, 194)
LEAF: Colour = (104, 131, 94)
KRAFT: Colour = (201, 172, 132)


class Tones(NamedTuple):
    ground: Colour
    main: Colour
    second: Colour


def read_tones(colours: Sequence[str]) -> Tones:
    """Read three colours written as #rrggbb: ground, main and second."""
    return Tones(*(read_colour(colour) for colour in colours))


def read_colour(text: str) -> Colour:
    figures = text.removeprefix("#")
    return int(figures[:2], 16), int(figures[2:4], 16), int(figures[4:6], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour that is `share` of the other and the rest of the one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float = 0.18) -> Colour:
    return mix(colour, (20, 16, 14), share)


def lighter(colour: Colour, share: float = 0.25) -> Colour:
    return mix(colour, (255, 253, 248), share)


def is_light(colour: Colour) -> bool:
    return colour[0] * 0.3 + colour[1] * 0.59 + colour[2] * 0.11 > 150


def contrasting(colour: Colour, share: float = 0.3) -> Colour:
    """Return a line colour that can be seen on this one."""
    return darker(colour, share) if is_light(colour) else lighter(colour, share)
