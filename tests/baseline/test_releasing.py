"""Publishing is not freezing: asked for by itself, refused on inventions, taken back with a reason, and on record."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from citizen_portal.baseline import queries
from citizen_portal.baseline.compute import compute
from citizen_portal.baseline.freezing import freeze
from citizen_portal.baseline.refusals import BaselineNotPublic, ReleaseRefused, RestsOnInvention, SnapshotRefused
from citizen_portal.baseline.releasing import publish, withdraw
from citizen_portal.cli import cli
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import queries as survey_queries
from tests.baseline.test_freezing import computed, public
from tests.snapshots import (
    AFTER,
    BASELINE_CODE,
    BEFORE,
    FOLLOW_UP_CODE,
    FROZEN_ON,
    YEARS,
    freeze_and_publish,
    store_closed_wave,
)

DAY = date(2026, 12, 3)
BECAUSE = "Folkmängden var fel år"


def codes() -> list[str]:
    db.session.rollback()
    return [row.code for row in queries.published(db.session())]


def release(act, *arguments, **terms) -> None:
    with unit_of_work() as session:
        act(session, *arguments, today=DAY, **terms)


def freeze_again(code: str, municipality=None) -> None:
    """The same wave and period as the follow-up, under another code."""
    municipality = municipality or installed().municipality
    wave = survey_queries.wave(db.session(), AFTER)
    figures = compute(db.session(), municipality, wave=wave, period=YEARS[AFTER], today=FROZEN_ON[AFTER])
    with unit_of_work() as session:
        freeze(session, municipality, figures, code=code, against=BASELINE_CODE, today=FROZEN_ON[AFTER])


def in_english(client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).text)


def test_what_is_frozen_is_seen_by_nobody_until_it_is_published(snapshots, client):
    freeze_again("corrected")
    assert codes() == [FOLLOW_UP_CODE, BASELINE_CODE]
    assert client.get("/api/v1/baseline/corrected").status_code == 404
    release(publish, "corrected", invented_too=True)
    assert "corrected" in codes()
    assert client.get("/api/v1/baseline/corrected").status_code == 200


def test_figures_that_rest_on_an_example_or_on_invented_answers_are_not_published(snapshots):
    freeze_again("corrected")
    with pytest.raises(RestsOnInvention, match="population is an example"):
        release(publish, "corrected")
    assert codes() == [FOLLOW_UP_CODE, BASELINE_CODE]


def test_what_is_withdrawn_says_so_on_the_page_with_its_reason_and_digest(snapshots, client):
    release(withdraw, FOLLOW_UP_CODE, because=BECAUSE)
    page = in_english(client, "/en/results")
    assert f"{FOLLOW_UP_CODE}</bdi>: These figures were withdrawn on 3 December 2026, because:" in page
    assert f'<blockquote dir="auto">{BECAUSE}</blockquote>' in page
    assert queries.snapshot(db.session(), FOLLOW_UP_CODE).public_digest in page
    release(withdraw, BASELINE_CODE, because=BECAUSE)
    page = in_english(client, "/en/results")
    assert "There are no results yet" in page
    assert page.count(BECAUSE) == 2


def test_what_was_withdrawn_never_comes_back_under_its_code(snapshots):
    release(withdraw, FOLLOW_UP_CODE, because=BECAUSE)
    with pytest.raises(SnapshotRefused, match="was withdrawn"):
        release(publish, FOLLOW_UP_CODE, invented_too=True)


@pytest.mark.parametrize("because", ["", "  ", "x" * 301])
def test_withdrawing_takes_a_reason_that_fits(snapshots, because):
    with pytest.raises(SnapshotRefused, match="takes a reason"):
        release(withdraw, FOLLOW_UP_CODE, because=because)
    assert FOLLOW_UP_CODE in codes()


def test_only_what_is_public_can_be_withdrawn(snapshots):
    freeze_again("corrected")
    for code, said in (("corrected", "not public"), ("nothing", "no frozen baseline")):
        with pytest.raises(SnapshotRefused, match=said):
            release(withdraw, code, because=BECAUSE)


def test_a_correction_takes_the_place_of_what_it_corrects_at_the_same_moment(snapshots, client):
    municipality = installed().municipality
    agreement = municipality.agreement
    mended = replace(agreement, indicators=tuple(replace(each, target=None) for each in agreement.indicators))
    freeze_again("corrected", replace(municipality, agreement=mended))
    release(publish, "corrected", replaces=FOLLOW_UP_CODE, because=BECAUSE, invented_too=True)
    assert codes() == ["corrected", BASELINE_CODE]
    assert "In its place: corrected." in client.get(f"/api/v1/baseline/{FOLLOW_UP_CODE}").get_json(force=True)["detail"]


def test_a_correction_with_other_numbers_of_the_same_people_is_refused_and_nothing_is_withdrawn(snapshots):
    """Whoever kept the withdrawn document would have both."""
    release(withdraw, FOLLOW_UP_CODE, because=BECAUSE)
    figures = computed(AFTER, period=replace(YEARS[AFTER], from_day=date(2025, 4, 2)))
    with pytest.raises(ReleaseRefused, match=FOLLOW_UP_CODE), unit_of_work() as session:
        freeze(session, installed().municipality, figures, code="other", against=None, today=FROZEN_ON[AFTER])


def test_a_release_is_judged_again_when_it_is_published(app):
    """Two colleagues freeze two periods that overlap while none of them is public."""
    store_closed_wave(BEFORE)
    store_closed_wave(AFTER, first_choices=0.65)
    longer = replace(YEARS[AFTER], from_day=YEARS[BEFORE].from_day)
    for code, figures in (("one", computed(BEFORE)), ("other", computed(AFTER, period=longer))):
        with unit_of_work() as session:
            freeze(session, installed().municipality, figures, code=code, against=None, today=FROZEN_ON[AFTER])
    reported = [
        json.loads(queries.snapshot(db.session(), code).public_document)["reports"] for code in ("one", "other")
    ]
    assert any(reported)
    release(publish, "one", invented_too=True)
    with pytest.raises(ReleaseRefused, match="'one'"):
        release(publish, "other", invented_too=True)
    assert codes() == ["one"]


def test_a_follow_up_of_what_is_not_public_is_not_published(snapshots):
    freeze_again("corrected")
    release(withdraw, BASELINE_CODE, because=BECAUSE)
    with pytest.raises(BaselineNotPublic, match=BASELINE_CODE):
        release(publish, "corrected", invented_too=True)


def test_the_database_refuses_to_change_what_is_on_record(either_app):
    store_closed_wave(AFTER)
    freeze_and_publish(computed(AFTER), "one")
    tries = ["UPDATE baseline_release SET done_on = '2020-01-01'", "DELETE FROM baseline_release"]
    if db.engine.dialect.name == "postgresql":
        tries.append("TRUNCATE baseline_release")
    else:
        tries.append("REPLACE INTO baseline_release SELECT * FROM baseline_release")
    for statement in tries:
        with pytest.raises(DBAPIError, match="stays on record"), unit_of_work() as session:
            session.execute(text(statement))
    assert codes() == ["one"]


@pytest.mark.parametrize("says", ["n\n", "\n", ""])
def test_the_commands_ask_and_without_a_yes_nothing_is_done(app, snapshots, says):
    freeze_again("corrected")
    for command in (["publish", "corrected"], ["withdraw", FOLLOW_UP_CODE, "--because", BECAUSE]):
        assert app.test_cli_runner().invoke(cli, ["baseline", *command], input=says).exit_code == 1
    assert codes() == [FOLLOW_UP_CODE, BASELINE_CODE]


def test_the_commands_say_what_they_did_or_why_not(app, snapshots):
    def run(*arguments: str) -> str:
        return app.test_cli_runner().invoke(cli, ["baseline", *arguments, "--yes"]).output

    assert "Withdrawn: follow-up-2026" in run("withdraw", FOLLOW_UP_CODE, "--because", BECAUSE)
    assert "was withdrawn" in run("publish", FOLLOW_UP_CODE)
    freeze_again("corrected")
    assert "population is an example" in run("publish", "corrected")
    assert codes() == [BASELINE_CODE]
    assert public(BASELINE_CODE)
