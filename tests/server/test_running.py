"""The real server as residents and operators meet it: a full classroom, and a stop."""

import os
import shutil
import signal
import socket
from concurrent.futures import ThreadPoolExecutor

from tests.conftest import PASSWORD, Server
from tests.server.posting import MINIMAL, ask, exported

CLASSROOM = 30


def test_a_classroom_of_thirty_behind_one_address_gets_through(server):
    def report(number):
        return ask(server.url + "/sv/report", form={**MINIMAL, "description": f"pupil {number}"})

    with ThreadPoolExecutor(CLASSROOM) as classroom:
        answers = list(classroom.map(report, range(CLASSROOM)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.receipt for answer in answers}) == CLASSROOM
    rows = exported(server)
    assert sorted(row["description"] for row in rows) == sorted(f"pupil {number}" for number in range(CLASSROOM))
    assert {row["status"] for row in rows} == {"received"}


def test_a_request_to_stop_is_obeyed_in_good_order(server):
    assert ask(server.url + "/sv/").status == 200
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=30) == 0
    assert not _anyone_left(server.process.pid), "no worker outlives the server"


def test_a_report_being_stored_when_the_server_is_asked_to_stop_is_acknowledged_or_absent(server):
    def report(number):
        try:
            return number, ask(server.url + "/sv/report", form={**MINIMAL, "description": f"last {number}"}).receipt
        except OSError:
            return number, None

    with ThreadPoolExecutor(8) as residents:
        sent = [residents.submit(report, number) for number in range(40)]
        sent[4].result()
        server.process.terminate()
        answered = [each.result() for each in sent]
    server.process.wait(timeout=20)
    stored = [row["description"] for row in exported(server)]
    acknowledged = [f"last {number}" for number, receipt in answered if receipt]
    assert acknowledged, "some came through before the stop"
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))


def test_downloads_leave_connections_to_the_database_for_everyone_else(tmp_path, migrated_sqlite):
    shutil.copytree(migrated_sqlite, tmp_path / "served")
    server = Server(tmp_path / "served", PORTAL_WORKERS="1", PORTAL_THREADS="1")
    try:
        server.run("staff", "add", "officer", "--password", PASSWORD)
        entered = ask(server.url + "/staff/login", form={"username": "officer", "password": PASSWORD})
        cookie = {"Cookie": entered.headers["set-cookie"].partition(";")[0]}
        for _download in range(5):
            assert ask(server.url + "/staff/reports.csv", headers=cookie).status == 200
            _hang_up_in_the_middle(server, cookie)
        assert ask(server.url + "/sv/report", form=MINIMAL).receipt
    finally:
        server.stop()


def _hang_up_in_the_middle(server, cookie):
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        asked = f"GET /staff/reports.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie['Cookie']}\r\n\r\n"
        connection.sendall(asked.encode())
        connection.recv(10)


def _anyone_left(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
