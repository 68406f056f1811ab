"""The demo pictures: calm still lifes drawn by code, so that the shop owes nobody a photograph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from types import MappingProxyType

from PIL import Image

from seed.demo.drawing import home, kitchen, outside, pantry, paper, tableware, textiles
from seed.demo.drawing.board import Board
from seed.demo.drawing.outlines import UNITS, box, circle
from seed.demo.drawing.tones import Tones, darker, lighter, mix, read_tones

Drawing = Callable[[Board, Tones, Random], None]

_MODULES = (tableware, kitchen, textiles, home, outside, paper, pantry)
_STANDING: dict[str, Drawing] = {name: drawing for module in _MODULES for name, drawing in module.STANDING.items()}
_LYING: dict[str, Drawing] = {name: drawing for module in _MODULES for name, drawing in module.LYING.items()}

SHAPES: Mapping[str, Drawing] = MappingProxyType({**_STANDING, **_LYING})

_SETTINGS_STANDING = ("plain", "disc", "table")
_SETTINGS_LYING = ("plain", "plain", "disc")

_MAY_FACE_EITHER_WAY = frozenset(
    {
        "bowl-stack",
        "cup",
        "deck-chair",
        "egg-cups",
        "jam-pair",
        "jug",
        "jug-striped",
        "kettle",
        "knife",
        "knife-bread",
        "knife-small",
        "moka-pot",
        "mug",
        "mug-dotted",
        "mug-speckled",
        "mug-striped",
        "mug-tall",
        "salt-and-pepper",
        "saucepan",
        "teapot",
        "toy-boat",
        "watering-can",
    }
)


def draw(shape: str, colours: Sequence[str], seed: str, size: int = 1000) -> Image.Image:
    """Draw a square picture, the same one whenever the arguments are the same.

    shape: a name in SHAPES.
    colours: ground, main and second colour as #rrggbb.
    seed: varies the composition; the product's slug.
    size: the side in pixels.
    """
    chance = Random(f"{shape} {seed}")
    tones = _with_own_ground(read_tones(colours), chance)
    board = Board(tones.ground, size)
    _draw_setting(board, tones, chance.choice(_SETTINGS_STANDING if shape in _STANDING else _SETTINGS_LYING), chance)
    scale, shift = chance.uniform(0.9, 1.0), (chance.uniform(-2, 2), chance.uniform(-2.5, 0.5))
    with board.placed(scale=scale, shift=shift, mirrored=shape in _MAY_FACE_EITHER_WAY and chance.random() < 0.4):
        SHAPES[shape](board, tones, chance)
    return board.finished()


def _with_own_ground(tones: Tones, chance: Random) -> Tones:
    """Move the ground a little, so that two neighbours in a list do not look stamped."""
    share = chance.uniform(-0.05, 0.12)
    ground = lighter(tones.ground, share) if share > 0 else darker(tones.ground, -share)
    return tones._replace(ground=ground)


def _draw_setting(board: Board, tones: Tones, kind: str, chance: Random) -> None:
    tint = mix(tones.ground, tones.main, 0.07)
    if kind == "disc":
        board.fill(circle(60, 58, chance.uniform(46, 51)), lighter(tones.ground, 0.3))
    if kind == "table":
        horizon = chance.uniform(80, 87)
        board.fill(box(0, horizon, UNITS, UNITS - horizon), darker(tint, 0.05))
