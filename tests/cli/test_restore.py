"""A backup is put back whole, whatever lay beside the database; what is no backup of this portal changes nothing."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from citizen_portal.cli import cli
from citizen_portal.storage.engine import db
from tests.conftest import Server, portal
from tests.server.posting import MINIMAL, ask


@pytest.fixture(scope="module")
def killed(tmp_path_factory, migrated_sqlite):
    """What a portal left that was killed after a backup, in the middle of further reports: its data, and the backup."""
    folder = tmp_path_factory.mktemp("killed")
    server = Server(shutil.copytree(migrated_sqlite, folder / "data"))
    report(server, "before the backup")
    server.run("backup", str(folder / "backup.sqlite3"))
    for number in range(20):
        report(server, f"after the backup {number}")
    server.kill()
    assert (folder / "data" / "portal.sqlite3-wal").stat().st_size, "a log of what came after lies there"
    return folder


@pytest.fixture
def folder(killed, tmp_path):
    return shutil.copytree(killed, tmp_path / "copy")


def report(server, words):
    assert ask(server.url + "/sv/report", form={**MINIMAL, "description": words}).receipt


def run(folder, *arguments):
    result = portal(folder / "data").test_cli_runner().invoke(cli, arguments)
    with portal(folder / "data").app_context():
        db.engine.dispose()
    return result


def restore(folder, *options):
    return run(folder, "restore", str(folder / "backup.sqlite3"), *options)


def words_in(folder):
    with closing(sqlite3.connect(folder / "data" / "portal.sqlite3")) as connection:
        return sorted(words for (words,) in connection.execute("SELECT description FROM report"))


def is_sound(folder):
    with closing(sqlite3.connect(folder / "data" / "portal.sqlite3")) as connection:
        return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_backup_replaces_the_database_and_the_log_that_a_kill_has_left(folder):
    told = restore(folder, "--yes")
    assert told.exit_code == 0, told.output
    assert (words_in(folder), is_sound(folder)) == (["before the backup"], True)
    assert run(folder, "check").exit_code == 0


def test_a_drill_says_that_it_could_be_put_back_and_changes_nothing(folder):
    told = restore(folder, "--drill")
    assert (told.exit_code, "1 in report" in told.output) == (0, True)
    assert len(words_in(folder)) == 21


def test_without_a_yes_nothing_is_replaced(folder):
    assert restore(folder).exit_code == 1
    assert len(words_in(folder)) == 21


def half(archive, _data):
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])


def a_text(archive, _data):
    archive.write_text("not a database, " * 500)


def one_page_spoiled(archive, _data):
    content = bytearray(archive.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    archive.write_bytes(content)


def of_a_newer_release(archive, _data):
    with closing(sqlite3.connect(archive, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def of_another_program(archive, _data):
    archive.unlink()
    with closing(sqlite3.connect(archive, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE report (id)")


def without_its_key(_archive, data):
    (data / "secret.key").unlink()


def a_copied_file(archive, _data):
    archive.with_name(archive.name + "-wal").write_bytes(b"pages")


@pytest.mark.parametrize(
    "spoil", [half, a_text, one_page_spoiled, of_a_newer_release, of_another_program, without_its_key, a_copied_file]
)
def test_what_is_no_backup_of_this_portal_is_refused_and_changes_nothing(folder, spoil):
    spoil(folder / "backup.sqlite3", folder / "data")
    told = restore(folder, "--yes")
    assert (told.exit_code, "Nothing was changed" in told.output) == (1, True), told.output
    assert len(words_in(folder)) == 21


def test_a_portal_that_runs_is_not_replaced_under_its_residents(folder):
    server = Server(folder / "data")
    report(server, "while it runs")
    told = restore(folder, "--yes")
    assert (told.exit_code, "stop the portal" in told.output) == (1, True), told.output
    assert len(words_in(folder)) == 22
    server.stop()
    assert not (folder / "data" / "portal.sqlite3-wal").exists(), "a stop in good order leaves no log"
    assert len(words_in(folder)) == 22


def test_a_database_that_cannot_be_read_any_more_is_moved_aside(folder):
    database = folder / "data" / "portal.sqlite3"
    database.write_bytes(b"\xff" * 50_000)
    told = restore(folder, "--yes")
    assert told.exit_code == 0, told.output
    assert (words_in(folder), is_sound(folder)) == (["before the backup"], True)
    assert database.with_name("portal.sqlite3.damaged").exists()


def test_a_backup_of_nothing_is_an_error(tmp_path):
    told = run(tmp_path, "backup", str(tmp_path / "backup.sqlite3"))
    assert (told.exit_code, "holds no portal" in told.output) == (1, True), told.output
    assert not (tmp_path / "backup.sqlite3").exists()
