"""The night is watched, and the secret belongs to its database and can be changed without a receipt dying."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from citizen_portal.cli import cli
from citizen_portal.cli.housekeeping import seconds_until_the_night
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import queries
from citizen_portal.surveys.models import Invitation
from citizen_portal.upkeep.night import is_missed, note_night
from citizen_portal.upkeep.secret_check import note_secret
from tests.calendar_day import the_day
from tests.conftest import portal
from tests.steps import count, send
from tests.waves import store_wave

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TODAY = the_day()


def check(app) -> str:
    return app.test_cli_runner().invoke(cli, ["check"]).output


def waves_purged() -> dict[str, bool]:
    db.session.rollback()
    return {wave.code: wave.purged for wave in queries.waves(db.session())}


def night_of(day) -> None:
    with unit_of_work() as session:
        note_night(session, today=day)


def test_the_night_is_a_day_on_readyz_and_in_the_check(either_app):
    assert either_app.test_cli_runner().invoke(cli, ["housekeeping"]).exit_code == 0
    assert either_app.test_client().get("/readyz").text == f"ready\nlast night: {TODAY}\n"
    assert f"sound    housekeeping was last done on {TODAY}" in check(either_app)


def test_a_missed_night_is_told_to_the_operator_to_the_monitor_and_to_staff(app, client, staff_client):
    missed = TODAY - timedelta(days=2)
    night_of(missed)
    assert client.get("/readyz").text == f"ready\nlast night: {missed} MISSED\n"
    assert f"UNSOUND  housekeeping was last done on {missed}" in check(app)
    assert "har inte gjorts sedan" in staff_client.get("/staff/").text
    night_of(TODAY - timedelta(days=1))
    assert "har inte gjorts sedan" not in staff_client.get("/staff/").text


@pytest.mark.parametrize("days", [8, 400], ids=["a week and a day", "a year set wrong"])
def test_a_clock_that_leapt_closes_no_wave_for_good_but_asks(either_app, days):
    store_wave("over", letters=3, closes_on=TODAY - timedelta(days=1))
    night_of(TODAY - timedelta(days=days))
    refused = either_app.test_cli_runner().invoke(cli, ["housekeeping"])
    assert (refused.exit_code, waves_purged()) == (1, {"over": False})
    assert f"the clock says {TODAY} and the last night was that of {TODAY - timedelta(days=days)}" in refused.output
    assert count(Invitation) == 3, "its letters would open again were the clock set right"
    said = either_app.test_cli_runner().invoke(cli, ["housekeeping", "--date-is-right"])
    assert (said.exit_code, waves_purged(), count(Invitation)) == (0, {"over": True}, 0)
    assert either_app.test_cli_runner().invoke(cli, ["housekeeping"]).exit_code == 0, "it is asked once"


def test_a_portal_that_was_off_for_a_week_is_asked_nothing(app):
    night_of(TODAY - timedelta(days=7))
    assert app.test_cli_runner().invoke(cli, ["housekeeping"]).exit_code == 0


def test_a_night_in_the_future_was_that_of_a_wrong_clock_and_is_told(app, client):
    night_of(TODAY + timedelta(days=30))
    assert "MISSED" in client.get("/readyz").text
    assert app.test_cli_runner().invoke(cli, ["housekeeping"]).exit_code == 0
    assert client.get("/readyz").text == f"ready\nlast night: {TODAY}\n"


def test_a_portal_that_has_had_no_night_has_missed_none():
    assert not is_missed(None, today=TODAY)


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 6, 1, 3, 19, tzinfo=STOCKHOLM), 1 / 60),
        (datetime(2026, 6, 1, 3, 20, tzinfo=STOCKHOLM), 24),
        (datetime(2026, 3, 28, 3, 20, tzinfo=STOCKHOLM), 23),
        (datetime(2026, 10, 24, 3, 20, tzinfo=STOCKHOLM), 25),
    ],
    ids=["a minute before", "at the time", "before summer time", "before winter time"],
)
def test_every_night_means_twenty_past_three_by_the_clock_of_the_place(now, hours):
    assert seconds_until_the_night(now) == pytest.approx(hours * 3600)


def test_a_database_with_another_s_secret_is_not_served(server):
    assert b"secret key is not" not in server.run("check").stdout
    server.stop()
    (server.data_dir / "secret.key").unlink()
    with pytest.raises(AssertionError, match="not the one of this database"):
        server.start()


def test_check_says_that_the_secret_is_another(app):
    with unit_of_work() as session:
        note_secret(session, b"another")
    assert "UNSOUND  the secret key is not the one" in check(app)


def test_with_a_new_secret_what_was_made_under_the_old_one_still_opens(app, client):
    receipt = send(client)
    letters = store_wave("by-letter", letters=1)
    key = app.config["PORTAL_SETTINGS"].secret_key_file
    old = key.read_text()
    key.write_text(f"4b0f1c97a2d8e3650c7f9b184d2ae6f3915d08c7be64a1f2\n{old}\n")
    changed = portal(key.parent)
    with changed.app_context():
        visitor = changed.test_client(use_cookies=False)
        assert visitor.post("/sv/follow", data={"receipt": receipt}).status_code == 200
        form = {"code": letters.codes[0], "safe_by_day": "fairly_safe", "submission_key": "k"}
        assert visitor.post("/sv/survey/by-letter", data=form).status_code == 200
        assert visitor.post("/sv/follow", data={"receipt": send(visitor)}).status_code == 200
    key.write_text("4b0f1c97a2d8e3650c7f9b184d2ae6f3915d08c7be64a1f2\n")
    with portal(key.parent).app_context():
        assert portal(key.parent).test_client().post("/sv/follow", data={"receipt": receipt}).status_code == 404
