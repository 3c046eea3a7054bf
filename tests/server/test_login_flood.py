"""Very many who guess passwords at once: pages, reports and the officer with the right one still come through."""

import shutil
from contextlib import ExitStack

import pytest

from citizen_portal.front.lanes import MOST_LOGINS_WAITING
from tests.conftest import PASSWORD, Server
from tests.server.posting import MINIMAL, ask
from tests.server.raw import answers, connected, form_head

GUESSES = 60
GUESS = b"username=officer&password=a+wrong+password"
TOO_BUSY = "Många loggar in just nu".encode()


@pytest.fixture
def one_thread(tmp_path, migrated_sqlite):
    data_dir = shutil.copytree(migrated_sqlite, tmp_path / "served")
    server = Server(data_dir, PORTAL_WORKERS="1", PORTAL_THREADS="1", PORTAL_TRUSTED_PROXIES="1")
    server.run("staff", "add", "officer", "--password", PASSWORD)
    yield server
    server.stop()


def guess_from(number):
    """Each from a network of its own, so that no count of wrong ones stops them."""
    return form_head("/staff/login", len(GUESS), f"X-Forwarded-For: 10.{number}.0.1", "Connection: close") + GUESS


def test_pages_and_reports_go_on_while_many_guess_and_each_of_these_is_told_something(one_thread):
    with ExitStack() as stack:
        guessers = [stack.enter_context(connected(one_thread.port)) for _number in range(GUESSES)]
        for number, guesser in enumerate(guessers):
            guesser.sendall(guess_from(number))
        assert [ask(one_thread.url + path).status for path in ("/sv/", "/sv/report", "/sv/results")] == [200] * 3
        assert ask(one_thread.url + "/sv/report", form=MINIMAL).receipt
        told = [answers(guesser) for guesser in guessers]
    statuses = [answer.split(b" ", 2)[1] for answer in told]
    assert set(statuses) == {b"422", b"503"}
    assert statuses.count(b"503") >= GUESSES - MOST_LOGINS_WAITING - GUESSES // 2
    busy = [answer for answer, status in zip(told, statuses, strict=True) if status == b"503"]
    assert all(b"retry-after: 60" in answer.lower() and answer.endswith(b"</html>") for answer in busy)
    # On the page of the login, with what was typed, as long as there are not all too many.
    assert any(TOO_BUSY in answer and b'value="officer"' in answer for answer in busy)
    entered = ask(one_thread.url + "/staff/login", form={"username": "officer", "password": PASSWORD})
    assert entered.status == 302
