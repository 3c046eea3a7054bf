"""A school answers: what was set aside is shown, and staff count it in or leave it out, on record."""

import pytest

from citizen_portal.staff.models import AuditEntry
from citizen_portal.storage.engine import db
from citizen_portal.surveys import queries
from citizen_portal.surveys.review import set_aside
from citizen_portal.web.suspicion import MANY_FROM_ONE_ADDRESS, MOST_UNSUSPECTED
from tests.conftest import PASSWORD, store_account
from tests.steps import alerts, rows, seen_on
from tests.waves import store_wave

PUPILS = 100
ASIDE = PUPILS - MOST_UNSUSPECTED


@pytest.fixture
def school(either_app):
    """An open wave that a hundred pupils behind one address have answered, and a member of staff."""
    wave = store_wave("open-to-all")
    pupil = either_app.test_client(use_cookies=False)
    for number in range(PUPILS):
        answers = {"submission_key": f"key-{number}", "safe_by_day": "very_safe"}
        assert pupil.post(f"/sv/survey/{wave.code}", data=answers).status_code == 200
    store_account("tester")
    staff = either_app.test_client()
    staff.post("/staff/login", data={"username": "tester", "password": PASSWORD})
    return wave.code, staff


def in_figures(wave_code):
    db.session.rollback()
    return len(list(queries.answers_that_count(db.session(), wave_code)))


def decide(staff, wave_code, decision, seen=None):
    if seen is None:
        seen = seen_on(staff.get(f"/staff/waves/{wave_code}").text)
    posted = {"reason": MANY_FROM_ONE_ADDRESS, "decision": decision, "seen": seen}
    return staff.post(f"/staff/waves/{wave_code}/set-aside", data=posted)


def test_what_was_set_aside_counts_when_staff_say_so_and_no_longer_when_they_take_it_back(school):
    wave_code, staff = school
    assert in_figures(wave_code) == MOST_UNSUSPECTED
    assert "Räkna med dem" in staff.get(f"/staff/waves/{wave_code}").text
    for decision, counted in (("counted", PUPILS), ("undecided", MOST_UNSUSPECTED), ("left_out", MOST_UNSUSPECTED)):
        assert decide(staff, wave_code, decision).status_code == 302
        assert in_figures(wave_code) == counted
        assert queries.answers_per_wave(db.session())[wave_code] == (counted, PUPILS - counted)
        chose = queries.answers_per_choice(db.session(), wave_code, "safe_by_day")
        assert chose == {"very_safe": counted}
        db.session.rollback()
    assert sorted(entry.detail for entry in rows(AuditEntry)) == [
        f"{decision}: {MANY_FROM_ONE_ADDRESS}" for decision in ("counted", "left_out", "undecided")
    ]


def test_a_decision_that_changes_nothing_is_not_written_down_twice(school):
    wave_code, staff = school
    for _time in range(2):
        decide(staff, wave_code, "counted")
    assert len(rows(AuditEntry)) == 1


def test_a_colleague_s_decision_is_shown_before_it_is_undone(school):
    wave_code, staff = school
    both_saw = seen_on(staff.get(f"/staff/waves/{wave_code}").text)
    decide(staff, wave_code, "counted", both_saw)
    answer = decide(staff, wave_code, "left_out", both_saw)
    assert answer.status_code == 409
    assert "kollega" in alerts(answer.text)
    assert (in_figures(wave_code), len(rows(AuditEntry))) == (PUPILS, 1)
    # Pressed again, on the page that shows the colleague's decision, it is meant.
    assert decide(staff, wave_code, "undecided", seen_on(answer.text)).status_code == 302
    assert in_figures(wave_code) == MOST_UNSUSPECTED


@pytest.mark.parametrize("seen", ["", "x", "0-0-0"])
def test_a_decision_that_does_not_say_what_it_saw_changes_nothing(school, seen):
    wave_code, staff = school
    assert decide(staff, wave_code, "counted", seen).status_code == 409
    assert in_figures(wave_code) == MOST_UNSUSPECTED


def test_what_comes_in_after_a_decision_is_undecided_again(school, either_app):
    wave_code, staff = school
    decide(staff, wave_code, "counted")
    late = {"submission_key": "late", "safe_by_day": "very_safe"}
    either_app.test_client(use_cookies=False).post(f"/sv/survey/{wave_code}", data=late)
    db.session.rollback()
    [told] = set_aside(db.session(), wave_code)
    assert (told.undecided, told.counted, told.left_out) == (1, ASIDE, 0)
    assert in_figures(wave_code) == PUPILS


@pytest.mark.parametrize("posted", [{}, {"decision": "counted"}, {"decision": "x", "reason": MANY_FROM_ONE_ADDRESS}])
def test_a_decision_that_is_none_changes_nothing(school, posted):
    wave_code, staff = school
    assert staff.post(f"/staff/waves/{wave_code}/set-aside", data=posted).status_code == 422
    assert in_figures(wave_code) == MOST_UNSUSPECTED
