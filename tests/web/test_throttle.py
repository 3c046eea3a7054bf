"""The throttle: counts a visitor's tries without knowing who the visitor is."""

import pytest

from citizen_portal.web.throttle import Throttle

MOST = 3


@pytest.fixture
def visit(app):
    """Count one try from an address."""
    throttle = Throttle("memory://", b"k" * 32)

    def count(address: str, kind: str = "codes") -> bool:
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return throttle.count(kind, most=MOST)

    def is_open(address: str) -> bool:
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return throttle.is_open("codes", most=MOST)

    count.is_open = is_open
    count.throttle = throttle
    return count


def test_the_tries_of_one_address_come_to_an_end(visit):
    assert [visit("192.0.2.1") for _ in range(MOST + 1)] == [True] * MOST + [False]
    assert not visit.is_open("192.0.2.1")


def test_another_address_and_another_kind_have_their_own_tries(visit):
    for _ in range(MOST + 1):
        visit("192.0.2.1")
    assert visit("192.0.2.2")
    assert visit("192.0.2.1", "logins")


def test_looking_counts_nothing(visit):
    assert all(visit.is_open("192.0.2.1") for _ in range(MOST * 3))


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
    throttle = Throttle("redis://127.0.0.1:1/0", b"k" * 32)
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        assert throttle.is_open("codes", most=MOST)
        assert [throttle.count("codes", most=MOST) for _ in range(MOST + 1)] == [True] * MOST + [False]
        assert not throttle.is_open("codes", most=MOST)


def test_no_address_is_kept_in_memory(visit):
    visit("192.0.2.77")
    counted = repr(vars(visit.throttle._limiter.storage))
    assert "codes" in counted
    assert "192.0.2.77" not in counted


def test_two_processes_know_the_same_visitor_by_different_digests(app):
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        assert Throttle("memory://", b"a" * 32)._visitor() != Throttle("memory://", b"b" * 32)._visitor()
