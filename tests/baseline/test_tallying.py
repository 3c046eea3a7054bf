"""From answer sets to counts: who is in the base, who is counted, and in which groups."""

import pytest

from citizen_portal.baseline.tallying import NOT_SAID, answers_counted, count_answers
from citizen_portal.baseline.weighing import frame_of
from citizen_portal.municipality import Text, bundled_folder, load_municipality
from citizen_portal.municipality.agreement import Indicator, ReportSource, SurveySource
from citizen_portal.statistics.tallies import EVERYONE, Domain, by_value
from citizen_portal.surveys.population import Population
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
                {"code": "other", "label": WORDS},
                {"code": "prefer_not", "label": WORDS, "missing": True},
            ]},
            {"code": "ages", "choice": [{"code": "too_young", "label": WORDS}, {"code": "grown", "label": WORDS}]},
        ],
        "section": [{"code": "all", "title": WORDS, "question": [
            {"code": "safe", "kind": "one", "choices": "answers", "wording": WORDS},
            {"code": "sees", "kind": "several", "choices": "problems", "wording": WORDS},
            {"code": "sex", "kind": "background", "about": "sex", "choices": "sexes", "wording": WORDS},
            {"code": "age", "kind": "background", "about": "age", "choices": "ages", "wording": WORDS},
        ]}],
    }
)  # fmt: skip


MUNICIPALITY = load_municipality(bundled_folder())
LABEL = Text((("en", "Synthetic"),))


def indicator(question: str, *counted: str) -> Indicator:
    return Indicator(f"{question}_counted", 1, LABEL, "up", SurveySource(question, counted), None)


SAFE, SEES_DARK = indicator("safe", "yes"), indicator("sees", "dark")


def tallied(*answers: dict, indicators=(SAFE, SEES_DARK), margins=None, weight=None):
    population = Population(margins or {}, "Synthetic register", example=True)
    frame = frame_of(QUESTIONNAIRE, population, MUNICIPALITY)
    return count_answers(QUESTIONNAIRE, indicators, [(each, weight) for each in answers], frame)


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
    assert dict(tallies.sizes) == {(NOT_SAID, NOT_SAID, NOT_SAID): 2, ("woman", NOT_SAID, NOT_SAID): 1}
    assert {domain for domain in tallies.answers if domain.by} == {Domain("sex", "woman")}
    assert counted.sizes["sex"] == {"woman": 1, "man": 0, "other": 0}
    assert sum(counted.people["safe"][EVERYONE].values()) == 3


REGISTER = {"sex": {"woman": 50, "man": 50}, "age": {"grown": 100}}


def test_who_is_outside_the_population_is_counted_in_nothing():
    counted = tallied({"safe": "yes", "age": "too_young"}, {"safe": "no", "age": "grown"}, margins=REGISTER)
    assert counted.outside == 1
    assert counted.sizes == {"sex": {"woman": 0, "man": 0}, "age": {"grown": 1}}
    assert counted.people["safe"][EVERYONE] == {"no": 1}
    assert sum(counted.tallies["safe_counted"].sizes.values()) == 1


def test_a_sex_that_the_register_does_not_count_weighs_and_is_in_no_group():
    counted = tallied({"safe": "yes", "sex": "other", "age": "grown"}, margins=REGISTER)
    assert dict(counted.tallies["safe_counted"].sizes) == {("other", "grown", NOT_SAID): 1}
    assert counted.sizes["sex"] == {"woman": 0, "man": 0}
    assert counted.people["safe"][EVERYONE] == {"yes": 1}
    assert counted.in_groups.people["safe"][EVERYONE] == {}


def test_answers_that_bring_their_weights_are_told_apart_by_nothing_else():
    tallies = tallied({"safe": "yes", "sex": "woman"}, {"safe": "no"}, weight=1.5).tallies["safe_counted"]
    assert (tallies.columns, dict(tallies.sizes)) == (("weight",), {("1.5",): 2})


def test_only_what_this_questionnaire_asks_is_counted():
    reports = Indicator("reports", 1, LABEL, "down", ReportSource(("dark",), ()), None)
    counted = tallied({"safe": "yes"}, indicators=(SAFE, indicator("of_another_year", "yes"), reports))
    assert set(counted.tallies) == {"safe_counted"}


def test_a_wave_without_answers_has_tallies_of_nothing():
    counted = tallied()
    assert dict(counted.tallies["safe_counted"].sizes) == {}
    assert counted.tallies["safe_counted"].answers == {EVERYONE: {}}
