"""The inbox: the reports asked for, newest first, fifty to a page, and nothing else."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from citizen_portal.reports.models import Report
from citizen_portal.reports.queries import PER_PAGE, ReportFilter, page_of_reports, report_with_everything
from citizen_portal.reports.receipts import Submission
from citizen_portal.reports.submit import submit
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.steps import DAY, answer_as_staff, draft, in_words, reports, send


def store(number: int, received: date, **changes) -> None:
    one = draft(description=f"Nummer {in_words(number)}", **changes)
    submission = Submission.of(one.content(), key=str(number), seconds=0)
    with unit_of_work() as session:
        submit(session, one, submission, secret=b"s" * 32, today=received, quarantine=None)


def days_on(page: str) -> list[str]:
    return re.findall(r'<td role="cell"><time datetime="([^"]+)">', page)


def links_on(page: str) -> list[str]:
    return re.findall(r'<td role="cell"><a href="(/staff/reports/[^"]+)">', page)


def as_filtered(**wanted: str) -> set[str]:
    """Addresses of the stored reports with these values, picked without the filter."""
    found = [report for report in reports() if all(getattr(report, name) == wanted[name] for name in wanted)]
    return {f"/staff/reports/{report.id}" for report in found}


@pytest.mark.parametrize(
    "wanted",
    [
        {"area": "centrum"},
        {"theme": "poor_light"},
        {"status": "planned"},
        {"area": "runby", "status": "received"},
        {"area": "centrum", "theme": "drugs", "status": "reading"},
    ],
    ids=str,
)
def test_a_filter_lists_every_report_it_asks_for_and_no_other(noise, staff_client, wanted):
    page = staff_client.get("/staff/", query_string=wanted).text
    assert set(links_on(page)) == as_filtered(**wanted)
    assert len(links_on(page)) < len(reports())


@pytest.mark.parametrize(("asked", "marked"), [("", []), ("?status=planned", ["/staff/?status=planned"])])
def test_the_state_that_is_shown_is_marked_among_the_counts(noise, staff_client, asked, marked):
    page = staff_client.get(f"/staff/{asked}").text
    assert re.findall(r'<a href="([^"]+)" aria-current="true"><b>', page) == marked


def test_an_unknown_filter_finds_nothing_and_says_so(noise, staff_client):
    for wanted in ({"area": "atlantis"}, {"theme": "' OR 1=1 --"}, {"status": "x" * 5000}):
        answer = staff_client.get("/staff/", query_string=wanted)
        assert (answer.status_code, links_on(answer.text)) == (200, [])


def test_the_newest_day_comes_first(noise, staff_client):
    days = days_on(staff_client.get("/staff/").text)
    assert len(days) == PER_PAGE
    assert days == sorted(days, reverse=True)


def test_pages_hold_every_report_once(noise, staff_client):
    page = staff_client.get("/staff/").text
    first, older = links_on(page), re.search(r'rel="next" href="([^"]+)"', page)[1]
    second = links_on(staff_client.get(older.replace("&amp;", "&")).text)
    assert len(first) == PER_PAGE
    assert len(set(first + second)) == len(first + second) == len(reports())


def test_the_links_to_other_pages_keep_the_filter(noise, staff_client):
    for number in range(PER_PAGE + 1):
        store(number, DAY, theme="parking")
    page = staff_client.get("/staff/?theme=parking").text
    older = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert 'rel="prev"' not in page
    assert len(links_on(staff_client.get(older).text)) == 1
    assert 'rel="next"' not in staff_client.get(older).text


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "9" * 40, "1.5"])
def test_a_page_that_is_none_is_no_fault(staff_client, page):
    assert staff_client.get("/staff/", query_string={"page": page}).status_code == 200


def test_within_a_day_the_order_tells_nothing_of_who_came_first(app):
    for number in range(12):
        store(number, DAY)
    listed = [report.description for report in page_of_reports(db.session(), ReportFilter()).reports]
    assert listed != [f"Nummer {in_words(number)}" for number in range(12)]
    assert sorted(listed) == sorted(f"Nummer {in_words(number)}" for number in range(12))


def test_a_report_that_was_set_aside_is_counted_and_listed(staff_client, client):
    send(client, website="https://spam.example")
    page = staff_client.get("/staff/").text
    assert 'data-status="quarantined"' in page
    assert "/staff/?status=quarantined" in page


def test_a_message_that_nobody_has_answered_is_marked_until_somebody_does(staff_client, client):
    client.post("/sv/follow/message", data={"receipt": send(client), "message": "Hallå?"})
    waiting = staff_client.get("/staff/").text
    with unit_of_work() as session:
        found = report_with_everything(session, session.scalar(select(Report.id)), to_change=True)
        answer_as_staff(session, found, "Vi ser det.")
    assert '<b class="tag">' in waiting
    assert '<b class="tag">' not in staff_client.get("/staff/").text


def test_words_of_a_resident_are_shown_as_words_and_never_run(staff_client, client):
    send(client, description="<script>alert(1)</script>", place_text="<b>x")
    page = staff_client.get("/staff/").text + staff_client.get(links_on(staff_client.get("/staff/").text)[0]).text
    assert "<script>alert" not in page
    assert "<b>x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_yesterday_s_reports_come_after_today_s(staff_client):
    store(1, DAY - timedelta(days=1))
    store(2, DAY)
    assert days_on(staff_client.get("/staff/").text) == [str(DAY), str(DAY - timedelta(days=1))]
