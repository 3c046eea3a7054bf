"""Where a report is: from what was posted to what may be stored, as coarse as the resident asked for."""

import math
from dataclasses import dataclass

from citizen_portal.municipality import Municipality, distance_metres, inside, nearest_place, snap
from citizen_portal.reports.choices import AREA, PRECISION_METRES
from citizen_portal.reports.named_in_words import area_named_in

# A position that is known no better may be of another part of town.
COARSEST_METRES = 1000
# A named place may be a square or a street, and a tap on the map a few hundred metres off.
APART_METRES = 1000


@dataclass(frozen=True, slots=True)
class Location:
    """What is stored of where. Coordinates are WGS84 degrees on the grid of the chosen precision."""

    area: str | None
    place: str | None
    place_text: str
    latitude: float | None
    longitude: float | None
    precision: str


class OutsideMunicipality(ValueError):
    """The point lies outside the municipality's bounds."""


class TooInexact(ValueError):
    """The point is known less well than would tell the part of town."""


def precision_of(precision: str, accuracy: float | None) -> str:
    """The precision that a point may be kept with, when a telephone knows it to ``accuracy`` metres (None: not told).

    Raises ``TooInexact``.
    """
    if accuracy is None:
        return precision
    if not 0 <= accuracy <= COARSEST_METRES:
        raise TooInexact
    fitting = [code for code, metres in PRECISION_METRES.items() if metres >= accuracy]
    wanted = PRECISION_METRES.get(precision, math.inf)
    return precision if wanted >= accuracy else fitting[0] if fitting else AREA


def are_apart(municipality: Municipality, place: str, point: tuple[float, float]) -> bool:
    """Whether a named place and a point can hardly be the same."""
    named = municipality.place(place)
    return named is not None and distance_metres(named.latitude, named.longitude, *point) > APART_METRES


def locate(
    municipality: Municipality,
    *,
    place: str | None,
    place_text: str,
    point: tuple[float, float] | None,
    precision: str,
    part: str | None = None,
) -> Location:
    """Bring the ways to say where down to one location.

    ``place`` is a known place's code, ``point`` is (latitude, longitude) in degrees, ``part`` the code of an area. A
    named place decides the area; a point alone belongs to the area of its nearest named place; words alone to the one
    area that they name. With the precision ``area`` neither the place nor the point is kept. Raises
    ``OutsideMunicipality``.
    """
    named = municipality.place(place) if place else None
    if point and not inside(municipality.bounds, *point):
        raise OutsideMunicipality
    nearest = named or (nearest_place(municipality, *point) if point else None)
    area = nearest.area if nearest else part or area_named_in(municipality, place_text)
    if precision == AREA:
        return Location(area, None, place_text, None, None, precision)
    if point is None and named:
        point = (named.latitude, named.longitude)
    snapped = snap(*point, PRECISION_METRES[precision], municipality.bounds) if point else (None, None)
    return Location(area, named.code if named else None, place_text, *snapped, precision)
