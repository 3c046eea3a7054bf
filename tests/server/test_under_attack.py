"""Slow bodies, costly photos, guessed passwords and the same report again and again, all at once: everyone is answered.

The long form, with figures, is ``make attack``.
"""

import shutil

import pytest

from benchmarks.attack import NO_ANSWER, Strength
from benchmarks.attacked import attacking
from tests.conftest import Server
from tests.server.posting import MINIMAL, ask, exported

SECONDS = 6
TIMES = 40
RESIDENTS = 5
# What each of the attackers may be told; the slow ones not even that, before their patience ends.
TOLD = {"slow": set(), "photos": {"200", "422", "503"}, "logins": {"422", "429", "503"}, "spam": {"200", "429", "503"}}


@pytest.fixture
def served(tmp_path, migrated_sqlite):
    server = Server(shutil.copytree(migrated_sqlite, tmp_path / "served"), PORTAL_TRUSTED_PROXIES="1")
    yield server
    server.stop()


def report_of(server, number):
    words = {**MINIMAL, "description": f"resident {number}"}
    return ask(server.url + "/sv/report", form=words, headers={"X-Forwarded-For": f"172.16.{number}.1"})


def test_every_page_and_every_report_is_answered_while_all_attacks_run(served):
    strength = Strength(slow=50, photos=2, logins=30, spam=8, side=3000)
    with attacking(served.port, SECONDS, strength) as answers:
        pages = [ask(served.url + path).status for _time in range(TIMES) for path in ("/sv/", "/ar/", "/sv/report")]
        receipts = [report_of(served, number).receipt for number in range(RESIDENTS)]
    assert pages == [200] * 3 * TIMES
    assert all(receipts)
    assert {f"resident {number}" for number in range(RESIDENTS)} <= {row["description"] for row in exported(served)}
    for attack, told in TOLD.items():
        assert set(answers[attack]) <= told, f"{attack} was told {answers[attack]}"
    assert NO_ANSWER not in set().union(*answers.values())
    assert answers["spam"]["200"] > 0
    assert answers["logins"]["422"] > 0
