"""Bodies: collected in the event loop, whole or not at all, while nobody's thread waits for them.

A body has to come at a least rate after some seconds' grace, and has an end in any case. When as many are being
collected as may be, the one with the least patience left makes room: a form that comes in one piece never waits behind
them, and a photo that comes steadily over a poor network is not pushed out by those that send nothing. When there is
no memory left for long ones, the longest makes room.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from citizen_portal.web.multipart import MAX_TYPED_BYTES

LOOK_EVERY_SECONDS = 1
MOST_AT_ONCE = 256
# What is typed has room in this. Longer bodies are held only while all of them together have room.
SMALL_BYTES = MAX_TYPED_BYTES
MOST_BYTES_OF_LARGE_ONES = 256 * 1024 * 1024
# Whoever is refused may still be sending, and reads the answer only afterwards.
MOST_SENT_IN_VAIN = 64
LONGEST_IN_VAIN_SECONDS = 30
SILENT_SECONDS = 2


class BodyRefused(Exception):
    """A body is not taken; ``status`` is the HTTP status that says why, ``rest`` what may still be coming of it."""

    def __init__(self, status: int, rest: AsyncIterator[bytes] | None = None) -> None:
        super().__init__(status)
        self.status, self.rest = status, rest


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a body is waited for. A phone that loses the network in a tunnel has the grace to find it again."""

    grace_seconds: float = 20
    least_bytes_per_second: int = 1024
    longest_seconds: float = 300

    def seconds(self, size: int) -> float:
        """How long it may have taken by the time that so many bytes are there."""
        return min(self.grace_seconds + size / self.least_bytes_per_second, self.longest_seconds)


PATIENCE = Patience()


@dataclass(slots=True)
class Body:
    """What came, and how many bytes that is. ``given_up`` is the status that says why no more is waited for."""

    stream: BytesIO = field(default_factory=BytesIO)
    size: int = 0
    began: float = 0
    given_up: int | None = None


class _Pieces:
    """What the server hands on of a body; it lets nobody ask for it from the beginning twice, but one may go on."""

    def __init__(self, proto: Any) -> None:
        self._pieces = aiter(proto)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    def __anext__(self) -> Awaitable[bytes]:
        return anext(self._pieces)


class Bodies:
    """Those of one process. Used in its event loop only."""

    def __init__(self, patience: Patience = PATIENCE) -> None:
        self._patience = patience
        self._collecting: dict[asyncio.Task, Body] = {}
        self._large_bytes = self._sent_in_vain = 0
        self._is_looking = False

    async def collect(self, proto: Any, *, announced: int | None, most: int) -> Body:
        """The body of a request; give it to ``forget`` afterwards. ``announced`` is the length it has said, if any.

        Raises ``BodyRefused``: 400 when it broke off, 408 when it came too slowly, 413 when it is longer than ``most``
        bytes, 503 when there is no room for it.
        """
        pieces = _Pieces(proto)
        if announced is not None and announced > most:
            raise BodyRefused(413, pieces)
        task, body = self._begin()
        try:
            await self._fill(body, pieces, announced, most)
        except asyncio.CancelledError as error:
            self.forget(body)
            if body.given_up and not task.uncancel():
                raise BodyRefused(body.given_up) from error
            raise
        except BaseException:
            self.forget(body)
            raise
        finally:
            self._collecting.pop(task, None)
        body.stream.seek(0)
        return body

    async def let_come(self, rest: AsyncIterator[bytes], most: int) -> None:
        """Let at most so many bytes of a body that has been refused come, and keep none of it.

        A connection that is closed while something still arrives is broken off, with the answer that was on its way.
        """
        if self._sent_in_vain >= MOST_SENT_IN_VAIN:
            return
        self._sent_in_vain += 1
        try:
            ends = (now := asyncio.get_running_loop().time)() + LONGEST_IN_VAIN_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(SILENT_SECONDS) as patience:
                    async for piece in rest:
                        most -= len(piece)
                        if not piece or most < 0:
                            return
                        patience.reschedule(min(now() + SILENT_SECONDS, ends))
        finally:
            self._sent_in_vain -= 1

    def forget(self, body: Body) -> None:
        """The body is not needed any more."""
        self._let_go(body)

    def _let_go(self, body: Body) -> None:
        self._large_bytes -= _large_part(body.size)
        body.size = 0
        body.stream.close()

    def _begin(self) -> tuple[asyncio.Task, Body]:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if len(self._collecting) >= MOST_AT_ONCE:
            self._give_up(min(self._collecting, key=self._patience_ends), 408)
        body = self._collecting[task] = Body(began=loop.time())
        if not self._is_looking:
            self._is_looking = True
            loop.call_later(LOOK_EVERY_SECONDS, self._look, loop)
        return task, body

    async def _fill(self, body: Body, pieces: AsyncIterator[bytes], announced: int | None, most: int) -> None:
        empty = 0
        async for piece in pieces:
            if body.size + len(piece) > most:
                raise BodyRefused(413, pieces)
            if not self._hold(body, piece):
                raise BodyRefused(503, pieces)
            if body.size == announced:
                return
            empty += not piece
        # The server ends what broke off as it ends what is whole, but with one more empty piece.
        if announced is not None or empty != 1:
            raise BodyRefused(400)

    def _hold(self, body: Body, piece: bytes) -> bool:
        """Whether there was room for the piece."""
        size = body.size + len(piece)
        more = _large_part(size) - _large_part(body.size)
        while more and self._large_bytes + more > MOST_BYTES_OF_LARGE_ONES:
            longest = max(self._collecting, key=lambda task: self._collecting[task].size)
            if self._collecting[longest].size <= size:
                return False
            self._give_up(longest, 503)
        self._large_bytes += more
        body.stream.write(piece)
        body.size = size
        return True

    def _patience_ends(self, task: asyncio.Task) -> float:
        body = self._collecting[task]
        return body.began + self._patience.seconds(body.size)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give up what is overdue, and look again as long as there is something to look at."""
        now = loop.time()
        for task in [task for task in self._collecting if self._patience_ends(task) < now]:
            self._give_up(task, 408)
        self._is_looking = bool(self._collecting)
        if self._is_looking:
            loop.call_later(LOOK_EVERY_SECONDS, self._look, loop)

    def _give_up(self, task: asyncio.Task, status: int) -> None:
        body = self._collecting.pop(task)
        body.given_up = status
        self._let_go(body)
        task.cancel()


def _large_part(size: int) -> int:
    return size if size > SMALL_BYTES else 0
