"""Where a report is kept: as coarse as the resident asked for, and never finer."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from citizen_portal.municipality import distance_metres
from citizen_portal.municipality.installed import installed
from citizen_portal.reports.location import OutsideMunicipality, locate
from tests.steps import REPORT, filled_in, reports

SPOT = {"latitude": "59.51837", "longitude": "17.91129"}
HALF_DIAGONAL = 2**0.5 / 2


def stored(client, **fields):
    """The one report that is stored after these fields were posted."""
    assert client.post("/sv/report", data={"theme": "drugs", **fields}).status_code == 200
    [report] = reports()
    return report


def test_the_precision_area_keeps_neither_place_nor_point(client):
    report = stored(client, place="vasby_centrum", precision="area", **SPOT)
    assert (report.area, report.place, report.latitude, report.longitude) == ("centrum", None, None, None)


@pytest.mark.parametrize(("precision", "grid"), [("exact", 25), ("street", 100), ("", 100)])
def test_a_point_is_moved_to_the_grid_of_its_precision(client, precision, grid):
    report = stored(client, precision=precision, **SPOT)
    moved = distance_metres(59.51837, 17.91129, report.latitude, report.longitude)
    assert 0 < moved <= grid * HALF_DIAGONAL + 1


@given(south=some.floats(-0.0004, 0.0004), west=some.floats(-0.0008, 0.0008))
def test_points_near_each_other_become_one_point(started_portal, south, west):
    with started_portal.app_context():
        town = installed().municipality
        near, far = ((59.5184 + south, 17.9113 + west), (59.5184 + 0.01, 17.9113 + 0.01))
        points = {
            (where.latitude, where.longitude)
            for where in (
                locate(town, place=None, place_text="", point=point, precision="exact") for point in (near, far)
            )
        }
    assert len(points) == 2
    for latitude, longitude in points:
        again = locate(town, place=None, place_text="", point=(latitude, longitude), precision="exact")
        assert (again.latitude, again.longitude) == (latitude, longitude)


def test_a_point_alone_belongs_to_the_area_of_its_nearest_place(client):
    report = stored(client, **SPOT)
    assert (report.area, report.place) == ("centrum", None)


def test_a_named_place_decides_the_area_even_when_the_point_is_nearer_to_another(client):
    station = installed().municipality.place("upplands_vasby_station")
    beside = {"latitude": f"{station.latitude - 0.008:.5f}", "longitude": f"{station.longitude:.5f}"}
    report = stored(client, place="upplands_vasby_station", **beside)
    assert (report.area, report.place) == ("centrum", "upplands_vasby_station")


def test_a_place_described_in_own_words_is_enough(client):
    report = stored(client, place_text="  tunneln vid skolan ")
    assert (report.place_text, report.area, report.latitude) == ("tunneln vid skolan", None, None)


def test_a_tap_on_the_map_is_a_place(client):
    assert stored(client, **{"map.x": "140", "map.y": "200"}).area


def test_a_tap_at_zero_beside_a_named_place_adds_no_point(client):
    beside = stored(client, place="vasby_centrum", **{"map.x": "0", "map.y": "0"})
    named = installed().municipality.place("vasby_centrum")
    assert distance_metres(beside.latitude, beside.longitude, named.latitude, named.longitude) < 100


def test_a_point_written_with_decimal_commas_is_read(client):
    assert stored(client, latitude="59,5184", longitude="17,9113").area == "centrum"


def test_a_point_outside_is_refused_before_anything_is_made_of_it(app):
    with pytest.raises(OutsideMunicipality):
        locate(installed().municipality, place=None, place_text="", point=(0.0, 0.0), precision="exact")


def test_a_tapped_point_stands_in_the_form_that_has_to_be_mended(client):
    page = client.post("/sv/report", data={"map.x": "140", "map.y": "200"}).text
    assert filled_in(page).keys() >= {"latitude", "longitude"}
    assert stored(client, **filled_in(page)).area


def test_tapping_shows_the_form_again_with_the_point_and_what_was_typed(client):
    typed = {**REPORT, "description": "Mörkt.", "map.x": "140", "map.y": "200"}
    answer = client.post("/sv/report/point", data=typed)
    again = filled_in(answer.text)
    assert answer.status_code == 200
    assert again.keys() >= {"latitude", "longitude", "theme", "place"}
    assert again["description"] == ["Mörkt."]
    assert not reports()


def test_tapping_again_moves_the_point_and_removing_takes_it_away(client):
    first = filled_in(client.post("/sv/report/point", data={"map.x": "140", "map.y": "200"}).text)
    second = filled_in(client.post("/sv/report/point", data={**first, "map.x": "90", "map.y": "120"}).text)
    removed = filled_in(client.post("/sv/report/point", data={**second, "remove_point": "1"}).text)
    assert first["latitude"] != second["latitude"]
    assert "latitude" not in removed


def test_every_pixel_of_the_map_can_be_tapped(client, app):
    picture = installed().tap_map
    for x, y in ((1, 1), (picture.width - 1, 1), (1, picture.height - 1), (picture.width - 1, picture.height - 1)):
        page = client.post("/sv/report/point", data={"map.x": x, "map.y": y}).text
        assert "latitude" in filled_in(page), f"a tap at {x},{y} is ignored without a word"
