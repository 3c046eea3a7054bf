"""Whatever others behind the same address type: a right receipt, letter code or password is let in, at every door.

The doors are found by trying every route of residents and of the gate, so that a new one is held to it by itself.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from citizen_portal.staff.accounts import authenticate
from citizen_portal.storage.engine import db
from citizen_portal.surveys.invitations import in_groups
from citizen_portal.surveys.models import AnswerSet
from citizen_portal.web.wrong_tries import FREE_TRIES
from tests.architecture.test_routes import ACCESS, GATE, RESIDENT
from tests.conftest import PASSWORD, store_account
from tests.steps import WRONG_CODE, count, follow, send
from tests.waves import store_wave

CHILDREN, GUESSERS = 30, 10
SCHOOL = {"REMOTE_ADDR": "192.0.2.10"}
WRONG_LETTER = "K7MP-Q2XR-9ACE"
# Every route that opens something to a secret. One that takes a secret and is not here fails the first test below.
DOORS = {
    "follow.show": 200,
    "follow.message": 200,
    "follow.withdraw": 200,
    "letters.enter": 200,
    "short_links.short_link": 200,
    "survey.questions": 200,
    "survey.send": 200,
    "gate.enter": 302,
}


class Secrets(NamedTuple):
    """What opens the doors; each is good for being used once."""

    receipt: str
    letter: str
    password: str


WRONG = Secrets(WRONG_CODE, WRONG_LETTER, "a wrong password")


@pytest.fixture
def right(app, client) -> Iterator[Secrets]:
    """Rights of people who all sit behind one address."""
    store_account("officer")
    letters = iter(store_wave("by-letter", letters=CHILDREN + 2).codes)
    number = iter(range(CHILDREN + 2))
    return iter(
        lambda: Secrets(send(client, submission_key=f"child {next(number)}"), in_groups(next(letters)), PASSWORD), None
    )


def doors_of(app) -> list[tuple[str, str, str]]:
    """Endpoint, method and address of every route that a stranger may ask for; ``{letter}`` stands for a code."""
    examples = {
        "language": "sv", "topic": "privacy", "area": "centrum", "place": "vasby_centrum", "wave_code": "by-letter",
        "digest": "0", "code": "LETTER",
    }  # fmt: skip
    with app.test_request_context("/sv/"):
        return [
            (rule.endpoint, method, app.url_for(rule.endpoint, _method=method, **values))
            for rule in app.url_map.iter_rules()
            if ACCESS[rule.endpoint] in {RESIDENT, GATE} and rule.endpoint != "gate.logout"
            for values in [{name: examples[name] for name in rule.arguments}]
            for method in sorted(rule.methods & {"GET", "POST"})
        ]


def knock(client, method: str, address: str, tried: Secrets):
    """Try a door with everything that could be its secret."""
    told = {
        "receipt": tried.receipt, "code": tried.letter, "message": "Hej", "username": "officer",
        "password": tried.password, "safe_by_day": "very_safe",
    }  # fmt: skip
    address = address.replace("LETTER", tried.letter)
    fields = {"data": told} if method == "POST" else {"query_string": told}
    return client.open(address, method=method, environ_overrides=SCHOOL, **fields)


def test_every_door_makes_wrong_ones_wait_and_lets_the_right_one_in_however_many_there_were(app, client, right):
    met = {}
    for endpoint, method, address in doors_of(app):
        answers = [knock(client, method, address, WRONG) for _try in range(FREE_TRIES + 2)]
        if 429 not in {answer.status_code for answer in answers}:
            continue
        assert int(answers[-1].headers["Retry-After"]) > 0, endpoint
        met[endpoint] = knock(client, method, address, next(right)).status_code
        assert knock(client, method, address, WRONG).status_code == 429, "the right one changed nothing for the wrong"
    assert met == DOORS


def test_thirty_children_behind_one_address_come_through_while_ten_of_them_type_wrong_codes_all_the_time(
    app, client, right
):
    for number in range(CHILDREN):
        for _guesser in range(GUESSERS):
            assert follow(client, WRONG_CODE, environ_overrides=SCHOOL).status_code in {404, 429}
            knock(client, "POST", "/sv/survey", WRONG)
        child = next(right)
        assert follow(client, child.receipt, environ_overrides=SCHOOL).status_code == 200, number
        assert knock(client, "GET", "/e/LETTER", child).status_code == 200, number
        assert knock(client, "POST", "/sv/survey/by-letter", child).status_code == 200, number
    assert count(AnswerSet) == CHILDREN


def test_a_name_that_nobody_has_is_made_to_wait_like_one_that_somebody_has(app, client):
    store_account("officer")
    waits = {}
    for name, network in (("officer", "203.0.113.1"), ("nobody", "203.0.113.2")):
        guesses = [
            client.post(
                "/staff/login",
                data={"username": name, "password": "a wrong password"},
                environ_overrides={"REMOTE_ADDR": network},
            )
            for _guess in range(FREE_TRIES + 1)
        ]
        waits[name] = [(answer.status_code, answer.headers.get("Retry-After")) for answer in guesses]
    assert waits["officer"] == waits["nobody"]
    assert authenticate(db.session(), username="officer", password=PASSWORD)
