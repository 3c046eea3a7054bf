"""Behind PgBouncer in transaction mode everything works: no session of the database is anybody's own."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask_migrate import upgrade

from citizen_portal.storage.engine import db
from tests.conftest import Server, portal
from tests.server.pgbouncer import pgbouncer_before
from tests.server.posting import MINIMAL, ask, exported
from tests.waves import store_wave

REPORTS, AT_ONCE = 60, 8


@pytest.fixture
def pooled(postgresql_server, tmp_path):
    """The real server, two connections to PostgreSQL for all of its threads, and an open wave."""
    postgresql_server.psql("DROP DATABASE IF EXISTS portal WITH (FORCE);\nCREATE DATABASE portal;")
    socket_folder = postgresql_server.get_uri("portal").partition("host=")[2]
    with pgbouncer_before(socket_folder, tmp_path) as url:
        environ = {"PORTAL_DATABASE_URL": url, "PORTAL_TRUSTED_PROXIES": "1"}
        with portal(tmp_path / "served", **environ).app_context():
            upgrade()
            store_wave("open-to-all")
            db.session.remove()
            db.engine.dispose()
        server = Server(tmp_path / "served", **environ)
        yield server
        server.stop()


def test_reports_answers_and_the_night_go_through_it(pooled):
    def report(number: int):
        form = {**MINIMAL, "description": f"resident {number}", "submission_key": f"key {number}"}
        return ask(f"{pooled.url}/sv/report", form=form, headers={"X-Forwarded-For": f"10.1.{number}.1"})

    with ThreadPoolExecutor(AT_ONCE) as residents:
        receipts = [answer.receipt for answer in residents.map(report, range(REPORTS))]
    assert all(receipts)
    opened = [ask(f"{pooled.url}/sv/follow", form={"receipt": each}).status for each in receipts[:20]]
    assert opened == [200] * 20
    answered = ask(f"{pooled.url}/sv/survey/open-to-all", form={"safe_after_dark": "very_safe"})
    assert answered.status == 200
    assert {row["description"] for row in exported(pooled)} == {f"resident {number}" for number in range(REPORTS)}
    assert b"Open waves shuffled: open-to-all" in pooled.run("housekeeping").stdout
    assert len(exported(pooled)) == REPORTS
    assert ask(f"{pooled.url}/readyz").status == 200
