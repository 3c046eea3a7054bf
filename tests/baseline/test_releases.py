"""What is published stays as it is, fits its digest, and gives nobody away beside what was published before."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from citizen_portal.baseline import queries
from citizen_portal.baseline.compute import compute
from citizen_portal.baseline.figures import Period
from citizen_portal.baseline.freezing import freeze
from citizen_portal.baseline.models import BaselineSnapshot
from citizen_portal.baseline.refusals import ReleaseRefused
from citizen_portal.baseline.tallying import count_answers
from citizen_portal.baseline.weighing import frame_of
from citizen_portal.municipality.installed import installed
from citizen_portal.publication.auditor import audit
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import queries as survey_queries
from citizen_portal.surveys.models import OPEN_LINK, Wave
from citizen_portal.surveys.population import population_of_wave
from tests.baseline.test_freezing import computed, public
from tests.snapshots import (
    AFTER,
    BASELINE_CODE,
    FOLLOW_UP_CODE,
    FROZEN_ON,
    YEARS,
    freeze_and_publish,
    store_baseline,
    store_closed_wave,
)


def test_what_the_tests_freeze_passes_the_auditor(snapshots):
    assert audit([public(BASELINE_CODE), public(FOLLOW_UP_CODE)]) == []


def test_every_area_theme_and_month_stands_in_its_table_whatever_was_counted(snapshots):
    document = public(BASELINE_CODE)
    for table in document["reports"]:
        cells = {row["group"] for row in table["rows"]} - {None} | set(table["hidden"])
        if table["by"] == "month":
            assert len(cells) == 12
        if table["by"] == "area":
            assert cells == {area.code for area in installed().municipality.areas} | {"no_area"}


def test_a_period_that_overlaps_a_published_one_is_refused_by_its_name(snapshots):
    period = replace(YEARS[AFTER], to_day=YEARS[AFTER].to_day + timedelta(days=1))
    figures = computed(AFTER, period=period)
    with pytest.raises(ReleaseRefused, match=FOLLOW_UP_CODE), unit_of_work() as session:
        freeze(session, installed().municipality, figures, code="again", against=None, today=FROZEN_ON[AFTER])
    assert len(queries.snapshots(db.session())) == 2


def test_a_wave_is_not_published_again_in_other_tables(snapshots):
    municipality = installed().municipality
    first, *others = municipality.agreement.indicators
    turned = replace(first, source=replace(first.source, counted=first.source.counted[:1]))
    other = replace(municipality, agreement=replace(municipality.agreement, indicators=(turned, *others)))
    period = Period(date(2020, 1, 1), date(2020, 12, 31))
    wave = survey_queries.wave(db.session(), AFTER)
    figures = compute(db.session(), other, wave=wave, period=period, today=FROZEN_ON[AFTER])
    with pytest.raises(ReleaseRefused, match="publish the wave"), unit_of_work() as session:
        freeze(session, other, figures, code="again", against=None, today=FROZEN_ON[AFTER])


REPLACE = "INSERT OR REPLACE INTO baseline_snapshot ({target}) SELECT {source} FROM baseline_snapshot"
COLUMNS = (
    "kind, agreement_code, wave_code, from_day, to_day, frozen_on, document, digest, public_document, public_digest"
)


def test_the_database_refuses_to_replace_or_truncate_what_is_frozen(either_app):
    store_baseline()
    if db.engine.dialect.name == "postgresql":
        tries = ["TRUNCATE baseline_snapshot CASCADE", "TRUNCATE wave CASCADE"]
    else:
        tries = [
            REPLACE.format(target=f"code, {COLUMNS}", source=f"code, {COLUMNS}"),
            REPLACE.format(target=f"rowid, code, {COLUMNS}", source=f"rowid, 'another', {COLUMNS}"),
            "REPLACE INTO baseline_snapshot SELECT * FROM baseline_snapshot",
        ]
    for statement in tries:
        with pytest.raises(DBAPIError, match="never changes"), unit_of_work() as session:
            session.execute(text(statement))
    assert [each.code for each in queries.snapshots(db.session())] == [BASELINE_CODE]


def test_a_document_that_no_longer_fits_its_digest_is_read_by_nobody(app):
    store_baseline()
    with unit_of_work() as session:
        session.execute(text("DROP TRIGGER baseline_never_changes_by_update"))
        session.execute(update(BaselineSnapshot).values(public_document=BaselineSnapshot.public_document + " "))
    db.session().expire_all()
    readers = (
        queries.snapshots,
        queries.published,
        lambda session: queries.snapshot(session, BASELINE_CODE),
        lambda session: queries.published_one(session, BASELINE_CODE),
    )
    for read in readers:
        with pytest.raises(queries.DigestMismatch, match=BASELINE_CODE):
            read(db.session())
    assert list(queries.changed_since_frozen(db.session())) == [BASELINE_CODE]


def test_the_same_answers_have_the_same_digest_whatever_the_order_they_came_in(app):
    store_closed_wave(AFTER)
    wave = survey_queries.wave(db.session(), AFTER)
    questionnaire = survey_queries.questionnaire(db.session(), wave.questionnaire_digest)
    answers = list(survey_queries.answers_that_count(db.session(), AFTER))
    municipality = installed().municipality
    indicators = municipality.agreement.indicators
    frame = frame_of(questionnaire, population_of_wave(db.session(), municipality, wave), municipality)
    counted = repr(count_answers(questionnaire, indicators, answers, frame))
    for seed in range(3):
        Random(seed).shuffle(answers)
        assert repr(count_answers(questionnaire, indicators, answers, frame)) == counted


def test_who_came_to_an_open_link_gives_shares_without_an_interval(app):
    store_closed_wave(AFTER)
    with unit_of_work() as session:
        session.execute(update(Wave).values(sample=OPEN_LINK))
    freeze_and_publish(computed(AFTER), "open")
    shares = [each for each in public("open")["indicators"] if each["unit"] == "percent"]
    shown = [value for each in shares for value in each["values"] if value["shown"]]
    assert shown
    assert {(value["low"], value["high"], value["interval"]) for value in shown} == {(None, None, None)}
