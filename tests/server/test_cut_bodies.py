"""A post is whole or it is nothing: every form of the portal, cut at many bytes, stores nothing and uses no code."""

import re
import shutil
import socket
import sqlite3
from urllib.parse import urlencode

import pytest
from werkzeug.test import encode_multipart

from tests.conftest import PASSWORD, Server, fresh, portal
from tests.every_form import every_form
from tests.server.nginx import nginx_before, trusting_nobody
from tests.steps import send

BOUNDARY = "----cut"
PATIENCE_SECONDS = 20
CHANGE_SOMETHING = {
    *("reports.send", "follow.message", "follow.withdraw", "survey.send", "desk.answer", "gate.logout"),
}


def urlencoded(fields):
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def multipart(fields):
    values = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    return f"multipart/form-data; boundary={BOUNDARY}", encode_multipart(values, boundary=BOUNDARY)[1]


def places_to_cut(body):
    """Some places in between, the last bytes, and where fields end: what is left there reads as a whole form."""
    ends_of_fields = [found.start() for found in re.finditer(rb"&|\r\n--", body)]
    some_ends = ends_of_fields[:: max(1, len(ends_of_fields) // 4)]
    evenly = [len(body) * part // 6 for part in range(6)]
    return sorted(at for at in {*some_ends, *evenly, *range(len(body) - 4, len(body))} if at >= 0)


def head(form, kind, framing):
    cookie = f"Cookie: {form.cookie}\r\n" if form.cookie else ""
    return (
        f"POST {form.address} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}Content-Type: {kind}\r\n{framing}\r\n\r\n".encode()
    )


def sent(port, request, *, broken_off=False, tls=None):
    """The answer to a request, after which nothing more comes when it is broken off."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    with tls.wrap_socket(plain) if tls else plain as connection:
        connection.sendall(request)
        if broken_off:
            socket.socket.shutdown(connection, socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def status(answer):
    return int(answer.split(b" ", 2)[1]) if answer else 0


class ServedCopy(Server):
    """The real server, and every row of its database."""

    def rows(self):
        with sqlite3.connect(self.data_dir / "portal.sqlite3") as connection:
            found = list(connection.iterdump())
        connection.close()
        return found


@pytest.fixture
def app(tmp_path, migrated_sqlite):
    """A portal of this test's own, so that its files hold what it holds in memory and nothing of another test."""
    with fresh(portal(shutil.copytree(migrated_sqlite, tmp_path / "instance"))) as app:
        yield app


@pytest.fixture
def forms(app, staff_client, noise, letter_wave):
    """Every form, in a portal with something of everything, and what a resident or a colleague would know."""
    receipt = send(app.test_client(use_cookies=False), description="Att följa upp.")
    cookie = f"staff={staff_client.get_cookie('staff', path='/staff').value}"
    visitors = {"": app.test_client(use_cookies=False), cookie: staff_client}
    known = {"code": letter_wave.codes[0], "receipt": receipt, "username": "tester", "password": PASSWORD}
    return every_form(app, visitors, known)


@pytest.fixture
def served(app, forms, tmp_path):
    """The real server on a copy of that portal."""
    data_dir = shutil.copytree(app.config["PORTAL_SETTINGS"].data_dir, tmp_path / "served")
    server = ServedCopy(data_dir, PORTAL_WORKERS="1")
    yield server
    server.stop()


def test_a_form_that_is_cut_anywhere_is_refused_and_changes_nothing(forms, served):
    before, answers, taken = served.rows(), {}, set()
    for form in forms:
        for encoding in (urlencoded, multipart):
            kind, body = encoding(form.fields)
            for at in places_to_cut(body):
                cut = head(form, kind, f"Content-Length: {len(body)}") + body[:at]
                assert status(sent(served.port, cut, broken_off=True)) == 400, f"{form}, {kind}, {at} of {len(body)}"
        assert served.rows() == before, form
        # Whole, the same form is another matter, or it would be nothing that refuses it when it is cut.
        whole = head(form, kind, f"Content-Length: {len(body)}\r\nConnection: close") + body
        answers[form.endpoint] = sent(served.port, whole)
        assert status(answers[form.endpoint]) not in {0, 400, 500}, form
        if served.rows() != before:
            taken.add(form.endpoint)
            before = served.rows()
    assert {endpoint: answers[endpoint] for endpoint in CHANGE_SOMETHING - taken} == {}


def test_a_multipart_form_without_its_closing_boundary_is_refused_and_changes_nothing(forms, served):
    before = served.rows()
    for form in forms:
        kind, body = multipart(form.fields)
        for at in places_to_cut(body.rstrip().removesuffix(b"--")):
            short = head(form, kind, f"Content-Length: {at}\r\nConnection: close") + body[:at]
            assert status(sent(served.port, short)) == 400, f"{form}, {at} of {len(body)}"
    assert served.rows() == before


def test_through_nginx_a_form_that_is_cut_changes_nothing_either(forms, served, tmp_path):
    before, tls = served.rows(), trusting_nobody()
    with nginx_before(served.port, tmp_path / "nginx") as port:
        for form in forms:
            for encoding in (urlencoded, multipart):
                kind, body = encoding(form.fields)
                for at in (0, len(body) // 2, len(body) - 1):
                    cut = head(form, kind, f"Content-Length: {len(body)}") + body[:at]
                    assert status(sent(port, cut, broken_off=True, tls=tls)) in {0, 400}, f"{form}, {kind}, {at}"
        assert served.rows() == before
        report = next(form for form in forms if form.endpoint == "reports.send")
        kind, body = multipart(report.fields)
        whole = head(report, kind, f"Content-Length: {len(body)}\r\nConnection: close") + body
        assert status(sent(port, whole, tls=tls)) == 200
    assert served.rows() != before
