"""The drawing of the tap map: areas as soft shapes, places as dots, names that do not collide. Pure.

All lengths are CSS pixels. Only presentation attributes, no style, script or font: the content security
policy allows none of them, and the whole has to fit in the first round trip of a phone connection.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from .geometry import Point, convex_hull

BLOB_STROKE, GAP_STROKE = 26, 30
FONT_SIZE, LINE_HEIGHT, LETTER_WIDTH, EDGE = 11.5, 14, 6.6, 5
CARD, FRAME, INK, DOT = "#f7f5f0", "#dcd8ce", "#1f2d36", "#5f727c"
TINTS = ("#c9dcde", "#e8dcc6", "#d5d8ea", "#d0e0c8", "#edd6cf")


@dataclass(frozen=True)
class Shape:
    """One area: its name and the pixels of its places."""

    name: str
    dots: Sequence[Point]

    @property
    def centre(self) -> Point:
        """The middle of the corners of the hull, where the name goes if there is room."""
        corners = convex_hull(self.dots)
        return sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners)


@dataclass(frozen=True)
class Box:
    """The room a name takes up, by its middle and its size."""

    x: float
    y: float
    width: float
    height: float = LINE_HEIGHT

    def overlap(self, other: Box) -> float:
        """Shared square pixels of two boxes."""
        wide = (self.width + other.width) / 2 - abs(self.x - other.x)
        high = (self.height + other.height) / 2 - abs(self.y - other.y)
        return max(0.0, wide) * max(0.0, high)


def draw_picture(width: int, height: int, shapes: Sequence[Shape]) -> bytes:
    """The SVG document, UTF-8. Wide areas lie under narrow ones; names lie on top of everything."""
    tints = _tints(shapes)
    order = sorted(range(len(shapes)), key=lambda at: -_reach(shapes[at]))
    names = _boxes_of_names(width, height, shapes)
    dots = [dot for shape in shapes for dot in shape.dots]
    body = [
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="12" fill="{CARD}" stroke="{FRAME}"/>',
        '<g stroke-linecap="round" stroke-linejoin="round">',
        *(_blob(shapes[at], tints[at]) for at in order),
        f'</g><path d="{"".join(_dot(x, y) for x, y in dots)}" stroke="{DOT}" stroke-width="3.6"'
        ' stroke-linecap="round"/>',
        f'<g font-family="system-ui, sans-serif" font-size="{FONT_SIZE}" font-weight="600" fill="{INK}"'
        f' text-anchor="middle" stroke="{CARD}" stroke-width="3" stroke-linejoin="round"'
        ' paint-order="stroke">',
        *(_label(shape.name, box) for shape, box in zip(shapes, names, strict=True)),
        "</g>",
    ]
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    )
    return (opening + "".join(body) + "</svg>").encode()


def _blob(shape: Shape, tint: str) -> str:
    """The hull of the places twice: wide in the colour of the card, then in the tint, so neighbours part."""
    corners = convex_hull(shape.dots)
    path = "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in corners) + "Z"
    return (
        f'<path d="{path}" fill="none" stroke="{CARD}" stroke-width="{GAP_STROKE}"/>'
        f'<path d="{path}" fill="{tint}" stroke="{tint}" stroke-width="{BLOB_STROKE}"/>'
    )


def _dot(x: float, y: float) -> str:
    """A line of no length: with round ends the shortest way to write a dot."""
    return f"M{x:.1f} {y:.1f}h0"


def _label(name: str, box: Box) -> str:
    return f'<text x="{box.x:.0f}" y="{box.y + FONT_SIZE / 3:.0f}">{escape(name)}</text>'


def _reach(shape: Shape) -> float:
    """The distance from the middle to the farthest place, in pixels."""
    return max(math.dist(shape.centre, dot) for dot in shape.dots)


def _tints(shapes: Sequence[Shape]) -> list[str]:
    """One tint per area: the one whose nearest bearer is farthest away, so that neighbours differ."""
    chosen: list[str] = []
    for shape in shapes:
        gaps = dict.fromkeys(TINTS, math.inf)
        for other, tint in zip(shapes, chosen, strict=False):
            gaps[tint] = min(gaps[tint], _gap(shape, other))
        chosen.append(max(TINTS, key=gaps.__getitem__))
    return chosen


def _gap(one: Shape, other: Shape) -> float:
    return min(math.dist(a, b) for a in one.dots for b in other.dots)


def _boxes_of_names(width: int, height: int, shapes: Sequence[Shape]) -> list[Box]:
    """A box per name: near its area's middle and, where possible, on its own ground, off names and dots."""
    taken: list[Box] = []
    for shape in shapes:
        room = min(width - 2 * EDGE, len(shape.name) * LETTER_WIDTH + 4)
        boxes = [_kept_in(Box(x, y, room), width, height) for x, y in _spiral(*shape.centre)]
        taken.append(min(boxes, key=lambda box: _cost(box, shape, shapes, taken)))
    return taken


def _spiral(x: float, y: float) -> Iterable[Point]:
    """Candidate middles: the centre, then rings around it, flat because names are wide."""
    yield x, y
    for ring in range(1, 10):
        for turn in range(16):
            angle = turn * math.pi / 8
            yield x + 5 * ring * math.cos(angle), y + 4 * ring * math.sin(angle)


def _kept_in(box: Box, width: int, height: int) -> Box:
    sideways, upright = box.width / 2 + EDGE, box.height / 2 + EDGE
    x = min(max(box.x, sideways), width - sideways)
    y = min(max(box.y, upright), height - upright)
    return Box(x, y, box.width, box.height)


def _cost(box: Box, own: Shape, shapes: Sequence[Shape], names: Iterable[Box]) -> float:
    """A covered name is unreadable, one on foreign ground misleads, a covered dot is a pity, a step cheap."""
    on_names = sum(box.overlap(name) for name in names)
    on_dots = sum(box.overlap(Box(x, y, 4, 4)) for shape in shapes for x, y in shape.dots)
    feet = [(box.x + box.width * part, box.y) for part in (-0.4, 0, 0.4)]
    astray = sum(_owner(foot, shapes) is not own for foot in feet)
    return 1000 * on_names + 12 * astray + 1.1 * on_dots + math.dist((box.x, box.y), own.centre)


def _owner(point: Point, shapes: Sequence[Shape]) -> Shape:
    """The area of the nearest place: what a tap there would mean."""
    return min(shapes, key=lambda shape: min(math.dist(point, dot) for dot in shape.dots))
