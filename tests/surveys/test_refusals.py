"""What the survey refuses: a sentence beside its field, nothing stored, every other answer still there."""

from datetime import timedelta

import pytest

from citizen_portal.surveys.invitations import new_code
from citizen_portal.surveys.models import AnswerSet, Invitation
from tests.calendar_day import the_day
from tests.database_troubles import full, locked
from tests.steps import alerts, count, filled_in, rows, sentence_at
from tests.waves import store_wave

TYPED = {
    "calm": "very_noisy",
    "noises": ["mopeds", "voices"],
    "noisy_place": "torget",
    "told": "yes",
    "times_told": "3",
    "age": "age_65_plus",
    "more": "Rad ett.\nRad två & <b>tre</b>.",
    "submission_key": "k-1",
}
REFUSED = {
    "unknown choice": ({"calm": "atlantis"}, "calm"),
    "choice of another question": ({"age": "yes"}, "age"),
    "two answers to one question": ({"age": ["age_16_64", "age_65_plus"]}, "age"),
    "unknown box": ({"noises": ["mopeds", "atlantis"]}, "noises"),
    "none of these beside others": ({"noises": ["mopeds", "none"]}, "noises"),
    "don't know beside others": ({"noises": ["mopeds", "dont_know"]}, "noises"),
    "unknown place": ({"noisy_place": "atlantis"}, "noisy_place"),
    "words for a number": ({"times_told": "many"}, "times_told"),
    "half a number": ({"times_told": "1.5"}, "times_told"),
    "number below the lowest": ({"times_told": "-1"}, "times_told"),
    "number past every bound": ({"times_told": "9" * 5000}, "times_told"),
    "text too long": ({"more": "x" * 100_000}, "more"),
    "NUL bytes": ({"more": "a\0b"}, "more"),
    "a noncharacter": ({"more": "a\ufdd0b"}, "more"),
    "a control character in a choice": ({"age": "age_16_64\x07"}, "age"),
}


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize(("changes", "code"), REFUSED.values(), ids=REFUSED)
def test_a_bad_answer_gets_a_sentence_beside_it_and_everything_else_is_kept(client, every_kind, changes, code, kind):
    answer = client.post(f"/en/survey/{every_kind.code}", data=TYPED | changes, content_type=kind)
    assert answer.status_code == 422
    assert len(sentence_at(answer.text, f"q-{code}")) > 10
    assert count(AnswerSet) == 0
    kept = filled_in(answer.text, "survey")
    for name in TYPED.keys() - {code} - ({"noisy_place"} if code == "noises" else set()):
        assert kept[name] == ([TYPED[name]] if isinstance(TYPED[name], str) else TYPED[name]), name


@pytest.mark.parametrize(("changes", "code"), REFUSED.values(), ids=REFUSED)
def test_every_refusal_has_a_sentence_in_swedish_too(client, every_kind, changes, code):
    english, swedish = (
        sentence_at(client.post(f"/{language}/survey/{every_kind.code}", data=TYPED | changes).text, f"q-{code}")
        for language in ("en", "sv")
    )
    assert english != swedish


def test_broken_utf_8_is_named_and_the_rest_of_the_text_is_kept(client, every_kind):
    body = b"calm=very_calm&more=torget+%ff+igen"
    answer = client.post(f"/en/survey/{every_kind.code}", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert "could not be read" in sentence_at(answer.text, "q-more")
    assert filled_in(answer.text, "survey")["more"] == ["torget  igen"]


def test_a_form_without_a_single_answer_is_not_stored_and_uses_no_code(client, letter_wave):
    answer = client.post(f"/en/survey/{letter_wave.code}", data={"code": letter_wave.codes[0], "safe_by_day": ""})
    assert answer.status_code == 422
    assert "Nothing is answered yet" in alerts(answer.text)
    assert count(AnswerSet) == 0
    assert client.get(f"/e/{letter_wave.codes[0]}").status_code == 200


CODES = {
    "missing": ("", 404, "That code is not right"),
    "mistyped": ("K7MP-Q2XR-9ACD", 404, "That code is not right"),
    "of nobody": (new_code(), 404, "We do not know that code"),
    "NUL bytes": ("\0" * 12, 404, "That code is not right"),
    "very long": ("K" * 10_000, 404, "That code is not right"),
    "in another script": ("عععععععععععع", 404, "That code is not right"),
}


@pytest.mark.parametrize(("code", "status", "sentence"), CODES.values(), ids=CODES)
def test_a_code_that_opens_nothing_says_so_and_keeps_the_answers(client, letter_wave, code, status, sentence):
    answer = client.post(f"/en/survey/{letter_wave.code}", data={"safe_by_day": "very_safe", "code": code})
    assert answer.status_code == status
    assert sentence in sentence_at(answer.text, "code")
    assert filled_in(answer.text, "survey")["safe_by_day"] == ["very_safe"]
    assert count(AnswerSet) == 0
    box = client.post("/en/survey", data={"code": code})
    assert box.status_code == (status if code.strip("\0") else 422)


def test_a_used_code_and_one_of_another_survey_say_so(client, letter_wave):
    other = store_wave("another", letters=1)
    address = f"/en/survey/{letter_wave.code}"
    assert client.post(address, data={"safe_by_day": "very_safe", "code": letter_wave.codes[0]}).status_code == 200
    used = client.post(address, data={"safe_by_day": "very_unsafe", "code": letter_wave.codes[0]})
    assert (used.status_code, count(AnswerSet)) == (410, 1)
    assert "This letter has been answered" in used.text
    assert "the answers are safe" in used.text
    elsewhere = client.post(address, data={"safe_by_day": "very_unsafe", "code": other.codes[0]})
    assert elsewhere.status_code == 404
    assert "another survey" in sentence_at(elsewhere.text, "code")
    assert client.get(f"{address}?code={other.codes[0]}").status_code == 404
    assert (count(AnswerSet), sum(each.used for each in rows(Invitation))) == (1, 1)


def test_codes_that_are_tried_out_are_made_to_wait_and_the_letter_of_a_neighbour_is_not(client, letter_wave):
    answers = [client.get(f"/e/{new_code()}").status_code for _try in range(25)]
    assert answers == [404] * 20 + [429] * 5
    assert client.get(f"/e/{letter_wave.codes[0]}").status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_ended_and_a_coming_survey_take_nothing_and_say_when(client, method):
    today = the_day()
    ended = store_wave("ended", closes_on=today - timedelta(days=2))
    coming = store_wave("coming", opens_on=today + timedelta(days=2))
    answers = {
        wave.code: getattr(client, method)(f"/en/survey/{wave.code}", data={"safe_by_day": "very_safe"})
        for wave in (ended, coming)
    }
    assert (answers["ended"].status_code, answers["coming"].status_code) == (410, 404)
    assert "has ended" in answers["ended"].text
    assert "It opens on" in answers["coming"].text
    assert count(AnswerSet) == 0


def test_the_letter_of_an_ended_survey_says_so(client):
    wave = store_wave("ended", letters=1, closes_on=the_day() - timedelta(days=2))
    answer = client.get(f"/e/{wave.codes[0]}", headers={"Accept-Language": "en"})
    assert answer.status_code == 410
    assert "has ended" in answer.text


@pytest.mark.parametrize("code", ["no-such-wave", "%00", "x" * 300, "Å", "%F0%9F", "..", "'"])
def test_an_address_of_no_survey_is_a_page_that_does_not_exist(either_app, code):
    client = either_app.test_client(use_cookies=False)
    assert client.get(f"/sv/survey/{code}").status_code == 404
    assert client.post(f"/sv/survey/{code}", data={"safe_by_day": "very_safe"}).status_code == 404
    assert client.get(f"/survey/{code}.0123456789.css").status_code == 404


@pytest.mark.parametrize("trouble", [locked, full])
def test_a_database_that_cannot_write_keeps_every_answer_and_the_code(app, client, letter_wave, trouble):
    answers = {"safe_by_day": "very_safe", "problems": ["dark_spots", "harassment"], "something_else": "x" * 900}
    address, posted = f"/en/survey/{letter_wave.code}", {**answers, "code": letter_wave.codes[0]}
    with trouble(app):
        answer = client.post(address, data=posted)
    assert answer.status_code == 503
    assert "Your answers are still here" in alerts(answer.text)
    kept = filled_in(answer.text, "survey")
    assert kept.pop("code")[0].replace("-", "") == letter_wave.codes[0]
    assert kept == {name: each if isinstance(each, list) else [each] for name, each in answers.items()}
    assert count(AnswerSet) == 0
    assert client.post(address, data=posted).status_code == 200
