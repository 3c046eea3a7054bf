"""A resident without JavaScript answers the survey, from the link or the letter to what was stored."""

from citizen_portal.surveys.models import AnswerSet
from tests.steps import rows


def test_an_open_link_leads_to_the_questions_and_their_answers_are_stored(client, open_link_wave):
    address = f"/sv/survey/{open_link_wave.code}"
    assert client.get(address).status_code == 200
    assert client.post(address, data={"safe_by_day": "very_safe", "age": "age_65_plus"}).status_code == 200
    (stored,) = rows(AnswerSet)
    assert stored.answers == {"safe_by_day": "very_safe", "age": "age_65_plus"}


def test_a_letter_s_code_leads_to_the_questions_and_is_used_once(client, letter_wave):
    opened = client.get(f"/e/{letter_wave.codes[0]}")
    assert opened.status_code == 303
    assert client.get(opened.location).status_code == 200
    answers = {"safe_by_day": "very_safe", "code": letter_wave.codes[0]}
    assert client.post(f"/sv/survey/{letter_wave.code}", data=answers).status_code == 200
    assert client.get(f"/e/{letter_wave.codes[0]}").status_code == 410
