"""Where things are: pure numbers on WGS84 degrees and metres.

A point belongs to the area of its nearest named place; nobody has to supply polygons.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence

from .model import Bounds, Municipality, Place

EARTH_RADIUS_METRES = 6_371_008.8
METRES_PER_DEGREE = 111_320
DECIMALS = 5
SMALLEST_GRID_METRES = 2

Point = tuple[float, float]


def distance_metres(latitude1: float, longitude1: float, latitude2: float, longitude2: float) -> float:
    """Great-circle distance in metres between two points in degrees (haversine; mean earth radius)."""
    south, north = math.radians(latitude1), math.radians(latitude2)
    half_height = math.sin((north - south) / 2) ** 2
    half_width = math.sin(math.radians(longitude2 - longitude1) / 2) ** 2
    chord = half_height + math.cos(south) * math.cos(north) * half_width
    return 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(min(1.0, chord)))


def nearest_place(among: Municipality | Iterable[Place], latitude: float, longitude: float) -> Place:
    """The named place nearest to a point; of equally near ones the first. ValueError when there is none."""
    places = among.places if isinstance(among, Municipality) else among
    return min(places, key=lambda place: distance_metres(latitude, longitude, place.latitude, place.longitude))


def areas_by_distance(places: Iterable[Place]) -> dict[str, tuple[str, ...]]:
    """For each area its neighbours, the nearest first; an area lies where the mean of its places does."""
    points: dict[str, list[Point]] = {}
    for place in places:
        points.setdefault(place.area, []).append((place.latitude, place.longitude))
    middles = {area: tuple(map(statistics.fmean, zip(*found, strict=True))) for area, found in points.items()}
    return {
        area: tuple(
            sorted(middles.keys() - {area}, key=lambda other: (distance_metres(*middle, *middles[other]), other))
        )
        for area, middle in middles.items()
    }


def inside(bounds: Bounds, latitude: float, longitude: float) -> bool:
    """True when the point lies in the box or on its edge; never true of a value that is not a number."""
    return bounds.south <= latitude <= bounds.north and bounds.west <= longitude <= bounds.east


def snap(latitude: float, longitude: float, metres: float, bounds: Bounds) -> Point:
    """Move a point (degrees) to the nearest crossing of a grid ``metres`` wide, so that it names no doorstep.

    One grid for the whole municipality: a degree of longitude is measured at the middle latitude of the
    bounds. Result in degrees with 5 decimals; snapping twice changes nothing. A point at the very edge may
    land just outside the bounds, so ask ``inside`` first. ValueError for a grid under 2 metres, which five
    decimals cannot hold.
    """
    if not metres >= SMALLEST_GRID_METRES:
        raise ValueError(f"the grid must be at least {SMALLEST_GRID_METRES} metres wide")
    middle = math.radians((bounds.south + bounds.north) / 2)
    step = metres / METRES_PER_DEGREE
    return _to_step(latitude, step), _to_step(longitude, step / math.cos(middle))


def convex_hull(points: Iterable[Point]) -> list[Point]:
    """The corners of the smallest convex shape around the points, in order (Andrew's monotone chain).

    One point gives one corner, points on a line give its two ends.
    """
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return _chain(ordered)[:-1] + _chain(ordered[::-1])[:-1]


def _chain(points: Sequence[Point]) -> list[Point]:
    """One side of the hull: keep only left turns."""
    side: list[Point] = []
    for point in points:
        while len(side) > 1 and _turn(side[-2], side[-1], point) <= 0:
            side.pop()
        side.append(point)
    return side


def _turn(start: Point, middle: Point, end: Point) -> float:
    return (middle[0] - start[0]) * (end[1] - start[1]) - (middle[1] - start[1]) * (end[0] - start[0])


def _to_step(value: float, step: float) -> float:
    return round(round(value / step) * step, DECIMALS)
