"""After mixed traffic through the real server, nothing stored or logged says who came, or when in the day."""

import shutil
import sqlite3
import struct
import time
import uuid
from io import BytesIO

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from tests.conftest import PASSWORD, Server
from tests.server.posting import MINIMAL, ask
from tests.server.traces import JULIAN_DAY_OF_THE_EPOCH, clock_times_in, forms_of_address, markers_in

ADDRESSES = [f"203.0.113.{number}" for number in range(7, 19)] + ["2001:db8:7a3:19::c0de"]
BROWSER = "Markerbrowser/7.31 (pocket telephone)"


class Visitor:
    """Somebody behind the proxy, with an address and a browser of their own."""

    def __init__(self, server, number):
        self.url = server.url
        self.address = ADDRESSES[number % len(ADDRESSES)]
        self.headers = {
            "X-Forwarded-For": self.address,
            "User-Agent": f"{BROWSER} {number}",
            "Referer": f"{server.url}/sv/?from={self.address}",
        }

    def ask(self, path, cookie="", **request):
        headers = {**self.headers, **({"Cookie": cookie} if cookie else {})}
        return ask(self.url + path, headers=headers, **request)


def photo():
    content = BytesIO()
    exif = Image.Exif()
    exif[0x0132] = "2026:11:23 21:47:13"  # when it was taken
    Image.new("RGB", (400, 300), "teal").save(content, "JPEG", exif=exif)
    return FileStorage(BytesIO(content.getvalue()), "photo.jpg", content_type="image/jpeg")


def residents_come(server):
    """Reports in every shape, messages, a withdrawal; returns how the server answered, by what was done."""
    visitors = [Visitor(server, number) for number in range(len(ADDRESSES))]
    for visitor in visitors:
        assert visitor.ask("/sv/").status == 200
        assert visitor.ask("/sv/report", form={**MINIMAL, "happened": "now"}).receipt
    with_photo = {**MINIMAL, "description": "with a photo", "photos": photo(), "submission_key": "a key"}
    code = visitors[0].ask("/ar/report", form=with_photo, files=True).receipt
    assert visitors[1].ask("/sv/follow", form={"receipt": code}).status == 200
    assert visitors[1].ask("/sv/follow/message", form={"receipt": code, "message": "Still dark."}).status == 200
    assert visitors[2].ask("/sv/follow/withdraw", form={"receipt": code}).status == 200
    return visitors


def mistakes_are_made(server, visitor):
    """Everything that is refused; returns the statuses met."""
    with_too_much = {**MINIMAL, "description": "x" * 9_000_000}
    statuses = {
        visitor.ask("/sv/no-such-page").status,
        visitor.ask("/xx/report").status,
        visitor.ask("/sv/report", method="DELETE").status,
        visitor.ask("/sv/report", form={"place": "nowhere", "description": "\0"}).status,
        visitor.ask("/sv/report", form=with_too_much, files=True).status,
        visitor.ask("/sv/follow", form={"receipt": "4539 1488 0343 6467"}).status,
        ask(
            server.url + "/sv/report", form=MINIMAL, headers={**visitor.headers, "Origin": "https://evil.example"}
        ).status,
    }
    # With the database held by somebody else, a report is refused and the log says so.
    with sqlite3.connect(server.data_dir / "portal.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        statuses.add(visitor.ask("/sv/report", form=MINIMAL).status)
        other.execute("ROLLBACK")
    other.close()
    return statuses


def staff_work(server, visitor):
    """A wrong password, a log-in, the list, a report, a file, a log-out."""
    assert visitor.ask("/staff/login", form={"username": "officer", "password": "wrong"}).status == 422
    entered = visitor.ask("/staff/login", form={"username": "officer", "password": PASSWORD})
    cookie = entered.headers["set-cookie"].partition(";")[0]
    page = visitor.ask("/staff/?status=received", cookie).body.decode()
    report = page.partition('href="/staff/reports/')[2].partition('"')[0]
    moved = visitor.ask(f"/staff/reports/{report}/move", cookie, form={"to_status": "reading", "public_note": "Read."})
    assert moved.status == 302
    assert visitor.ask("/staff/reports.csv", cookie).status == 200
    assert visitor.ask("/staff/logout", cookie, form={}).status == 302


def traffic(server):
    visitors = residents_come(server)
    statuses = mistakes_are_made(server, visitors[3])
    assert statuses >= {403, 404, 405, 413, 422, 503}
    staff_work(server, visitors[4])


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory, migrated_sqlite):
    """Every byte under the data directory and in the log after the traffic, by file; and when it began and ended."""
    data_dir = tmp_path_factory.mktemp("traces") / "served"
    shutil.copytree(migrated_sqlite, data_dir)
    server = Server(data_dir, PORTAL_TRUSTED_PROXIES="1")
    server.run("staff", "add", "officer", "--password", PASSWORD)
    began = time.time()
    try:
        traffic(server)
        ended = time.time()
        running = files_of(data_dir)
    finally:
        server.stop()
    stopped = {f"{name}, stopped": content for name, content in files_of(data_dir).items()}
    log = server.log.read_bytes()
    assert b"a write was refused" in log, "the log is written to"
    assert "portal.sqlite3-wal" in running
    return {**running, **stopped, "the log": log}, began, ended


def test_no_address_is_left_behind_in_any_form(left_behind):
    files, _began, _ended = left_behind
    markers = [form for address in ADDRESSES for form in forms_of_address(address)]
    assert {name: markers_in(content, markers) for name, content in files.items() if markers_in(content, markers)} == {}


def test_no_user_agent_and_no_referring_address_is_left_behind(left_behind):
    files, _began, _ended = left_behind
    markers = [BROWSER.encode(), b"Markerbrowser", b"pocket telephone", b"?from="]
    assert {name: markers_in(content, markers) for name, content in files.items() if markers_in(content, markers)} == {}


def test_no_time_finer_than_a_day_is_left_behind(left_behind):
    files, began, ended = left_behind
    found = {name: clock_times_in(content, began, ended) for name, content in files.items()}
    assert {name: times for name, times in found.items() if times} == {}


def test_what_residents_wrote_is_not_in_the_log(left_behind):
    files, _began, _ended = left_behind
    assert markers_in(files["the log"], [b"with a photo", b"Still dark.", b"vasby_centrum"]) == []


NOW = 1_795_000_000.25


@pytest.mark.parametrize(
    "trace",
    [
        b"2026-11-23T21:47:13",
        b"at 21:47 somebody",
        b"%d" % NOW,
        b"%d" % (NOW * 1000),
        struct.pack(">I", int(NOW)),
        struct.pack("<I", int(NOW)),
        struct.pack("<q", int(NOW)),
        struct.pack("<q", int(NOW * 1000)),
        int(NOW * 1000).to_bytes(6),
        struct.pack(">d", NOW),
        struct.pack(">d", JULIAN_DAY_OF_THE_EPOCH + NOW / 86400),
        uuid.UUID(int=int(NOW * 1000) << 80).bytes,  # a version 7 id begins with the moment it was made
        uuid.UUID(int=int(NOW * 1000) << 80).hex.encode(),
        str(uuid.UUID(int=int(NOW * 1000) << 80)).encode(),
        struct.pack(">q", int(NOW * 1e9)),
    ],
    ids=repr,
)
def test_the_search_finds_a_moment_however_it_is_written(trace):
    assert clock_times_in(b"between \xff" + trace + b"\xfe other bytes", NOW - 5, NOW + 5)


@pytest.mark.parametrize("innocent", [b"2026-11-23", b"http://127.0.0.1:43521", b"", bytes(64), b"3:2 votes"], ids=repr)
def test_the_search_takes_a_day_for_no_moment(innocent):
    assert clock_times_in(innocent, NOW - 5, NOW + 5) == []
