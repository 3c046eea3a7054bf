"""The throttle: counts tries per visitor without knowing who the visitor is.

An address becomes a keyed digest at once, and only the digest is counted, in memory, for ten minutes: over all worker
processes of a server, and in Redis over several machines. Limits are wide enough for a classroom or a mobile operator's
shared address; what to do past a limit (set aside, refuse) is for the caller to say. Of codes and passwords only wrong
ones are counted (``wrong_tries.py``), so that nobody's right one is refused for what others have typed.

A subscriber is handed a /64 of IPv6, and often a /56 or a /48, so that whoever changes from one to the next is counted
there too, within limits that grow with the network.
"""

import hashlib
from ipaddress import ip_address
from math import ceil
from pathlib import Path

from flask import Flask, current_app, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from citizen_portal.web.clock import seconds as now_in_seconds
from citizen_portal.web.counters import WINDOW_MINUTES, Counters, CountersInMemory, CountersUnavailable, SharedCounters

REDIS_TIMEOUT_SECONDS = 1
# Past the free ones, a wrong try begins a wait: 5 seconds, 10, 20, ... up to ten minutes.
FIRST_WAIT_SECONDS = 5
LONGEST_WAIT_SECONDS = WINDOW_MINUTES * 60
# Bytes of an IPv6 network, and how many times the limit of one subscriber it may have.
NETWORKS = ((8, 1), (7, 4), (6, 16))


class CountersInRedis:
    """Counters that several machines share."""

    def __init__(self, redis_url: str) -> None:
        self._storage = shared_storage(redis_url)
        self._limiter = FixedWindowRateLimiter(self._storage)

    def add(self, key: str) -> int:
        """Count one; how many there are now. Raises ``CountersUnavailable``."""
        try:
            self._limiter.hit(_WITHOUT_LIMIT, key)
        except StorageError as error:
            raise CountersUnavailable from error
        return self.number(key)

    def number(self, key: str) -> int:
        """How many there are. Raises ``CountersUnavailable``."""
        try:
            return _WITHOUT_LIMIT.amount - self._limiter.get_window_stats(_WITHOUT_LIMIT, key).remaining
        except StorageError as error:
            raise CountersUnavailable from error

    def let_wait(self, key: str, seconds: int) -> None:
        """Begin a wait. Raises ``CountersUnavailable``."""
        try:
            self._storage.incr(f"wait {key}", seconds)
        except StorageError as error:
            raise CountersUnavailable from error

    def waits(self, key: str) -> int:
        """Seconds left of a wait. Raises ``CountersUnavailable``."""
        try:
            waiting = self._storage.get(f"wait {key}")
            return max(1, ceil(self._storage.get_expiry(f"wait {key}") - now_in_seconds())) if waiting else 0
        except StorageError as error:
            raise CountersUnavailable from error


class Throttle:
    """Counters per visitor and kind of try.

    ``key`` keys the digest of the address. While the shared counters are away each process counts for itself: nobody's
    report may wait for a counter.
    """

    def __init__(self, counters: Counters, key: bytes) -> None:
        self._counters, self._key = counters, key
        self._of_this_process = CountersInMemory()

    def count(self, kind: str, *, most: int) -> bool:
        """Count one try of this kind by the visitor of the request; False once ``most`` are passed."""
        numbers = [(self._add(f"{kind} {network}"), times) for network, times in self._networks()]
        return all(number <= most * times for number, times in numbers)

    def count_wrong(self, kind: str, *, free: int, about: str) -> int:
        """Count one wrong try of this kind by the visitor, and one at what it was ``about`` whoever made it.

        How many seconds they have to wait, 0 for none. The more came after the ``free`` ones, the longer: but what
        comes during a wait is not counted, so that impatience makes it no longer.
        """
        tried = [*self._networks(), (self._digest(b"about " + about.encode(errors="surrogatepass")), 1)]
        waits = max(self._waits(f"{kind} {name}") for name, _times in tried)
        return waits or max(self._wait_after(f"{kind} {name}", free * times) for name, times in tried)

    def _wait_after(self, key: str, free: int) -> int:
        past = self._add(key) - free
        if past <= 0:
            return 0
        seconds = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** min(past - 1, 10))
        self._let_wait(key, seconds)
        return seconds

    def _add(self, key: str) -> int:
        try:
            return self._counters.add(key)
        except CountersUnavailable:
            return self._of_this_process.add(key)

    def _waits(self, key: str) -> int:
        try:
            return self._counters.waits(key)
        except CountersUnavailable:
            return self._of_this_process.waits(key)

    def _let_wait(self, key: str, seconds: int) -> None:
        try:
            self._counters.let_wait(key, seconds)
        except CountersUnavailable:
            self._of_this_process.let_wait(key, seconds)

    def _networks(self) -> list[tuple[str, int]]:
        """The networks of the visitor as keyed digests, and how many times the limit each may have."""
        try:
            address = ip_address(request.remote_addr or "")
            packed = (getattr(address, "ipv4_mapped", None) or address).packed
        except ValueError:
            packed = b""
        networks = [(packed[:size], times) for size, times in NETWORKS] if len(packed) == 16 else [(packed, 1)]
        return [(self._digest(network), times) for network, times in networks]

    def _digest(self, told: bytes) -> str:
        return hashlib.blake2b(told, key=self._key, digest_size=16).hexdigest()


def shared_storage(redis_url: str) -> Storage:
    """Where machines share counters. What goes wrong there comes as ``StorageError``, and soon."""
    timeouts = dict.fromkeys(("socket_timeout", "socket_connect_timeout"), REDIS_TIMEOUT_SECONDS)
    return storage_from_string(redis_url, wrap_exceptions=True, **timeouts)


def init_throttle(app: Flask, *, redis_url: str | None, process_key: bytes, shared_key: bytes) -> None:
    """Give the app its throttle: counters in this process, or shared in Redis under a shared key."""
    throttle = (
        Throttle(CountersInRedis(redis_url), shared_key) if redis_url else Throttle(CountersInMemory(), process_key)
    )
    app.extensions["throttle"] = throttle


def count_together(app: Flask, folder: Path) -> None:
    """Have this worker count with the others of its server, in the folder that ``shared_counters`` made."""
    counters = SharedCounters(folder)
    app.extensions["throttle"] = Throttle(counters, counters.key)


def throttle() -> Throttle:
    """The throttle of the running app."""
    return current_app.extensions["throttle"]


def _per_window(most: int) -> RateLimitItem:
    return RateLimitItemPerMinute(most, WINDOW_MINUTES)


_WITHOUT_LIMIT = _per_window(1_000_000_000)
