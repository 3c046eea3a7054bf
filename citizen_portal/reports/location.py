"""Where a report is: from what was posted to what may be stored, as coarse as the resident asked for."""

from dataclasses import dataclass

from citizen_portal.municipality import Municipality, inside, nearest_place, snap
from citizen_portal.reports.choices import AREA, PRECISION_METRES


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


def locate(
    municipality: Municipality,
    *,
    place: str | None,
    place_text: str,
    point: tuple[float, float] | None,
    precision: str,
) -> Location:
    """Bring the ways to say where down to one location.

    ``place`` is a known place's code, ``point`` is (latitude, longitude) in degrees. A named place decides the
    area; a point alone belongs to the area of its nearest named place. With the precision ``area`` neither the
    place nor the point is kept. Raises ``OutsideMunicipality``.
    """
    named = municipality.place(place) if place else None
    if point and not inside(municipality.bounds, *point):
        raise OutsideMunicipality
    nearest = named or (nearest_place(municipality, *point) if point else None)
    area = nearest.area if nearest else None
    if precision == AREA:
        return Location(area, None, place_text, None, None, precision)
    if point is None and named:
        point = (named.latitude, named.longitude)
    snapped = snap(*point, PRECISION_METRES[precision], municipality.bounds) if point else (None, None)
    return Location(area, named.code if named else None, place_text, *snapped, precision)
