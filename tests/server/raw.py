"""Requests as bytes, for what no HTTP client would do: to send slowly, to read slowly, to break off."""

import socket
import ssl

PATIENCE_SECONDS = 20


def connected(port: int, tls: ssl.SSLContext | None = None) -> socket.socket:
    """A connection to a server on this machine."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    return tls.wrap_socket(plain) if tls else plain


def answers(connection: socket.socket) -> bytes:
    """Everything that comes until the server hangs up."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def head(method: str, path: str, *headers: str) -> bytes:
    """The head of a request."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode()


def form_head(path: str, length: int, *headers: str) -> bytes:
    """The head of a form of so many bytes."""
    return head("POST", path, "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {length}", *headers)


def asked(port: int, request: bytes) -> bytes:
    """What a whole request is answered with; it has to ask for the connection to be closed."""
    with connected(port) as connection:
        connection.sendall(request)
        return answers(connection)
