"""The drawing board: fills outlines with flat tones; the light always comes from the left."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PIL import Image, ImageChops, ImageDraw

from seed.demo.drawing.outlines import UNITS, Outline, Point, bounds, ellipse
from seed.demo.drawing.tones import Colour

# Two pixels drawn for one kept, each way, give smooth edges without an antialiasing library.
OVERSAMPLING = 2

# A corner sharper than this, in radians, is a corner and not part of a curve.
SHARP = 0.5

SHADOW: Colour = (30, 22, 16)

Box = tuple[int, int, int, int]
Ink = Colour | int
Trace = Callable[[ImageDraw.ImageDraw, Outline, Ink], None]
Placement = tuple[float, float, float, float, float, float]


class Board:
    """A square picture with a current placement and, within `within`, a clip."""

    def __init__(self, ground: Colour, size: int) -> None:
        self.side = size * OVERSAMPLING
        self.image = Image.new("RGB", (self.side, self.side), ground)
        self._to_pixels = self.side / UNITS
        self._placement = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
        self._clip: Image.Image | None = None
        self._clip_area: Box = (0, 0, self.side, self.side)

    def finished(self) -> Image.Image:
        return self.image.reduce(OVERSAMPLING)

    @contextmanager
    def placed(
        self, turn: float = 0, scale: float = 1, shift: Point = (0, 0), mirrored: bool = False
    ) -> Iterator[None]:
        """Draw turned (degrees), scaled and mirrored about the middle, then shifted."""
        outer = self._placement
        self._placement = _after(outer, _placement(turn, scale, shift, mirrored))
        yield
        self._placement = outer

    @contextmanager
    def within(self, outline: Sequence[Point]) -> Iterator[None]:
        """Draw only inside the outline."""
        outer, outer_area = self._clip, self._clip_area
        pixels = self._pixels(outline)
        clip = Image.new("L", (self.side, self.side), 0)
        ImageDraw.Draw(clip).polygon(pixels, fill=255)
        self._clip_area = self._area(pixels, 1) or (0, 0, 0, 0)
        self._clip = clip if outer is None else ImageChops.multiply(clip, outer)
        yield
        self._clip, self._clip_area = outer, outer_area

    def fill(self, outline: Sequence[Point], colour: Colour, alpha: float = 1) -> None:
        pixels = self._pixels(outline)
        self._ink(pixels, 1, colour, alpha, lambda pen, local, ink: pen.polygon(local, fill=ink))

    def line(self, points: Sequence[Point], width: float, colour: Colour, alpha: float = 1) -> None:
        """Draw a line with round ends; width in units."""
        thickness = max(1.0, width * self._to_pixels * self._scale())
        self._ink(
            self._pixels(points),
            math.ceil(thickness),
            colour,
            alpha,
            lambda pen, local, ink: _stroke(pen, local, thickness, ink),
        )

    def solid(self, outline: Sequence[Point], colour: Colour, depth: float = 0.24) -> None:
        """Fill something round: its right side in shade, a narrow gleam on its left."""
        self.fill(outline, colour)
        left, _, right, _ = bounds(self._pixels(outline))
        width = (right - left) / self._to_pixels
        self.shade(outline, -width * depth, 0, 0.13)
        self.shade(outline, width * 0.07, 0, 0.16, (255, 255, 255))

    def shade(self, outline: Sequence[Point], dx: float, dy: float, alpha: float, colour: Colour = (0, 0, 0)) -> None:
        """Tint what is left of the outline when it is covered by itself, shifted on the page.

        alpha: below 1.
        """
        across, down = dx * self._to_pixels, dy * self._to_pixels

        def crescent(pen: ImageDraw.ImageDraw, local: Outline, ink: Ink) -> None:
            pen.polygon(local, fill=ink)
            pen.polygon([(x + across, y + down) for x, y in local], fill=0)

        self._ink(self._pixels(outline), 1, colour, alpha, crescent)

    def stand(self, cx: float, y: float, half_width: float) -> None:
        """Put the soft shadow of something standing at y."""
        self.fill(ellipse(cx + 2, y + 0.5, half_width * 1.22, 5), SHADOW, 0.06)
        self.fill(ellipse(cx + 1, y, half_width * 1.03, 3.4), SHADOW, 0.12)

    def lay(self, outline: Sequence[Point], height: float = 1.0) -> None:
        """Put the shadow of something lying flat; it falls to the lower right of the page."""
        for reach, alpha in ((2.6, 0.05), (1.5, 0.09)):
            offset = reach * height * self._to_pixels
            pixels = [(x + offset * 0.7, y + offset) for x, y in self._pixels(outline)]
            self._ink(pixels, 1, SHADOW, alpha, lambda pen, local, ink: pen.polygon(local, fill=ink))

    def _ink(self, pixels: Outline, margin: int, colour: Colour, alpha: float, trace: Trace) -> None:
        """Put the colour where `trace` draws."""
        if alpha == 1 and self._clip is None:
            # Nothing shines through and nothing is cut off, so the slow way over a mask is not needed.
            trace(ImageDraw.Draw(self.image), pixels, colour)
            return
        area = self._area(pixels, margin)
        if area is None:
            return
        mask = Image.new("L", (area[2] - area[0], area[3] - area[1]), 0)
        trace(ImageDraw.Draw(mask), [(x - area[0], y - area[1]) for x, y in pixels], round(255 * alpha))
        if self._clip is not None:
            mask = ImageChops.multiply(mask, self._clip.crop(area))
        self.image.paste(colour, area, mask)

    def _pixels(self, points: Sequence[Point]) -> Outline:
        a, b, c, d, e, f = self._placement
        zoom = self._to_pixels
        return [((a * x + b * y + c) * zoom, (d * x + e * y + f) * zoom) for x, y in points]

    def _area(self, pixels: Outline, margin: int) -> Box | None:
        left, top, right, bottom = bounds(pixels)
        area = (
            max(self._clip_area[0], math.floor(left) - margin),
            max(self._clip_area[1], math.floor(top) - margin),
            min(self._clip_area[2], math.ceil(right) + margin),
            min(self._clip_area[3], math.ceil(bottom) + margin),
        )
        return area if area[0] < area[2] and area[1] < area[3] else None

    def _scale(self) -> float:
        return math.hypot(self._placement[0], self._placement[3])


def _placement(turn: float, scale: float, shift: Point, mirrored: bool) -> Placement:
    middle, angle = UNITS / 2, math.radians(turn)
    a, b = scale * math.cos(angle), -scale * math.sin(angle)
    d, e = scale * math.sin(angle), scale * math.cos(angle)
    if mirrored:
        a, d = -a, -d
    return (a, b, middle + shift[0] - (a + b) * middle, d, e, middle + shift[1] - (d + e) * middle)


def _after(outer: Placement, inner: Placement) -> Placement:
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (a * g + b * j, a * h + b * k, a * i + b * m + c, d * g + e * j, d * h + e * k, d * i + e * m + f)


def _stroke(pen: ImageDraw.ImageDraw, points: Outline, thickness: float, ink: Ink) -> None:
    """Draw a thick line as one strip; Pillow's own line grows bumps where its pieces are short."""
    points = [point for i, point in enumerate(points) if i == 0 or math.dist(point, points[i - 1]) > 0.01]
    headings = [math.atan2(b[1] - a[1], b[0] - a[0]) for a, b in zip(points, points[1:], strict=False)]
    half = thickness / 2
    for i, heading in enumerate(headings):
        (ax, ay), (bx, by) = points[i], points[i + 1]
        before = _halfway(heading, headings[i - 1]) if i else heading
        after = _halfway(heading, headings[i + 1]) if i + 1 < len(headings) else heading
        (px, py), (qx, qy) = _across(before, half), _across(after, half)
        pen.polygon([(ax + px, ay + py), (bx + qx, by + qy), (bx - qx, by - qy), (ax - px, ay - py)], fill=ink)
    for i, (x, y) in enumerate(points):
        if i in (0, len(points) - 1) or abs(_turn(headings[i - 1], headings[i])) > SHARP:
            pen.ellipse((x - half, y - half, x + half, y + half), fill=ink)


def _halfway(heading: float, other: float) -> float:
    """Return the heading between two, or the first where the corner is sharp and gets a round joint."""
    turn = _turn(heading, other)
    return heading if abs(turn) > SHARP else heading + turn / 2


def _turn(heading: float, other: float) -> float:
    return (other - heading + math.pi) % math.tau - math.pi


def _across(heading: float, half: float) -> Point:
    return -math.sin(heading) * half, math.cos(heading) * half
