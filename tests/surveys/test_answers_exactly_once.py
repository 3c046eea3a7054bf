"""One person's answers are stored once, whole, and with nothing that ties them to a letter."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.storage.types import random_id
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import queries
from citizen_portal.surveys.answers import CodeRefused, Draft, WaveNotOpen, receive
from citizen_portal.surveys.invitations import code_digest, new_code
from citizen_portal.surveys.models import INVITED, OPEN_LINK, AnswerSet, FrozenQuestionnaire, Invitation
from citizen_portal.surveys.reading import questionnaires_of
from citizen_portal.surveys.waves import open_wave
from citizen_portal.web.submission import Submission
from tests.steps import count, rows

SECRET = b"a secret of the tests"
TODAY = date(2026, 3, 14)
NOON = 1_000_000.0
ANSWERS = {"safe_after_dark": "fairly_safe", "area": "centrum"}


@pytest.fixture
def wave(either_app):
    """An open-link wave, and another wave with answers of its own beside it."""
    _open("noise", OPEN_LINK)
    _send(Draft("noise", "sv", {"area": "runby"}, ()), key="noise")
    return _open("wave", OPEN_LINK)


@pytest.fixture
def code(either_app):
    """The code of a letter in the wave ``letters``."""
    _open("letters", INVITED)
    code = new_code()
    with unit_of_work() as session:
        session.add(Invitation(wave_code="letters", letter=1, code_digest=code_digest(SECRET, code)))
    return code


def _open(code: str, sample: str) -> str:
    questionnaire = questionnaires_of(installed().municipality)[0]
    with unit_of_work() as session:
        open_wave(
            session, questionnaire, code=code, title=code, sample=sample,
            opens_on=TODAY, closes_on=TODAY + timedelta(days=30),
        )  # fmt: skip
    return code


def _send(draft: Draft, *, key: str = "", at: float = NOON, today: date = TODAY):
    submission = Submission.of(draft.content(), key=key, seconds=at)
    with unit_of_work() as session:
        return receive(session, draft, submission, secret=SECRET, today=today, quarantine=None)


def _by_letter(code: str) -> Draft:
    return Draft("letters", "sv", ANSWERS, (code_digest(SECRET, code),))


def _in_wave(wave: str) -> list[AnswerSet]:
    return [each for each in rows(AnswerSet) if each.wave_code == wave]


def test_answers_are_stored_as_they_were_sent(wave):
    assert _send(Draft(wave, "ar", ANSWERS, ()), key="one") == ANSWERS
    (stored,) = _in_wave(wave)
    assert (stored.answers, stored.language, stored.quarantine_reason) == (ANSWERS, "ar", None)


def test_a_retry_with_the_key_of_the_page_is_stored_once(wave):
    draft = Draft(wave, "sv", ANSWERS, ())
    assert _send(draft, key="one") == _send(draft, key="one", at=NOON + 86_400) == ANSWERS
    assert len(_in_wave(wave)) == 1


@pytest.mark.parametrize("key", ["one", ""], ids=["with a key", "without a key"])
def test_a_retry_in_another_language_is_stored_once(wave, key):
    for language in ("sv", "ar"):
        assert _send(Draft(wave, language, ANSWERS, ()), key=key) == ANSWERS
    (stored,) = _in_wave(wave)
    assert stored.language == "sv", "what came first is what is stored"


def test_a_retry_by_letter_in_another_language_shows_what_was_stored(code):
    _send(_by_letter(code), key="one")
    assert _send(Draft("letters", "ar", ANSWERS, (code_digest(SECRET, code),)), key="one") == ANSWERS
    assert len(_in_wave("letters")) == 1


def test_two_people_who_answer_alike_are_two(wave):
    for key in ("one", "two"):
        _send(Draft(wave, "sv", ANSWERS, ()), key=key)
    assert len(_in_wave(wave)) == 2


def test_without_a_key_a_double_tap_across_the_edge_of_a_window_is_one(wave):
    draft = Draft(wave, "sv", ANSWERS, ())
    _send(draft, at=599)
    _send(draft, at=601)
    (stored,) = _in_wave(wave)
    assert stored.fingerprint_is_timed


def test_a_code_works_once(code):
    _send(_by_letter(code), key="one")
    with pytest.raises(CodeRefused):
        _send(_by_letter(code), key="two")
    assert len(_in_wave("letters")) == 1


def test_a_retry_of_what_a_code_was_used_for_shows_what_was_stored(code):
    assert _send(_by_letter(code), key="one") == _send(_by_letter(code), key="one") == ANSWERS
    assert len(_in_wave("letters")) == 1


@pytest.mark.parametrize("keys", [["one"] * 6, ["1", "2", "3", "4", "5", "6"]], ids=["a double tap", "a shared letter"])
def test_six_sendings_at_once_of_one_code_are_one_answer_set(code, keys, either_app):
    def send(key: str) -> bool:
        with either_app.app_context():
            try:
                _send(_by_letter(code), key=key)
            except CodeRefused:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(6) as people:
        acknowledged = list(people.map(send, keys))
    assert len(_in_wave("letters")) == 1
    assert sum(acknowledged) == (6 if len(set(keys)) == 1 else 1)


@pytest.mark.parametrize(("key", "acknowledged"), [("one", True), ("two", False)])
def test_a_sending_that_waits_for_another_of_its_code_learns_what_became_of_it(code, key, acknowledged, either_app):
    def send_again() -> bool:
        with either_app.app_context():
            try:
                return _send(_by_letter(code), key=key) == ANSWERS
            except CodeRefused:
                return False
            finally:
                db.session.remove()

    draft = _by_letter(code)
    with ThreadPoolExecutor(1) as another:
        with unit_of_work() as session:
            submission = Submission.of(draft.content(), key="one", seconds=NOON)
            receive(session, draft, submission, secret=SECRET, today=TODAY, quarantine=None)
            waiting = another.submit(send_again)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        assert waiting.result(timeout=10) is acknowledged
    assert len(_in_wave("letters")) == 1


@pytest.mark.parametrize("why", ["of another wave", "unknown", "missing"])
def test_a_code_that_is_no_code_of_the_wave_stores_nothing(code, why):
    draft = {
        "of another wave": Draft(_open("other", INVITED), "sv", ANSWERS, (code_digest(SECRET, code),)),
        "unknown": _by_letter(new_code()),
        "missing": Draft("letters", "sv", ANSWERS, ()),
    }[why]
    with pytest.raises(CodeRefused):
        _send(draft, key="one")
    assert count(AnswerSet) == 0
    assert not queries.invitation(db.session(), (code_digest(SECRET, code),)).used


@pytest.mark.parametrize("days", [-1, 31], ids=["the day before it opens", "the day after it ends"])
def test_a_wave_takes_answers_on_its_days_only(wave, days):
    with pytest.raises(WaveNotOpen):
        _send(Draft(wave, "sv", ANSWERS, ()), key="one", today=TODAY + timedelta(days=days))
    assert _in_wave(wave) == []


def test_a_closed_wave_takes_no_answers(wave):
    with unit_of_work() as session:
        queries.wave(session, wave).closed_on = TODAY
    with pytest.raises(WaveNotOpen):
        _send(Draft(wave, "sv", ANSWERS, ()), key="one")


def test_what_is_stored_of_an_answer_does_not_depend_on_the_code(code):
    _send(_by_letter(code), key="one")
    (stored,) = _in_wave("letters")
    of_nobody = Submission.of(Draft("letters", "sv", ANSWERS, ()).content(), key="one", seconds=NOON)
    assert stored.fingerprint == of_nobody.fingerprints(SECRET)[0]


@pytest.mark.parametrize("first", [AnswerSet, Invitation])
def test_the_database_refuses_a_key_that_an_answer_and_an_invitation_share(code, first):
    shared = random_id()
    answer = AnswerSet(
        id=shared, wave_code="letters", language="sv", answers={},
        questionnaire_digest=queries.wave(db.session(), "letters").questionnaire_digest,
    )  # fmt: skip
    letter = Invitation(id=shared, wave_code="letters", letter=2, code_digest=b"2" * 32)
    pair = [answer, letter] if first is AnswerSet else [letter, answer]
    with unit_of_work() as session:
        session.add(pair[0])
    with pytest.raises(DBAPIError, match="share no key"), unit_of_work() as session:
        session.add(pair[1])


def test_the_database_refuses_to_change_an_answer_or_a_frozen_questionnaire(wave):
    _send(Draft(wave, "sv", ANSWERS, ()), key="one")
    with pytest.raises(DBAPIError, match="never changes"), unit_of_work() as session:
        session.get(AnswerSet, _in_wave(wave)[0].id).answers = {}
    with pytest.raises(DBAPIError, match="never changes"), unit_of_work() as session:
        session.execute(update(FrozenQuestionnaire).values(document="{}"))
