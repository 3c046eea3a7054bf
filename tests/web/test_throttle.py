"""The throttle: counts a visitor's tries without knowing who the visitor is."""

import subprocess
import sys
import time
from ipaddress import IPv6Address

import pytest

from citizen_portal.web.counters import WINDOW_MINUTES, CountersInMemory, SharedCounters, shared_counters
from citizen_portal.web.throttle import CountersInRedis, Throttle

MOST = 3


@pytest.fixture
def visit(app):
    """Count one try from an address."""
    throttle = Throttle(CountersInMemory(), b"k" * 32)

    def count(address: str, kind: str = "codes") -> bool:
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return throttle.count(kind, most=MOST)

    def wrong(address: str, about: str) -> int:
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return throttle.count_wrong("codes", free=MOST, about=about)

    count.wrong = wrong
    count.throttle = throttle
    return count


def test_the_tries_of_one_address_come_to_an_end(visit):
    assert [visit("192.0.2.1") for _ in range(MOST + 1)] == [True] * MOST + [False]


def test_another_address_and_another_kind_have_their_own_tries(visit):
    for _ in range(MOST + 1):
        visit("192.0.2.1")
    assert visit("192.0.2.2")
    assert visit("192.0.2.1", "logins")


def test_an_ipv6_subscriber_is_one_visitor_however_many_addresses_it_uses(visit):
    tries = [visit(f"2001:db8:1:2:{host:x}::{host:x}") for host in range(1, MOST + 2)]
    assert tries == [True] * MOST + [False]
    assert visit("2001:db8:1:3::1")


def test_ipv4_addresses_seen_through_an_ipv6_socket_are_told_apart(visit):
    for _ in range(MOST + 1):
        visit("::ffff:192.0.2.1")
    assert visit("::ffff:192.0.2.2")
    assert not visit("192.0.2.1")


@pytest.mark.parametrize("address", ["", "unix:", "not an address"])
def test_a_visitor_without_an_address_is_counted_too(visit, address):
    assert [visit(address) for _ in range(MOST + 1)] == [True] * MOST + [False]


def test_while_redis_is_away_each_process_counts_for_itself(app):
    throttle = Throttle(CountersInRedis("redis://127.0.0.1:1/0"), b"k" * 32)
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        assert [throttle.count("codes", most=MOST) for _ in range(MOST + 1)] == [True] * MOST + [False]
        assert [throttle.count_wrong("logins", free=1, about="x") for _ in range(3)] == [0, 5, 5]


def test_counters_in_redis_count(app):
    throttle = Throttle(CountersInRedis("memory://"), b"k" * 32)
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        assert [throttle.count("codes", most=MOST) for _ in range(MOST + 1)] == [True] * MOST + [False]
        assert [throttle.count_wrong("logins", free=1, about="x") for _ in range(3)] == [0, 5, 5]


def test_no_address_is_kept_in_memory(visit):
    visit("192.0.2.77")
    counted = repr(vars(visit.throttle._counters))
    assert "codes" in counted
    assert "192.0.2.77" not in counted


def test_two_processes_know_the_same_visitor_by_different_digests(app):
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        one, other = (Throttle(CountersInMemory(), key * 32)._networks() for key in (b"a", b"b"))
    assert one != other


@pytest.mark.parametrize(("bits", "times"), [(56, 4), (48, 16)])
def test_whoever_changes_from_one_network_of_a_larger_one_to_the_next_comes_to_an_end(visit, bits, times):
    def address(number):
        return str(IPv6Address((0x20010DB8 << 96) + (number << (128 - 64 if bits == 56 else 128 - 56))))

    tries = [visit(address(number)) for number in range(MOST * times + 1)]
    assert tries == [True] * (MOST * times) + [False]


def test_processes_that_share_counters_count_as_one(app, tmp_path):
    def from_a_process_of_its_own(folder):
        code = (
            "import sys; from pathlib import Path; from citizen_portal.web.counters import SharedCounters;"
            "[SharedCounters(Path(sys.argv[1])).add('codes x') for _ in range(50)]"
        )
        return subprocess.Popen([sys.executable, "-c", code, folder])

    with shared_counters() as folder:
        processes = [from_a_process_of_its_own(folder) for _number in range(2)]
        assert [process.wait() for process in processes] == [0, 0]
        assert SharedCounters(folder).number("codes x") == 100
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


def test_shared_counters_forget_after_ten_minutes_and_keep_no_digest(monkeypatch):
    with shared_counters() as folder:
        counters = SharedCounters(folder)
        counters.add("codes 8f1c77aa")
        later = time.monotonic() + WINDOW_MINUTES * 60 + 1
        monkeypatch.setattr(time, "monotonic", lambda: later)
        assert counters.number("codes 8f1c77aa") == 0
        assert b"8f1c77aa" not in (folder / "counters").read_bytes()


def test_while_shared_counters_cannot_be_reached_each_process_counts_for_itself(app):
    with shared_counters() as folder:
        counters = SharedCounters(folder)
        throttle = Throttle(counters, counters.key)
        counters._database.close()
        with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.1"}):
            assert [throttle.count("codes", most=MOST) for _ in range(MOST + 1)] == [True] * MOST + [False]
