"""The schematic tap map: a small picture that works as a form field, without scripts, tiles or a network.

An ``<input type="image">`` posts the pixel that was tapped, so the picture has a fixed size in CSS pixels and
every pixel stands for one point on earth. It must not be scaled by a style sheet. The picture brings its own
pale card and is therefore as readable on a dark page as on a light one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from .geometry import DECIMALS, METRES_PER_DEGREE, Point
from .model import Municipality
from .picture import Shape, draw_picture

MARGIN = 24
SHORTEST, TALLEST = 180, 400
SMALLEST_SPAN_DEGREES = 0.005


# Half of what a fingertip covers, with the mark to correct it by.
FINGER_PIXELS = 10


@dataclass(frozen=True, slots=True)
class TapMap:
    """The picture and its scale. Pixels count from the top left corner, positions are WGS84 degrees.

    Equirectangular: a degree of longitude is drawn shorter than one of latitude by the cosine of the middle
    latitude, so shapes are true at this size.
    """

    width: ClassVar[int] = 288
    height: int
    north: float
    west: float
    pixels_per_latitude: float
    pixels_per_longitude: float
    svg: bytes

    @classmethod
    def draw(cls, municipality: Municipality, language: str | None = None) -> TapMap:
        """Fit the places, with a margin, and draw them.

        Area names are proper names: the default language serves everybody unless another is asked for.
        """
        places = municipality.places
        south, north = _span(place.latitude for place in places)
        west, east = _span(place.longitude for place in places)
        shrink = math.cos(math.radians((south + north) / 2))
        scale = min(
            (cls.width - 2 * MARGIN) / ((east - west) * shrink),
            (TALLEST - 2 * MARGIN) / (north - south),
        )
        height = max(SHORTEST, round((north - south) * scale) + 2 * MARGIN)
        frame = cls(
            height=height,
            north=(south + north) / 2 + height / 2 / scale,
            west=(west + east) / 2 - cls.width / 2 / (scale * shrink),
            pixels_per_latitude=scale,
            pixels_per_longitude=scale * shrink,
            svg=b"",
        )
        shapes = frame._shapes(municipality, language or municipality.default_language)
        return replace(frame, svg=draw_picture(cls.width, height, shapes))

    def holds(self, x: int, y: int) -> bool:
        """True for a pixel a finger can have meant: on the map, and not 0,0, which the Enter key posts."""
        return 0 <= x < self.width and 0 <= y < self.height and (x, y) != (0, 0)

    @property
    def metres_off(self) -> int:
        """How far a tap may be from what was meant, in metres: as wide as what a finger covers of the mark."""
        return math.ceil(METRES_PER_DEGREE / self.pixels_per_latitude * FINGER_PIXELS / 50) * 50

    def point_at(self, x: float, y: float) -> Point:
        """Latitude and longitude of a pixel, 5 decimals; a pixel off the map gives a point off the map."""
        latitude = self.north - y / self.pixels_per_latitude
        longitude = self.west + x / self.pixels_per_longitude
        return round(latitude, DECIMALS), round(longitude, DECIMALS)

    def pixel_of(self, latitude: float, longitude: float) -> Point:
        """The pixel of a point, x and y, with fractions."""
        x = (longitude - self.west) * self.pixels_per_longitude
        y = (self.north - latitude) * self.pixels_per_latitude
        return x, y

    def _shapes(self, municipality: Municipality, language: str) -> list[Shape]:
        shapes = []
        for area in municipality.areas:
            places = municipality.places_in(area.code)
            dots = [self.pixel_of(place.latitude, place.longitude) for place in places]
            shapes.append(Shape(area.name.get(language), dots))
        return shapes


def _span(degrees: Iterable[float]) -> tuple[float, float]:
    """Lowest and highest, pushed apart when all places lie on a line, so that there is something to scale."""
    values = list(degrees)
    lowest, highest = min(values), max(values)
    missing = max(0.0, SMALLEST_SPAN_DEGREES - (highest - lowest)) / 2
    return lowest - missing, highest + missing
