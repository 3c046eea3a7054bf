"""Closing a wave: nothing comes in after it, codes are gone, the answers stay, and what was interrupted is finished."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta

import pytest

from citizen_portal.cli import cli
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.surveys import queries
from citizen_portal.surveys.answers import CodeRefused, Draft, WaveNotOpen, receive
from citizen_portal.surveys.closing import close_wave
from citizen_portal.surveys.invitations import code_digest
from citizen_portal.surveys.models import AnswerSet, Invitation
from citizen_portal.surveys.waves import WaveRefused
from citizen_portal.web.submission import Submission
from tests.calendar_day import the_day
from tests.steps import count, rows
from tests.waves import store_wave

TODAY = the_day()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
DAY_BEFORE = YESTERDAY - timedelta(days=1)


@pytest.fixture
def noise(either_app):
    """A wave that nobody closes, with letters and answers of its own."""
    wave = store_wave("noise", letters=3)
    answer(either_app, wave, wave.codes[0], "very_safe", key="noise")
    return wave


def answer(app, wave, code, choice: str, *, key: str = "", today: date = TODAY) -> None:
    secret = app.config["PORTAL_SECRET"]
    draft = Draft(wave.code, "sv", {"safe_by_day": choice}, (code_digest(secret, code),) if code else ())
    submission = Submission.of(draft.content(), key=key, seconds=0)
    with unit_of_work() as session:
        receive(session, draft, submission, secret=secret, today=today, quarantine=None)


def of_wave(wave, table=AnswerSet) -> list:
    return [row for row in rows(table) if row.wave_code == wave.code]


def test_a_closed_wave_keeps_every_answer_and_remembers_how_many_letters_came_back(either_app, noise):
    wave = store_wave(letters=4)
    for code, choice in zip(wave.codes, ["very_safe", "fairly_safe", "very_unsafe"], strict=False):
        answer(either_app, wave, code, choice, key=choice)
    before = {row.id for row in of_wave(wave)}
    closed = close_wave(wave.code, today=TODAY)
    assert (closed.closed_on, closed.purged, closed.invited, closed.used) == (TODAY, True, 4, 3)
    after = of_wave(wave)
    assert sorted(row.answers["safe_by_day"] for row in after) == ["fairly_safe", "very_safe", "very_unsafe"]
    assert {row.fingerprint for row in after} == {None}
    assert not before & {row.id for row in after}, "no id is an old one"
    assert of_wave(wave, Invitation) == []


def test_closing_one_wave_leaves_the_others_alone(either_app, noise):
    before = {(row.id, row.fingerprint) for row in of_wave(noise)}
    close_wave(store_wave(letters=2).code, today=TODAY)
    assert {(row.id, row.fingerprint) for row in of_wave(noise)} == before
    assert len(of_wave(noise, Invitation)) == 3


def test_answers_of_more_than_one_handful_are_all_kept(either_app, noise, monkeypatch):
    monkeypatch.setattr("citizen_portal.surveys.closing.ROWS_AT_ONCE", 7)
    wave = store_wave()
    for number in range(30):
        answer(either_app, wave, None, "very_safe", key=f"key {number}")
    close_wave(wave.code, today=TODAY)
    assert len(of_wave(wave)) == 30


def test_a_set_aside_answer_stays_set_aside_in_its_language(either_app, noise):
    wave = store_wave()
    with unit_of_work() as session:
        session.add(
            AnswerSet(
                wave_code=wave.code, questionnaire_digest=wave.questionnaire.digest, language="ar",
                answers={"years": 7, "words": ["a", "b"]}, quarantine_reason="too many",
            )
        )  # fmt: skip
    close_wave(wave.code, today=TODAY)
    (kept,) = of_wave(wave)
    assert (kept.language, kept.quarantine_reason) == ("ar", "too many")
    assert kept.answers == {"years": 7, "words": ["a", "b"]}


def test_closing_again_changes_nothing(either_app, noise):
    wave = store_wave(letters=2)
    answer(either_app, wave, wave.codes[0], "very_safe")
    close_wave(wave.code, today=TODAY)
    before = [row.id for row in of_wave(wave)]
    again = close_wave(wave.code, today=TOMORROW)
    assert (again.closed_on, again.invited, again.used) == (TODAY, 2, 1)
    assert [row.id for row in of_wave(wave)] == before


def test_there_is_no_closing_a_wave_that_is_not_there(either_app):
    with pytest.raises(WaveRefused, match="no wave"):
        close_wave("none", today=TODAY)


def test_an_answer_after_the_close_is_refused(either_app, noise):
    wave = store_wave(letters=2)
    close_wave(wave.code, today=TODAY)
    with pytest.raises(WaveNotOpen):
        answer(either_app, wave, wave.codes[0], "very_safe")


def test_no_clock_that_is_set_back_opens_a_closed_wave_again(either_app):
    wave = store_wave(closes_on=YESTERDAY)
    close_wave(wave.code, today=TODAY)
    with pytest.raises(WaveNotOpen):
        answer(either_app, wave, None, "very_safe", today=DAY_BEFORE)


def test_a_close_waits_for_the_answer_that_is_coming_in_and_keeps_it(either_app, noise):
    wave = store_wave()

    def close_it() -> bool:
        with either_app.app_context():
            return close_wave(wave.code, today=TODAY).purged

    with ThreadPoolExecutor(1) as another:
        with unit_of_work() as session:
            draft = Draft(wave.code, "sv", {"safe_by_day": "very_safe"}, ())
            submission = Submission.of(draft.content(), key="late", seconds=0)
            receive(session, draft, submission, secret=b"s" * 32, today=TODAY, quarantine=None)
            closing_it = another.submit(close_it)
            with pytest.raises(TimeoutError):
                closing_it.result(timeout=0.5)
        assert closing_it.result(timeout=20)
    assert len(of_wave(wave)) == 1


def test_of_answers_that_race_with_the_close_those_acknowledged_are_stored_and_no_others(either_app, noise):
    wave = store_wave(letters=24)

    def send(code: str) -> bool:
        with either_app.app_context():
            try:
                answer(either_app, wave, code, "very_safe", key=code)
            except (WaveNotOpen, CodeRefused):
                return False
            return True

    def close_it() -> None:
        with either_app.app_context():
            close_wave(wave.code, today=TODAY)

    with ThreadPoolExecutor(6) as people:
        sent = [people.submit(send, code) for code in wave.codes[:12]]
        closed = people.submit(close_it)
        sent += [people.submit(send, code) for code in wave.codes[12:]]
        acknowledged = sum(one.result(timeout=30) for one in sent)
        closed.result(timeout=30)
    assert len(of_wave(wave)) == acknowledged
    db.session.rollback()
    assert queries.wave(db.session(), wave.code).used == acknowledged


def test_what_a_crash_left_undone_is_finished_by_the_night(either_app, noise, monkeypatch):
    wave = store_wave(letters=3)
    answer(either_app, wave, wave.codes[0], "very_safe")

    def no_more(*_tables) -> None:
        raise StorageUnavailable("the machine stopped")

    with monkeypatch.context() as patch:
        patch.setattr("citizen_portal.surveys.closing.rewrite", no_more)
        with pytest.raises(StorageUnavailable):
            close_wave(wave.code, today=TODAY)
    db.session.rollback()
    assert not queries.wave(db.session(), wave.code).purged
    answer_of = either_app.test_cli_runner().invoke(cli, ["housekeeping"])
    assert f"Waves closed: {wave.code}" in answer_of.output
    db.session.rollback()
    done = queries.wave(db.session(), wave.code)
    assert (done.purged, done.invited, done.used, len(of_wave(wave))) == (True, 3, 1, 1)


def test_the_night_closes_waves_whose_last_day_has_passed_and_no_others(either_app):
    for code, closes_on in {"ended": YESTERDAY, "today": TODAY}.items():
        store_wave(code, letters=2, closes_on=closes_on)
    assert "Waves closed: ended\n" in either_app.test_cli_runner().invoke(cli, ["housekeeping"]).output
    left = {wave.code: (wave.purged, wave.closed_on) for wave in queries.waves(db.session())}
    assert left == {"ended": (True, YESTERDAY), "today": (False, None)}
    assert count(Invitation) == 2
    assert "Waves closed: none\n" in either_app.test_cli_runner().invoke(cli, ["housekeeping"]).output


def test_the_night_gives_open_waves_new_ids_and_forgets_fingerprints_that_hold_a_time(either_app):
    wave = store_wave()
    answer(either_app, wave, None, "very_safe")
    answer(either_app, wave, None, "fairly_safe", key="one")
    before = {row.id for row in rows(AnswerSet)}
    assert f"shuffled: {wave.code}" in either_app.test_cli_runner().invoke(cli, ["housekeeping"]).output
    after = {row.answers["safe_by_day"]: row.fingerprint is None for row in rows(AnswerSet)}
    assert after == {"very_safe": True, "fairly_safe": False}
    assert not before & {row.id for row in rows(AnswerSet)}
    answer(either_app, wave, None, "fairly_safe", key="one")
    assert count(AnswerSet) == 2, "a retry with the key of its page still finds its answers"


def test_a_code_that_was_used_before_the_night_stays_used(either_app):
    wave = store_wave(letters=2)
    answer(either_app, wave, wave.codes[0], "very_safe")
    either_app.test_cli_runner().invoke(cli, ["housekeeping"])
    with pytest.raises(CodeRefused):
        answer(either_app, wave, wave.codes[0], "very_safe")
    answer(either_app, wave, wave.codes[1], "very_safe")
    assert count(AnswerSet) == 2


def test_a_wave_is_not_called_purged_while_somebody_still_reads_what_was_there(app):
    wave = store_wave(letters=2)
    file = app.config["PORTAL_SETTINGS"].data_dir / "portal.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM invitation").fetchone()
        answer_of = app.test_cli_runner().invoke(cli, ["survey", "close", wave.code])
    assert answer_of.exit_code == 1
    assert "not wholly closed" in answer_of.output
    assert "2 letters were used" in app.test_cli_runner().invoke(cli, ["survey", "close", wave.code]).output
