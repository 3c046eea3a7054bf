"""A resident reports a place from a phone, in real Chromium, with JavaScript and without it."""

import re
from io import BytesIO

import pytest
from PIL import Image

from citizen_portal.reports.receipts import is_well_formed


def photo(name="tunnel.jpg", size=(900, 600)):
    content = BytesIO()
    Image.new("RGB", size, "teal").save(content, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_a_resident_reports_a_place_and_gets_a_code(either_visitor, stored, language):
    resident = either_visitor(language)
    words = f"{language} {resident.scripts}: the lamp is broken / المصباح مكسور"
    code = resident.report(words)
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", code)
    assert is_well_formed(code.replace(" ", ""))
    (row,) = stored(words)
    assert (row["theme"], row["place"], row["language"]) == ("drugs", "vasby_centrum", language)
    assert resident.direction == ("rtl" if language == "ar" else "ltr")


def test_everything_a_resident_can_say_is_stored(either_visitor, stored):
    resident = either_visitor()
    words = f"everything {resident.scripts}"
    resident.fill_in_report(words)
    resident.write("place_text", "the tunnel")
    resident.choose("happened", "now")
    resident.unfold("[name=unsafe]")
    resident.choose("unsafe", "4")
    resident.choose("light", "dark")
    resident.find("[name=reasons]").first.check()
    resident.unfold("[name=precision]")
    resident.choose("precision", "exact")
    resident.send()
    resident.receipt()
    (row,) = stored(words)
    assert (row["happened"], row["unsafe"], row["light"], row["precision"]) == ("now", "4", "dark", "exact")
    assert row["place_text"] == "the tunnel"
    assert row["reasons"]


def test_what_happens_now_shows_numbers_to_call_and_still_goes_through(either_visitor, stored):
    resident = either_visitor()
    words = f"right now {resident.scripts}"
    resident.fill_in_report(words)
    assert not resident.find(".now").is_visible()
    resident.choose("happened", "now")
    assert resident.find(".now a[href='tel:112']").is_visible()
    resident.send()
    resident.receipt()
    assert resident.find(".note a[href='tel:112']").is_visible()
    assert stored(words)


def test_a_mistake_is_named_beside_its_field_and_nothing_typed_is_lost(either_visitor, stored):
    resident = either_visitor()
    words = f"a mistake {resident.scripts}"
    resident.open("/report")
    resident.write("place_text", "the tunnel")
    resident.write("description", words)
    resident.send()
    resident.find(".errors a[href='#theme']").wait_for()
    assert resident.find("#theme-error").is_visible()
    assert (resident.typed("place_text"), resident.typed("description")) == ("the tunnel", words)
    assert stored(words) == []
    resident.choose("theme", "drugs")
    resident.send()
    resident.receipt()
    assert len(stored(words)) == 1


def test_photos_go_along(either_visitor, stored):
    resident = either_visitor()
    words = f"photos {resident.scripts}"
    resident.fill_in_report(words)
    resident.find("[name=photos]").set_input_files([photo("one.jpg"), photo("two.jpg", (4000, 3000))])
    resident.send()
    resident.receipt()
    assert [row["photos"] for row in stored(words)] == ["2"]


def test_a_chosen_photo_is_still_chosen_after_a_mistake(visitor, stored):
    resident = visitor()
    words = "a photo kept over a mistake"
    resident.fill_in_report(words)
    resident.write("place_text", "x" * 201)
    resident.find("[name=photos]").set_input_files([photo()])
    resident.send()
    resident.find(".errors").wait_for()
    assert resident.page.evaluate("document.querySelector('[name=photos]').files.length") == 1
    resident.write("place_text", "the tunnel")
    resident.send()
    resident.receipt()
    assert [row["photos"] for row in stored(words)] == ["1"]


def test_a_file_that_is_no_photo_is_named_and_nothing_typed_is_lost(either_visitor, stored):
    resident = either_visitor()
    words = f"no photo {resident.scripts}"
    resident.fill_in_report(words)
    page = {"name": "page.jpg", "mimeType": "image/jpeg", "buffer": b"<html>not a photo</html>"}
    resident.find("[name=photos]").set_input_files([page])
    resident.send()
    assert "page.jpg" in resident.find("#photos-error").inner_text()
    assert resident.typed("description") == words
    assert stored(words) == []


def test_a_double_tap_gives_one_report(either_visitor, stored):
    resident = either_visitor()
    words = f"a double tap {resident.scripts}"
    resident.fill_in_report(words)
    resident.find(".send button").dblclick()
    resident.receipt()
    assert len(stored(words)) == 1


def test_a_report_waits_for_the_network_and_sends_itself(visitor, stored):
    resident = visitor()
    words = "from the tunnel under the rails"
    resident.fill_in_report(words)
    resident.lose_the_network()
    resident.send()
    waiting = resident.find("form").get_attribute("data-waiting")
    resident.page.wait_for_function(
        "words => document.querySelector('.send [role=status]').textContent === words", arg=waiting
    )
    assert resident.typed("description") == words
    resident.context.set_offline(False)
    resident.receipt()
    assert len(stored(words)) == 1


def test_an_answer_that_was_lost_on_the_way_gives_one_report(visitor, stored):
    resident = visitor()
    words = "an answer lost on the way"
    resident.fill_in_report(words)
    lost = []

    def lose(route):
        lost.append(route.fetch().status)  # the server has answered; the phone never hears it
        route.abort()

    resident.page.route("**/report", lose, times=1)
    resident.send()
    resident.receipt()
    assert lost == [200]
    assert len(stored(words)) == 1


def test_a_sign_at_the_place_fills_it_in(either_visitor):
    resident = either_visitor("en", locale="en-GB")
    resident.go("/p/vasby_centrum")
    assert resident.page.url.endswith("/en/report?place=vasby_centrum")
    assert resident.typed("place") == "vasby_centrum"
