"""Bad input to the report form: a sentence beside the field, nothing stored, everything else kept."""

from datetime import timedelta

import pytest

from tests.calendar_day import the_day
from tests.steps import REPORT, count, filled_in, sentence_at

SPOT = {"latitude": "59.5184", "longitude": "17.9113"}
TYPED = {
    **REPORT,
    "place_text": "tunneln vid skolan",
    "precision": "exact",
    "happened": "week",
    "light": "dark",
    "unsafe": "3",
    "reasons": ["too_dark", "no_view"],
    "description": "Rad ett.\nRad två & <b>tre</b>.",
    "submission_key": "k-1",
}
TOMORROW = (the_day() + timedelta(days=2)).isoformat()
ARABIC = "مكان مظلم "
REFUSED = {
    "unknown place": ({"place": "atlantis"}, "place"),
    "unknown theme": ({"theme": "atlantis"}, "theme"),
    "blank theme": ({"theme": " "}, "theme"),
    "no theme": ({"theme": None}, "theme"),
    "unknown reason": ({"reasons": ["too_dark", "atlantis"]}, "reasons"),
    "unknown light": ({"light": "neon"}, "light"),
    "blank light": ({"light": " "}, "light"),
    "unknown precision": ({"precision": "doorstep"}, "precision"),
    "blank precision": ({"precision": " "}, "precision"),
    "unsafe past the scale": ({"unsafe": "5"}, "unsafe"),
    "unsafe below the scale": ({"unsafe": "0"}, "unsafe"),
    "unsafe as words": ({"unsafe": "very"}, "unsafe"),
    "unsafe as a blank": ({"unsafe": " "}, "unsafe"),
    "nonsense day": ({"happened": "yesterday-ish"}, "happened"),
    "impossible day": ({"happened": "2026-02-30"}, "happened"),
    "year of two digits": ({"happened": "0026-02-03"}, "happened"),
    "day to come": ({"happened": TOMORROW}, "happened"),
    "point outside": ({"latitude": "48.85", "longitude": "2.35"}, "latitude"),
    "point at infinity": ({"latitude": "inf", "longitude": "17.9"}, "latitude"),
    "point that is no number": ({"latitude": "nan", "longitude": "nan"}, "latitude"),
    "point in words": ({"latitude": "north", "longitude": "east"}, "latitude"),
    "half a point": ({"latitude": "59.5184"}, "latitude"),
    "tap outside": ({"map.x": "-90000", "map.y": "17"}, "latitude"),
    "tap in words": ({"map.x": "left", "map.y": "top"}, "latitude"),
    "tap at infinity": ({"map.x": "1e400", "map.y": "nan"}, "latitude"),
    "very long text": ({"description": "x" * 100_000}, "description"),
    "very long Arabic text": ({"description": ARABIC * 3_000}, "description"),
    "very long place": ({"place_text": "y" * 100_000}, "place_text"),
    "NUL bytes": ({"description": "a\0b"}, "description"),
    "NUL bytes in the place": ({"place_text": "a\0b"}, "place_text"),
    "a lone control character": ({"description": "\x07"}, "description"),
    "a noncharacter": ({"description": "a\ufdd0b"}, "description"),
}


def posted(changes: dict) -> dict:
    return {name: value for name, value in {**TYPED, **changes}.items() if value is not None}


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize(("changes", "field"), REFUSED.values(), ids=REFUSED)
def test_bad_input_gets_a_sentence_beside_its_field_and_nothing_is_stored(client, changes, field, kind):
    answer = client.post("/en/report", data=posted(changes), content_type=kind)
    assert answer.status_code == 422
    assert len(sentence_at(answer.text, field)) > 10
    assert count() == 0


@pytest.fixture(scope="module")
def in_english(started_portal) -> dict[str, str]:
    """The English sentence of every refusal."""
    client = started_portal.test_client(use_cookies=False)
    return {
        name: sentence_at(client.post("/en/report", data=posted(changes)).text, field)
        for name, (changes, field) in REFUSED.items()
    }


@pytest.mark.parametrize("language", ["sv", "fi", "ar"])
def test_every_sentence_comes_in_the_language_of_the_page(client, in_english, language):
    for name, (changes, field) in REFUSED.items():
        translated = client.post(f"/{language}/report", data=posted(changes)).text
        assert sentence_at(translated, field) != in_english[name]


@pytest.mark.parametrize(("changes", "field"), REFUSED.values(), ids=REFUSED)
def test_everything_else_that_was_typed_stands_in_the_form_again(client, changes, field):
    page = client.post("/en/report", data=posted(changes)).text
    kept = {name: value if isinstance(value, list) else [value] for name, value in TYPED.items()}
    for name in changes.keys() | ({field} if field != "latitude" else {"map.x"}):
        kept.pop(name, None)
    again = filled_in(page)
    assert {name: again.get(name) for name in kept} == kept


@pytest.mark.parametrize("field", ["description", "place_text"])
def test_a_text_that_is_too_long_is_given_back_whole_to_be_shortened(client, field):
    text = ARABIC * 3_000
    page = client.post("/ar/report", data={**REPORT, field: text}).text
    assert filled_in(page)[field] == [text.strip()]


def test_characters_that_cannot_be_read_are_taken_out_and_the_rest_can_be_sent(client):
    page = client.post("/sv/report", data={**REPORT, "description": "före\0efter"}).text
    assert filled_in(page)["description"] == ["föreefter"]
    assert client.post("/sv/report", data=filled_in(page)).status_code == 200


def test_a_report_without_any_place_is_asked_for_one(client):
    answer = client.post("/sv/report", data={"theme": "drugs", "description": "Här."})
    assert answer.status_code == 422
    assert sentence_at(answer.text, "place")


def test_a_tap_at_zero_is_the_enter_key_and_no_place(client):
    answer = client.post("/sv/report", data={"theme": "drugs", "map.x": "0", "map.y": "0"})
    assert answer.status_code == 422
    assert sentence_at(answer.text, "place")


def test_several_faults_are_all_said_at_once(client):
    page = client.post("/en/report", data={"light": "neon", "happened": "noon", "description": "x" * 5000}).text
    for field in ("theme", "light", "happened", "description"):
        assert sentence_at(page, field)


@pytest.mark.parametrize("encoded", [b"ab\xff", b"ab%FF", b"\xed\xa0\x80", b"%C3"])
def test_broken_utf8_in_a_urlencoded_body_is_refused_beside_its_field_and_the_rest_is_kept(client, encoded):
    body = b"theme=drugs&place=vasby_centrum&submission_key=k&description=" + encoded
    answer = client.post("/en/report", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert sentence_at(answer.text, "description")
    again = filled_in(answer.text)
    assert (again["theme"], again["place"]) == (["drugs"], ["vasby_centrum"])
    assert count() == 0


def test_broken_utf8_in_a_multipart_body_is_refused_beside_its_field_and_the_rest_is_kept(client):
    part = b'--B\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    fields = [(b"theme", b"drugs"), (b"place_text", b"torget"), (b"description", b"ab\xff\xfe")]
    body = b"".join(part % field for field in fields) + b"--B--\r\n"
    answer = client.post("/en/report", data=body, content_type="multipart/form-data; boundary=B")
    assert answer.status_code == 422
    assert sentence_at(answer.text, "description")
    again = filled_in(answer.text)
    assert (again["theme"], again["place_text"]) == (["drugs"], ["torget"])


@pytest.mark.parametrize("kind", ["text/plain", "application/json", ""])
def test_a_body_that_is_no_form_is_an_empty_form(client, kind):
    answer = client.post("/en/report", data=b'{"theme": "drugs"}', content_type=kind)
    assert answer.status_code == 422
    assert count() == 0


def test_control_characters_in_hidden_fields_do_not_break_the_page_that_shows_the_form_again(client):
    hidden = ("latitude", "longitude", "submission_key", "website", "map.x", "happened")
    odd = dict.fromkeys(hidden, "\0\x0b\ufffe")
    assert client.post("/en/report", data=odd).status_code == 422  # the client holds the page to its invariants


def test_a_submission_key_of_any_length_is_taken(client):
    assert client.post("/sv/report", data={**REPORT, "submission_key": "k" * 100_000}).status_code == 200


def test_more_typed_text_than_any_form_holds_gets_a_page_of_its_own(client):
    body = b"theme=drugs&description=" + b"x" * 9_000_000
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=B"):
        if kind.startswith("multipart"):
            body = b'--B\r\nContent-Disposition: form-data; name="description"\r\n\r\n' + body + b"\r\n--B--\r\n"
        assert client.post("/sv/report", data=body, content_type=kind).status_code == 413
