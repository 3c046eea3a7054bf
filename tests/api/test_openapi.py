"""The description of the feed: sound by its own rules, and true of every address and answer."""

import re

import pytest

from citizen_portal.baseline.releasing import withdraw
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.snapshots import AFTER, FOLLOW_UP_CODE, FROZEN_ON

DESCRIPTION = "/api/v1/openapi.json"


@pytest.fixture
def described(client) -> dict:
    return client.get(DESCRIPTION).get_json()


def test_a_checker_of_openapi_finds_nothing_to_complain_of(described):
    from openapi_spec_validator import OpenAPIV31SpecValidator

    described["paths"]["/api/v1/baseline/{code}"]["get"]["responses"]["200"]["content"]["application/json"] = {}
    assert [error.message for error in OpenAPIV31SpecValidator(described).iter_errors()] == []


def test_every_address_of_the_feed_is_described_and_no_other(app, described):
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("feed.")]
    assert {rule.rule.replace("<", "{").replace(">", "}") for rule in rules} == set(described["paths"])
    for rule in rules:
        assert rule.methods == {"GET", "HEAD", "OPTIONS"}


def test_every_answer_is_as_described(client, snapshots, described):
    from jsonschema import Draft202012Validator

    headers = described["components"]["headers"]
    for path, operations in described["paths"].items():
        answer = client.get(path.format(code=FOLLOW_UP_CODE))
        promised = operations["get"]["responses"]["200"]
        assert list(promised["content"]) == [answer.mimetype], path
        for name, reference in promised["headers"].items():
            header = headers[reference["$ref"].rpartition("/")[2]]
            assert re.search(header["schema"].get("pattern", ""), answer.headers[name]), (path, name)
        if "404" in operations["get"]["responses"]:
            problem = client.get(path.format(code="no-such-snapshot"))
            assert (problem.status_code, problem.mimetype) == (404, "application/problem+json")
            schema = {"$ref": "#/components/schemas/Problem", "components": described["components"]}
            Draft202012Validator(schema).validate(problem.get_json(force=True))


def test_what_is_gone_is_as_described(client, snapshots, described):
    from jsonschema import Draft202012Validator

    with unit_of_work() as session:
        withdraw(session, FOLLOW_UP_CODE, because="Fel", today=FROZEN_ON[AFTER])
    for schema, address in (("List", "/api/v1/baseline"), ("Problem", f"/api/v1/baseline/{FOLLOW_UP_CODE}")):
        wanted = {"$ref": f"#/components/schemas/{schema}", "components": described["components"]}
        Draft202012Validator(wanted).validate(client.get(address).get_json(force=True))
    for path, operations in described["paths"].items():
        assert ("410" in operations["get"]["responses"]) == ("{code}" in path)


@pytest.mark.parametrize("filled", [True, False], ids=["with snapshots", "empty"])
def test_the_list_is_as_described(client, described, filled, request):
    from jsonschema import Draft202012Validator

    if filled:
        request.getfixturevalue("snapshots")
    schema = {"$ref": "#/components/schemas/List", "components": described["components"]}
    answer = client.get("/api/v1/baseline").get_json()
    Draft202012Validator(schema).validate(answer)
    assert len(answer["snapshots"]) == (2 if filled else 0)


def test_what_it_refers_to_is_the_published_schema(client, described):
    operation = described["paths"]["/api/v1/baseline/{code}"]["get"]
    reference = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert client.get(DESCRIPTION.replace("openapi.json", reference)).mimetype == "application/schema+json"
