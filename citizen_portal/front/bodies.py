"""Bodies: collected in the event loop, whole or not at all, while nobody's thread waits for them.

A body has to come at a least rate after some seconds' grace, and has an end in any case. When as many are being
collected as may be, the one that has taken longest makes room: a form that comes in one piece never waits behind them.
"""

import asyncio
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

LOOK_EVERY_SECONDS = 1
MOST_AT_ONCE = 256
# What is typed has room in this. Longer bodies are held only while all of them together have room.
SMALL_BYTES = 256 * 1024
MOST_BYTES_OF_LARGE_ONES = 256 * 1024 * 1024


class BodyRefused(Exception):
    """A body is not taken; ``status`` is the HTTP status that says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


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
    """What came, and how many bytes that is. ``too_slow`` says that no more is waited for."""

    stream: BytesIO = field(default_factory=BytesIO)
    size: int = 0
    began: float = 0
    too_slow: bool = False


class Bodies:
    """Those of one process. Used in its event loop only."""

    def __init__(self, patience: Patience = PATIENCE) -> None:
        self._patience = patience
        self._collecting: dict[asyncio.Task, Body] = {}
        self._large_bytes = 0
        self._is_looking = False

    async def collect(self, proto: Any, *, announced: int | None, most: int) -> Body:
        """The body of a request; give it to ``forget`` afterwards. ``announced`` is the length it has said, if any.

        Raises ``BodyRefused``: 400 when it broke off, 408 when it came too slowly, 413 when it is longer than ``most``
        bytes, 503 when there is no room for it.
        """
        if announced is not None and announced > most:
            raise BodyRefused(413)
        task, body = self._begin()
        try:
            await self._fill(body, proto, announced, most)
        except asyncio.CancelledError as error:
            self.forget(body)
            if body.too_slow and not task.uncancel():
                raise BodyRefused(408) from error
            raise
        except BaseException:
            self.forget(body)
            raise
        finally:
            self._collecting.pop(task, None)
        body.stream.seek(0)
        return body

    def forget(self, body: Body) -> None:
        """The body is not needed any more."""
        self._large_bytes -= _large_part(body.size)
        body.stream.close()

    def _begin(self) -> tuple[asyncio.Task, Body]:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if len(self._collecting) >= MOST_AT_ONCE:
            self._give_up(next(iter(self._collecting)))
        body = self._collecting[task] = Body(began=loop.time())
        if not self._is_looking:
            self._is_looking = True
            loop.call_later(LOOK_EVERY_SECONDS, self._look, loop)
        return task, body

    async def _fill(self, body: Body, proto: Any, announced: int | None, most: int) -> None:
        empty = 0
        async for piece in proto:
            self._hold(body, piece, most)
            if body.size == announced:
                return
            empty += not piece
        # The server ends what broke off as it ends what is whole, but with one more empty piece.
        if announced is not None or empty != 1:
            raise BodyRefused(400)

    def _hold(self, body: Body, piece: bytes, most: int) -> None:
        size = body.size + len(piece)
        if size > most:
            raise BodyRefused(413)
        more = _large_part(size) - _large_part(body.size)
        if more and self._large_bytes + more > MOST_BYTES_OF_LARGE_ONES:
            raise BodyRefused(503)
        self._large_bytes += more
        body.stream.write(piece)
        body.size = size

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give up what is overdue, and look again as long as there is something to look at."""
        now, seconds = loop.time(), self._patience.seconds
        overdue = [task for task, body in self._collecting.items() if now - body.began > seconds(body.size)]
        for task in overdue:
            self._give_up(task)
        self._is_looking = bool(self._collecting)
        if self._is_looking:
            loop.call_later(LOOK_EVERY_SECONDS, self._look, loop)

    def _give_up(self, task: asyncio.Task) -> None:
        self._collecting.pop(task).too_slow = True
        task.cancel()


def _large_part(size: int) -> int:
    return size if size > SMALL_BYTES else 0
