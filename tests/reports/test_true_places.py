"""Where a report is said to be is where it is: known no better than it was, in one place, in an area if it can be."""

import pytest

from citizen_portal.municipality.installed import installed
from citizen_portal.reports.location import COARSEST_METRES
from citizen_portal.reports.named_in_words import area_named_in
from tests.steps import alerts, count, filled_in, reports, send, sentence_at

HERE = {"theme": "drugs", "latitude": "59.5184", "longitude": "17.9100"}
FAR_FROM_MARABOU = {"place": "marabou", "latitude": "59.5600", "longitude": "17.8700"}


def post(client, **fields):
    return client.post("/en/report", data={"theme": "drugs", **fields})


@pytest.mark.parametrize(
    ("precision", "accuracy", "kept"),
    [
        ("exact", "20", "exact"), ("exact", "26", "street"), ("exact", "101", "area"), ("street", "100", "street"),
        ("street", "100.5", "area"), ("area", "20", "area"), ("street", "", "street"), ("street", "0", "street"),
        ("street", str(COARSEST_METRES), "area"), ("street", "1e2", "street"), ("street", "99,5", "street"),
    ],
)  # fmt: skip
def test_a_position_is_kept_no_more_exactly_than_the_telephone_knew_it(client, precision, accuracy, kept):
    assert post(client, **HERE, precision=precision, accuracy=accuracy).status_code == 200
    [stored] = reports()
    assert stored.precision == kept
    assert (stored.latitude is None) == (kept == "area")
    assert stored.area


@pytest.mark.parametrize("accuracy", ["1001", "50000", "nan", "inf", "-1", "1e400", "about a mile", "٥٠٠٠"])
def test_a_position_that_does_not_tell_the_part_of_town_is_refused_with_a_sentence(client, accuracy):
    answer = post(client, **HERE, accuracy=accuracy, description="Mörkt.")
    assert answer.status_code == 422
    assert "does not know well enough" in sentence_at(answer.text, "latitude")
    assert filled_in(answer.text)["description"] == ["Mörkt."]
    assert count() == 0


def test_an_accuracy_without_a_position_means_nothing(client):
    assert post(client, place="marabou", accuracy="50000").status_code == 200


def test_a_place_and_a_point_that_lie_apart_are_asked_about_and_nothing_is_lost(client):
    answer = post(client, **FAR_FROM_MARABOU, description="Mörkt.", unsafe="3")
    assert answer.status_code == 422
    assert "Which one is right?" in alerts(answer.text)
    again = filled_in(answer.text)
    assert (again["place"], again["latitude"]) == (["marabou"], ["59.5600"])
    assert (again["description"], again["unsafe"]) == (["Mörkt."], ["3"])
    assert count() == 0


@pytest.mark.parametrize(("where", "place"), [("place", "marabou"), ("point", None)])
def test_the_one_that_is_said_to_be_right_is_kept(client, where, place):
    assert post(client, **FAR_FROM_MARABOU, where=where).status_code == 200
    [stored] = reports()
    marabou = installed().municipality.place("marabou")
    assert stored.place == place
    assert (stored.area == marabou.area) == (where == "place")


def test_a_place_and_a_point_near_it_are_no_question(client):
    marabou = installed().municipality.place("marabou")
    near = {"latitude": f"{marabou.latitude + 0.004:.5f}", "longitude": f"{marabou.longitude:.5f}"}
    assert post(client, place="marabou", **near).status_code == 200


def test_somewhere_in_an_area_is_a_choice_of_the_list_that_keeps_the_area_alone(client):
    [first, *_others] = installed().municipality.areas
    send(client, place=f"area:{first.code}", place_text="bakom huset")
    [stored] = reports()
    assert (stored.area, stored.place, stored.place_text, stored.latitude) == (first.code, None, "bakom huset", None)
    assert post(client, place="area:nowhere").status_code == 422


NAMED = [
    ("tunneln vid Väsby centrum", "vasby_centrum"),
    ("TUNNELN VID VASBY CENTRUM!", "vasby_centrum"),
    ("bakom va\u0308sby centrums garage", "vasby_centrum"),
    ("Väsby centrm", "vasby_centrum"),
    ("vid Runby skola", "runby_skola"),
]


@pytest.mark.parametrize(("words", "place"), NAMED)
def test_words_that_name_one_place_are_counted_in_its_area(client, words, place):
    known = installed().municipality.place(place)
    post(client, place_text=words)
    [stored] = reports()
    assert stored.area == known.area
    assert (stored.place, stored.latitude) == (None, None), "which spot was meant, the words do not say"


@pytest.mark.parametrize("words", ["tunneln", "vid skolan", "", "mellan Väsby centrum och Runby skola", "x" * 200])
def test_words_that_name_no_place_or_several_are_counted_nowhere(app, words):
    assert area_named_in(installed().municipality, words) is None


def test_every_place_and_area_is_known_by_its_own_name(app):
    municipality = installed().municipality
    for place in municipality.places:
        assert area_named_in(municipality, f"vid {place.name}") in {place.area, None}, place.code
    known = [place for place in municipality.places if area_named_in(municipality, place.name) == place.area]
    assert len(known) > len(municipality.places) / 2


def test_the_map_says_how_far_a_tap_can_be_off(client):
    house = installed()
    one_pixel = 111_320 / house.tap_map.pixels_per_latitude
    assert house.tap_map.metres_off >= 10 * one_pixel
    assert f"A tap can be {house.tap_map.metres_off} metres off." in client.get("/en/report").text
