"""Tables written anew hold nothing of deleted rows; where that cannot be had now, it is said."""

import sqlite3
import threading
from contextlib import closing, contextmanager, nullcontext, suppress

import pytest
from sqlalchemy import delete, text

from citizen_portal.reports.models import Report
from citizen_portal.storage import rewrite as rewriting
from citizen_portal.storage.engine import db
from citizen_portal.storage.queue import writers_turn
from citizen_portal.storage.rewrite import rewrite
from citizen_portal.storage.shared_commit import store_together
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from tests.database_troubles import each_connection, locked
from tests.steps import plain_sql, send
from tests.surveys.attacker import database_files, found_in, on_sqlite

WORDS = "words to be forgotten"


@pytest.fixture
def deleted(either_app):
    """Reports, of which one has been deleted."""
    client = either_app.test_client(use_cookies=False)
    for words in (WORDS, "words to be kept"):
        send(client, description=words)
    with unit_of_work() as session:
        session.execute(delete(Report).where(Report.description == WORDS))
    return either_app


@contextmanager
def somebody_reads(statement: str, *, level: str):
    """Another connection holds a snapshot of before."""
    with db.engine.connect() as connection:
        if not on_sqlite():
            connection.execute(text(f"SET TRANSACTION ISOLATION LEVEL {level}"))
        connection.execute(text(statement)).all()
        yield


def test_deleted_words_are_in_no_file_and_the_others_are(deleted):
    rewrite(Report)
    assert found_in(database_files(), [WORDS.encode()]) == []
    assert found_in(database_files(), [b"words to be kept"])
    assert plain_sql("SELECT description FROM report") == [("words to be kept",)]


def test_they_can_be_written_to_afterwards(deleted):
    rewrite(Report)
    assert send(deleted.test_client(use_cookies=False), description="new")


def test_somebody_with_an_old_snapshot_is_waited_for_and_then_it_is_said(deleted, monkeypatch):
    monkeypatch.setattr(rewriting, "LOCK_TIMEOUT_SECONDS", 0.3)
    patience = each_connection(deleted, "PRAGMA busy_timeout = 100") if on_sqlite() else nullcontext()
    reading = somebody_reads("SELECT * FROM photo", level="REPEATABLE READ")
    with patience, reading, pytest.raises(StorageUnavailable):
        rewrite(Report)
    rewrite(Report)
    assert found_in(database_files(), [WORDS.encode()]) == []


def test_a_database_that_another_program_holds_is_not_waited_for_long(deleted, monkeypatch):
    if not on_sqlite():
        monkeypatch.setattr(rewriting, "LOCK_TIMEOUT_SECONDS", 1)
        with db.engine.begin() as holder:
            holder.execute(text("LOCK TABLE report IN ACCESS SHARE MODE"))
            with pytest.raises(StorageUnavailable):
                rewrite(Report)
        return
    with locked(deleted), pytest.raises(StorageUnavailable):
        rewrite(Report)


def in_a_unit_of_work(write):
    with unit_of_work() as session:
        write(session)


@pytest.mark.parametrize("store", [in_a_unit_of_work, store_together])
def test_who_waits_to_write_keeps_no_snapshot_meanwhile(app, client, store):
    """Or one resident who answers would keep the night from emptying the log."""
    send(client)

    def read_and_write():
        with app.app_context():
            db.session.execute(text("SELECT * FROM report")).all()
            all_have_read.wait()
            with suppress(StorageUnavailable):
                store(lambda session: session.execute(delete(Report)))
            one_gave_up.set()

    all_have_read, one_gave_up, log_is_empty = threading.Barrier(3), threading.Event(), False
    writing = [threading.Thread(target=read_and_write) for _writer in range(2)]
    with writers_turn(db.engine.url.database, seconds=5), closing(sqlite3.connect(db.engine.url.database)) as night:
        night.execute("PRAGMA busy_timeout = 0")
        for each in writing:
            each.start()
        all_have_read.wait()
        while not log_is_empty and not one_gave_up.wait(0.02):
            log_is_empty = not night.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        assert log_is_empty
    for each in writing:
        each.join()
