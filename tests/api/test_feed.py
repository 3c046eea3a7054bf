"""The feed over HTTP: bytes, digests, caches, other sites, and what is said when there is nothing."""

import base64
import hashlib
import json
import re
from dataclasses import replace

import pytest
from sqlalchemy import event

from citizen_portal.baseline.releasing import withdraw
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.snapshots import AFTER, BASELINE_CODE, FOLLOW_UP_CODE, FROZEN_ON

LIST = "/api/v1/baseline"
DOCUMENT = f"{LIST}/{FOLLOW_UP_CODE}"


def lasting_headers(answer) -> dict[str, str]:
    """The headers without the second they were written in, which may turn between two answers."""
    return {name: value for name, value in answer.headers.items() if name != "Date"}


def addresses(client) -> list[str]:
    """Every address that the list gives, as paths."""
    answer = client.get(LIST).get_json()
    links = [answer["links"], *(each["links"] for each in answer["snapshots"])]
    return [link.removeprefix("http://localhost") for each in links for link in each.values()]


def test_the_document_is_given_byte_for_byte_as_it_was_frozen(client, snapshots):
    for snapshot in snapshots:
        answer = client.get(f"{LIST}/{snapshot.code}")
        assert answer.data == snapshot.public_document.encode()
        assert answer.content_type == "application/json"
        assert answer.get_etag() == (snapshot.public_digest, False)


def test_the_list_names_every_snapshot_the_latest_first(client, snapshots):
    answer = client.get(LIST).get_json()
    latest, first = answer["snapshots"]
    assert (latest["code"], latest["kind"], latest["against"]) == (FOLLOW_UP_CODE, "follow_up", BASELINE_CODE)
    assert (first["code"], first["kind"], first["against"]) == (BASELINE_CODE, "baseline", None)
    assert first["period"] == {"from": "2023-04-01", "to": "2024-03-31"}
    assert (first["wave"], first["frozen_on"]) == ("spring-2024", "2024-05-02")
    assert [each["public_digest"] for each in (first, latest)] == [each.public_digest for each in snapshots]


def test_without_a_snapshot_the_list_is_empty(app, client):
    assert client.get(LIST).get_json()["snapshots"] == []


def test_every_answer_is_known_by_the_digest_of_its_bytes(client, snapshots):
    for address in addresses(client):
        answer = client.get(address)
        assert answer.status_code == 200, address
        digest = hashlib.sha256(answer.data)
        assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        assert answer.get_etag() == (digest.hexdigest(), False)


def test_whoever_has_the_bytes_gets_none(client, snapshots):
    for address in addresses(client):
        etag = client.get(address).headers["ETag"]
        answer = client.get(address, headers={"If-None-Match": etag})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)
        assert client.get(address, headers={"If-None-Match": '"of other bytes"'}).status_code == 200


def test_answers_may_be_kept_for_minutes_so_that_a_withdrawal_is_soon_seen(client, snapshots):
    assert client.get(DOCUMENT).headers["Cache-Control"] == "public, max-age=300"
    assert client.get(LIST).headers["Cache-Control"] == "public, max-age=300"


def test_what_was_withdrawn_says_when_and_why_and_keeps_its_digest(client, snapshots):
    digest = snapshots[1].public_digest
    with unit_of_work() as session:
        withdraw(session, FOLLOW_UP_CODE, because="Fel år i registret", today=FROZEN_ON[AFTER])
    listed = client.get(LIST).get_json()
    assert [each["code"] for each in listed["snapshots"]] == [BASELINE_CODE]
    assert listed["withdrawn"] == [
        {
            "code": FOLLOW_UP_CODE,
            "withdrawn_on": FROZEN_ON[AFTER].isoformat(),
            "because": "Fel år i registret",
            "replaced_by": None,
            "public_digest": digest,
        }
    ]
    for name in ("", ".csv", ".csv-metadata.json", ".jsonstat.json", ".zip"):
        gone = client.get(DOCUMENT + name)
        assert (gone.status_code, gone.mimetype) == (410, "application/problem+json")
        for said in ("Fel år i registret", FROZEN_ON[AFTER].isoformat(), digest):
            assert said in gone.get_json(force=True)["detail"]
    assert FOLLOW_UP_CODE not in client.get("/api/v1/catalogue.ttl").text


def test_the_head_of_an_answer_is_that_of_its_bytes(client, snapshots):
    for address in addresses(client):
        head, answer = client.head(address), client.get(address)
        assert (head.status_code, head.data) == (200, b"")
        assert lasting_headers(head) == lasting_headers(answer)


def test_every_site_may_read_the_feed_and_nobody_gets_a_cookie(client, snapshots):
    for address in [*addresses(client), f"{LIST}/no-such-snapshot"]:
        headers = client.get(address, headers={"Origin": "https://elsewhere.example"}).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Access-Control-Allow-Credentials" not in headers
        assert "Set-Cookie" not in headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_the_answer_to_a_member_of_staff_is_the_one_that_caches_may_share(client, snapshots, staff_client):
    for address in addresses(client):
        theirs, anyones = staff_client.get(address), client.get(address)
        assert "Set-Cookie" not in theirs.headers
        assert "Cookie" not in theirs.headers.get("Vary", "")
        assert (theirs.data, lasting_headers(theirs)) == (anyones.data, lasting_headers(anyones))


def test_no_other_site_may_read_anything_else(client):
    for address in ["/sv/", "/healthz", "/no-such-page", "/sv/report"]:
        headers = client.get(address, headers={"Origin": "https://elsewhere.example"}).headers
        assert "Access-Control-Allow-Origin" not in headers
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("address", [f"{LIST}/no-such-snapshot", f"{LIST}/no-such-snapshot.csv", "/api/v1/nothing"])
def test_an_unknown_address_is_a_problem_in_english(app, client, address):
    answer = client.get(address, headers={"Accept-Language": "sv"})
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    problem = json.loads(answer.data)
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Not Found", 404)
    assert LIST in problem["detail"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_while_the_database_is_away_it_is_a_problem_that_passes(app, client):
    db.session.remove()
    db.engine.dispose()
    app.config["PORTAL_SETTINGS"].data_dir.joinpath("portal.sqlite3").unlink()
    answer = client.get(LIST)
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert "Try again" in answer.get_json(force=True)["detail"]


def test_the_full_figures_are_never_read(client, snapshots):
    statements = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for address in addresses(client):
            client.get(address)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    asked = [each for each in statements if "baseline_snapshot" in each]
    assert len(asked) > 10
    assert [each for each in asked if re.search(r"baseline_snapshot\.(document|digest)", each)] == []


def test_the_feed_is_only_read(client, snapshots):
    for address in addresses(client):
        for method in ("POST", "PUT", "DELETE"):
            answer = client.open(address, method=method)
            assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
            assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_addresses_are_those_of_the_public_site(app, client, snapshots, monkeypatch):
    assert client.get(LIST).get_json()["links"]["self"] == f"http://localhost{LIST}"
    public = replace(app.config["PORTAL_SETTINGS"], public_url="https://tryggt.example.se")
    monkeypatch.setitem(app.config, "PORTAL_SETTINGS", public)
    assert client.get(LIST).get_json()["links"]["self"] == f"https://tryggt.example.se{LIST}"
    assert "http://localhost" not in client.get("/api/v1/catalogue.ttl").text
    assert "https://tryggt.example.se" in client.get(DOCUMENT).headers["Link"]


def test_a_snapshot_says_where_its_description_is(client, snapshots):
    links = client.get(DOCUMENT).headers.getlist("Link")
    assert f'<http://localhost{LIST}.schema.json>; rel="describedby"; type="application/schema+json"' in links
    links = client.get(f"{DOCUMENT}.csv").headers.getlist("Link")
    metadata = f"<http://localhost{DOCUMENT}.csv-metadata.json>"
    assert f'{metadata}; rel="describedby"; type="application/csvm+json"' in links


def test_the_schema_accepts_what_is_published_and_nothing_more(client, documents):
    from jsonschema import Draft202012Validator

    schema = client.get(f"{LIST}.schema.json").get_json()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for document in documents:
        assert [error.message for error in validator.iter_errors(document)] == []
        assert not validator.is_valid({**document, "answer_sets": 600})
        hidden = next(
            value for each in document["indicators"] for value in each["values"] if not value["shown"]
        )  # fmt: skip
        hidden["value"] = 12
        assert not validator.is_valid(document), "a hidden cell has no number"


def test_no_object_of_the_schema_lets_anything_unnamed_pass(client):
    def objects(part):
        if isinstance(part, dict):
            if part.get("type") == "object":
                yield part
            for each in part.values():
                yield from objects(each)

    named = [each for each in objects(client.get(f"{LIST}.schema.json").get_json()) if "propertyNames" not in each]
    assert len(named) > 6
    assert [each for each in named if each.get("additionalProperties") is not False] == []
