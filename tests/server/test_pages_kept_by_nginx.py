"""The shipped nginx answers pages that are the same for everyone, also without the portal, and keeps nothing else."""

import os
import shutil
import signal
import threading
import time
from contextlib import closing, contextmanager
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.server.nginx import nginx_before, trusting_nobody
from tests.server.posting import RECEIPT
from tests.server.raw import PATIENCE_SECONDS, answers, connected, form_head

KEPT = ("/sv/", "/ar/", "/sv/report", "/sv/follow", "/sv/about/cookies")
NOT_KEPT = ("/healthz", "/readyz", "/staff/login", "/sv/results")


@pytest.fixture(scope="module")
def served(tmp_path_factory, migrated_sqlite):
    data_dir = shutil.copytree(migrated_sqlite, tmp_path_factory.mktemp("kept") / "served")
    environ = {"PORTAL_PUBLIC_URL": "https://127.0.0.1", "PORTAL_TRUSTED_PROXIES": "1"}
    server = Server(data_dir, PORTAL_WORKERS="1", **environ)
    yield server
    server.stop()


def asked(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers by small name and body of a GET through nginx, on a connection of its own."""
    with closing(HTTPSConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS, context=trusting_nobody())) as visitor:
        visitor.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = visitor.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def reported(port: int) -> str:
    """The receipt of a report that was sent through nginx."""
    words = b"theme=drugs&place=vasby_centrum"
    with connected(port, trusting_nobody()) as visitor:
        visitor.sendall(form_head("/sv/report", len(words), "Connection: close") + words)
        return RECEIPT.search(answers(visitor).decode("utf-8", "replace"))[1]


@contextmanager
def frozen(server):
    """No process of the portal runs."""
    os.killpg(server.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(server.process.pid, signal.SIGCONT)


def test_pages_of_everyone_are_answered_while_the_portal_stands_still(served, tmp_path):
    with nginx_before(served.port, tmp_path / "nginx") as port:
        before = {path: asked(port, path) for path in KEPT}
        with frozen(served):
            during = {path: asked(port, path) for path in KEPT}
    for path in KEPT:
        assert (during[path][0], during[path][2]) == (200, before[path][2]), path
        assert "x-accel-expires" not in during[path][1]
        assert during[path][1]["strict-transport-security"] == before[path][1]["strict-transport-security"]
    assert b"112" in during["/sv/"][2]


def test_what_is_made_for_one_visitor_or_says_how_the_portal_is_stays_with_nobody(served, tmp_path):
    with nginx_before(served.port, tmp_path / "nginx") as port:
        for path in (*KEPT, *NOT_KEPT):
            asked(port, path)
        receipt = reported(port)
        pages = Path(f"/dev/shm/portal-test-{port}/pages")
        kept = b"".join(file.read_bytes() for file in pages.rglob("*") if file.is_file())
    for path in KEPT:
        assert b"KEY: 127.0.0.1" + path.encode() in kept
    for path in NOT_KEPT:
        assert b"KEY: 127.0.0.1" + path.encode() not in kept, path
    assert receipt.encode() not in kept


def test_each_coding_is_kept_once_however_it_is_asked_for(served, tmp_path):
    made_up = (f"br, x{number}" for number in range(20))
    ways = ("br", "gzip, deflate, br, zstd", "gzip", "x-gzip, gzip", "", "identity", "br;q=0", *made_up)
    with nginx_before(served.port, tmp_path / "nginx") as port:
        codings = {way: asked(port, "/sv/", Accept_Encoding=way)[1].get("content-encoding") for way in ways}
        assert len([*Path(f"/dev/shm/portal-test-{port}/pages").iterdir()]) == 3
    assert codings["gzip, deflate, br, zstd"] == codings["br"] == codings["br, x7"] == "br"
    assert codings["gzip"] == codings["x-gzip, gzip"] == "gzip"
    assert codings["br;q=0"] != "br"


def test_a_browser_that_has_the_page_is_told_so(served, tmp_path):
    with nginx_before(served.port, tmp_path / "nginx") as port:
        etag = asked(port, "/sv/")[1]["etag"]
        assert asked(port, "/sv/", If_None_Match=etag)[0] == 304


class Passing(BaseHTTPRequestHandler):
    """Answers with a page that may be kept for a second."""

    def do_GET(self):
        body = b"the last page there was"
        self.send_response(200)
        self.send_header("X-Accel-Expires", "1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing."""


def test_the_last_page_there_was_is_given_while_there_is_no_portal(tmp_path):
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    threading.Thread(target=upstream.serve_forever).start()
    with nginx_before(upstream.server_port, tmp_path / "nginx") as port:
        assert asked(port, "/sv/")[0] == 200
        upstream.shutdown()
        upstream.server_close()
        time.sleep(1.5)  # on any machine it is too old by then
        for _visitor in range(3):
            status, _headers, body = asked(port, "/sv/")
            assert (status, body) == (200, b"the last page there was")
        assert asked(port, "/sv/never-asked-for")[0] == 502
