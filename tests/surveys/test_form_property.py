"""Whatever is posted to a survey: one valid stored answer set and 200, or none and named errors. Nothing else."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from citizen_portal.surveys.checking import answer_from
from citizen_portal.surveys.models import AnswerSet
from citizen_portal.surveys.questionnaire import Questionnaire
from citizen_portal.surveys.routing import keep_asked
from tests.steps import alerts, count, rows
from tests.waves import questionnaire_with_every_kind

ANY_TEXT = some.text(max_size=40)
KINDS = ["multipart/form-data; boundary=B", "application/x-www-form-urlencoded"]
QUESTIONNAIRE = questionnaire_with_every_kind()
UNHURRIED = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _values(question) -> some.SearchStrategy[list[str]]:
    """Posted values of a question: mostly what stands on the page, now and then anything."""
    sound = [choice.code for choice in question.choices.choices] if question.choices else ["3", "٣", "words", "=1+1"]
    return some.lists(some.one_of(some.sampled_from([*sound, ""]), ANY_TEXT), max_size=3)


ANY_ANSWERS = some.fixed_dictionaries({}, optional={each.code: _values(each) for each in QUESTIONNAIRE.questions})
SOUND_ANSWERS = some.fixed_dictionaries(
    {},
    optional={
        each.code: some.sampled_from([choice.code for choice in each.choices.choices]).map(lambda code: [code])
        for each in QUESTIONNAIRE.questions
        if each.choices
    },
)


def valid(questionnaire: Questionnaire, stored: dict[str, object]) -> bool:
    """Whether every stored answer is one of its question, was to be asked, and is in the order of asking."""
    as_answers = {code: tuple(each) if isinstance(each, list) else each for code, each in stored.items()}
    for code, answer in as_answers.items():
        given_again = answer if isinstance(answer, tuple) else (str(answer),)
        if answer_from(questionnaire.by_code[code], given_again) != answer:
            return False
    return keep_asked(questionnaire, as_answers) == as_answers


@UNHURRIED
@given(answers=some.one_of(ANY_ANSWERS, SOUND_ANSWERS), extra=some.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3))
def test_any_posted_values_give_a_valid_answer_set_or_named_errors(client, every_kind, answers, extra):
    before = count(AnswerSet)
    form = {name: value for name, value in {**extra, **answers}.items() if name}
    # A key of its own each time, or the same answers twice would be taken for a retry.
    answer = client.post(f"/en/survey/{every_kind.code}", data={**form, "submission_key": str(before)})
    assert (answer.status_code, count(AnswerSet) - before) in {(200, 1), (422, 0)}
    if answer.status_code == 422:
        assert "q-" in alerts(answer.text), "every refusal names its question"
    assert all(valid(QUESTIONNAIRE, stored.answers) for stored in rows(AnswerSet))


@UNHURRIED
@given(body=some.binary(max_size=200), kind=some.sampled_from(KINDS))
def test_any_bytes_at_all_are_refused_with_a_page(client, every_kind, body, kind):
    assert client.post(f"/en/survey/{every_kind.code}", data=body, content_type=kind).status_code in {400, 422}
    assert count(AnswerSet) == 0
