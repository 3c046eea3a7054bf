"""The unit of work: whole or not at all, and a database that cannot write keeps nobody's words from them."""

import logging
import sqlite3
from html import unescape

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.exc import IntegrityError

from citizen_portal.reports.models import Photo, Report, ReportMessage, random_id
from citizen_portal.storage.engine import db
from citizen_portal.storage.insert import RowClash, insert_once
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from tests.database_troubles import full, locked
from tests.steps import REPORT, alerts, count, filled_in, follow, receipt_on, report_row, send

TYPED = {**REPORT, "description": "Det jag har skrivit.", "reasons": ["too_dark"], "unsafe": "2"}


TROUBLES = {"locked": locked, "full": full}
FILLING = {"description": "x" * 4000, "place_text": "y" * 200}


def test_a_unit_of_work_commits_once_when_it_ends_well(either_app):
    commits = []
    count()
    event.listen(db.engine, "commit", lambda _connection: commits.append(1))
    with unit_of_work() as session:
        session.execute(insert(Report).values(report_row()))
        session.execute(insert(Report).values(report_row()))
        assert commits == []
    assert (commits, count()) == ([1], 2)


def test_a_unit_of_work_that_fails_leaves_nothing(either_app):
    def write_and_fail() -> None:
        with unit_of_work() as session:
            session.execute(insert(Report).values(report_row()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert count() == 0


def test_after_a_failure_the_next_unit_of_work_goes_through(either_app):
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(insert(Report).values(report_row(status="eaten")))
    with unit_of_work() as session:
        session.execute(insert(Report).values(report_row()))
    assert count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"status": "eaten"}, {"light": "neon"}, {"unsafe": 5}, {"latitude": 59.5}, {"precision": "doorstep"}],
    ids=str,
)
def test_the_database_itself_refuses_what_no_report_can_be(either_app, wrong):
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(insert(Report).values(report_row(**wrong)))


def test_the_database_itself_refuses_a_photo_of_no_report(either_app):
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(insert(Photo).values(id=random_id(), report_id=random_id(), position=1, content=b"x"))


def test_insert_once_says_whether_it_wrote(either_app):
    with unit_of_work() as session:
        first = insert_once(session, Report, report_row(fingerprint=b"f" * 32), unique="fingerprint")
        second = insert_once(session, Report, report_row(fingerprint=b"f" * 32), unique="fingerprint")
    assert (first, second, count()) == (True, False, 1)


def test_insert_once_never_takes_another_clash_for_a_retry(either_app):
    one, other = (report_row(fingerprint=letter * 32, receipt_digest=b"r" * 32) for letter in (b"f", b"g"))
    with unit_of_work() as session:
        insert_once(session, Report, one, unique="fingerprint")
    with pytest.raises(RowClash), unit_of_work() as session:
        insert_once(session, Report, other, unique="fingerprint")
    assert count() == 1


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_database_that_cannot_write_raises_one_error_of_the_house(app, trouble):
    with trouble(app):
        with pytest.raises(StorageUnavailable), unit_of_work() as session:
            session.execute(insert(Report).values([report_row(**FILLING) for _ in range(200)]))
        assert count() == 0


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_report_that_cannot_be_saved_gets_a_page_that_keeps_what_was_typed(app, client, trouble):
    with trouble(app):
        while (answer := client.post("/sv/report", data={**TYPED, "place_text": "y" * count()})).status_code == 200:
            pass
        stored = count()
    again = filled_in(answer.text)
    assert answer.status_code == 503
    assert len(alerts(answer.text)) > 10
    assert (again["description"], again["reasons"]) == (["Det jag har skrivit."], ["too_dark"])
    assert client.post("/sv/report", data=again).status_code == 200
    assert count() == stored + 1


def test_a_message_that_cannot_be_saved_gets_a_page_that_keeps_what_was_typed(app, client):
    message = {"receipt": send(client), "message": "Första gången."}
    client.post("/en/follow/message", data=message)
    with locked(app):
        answer = client.post("/en/follow/message", data={**message, "message": "Det hände igen."})
        assert follow(client, message["receipt"]).status_code == 200
    assert answer.status_code == 503
    assert "Första gången." in answer.text
    assert "Det hände igen.</textarea>" in unescape(answer.text)
    assert count(ReportMessage) == 1


def test_a_report_that_cannot_be_taken_back_now_gets_a_page_that_says_so(app, client):
    receipt = send(client)
    with locked(app):
        assert client.post("/sv/follow/withdraw", data={"receipt": receipt}).status_code == 503


def test_pages_that_need_no_database_stand_while_it_is_away(app, client):
    with locked(app):
        assert {client.get(address).status_code for address in ("/sv/", "/sv/report", "/sv/help")} == {200}


def test_a_refused_write_leaves_no_word_of_the_resident_in_the_log(app, client, caplog):
    caplog.set_level(logging.DEBUG)
    with locked(app):
        client.post("/sv/report", data=TYPED)
    assert "a write was refused" in caplog.text
    assert "Det jag har skrivit" not in caplog.text


def test_an_acknowledged_report_is_on_disk_when_the_answer_comes(app, client):
    receipt = receipt_on(client.post("/sv/report", data=REPORT).text)
    with sqlite3.connect(app.config["PORTAL_SETTINGS"].data_dir / "portal.sqlite3") as other:
        assert other.execute("SELECT count(*) FROM report").fetchone() == (1,)
    other.close()
    assert follow(client, receipt).status_code == 200


def test_sqlite_is_told_to_keep_its_promises(app):
    with db.engine.connect() as connection:
        promises = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert promises == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
