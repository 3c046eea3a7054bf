"""Every role tried on every route of the workplace, from the list of routes: a new one is held to it by itself."""

import re
from html import unescape

import pytest
from werkzeug.exceptions import HTTPException

from citizen_portal.cli import cli
from citizen_portal.reports.models import Photo, Report, ReportMove
from citizen_portal.staff.models import AuditEntry, StaffAccount
from citizen_portal.staff.roles import ADMINISTRATOR, ALLOWED, ANALYST, OFFICER, READER, ROLES, may
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys.models import Wave
from tests.architecture.test_routes import ACCESS, STAFF, every_request
from tests.conftest import PASSWORD, store_account
from tests.snapshots import BASELINE_CODE
from tests.steps import count, rows, send
from tests.waves import store_wave

WORDS = "Ord som bara den som handlägger ska läsa"


@pytest.fixture
def workplace(app, client, snapshots):
    """Something in every corner of it."""
    store_wave("open-to-all")
    send(client, description=WORDS)
    with unit_of_work() as session:
        report = session.query(Report).filter(Report.description == WORDS).one()
        session.add(Photo(report_id=report.id, position=1, content=b"pixels"))
    return app


def logged_in(app, role):
    store_account(role, role)
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    answer = client.post("/staff/login", data={"username": role, "password": PASSWORD})
    assert answer.status_code == 302
    return client, answer.location


def staff_requests(app, *methods):
    asked = (each for each in every_request(app, *methods) if ACCESS[each[0]] == STAFF)
    return [(endpoint, method, address.replace("no-snapshot", BASELINE_CODE)) for endpoint, (method, address) in asked]


def test_every_route_of_the_workplace_is_in_the_list_of_roles():
    assert set(ALLOWED) == {endpoint for endpoint, who in ACCESS.items() if who == STAFF}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_what_it_may_and_a_page_that_says_no_for_the_rest(workplace, role):
    client, _first = logged_in(workplace, role)
    refused = 0
    for endpoint, method, address in staff_requests(workplace, "GET", "POST"):
        answer = client.open(address, method=method)
        if may(role, endpoint):
            assert answer.status_code != 403, (role, endpoint)
        else:
            refused += 1
            assert answer.status_code == 403, (role, endpoint)
            assert "Your account may not do this" in answer.text
            assert f"with the role {role}" in answer.text
    assert (refused == 0) == (role == ADMINISTRATOR)


@pytest.mark.parametrize("role", [READER, ANALYST])
def test_what_is_refused_has_changed_nothing(workplace, role):
    client, _first = logged_in(workplace, role)
    for endpoint, method, address in staff_requests(workplace, "POST"):
        if not may(role, endpoint):
            data = {"to_status": "reading", "public_note": "x", "body": "y", "because": "z", "decision": "counted"}
            assert client.open(address, method=method, data=data).status_code == 403
    assert (count(ReportMove), count(AuditEntry)) == (0, 0)
    assert {wave.closed_on for wave in rows(Wave) if wave.code == "open-to-all"} == {None}


@pytest.mark.parametrize("role", ROLES)
def test_no_page_has_a_way_that_its_reader_may_not_go(workplace, role):
    client, first = logged_in(workplace, role)
    routes, followed = workplace.url_map.bind("localhost"), 0
    pages = [first, *(a for endpoint, _m, a in staff_requests(workplace, "GET") if may(role, endpoint))]
    for page in pages:
        found = re.findall(r'<(a|form|button)[^>]*? (?:href|action|formaction)="(/staff[^"#]*)"', client.get(page).text)
        for kind, target in found:
            method = "GET" if kind == "a" or "filters" in target else "POST"
            try:
                endpoint = routes.match(unescape(target).partition("?")[0], method=method)[0]
            except HTTPException:
                endpoint = routes.match(unescape(target).partition("?")[0], method="GET")[0]
            assert endpoint.startswith("gate.") or may(role, endpoint), (role, page, target)
            followed += 1
    assert followed > 10


def test_an_analyst_finds_no_word_that_a_resident_wrote(workplace):
    client, first = logged_in(workplace, ANALYST)
    assert first == "/staff/waves"
    for _endpoint, _method, address in staff_requests(workplace, "GET"):
        assert WORDS not in client.get(address).text, address
    assert WORDS in logged_in(workplace, READER)[0].get("/staff/").text


def test_another_role_holds_from_the_next_request_on(workplace):
    client, _first = logged_in(workplace, ADMINISTRATOR)
    said = workplace.test_cli_runner().invoke(cli, ["staff", "role", ADMINISTRATOR, READER])
    assert "administrator is reader now" in said.output
    assert client.get("/staff/waves").status_code == 200
    assert client.get("/staff/baseline/freeze").status_code == 403


def test_what_was_written_when_the_role_changed_stands_on_the_page_that_says_no(workplace):
    client, _first = logged_in(workplace, OFFICER)
    (report,) = (each for each in rows(Report) if each.description == WORDS)
    workplace.test_cli_runner().invoke(cli, ["staff", "role", OFFICER, READER])
    answer = client.post(f"/staff/reports/{report.id}/answer", data={"body": "Ett svar som tog lång tid"})
    assert answer.status_code == 403
    assert "Ett svar som tog lång tid" in answer.text


def test_whoever_had_an_account_before_there_were_roles_may_do_everything(either_app):
    with unit_of_work() as session:
        session.add(StaffAccount(username="old", password_hash="x"))
    assert [each.role for each in rows(StaffAccount)] == [ADMINISTRATOR]


def test_the_commands_make_and_list_roles_and_know_no_others(app):
    run = app.test_cli_runner().invoke
    made = run(cli, ["staff", "add", "anna", "--password", "kaffe tre moln station", "--role", OFFICER])
    assert "anna can log in at /staff/login, as officer." in made.output
    assert run(cli, ["staff", "list"]).output == "anna (officer)\n"
    assert run(cli, ["staff", "role", "anna", "king"]).exit_code == 2
    assert "there is no account" in run(cli, ["staff", "role", "nobody", READER]).output
    assert db.session.scalar(db.select(StaffAccount.role)) == OFFICER
