"""The desk: one report whole, its moves and answers, and an audit entry for each in the same commit."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from citizen_portal.reports import triage
from citizen_portal.reports.models import ReportMessage, ReportMove
from citizen_portal.reports.queries import report_with_everything
from citizen_portal.staff import audit
from citizen_portal.staff.models import AuditEntry, StaffAccount
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.database_troubles import locked
from tests.photo_makers import photo
from tests.steps import DAY, count, follow, reports, rows, seen_on, send

NOBODY_S = "/staff/reports/00000000-0000-0000-0000-000000000000"


@pytest.fixture
def desk(client, staff_client):
    """The address of the one report, its receipt, and the member of staff who works on it."""
    receipt = send(client, description="Mörkt & trångt.", unsafe="4", light="dark", reasons=["too_dark"])
    address = f"/staff/reports/{reports()[0].id}"
    return staff_client, address, receipt


def test_the_desk_shows_the_whole_report(desk):
    staff, address, _receipt = desk
    page = unescape(staff.get(address).text)
    for words in ("Mörkt & trångt.", "Väsby centrum", "Centrum"):
        assert words in page


def test_the_desk_says_how_exactly_a_place_is_kept_unless_there_are_only_words(client, staff_client):
    for place, said in (({"place_text": "tunneln"}, False), ({"place_text": "tunneln", "place": "marabou"}, True)):
        client.post("/sv/report", data={"theme": "drugs", **place})
        [report] = [each for each in reports() if each.place == place.get("place")]
        assert ("Gatan, inom ungefär 100 meter" in staff_client.get(f"/staff/reports/{report.id}").text) == said


def test_a_move_with_its_note_reaches_the_one_who_reported(desk, client):
    staff, address, receipt = desk
    answer = staff.post(f"{address}/move", data={"to_status": "fixed", "public_note": "Lampan är bytt."})
    page = follow(client, receipt).text
    assert (answer.status_code, answer.location) == (302, address)
    assert "Lampan är bytt." in page
    assert "Something has been done about it." in page


def test_an_answer_reaches_the_one_who_reported_without_a_name(desk, client):
    staff, address, receipt = desk
    staff.post(f"{address}/answer", data={"body": "Tack, vi åker dit."})
    page = follow(client, receipt).text
    assert "Tack, vi åker dit." in page
    assert "tester" not in page


def test_a_move_and_its_audit_entry_are_one_commit(desk):
    staff, address, _receipt = desk
    commits = []
    event.listen(db.engine, "commit", lambda _connection: commits.append(1))
    staff.post(f"{address}/move", data={"to_status": "planned"})
    [entry] = rows(AuditEntry)
    assert len(commits) == 1
    assert (entry.action, entry.detail, entry.report_id) == ("move", "planned", reports()[0].id)
    assert entry.staff_account_id == rows(StaffAccount)[0].id


def test_when_the_audit_entry_cannot_be_written_nothing_has_moved(desk, app):
    nobody = StaffAccount(id=999, username="nobody", password_hash="-")

    def move_in_nobody_s_name() -> None:
        report_id = reports()[0].id
        with unit_of_work() as session:
            report = report_with_everything(session, report_id, to_change=True)
            triage.move(session, report, "fixed", public_note="", today=DAY)
            audit.record(session, nobody, "move", today=DAY, report_id=report_id)

    with pytest.raises(IntegrityError):
        move_in_nobody_s_name()
    assert (reports()[0].status, count(ReportMove), count(AuditEntry)) == ("received", 0, 0)


def test_an_answer_leaves_an_audit_entry(desk):
    staff, address, _receipt = desk
    staff.post(f"{address}/answer", data={"body": "Tack."})
    assert [entry.action for entry in rows(AuditEntry)] == ["answer"]


@pytest.mark.parametrize("key", ["", "key-1"])
def test_an_answer_that_is_sent_twice_is_stored_once(desk, client, key):
    staff, address, receipt = desk
    for _ in range(2):
        answer = staff.post(f"{address}/answer", data={"body": "Tack, vi åker dit.", "submission_key": key})
        assert (answer.status_code, answer.location) == (302, address)
    assert follow(client, receipt).text.count("Tack, vi åker dit.") == 1
    assert (count(ReportMessage), count(AuditEntry)) == (1, 1)


def test_each_page_of_the_desk_has_a_key_of_its_own_so_the_same_words_can_be_meant_twice(desk):
    staff, address, _receipt = desk
    for _ in range(2):
        key = re.search(r'name="submission_key"[^>]* value="([0-9a-f]{32})"', staff.get(address).text)[1]
        seen = seen_on(staff.get(address).text)
        staff.post(f"{address}/answer", data={"body": "Tack.", "submission_key": key, "seen": seen})
    assert count(ReportMessage) == 2


def test_a_move_that_is_sent_twice_is_one_move(desk):
    staff, address, _receipt = desk
    for _ in range(2):
        answer = staff.post(f"{address}/move", data={"to_status": "fixed", "public_note": "Lampan är bytt."})
        assert answer.status_code == 302
    assert (count(ReportMove), count(AuditEntry)) == (1, 1)


def test_a_move_that_arrives_four_times_at_once_is_one_move(either_app):
    send(either_app.test_client(use_cookies=False))
    report_id = reports()[0].id

    def one_try(_number: int) -> bool:
        with either_app.app_context(), unit_of_work() as session:
            report = report_with_everything(session, report_id, to_change=True)
            return triage.move(session, report, "fixed", public_note="Lampan är bytt.", today=DAY)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(one_try, range(4))) == [False, False, False, True]
    assert count(ReportMove) == 1


def test_a_report_can_stay_where_it_is_and_still_get_a_new_note(desk):
    staff, address, _receipt = desk
    notes = {"Vi har beställt en lampa.", "Den kommer i april."}
    for note in notes:
        seen = seen_on(staff.get(address).text)
        staff.post(f"{address}/move", data={"to_status": "planned", "public_note": note, "seen": seen})
    assert {move.public_note for move in rows(ReportMove)} == notes
    assert count(AuditEntry) == 2


def test_reading_leaves_no_trace_in_the_report(desk):
    staff, address, _receipt = desk
    staff.get(address)
    assert (count(ReportMove), count(AuditEntry)) == (0, 0)


def test_a_report_that_was_taken_back_cannot_be_moved(desk, client):
    staff, address, receipt = desk
    client.post("/sv/follow/withdraw", data={"receipt": receipt})
    seen = seen_on(staff.get(address).text)
    answer = staff.post(f"{address}/move", data={"to_status": "planned", "public_note": "Nu kör vi.", "seen": seen})
    assert answer.status_code == 422
    assert reports()[0].status == "withdrawn"
    assert (count(ReportMove), count(AuditEntry)) == (1, 0)


@pytest.mark.parametrize("status", ["", "eaten", "withdrawn", " "])
def test_only_a_state_on_the_page_can_be_set_and_the_note_is_kept(desk, status):
    staff, address, _receipt = desk
    answer = staff.post(f"{address}/move", data={"to_status": status, "public_note": "Min långa text."})
    assert answer.status_code == 422
    assert 'id="to_status-error"' in answer.text
    assert "Min långa text.</textarea>" in answer.text
    assert reports()[0].status == "received"


@pytest.mark.parametrize("body", ["", "   ", "x" * 2001, "a\0b"])
def test_an_answer_that_cannot_be_sent_is_refused_and_kept(desk, body):
    staff, address, _receipt = desk
    answer = staff.post(f"{address}/answer", data={"body": body})
    assert answer.status_code == 422
    assert 'id="body-error"' in answer.text
    assert count(ReportMessage) == 0


@pytest.mark.parametrize(("step", "field"), [("move", "public_note"), ("answer", "body")])
def test_what_staff_wrote_is_kept_when_the_database_cannot_take_it(app, desk, step, field):
    staff, address, _receipt = desk
    typed = {"to_status": "planned", field: "Min långa text."}
    with locked(app):
        answer = staff.post(f"{address}/{step}", data=typed)
    assert answer.status_code == 503
    assert "Min långa text.</textarea>" in answer.text
    assert (reports()[0].status, count(AuditEntry)) == ("received", 0)
    assert staff.post(f"{address}/{step}", data=typed).status_code == 302


def test_a_spam_report_can_be_taken_into_work_and_back(client, staff_client):
    send(client, website="x")
    address = f"/staff/reports/{reports()[0].id}"
    for status in ("received", "quarantined"):
        seen = seen_on(staff_client.get(address).text)
        staff_client.post(f"{address}/move", data={"to_status": status, "seen": seen})
        assert reports()[0].status == status


@pytest.mark.parametrize("address", [NOBODY_S, NOBODY_S.replace("reports", "photos"), "/staff/reports/1", "/staff/x"])
def test_what_does_not_exist_is_not_found(staff_client, address):
    assert staff_client.get(address).status_code == 404


def test_moving_or_answering_nobody_s_report_is_not_found_and_writes_nothing(staff_client):
    assert staff_client.post(f"{NOBODY_S}/move", data={"to_status": "fixed"}).status_code == 404
    assert staff_client.post(f"{NOBODY_S}/answer", data={"body": "Hej"}).status_code == 404
    assert count(AuditEntry) == 0


def test_a_photo_is_served_to_staff_alone_and_can_do_nothing(client, staff_client):
    client.post("/sv/report", data={"theme": "drugs", "place_text": "x", "photos": (BytesIO(photo()), "a.jpg")})
    page = staff_client.get(f"/staff/reports/{reports()[0].id}").text
    address = re.search(r'src="(/staff/photos/[^"]+)"', page)[1]
    answer = staff_client.get(address)
    assert Image.open(BytesIO(answer.data)).format == "JPEG"
    assert answer.mimetype == "image/jpeg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(address).status_code == 302
