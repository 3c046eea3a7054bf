"""The front itself: an RSGI app around the portal's WSGI app."""

import asyncio
import gc
import logging
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from citizen_portal.front.bodies import SMALL_BYTES, Bodies, Body, BodyRefused
from citizen_portal.front.calls import Answer, Call, Headers, Wsgi, environ_of
from citizen_portal.front.lanes import Lane, LaneFull, Threads
from citizen_portal.front.memory import Memory
from citizen_portal.front.streams import MOST_AT_ONCE, stream

log = logging.getLogger(__name__)

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
MOST_QUERY_CHARACTERS = 8192
# How long a thread may go on while another wants to. The event loop wants to several times for each kept page: the less
# the sooner that is answered when all threads are at work, and the more of the processor goes into taking turns.
SWITCH_SECONDS = 0.002
FORM_WITH_FILES = "multipart/form-data"
A_FILE = re.compile(rb'filename\*?="?[^"\r\n]')
# The server puts its name where there is none.
NO_NAME = ("Server", "")
LAST_ANSWER = ("Connection", "close")


@dataclass(frozen=True, slots=True)
class Hashing:
    """Where passwords are hashed, and the name in the environ of a request that is to be refused without."""

    path: str
    too_busy: str


class Front:
    """RSGI's three entrances. One per process.

    ``most_bytes`` may come in a form with files; ``threads`` is how many may write at once; ``at_end`` lets go of what
    the app holds.
    """

    def __init__(
        self,
        app: Wsgi,
        memory: Memory,
        hashing: Hashing,
        *,
        most_bytes: int,
        threads: int,
        at_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._at_end = at_end
        self._app, self._memory, self._hashing = app, memory, hashing
        self._most_bytes, self._number_of_threads = most_bytes, threads
        self._bodies, self._streams = Bodies(), 0

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """The server begins."""
        sys.setswitchinterval(SWITCH_SECONDS)
        # What was made at the start stays for good. To look through all of it for garbage holds up everyone for as long
        # as many pages take, so that is not done again.
        gc.collect()
        gc.freeze()
        self._threads = Threads(self._number_of_threads, loop)
        self._lanes = self._threads.lanes

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """The server has answered everyone."""
        self._threads.end()
        self._at_end()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request."""
        kept = self._memory.answer(scope)
        if kept is not None:
            _answer(proto, *kept)
            return
        try:
            await self._serve(scope, proto)
        except BodyRefused as refusal:
            self._refuse(scope, proto, refusal.status)
            if refusal.rest and scope.headers.get("expect") is None:
                await self._bodies.let_come(refusal.rest, self._most_bytes)
        except LaneFull:
            self._refuse(scope, proto, 503)
        except Exception as error:
            # Here, because the server would write down what the error says, which may be a resident's words.
            log.error("%s, which the portal did not answer", type(error).__name__)
            self._refuse(scope, proto, 500)

    async def _serve(self, scope: Any, proto: Any) -> None:
        if len(scope.query_string) > MOST_QUERY_CHARACTERS:
            raise BodyRefused(414)
        body = await self._body(scope, proto)
        if body is None:
            await self._call(scope, proto, environ_of(scope, BytesIO(), 0), self._lanes.reading)
            return
        try:
            environ = environ_of(scope, body.stream, body.size)
            await self._call(scope, proto, environ, self._lane(environ, body))
        finally:
            self._bodies.forget(body)

    async def _body(self, scope: Any, proto: Any) -> Body | None:
        """The body of a request that may have one, whole."""
        if scope.method in SAFE_METHODS:
            return None
        asked, announced = scope.headers.get, None
        if asked("transfer-encoding") is None:
            announced = int(asked("content-length", "0"))
            if not announced:
                return Body()
        with_files = asked("content-type", "").startswith(FORM_WITH_FILES)
        most = self._most_bytes if with_files else SMALL_BYTES
        return await self._bodies.collect(proto, announced=announced, most=most)

    def _lane(self, environ: dict[str, Any], body: Body) -> Lane:
        if environ["PATH_INFO"].rstrip("/") == self._hashing.path:
            return self._lanes.hashing
        if body.size > SMALL_BYTES or A_FILE.search(body.stream.getbuffer()):
            return self._lanes.photos
        return self._lanes.writing

    async def _call(self, scope: Any, proto: Any, environ: dict[str, Any], lane: Lane) -> None:
        call = Call(self._app, environ)
        try:
            answer = await self._threads.run(call.begin, lane)
        except LaneFull:
            if lane is not self._lanes.hashing:
                raise
            environ[self._hashing.too_busy] = True
            answer = await self._threads.run(call.begin, self._lanes.refusing)
        if answer.pieces is None:
            _answer(proto, call.status, call.headers, answer.first)
        else:
            await self._stream(scope, proto, answer)

    async def _stream(self, scope: Any, proto: Any, answer: Answer) -> None:
        if self._streams >= MOST_AT_ONCE:
            await self._go_on(answer.close)
            raise LaneFull
        self._streams += 1
        answer.call.headers.append(NO_NAME)
        try:
            await stream(answer, proto, scope.client, self._go_on)
        finally:
            self._streams -= 1

    def _go_on(self, function: Callable[[], Any]) -> Awaitable[Any]:
        return self._threads.run(function, self._lanes.going_on)

    def _refuse(self, scope: Any, proto: Any, status: int) -> None:
        """Answer from memory, and hear no more of this connection: there may be more of a body to come."""
        status, headers, body = self._memory.refuse(scope, status)
        _answer(proto, status, [*headers, LAST_ANSWER], body)


def _answer(proto: Any, status: int, headers: Headers, body: bytes) -> None:
    proto.response_bytes(status, [*headers, NO_NAME], body)
