"""The tap map: every pixel is a point, every point a pixel, and the picture is small and harmless."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.municipality import TapMap, Text, nearest_place
from citizen_portal.municipality.picture import LINE_HEIGHT, Box, Shape, draw_picture

SVG = "{http://www.w3.org/2000/svg}"


@given(x=st.integers(0, TapMap.width - 1), y=st.integers(0, 179))
def test_a_tapped_pixel_comes_back_from_its_point(tap_map, x, y):
    assert tap_map.pixel_of(*tap_map.point_at(x, y)) == pytest.approx((x, y), abs=0.1)


def test_tapping_a_dot_gives_its_place_or_one_a_pixel_away(municipality, tap_map):
    for place in municipality.places:
        x, y = tap_map.pixel_of(place.latitude, place.longitude)
        found = nearest_place(municipality, *tap_map.point_at(round(x), round(y)))
        assert tap_map.pixel_of(found.latitude, found.longitude) == pytest.approx((x, y), abs=1.5)


def test_north_is_up_and_east_is_right(tap_map):
    latitude, longitude = tap_map.point_at(100, 100)
    assert tap_map.point_at(100, 90)[0] > latitude
    assert tap_map.point_at(110, 100)[1] > longitude


def test_every_place_lies_well_inside_the_picture(municipality, tap_map):
    for place in municipality.places:
        x, y = tap_map.pixel_of(place.latitude, place.longitude)
        assert 20 <= x <= tap_map.width - 20
        assert 20 <= y <= tap_map.height - 20


@pytest.mark.parametrize(("x", "y"), [(0, 0), (-1, 5), (5, -1), (TapMap.width, 5), (5, 10_000)])
def test_the_enter_key_and_pixels_off_the_map_mean_no_point(tap_map, x, y):
    assert not tap_map.holds(x, y)


def test_the_other_pixels_are_held(tap_map):
    assert tap_map.holds(1, 0)
    assert tap_map.holds(TapMap.width - 1, tap_map.height - 1)


def test_the_picture_is_small_enough_for_the_first_round_trip(shipped):
    assert len(brotli.compress(TapMap.draw(shipped).svg)) < 2500


def test_the_picture_has_the_size_that_the_pixels_are_counted_in(tap_map):
    root = ElementTree.fromstring(tap_map.svg)
    assert (root.get("width"), root.get("height")) == ("288", str(tap_map.height))
    assert root.get("viewBox") == f"0 0 288 {tap_map.height}"


def test_the_picture_holds_no_script_style_or_link(tap_map):
    used = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(tap_map.svg).iter()}
    assert used <= {"svg", "g", "rect", "path", "text"}
    assert not re.search(rb"style=|href=|\son\w+=|url\(", tap_map.svg)


def names_of(tap_map):
    return ElementTree.fromstring(tap_map.svg).findall(f".//{SVG}text")


def test_every_area_is_named_once_in_the_default_language(municipality, tap_map):
    written = [text.text for text in names_of(tap_map)]
    assert written == [area.name.get(municipality.default_language) for area in municipality.areas]


def test_no_two_names_overlap(tap_map):
    boxes = [
        Box(float(text.get("x")), float(text.get("y")), 6 * len(text.text), LINE_HEIGHT - 2)
        for text in names_of(tap_map)
    ]
    assert not any(one.overlap(other) for one in boxes for other in boxes if one is not other)


def test_tapping_the_name_of_an_area_means_that_area(municipality, tap_map):
    for area, text in zip(municipality.areas, names_of(tap_map), strict=True):
        tapped = tap_map.point_at(int(text.get("x")), int(text.get("y")) - 4)
        assert nearest_place(municipality, *tapped).area == area.code


def test_names_step_aside_even_when_two_areas_share_one_spot():
    svg = draw_picture(288, 180, [Shape("Exempelby", [(144, 90)]), Shape("Exempelstad", [(144, 90)])])
    one, other = (float(text.get("y")) for text in ElementTree.fromstring(svg).iter(f"{SVG}text"))
    assert abs(one - other) >= LINE_HEIGHT - 1


def test_another_language_may_be_asked_for(invented):
    assert "North Exempelby" in TapMap.draw(invented, "en").svg.decode()


def test_a_name_cannot_break_out_of_the_picture(invented):
    area = replace(invented.areas[0], name=Text((("sv", "<script>&"), ("en", "x"))))
    svg = TapMap.draw(replace(invented, areas=(area, invented.areas[1]))).svg
    assert b"&lt;script&gt;&amp;" in svg


def test_a_municipality_of_one_place_can_be_drawn(invented):
    single = replace(invented, areas=invented.areas[:1], places=invented.places[:1])
    tap_map = TapMap.draw(single)
    assert tap_map.pixel_of(60.08, 15.08) == pytest.approx((tap_map.width / 2, tap_map.height / 2))


def test_a_long_narrow_municipality_stays_on_a_phone_screen(invented):
    tall = [replace(place, latitude=59 + at, longitude=15.1) for at, place in enumerate(invented.places)]
    tap_map = TapMap.draw(replace(invented, places=tuple(tall)))
    assert tap_map.height <= 400
