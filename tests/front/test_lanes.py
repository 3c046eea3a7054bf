"""Lanes to the threads: who waits for whom, and that nobody waits in vain."""

import asyncio
import threading
from contextlib import asynccontextmanager

import pytest

from citizen_portal.front import lanes as front_lanes
from citizen_portal.front.lanes import MOST_LOGINS_WAITING, MOST_PHOTOS_WAITING, MOST_WAITING, LaneFull, Threads
from tests.front.event_loop import run

THREADS = 4
MANY = 20
LONG_ENOUGH = 10


class Visitors:
    """Those who hold a thread until they are let go. ``inside`` counts who has got one, ``refused`` who never will."""

    def __init__(self, threads):
        self._threads, self._leave, self._lock = threads, threading.Event(), threading.Lock()
        self._come, self.inside, self.refused = [], 0, 0

    def _stay(self):
        with self._lock:
            self.inside += 1
        self._leave.wait(LONG_ENOUGH)

    async def come(self, lane, number=MANY):
        for _visitor in range(number):
            try:
                self._come.append(self._threads.run(self._stay, lane))
            except LaneFull:
                self.refused += 1
        await asyncio.sleep(0.1)
        return self

    async def leave(self):
        self._leave.set()
        told = await asyncio.gather(*self._come, return_exceptions=True)
        self.refused += sum(isinstance(each, LaneFull) for each in told)


@asynccontextmanager
async def running(number):
    """So many threads, and a way to send visitors; all of them leave at the end."""
    threads, everyone = Threads(number, asyncio.get_running_loop()), []

    async def come(name, number=MANY):
        everyone.append(await Visitors(threads).come(getattr(threads.lanes, name), number))
        return everyone[-1]

    try:
        yield come
    finally:
        for visitors in everyone:
            await visitors.leave()
        threads.end()


def test_photos_and_logins_leave_a_thread_for_words_and_all_of_them_one_for_reading():
    async def scene():
        async with running(THREADS) as come:
            assert [(await come(name)).inside for name in ("photos", "hashing", "writing", "reading")] == [2, 1, 1, 1]

    run(scene())


@pytest.mark.parametrize("number", [1, 2, 3, 8])
def test_there_is_a_way_for_everyone_with_any_number_of_threads(number):
    async def scene():
        async with running(number) as come:
            for name in ("photos", "hashing", "refusing", "writing", "reading", "going_on"):
                alone = await come(name, 1)
                assert alone.inside == 1
                await alone.leave()
            at_once = [(await come(name)).inside for name in ("photos", "hashing", "writing")]
            assert sum(at_once) == number

    run(scene())


def test_whoever_waits_comes_through_when_the_others_leave_each_of_them_once():
    async def scene():
        async with running(THREADS) as come:
            writing, photos, reading = await come("writing"), await come("photos"), await come("reading")
            assert (writing.inside, photos.inside, reading.inside) == (THREADS, 0, 1)
            for visitors in (writing, photos, reading):
                await visitors.leave()
                assert (visitors.inside, visitors.refused) == (MANY, 0)

    run(scene())


def test_more_than_may_wait_are_refused_at_once():
    async def scene():
        for name, most in (
            ("photos", MOST_PHOTOS_WAITING),
            ("hashing", MOST_LOGINS_WAITING),
            ("writing", MOST_WAITING),
        ):
            async with running(1) as come:
                await come(name, 1)
                assert (await come(name, most + MANY)).refused == MANY

    run(scene())


def test_whoever_has_waited_too_long_is_told_so_and_leaves_no_place_taken(monkeypatch):
    monkeypatch.setattr(front_lanes, "LOOK_EVERY_SECONDS", 0.02)
    monkeypatch.setattr(front_lanes, "LONGEST_WAIT_SECONDS", 0.05)

    async def scene():
        async with running(1) as come:
            first, late = await come("writing", 1), await come("hashing", 3)
            await asyncio.sleep(0.3)
            await late.leave()
            assert (late.inside, late.refused) == (0, 3)
            await first.leave()
            assert (await come("hashing", 1)).inside == 1

    run(scene())


def test_what_breaks_in_a_thread_is_told_and_leaves_no_place_taken():
    async def scene():
        threads = Threads(1, asyncio.get_running_loop())
        for _time in range(3):
            with pytest.raises(ZeroDivisionError):
                await threads.run(lambda: 1 / 0, threads.lanes.photos)
        assert await threads.run(lambda: 7, threads.lanes.photos) == 7
        threads.end()

    run(scene())
