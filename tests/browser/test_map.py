"""A place shown by a finger or by the phone's position."""

import pytest

from citizen_portal.municipality.geometry import METRES_PER_DEGREE

INSIDE = {"latitude": 59.519123, "longitude": 17.912345}
OUTSIDE = {"latitude": 59.33, "longitude": 18.06}


def point_of(resident):
    return resident.typed("latitude"), resident.typed("longitude")


def test_a_tap_on_the_map_without_scripts_brings_the_form_back_with_the_point(visitor, stored):
    resident = visitor(scripts=False)
    words = "tapped without scripts"
    resident.open("/report")
    resident.choose("theme", "drugs")
    resident.write("description", words)
    resident.tap_map(140, 150)
    latitude, _longitude = point_of(resident)
    assert 59.4 < float(latitude) < 59.6
    mark = resident.find(".map circle")
    assert (mark.get_attribute("cx"), mark.get_attribute("cy")) == ("140", "150")
    assert resident.typed("description") == words
    assert resident.find("[name=theme][value=drugs]").is_checked()
    assert stored(words) == [], "a tap stores nothing"
    resident.send()
    resident.receipt()
    (row,) = stored(words)
    assert abs(float(row["latitude"]) - float(latitude)) < 100 / METRES_PER_DEGREE
    assert row["area"]


def test_a_tap_with_scripts_stays_on_the_page_and_puts_the_same_point(visitor, stored):
    points = []
    for scripts in (False, True):
        resident = visitor(scripts=scripts)
        resident.open("/report")
        resident.tap_map(140, 150)
        points.append(tuple(map(float, point_of(resident))))
    assert points[0] == pytest.approx(points[1], abs=4e-4), "both ways mean the same spot, to a pixel"
    assert resident.page.url.endswith("/report"), "a tap with scripts needs no round trip"
    resident.choose("theme", "drugs")
    resident.write("description", "tapped with scripts")
    resident.send()
    resident.receipt()
    assert stored("tapped with scripts")[0]["latitude"]


def test_a_point_can_be_taken_away_again(either_visitor):
    resident = either_visitor()
    resident.open("/report")
    resident.tap_map(100, 120)
    assert point_of(resident)[0]
    resident.find("[name=remove_point]").click()
    assert point_of(resident) == ("", "")


def test_the_phones_position_is_rounded_before_it_leaves_the_phone(visitor, stored):
    resident = visitor(geolocation=INSIDE, permissions=["geolocation"])
    resident.open("/report")
    resident.find("[data-position]").click()
    resident.page.wait_for_function("document.querySelector('[name=latitude]').value")
    latitude, longitude = map(float, point_of(resident))
    assert (latitude, longitude) != (INSIDE["latitude"], INSIDE["longitude"])
    step = 25 / METRES_PER_DEGREE
    assert latitude == pytest.approx(round(INSIDE["latitude"] / step) * step, abs=1e-5)
    assert longitude == pytest.approx(INSIDE["longitude"], abs=1e-3)
    resident.choose("theme", "drugs")
    resident.write("description", "from where I stand")
    resident.send()
    resident.receipt()
    assert stored("from where I stand")[0]["latitude"]


def test_a_position_outside_the_municipality_is_not_taken(visitor):
    resident = visitor(geolocation=OUTSIDE, permissions=["geolocation"])
    resident.open("/report")
    resident.find("[data-position]").click()
    outside = resident.find(".place").get_attribute("data-outside")
    resident.find(".said", has_text=outside).wait_for()
    assert point_of(resident) == ("", "")


def test_a_phone_that_keeps_its_position_to_itself_is_told_what_to_do_instead(visitor):
    resident = visitor()
    resident.context.clear_permissions()
    resident.page.add_init_script(
        "navigator.geolocation.getCurrentPosition = (found, failed) => failed({code: 1, message: 'denied'})"
    )
    resident.open("/report")
    resident.find("[data-position]").click()
    denied = resident.find(".place").get_attribute("data-denied")
    resident.find(".said", has_text=denied).wait_for()


def test_without_scripts_there_is_no_button_that_could_not_work(visitor):
    resident = visitor(scripts=False)
    resident.open("/report")
    assert not resident.find("[data-position]").is_visible()
