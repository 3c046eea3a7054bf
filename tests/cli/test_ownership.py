"""A command run as root leaves the data directory to its owner; one run by a stranger says whom to run as."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from citizen_portal.cli import cli
from citizen_portal.storage.engine import db
from citizen_portal.storage.ownership import owner_to_be
from tests.conftest import CONSOLE_SCRIPT, PASSWORD, portal
from tests.server.posting import MINIMAL

PORTAL = 43_210
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def data_dir(migrated_sqlite):
    """A data directory that belongs to the portal's user, where that user can reach it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        made = shutil.copytree(migrated_sqlite, Path(folder) / "data")
        if os.geteuid() == 0:
            for each in (made, *made.iterdir()):
                os.chown(each, PORTAL, PORTAL)
        yield made


@as_root
@pytest.mark.parametrize("command", [["housekeeping"], ["staff", "add", "anna", "--password", PASSWORD]])
def test_what_root_runs_leaves_every_file_to_the_owner(data_dir, command):
    (data_dir / "secret.key").unlink()
    environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(data_dir)}
    subprocess.run([CONSOLE_SCRIPT, *command], env=environ, check=True, capture_output=True)
    assert {file.stat().st_uid for file in data_dir.iterdir()} == {PORTAL}
    assert {"portal.sqlite3-queue", "secret.key"} <= {file.name for file in data_dir.iterdir()}


@as_root
def test_whoever_may_not_write_there_is_told_whom_to_run_as(data_dir):
    data_dir.chmod(0o700)
    child = os.fork()
    if child == 0:
        os.setuid(PORTAL + 1)
        os._exit(0 if owner_to_be(data_dir) == f"#{PORTAL}" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@as_root
def test_a_queue_that_is_not_ours_keeps_the_words_and_is_seen(data_dir):
    """As it was left by a release that did not give it away."""
    (data_dir / "portal.sqlite3-queue").touch(mode=0o600)
    child = os.fork()
    if child == 0:
        os.setgid(PORTAL)
        os.setuid(PORTAL)
        client = portal(data_dir).test_client()
        answer = client.post("/sv/report", data={**MINIMAL, "description": "kept words"})
        told = (answer.status_code, "kept words" in answer.text, client.get("/readyz").status_code)
        os._exit(0 if told == (503, True, 503) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_database_that_can_only_be_read_is_not_ready(app):
    assert app.test_client().get("/readyz").status_code == 200
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    answer = app.test_cli_runner().invoke(cli, ["check"])
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = OFF")
    assert "no report can be stored" in answer.output
