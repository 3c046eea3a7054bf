"""Lanes: which requests may hold how many of the worker's threads, and how many wait for one.

Waiting costs a place in a queue and no thread. There is a thread for reading that nothing else gets; photos leave one
for what is only typed, and passwords are hashed one at a time.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, TypeVar

R = TypeVar("R")

MOST_WAITING = 256
MOST_PHOTOS_WAITING = 32
MOST_LOGINS_WAITING = 16
LONGEST_WAIT_SECONDS = 30


class LaneFull(Exception):
    """As many wait as may wait, or none was let through for too long."""


class Lane:
    """A way to the threads, for so many at a time. ``async with`` it; raises ``LaneFull`` at the beginning."""

    def __init__(self, at_once: int, most_waiting: int) -> None:
        self._free, self._most_waiting = at_once, most_waiting
        self._waiting: deque[asyncio.Future] = deque()

    async def __aenter__(self) -> None:
        """Wait for a place and hold it."""
        if self._free:
            self._free -= 1
            return
        if len(self._waiting) >= self._most_waiting:
            raise LaneFull
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                await self.__aexit__()  # it came just then
            elif turn in self._waiting:
                self._waiting.remove(turn)
            if isinstance(error, TimeoutError):
                raise LaneFull from error
            raise

    async def __aexit__(self, *_error: object) -> None:
        """Hand the place on."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of one process."""

    reading: Lane
    writing: Lane
    photos: Lane
    hashing: Lane

    @classmethod
    def of(cls, threads: int) -> "Lanes":
        """Those to so many threads and one more."""
        return cls(
            reading=Lane(threads + 1, MOST_WAITING),
            writing=Lane(threads, MOST_WAITING),
            photos=Lane(max(1, threads - 1), MOST_PHOTOS_WAITING),
            hashing=Lane(1, MOST_LOGINS_WAITING),
        )


class Threads:
    """So many threads that call what the event loop gives them."""

    def __init__(self, number: int, loop: asyncio.AbstractEventLoop) -> None:
        self._calls: SimpleQueue[tuple[Callable[[], Any], asyncio.Future] | None] = SimpleQueue()
        self._number, self._loop = number, loop
        for _thread in range(number):
            threading.Thread(target=self._work, name="portal").start()

    def run(self, function: Callable[[], R]) -> "asyncio.Future[R]":
        """What the function will have returned or raised."""
        outcome = self._loop.create_future()
        self._calls.put((function, outcome))
        return outcome

    def end(self) -> None:
        """Begin nothing any more; what is running ends by itself."""
        for _thread in range(self._number):
            self._calls.put(None)

    def _work(self) -> None:
        while call := self._calls.get():
            function, outcome = call
            try:
                settle, result = _returned, function()
            except BaseException as error:  # whoever waits for it gets it
                settle, result = _raised, error
            self._loop.call_soon_threadsafe(settle, outcome, result)
            del call, function, outcome, result  # the next call may be long in coming


def _returned(outcome: asyncio.Future, result: Any) -> None:
    if not outcome.done():
        outcome.set_result(result)


def _raised(outcome: asyncio.Future, error: BaseException) -> None:
    if not outcome.done():
        outcome.set_exception(error)
