"""From answer sets to counts: who is in the base, who is counted, and in which groups."""

import pytest

from citizen_portal.baseline.tallying import NOT_SAID, answers_counted, count_answers
from citizen_portal.municipality import Text
from citizen_portal.municipality.agreement import Indicator, ReportSource, SurveySource
from citizen_portal.statistics.tallies import EVERYONE, Domain, by_value
from citizen_portal.surveys.reading import questionnaire_of_document

WORDS = {"en": "Synthetic"}
YES, NO, DONT_KNOW = (
    {"code": "yes", "label": WORDS},
    {"code": "no", "label": WORDS},
    {"code": "dont_know", "label": WORDS, "missing": True},
)
QUESTIONNAIRE = questionnaire_of_document(
    {
        "code": "synthetic", "version": 1, "languages": ["en"], "title": WORDS, "intro": WORDS,
        "list": [
            {"code": "answers", "choice": [YES, NO, DONT_KNOW]},
            {"code": "problems", "choice": [
                {"code": "dark", "label": WORDS}, {"code": "litter", "label": WORDS},
                {"code": "none", "label": WORDS, "alone": True},
            ]},
            {"code": "sexes", "choice": [
                {"code": "woman", "label": WORDS}, {"code": "man", "label": WORDS},
                {"code": "prefer_not", "label": WORDS, "missing": True},
            ]},
        ],
        "section": [{"code": "all", "title": WORDS, "question": [
            {"code": "safe", "kind": "one", "choices": "answers", "wording": WORDS},
            {"code": "sees", "kind": "several", "choices": "problems", "wording": WORDS},
            {"code": "sex", "kind": "background", "about": "sex", "choices": "sexes", "wording": WORDS},
        ]}],
    }
)  # fmt: skip


LABEL = Text((("en", "Synthetic"),))


def indicator(question: str, *counted: str) -> Indicator:
    return Indicator(f"{question}_counted", 1, LABEL, "up", SurveySource(question, counted), None)


SAFE, SEES_DARK = indicator("safe", "yes"), indicator("sees", "dark")


def tallied(*answers: dict, indicators=(SAFE, SEES_DARK)):
    return count_answers(QUESTIONNAIRE, indicators, answers)


@pytest.mark.parametrize(
    ("answer", "counts"),
    [
        ({"safe": "yes"}, {1.0: 1}),
        ({"safe": "no"}, {0.0: 1}),
        ({"safe": "dont_know"}, {}),
        ({}, {}),
        ({"safe": "a choice of another version"}, {}),
    ],
    ids=["counted", "not counted", "says nothing", "skipped", "unknown"],
)
def test_who_is_in_the_base_and_who_is_counted(answer, counts):
    tallies = tallied(answer).tallies["safe_counted"]
    assert by_value(tallies.answers[EVERYONE]) == counts
    assert sum(tallies.sizes.values()) == 1, "whoever answered anything weighs, asked or not"


@pytest.mark.parametrize(
    ("chosen", "outcome"), [(["dark"], 1.0), (["dark", "litter"], 1.0), (["litter"], 0.0), (["none"], 0.0)]
)
def test_of_several_choices_one_that_counts_is_enough(chosen, outcome):
    assert by_value(tallied({"sees": chosen}).tallies["sees_counted"].answers[EVERYONE]) == {outcome: 1}


def test_choices_made_together_are_one_answer_that_an_indicator_counts_or_not():
    people = tallied({"sees": ["litter", "dark"]}, {"sees": ["litter"]}, {"sees": ["dark"]}).people["sees"]
    assert people[EVERYONE] == {"dark+litter": 1, "litter": 1, "dark": 1}
    assert answers_counted(SEES_DARK, people) == {"dark", "dark+litter"}


def test_who_would_rather_not_say_weighs_and_is_in_no_group():
    counted = tallied({"safe": "yes", "sex": "prefer_not"}, {"safe": "no", "sex": "woman"}, {"safe": "no"})
    tallies = counted.tallies["safe_counted"]
    assert dict(tallies.sizes) == {(NOT_SAID, NOT_SAID): 2, ("woman", NOT_SAID): 1}
    assert {domain for domain in tallies.answers if domain.by} == {Domain("sex", "woman")}
    assert counted.sizes["sex"] == {"woman": 1}
    assert sum(counted.people["safe"][EVERYONE].values()) == 3


def test_only_what_this_questionnaire_asks_is_counted():
    reports = Indicator("reports", 1, LABEL, "down", ReportSource(("dark",), ()), None)
    counted = tallied({"safe": "yes"}, indicators=(SAFE, indicator("of_another_year", "yes"), reports))
    assert set(counted.tallies) == {"safe_counted"}


def test_a_wave_without_answers_has_tallies_of_nothing():
    counted = tallied()
    assert dict(counted.tallies["safe_counted"].sizes) == {}
    assert counted.tallies["safe_counted"].answers == {EVERYONE: {}}
