"""The worker processes of a server count together, so a limit means the same however many there are."""

import sqlite3
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import pytest

from citizen_portal.web.counters import MEMORY_FILE_SYSTEM
from citizen_portal.web.suspicion import MOST_UNSUSPECTED
from tests.conftest import Server
from tests.steps import REPORT

MORE = 10


@pytest.fixture
def two_workers(tmp_path, migrated_sqlite):
    data_dir = tmp_path / "served"
    data_dir.mkdir()
    (data_dir / "portal.sqlite3").write_bytes((migrated_sqlite / "portal.sqlite3").read_bytes())
    server = Server(data_dir, PORTAL_WORKERS="2")
    yield server
    if server.process.poll() is None:
        server.stop()


def folders_of_counters():
    return set(MEMORY_FILE_SYSTEM.glob("citizen-portal-*"))


def test_the_limit_of_one_network_holds_over_all_workers(two_workers):
    for number in range(MOST_UNSUSPECTED + MORE):
        # Each on a connection of its own, which any of the workers may take.
        body = urlencode({**REPORT, "description": f"rapport {number}"}).encode()
        urllib.request.urlopen(f"{two_workers.url}/sv/report", body).close()
    with sqlite3.connect(two_workers.data_dir / "portal.sqlite3") as connection:
        [(aside,)] = connection.execute("SELECT count(quarantine_reason) FROM report").fetchall()
    connection.close()
    assert aside == MORE


def test_the_counters_are_gone_when_the_server_has_stopped(two_workers):
    opened = {Path(line.split()[-1]).parent for line in maps_of(two_workers.process.pid)}
    assert opened
    two_workers.stop()
    assert not folders_of_counters() & opened


def maps_of(pid):
    """Files in memory that the server or one of its workers has open."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    links = [link for each in children for link in Path(f"/proc/{each}/fd").iterdir()]
    return [str(link.readlink()) for link in links if str(link.readlink()).startswith(f"{MEMORY_FILE_SYSTEM}/citizen-")]
