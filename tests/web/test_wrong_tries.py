"""Wrong tries make whoever goes on with them wait, longer each time: per network, and per code or account."""

import time

import pytest

from citizen_portal.web.counters import WINDOW_MINUTES, CountersInMemory, SharedCounters, shared_counters
from citizen_portal.web.throttle import LONGEST_WAIT_SECONDS, CountersInRedis, Throttle
from citizen_portal.web.wrong_tries import wait_in_words

FREE = 3


class Clock:
    """Time that passes when it is told to."""

    def __init__(self, monkeypatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


@pytest.fixture(params=["in memory", "shared"])
def counters(request, monkeypatch):
    """Counters of one process, and of a server, on a clock of their own."""
    with shared_counters() as folder:
        clock = Clock(monkeypatch)
        counters = CountersInMemory() if request.param == "in memory" else SharedCounters(folder)
        counters.clock = clock
        yield counters


@pytest.fixture
def wrong(app, counters):
    """One wrong try; how long to wait after it."""
    throttle = Throttle(counters, b"k" * 32)

    def one(address: str = "192.0.2.1", about: str | None = None) -> int:
        about = about or f"code {time.perf_counter_ns()}"
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return throttle.count_wrong("codes", free=FREE, about=about)

    one.clock = counters.clock
    return one


def waits_one_after_the_other(wrong, number: int, **about: str) -> list[int]:
    waits = []
    for _number in range(number):
        waits.append(wrong(**about))
        wrong.clock.now += waits[-1]
    return waits


def test_the_first_wrong_ones_cost_nothing_and_each_after_them_twice_the_wait_of_the_one_before(wrong):
    assert waits_one_after_the_other(wrong, FREE + 6) == [0] * FREE + [5, 10, 20, 40, 80, 160]


def test_no_wait_is_longer_than_the_ten_minutes_that_anything_is_remembered(app, monkeypatch):
    counters = CountersInMemory()
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        monkeypatch.setattr(counters, "add", lambda key: 10**9)
        assert Throttle(counters, b"k").count_wrong("codes", free=FREE, about="x") == LONGEST_WAIT_SECONDS


def test_impatience_makes_no_wait_longer(wrong):
    for _number in range(FREE + 1):
        wrong()
    wrong.clock.now += 2
    assert [wrong() for _number in range(50)] == [3] * 50
    wrong.clock.now += 3
    assert wrong() == 10


def test_after_ten_minutes_all_is_forgotten(wrong):
    for _number in range(FREE + 1):
        wrong()
    wrong.clock.now += WINDOW_MINUTES * 60 + 1
    assert wrong() == 0


def test_another_network_waits_for_nobody_unless_it_tries_the_same_code_or_account(wrong):
    for _number in range(FREE + 1):
        wrong(about="officer")
    assert wrong("198.51.100.7") == 0
    assert wrong("203.0.113.9", about="officer") == 5


def test_whoever_goes_through_the_networks_of_a_provider_comes_to_wait_too(wrong):
    waits = [wrong(f"2001:db8:0:{number:x}::1") for number in range(FREE * 4 + 1)]
    assert waits == [0] * (FREE * 4) + [5]


def test_a_wait_in_redis_ends(app):
    counters = CountersInRedis("memory://")
    assert counters.waits("one") == 0
    counters.let_wait("one", 7)
    assert 1 <= counters.waits("one") <= 7
    assert counters.waits("another") == 0


@pytest.mark.parametrize(
    ("language", "seconds", "told"),
    [("sv", 5, "5 sekunder"), ("sv", 61, "2 minuter"), ("en", 600, "10 minutes"), ("fi", 59, "59 sekuntia")],
)
def test_a_wait_is_told_in_words_and_never_shorter_than_it_is(app, language, seconds, told):
    with app.test_request_context(f"/{language}/follow"):
        assert told in wait_in_words(seconds)
