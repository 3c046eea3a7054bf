"""Lanes: which requests may hold how many of the worker's threads, and how many wait for one.

Waiting costs a place in a queue and no thread. There is a thread for reading that nothing else gets. Photos and
passwords are let through to those who write, passwords one at a time, and both together leave one thread for what is
only typed when there are at least three.

A thread that has done its work takes the next that may go, without asking the event loop first: while that was asked,
threads stood idle, writes shared fewer commits, and a report cost a quarter more of the processor.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, TypeVar

R = TypeVar("R")

LOOK_EVERY_SECONDS = 1
MOST_WAITING = 256
MOST_PHOTOS_WAITING = 32
MOST_LOGINS_WAITING = 16
LONGEST_WAIT_SECONDS = 30


class LaneFull(Exception):
    """As many wait as may wait, or none was let through for too long."""


@dataclass(slots=True)
class _Work:
    """What a thread is to do, since when it waits (seconds of the loop), and whom to tell."""

    function: Callable[[], Any]
    outcome: asyncio.Future
    since: float


@dataclass(slots=True)
class Lane:
    """A way to the threads, for so many at a time; whoever is in it takes a place in the lane it leads to, too.

    Kept by ``Threads``, under its lock.
    """

    at_once: int
    most_waiting: int
    leads_to: "Lane | None" = None
    inside: int = 0
    waiting: deque[_Work] = field(default_factory=deque)

    def has_room(self) -> bool:
        """Whether one more may go on to a thread."""
        return self.inside < self.at_once and (self.leads_to is None or self.leads_to.has_room())

    def count(self, difference: int) -> None:
        """One more is inside, or one less."""
        self.inside += difference
        if self.leads_to is not None:
            self.leads_to.count(difference)


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of one process."""

    reading: Lane
    writing: Lane
    photos: Lane
    hashing: Lane
    refusing: Lane
    going_on: Lane

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
            # What has begun is gone on with, as often as it takes: the next piece of a file.
            going_on=Lane(threads + 1, MOST_WAITING),
        )

    def all(self) -> tuple[Lane, ...]:
        """Every one of them."""
        return self.going_on, self.reading, self.writing, self.photos, self.hashing, self.refusing

    def next(self) -> Lane | None:
        """The one in which somebody may go on, and has waited longest of those who may."""
        may_go = [lane for lane in self.all() if lane.waiting and lane.has_room()]
        return min(may_go, key=_waiting_since, default=None)


def _waiting_since(lane: Lane) -> float:
    return lane.waiting[0].since


class Threads:
    """So many threads and one more, that do what the event loop gives them, by way of the lanes."""

    def __init__(self, number: int, loop: asyncio.AbstractEventLoop) -> None:
        self.lanes = Lanes.of(number)
        self._loop, self._lock, self._is_looking = loop, threading.Lock(), False
        # A word for each that was given. Whoever hears it may find that another thread has taken that one along.
        self._news: SimpleQueue[bool] = SimpleQueue()
        self._number = number + 1
        for _thread in range(self._number):
            threading.Thread(target=self._live, name="portal").start()

    def run(self, function: Callable[[], R], lane: Lane) -> "asyncio.Future[R]":
        """What the function will have returned or raised. Raises ``LaneFull`` now or then."""
        work = _Work(function, self._loop.create_future(), self._loop.time())
        with self._lock:
            if len(lane.waiting) >= lane.most_waiting:
                raise LaneFull
            lane.waiting.append(work)
        self._news.put(True)
        if not self._is_looking:
            self._is_looking = True
            self._loop.call_later(LOOK_EVERY_SECONDS, self._look)
        return work.outcome

    def end(self) -> None:
        """Begin nothing any more; what is running ends by itself."""
        for _thread in range(self._number):
            self._news.put(False)

    def _live(self) -> None:
        while self._news.get():
            lane = None
            while (taken := self._next(lane)) is not None:
                lane, work = taken
                self._do(work)
                del work, taken  # the next may be long in coming

    def _next(self, left: Lane | None) -> tuple[Lane, _Work] | None:
        """The next that may go, now that somebody has left a lane."""
        with self._lock:
            if left is not None:
                left.count(-1)
            lane = self.lanes.next()
            if lane is None:
                return None
            lane.count(1)
            return lane, lane.waiting.popleft()

    def _do(self, work: _Work) -> None:
        try:
            settle, result = _returned, work.function()
        except BaseException as error:  # whoever waits for it gets it
            settle, result = _raised, error
        self._loop.call_soon_threadsafe(settle, work.outcome, result)

    def _look(self) -> None:
        """Send away who has waited too long, and look again as long as somebody waits."""
        overdue, last = [], self._loop.time() - LONGEST_WAIT_SECONDS
        with self._lock:
            for lane in self.lanes.all():
                while lane.waiting and lane.waiting[0].since < last:
                    overdue.append(lane.waiting.popleft())
            self._is_looking = any(lane.waiting for lane in self.lanes.all())
        for work in overdue:
            _raised(work.outcome, LaneFull())
        if self._is_looking:
            self._loop.call_later(LOOK_EVERY_SECONDS, self._look)


def _returned(outcome: asyncio.Future, result: Any) -> None:
    if not outcome.done():
        outcome.set_result(result)


def _raised(outcome: asyncio.Future, error: BaseException) -> None:
    if not outcome.done():
        outcome.set_exception(error)
