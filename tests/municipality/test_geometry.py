"""Distances, the nearest place and the grid that hides doorsteps."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.municipality import Bounds, distance_metres, inside, nearest_place, snap
from citizen_portal.municipality.geometry import convex_hull

BOUNDS = Bounds(south=60.0, north=60.1, west=15.0, east=15.2)
latitudes = st.floats(BOUNDS.south, BOUNDS.north)
longitudes = st.floats(BOUNDS.west, BOUNDS.east)
grids = st.floats(2, 2000)
pixels = st.tuples(st.integers(0, 50), st.integers(0, 50))


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres():
    assert distance_metres(59, 18, 60, 18) == pytest.approx(111_195, abs=1)


def test_a_degree_of_longitude_shrinks_with_the_cosine_of_the_latitude():
    assert distance_metres(60, 15, 60, 15.01) == pytest.approx(11_119.5 * 0.1 * 0.5, rel=1e-3)


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_the_same_both_ways_and_never_negative(lat1, lon1, lat2, lon2):
    there, back = distance_metres(lat1, lon1, lat2, lon2), distance_metres(lat2, lon2, lat1, lon1)
    assert there == pytest.approx(back)
    assert there >= 0


def test_the_nearest_place_to_a_place_is_itself(municipality):
    for place in municipality.places:
        assert nearest_place(municipality, place.latitude, place.longitude) is place


def test_the_nearest_place_can_be_sought_among_some_places_only(invented):
    south = invented.places_in("soder")
    torget = invented.place("torget")
    assert nearest_place(south, torget.latitude, torget.longitude).code == "parken"


def test_among_no_places_none_is_nearest():
    with pytest.raises(ValueError, match="empty"):
        nearest_place([], 60, 15)


def test_the_edge_is_inside_and_one_step_further_is_not():
    assert inside(BOUNDS, BOUNDS.south, BOUNDS.east)
    assert not inside(BOUNDS, BOUNDS.north + 1e-9, BOUNDS.east)
    assert not inside(BOUNDS, math.nan, BOUNDS.east)


@given(latitudes, longitudes, grids)
def test_snapping_twice_changes_nothing(latitude, longitude, metres):
    once = snap(latitude, longitude, metres, BOUNDS)
    assert snap(*once, metres, BOUNDS) == once


@given(latitudes, longitudes, grids)
def test_snapping_moves_a_point_less_than_the_grid(latitude, longitude, metres):
    moved = distance_metres(latitude, longitude, *snap(latitude, longitude, metres, BOUNDS))
    assert moved < metres


@given(st.integers(0, 200), st.integers(0, 200))
def test_points_in_one_square_become_one_point(north, east):
    middle = snap(60.05, 15.1, 500, BOUNDS)
    near = (middle[0] + (north - 100) * 2e-5, middle[1] + (east - 100) * 4e-5)
    assert snap(*near, 500, BOUNDS) == middle


def test_a_snapped_point_has_five_decimals_and_lies_on_the_grid():
    latitude, longitude = snap(60.012345678, 15.012345678, 111.32, BOUNDS)
    assert latitude == 60.012
    assert longitude == round(longitude, 5)


@pytest.mark.parametrize("metres", [0, -100, 1, math.nan])
def test_a_grid_too_fine_to_hide_anything_is_refused(metres):
    with pytest.raises(ValueError, match="grid"):
        snap(60.05, 15.1, metres, BOUNDS)


@given(st.lists(pixels, min_size=1, max_size=30))
def test_the_hull_is_made_of_the_points_and_is_its_own_hull(points):
    hull = convex_hull(points)
    assert set(hull) <= set(points)
    assert sorted(convex_hull(hull)) == sorted(hull)


def test_a_point_inside_the_square_is_no_corner():
    corners = [(0, 0), (0, 4), (4, 0), (4, 4)]
    assert sorted(convex_hull([*corners, (2, 1), (2, 0)])) == corners
