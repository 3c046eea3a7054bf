"""A thief looks for the order and the time of reports: in the file, the log, a backup and PostgreSQL's own columns."""

import pytest

from citizen_portal.cli import cli
from citizen_portal.storage.file_times import SECONDS_OF_A_DAY
from tests.steps import plain_sql, send
from tests.surveys import attacker

REPORTS = 40
# Of forty reports in random order, tau has a standard deviation of 0.11.
MORE_THAN_CHANCE = 0.55


@pytest.fixture
def marks(either_app):
    """Forty long reports, and the mark in each that knows its place in the order they came in."""
    client = either_app.test_client(use_cookies=False)
    marks = [f"report {number:02} of them" for number in range(REPORTS)]
    for mark in marks:
        assert send(client, description="on and on " * 180 + mark)
    return marks


def order_in(content: bytes, marks) -> float:
    return attacker.order_of([content.rindex(mark.encode()) for mark in marks])


def test_the_attack_finds_the_order_before_the_night(marks):
    if attacker.on_sqlite():
        attacker.tell_the_server("PRAGMA wal_checkpoint(TRUNCATE)")
        assert abs(order_in(attacker.data_files()["portal.sqlite3"], marks)) > MORE_THAN_CHANCE
    else:
        stored = [row[0] for row in plain_sql("SELECT right(description, 17) FROM report ORDER BY xmin::text::int")]
        assert attacker.order_of([stored.index(mark) for mark in marks]) == 1


def test_after_the_night_no_place_and_no_mark_of_a_row_tells_the_order(either_app, marks):
    assert either_app.test_cli_runner().invoke(cli, ["housekeeping"]).exit_code == 0
    if attacker.on_sqlite():
        assert attacker.found_in({"wal": attacker.data_files()["portal.sqlite3-wal"]}, [b"of them"]) == []
        assert abs(order_in(attacker.data_files()["portal.sqlite3"], marks)) < MORE_THAN_CHANCE
        return
    assert len(plain_sql("SELECT xmin FROM report GROUP BY xmin")) == 1
    stored = [row[0] for row in plain_sql("SELECT right(description, 17) FROM report ORDER BY ctid")]
    assert abs(attacker.order_of([stored.index(mark) for mark in marks])) < MORE_THAN_CHANCE


def test_a_backup_holds_no_order_and_its_files_no_time_also_before_the_night(app, client, tmp_path):
    marks = [f"report {number:02} of them" for number in range(REPORTS)]
    for mark in marks:
        send(client, description="on and on " * 180 + mark)
    assert app.test_cli_runner().invoke(cli, ["backup", str(tmp_path / "copy")]).exit_code == 0
    assert abs(order_in((tmp_path / "copy").read_bytes(), marks)) < MORE_THAN_CHANCE
    folder = app.config["PORTAL_SETTINGS"].data_dir
    for file in (tmp_path / "copy", *folder.glob("portal.sqlite3*")):
        assert file.stat().st_mtime % SECONDS_OF_A_DAY == 0, file.name
