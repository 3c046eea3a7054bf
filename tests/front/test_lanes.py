"""Lanes to the threads: who waits for whom, and that nobody waits in vain."""

import asyncio

import pytest

from citizen_portal.front import lanes as front_lanes
from citizen_portal.front.lanes import MOST_LOGINS_WAITING, MOST_PHOTOS_WAITING, LaneFull, Lanes
from tests.front.event_loop import run

THREADS = 4
MANY = 20


class Visitors:
    """Those who are in a lane, until they are let go."""

    def __init__(self):
        self._leave = asyncio.Event()
        self.inside = self.refused = 0

    async def _visit(self, lane):
        try:
            async with lane:
                self.inside += 1
                await self._leave.wait()
        except LaneFull:
            self.refused += 1

    async def come(self, lane, number):
        self._come = [asyncio.ensure_future(self._visit(lane)) for _visitor in range(number)]
        for _turn in range(5):
            await asyncio.sleep(0)
        return self

    async def leave(self):
        self._leave.set()
        await asyncio.gather(*self._come)


async def inside(lane, number=MANY):
    return (await Visitors().come(lane, number)).inside


def test_photos_and_logins_leave_a_thread_for_words_and_all_of_them_one_for_reading():
    async def scene():
        lanes = Lanes.of(THREADS)
        assert [await inside(lane) for lane in (lanes.photos, lanes.hashing, lanes.writing)] == [2, 1, 1]
        assert await inside(lanes.reading) == THREADS + 1

    run(scene())


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_there_is_a_lane_for_everyone_with_any_number_of_threads(threads):
    async def scene():
        lanes = Lanes.of(threads)
        for lane in (lanes.photos, lanes.hashing, lanes.writing, lanes.reading):
            visitors = await Visitors().come(lane, 1)
            assert visitors.inside == 1
            await visitors.leave()
        at_once = [await inside(lane) for lane in (lanes.photos, lanes.hashing, lanes.writing)]
        assert sum(at_once) == threads

    run(scene())


def test_whoever_waits_comes_through_when_the_others_leave():
    async def scene():
        lanes = Lanes.of(THREADS)
        writing, photos = await Visitors().come(lanes.writing, THREADS), await Visitors().come(lanes.photos, MANY)
        assert photos.inside == 0
        await writing.leave()
        await asyncio.sleep(0)
        await photos.leave()
        assert (photos.inside, photos.refused) == (MANY, 0)
        assert await inside(lanes.writing) == THREADS

    run(scene())


def test_more_than_may_wait_are_refused_at_once():
    async def scene():
        for name, most in (("photos", MOST_PHOTOS_WAITING), ("hashing", MOST_LOGINS_WAITING)):
            visitors = await Visitors().come(getattr(Lanes.of(1), name), most + 1 + MANY)
            assert (visitors.inside, visitors.refused) == (1, MANY)

    run(scene())


def test_whoever_has_waited_too_long_or_has_gone_leaves_no_place_taken(monkeypatch):
    monkeypatch.setattr(front_lanes, "LONGEST_WAIT_SECONDS", 0.02)

    async def scene():
        lanes = Lanes.of(1)
        first = await Visitors().come(lanes.writing, 1)
        late = await Visitors().come(lanes.hashing, 3)
        await asyncio.sleep(0.2)
        assert late.refused == 3
        gone = await Visitors().come(lanes.photos, 2)
        for task in gone._come:
            task.cancel()
        await asyncio.sleep(0)
        await first.leave()
        assert await inside(lanes.hashing) == 1

    run(scene())
