"""Weights on real waves: who is in no group of the register hides nobody, and a wave keeps its population."""

from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import select, update

from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import queries as survey_queries
from citizen_portal.surveys.models import AnswerSet, Wave
from citizen_portal.surveys.population import population_of, population_of_wave, store_margin
from tests.baseline.test_freezing import computed, public
from tests.snapshots import AFTER, freeze_and_publish, store_closed_wave

PEOPLE = 720
COUNTED = {"sex": {"woman", "man"}, "age": {"age_16_29", "age_30_49", "age_50_64", "age_65_plus"}}


def frozen(code: str = "weighed") -> dict:
    freeze_and_publish(computed(AFTER), code)
    return public(code)


def shown(document: dict, by: str) -> dict[str, set[str]]:
    """The groups of a column that each indicator of the survey shows, of those that are shown for everyone."""
    return {
        each["code"]: {value["group"] for value in each["values"] if value["by"] == by and value["shown"]}
        for each in document["indicators"]
        if each["unit"] == "percent" and each["values"][0]["shown"]
    }


@pytest.fixture
def wave(app):
    return store_closed_wave(AFTER, people=PEOPLE)


@pytest.mark.parametrize("said", [None, "prefer_not", "other"])
def test_one_person_of_720_in_no_group_of_the_register_hides_no_group(app, said):
    store_closed_wave(AFTER, people=PEOPLE, said=lambda person, given: given if person else {**given, "sex": said})
    document = frozen()
    assert all(groups == COUNTED["sex"] for groups in shown(document, "sex").values())
    assert sum(each["counted_people"] == "all" for each in document["indicators"]) > 15


def test_two_per_cent_who_skip_each_question_about_themselves_hide_no_sex_and_no_age(app):
    chance = Random(2)

    def skipping(_person, answers):
        return {code: None if code in {"sex", "age", "area"} and chance.random() < 0.02 else said
                for code, said in answers.items()}  # fmt: skip

    store_closed_wave(AFTER, people=PEOPLE, said=skipping)
    document = frozen()
    for by, groups in COUNTED.items():
        assert set(map(frozenset, shown(document, by).values())) == {frozenset(groups)}, by


def test_who_is_too_young_is_stored_and_counted_in_no_share(wave):
    before = computed(AFTER).baseline
    with unit_of_work() as session:
        row = session.scalars(select(AnswerSet)).first()
        young = AnswerSet(
            wave_code=AFTER, questionnaire_digest=row.questionnaire_digest, language="sv",
            answers={**row.answers, "age": "age_under_16"},
        )  # fmt: skip
        session.add(young)
    after = computed(AFTER).baseline
    assert (after.outside, after.answer_sets) == (1, PEOPLE)
    assert replace(after, outside=0) == before


def test_answers_are_weighted_by_sex_age_and_area_and_the_document_says_so(wave):
    weighting = frozen()["survey"]["weighting"]
    assert (weighting["method"], weighting["columns"], weighting["joined"]) == ("raking", ["sex", "age", "area"], [])
    assert weighting["design_effect"] >= 1


def test_an_area_that_nobody_answered_is_weighted_with_its_neighbour_and_that_is_said(client):
    store_closed_wave(
        AFTER, people=PEOPLE, said=lambda _person, given: given if given["area"] != "ed" else {**given, "area": "runby"}
    )
    document = frozen()
    (joined,) = document["survey"]["weighting"]["joined"]
    assert (joined["by"], joined["group"]) == ("area", "ed")
    assert "Nobody answered in the group Ed." in client.get("/en/results").text
    assert all({"by": "area", "group": "ed", "shown": False}.items() <= value.items()
               for each in document["indicators"] if each["unit"] == "percent"
               for value in each["values"] if value["group"] == "ed")  # fmt: skip


def test_a_wave_keeps_the_population_it_was_weighted_with(wave):
    municipality = installed().municipality
    before = population_of_wave(db.session(), municipality, survey_queries.wave(db.session(), AFTER))
    assert frozen()["survey"]["population_year"] == before.year == 2025
    with unit_of_work() as session:
        store_margin(session, "sex", {"woman": 900, "man": 100}, "Another synthetic register", 2025)
    db.session().expire_all()
    assert population_of(db.session(), municipality).margins["sex"] == {"woman": 900, "man": 100}
    kept = population_of_wave(db.session(), municipality, survey_queries.wave(db.session(), AFTER))
    assert kept == before


def test_a_wave_is_weighted_with_the_counts_of_the_year_before_it_ended(wave):
    with unit_of_work() as session:
        for year in (2024, 2025, 2026):
            store_margin(session, "sex", {"woman": year, "man": year}, f"Synthetic register {year}", year)
    found = population_of_wave(db.session(), installed().municipality, survey_queries.wave(db.session(), AFTER))
    assert found.margins["sex"]["woman"] == 2025
    assert population_of(db.session(), installed().municipality).margins["sex"]["woman"] == 2026


def test_a_wave_that_knows_its_strata_is_weighted_from_them(wave):
    register = population_of(db.session(), installed().municipality).margins["area"]
    strata = [{"area": area, "persons": persons, "letters": 300} for area, persons in register.items()]
    with unit_of_work() as session:
        session.execute(update(Wave).values(strata=strata))
    assert frozen()["survey"]["weighting"]["strata"] == len(register)


def test_weights_that_came_with_the_answers_are_used_as_they_are(app):
    store_closed_wave(AFTER, people=PEOPLE, weighed=True)
    baseline = computed(AFTER).baseline
    rows = [
        (answers["safe_after_dark"] in {"very_safe", "fairly_safe"}, weight)
        for answers, weight in survey_queries.answers_that_count(db.session(), AFTER)
    ]
    expected = sum(weight for safe, weight in rows if safe) / sum(weight for _safe, weight in rows)
    figures = baseline.figures_of("safe_after_dark")
    assert figures.figures[0].estimate == pytest.approx(expected, rel=1e-12)
    assert (figures.method, frozen()["survey"]["weighting"]["method"]) == ("brought", "brought")
