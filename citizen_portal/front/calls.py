"""Calls of the WSGI app: what the request says as the app wants it, and what the app says as the server wants it."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextvars import Context
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]

# An answer up to this size is handed over whole; a longer one goes piece by piece, as it is read. One that is in memory
# already, and so knows its length, takes no more of it for being handed over.
WHOLE_BYTES = 128 * 1024
KNOWN_BYTES = 16 * 1024 * 1024
# What a page from memory may depend on.
FOR_MEMORY = {
    name: "HTTP_" + name.upper().replace("-", "_")
    for name in ("accept-encoding", "if-none-match", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "host")
}
SAID_BY_THE_BODY = ("content-length", "transfer-encoding")
ALWAYS = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


@dataclass(slots=True)
class Call:
    """One call of the app, in a context of its own: it may go on in another thread, after its answer has begun."""

    app: Wsgi
    environ: dict[str, Any]
    status: int = 500
    headers: Headers | None = None

    def begin(self) -> "Answer":
        """Call the app and read its answer so far as it is handed over in one piece."""
        context = Context()
        return Answer(self, *context.run(self._begin), context)

    def _begin(self) -> tuple[bytes, Iterator[bytes] | None, Callable[[], None]]:
        said = self.app(self.environ, self.start_response)
        close = getattr(said, "close", _nothing)
        try:
            pieces = iter(said)
            begun = next(pieces, b"")  # after that the headers are there, whatever the app is made of
            some, ended = _some_of(pieces, max(WHOLE_BYTES, self._known_length()) - len(begun))
            first = begun + some
        except BaseException:
            close()
            raise
        if not ended:
            return first, pieces, close
        close()
        return first, None, _nothing

    def _known_length(self) -> int:
        lengths = [int(value) for name, value in self.headers or () if name.lower() == "content-length"]
        return lengths[0] if lengths and lengths[0] <= KNOWN_BYTES else 0

    def start_response(self, status: str, headers: Headers, _exc_info: object = None) -> None:
        """As WSGI has it, but for writing before the answer is returned."""
        self.status, self.headers = int(status[:3]), headers


@dataclass(slots=True)
class Answer:
    """What the app said: its first bytes, and more of them as long as ``pieces`` is not None."""

    call: Call
    first: bytes
    pieces: Iterator[bytes] | None
    _close: Callable[[], None]
    _context: Context

    def more(self) -> bytes:
        """The next bytes; none at the end."""
        return self._context.run(_some_of, self.pieces, WHOLE_BYTES)[0]

    def close(self) -> None:
        """Let go of what the answer was made from."""
        self._context.run(self._close)


def _some_of(pieces: Iterator[bytes], enough: int) -> tuple[bytes, bool]:
    """Pieces joined until they are more than ``enough`` bytes, and whether those were all."""
    some, size = [], 0
    for piece in pieces:
        some.append(piece)
        size += len(piece)
        if size > enough:
            return b"".join(some), False
    return b"".join(some), True


def _nothing() -> None:
    return None


def environ_of(scope: Any, stream: Any, size: int) -> dict[str, Any]:
    """The environ of a request whose body has come."""
    environ = _about_the_address(scope)
    if size:
        environ["CONTENT_LENGTH"] = str(size)
    environ["wsgi.input"] = stream
    for name, value in scope.headers.items():
        variable = _variable(name)
        if variable in environ:
            environ[variable] += (";" if name == "cookie" else ",") + value
        elif variable:
            environ[variable] = value
    return environ


def environ_for_memory(scope: Any) -> dict[str, Any]:
    """As much of the environ as decides how a page is answered from memory."""
    environ, asked = _about_the_address(scope), scope.headers.get
    for name, variable in FOR_MEMORY.items():
        value = asked(name)
        if value is not None:
            environ[variable] = value
    return environ


def _about_the_address(scope: Any) -> dict[str, Any]:
    server, _, port = scope.server.rpartition(":")
    return {
        **ALWAYS,
        "REQUEST_METHOD": scope.method,
        # WSGI wants the bytes of the address as characters.
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
    }


@lru_cache(maxsize=256)
def _variable(name: str) -> str:
    """The variable of a header; none for what could be taken for another one, and for what the body says itself."""
    if "_" in name or name in SAID_BY_THE_BODY:
        return ""
    variable = name.upper().replace("-", "_")
    return variable if variable == "CONTENT_TYPE" else f"HTTP_{variable}"
