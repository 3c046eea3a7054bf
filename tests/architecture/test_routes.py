"""Who may come in where, and that looking changes nothing."""

import sqlite3
import uuid

import pytest
from sqlalchemy import select

from citizen_portal.municipality.installed import installed
from citizen_portal.reports.models import Photo, Report
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys.models import Wave
from tests.snapshots import BASELINE_CODE, store_baseline

RESIDENT, STAFF, GATE, MACHINE = "resident", "staff", "gate", "machine"
# A new route is refused here until somebody has said who it is for.
ACCESS = {
    "root.pick_language": RESIDENT,
    "well_known.robots": MACHINE,
    "well_known.security": MACHINE,
    "health.alive": MACHINE,
    "health.ready": MACHINE,
    "feed.snapshots": MACHINE,
    "feed.schema": MACHINE,
    "feed.snapshot": MACHINE,
    "feed.csv": MACHINE,
    "feed.csv_metadata": MACHINE,
    "feed.jsonstat": MACHINE,
    "feed.data_package": MACHINE,
    "feed.catalogue_turtle": MACHINE,
    "feed.catalogue_json_ld": MACHINE,
    "feed.openapi": MACHINE,
    "pages.start": RESIDENT,
    "pages.help": RESIDENT,
    "pages.about": RESIDENT,
    "signs.sign": RESIDENT,
    "reports.report": RESIDENT,
    "reports.send": RESIDENT,
    "reports.sent": RESIDENT,
    "reports.point": RESIDENT,
    "follow.ask": RESIDENT,
    "follow.show": RESIDENT,
    "follow.message": RESIDENT,
    "follow.withdraw": RESIDENT,
    "letters.ask": RESIDENT,
    "letters.enter": RESIDENT,
    "short_links.short_door": RESIDENT,
    "short_links.short_link": RESIDENT,
    "survey.questions": RESIDENT,
    "survey.send": RESIDENT,
    "survey_styles.styles": RESIDENT,
    "outcomes.results": RESIDENT,
    "outcomes.area": RESIDENT,
    "outcomes.agreement": RESIDENT,
    "gate.login": GATE,
    "gate.enter": GATE,
    "gate.logout": GATE,
    "staff.inbox": STAFF,
    "staff.export_csv": STAFF,
    "desk.report": STAFF,
    "desk.move": STAFF,
    "desk.answer": STAFF,
    "desk.photo": STAFF,
    "alike.group": STAFF,
    "alike.set_aside": STAFF,
    "alike.take_back": STAFF,
    "waves.every": STAFF,
    "waves.one": STAFF,
    "waves.ask_to_close": STAFF,
    "waves.close": STAFF,
    "waves.export": STAFF,
    "waves.review": STAFF,
    "baseline_desk.every": STAFF,
    "baseline_desk.computed": STAFF,
    "baseline_desk.ask_to_freeze": STAFF,
    "baseline_desk.freeze_now": STAFF,
    "baseline_desk.one": STAFF,
    "baseline_desk.public_file": STAFF,
    "baseline_desk.full_file": STAFF,
    "releases.ask_to_publish": STAFF,
    "releases.publish_now": STAFF,
    "releases.ask_to_withdraw": STAFF,
    "releases.withdraw_now": STAFF,
}
NOBODYS = uuid.UUID(int=1)
# A letter's code that nobody was sent, and a baseline that nobody has frozen.
NOBODYS_ADDRESS = frozenset(
    {
        "short_links.short_link",
        "baseline_desk.one",
        "baseline_desk.public_file",
        "releases.ask_to_publish",
        "releases.ask_to_withdraw",
    }
)


def every_request(app, *methods):
    """Pairs of endpoint and (method, address), for each route and each of the methods it takes."""
    examples = {
        "language": "sv",
        "topic": "privacy",
        "area": installed().municipality.areas[0].code,
        "place": installed().municipality.places[0].code,
        "report_id": db.session.scalar(select(Report.id)) or NOBODYS,
        "group_id": db.session.scalar(select(Report.text_group).where(Report.text_group.is_not(None))) or NOBODYS,
        "photo_id": db.session.scalar(select(Photo.id)) or NOBODYS,
        "wave_code": db.session.scalar(select(Wave.code).order_by(Wave.closes_on.desc())) or "no-wave",
        "digest": (db.session.scalar(select(Wave.questionnaire_digest)) or "no-digest")[:10],
        "name": "codebook",
        "code": "K7MP-Q2XR-9ACD",
        "snapshot_code": "no-snapshot",
    }
    db.session.rollback()
    with app.test_request_context("/sv/"):
        for rule in app.url_map.iter_rules():
            values = {name: examples[name] for name in rule.arguments}
            if rule.endpoint.startswith("feed.") and "code" in values:
                values["code"] = BASELINE_CODE
            for method in sorted(rule.methods & set(methods)):
                yield rule.endpoint, (method, app.url_for(rule.endpoint, _method=method, **values))


def test_every_route_has_an_entry_in_the_access_list(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ACCESS)


def test_the_workplace_sends_everyone_who_is_not_logged_in_to_the_gate(app, client):
    met = set()
    for endpoint, (method, address) in every_request(app, "GET", "POST"):
        if ACCESS[endpoint] == STAFF:
            answer = client.open(address, method=method)
            assert (answer.status_code, answer.location) == (302, "/staff/login"), f"{method} {address}"
            assert address.startswith("/staff/")
            met.add(endpoint)
    assert met == {endpoint for endpoint, access in ACCESS.items() if access == STAFF}


def test_everyone_else_is_asked_for_no_name_and_given_no_cookie(app, client, noise, open_link_wave):
    for endpoint, (method, address) in every_request(app, "GET", "POST"):
        if ACCESS[endpoint] in {RESIDENT, MACHINE}:
            answer = client.open(address, method=method)
            assert answer.status_code in {200, 302, 303, 404, 422}, f"{method} {address}"
            assert answer.location != "/staff/login"
            assert "Set-Cookie" not in answer.headers, f"{method} {address}"
            assert "Cookie" not in answer.headers.get("Vary", ""), f"{method} {address}"


@pytest.fixture
def watched(app):
    """A second look at the database: a number that grows whenever anybody else has written."""
    with sqlite3.connect(app.config["PORTAL_SETTINGS"].data_dir / "portal.sqlite3") as connection:
        yield lambda: connection.execute("PRAGMA data_version").fetchone()[0]
    connection.close()


def test_looking_writes_nothing(app, client, staff_client, noise, open_link_wave, watched):
    store_baseline()
    with unit_of_work() as session:
        session.add(Photo(report_id=session.scalar(select(Report.id)), position=1, content=b"pixels"))
    before = watched()
    for endpoint, (_method, address) in every_request(app, "GET"):
        expected = {302, 404} if endpoint in NOBODYS_ADDRESS else {200, 302, 303}
        assert client.get(address).status_code in expected, address
        assert staff_client.get(address).status_code in expected, address
        for visitor in (client, staff_client):
            visitor.head(address)
            assert watched() == before, f"{endpoint} wrote while it was looked at"


def test_the_watch_on_the_database_notices_a_write(client, watched):
    before = watched()
    assert client.post("/sv/report", data={"theme": "drugs", "place": "vasby_centrum"}).status_code == 200
    assert watched() > before


def test_every_template_compiles(app):
    names = app.jinja_env.list_templates()
    assert len(names) > 15
    for name in names:
        app.jinja_env.get_template(name)


def test_every_answer_carries_the_security_headers(app, client, noise, open_link_wave):
    for endpoint, (method, address) in every_request(app, "GET", "POST"):
        headers = client.open(address, method=method).headers
        if endpoint == "survey_styles.styles":
            assert headers["X-Content-Type-Options"] == "nosniff"
            continue  # an asset is no document
        assert "default-src 'none'" in headers["Content-Security-Policy"], endpoint
        assert headers["X-Content-Type-Options"] == "nosniff", endpoint
        assert headers["Referrer-Policy"] == "same-origin", endpoint
