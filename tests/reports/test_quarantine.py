"""Nothing is dropped silently: what looks like spam is set aside for staff, and a classroom is no spam."""

from citizen_portal.web.suspicion import MOST_UNSUSPECTED
from tests.steps import follow, reports, send

FROM_SCHOOL = {"REMOTE_ADDR": "192.0.2.10"}


def post_many(client, number: int) -> None:
    for each in range(number):
        answer = client.post(
            "/sv/report",
            data={"theme": "drugs", "place": "vasby_centrum", "description": f"Elev {each}"},
            environ_overrides=FROM_SCHOOL,
        )
        assert answer.status_code == 200


def statuses() -> list[str]:
    return sorted(report.status for report in reports())


def test_a_classroom_of_thirty_behind_one_address_gets_through(client):
    post_many(client, 30)
    assert statuses() == ["received"] * 30


def test_reports_past_the_limit_of_one_address_are_set_aside_and_never_refused(client):
    post_many(client, MOST_UNSUSPECTED + 2)
    assert statuses().count("quarantined") == 2
    assert {report.quarantine_reason for report in reports()} == {None, "many_from_one_address"}


def test_other_addresses_are_not_suspected_for_it(client):
    post_many(client, MOST_UNSUSPECTED + 1)
    send(client, description="från ett annat nät")
    [other] = [report for report in reports() if report.description == "från ett annat nät"]
    assert other.status == "received"


def test_whoever_fills_in_the_hidden_field_is_stored_set_aside_and_gets_a_receipt(either_app):
    client = either_app.test_client(use_cookies=False)
    receipt = send(client, website="https://spam.example")
    [report] = reports()
    assert (report.status, report.quarantine_reason) == ("quarantined", "honeypot")
    assert follow(client, receipt).status_code == 200


def test_a_report_that_was_set_aside_looks_received_to_whoever_sent_it(client):
    aside = follow(client, send(client, website="x", submission_key="1")).text
    received = follow(client, send(client, submission_key="2")).text
    without_receipt = [line for line in aside.splitlines() if 'name="receipt"' not in line]
    assert without_receipt == [line for line in received.splitlines() if 'name="receipt"' not in line]


def test_nothing_that_is_stored_says_which_address_a_report_came_from(app, client):
    post_many(client, 2)
    data_dir = app.config["PORTAL_SETTINGS"].data_dir
    stored = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    assert b"192.0.2.10" not in stored
