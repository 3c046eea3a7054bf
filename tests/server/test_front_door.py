"""The shipped nginx: port 80 is sent on to HTTPS with nothing written down, and no answer says what made it."""

import shutil
import socket
import time
from pathlib import Path

import pytest

from tests.conftest import Server, free_port
from tests.server.nginx import HEADERS_MODULE, nginx_before, trusting_nobody
from tests.server.raw import answers, connected, head


@pytest.fixture(scope="module")
def served(tmp_path_factory, migrated_sqlite):
    server = Server(shutil.copytree(migrated_sqlite, tmp_path_factory.mktemp("door") / "served"), PORTAL_WORKERS="1")
    yield server
    server.stop()


def asked(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_port_80_sends_everyone_on_to_https_and_writes_nothing_down(tmp_path):
    plain = free_port()
    with nginx_before(free_port(), tmp_path / "nginx", plain):
        answer = asked(plain, b"GET /e/K7MP HTTP/1.1\r\nHost: your.address\r\nConnection: close\r\n\r\n")
        other = asked(plain, b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n")
        asked(plain, b"K7MP \x00\r\n\r\n")
        written = b"".join(path.read_bytes() for path in (tmp_path / "nginx").rglob("*.log"))
    assert answer.startswith(b"HTTP/1.1 301")
    assert b"Location: https://your.address/e/K7MP\r\n" in answer
    assert b"Location: https://your.address/\r\n" in other
    assert written == b""


def server_headers(port, path, tls=None):
    """What the Server headers of an answer say."""
    with connected(port, tls) as connection:
        connection.sendall(head("GET", path, "Connection: close"))
        lines = answers(connection).partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    return [line.partition(b":")[2].strip() for line in lines if line.startswith(b"server:")]


@pytest.mark.parametrize("module_is_there", [False, True])
def test_no_answer_says_what_made_it(served, tmp_path, module_is_there):
    if module_is_there and not HEADERS_MODULE.exists():
        pytest.skip("libnginx-mod-http-headers-more-filter is not installed on this machine")
    plain = free_port()
    with nginx_before(served.port, tmp_path / "nginx", plain, headers_module=module_is_there) as port:
        said = [server_headers(port, path, trusting_nobody()) for path in ("/sv/", "/sv/results", "/sv/nowhere")]
        said_by_nginx = server_headers(plain, "/sv/")
    assert said == [[] if module_is_there else [b""]] * 3
    assert said_by_nginx == ([] if module_is_there else [b"nginx"])


def test_without_the_portal_nginx_says_no_more_than_its_name(tmp_path):
    with nginx_before(free_port(), tmp_path / "nginx") as port:
        assert server_headers(port, "/sv/", trusting_nobody()) == [b"nginx"]


def test_a_body_that_is_on_its_way_lies_in_memory_and_on_no_disk(served, tmp_path):
    half_a_photo = b"\xff\xd8" + b"words in a photo" * 40_000
    request = head("POST", "/sv/report", "Content-Type: multipart/form-data; boundary=x", "Content-Length: 9000000")
    with nginx_before(served.port, tmp_path / "nginx") as port, connected(port, trusting_nobody()) as resident:
        resident.sendall(request + half_a_photo)
        until(lambda: open_files_with(b"words in a photo", tmp_path / "nginx" / "nginx.pid"))
        found = open_files_with(b"words in a photo", tmp_path / "nginx" / "nginx.pid")
        assert [str(path).rpartition("/")[0] for path in found] == [f"/dev/shm/portal-test-{port}/bodies"]
        assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"words in a photo" in path.read_bytes()]
    mounted = {line.split()[1]: line.split()[2] for line in Path("/proc/mounts").read_text().splitlines()}
    assert mounted["/dev/shm"] == "tmpfs"


def open_files_with(words, pid_file):
    """Where the files lie, without a name by now, that nginx has open and that hold these words."""
    main = pid_file.read_text().strip()
    workers = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    opened = [file for worker in workers for file in Path(f"/proc/{worker}/fd").iterdir()]
    regular = [file for file in opened if file.is_file()]  # no socket and no pipe
    return [file.readlink() for file in regular if words in file.read_bytes()]


def until(happens):
    for _try in range(400):
        if happens():
            return
        time.sleep(0.05)
    raise AssertionError("it never happened")
