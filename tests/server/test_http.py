"""What the server makes of HTTP: bodies in every framing, heads without bodies, and what is too long."""

import shutil

import pytest

from citizen_portal.cli.serve import HEADER_BYTES, HEADER_SECONDS
from citizen_portal.front.bodies import SMALL_BYTES
from citizen_portal.front.front import MOST_QUERY_CHARACTERS
from citizen_portal.web.uploads import MAX_BODY_BYTES
from tests.conftest import Server
from tests.server.posting import ask, exported
from tests.server.raw import answers, asked, connected, form_head, head

FORM = b"theme=drugs&place=vasby_centrum&description=h%C3%A4r"
CLOSE = "Connection: close"
CHUNKED = ("Content-Type: application/x-www-form-urlencoded", "Transfer-Encoding: chunked")


@pytest.fixture(scope="module")
def served(tmp_path_factory, migrated_sqlite):
    server = Server(shutil.copytree(migrated_sqlite, tmp_path_factory.mktemp("http") / "served"), PORTAL_WORKERS="1")
    yield server
    server.stop()


@pytest.fixture(scope="module", autouse=True)
def silent(served):
    """Connections that say nothing, or half a head, while all the other tests run."""
    with connected(served.port) as nothing, connected(served.port) as half_a_head:
        half_a_head.sendall(b"GET /sv/ HTTP/1.1\r\nHost: 127.0")
        yield nothing, half_a_head


def chunk(content):
    return b"%x\r\n%s\r\n" % (len(content), content)


def status(answer):
    return int(answer.split(b" ", 2)[1])


def test_a_form_in_chunks_is_a_form(served):
    before = len(exported(served))
    body = chunk(FORM[:7]) + chunk(FORM[7:]) + chunk(b"")
    answer = asked(served.port, head("POST", "/sv/report", CLOSE, *CHUNKED) + body)
    assert b'<output id="receipt"' in answer
    assert len(exported(served)) == before + 1


@pytest.mark.parametrize("came", [chunk(FORM), chunk(FORM)[:-9], chunk(FORM) + b"5\r\nab", b""])
def test_a_form_in_chunks_that_breaks_off_is_refused_and_stores_nothing(served, came):
    before = exported(served)
    with connected(served.port) as connection:
        connection.sendall(head("POST", "/sv/report", *CHUNKED) + came)
        connection.shutdown(1)
        assert status(answers(connection)) == 400
    assert exported(served) == before


def test_a_form_in_chunks_is_bounded_as_it_comes(served):
    with connected(served.port) as connection:
        connection.sendall(head("POST", "/sv/report", *CHUNKED) + chunk(b"x" * SMALL_BYTES) + chunk(b"x"))
        assert status(answers(connection)) == 413


def test_who_asks_whether_to_send_is_told_to_go_on_or_not_to(served):
    with connected(served.port) as connection:
        connection.sendall(form_head("/sv/report", len(FORM), CLOSE, "Expect: 100-continue"))
        assert connection.recv(4096).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(FORM)
        assert status(answers(connection)) == 200
    refused = asked(served.port, form_head("/sv/report", SMALL_BYTES + 1, "Expect: 100-continue"))
    assert status(refused) == 413


@pytest.mark.parametrize(
    ("kind", "most"), [("application/x-www-form-urlencoded", SMALL_BYTES), ("multipart/form-data", MAX_BODY_BYTES)]
)
def test_a_body_that_says_it_is_too_long_is_refused_unread(served, kind, most):
    answer = asked(served.port, head("POST", "/ar/report", f"Content-Type: {kind}", f"Content-Length: {most + 1}"))
    assert status(answer) == 413
    assert b'lang="ar"' in answer
    assert b"content-security-policy" in answer.lower()


def test_who_has_sent_all_of_what_is_too_long_reads_why_it_was_refused(served):
    answer = ask(served.url + "/fi/report", form={"description": "x" * 16 * SMALL_BYTES})
    assert answer.status == 413
    assert b'lang="fi"' in answer.body


def test_a_head_that_is_too_long_is_refused(served):
    with connected(served.port) as connection:
        connection.sendall(head("GET", "/sv/", CLOSE, *["X-Long: " + "x" * (HEADER_BYTES // 10)] * 20))
        assert status(answers(connection)) == 431


def test_an_address_with_too_long_a_query_is_refused(served):
    assert status(asked(served.port, head("GET", "/sv/results?q=" + "x" * MOST_QUERY_CHARACTERS))) == 414


def test_head_is_answered_like_get_without_the_bytes(served):
    for path in ("/sv/", "/sv/results", "/sv/nowhere", "/healthz"):
        got, only_head = (asked(served.port, head(method, path, CLOSE)) for method in ("GET", "HEAD"))
        assert only_head.partition(b"\r\n\r\n")[2] == b""
        assert status(only_head) == status(got)
        assert length_of(only_head) == length_of(got) == len(got.partition(b"\r\n\r\n")[2])


def length_of(answer):
    lines = answer.partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    return next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), None)


def test_an_old_client_without_a_host_is_answered(served):
    assert asked(served.port, b"GET /sv/ HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.0 200")


def test_requests_sent_ahead_are_answered_in_their_order(served):
    ahead = head("GET", "/sv/report") + form_head("/sv/report", len(FORM)) + FORM + head("GET", "/sv/nowhere", CLOSE)
    answer = asked(served.port, ahead)
    assert [answer.find(mark) > 0 for mark in (b"200 OK", b'<output id="receipt"', b"404 Not Found")] == [True] * 3
    assert answer.find(b'<output id="receipt"') < answer.find(b"404 Not Found")


def test_a_header_that_could_be_taken_for_another_is_not_taken_at_all(served):
    answer = asked(served.port, head("GET", "/sv/", CLOSE, "Accept_Encoding: br"))
    assert b"content-encoding" not in answer.lower()
    assert status(asked(served.port, head("GET", "/", CLOSE, "Accept_Language: fi"))) == 302
    assert b"location: /sv/" in asked(served.port, head("GET", "/", CLOSE, "Accept_Language: fi")).lower()


def test_no_answer_says_what_made_it(served):
    for path in ("/sv/", "/sv/results", "/sv/nowhere", "/healthz"):
        lines = asked(served.port, head("GET", path, CLOSE)).partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
        assert [line for line in lines if line.startswith(b"server:") and line.strip() != b"server:"] == []


def test_who_says_nothing_is_not_waited_for(silent):
    for connection in silent:  # since the first of these tests, so that this one need not wait for long
        connection.settimeout(HEADER_SECONDS + 10)
        assert answers(connection)[9:12] in {b"", b"408"}
