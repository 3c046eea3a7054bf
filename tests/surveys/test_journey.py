"""A resident without JavaScript answers the survey, from the link or the letter to what was stored."""

from html import unescape

import pytest

from citizen_portal.surveys.invitations import in_groups
from citizen_portal.surveys.models import AnswerSet, Invitation
from citizen_portal.surveys.questionnaire import WITHOUT_CHOICES
from tests.steps import filled_in, rows
from tests.waves import store_wave

ROUTED = {"changed_habits": ["stayed_in", "avoided_place"], "avoided_place": "vasby_centrum"}


def whole(questionnaire) -> dict[str, str]:
    """An answer to every question: the first choice, or its own kind of word."""
    return {
        question.code: "words" if question.kind in WITHOUT_CHOICES else question.choices.choices[0].code
        for question in questionnaire.questions
    }


def stored_by(client, address, answers, **kwargs) -> dict:
    answer = client.post(address, data=answers, **kwargs)
    assert answer.status_code == 200, answer.text
    (stored,) = rows(AnswerSet)
    return stored.answers


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("language", ["sv", "en", "fi", "ar"])
def test_the_survey_can_be_answered_in_every_language_and_shows_what_it_stored(client, open_link_wave, language, kind):
    address = f"/{language}/survey/{open_link_wave.code}"
    assert client.get(address).status_code == 200
    answers = {"safe_by_day": "very_safe", "something_else": "<b>Mörkt</b>\nدائمًا"}
    thanks = client.post(address, data=answers, content_type=kind)
    (stored,) = rows(AnswerSet)
    assert (stored.language, stored.wave_code) == (language, open_link_wave.code)
    assert stored.questionnaire_digest == open_link_wave.questionnaire.digest
    assert stored.answers == answers
    question = open_link_wave.questionnaire.by_code["safe_by_day"]
    words = unescape(thanks.text)
    assert question.wording.get(language) in words
    assert question.choices.choice("very_safe").label.get(language) in words
    assert "&lt;b&gt;Mörkt&lt;/b&gt;\nدائمًا" in thanks.text


def test_everything_that_is_asked_and_answered_is_stored_on_either_database(either_app):
    wave = store_wave()
    answers = whole(wave.questionnaire) | ROUTED
    stored = stored_by(either_app.test_client(use_cookies=False), f"/sv/survey/{wave.code}", answers)
    assert stored["avoided_place"] == "vasby_centrum"
    assert stored["changed_habits"] == ["stayed_in", "avoided_place"]
    assert stored["something_else"] == "words"
    asked_of_everyone = {question.code for question in wave.questionnaire.questions if not question.ask_if}
    assert asked_of_everyone <= stored.keys()


def test_what_was_not_to_be_asked_is_dropped_and_so_is_what_only_it_leads_to(client, every_kind):
    answers = {"calm": "very_calm", "noises": "mopeds", "noisy_place": "torget", "told": "yes", "times_told": "3"}
    assert stored_by(client, f"/sv/survey/{every_kind.code}", answers) == {"calm": "very_calm", "told": "yes"}


def test_a_mistake_in_what_was_not_to_be_asked_is_no_mistake(client, every_kind):
    answers = {"calm": "very_calm", "noises": "no such noise", "times_told": "many"}
    assert stored_by(client, f"/sv/survey/{every_kind.code}", answers) == {"calm": "very_calm"}


def test_don_t_know_is_stored_and_no_answer_is_not(client, open_link_wave):
    answers = {"safe_by_day": "dont_know", "safe_after_dark": "", "something_else": " \r\n"}
    assert stored_by(client, f"/sv/survey/{open_link_wave.code}", answers) == {"safe_by_day": "dont_know"}


def test_the_digits_of_any_script_are_a_number(client, every_kind):
    answers = {"calm": "very_noisy", "told": "yes", "times_told": "٣"}
    assert stored_by(client, f"/sv/survey/{every_kind.code}", answers)["times_told"] == 3


def test_the_page_of_thanks_counts_what_was_skipped(client, open_link_wave):
    asked = len(open_link_wave.questionnaire.questions)
    page = client.post(f"/en/survey/{open_link_wave.code}", data={"safe_by_day": "very_safe"}).text
    assert f"{asked - 1} questions were skipped" in page


def test_a_count_in_arabic_takes_the_form_that_its_number_asks_for(client, open_link_wave):
    asked = len(open_link_wave.questionnaire.questions)
    page = client.post(f"/ar/survey/{open_link_wave.code}", data={"safe_by_day": "very_safe"}).text
    assert 11 <= asked - 1 <= 99
    assert f"تخطّيت {asked - 1} سؤالًا" in page


@pytest.mark.parametrize("typed", [str.lower, in_groups, lambda code: f"  {' '.join(in_groups(code))} "])
def test_a_letter_s_code_leads_to_the_questions_and_is_used_once(client, letter_wave, typed):
    code = letter_wave.codes[0]
    opened = client.post("/en/survey", data={"code": typed(code)})
    assert opened.status_code == 200
    form = filled_in(opened.text, "survey")
    assert form == {"code": [in_groups(code)]}
    thanks = client.post(f"/en/survey/{letter_wave.code}", data={**form, "safe_by_day": "very_safe"})
    assert thanks.status_code == 200
    assert code not in thanks.text
    assert in_groups(code) not in thanks.text
    assert [each.used for each in sorted(rows(Invitation), key=lambda each: each.letter)] == [True, False, False]
    again = client.get(f"/e/{code}", headers={"Accept-Language": "en"})
    assert again.status_code == 410
    assert "has been used" in again.text


def test_a_letter_s_survey_without_a_code_asks_for_it(client, letter_wave):
    answer = client.get(f"/sv/survey/{letter_wave.code}")
    assert (answer.status_code, answer.location) == (302, "/sv/survey")
    assert 'name="code"' in client.get(answer.location).text


def test_the_list_leads_to_the_survey_that_is_open_to_all(client, open_link_wave):
    page = client.get("/sv/survey").text
    assert f'href="/sv/survey/{open_link_wave.code}"' in page
    assert 'name="code"' not in page


def test_without_an_open_survey_the_list_leads_to_the_report(client):
    page = client.get("/en/survey").text
    assert "No survey is open right now" in page
    assert 'href="/en/report"' in page


def test_a_browser_may_remember_the_questions_but_never_the_answers(client, open_link_wave):
    address = f"/sv/survey/{open_link_wave.code}"
    assert client.get(address).headers["Cache-Control"] == "private, no-cache"
    assert client.post(address, data={"safe_by_day": "very_safe"}).headers["Cache-Control"] == "no-store"
    assert client.post(address).headers["Cache-Control"] == "no-store"
