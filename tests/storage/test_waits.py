"""What serves pages waits for PostgreSQL no longer than it says, whether that is slow, locked or frozen."""

import os
import signal
import time
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from citizen_portal.reports.models import Report
from citizen_portal.storage import bounded_connection, waits
from citizen_portal.storage.bounded_connection import BoundedConnection
from citizen_portal.storage.engine import db
from citizen_portal.storage.rewrite import rewrite
from citizen_portal.storage.waits import bound_waits, take_long
from tests.conftest import fresh, portal
from tests.steps import REPORT, count, send

A_MOMENT = 0.5
TYPED = {**REPORT, "description": "Det jag har skrivit."}


@pytest.fixture
def served(started_on_postgresql, postgresql_server, tmp_path, monkeypatch):
    """A portal on PostgreSQL with the waits of one that serves pages, each of them a moment here."""
    postgresql_server.psql("DROP DATABASE IF EXISTS portal WITH (FORCE);\nCREATE DATABASE portal TEMPLATE migrated;")
    limits = {"lock": "500ms", "statement": "600ms", "idle": "60s"}
    monkeypatch.setattr(waits, "_LIMITS", waits._LIMITS.bindparams(**limits))
    monkeypatch.setattr(waits, "ANSWER_SECONDS", 2 * A_MOMENT)
    monkeypatch.setattr(BoundedConnection, "longest_wait", 2 * A_MOMENT)
    url = postgresql_server.get_uri("portal").replace("postgresql://", "postgresql+psycopg://")
    app = portal(tmp_path / "served", PORTAL_DATABASE_URL=url)
    with fresh(app):
        bound_waits(db.engine)
        yield app


@contextmanager
def frozen(server):
    """No process of PostgreSQL runs."""
    postmaster = server.get_pid()
    with open(f"/proc/{postmaster}/task/{postmaster}/children", encoding="ascii") as children:
        processes = [postmaster, *map(int, children.read().split())]
    for each in processes:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in processes:
            os.kill(each, signal.SIGCONT)


def test_a_statement_that_takes_too_long_is_ended(served):
    with pytest.raises(OperationalError, match="statement timeout"):
        db.session.execute(text("SELECT pg_sleep(5)"))


def test_a_report_whose_table_is_locked_is_refused_with_its_words_and_taken_later(served, postgresql_server):
    with psycopg.connect(postgresql_server.get_uri("portal")) as other:
        other.execute("LOCK TABLE report IN ACCESS EXCLUSIVE MODE")
        refused = served.test_client().post("/sv/report", data=TYPED)
        other.rollback()
    assert refused.status_code == 503
    assert TYPED["description"] in refused.text
    assert send(served.test_client(), **TYPED)
    assert count() == 1


def test_a_report_is_refused_with_its_words_while_postgresql_is_frozen_and_taken_later(served, postgresql_server):
    send(served.test_client())
    with frozen(postgresql_server):
        refused = served.test_client().post("/sv/report", data=TYPED)
        assert served.test_client().get("/readyz").status_code == 503
    assert refused.status_code == 503
    assert TYPED["description"] in refused.text
    time.sleep(bounded_connection.BETWEEN_TRIES_SECONDS)
    assert send(served.test_client(), **TYPED)
    assert count() == 2, "and what was frozen on its way was not stored a second time"


def test_where_no_connection_was_made_in_time_the_next_are_told_at_once(served, postgresql_server, monkeypatch):
    monkeypatch.setattr(bounded_connection, "BETWEEN_TRIES_SECONDS", 3600)
    with frozen(postgresql_server), pytest.raises(OperationalError, match="timeout expired"):
        db.session.execute(text("SELECT 1"))
    with pytest.raises(OperationalError, match="a moment ago"):
        db.session.execute(text("SELECT 1"))


def test_a_long_answer_and_a_table_written_anew_may_take_their_time(served):
    with db.engine.begin() as connection:
        take_long(connection)
        connection.execute(text("SELECT pg_sleep(1.5)"))
    with pytest.raises(OperationalError, match="statement timeout"), db.engine.begin() as connection:
        connection.execute(text("SELECT pg_sleep(1.5)"))
    send(served.test_client())
    rewrite(Report)
    assert count() == 1


def test_limits_hold_in_each_transaction_and_are_not_left_behind_in_the_session(served):
    def limit() -> str:
        return db.session.execute(text("SHOW lock_timeout")).scalar()

    assert limit() == "500ms"
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert connection.execute(text("SHOW lock_timeout")).scalar() == "0"
    assert limit() == "500ms"
