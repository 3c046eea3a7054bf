"""Passwords: checked one at a time in a process, so that many who guess leave the processors to residents."""

import threading
from concurrent.futures import ThreadPoolExecutor

from citizen_portal.staff import accounts
from citizen_portal.staff.accounts import HASHED_AT_ONCE, authenticate
from citizen_portal.storage.engine import db
from tests.conftest import PASSWORD, store_account

AT_ONCE = 6


class Watched:
    """A hasher that says how many used it at once, and in which threads."""

    def __init__(self, hasher):
        self._hasher, self._lock = hasher, threading.Lock()
        self.now = self.most = 0
        self.threads = set()

    def hash(self, password):
        return self._hasher.hash(password)

    def verify(self, *described):
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.threads.add(threading.get_native_id())
        try:
            return self._hasher.verify(*described)
        finally:
            with self._lock:
                self.now -= 1


def test_passwords_are_checked_one_at_a_time(app, monkeypatch):
    store_account("officer")
    watched = Watched(accounts._hasher)
    monkeypatch.setattr(accounts, "_hasher", watched)
    everyone = threading.Barrier(AT_ONCE)

    def try_password(password):
        everyone.wait(10)
        with app.app_context():
            return authenticate(db.session(), username="officer", password=password) is not None

    with ThreadPoolExecutor(AT_ONCE) as threads:
        entered = list(threads.map(try_password, [PASSWORD, *["a wrong password"] * (AT_ONCE - 1)]))
    assert entered == [True] + [False] * (AT_ONCE - 1)
    assert watched.most == HASHED_AT_ONCE
    assert len(watched.threads) == HASHED_AT_ONCE
