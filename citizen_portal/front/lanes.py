"""Lanes: which requests may hold how many of the worker's threads, and how many wait for one.

Waiting costs a place in a queue and no thread. There is a thread for reading that nothing else gets. Photos and
passwords are let through to those who write, passwords one at a time, and both together leave one thread for what is
only typed when there are at least three.
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
    """A way to the threads, for so many at a time. ``async with`` it; raises ``LaneFull`` at the beginning.

    Whoever has come through it goes on into the lane it leads to, if any.
    """

    def __init__(self, at_once: int, most_waiting: int, leads_to: "Lane | None" = None) -> None:
        self._free, self._most_waiting, self._leads_to = at_once, most_waiting, leads_to
        self._waiting: deque[asyncio.Future] = deque()

    async def __aenter__(self) -> None:
        """Wait for a place and hold it."""
        await self._take_place()
        if self._leads_to is not None:
            try:
                await self._leads_to.__aenter__()
            except BaseException:
                self._hand_on()
                raise

    async def __aexit__(self, *_error: object) -> None:
        """Hand the place on."""
        if self._leads_to is not None:
            await self._leads_to.__aexit__()
        self._hand_on()

    async def _take_place(self) -> None:
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
                self._hand_on()  # it came just then
            elif turn in self._waiting:
                self._waiting.remove(turn)
            if isinstance(error, TimeoutError):
                raise LaneFull from error
            raise

    def _hand_on(self) -> None:
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
    refusing: Lane

    @classmethod
    def of(cls, threads: int) -> "Lanes":
        """Those to so many threads and one more."""
        writing = Lane(threads, MOST_WAITING)
        return cls(
            reading=Lane(threads + 1, MOST_WAITING),
            writing=writing,
            photos=Lane(max(1, threads - 2), MOST_PHOTOS_WAITING, leads_to=writing),
            hashing=Lane(1, MOST_LOGINS_WAITING, leads_to=writing),
            # Whoever cannot be let through to a login is told so on its page, as long as not all too many are.
            refusing=Lane(1, MOST_LOGINS_WAITING, leads_to=writing),
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
