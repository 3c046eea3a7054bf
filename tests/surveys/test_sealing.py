"""Answers of the day lie sealed until the night, and a stolen database says at most which letters came back."""

import pytest
from sqlalchemy import update

from citizen_portal.cli import cli
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.surveys import queries
from citizen_portal.surveys.closing import close_wave
from citizen_portal.surveys.models import AnswerSet, Invitation, SealedAnswerSet
from citizen_portal.surveys.sealing import STEP_BYTES, ensure_answer_key, key_file
from tests.calendar_day import the_day
from tests.steps import count, rows
from tests.surveys import attacker
from tests.waves import store_wave

PEOPLE = 40
# Of forty people in random order, tau has a standard deviation of 0.11.
MORE_THAN_CHANCE = 0.55


class Day:
    """Forty people, who answered by letter in the order of their letters, and sixteen by an open link."""

    def __init__(self, app) -> None:
        ensure_answer_key()
        self.app, self.client = app, app.test_client(use_cookies=False)
        self.wave, self.open_link = store_wave("by-letter", letters=PEOPLE), store_wave("open-to-all")
        self.words = [f"sealed {number:02} " + "had more and more to say " * number for number in range(PEOPLE)]
        for number, words in enumerate(self.words):
            assert self.send(self.wave.code, words, code=self.wave.codes[number]).status_code == 200
        for number in range(16):
            assert self.send(self.open_link.code, f"by link {number:02}").status_code == 200

    def send(self, wave, words, **fields):
        form = {"something_else": words, "submission_key": f"a key for {words}", **fields}
        return self.client.post(f"/sv/survey/{wave}", data=form)

    def night(self):
        return self.app.test_cli_runner().invoke(cli, ["housekeeping"])

    @property
    def stored(self) -> set[str]:
        return {row.answers["something_else"] for row in rows(AnswerSet) if row.wave_code == self.wave.code}


@pytest.fixture
def day(either_app):
    """A day of answers, before its night."""
    return Day(either_app)


def test_during_the_day_no_file_and_no_log_of_the_server_holds_a_word_of_an_answer(day):
    marks = [words[:9].encode() for words in day.words] + [b"by link"]
    assert attacker.found_in(attacker.server_files(), marks) == []
    assert count(SealedAnswerSet) == PEOPLE + 16
    assert all(letter.used for letter in rows(Invitation)), "which letters came back is what can be read"


def test_the_length_of_what_is_sealed_says_nothing_of_what_was_written(day):
    assert len({len(row.sealed) for row in rows(SealedAnswerSet)}) == 1
    assert STEP_BYTES < len(rows(SealedAnswerSet)[0].sealed) < STEP_BYTES + 100


def test_the_night_opens_them_out_of_order_and_leaves_nothing_that_was_beside_a_letter(day):
    sealed = rows(SealedAnswerSet)
    gone = [row.sealed[:64] for row in sealed] + [row.id.bytes for row in sealed]
    gone += [row.fingerprint for row in sealed if row.wave_code == day.wave.code]
    db.session.rollback()
    assert day.night().exit_code == 0
    assert (count(SealedAnswerSet), day.stored) == (0, {words.strip() for words in day.words})
    assert attacker.found_in(attacker.database_files(), gone) == []
    order = attacker.order_in_the_table(
        "answer_set", "answers->>'something_else'", [words.strip() for words in day.words]
    )
    assert abs(order) < MORE_THAN_CHANCE


def test_what_is_sent_twice_is_stored_once_before_the_night_and_after_it(day):
    again = day.send(day.wave.code, day.words[3], code=day.wave.codes[3])
    assert (again.status_code, "sealed 03" in again.text) == (200, True)
    assert day.send(day.open_link.code, "by link 03").status_code == 200
    assert count(SealedAnswerSet) == PEOPLE + 16
    day.night()
    assert day.send(day.open_link.code, "by link 03").status_code == 200
    assert day.send(day.wave.code, day.words[3], code=day.wave.codes[3]).status_code == 410
    assert (count(AnswerSet), count(SealedAnswerSet)) == (PEOPLE + 16, 0)


def test_staff_see_how_many_have_answered_before_the_night_as_after_it(day):
    before = queries.answers_per_wave(db.session())
    day.night()
    assert before == queries.answers_per_wave(db.session()) == {"by-letter": (PEOPLE, 0), "open-to-all": (16, 0)}


def test_closing_opens_what_lies_sealed_first(day):
    wave = close_wave(day.wave.code, today=the_day())
    assert (wave.purged, wave.used, len(day.stored)) == (True, PEOPLE, PEOPLE)


def test_without_the_key_nothing_is_lost_and_the_check_says_what_waits(day):
    lost = key_file().rename(key_file().with_suffix(".lost"))
    assert day.night().exit_code == 1
    with pytest.raises(StorageUnavailable):
        close_wave(day.wave.code, today=the_day())
    assert day.send(day.wave.code, "too late", code=day.wave.codes[0]).status_code == 410
    said = day.app.test_cli_runner().invoke(cli, ["check"]).output
    assert f"UNSOUND  {key_file()} is not there or another's: {PEOPLE + 16} sealed answers wait" in said
    lost.rename(key_file())
    assert day.night().exit_code == 0
    assert (len(day.stored), count(SealedAnswerSet)) == (PEOPLE, 0)


def test_when_the_key_is_lost_for_good_its_answers_are_given_up_by_name_and_the_nights_go_on(day):
    run = day.app.test_cli_runner().invoke
    give_up = ["survey", "give-up-sealed"]
    assert "nothing is lost" in run(cli, give_up).output
    day.night()
    assert day.send(day.open_link.code, "by link, after the night").status_code == 200
    key_file().unlink()
    assert run(cli, give_up, input="n\n").exit_code == 1
    assert count(SealedAnswerSet) == 1, "nothing is given up unasked"
    said = run(cli, give_up, input="y\n")
    assert said.exit_code == 0
    assert "open-to-all: 1 answers that nobody can read" in said.output
    assert day.send(day.open_link.code, "by link, to the new key").status_code == 200
    assert day.night().exit_code == 0
    assert "UNSOUND" not in run(cli, ["check"]).output
    assert {row.answers["something_else"] for row in rows(AnswerSet) if row.wave_code == day.open_link.code} == {
        *(f"by link {number:02}" for number in range(16)), "by link, to the new key",
    }  # fmt: skip


def test_a_spoiled_answer_stays_sealed_and_keeps_none_of_the_others(day):
    spoiled = rows(SealedAnswerSet)[0].id
    with unit_of_work() as session:
        session.execute(update(SealedAnswerSet).where(SealedAnswerSet.id == spoiled).values(sealed=b"spoiled"))
    assert day.night().exit_code == 0
    assert [row.id for row in rows(SealedAnswerSet)] == [spoiled]
    assert count(AnswerSet) == PEOPLE + 15


def test_the_key_is_made_once_for_its_owner_alone_and_is_in_no_table(day):
    made = key_file().read_text()
    ensure_answer_key()
    assert key_file().read_text() == made
    assert key_file().stat().st_mode & 0o077 == 0
    files = {name: content for name, content in attacker.database_files().items() if name != key_file().name}
    assert attacker.found_in(files, [bytes.fromhex(made)]) == []
