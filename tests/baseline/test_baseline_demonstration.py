"""The demonstration, to its end: what an empty portal shows to whoever tries it."""

import json
from collections import Counter
from datetime import date

import pytest

from citizen_portal.baseline import queries
from citizen_portal.baseline.demonstration import load_baselines, refused_release
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import queries as survey_queries
from citizen_portal.surveys.models import INVITED, OPEN_LINK
from citizen_portal.surveys.waves import CLOSED, OPEN, state_of
from citizen_portal.web.clock import today


def load(app, day: date) -> list[str]:
    with unit_of_work() as session:
        return load_baselines(session, installed().municipality, today=day)


@pytest.fixture
def loaded(app):
    return load(app, today())


def test_an_empty_portal_ends_in_a_baseline_and_its_follow_up_that_one_can_read(app, client, loaded):
    earlier, later = loaded
    documents = [json.loads(queries.snapshot(db.session(), code).public_document) for code in loaded]
    assert [each["kind"] for each in documents] == ["baseline", "follow_up"]
    assert documents[1]["against"] == earlier
    everyone = [each["values"][0] for each in documents[1]["indicators"]]
    assert sum(each["shown"] for each in everyone) == len(everyone)
    page = client.get("/sv/results").text
    for sentence in ("Det är en förbättring", "Det är en försämring", "Ingen förändring som vi kan vara säkra på."):
        assert sentence in page
    assert "Siffrorna är ett exempel." in page
    assert later in client.get("/sv/agreement").text


def test_invented_waves_are_drawn_and_closed_and_one_is_open_to_try(app, client, loaded):
    waves = {each.code: each for each in survey_queries.waves(db.session())}
    assert all(code.startswith("example-") and each.title.startswith("Exempel") for code, each in waves.items())
    states = {code: (each.sample, state_of(each, today())) for code, each in waves.items()}
    assert states.pop("example-open") == (OPEN_LINK, OPEN)
    assert set(states.values()) == {(INVITED, CLOSED)}
    assert client.get("/sv/survey/example-open").status_code == 200


def test_every_word_that_nobody_wrote_says_that_it_is_an_example(app, loaded):
    words = [
        answer
        for wave in survey_queries.waves(db.session())
        for answers, _weight in survey_queries.answers_that_count(db.session(), wave.code)
        for answer in answers.values()
        if isinstance(answer, str) and " " in answer
    ]
    assert len(words) > 50
    assert all(each.startswith("Exempel, påhittat") for each in words)


def test_it_is_loaded_once(app, loaded):
    assert load(app, today()) == []


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2028, 2, 29), date(2026, 12, 31)])
def test_any_day_of_the_calendar_will_do(app, day):
    codes = load(app, day)
    assert int(codes[1]) - int(codes[0]) == 2


def test_it_shows_who_is_in_no_group_a_rare_theme_and_a_release_that_is_refused(app, loaded):
    municipality = installed().municipality
    said = {about: Counter() for about in ("sex", "age", "area")}
    for answers, _weight in survey_queries.answers_that_count(db.session(), f"example-{loaded[1]}"):
        for about, found in said.items():
            found[answers.get(about)] += 1
    assert said["sex"]["other"] > 0
    assert said["age"]["age_under_16"] > 0
    assert min(found[None] for found in said.values()) > 0
    centre = said["area"]["centrum"] / said["area"].total()
    assert centre < 0.75 * municipality.population.margins["area"]["centrum"] / 40_400, "answers are uneven"
    for code in loaded:
        document = json.loads(queries.snapshot(db.session(), code).public_document)
        for each in document["indicators"]:
            sexes = [one["shown"] for one in each["values"] if one["by"] == "sex"]
            assert each["unit"] != "percent" or sexes == [True, True], each["code"]
        rare = [table for table in document["reports"] if table["indicator"] == "recruitment_reports"]
        assert {(len(table["rows"]), table["rows"][0]["count"]) for table in rare} == {(1, 5)}
    refused = refused_release(db.session(), municipality)
    assert f"{loaded[1]!r}" in refused
    assert len(queries.snapshots(db.session())) == 2
