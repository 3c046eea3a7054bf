"""Port 80 of the shipped nginx: answered there, on to HTTPS, and nothing of the visitor is written down."""

import socket

from tests.conftest import free_port
from tests.server.nginx import nginx_before


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
