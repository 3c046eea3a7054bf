"""Routing, held against its own definition on questionnaires and answers that nobody thought of."""

from itertools import chain, combinations, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citizen_portal.municipality import MunicipalityError
from citizen_portal.surveys.questionnaire import ONE, SEVERAL, Questionnaire
from citizen_portal.surveys.reading import questionnaire_of_document
from citizen_portal.surveys.routing import is_asked, keep_asked

CHOICES = ("a", "b", "none")  # "none" stands alone
WORDS = {"en": "Words"}


def document(*questions: tuple[str, dict[int, set[str]]]) -> dict[str, object]:
    """A questionnaire of questions q0, q1, ... given as (kind, conditions by the number of an earlier question)."""
    choices = [{"code": code, "label": WORDS} | ({"alone": True} if code == "none" else {}) for code in CHOICES]
    asked = [
        {"code": f"q{at}", "kind": kind, "wording": WORDS, "choices": "choices"} | _ask_if(conditions)
        for at, (kind, conditions) in enumerate(questions)
    ]
    section = {"code": "section", "title": WORDS, "question": asked}
    lists = [{"code": "choices", "choice": choices}]
    return {
        "code": "drawn", "version": 1, "languages": ["en"], "title": WORDS, "intro": WORDS,
        "list": lists, "section": [section],
    }  # fmt: skip


def _ask_if(conditions: dict[int, set[str]]) -> dict[str, object]:
    rows = [{"question": f"q{at}", "any_of": sorted(any_of)} for at, any_of in conditions.items()]
    return {"ask_if": rows} if rows else {}


def answers_to(kind: str) -> list[str | tuple[str, ...]]:
    """Every answer a question of the kind can have."""
    if kind == ONE:
        return list(CHOICES)
    together = chain.from_iterable(combinations(("a", "b"), size) for size in (1, 2))
    return [*together, ("none",)]


@st.composite
def documents(draw, most: int):
    needs = st.sets(st.sampled_from(CHOICES), min_size=1, max_size=2)
    questions = []
    for at in range(draw(st.integers(1, most))):
        earlier = st.dictionaries(st.integers(0, at - 1), needs, max_size=2) if at else st.just({})
        questions.append((draw(st.sampled_from((ONE, SEVERAL))), draw(earlier)))
    return document(*questions)


@st.composite
def answered(draw) -> tuple[Questionnaire, dict[str, object]]:
    """A questionnaire that was accepted, and answers to any of its questions, asked or not."""
    drawn = draw(documents(most=7))
    try:
        questionnaire = questionnaire_of_document(drawn)
    except MunicipalityError:
        questionnaire = questionnaire_of_document(document((ONE, {}), (SEVERAL, {0: {"a"}}), (ONE, {1: {"b"}})))
    asked = draw(st.lists(st.sampled_from(questionnaire.questions), unique_by=lambda question: question.code))
    return questionnaire, {each.code: draw(st.sampled_from(answers_to(each.kind))) for each in asked}


def holds(condition, answers) -> bool:
    answer = answers.get(condition.question, ())
    return any(choice in ([answer] if isinstance(answer, str) else answer) for choice in condition.any_of)


@given(answered())
def test_what_is_kept_was_to_be_asked_and_what_is_dropped_was_not(drawn):
    questionnaire, answers = drawn
    kept = keep_asked(questionnaire, answers)
    for question in questionnaire.questions:
        wanted = question.code in answers and all(holds(condition, kept) for condition in question.ask_if)
        assert (question.code in kept) == wanted
    assert kept.items() <= answers.items()


@given(answered())
def test_keeping_twice_keeps_the_same(drawn):
    questionnaire, answers = drawn
    kept = keep_asked(questionnaire, answers)
    assert keep_asked(questionnaire, kept) == kept


@given(answered(), st.randoms(use_true_random=False))
def test_answers_are_kept_in_the_order_of_asking_however_they_came(drawn, random):
    questionnaire, answers = drawn
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    kept = keep_asked(questionnaire, dict(shuffled))
    assert list(kept.items()) == list(keep_asked(questionnaire, answers).items())
    assert list(kept) == [question.code for question in questionnaire.questions if question.code in kept]


@given(documents(most=4))
@example(document((SEVERAL, {}), (ONE, {0: {"none"}}), (ONE, {0: {"a"}, 1: {"a"}})))
@example(document((SEVERAL, {}), (ONE, {0: {"a"}}), (ONE, {0: {"b"}, 1: {"a"}})))
def test_a_questionnaire_is_refused_exactly_when_no_answers_lead_to_one_of_its_questions(drawn):
    questions = drawn["section"][0]["question"]
    kinds = {each["code"]: each["kind"] for each in questions}
    reached = set()
    for given_answers in product(*(answers_to(kind) for kind in kinds.values())):
        answers = dict(zip(kinds, given_answers, strict=True))
        kept = {}
        for each in questions:
            if all(_meets(kept.get(row["question"], ()), row["any_of"]) for row in each.get("ask_if", ())):
                kept[each["code"]] = answers[each["code"]]
        reached |= kept.keys()
    if reached == kinds.keys():
        assert questionnaire_of_document(drawn).by_code.keys() == reached
    else:
        with pytest.raises(MunicipalityError, match="can never be asked"):
            questionnaire_of_document(drawn)


def _meets(answer, any_of) -> bool:
    return not set([answer] if isinstance(answer, str) else answer).isdisjoint(any_of)


def test_dropping_one_answer_drops_all_that_hung_on_it():
    chained = questionnaire_of_document(document((ONE, {}), *((ONE, {at: {"a"}}) for at in range(5))))
    answers = {question.code: "a" for question in chained.questions}
    assert keep_asked(chained, answers) == answers
    assert keep_asked(chained, answers | {"q1": "b"}) == {"q0": "a", "q1": "b"}
    assert keep_asked(chained, {code: each for code, each in answers.items() if code != "q0"}) == {}


def test_a_skipped_question_meets_no_condition(invented):
    assert not is_asked(invented.by_code["noises"], {})
    assert not is_asked(invented.by_code["times_told"], {"calm": "very_noisy"})
    assert is_asked(invented.by_code["times_told"], {"calm": "very_noisy", "told": "yes"})


def test_a_questionnaire_whose_ways_meet_again_and_again_is_read_at_once():
    questions = [(ONE, {}), (ONE, {0: {"a"}}), *((ONE, {at: {"a"}, at + 1: {"a"}}) for at in range(98))]
    assert len(questionnaire_of_document(document(*questions)).questions) == 100


def test_the_shipped_survey_asks_what_the_answers_call_for(shipped):
    asked = {"exposed": ("theft", "fraud"), "reported": "some", "why_not_reported": ("minor",)}
    assert keep_asked(shipped, asked) == asked
    assert keep_asked(shipped, asked | {"exposed": ("none",)}) == {"exposed": ("none",)}
    assert "why_not_reported" not in keep_asked(shipped, asked | {"reported": "all"})
    assert "youngest_asked" not in keep_asked(shipped, {"recruitment_seen": "no", "youngest_asked": "under_12"})
