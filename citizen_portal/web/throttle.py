"""The throttle: counts tries per visitor without knowing who the visitor is.

An address becomes a keyed digest at once, and only the digest is counted, in memory (or in Redis when several
machines share counters), for ten minutes. Limits are wide enough for a classroom or a mobile operator's
shared address; what to do past a limit (set aside, refuse) is for the caller to say.
"""

import hashlib
import threading
import time
from collections import Counter
from ipaddress import ip_address

from flask import Flask, current_app, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

WINDOW_MINUTES = 10
REDIS_TIMEOUT_SECONDS = 1
IPV6_SUBSCRIBER_BYTES = 8  # a subscriber is handed a /64, so the rest of the address identifies nobody


class CountersInMemory:
    """Counters of this process, all forgotten together ten minutes after the first was begun.

    The memory of ``limits`` itself starts a thread at nearly every count, to look for what has grown old.
    """

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, ...]] = Counter()
        self._ends = 0.0
        self._one_at_a_time = threading.Lock()

    def hit(self, limit: RateLimitItem, *identifiers: str) -> bool:
        """Count one; whether it is within the limit."""
        with self._one_at_a_time:
            self._forget_the_past()
            self._counts[identifiers] += 1
            return self._counts[identifiers] <= limit.amount

    def test(self, limit: RateLimitItem, *identifiers: str) -> bool:
        """Whether one more would be within the limit."""
        with self._one_at_a_time:
            self._forget_the_past()
            return self._counts[identifiers] < limit.amount

    def _forget_the_past(self) -> None:
        now = time.monotonic()
        if now >= self._ends:
            self._counts.clear()
            self._ends = now + WINDOW_MINUTES * 60


class Throttle:
    """Counters per visitor and kind of try.

    ``key`` keys the digest of the address. In one process it is random and dies with it. While Redis is away each
    process counts for itself: nobody's report may wait for a counter.
    """

    def __init__(self, redis_url: str | None, key: bytes) -> None:
        self._of_this_process = CountersInMemory()
        self._limiter = FixedWindowRateLimiter(shared_storage(redis_url)) if redis_url else self._of_this_process
        self._key = key

    def count(self, kind: str, *, most: int) -> bool:
        """Count one try of this kind by the visitor of the request; False once ``most`` are passed."""
        try:
            return self._limiter.hit(_limit(most), kind, self._visitor())
        except StorageError:
            return self._of_this_process.hit(_limit(most), kind, self._visitor())

    def is_open(self, kind: str, *, most: int) -> bool:
        """Whether the visitor has tries of this kind left; counts nothing."""
        try:
            return self._limiter.test(_limit(most), kind, self._visitor())
        except StorageError:
            return self._of_this_process.test(_limit(most), kind, self._visitor())

    def _visitor(self) -> str:
        try:
            address = ip_address(request.remote_addr or "")
            packed = (getattr(address, "ipv4_mapped", None) or address).packed
        except ValueError:
            packed = b""
        if len(packed) == 16:
            packed = packed[:IPV6_SUBSCRIBER_BYTES]
        return hashlib.blake2b(packed, key=self._key, digest_size=16).hexdigest()


def shared_storage(redis_url: str) -> Storage:
    """Where machines share counters. What goes wrong there comes as ``StorageError``, and soon."""
    timeouts = dict.fromkeys(("socket_timeout", "socket_connect_timeout"), REDIS_TIMEOUT_SECONDS)
    return storage_from_string(redis_url, wrap_exceptions=True, **timeouts)


def init_throttle(app: Flask, *, redis_url: str | None, process_key: bytes, shared_key: bytes) -> None:
    """Give the app its throttle: counters in this process, or shared in Redis under a shared key."""
    app.extensions["throttle"] = Throttle(redis_url, shared_key if redis_url else process_key)


def throttle() -> Throttle:
    """The throttle of the running app."""
    return current_app.extensions["throttle"]


def _limit(most: int) -> RateLimitItemPerMinute:
    return RateLimitItemPerMinute(most, WINDOW_MINUTES)
