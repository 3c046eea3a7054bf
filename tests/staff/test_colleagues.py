"""Two colleagues and a resident at once: nobody undoes, answers or skips what they have not seen."""

import re

import pytest

from citizen_portal.reports.models import ReportMessage, ReportMove
from citizen_portal.reports.queries import PER_PAGE
from citizen_portal.staff.models import AuditEntry
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.architecture.test_routes import ACCESS, STAFF, every_request
from tests.conftest import PASSWORD, forget_attempts, store_account
from tests.staff.test_inbox import links_on
from tests.steps import alerts, count, in_words, reports, rows, seen_on, send

REFUSED_AS_STALE = 409


@pytest.fixture
def colleague(app, staff_client):
    """Another member of staff, logged in beside the first."""
    store_account("colleague")
    client = app.test_client()
    client.post("/staff/login", data={"username": "colleague", "password": PASSWORD})
    return client


@pytest.fixture
def desk(client, noise, staff_client):
    """The address of one report and its receipt."""
    receipt = send(client, description="En av många.")
    [report] = [each for each in reports() if each.description == "En av många."]
    return f"/staff/reports/{report.id}", receipt


def moves_of(address):
    return [move.to_status for move in rows(ReportMove) if str(move.report_id) in address]


def messages_of(address):
    return [message.body for message in rows(ReportMessage) if str(message.report_id) in address]


def test_a_stale_page_does_not_undo_what_a_colleague_did(desk, staff_client, colleague):
    address, _receipt = desk
    seen = seen_on(staff_client.get(address).text)
    colleague.post(f"{address}/move", data={"to_status": "fixed", "public_note": "Lampan lyser igen.", "seen": seen})
    audited = count(AuditEntry)
    mine = {"to_status": "reading", "public_note": "Vi tittar.", "seen": seen}
    answer = staff_client.post(f"{address}/move", data=mine)
    assert answer.status_code == REFUSED_AS_STALE
    assert "Lampan lyser igen." in alerts(answer.text)
    assert "Vi tittar.</textarea>" in answer.text
    assert (moves_of(address), count(AuditEntry)) == (["fixed"], audited)
    # Pressed again, on the page that shows the colleague's move, it is meant.
    again = staff_client.post(f"{address}/move", data={**mine, "seen": seen_on(answer.text)})
    assert (again.status_code, sorted(moves_of(address))) == (302, ["fixed", "reading"])


@pytest.mark.parametrize("claims", [{}, {"seen": ""}, {"seen": "x"}, {"seen": "-1-0"}, {"seen": "9" * 400}])
def test_a_post_that_does_not_say_what_it_saw_saw_nothing(desk, staff_client, claims):
    address, _receipt = desk
    assert staff_client.post(f"{address}/move", data={"to_status": "planned", **claims}).status_code == 302
    assert staff_client.post(f"{address}/move", data={"to_status": "fixed", **claims}).status_code == REFUSED_AS_STALE
    assert moves_of(address) == ["planned"]


def test_a_message_that_came_while_staff_wrote_is_shown_before_the_answer_is_sent(desk, client, staff_client):
    address, receipt = desk
    seen = seen_on(staff_client.get(address).text)
    client.post("/sv/follow/message", data={"receipt": receipt, "message": "Det har hänt igen."})
    answer = staff_client.post(f"{address}/answer", data={"body": "Tack.", "submission_key": "k", "seen": seen})
    assert answer.status_code == REFUSED_AS_STALE
    assert "Det har hänt igen." in alerts(answer.text)
    assert "Tack.</textarea>" in answer.text
    assert messages_of(address) == ["Det har hänt igen."]
    staff_client.post(f"{address}/answer", data={"body": "Vi kommer.", "seen": seen_on(answer.text)})
    assert sorted(messages_of(address)) == ["Det har hänt igen.", "Vi kommer."]


@pytest.mark.parametrize(
    ("step", "typed", "kept"),
    [
        ("move", {"to_status": "planned", "body": "Halvskrivet svar"}, "Halvskrivet svar"),
        ("answer", {"body": "Tack.", "to_status": "planned", "public_note": "Halvskriven rad"}, "Halvskriven rad"),
    ],
)
def test_what_is_half_written_beside_it_stays_on_the_page(desk, staff_client, step, typed, kept):
    address, _receipt = desk
    answer = staff_client.post(f"{address}/{step}", data=typed)
    assert answer.status_code == 200
    assert f"{kept}</textarea>" in answer.text
    assert (len(moves_of(address)), len(messages_of(address))) == ((1, 0) if step == "move" else (0, 1))
    # The page that keeps it has seen what was just done.
    other = {"move": "answer", "answer": "move"}[step]
    assert staff_client.post(f"{address}/{other}", data={**typed, "seen": seen_on(answer.text)}).status_code in {
        200,
        302,
    }
    assert (len(moves_of(address)), len(messages_of(address))) == (1, 1)


def test_every_form_about_a_report_says_what_it_saw(app, desk, staff_client):
    """A new form of the workplace about a report is held to this without a line here."""
    about_a_report = [
        (endpoint, address)
        for endpoint, (_method, address) in every_request(app, "POST")
        if ACCESS[endpoint] == STAFF and "/reports/" in address
    ]
    assert len(about_a_report) >= 2
    for endpoint, address in about_a_report:
        page = staff_client.get(address.rpartition("/")[0]).text
        typed = {"to_status": "fixed", "public_note": endpoint, "body": endpoint, "seen": seen_on(page)}
        with unit_of_work() as session:
            session.add(_a_message_to(address, endpoint))
        before = count(ReportMove), count(ReportMessage), count(AuditEntry)
        assert staff_client.post(address, data=typed).status_code == REFUSED_AS_STALE, endpoint
        assert (count(ReportMove), count(ReportMessage), count(AuditEntry)) == before, endpoint


def _a_message_to(address, words):
    [report] = [each for each in reports() if str(each.id) in address]
    position = len([each for each in rows(ReportMessage) if each.report_id == report.id]) + 1
    return ReportMessage(
        report_id=report.id, position=position, sent_on=report.received_on, from_staff=False, body=words
    )


def waiting(staff, query):
    """Every report of the list, page by page, as the links lead."""
    address, found = f"/staff/?{query}", []
    while address:
        page = staff.get(address).text
        found += links_on(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = older and older[1].replace("&amp;", "&")
    return found


@pytest.mark.parametrize("way", ["links", "page numbers"])
def test_whoever_handles_a_page_and_goes_on_to_the_next_has_seen_every_report(app, client, staff_client, way):
    for number in range(2 * PER_PAGE + 20):
        forget_attempts(app)  # or many from one network would be set aside
        send(client, description=f"rapport {in_words(number)}")
    all_waiting = set(waiting(staff_client, "status=received"))
    assert len(all_waiting) == 2 * PER_PAGE + 20
    first = staff_client.get("/staff/?status=received").text
    shown = set(links_on(first))
    for address in links_on(first)[:30]:
        staff_client.post(f"{address}/move", data={"to_status": "reading"})
    if way == "links":
        shown |= set(
            waiting(staff_client, re.search(r'rel="next" href="/staff/\?([^"]+)"', first)[1].replace("&amp;", "&"))
        )
    else:
        for number in (2, 3):
            shown |= set(links_on(staff_client.get(f"/staff/?status=received&page={number}").text))
    assert shown == all_waiting


def test_the_way_back_to_newer_reports_shows_the_same_pages(noise, staff_client):
    first = staff_client.get("/staff/").text
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    newer = re.search(r'rel="prev" href="([^"]+)"', staff_client.get(older).text)[1].replace("&amp;", "&")
    assert links_on(staff_client.get(newer).text) == links_on(first)


@pytest.mark.parametrize(
    "place", ["", "x", "2026-03-14", "2026-03-14.x", ".", "2026-99-99.00000000-0000-0000-0000-000000000000"]
)
def test_a_place_that_is_none_shows_the_beginning(noise, staff_client, place):
    assert links_on(staff_client.get("/staff/", query_string={"older_than": place}).text) == links_on(
        staff_client.get("/staff/").text
    )
