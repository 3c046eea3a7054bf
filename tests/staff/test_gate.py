"""The gate: who comes into the workplace, and how sessions end."""

import re

import pytest
from flask import session
from sqlalchemy import select

from citizen_portal.staff.account_changes import AccountRefused, add_account
from citizen_portal.staff.accounts import authenticate
from citizen_portal.staff.models import StaffAccount
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.web.wrong_tries import FREE_TRIES
from tests.conftest import PASSWORD, store_account
from tests.steps import alerts, count, reports, send, sentence_at

RIGHT = {"username": "tester", "password": PASSWORD}
OPEN_TO_ALL = {"/staff/login", "/staff/logout"}
ANY_ID = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def account(app):
    store_account("tester")


def workplace(app) -> list[tuple[str, str]]:
    """Every method and address of the workplace that needs a login."""
    return [
        (method, re.sub("<uuid:[a-z_]+>", ANY_ID, rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods & {"GET", "POST"}
        if rule.rule.startswith("/staff") and rule.rule not in OPEN_TO_ALL
    ]


def test_there_is_no_session_to_write_to_outside_the_workplace(app):
    with app.test_request_context("/sv/report"), pytest.raises(RuntimeError):
        session["account"] = 1
    with app.test_request_context("/staff/login"):
        session["account"] = 1


def test_every_page_of_the_workplace_sends_a_stranger_to_the_login_page(app, client):
    assert len(workplace(app)) >= 6
    for method, address in workplace(app):
        answer = client.open(address, method=method)
        assert (answer.status_code, answer.location) == (302, "/staff/login"), address


def test_every_page_of_the_workplace_lets_a_member_of_staff_in(app, staff_client):
    for method, address in workplace(app):
        assert staff_client.open(address, method=method).status_code in {200, 404, 422}, address


def test_a_session_of_somebody_else_s_making_opens_nothing(client, account):
    client = client.application.test_client()
    client.set_cookie("staff", "eyJhY2NvdW50IjoxLCJzZXNzaW9uX251bWJlciI6MX0.forged.forged", path="/staff")
    assert client.get("/staff/").status_code == 302


def test_the_right_name_and_password_lead_to_the_inbox(client, account):
    answer = client.post("/staff/login", data=RIGHT)
    cookie = answer.headers["Set-Cookie"]
    assert (answer.status_code, answer.location) == (302, "/staff/")
    for term in ("HttpOnly", "SameSite=Strict", "Path=/staff"):
        assert term in cookie


@pytest.mark.parametrize(
    "wrong",
    [{"password": "another password"}, {"username": "nobody"}, {"username": "te\0ster2"}, {"password": "p" * 100_000}],
    ids=["password", "name", "control character", "long password"],
)
def test_a_wrong_name_or_password_is_refused_without_saying_which(either_app, wrong):
    store_account("tester")
    answer = either_app.test_client().post("/staff/login", data={**RIGHT, **wrong})
    unknown = either_app.test_client().post("/staff/login", data={"username": "no one", "password": "not a password"})
    assert (answer.status_code, unknown.status_code) == (422, 422)
    assert alerts(answer.text) == alerts(unknown.text) != ""
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("field", RIGHT)
def test_an_empty_field_is_asked_for(client, account, field):
    answer = client.post("/staff/login", data={**RIGHT, field: ""})
    assert answer.status_code == 422
    assert sentence_at(answer.text, field)


def test_the_password_is_never_given_back_to_the_page(client, account):
    assert "a wrong secret" not in client.post("/staff/login", data={**RIGHT, "password": "a wrong secret"}).text


def test_whoever_guesses_passwords_has_to_wait_from_whatever_network_and_the_officer_still_gets_in(client, account):
    for number in range(FREE_TRIES):
        guess = {**RIGHT, "password": f"guess number {number}"}
        elsewhere = {"REMOTE_ADDR": f"203.0.113.{number}"}
        assert client.post("/staff/login", data=guess, environ_overrides=elsewhere).status_code == 422
    last = client.post("/staff/login", data=guess, environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    assert (last.status_code, last.headers["Retry-After"]) == (429, "5")
    assert "5 seconds" in alerts(last.text) or "5 sekunder" in alerts(last.text)
    assert client.post("/staff/login", data={**RIGHT, "username": "another"}).status_code == 422
    assert client.post("/staff/login", data=RIGHT, environ_overrides={"REMOTE_ADDR": "198.51.100.7"}).status_code == 302


def test_logging_out_ends_every_session_of_the_account_a_copied_cookie_s_too(app, staff_client):
    elsewhere = app.test_client()
    elsewhere.post("/staff/login", data=RIGHT)
    assert elsewhere.get("/staff/").status_code == 200
    assert staff_client.post("/staff/logout").status_code == 302
    assert elsewhere.get("/staff/").status_code == staff_client.get("/staff/").status_code == 302


def test_logging_out_empties_the_browser_of_what_the_workplace_showed_and_of_no_other_site_s_cookies(staff_client):
    cleared = staff_client.post("/staff/logout").headers["Clear-Site-Data"]
    assert '"cache"' in cleared
    assert "cookies" not in cleared


def test_logging_out_leaves_the_sessions_of_colleagues(app, staff_client):
    store_account("colleague")
    colleague = app.test_client()
    colleague.post("/staff/login", data={**RIGHT, "username": "colleague"})
    staff_client.post("/staff/logout")
    assert colleague.get("/staff/").status_code == 200


def test_logging_out_twice_is_harmless(staff_client):
    assert [staff_client.post("/staff/logout").status_code for _ in range(2)] == [302, 302]


@pytest.mark.parametrize(("step", "field"), [("move", "public_note"), ("answer", "body")])
def test_what_staff_wrote_is_on_the_login_page_when_their_session_has_ended(client, staff_client, step, field):
    send(client)
    address = f"/staff/reports/{reports()[0].id}/{step}"
    staff_client.post("/staff/logout")
    answer = staff_client.post(address, data={"to_status": "planned", field: "Min långa text."})
    assert answer.status_code == 403
    assert "Min långa text.</textarea>" in answer.text
    assert reports()[0].status == "received"
    again = staff_client.post("/staff/login", data={"username": "tester", "password": "-", "unsent": "Min långa text."})
    assert "Min långa text.</textarea>" in again.text


def test_an_account_that_is_gone_is_outside(staff_client):
    with unit_of_work() as session:
        session.delete(session.scalar(select(StaffAccount)))
    assert staff_client.get("/staff/").status_code == 302


def test_a_member_of_staff_who_reports_gets_no_cookie_there(staff_client):
    send(staff_client)
    assert "Set-Cookie" not in staff_client.get("/sv/report").headers


def test_a_password_is_stored_as_argon2id_and_no_other_way(app):
    with unit_of_work() as session:
        add_account(session, username="tester", password=PASSWORD)
    stored = db.session.scalar(select(StaffAccount.password_hash))
    assert stored.startswith("$argon2id$")
    assert authenticate(db.session(), username=" tester ", password=PASSWORD)


@pytest.mark.parametrize(
    ("username", "password"),
    [("tester", PASSWORD), ("short", "elevenchars"), ("", PASSWORD), ("  ", PASSWORD), ("x" * 81, PASSWORD)],
)
def test_an_account_that_would_not_be_sound_is_refused(account, username, password):
    with pytest.raises(AccountRefused), unit_of_work() as session:
        add_account(session, username=username, password=password)
    assert count(StaffAccount) == 1
