"""Whoever sends or reads slowly waits alone: pages are answered and reports are stored meanwhile."""

import csv
import shutil
import time
from contextlib import ExitStack, contextmanager
from io import StringIO

import pytest

from benchmarks.many_reports import database_of
from citizen_portal.front.bodies import MOST_AT_ONCE
from citizen_portal.front.streams import MOST_AT_ONCE as MOST_STREAMS
from tests.conftest import PASSWORD, Server
from tests.server.nginx import nginx_before, trusting_nobody
from tests.server.posting import MINIMAL, ask, exported
from tests.server.raw import answers, connected, form_head, head

A_HANDFUL, HUNDREDS = 8, 200
ROWS = 40_000


@pytest.fixture
def one_thread(tmp_path, migrated_sqlite):
    """The real server with as little as it can have: whatever takes a thread takes the only one."""
    server = Server(shutil.copytree(migrated_sqlite, tmp_path / "served"), PORTAL_WORKERS="1", PORTAL_THREADS="1")
    yield server
    server.stop()


@contextmanager
def slow_senders(port, number, tls=None):
    """Connections that have begun a form, and send a byte of it now and then."""
    with ExitStack() as stack:
        senders = [stack.enter_context(connected(port, tls)) for _number in range(number)]
        for sender in senders:
            sender.sendall(form_head("/sv/report", 5000) + b"theme=d")
        yield lambda: [sender.sendall(b"r") for sender in senders]


def get(server, path):
    return ask(server.url + path).status


@pytest.mark.parametrize("number_of_them", [A_HANDFUL, HUNDREDS])
def test_pages_are_answered_and_reports_stored_while_others_send_slowly(one_thread, number_of_them):
    with slow_senders(one_thread.port, number_of_them) as send_a_byte:
        for number in range(3):
            send_a_byte()
            assert [get(one_thread, path) for path in ("/sv/", "/sv/report", "/sv/results", "/readyz")] == [200] * 4
            assert ask(one_thread.url + "/sv/report", form={**MINIMAL, "description": f"meanwhile {number}"}).receipt
    assert {row["description"] for row in exported(one_thread)} == {f"meanwhile {number}" for number in range(3)}


@pytest.mark.parametrize("number_of_them", [A_HANDFUL, HUNDREDS])
def test_through_nginx_too(one_thread, tmp_path, number_of_them):
    tls, nginx = trusting_nobody(), nginx_before(one_thread.port, tmp_path / "nginx")
    with nginx as port, slow_senders(port, number_of_them, tls) as send_a_byte:
        send_a_byte()
        with connected(port, tls) as resident:
            resident.sendall(head("GET", "/sv/", "Connection: close"))
            assert answers(resident).startswith(b"HTTP/1.1 200")
        with connected(port, tls) as resident:
            body = b"theme=drugs&place=vasby_centrum"
            resident.sendall(form_head("/sv/report", len(body), "Connection: close") + body)
            assert b'<output id="receipt"' in answers(resident)


def test_when_too_many_send_the_slowest_makes_room_and_is_told_so_in_its_language(one_thread):
    with connected(one_thread.port) as slowest:
        slowest.sendall(form_head("/fi/report", 5000) + b"theme=d")
        assert get(one_thread, "/sv/") == 200
        with slow_senders(one_thread.port, MOST_AT_ONCE):
            said = answers(slowest).decode()
            assert ask(one_thread.url + "/sv/report", form=MINIMAL).receipt
    assert said.startswith("HTTP/1.1 408")
    assert "connection: close" in said.lower()
    assert "Lähetys kesti liian kauan" in said


@pytest.fixture
def much_to_read(tmp_path):
    """The real server with one thread and more reports than any buffer on the way takes in, and an officer's cookie."""
    server = Server(database_of(ROWS, tmp_path / "much"), PORTAL_WORKERS="1", PORTAL_THREADS="1")
    server.run("staff", "add", "officer", "--password", PASSWORD)
    entered = ask(server.url + "/staff/login", form={"username": "officer", "password": PASSWORD})
    yield server, f"Cookie: {entered.headers['set-cookie'].partition(';')[0]}"
    server.stop()


def test_slow_readers_of_a_long_file_hold_up_nobody_and_get_it_whole(much_to_read):
    server, cookie = much_to_read
    download = head("GET", "/staff/reports.csv?for=machines", cookie, "Connection: close")
    with ExitStack() as stack:
        readers = [stack.enter_context(connected(server.port)) for _number in range(3)]
        for reader in readers:
            reader.sendall(download)
            assert reader.recv(15) == b"HTTP/1.1 200 OK"
        assert ask(server.url + "/sv/report", form=MINIMAL).receipt
        assert get(server, "/sv/results") == 200
        text = unchunked(answers(readers[0])).decode()
    assert len(list(csv.DictReader(StringIO(text, newline="")))) == ROWS
    # The others have hung up in the middle. That gives back what they held, or these could not all begin.
    for _number in range(MOST_STREAMS + 1):
        assert begins(server.port, download)
    assert ask(server.url + "/sv/report", form=MINIMAL).status == 200


def begins(port, download):
    """Whether a download begins, at last; that the one before has hung up may not have been noticed yet."""
    for _try in range(600):
        with connected(port) as reader:
            reader.sendall(download)
            if reader.recv(15) == b"HTTP/1.1 200 OK":
                return True
        time.sleep(0.05)
    return False


def unchunked(rest_of_answer):
    body, whole = rest_of_answer.partition(b"\r\n\r\n")[2], b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        whole, body = whole + body[:length], body[length + 2 :]
        if not length:
            return whole
    raise AssertionError("the answer has no end")
