"""Bodies that are collected at once: who makes room when there is none, and what is remembered of it."""

import asyncio

import pytest

from citizen_portal.front import bodies as front_bodies
from citizen_portal.front.bodies import MOST_AT_ONCE, Bodies, BodyRefused, Patience
from tests.front.event_loop import run

MEGABYTE = 1024 * 1024
HALF = 8 * MEGABYTE


@pytest.fixture(autouse=True)
def less_memory(monkeypatch):
    """As much as sixteen megabytes for long bodies, so that the tests need no more."""
    monkeypatch.setattr(front_bodies, "MOST_BYTES_OF_LARGE_ONES", HALF * 2)


class Sender:
    """What stands for a visitor in the server's place: pieces come when they are sent."""

    def __init__(self):
        self._pieces = asyncio.Queue()

    def send(self, *pieces):
        for piece in pieces:
            self._pieces.put_nowait(piece)

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await self._pieces.get()


def begun(bodies, sender, announced):
    return asyncio.ensure_future(bodies.collect(sender, announced=announced, most=HALF * 4))


async def a_moment():
    for _turn in range(10):
        await asyncio.sleep(0)


def outcome_of(task):
    if not task.done():
        return "waits"
    return task.exception().status if task.exception() else "whole"


def test_three_photos_find_room_among_senders_of_as_much_as_there_is():
    async def scene():
        bodies, greedy, resident = Bodies(), [Sender(), Sender()], Sender()
        held = [begun(bodies, sender, HALF) for sender in greedy]
        greedy[0].send(bytes(HALF - 1))
        greedy[1].send(bytes(HALF - MEGABYTE))
        await a_moment()
        posted = begun(bodies, resident, 6 * MEGABYTE)
        resident.send(*[bytes(MEGABYTE)] * 6)
        await a_moment()
        assert [outcome_of(task) for task in (*held, posted)] == [503, "waits", "whole"]
        bodies.forget(posted.result())
        held[1].cancel()
        await a_moment()
        assert bodies._large_bytes == 0

    run(scene())


def test_the_longest_that_finds_no_room_is_refused_itself():
    async def scene():
        bodies, one, other = Bodies(), Sender(), Sender()
        small, large = begun(bodies, one, HALF), begun(bodies, other, HALF * 2)
        one.send(bytes(HALF - 1))
        await a_moment()
        other.send(bytes(HALF), b"xx")
        await a_moment()
        assert [outcome_of(small), outcome_of(large)] == ["waits", 503]
        small.cancel()

    run(scene())


def test_a_photo_that_comes_steadily_is_not_pushed_out_by_those_that_send_nothing():
    async def scene():
        bodies, steady = Bodies(), Sender()
        photo = begun(bodies, steady, 3 * MEGABYTE)
        steady.send(bytes(MEGABYTE))
        await a_moment()
        silent = [begun(bodies, Sender(), 5000) for _number in range(MOST_AT_ONCE + 20)]
        await a_moment()
        assert [outcome_of(task) for task in silent].count(408) == 21
        steady.send(bytes(2 * MEGABYTE))
        await a_moment()
        assert outcome_of(photo) == "whole"
        for task in silent:
            task.cancel()

    run(scene())


@pytest.mark.parametrize(("sent", "said"), [(0, 408), (10, 408), (10_000, "waits")])
def test_who_sends_less_than_the_least_rate_is_waited_for_as_long_as_the_grace(sent, said, monkeypatch):
    monkeypatch.setattr(front_bodies, "LOOK_EVERY_SECONDS", 0.01)

    async def scene():
        bodies, sender = Bodies(Patience(grace_seconds=0.05)), Sender()
        task = begun(bodies, sender, 20_000)
        sender.send(bytes(sent))
        done, _waiting = await asyncio.wait([task], timeout=0.5)
        assert outcome_of(task) == said
        assert bool(done) == (said == 408)
        task.cancel()

    run(scene())


def test_nobody_is_waited_for_longer_than_the_longest():
    patience = Patience()
    assert patience.seconds(0) == patience.grace_seconds
    assert patience.seconds(10 * 1024) == patience.grace_seconds + 10
    assert patience.seconds(HALF) == patience.longest_seconds


def test_what_is_refused_by_its_length_can_still_come_and_takes_no_memory():
    async def scene():
        bodies, sender = Bodies(), Sender()
        with pytest.raises(BodyRefused) as refused:
            await bodies.collect(sender, announced=11, most=10)
        sender.send(b"x" * 11, b"")
        await bodies.let_come(refused.value.rest, 100)
        assert refused.value.status == 413
        assert bodies._large_bytes == 0

    run(scene())


def test_what_is_refused_is_not_waited_for_when_nothing_comes_nor_when_it_is_too_long(monkeypatch):
    monkeypatch.setattr(front_bodies, "SILENT_SECONDS", 0.02)
    monkeypatch.setattr(front_bodies, "MOST_SENT_IN_VAIN", 1)

    async def scene():
        bodies, silent, endless = Bodies(), Sender(), Sender()
        waiting = asyncio.ensure_future(bodies.let_come(silent, 100))
        await a_moment()
        await asyncio.wait_for(bodies.let_come(endless, 100), 5)  # there is room for one: not even listened to
        await asyncio.wait_for(waiting, 5)
        endless.send(b"x" * 60, b"x" * 60, b"x" * 60)
        await asyncio.wait_for(bodies.let_come(endless, 100), 5)
        assert not endless._pieces.empty()

    run(scene())
