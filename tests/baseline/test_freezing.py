"""A frozen baseline: exactly what was computed, exactly what may be shown, and never changed again."""

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from citizen_portal.baseline import queries
from citizen_portal.baseline.compute import NotComputable, compute
from citizen_portal.baseline.figures import PERCENT, Baseline
from citizen_portal.baseline.freezing import freeze
from citizen_portal.baseline.indicators import refuse_unknown_questions
from citizen_portal.baseline.models import BaselineSnapshot
from citizen_portal.baseline.refusals import SnapshotRefused
from citizen_portal.municipality import MunicipalityError
from citizen_portal.municipality.agreement import SurveySource
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import queries as survey_queries
from citizen_portal.surveys.population import population_of
from tests.snapshots import (
    AFTER,
    BASELINE_CODE,
    FOLLOW_UP_CODE,
    FROZEN_ON,
    YEARS,
    store_baseline_and_follow_up,
    store_closed_wave,
)
from tests.waves import shipped_questionnaire


def public(code: str) -> dict:
    return json.loads(queries.snapshot(db.session(), code).public_document)


def computed(wave: str, **changes):
    session, municipality = db.session(), installed().municipality
    terms = {
        "wave": survey_queries.wave(session, wave),
        "period": YEARS[wave],
        "population": population_of(session, municipality),
        "today": FROZEN_ON[wave],
        **changes,
    }
    return compute(session, municipality, **terms)


def values(document: dict) -> list[tuple[str, dict]]:
    return [(each["code"], value) for each in document["indicators"] for value in each["values"]]


def test_what_is_frozen_is_what_was_computed(snapshots):
    snapshot = queries.snapshot(db.session(), FOLLOW_UP_CODE)
    assert Baseline.from_document(json.loads(snapshot.document)) == computed(AFTER).baseline


@pytest.mark.parametrize("code", [BASELINE_CODE, FOLLOW_UP_CODE])
def test_anyone_can_compute_the_digest_again(snapshots, code):
    snapshot = queries.snapshot(db.session(), code)
    assert hashlib.sha256(snapshot.public_document.encode()).hexdigest() == snapshot.public_digest
    assert hashlib.sha256(snapshot.document.encode()).hexdigest() == snapshot.digest


@pytest.mark.parametrize("change", [update(BaselineSnapshot).values(document="{}"), delete(BaselineSnapshot)])
def test_the_database_refuses_to_change_or_delete_a_frozen_baseline(either_app, change):
    store_baseline_and_follow_up()
    with pytest.raises(DBAPIError, match="never changes"), unit_of_work() as session:
        session.execute(change)
    assert len(queries.snapshots(db.session())) == 2


def test_every_indicator_of_the_agreement_stands_in_the_public_document(snapshots):
    indicators = installed().municipality.agreement.indicators
    assert [each["code"] for each in public(BASELINE_CODE)["indicators"]] == [each.code for each in indicators]
    assert public(BASELINE_CODE)["missing"] == []


def test_what_is_hidden_has_no_number_at_all(snapshots):
    hidden = [value for _code, value in values(public(BASELINE_CODE)) if not value["shown"]]
    assert hidden, "some group of so small a sample is hidden"
    assert {value[name] for value in hidden for name in ("base", "value", "low", "high")} == {None}


def test_what_is_shown_is_rounded(snapshots):
    for code, value in values(public(BASELINE_CODE)):
        if value["shown"]:
            assert value["base"] % 5 == 0, code
            assert value["low"] <= value["value"] <= value["high"], code
    percentages = [each for each in public(BASELINE_CODE)["indicators"] if each["unit"] == PERCENT]
    assert percentages
    assert all(isinstance(value["value"], int | None) for each in percentages for value in each["values"])


def test_no_group_that_is_shown_has_fewer_than_five_on_either_side(snapshots):
    full = computed(AFTER).baseline
    for code, value in values(public(FOLLOW_UP_CODE)):
        figure = full.figures_of(code).of(value["by"], value["group"])
        if value["shown"] and full.figures_of(code).unit == PERCENT:
            assert min(figure.counted, figure.n - figure.counted) >= 5, (code, value)


def test_a_change_is_published_only_where_both_of_its_figures_are(snapshots):
    earlier = {(code, v["by"], v["group"]) for code, v in values(public(BASELINE_CODE)) if v["shown"]}
    later = {(code, v["by"], v["group"]) for code, v in values(public(FOLLOW_UP_CODE)) if v["shown"]}
    changes = [
        (each["code"], change["by"], change["group"])
        for each in public(FOLLOW_UP_CODE)["indicators"]
        for change in each["changes"]
    ]
    assert changes
    assert set(changes) <= earlier & later


def test_an_indicator_of_one_area_says_what_the_table_of_areas_says(snapshots):
    of_all, of_centre = (
        next(each for each in public(BASELINE_CODE)["indicators"] if each["code"] == code)
        for code in ("unsafe_reports", "unsafe_reports_centre")
    )
    centre = next(value for value in of_all["values"] if value["group"] == "centrum")
    (only,) = of_centre["values"]
    assert [only[name] for name in ("shown", "base", "value")] == [centre[name] for name in ("shown", "base", "value")]


def test_a_code_is_frozen_once(snapshots):
    with pytest.raises(SnapshotRefused, match="frozen already"), unit_of_work() as session:
        freeze(
            session,
            installed().municipality,
            computed(AFTER),
            code=BASELINE_CODE,
            against=None,
            today=FROZEN_ON[AFTER],
        )


@pytest.mark.parametrize(
    ("code", "against", "said"),
    [("A B", None, "small letters"), ("x" * 41, None, "40"), ("new", "nowhere", "'nowhere'")],
)
def test_a_snapshot_that_cannot_be_says_why_and_stores_nothing(snapshots, code, against, said):
    with pytest.raises(SnapshotRefused, match=said), unit_of_work() as session:
        freeze(
            session,
            installed().municipality,
            computed(AFTER),
            code=code,
            against=against,
            today=FROZEN_ON[AFTER],
        )
    assert len(queries.snapshots(db.session())) == 2


def test_figures_that_still_grow_are_not_computed(snapshots):
    period = YEARS[AFTER]
    with pytest.raises(NotComputable, match="not closed"):
        computed(AFTER, today=period.to_day)
    with pytest.raises(NotComputable, match="period ends"):
        computed(AFTER, period=replace(period, to_day=FROZEN_ON[AFTER] + timedelta(days=1)))


def test_a_population_that_does_not_fit_leaves_the_figures_unweighted_and_says_why(snapshots):
    session, municipality = db.session(), installed().municipality
    population = replace(population_of(session, municipality), margins={"sex": {"woman": 10, "martian": 5}})
    baseline = computed(AFTER, population=population).baseline
    assert "martian" in baseline.unweighted_because
    assert {each.method for each in baseline.indicators if each.unit == PERCENT} == {"unweighted"}


def test_an_indicator_must_count_an_answer_that_is_asked(app):
    agreement, questionnaires = installed().municipality.agreement, [shipped_questionnaire()]
    refuse_unknown_questions(agreement, questionnaires)
    first = agreement.indicators[0]
    for source, said in (
        (SurveySource("nothing_asks_this", ("yes",)), "no questionnaire asks"),
        (SurveySource(first.source.question, ("dont_know",)), "no answer"),
        (SurveySource("something_else", ("yes",)), "no choices"),
    ):
        broken = replace(agreement, indicators=(replace(first, source=source),))
        with pytest.raises(MunicipalityError, match=said):
            refuse_unknown_questions(broken, questionnaires)


def test_a_wave_that_nobody_answered_gives_figures_without_numbers(app):
    store_closed_wave(AFTER, people=0)
    found = computed(AFTER)
    assert found.baseline.unweighted_because == "nobody has answered"
    shares = [each for each in found.baseline.indicators if each.unit == PERCENT]
    assert {figure.estimate for each in shares for figure in each.figures} == {None}
    with unit_of_work() as session:
        snapshot = freeze(session, installed().municipality, found, code="empty", against=None, today=date(2026, 5, 4))
    assert "NaN" not in snapshot.public_document


def test_the_rows_of_report_tables_stand_in_the_order_of_their_codes(snapshots):
    tables = public(BASELINE_CODE)["reports"]
    assert {table["by"] for table in tables} == {"area", "theme", "month"}
    for table in tables:
        groups = [row["group"] for row in table["rows"] if row["group"] is not None]
        assert groups == sorted(groups), table["by"]
