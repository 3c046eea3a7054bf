"""Delivering a frozen baseline to a real receiver: signature, exact bytes, retries, idempotency, refusals."""

import base64
import hashlib
import hmac
import threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from citizen_portal.baseline import queries
from citizen_portal.baseline.delivery import LONGEST_WAIT, WAITS, Clock, DeliveryFailed, address_of, deliver
from citizen_portal.cli import cli
from citizen_portal.storage.engine import db
from tests.conftest import free_port
from tests.snapshots import BASELINE_CODE

KEY = b"Kp7vXw2mQz9rTb4nLc8dHs3fJy6gRa5e"
DOCUMENT = '{"code":"påhittad"}'.encode()
NOW = 1_790_000_000


class Receiver:
    """A follow-up system: it checks what arrives as docs/delivery.md says, and answers as it was told to."""

    def __init__(self) -> None:
        self.answers: list[tuple[int | None, dict[str, str]]] = []
        self.tries: list[dict[str, str]] = []
        self.kept: dict[str, bytes] = {}
        self.refused: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.tries.append(dict(self.headers))
                status, headers = receiver.answers.pop(0) if receiver.answers else (201, {})
                if status is None:
                    self.close_connection = True
                    return
                if status == 201:
                    status = receiver.take(self.path, self.headers, body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/baselines?from=portal"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def take(self, target: str, headers, body: bytes) -> int:
        """Keep a document whose signature is right, once: 201 at first, 200 when it is here already, 401 otherwise."""
        timestamp, code = (part.partition("=")[2] for part in headers["Portal-Signature"].split(","))
        digest = hashlib.sha256(body)
        signed = f"citizen-portal-delivery-v1\nPOST\n{target}\n{digest.hexdigest()}\n{timestamp}".encode()
        if not hmac.compare_digest(hmac.new(KEY, signed, hashlib.sha256).hexdigest(), code):
            self.refused.append(target)
            return 401
        assert headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        known = headers["Idempotency-Key"] in self.kept
        self.kept.setdefault(headers["Idempotency-Key"], body)
        return 200 if known else 201

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def waited():
    """Every wait of a delivery, in seconds; nobody really waits."""
    return []


@pytest.fixture
def send(receiver, waited):
    def deliver_to(url: str = receiver.url, key: bytes = KEY):
        return deliver(
            DOCUMENT, address_of(url, allow_http=True), key=key, clock=Clock(lambda: NOW + sum(waited), waited.append)
        )

    return deliver_to


def test_the_receiver_gets_the_exact_bytes_under_their_digest_and_a_signature_it_can_check(receiver, send):
    assert (send().status, send().status) == (201, 200)
    assert receiver.kept == {hashlib.sha256(DOCUMENT).hexdigest(): DOCUMENT}
    assert {each["Content-Type"] for each in receiver.tries} == {"application/json"}


def test_another_key_is_refused_at_once(receiver, send, waited):
    with pytest.raises(DeliveryFailed, match="answered 401, and does not want it again"):
        send(key=KEY[::-1])
    assert (len(receiver.tries), receiver.kept, waited) == (1, {}, [])


def test_trouble_is_tried_again_with_growing_waits_each_time_signed_anew(receiver, send, waited):
    receiver.answers = [(500, {}), (None, {}), (503, {})]
    assert (send().tries, waited) == (4, [1, 2, 4])
    assert len({each["Portal-Signature"] for each in receiver.tries}) == 4
    assert len({each["Idempotency-Key"] for each in receiver.tries}) == 1


@pytest.mark.parametrize("asked", ["30", formatdate(NOW + 30, usegmt=True)], ids=["seconds", "date"])
def test_a_receiver_that_asks_for_patience_is_given_it(receiver, send, waited, asked):
    receiver.answers = [(429, {"Retry-After": asked})]
    send()
    assert waited == [30]


@pytest.mark.parametrize("asked", ["soon", "0", formatdate(NOW - 60, usegmt=True)])
def test_a_wait_that_says_nothing_is_the_planned_one(receiver, send, waited, asked):
    receiver.answers = [(503, {"Retry-After": asked})]
    send()
    assert waited == [1]


def test_a_receiver_that_asks_for_too_much_patience_is_left_alone(receiver, send, waited):
    receiver.answers = [(429, {"Retry-After": str(LONGEST_WAIT + 1)})]
    with pytest.raises(DeliveryFailed, match="121 seconds of patience"):
        send()
    assert waited == []


def test_trouble_that_does_not_end_is_given_up(receiver, send, waited):
    receiver.answers = [(502, {})] * 9
    with pytest.raises(DeliveryFailed, match="answered 502, 6 times"):
        send()
    assert waited == list(WAITS)


def test_nobody_there_is_trouble_too(send, waited):
    with pytest.raises(DeliveryFailed, match=r"no connection .*6 times"):
        send(f"http://127.0.0.1:{free_port()}/")
    assert waited == list(WAITS)


@pytest.mark.parametrize("status", [400, 404, 409, 422, 302, 307])
def test_any_other_answer_is_not_tried_again_and_a_redirect_is_not_followed(receiver, send, status):
    receiver.answers = [(status, {"Location": receiver.url})]
    with pytest.raises(DeliveryFailed, match=str(status)):
        send()
    assert len(receiver.tries) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "https://", "example.org", "https://name:word@example.org/",
        "https://example.org/#part", "https://example.org/å", "https://example.org/a b", "https://example.org:port/",
        "http://127.0.0.1.example.org/", "https://example.org/\n",
    ],
)  # fmt: skip
def test_only_a_whole_https_address_is_delivered_to(url):
    with pytest.raises(DeliveryFailed):
        address_of(url, allow_http=True)


def test_this_machine_may_be_without_encryption_only_when_that_is_asked_for():
    assert address_of("http://localhost:8190", allow_http=True).target == "/"
    with pytest.raises(DeliveryFailed, match="https"):
        address_of("http://localhost:8190")


@pytest.fixture
def push(app, snapshots, receiver, tmp_path):
    """Push the frozen baseline to the receiver, with a key file that others may or may not read."""

    def run(code: str = BASELINE_CODE, *, mode: int = 0o600, key: bytes = KEY, options=("--allow-http",)):
        file = tmp_path / "delivery.key"
        file.write_bytes(key)
        file.chmod(mode)
        arguments = ["baseline", "push", code, "--to", receiver.url, "--key-file", str(file), *options]
        return app.test_cli_runner().invoke(cli, arguments)

    return run


def test_push_delivers_the_public_document_byte_for_byte(push, receiver):
    answer = push()
    snapshot = queries.snapshot(db.session(), BASELINE_CODE)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert receiver.kept == {snapshot.public_digest: snapshot.public_document.encode()}
    assert snapshot.public_digest in answer.stdout
    assert "answered 200, tries: 1" in push().stdout
    assert len(receiver.kept) == 1


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"code": "nothing"}, "no frozen baseline 'nothing'"),
        ({"mode": 0o640}, "can be read by others"),
        ({"key": b"short"}, "it is no secret"),
        ({"key": b"\xff" * 32}, "codec"),
        ({"key": KEY[::-1]}, "answered 401"),
        ({"options": ()}, "must begin with https"),
        ({"options": ("--allow-http", "--key-file", "/nowhere")}, "there is no key in /nowhere"),
    ],
)
def test_push_says_in_a_sentence_why_it_did_not_deliver(push, receiver, terms, said):
    answer = push(**terms)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert receiver.kept == {}
    assert KEY.decode() not in answer.output
