"""Where numbers come from, and why some are missing: in the public document, and one fold away on the page."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from citizen_portal.baseline.words import why_hidden
from citizen_portal.municipality.installed import installed
from citizen_portal.reports.models import Report
from citizen_portal.statistics.disclosure import PROTECTS, SOME_TOO_FEW, TOO_FEW, WEAK
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.baseline.test_freezing import computed, public
from tests.published_documents import PERCENT, RATE, document, indicator, store, value
from tests.snapshots import AFTER, BASELINE_CODE, FOLLOW_UP_CODE, PEOPLE, YEARS, store_closed_wave
from tests.steps import report_row


def test_the_document_says_how_people_were_asked_and_how_answers_weigh(snapshots):
    survey = public(FOLLOW_UP_CODE)["survey"]
    done = survey["fieldwork"]
    assert (done["from"], done["to"], done["days"], done["answers"]) == ("2026-03-01", "2026-03-31", 31, PEOPLE)
    assert survey["weighting"]["design_effect"] >= 1
    assert survey["population_year"] == 2025


def test_every_share_brings_the_words_of_its_question_and_what_could_have_been_seen(snapshots):
    for each in public(FOLLOW_UP_CODE)["indicators"]:
        if each["unit"] == PERCENT:
            assert each["question"]["wording"]["sv"]
            assert any(choice["counted"] for choice in each["question"]["choices"])
            if each["values"][0]["shown"]:
                width = each["values"][0]["high"] - each["values"][0]["low"]
                assert width / 2 < each["smallest_change"]["everyone"] < 4 * width
        else:
            assert (each["question"], each["smallest_change"]) == (None, None)


def test_whatever_is_hidden_says_why_and_whatever_is_shown_does_not(snapshots):
    for code in (BASELINE_CODE, FOLLOW_UP_CODE):
        found = public(code)
        for each in found["indicators"]:
            for one in each["values"]:
                assert (one["reason"] is None) == one["shown"], one
        for table in found["reports"]:
            assert list(table["reasons"]) == table["hidden"]


def test_a_table_that_shows_no_group_gives_each_the_same_reason(snapshots):
    """Which of them is small would tell of it, where everyone's number stands beside them."""
    for each in public(FOLLOW_UP_CODE)["indicators"]:
        for by in ("area", "sex", "age"):
            values = [one for one in each["values"] if one["by"] == by]
            if each["unit"] == PERCENT and values and not any(one["shown"] for one in values):
                assert {one["reason"] for one in values} == {SOME_TOO_FEW}


def test_the_page_has_it_one_fold_away(client, snapshots):
    page = client.get("/en/results").text
    for words in ("How people were asked", "Design effect of the weights", "How it was asked", "The question:",
                  "The smallest change that would have been seen"):  # fmt: skip
        assert words in page


def test_what_was_not_asked_is_called_that_and_not_too_few(client, app):
    first = installed().municipality.agreement.indicators[0]
    earlier = document("2024", indicator("another", value(50, 45, 55)))
    later = document("2026", indicator(first.code, value(50, 45, 55)))
    later["missing"] = ["safe_by_day"]
    store(earlier, later)
    page = client.get("/en/results").text
    assert "Not asked in this survey: Feel safe out alone in their area during the day" in page
    assert page.count("Not asked in this survey.") == 1, "the line of 2024 in the history of the indicator"


@pytest.mark.parametrize("unit", [PERCENT, RATE])
def test_each_reason_has_a_sentence_of_its_own(app, unit):
    with app.test_request_context("/en/results"):
        said = [why_hidden(reason, unit) for reason in (TOO_FEW, PROTECTS, WEAK, SOME_TOO_FEW, "not_asked")]
    assert len(set(said)) == len(said)


def test_reports_stand_under_what_has_been_reported_and_not_under_a_goal(client, snapshots):
    page = client.get("/en/results").text
    goals, told = page.split('id="reports">')
    assert 'id="safe_after_dark"' in goals
    assert 'id="unsafe_reports"' not in goals
    assert 'id="unsafe_reports"' in told
    assert "It is no measure of how safe it is" in told
    assert 'id="unsafe_reports"' not in client.get("/en/agreement").text


def test_intervals_of_rates_are_of_the_spread_of_the_months(snapshots):
    rates = [
        one
        for each in public(FOLLOW_UP_CODE)["indicators"]
        if each["unit"] == RATE
        for one in each["values"]
        if one["shown"]
    ]
    assert rates
    assert {one["interval"] for one in rates} == {"quasi-poisson"}
    assert all(one["low"] < one["value"] < one["high"] for one in rates)


def test_a_portal_younger_than_the_period_counts_only_its_own_time(app):
    store_closed_wave(AFTER, people=60)
    first = YEARS[AFTER].to_day - timedelta(days=59)
    with unit_of_work() as session:
        session.execute(
            insert(Report),
            [report_row(theme="poor_light", area="centrum", received_on=first + timedelta(days=n)) for n in range(60)],
        )
    figures = computed(AFTER).baseline.figures_of("unsafe_reports").figures
    residents = installed().municipality.population.margins["area"]
    assert figures[0].exposure == pytest.approx(sum(residents.values()) / 1000 * 60 / 365.25)
