"""A backup is a whole database that the portal can run on."""

import sqlite3
import stat

from citizen_portal.cli import cli
from citizen_portal.reports.demonstration import REPORTS


def test_a_backup_holds_every_report_and_is_readable_by_its_owner_alone(app, noise, tmp_path):
    copy = tmp_path / "copy.sqlite3"
    result = app.test_cli_runner().invoke(cli, ["backup", str(copy)])
    assert result.exit_code == 0, result.output
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM report").fetchone() == (REPORTS,)
    connection.close()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_backup_never_overwrites_a_file(app, tmp_path):
    copy = tmp_path / "copy.sqlite3"
    copy.write_text("something of somebody's")
    result = app.test_cli_runner().invoke(cli, ["backup", str(copy)])
    assert result.exit_code == 1
    assert copy.read_text() == "something of somebody's"
