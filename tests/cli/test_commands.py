"""The commands of the console script: what they do, what they print, and how they refuse."""

import os
import shutil
import subprocess

import pytest

from citizen_portal.cli import cli
from citizen_portal.reports.demonstration import REPORTS
from citizen_portal.reports.queries import report_with_everything
from citizen_portal.reports.receipts import Submission
from citizen_portal.reports.submit import add_message, submit
from citizen_portal.settings import VARIABLES
from citizen_portal.staff.models import AuditEntry, StaffAccount
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.web.clock import today
from tests.conftest import CONSOLE_SCRIPT, PASSWORD, portal
from tests.steps import DAY, count, draft, plain_sql, reports, rows, send


@pytest.fixture
def run(app):
    """Run a command on the portal of the test."""
    return lambda *arguments, **kwargs: app.test_cli_runner().invoke(cli, arguments, **kwargs)


def console(data_dir, *arguments: str, **environ: str) -> subprocess.CompletedProcess:
    """Run the installed console script in a process of its own."""
    environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(data_dir), **environ}
    return subprocess.run([CONSOLE_SCRIPT, *arguments], env=environ, capture_output=True, text=True, check=False)


def test_staff_add_makes_an_account_that_can_log_in(run, app):
    answer = run("staff", "add", "anna", "--password", PASSWORD)
    assert (answer.exit_code, count(StaffAccount)) == (0, 1)
    login = app.test_client().post("/staff/login", data={"username": "anna", "password": PASSWORD})
    assert login.status_code == 302


def test_staff_add_asks_for_the_password_twice_and_does_not_show_it(run):
    answer = run("staff", "add", "anna", input=f"{PASSWORD}\n{PASSWORD}\n")
    assert (answer.exit_code, count(StaffAccount)) == (0, 1)
    assert PASSWORD not in answer.output


def test_staff_add_refuses_a_short_password(run):
    answer = run("staff", "add", "anna", "--password", "elevenchars")
    assert (answer.exit_code, count(StaffAccount)) == (1, 0)
    assert "12 characters" in answer.output


def test_staff_add_refuses_a_name_that_is_taken(run):
    run("staff", "add", "anna", "--password", PASSWORD)
    answer = run("staff", "add", "anna", "--password", "another password of length")
    assert (answer.exit_code, count(StaffAccount)) == (1, 1)
    assert "already" in answer.output


def log_in(app, password: str) -> int:
    return app.test_client().post("/staff/login", data={"username": "tester", "password": password}).status_code


def test_staff_password_changes_the_password_and_ends_the_sessions_there_are(run, app, staff_client):
    new = "another password of length"
    assert run("staff", "password", "tester", input=f"{new}\n{new}\n").exit_code == 0
    assert staff_client.get("/staff/").status_code == 302
    assert (log_in(app, PASSWORD), log_in(app, new)) == (422, 302)


def test_staff_close_lets_nobody_log_in_and_keeps_what_the_account_did(run, app, staff_client, client):
    send(client)
    staff_client.post(f"/staff/reports/{reports()[0].id}/move", data={"to_status": "planned"})
    assert run("staff", "close", "tester").exit_code == 0
    assert staff_client.get("/staff/").status_code == 302
    assert [log_in(app, password) for password in (PASSWORD, "", "no account has this password")] == [422, 422, 422]
    assert count(AuditEntry) == 1
    run("staff", "password", "tester", "--password", PASSWORD)
    assert log_in(app, PASSWORD) == 302


def test_staff_list_names_the_accounts_and_says_which_are_closed(run):
    for name in ("bo", "anna"):
        run("staff", "add", name, "--password", PASSWORD)
    run("staff", "close", "bo")
    assert run("staff", "list").output == "anna (administrator)\nbo (closed)\n"


@pytest.mark.parametrize("command", [("password", "nobody", "--password", PASSWORD), ("close", "nobody")])
def test_an_account_that_does_not_exist_cannot_be_changed(run, command):
    answer = run("staff", *command)
    assert answer.exit_code == 1
    assert "no account named nobody" in answer.output


def test_a_new_password_must_be_as_long_as_a_first_one(run, app, staff_client):
    assert run("staff", "password", "tester", "--password", "elevenchars").exit_code == 1
    assert staff_client.get("/staff/").status_code == 200


def test_a_file_that_cannot_be_written_is_said_in_a_line(run, tmp_path):
    answer = run("reports", "export", "--out", str(tmp_path / "missing" / "reports.csv"))
    assert answer.exit_code == 1
    assert answer.output.count("cannot be written") == 1
    assert not isinstance(answer.exception, OSError)


def test_demo_load_stores_reports_that_say_they_are_examples(run):
    assert run("demo", "load").exit_code == 0
    assert count() > REPORTS
    assert all(report.description.startswith("Exempel, påhittat") for report in reports())


def test_demo_load_if_empty_loads_nothing_unless_the_demonstration_is_wanted(run):
    assert run("demo", "load", "--if-empty").exit_code == 0
    assert count() == 0  # the portals of the tests say PORTAL_DEMO=0


def test_demo_load_if_empty_leaves_a_portal_with_reports_alone(tmp_path, migrated_sqlite):
    wants_one = portal(shutil.copytree(migrated_sqlite, tmp_path / "instance"), PORTAL_DEMO="1")
    run = wants_one.test_cli_runner().invoke
    printed = [run(cli, ["demo", "load", "--if-empty"]).stdout for _ in range(2)]
    assert printed[0].startswith(f"Loaded {REPORTS} invented reports. Each says that it is an example.\n")
    assert printed[1] == ""


def test_housekeeping_forgets_the_timed_fingerprints_of_earlier_days_and_no_others(run, client):
    send(client, description="i dag")
    for key, words in (("", "utan nyckel"), ("key", "med nyckel")):
        one = draft(description=words)
        with unit_of_work() as session:
            submit(
                session,
                one,
                Submission.of(one.content(), key=key, seconds=0),
                secret=b"s" * 32,
                today=DAY,
                quarantine=None,
            )
    assert "forgotten: 1" in run("housekeeping").output
    kept = dict(plain_sql("SELECT description, fingerprint IS NOT NULL FROM report"))
    assert kept == {"i dag": 1, "utan nyckel": 0, "med nyckel": 1}
    assert "forgotten: 0" in run("housekeeping").output


def test_housekeeping_forgets_those_of_messages_too(run, app, client):
    send(client)
    submission = Submission.of({"message": "Hej"}, key="", seconds=0)
    report_id = reports()[0].id
    with unit_of_work() as session:
        report = report_with_everything(session, report_id, to_change=True)
        add_message(session, report, "Hej", submission, secret=b"s" * 32, today=DAY)
    run("housekeeping")
    assert plain_sql("SELECT fingerprint FROM report_message") == [(None,)]


def test_a_report_sent_today_can_still_be_retried_after_the_night(run, client):
    receipt = send(client, description="Mörkt.")
    run("housekeeping")
    assert send(client, description="Mörkt.") == receipt
    assert count() == 1
    assert reports()[0].received_on == today()


def test_check_prints_every_setting_and_what_is_sound(run):
    answer = run("check")
    assert answer.exit_code == 0
    for name in VARIABLES.values():
        assert f"  {name} " in answer.output
    assert "UNSOUND" not in answer.output


def test_check_finds_a_database_without_tables_unsound_until_it_is_upgraded(tmp_path):
    before = console(tmp_path, "check")
    assert before.returncode == 1
    assert "db upgrade" in before.stdout
    assert console(tmp_path, "db", "upgrade").returncode == 0
    assert console(tmp_path, "check").returncode == 0


def test_what_the_commands_write_is_for_their_user_alone_even_in_a_folder_others_can_enter(tmp_path):
    tmp_path.chmod(0o755)
    console(tmp_path, "db", "upgrade")
    console(tmp_path, "reports", "export", "--out", str(tmp_path / "reports.csv"))
    written = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert {"portal.sqlite3", "reports.csv", "secret.key"} <= set(written)
    assert set(written.values()) == {0o600}


def test_check_says_in_a_line_that_a_database_does_not_answer(tmp_path):
    nowhere = "postgresql+psycopg://portal:hidden@127.0.0.1:1/none"
    answer = console(tmp_path, "check", PORTAL_DATABASE_URL=nowhere)
    assert answer.returncode == 1
    assert "does not answer" in answer.stdout
    assert "hidden" not in answer.stdout + answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"PORTAL_DATABSE_URL": "sqlite:///x"}, "PORTAL_DATABSE_URL"),
        ({"PORT": "eighty"}, "PORT"),
        ({"PORTAL_MUNICIPALITY": "/nowhere"}, "municipality.toml"),
    ],
    ids=["misspelt", "malformed", "missing"],
)
def test_a_portal_that_cannot_start_says_why_in_one_line_and_exits_with_2(tmp_path, environ, name):
    answer = console(tmp_path, "check", **environ)
    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert name in answer.stderr


@pytest.mark.parametrize("name", ["PORTAL_DATA_DIR", "PORTAL_SECRET_KEY_FILE"])
def test_a_folder_that_cannot_be_made_is_said_in_a_line(tmp_path, name):
    (tmp_path / "file").write_text("")
    answer = console(tmp_path, "check", **{name: str(tmp_path / "file" / "below")})
    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert str(tmp_path / "file" / "below") in answer.stderr


def test_check_finds_a_redis_that_does_not_answer_unsound(tmp_path):
    console(tmp_path, "db", "upgrade")
    answer = console(tmp_path, "check", PORTAL_REDIS_URL="redis://127.0.0.1:1/0")
    assert answer.returncode == 1
    assert "UNSOUND  Redis does not answer" in answer.stdout


def test_a_secret_key_that_others_can_read_is_refused(tmp_path):
    key = tmp_path / "secret.key"
    key.write_text("x" * 64)
    key.chmod(0o644)
    answer = console(tmp_path, "check")
    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert "chmod 600" in answer.stderr


def test_the_accounts_and_the_reports_are_those_of_the_database_in_force(run):
    run("staff", "add", "anna", "--password", PASSWORD)
    assert [account.username for account in rows(StaffAccount)] == ["anna"]
