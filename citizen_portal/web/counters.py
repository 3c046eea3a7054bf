"""Counters of tries: of one process, or shared by the worker processes of a server. None outlives its ten minutes.

Beside the numbers they know who has to wait, and how long still. Shared ones lie in a file on a memory file system,
which the server makes when it starts and removes when it stops. It holds keyed digests and numbers, and when a wait
and the window they are counted in end, on a clock that tells no time of day.
"""

import os
import secrets
import shutil
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from typing import Protocol

WINDOW_MINUTES = 10
MEMORY_FILE_SYSTEM = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
LONGEST_WAIT_SECONDS = 1


class CountersUnavailable(Exception):
    """The counters cannot be reached just now."""


class Counters(Protocol):
    """Numbers of tries by their keys."""

    def add(self, key: str) -> int:
        """Count one; how many there are now. Raises ``CountersUnavailable``."""

    def number(self, key: str) -> int:
        """How many there are; counts nothing. Raises ``CountersUnavailable``."""

    def let_wait(self, key: str, seconds: int) -> None:
        """Begin a wait of so many seconds, at most ten minutes. Raises ``CountersUnavailable``."""

    def waits(self, key: str) -> int:
        """Whole seconds left of a wait, rounded up; 0 when there is none. Raises ``CountersUnavailable``."""


class CountersInMemory:
    """Counters of this process, all forgotten together ten minutes after the first was begun."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._waits: dict[str, float] = {}
        self._ends = 0.0
        self._one_at_a_time = threading.Lock()

    def add(self, key: str) -> int:
        """Count one; how many there are now."""
        with self._one_at_a_time:
            self._forget_the_past()
            self._counts[key] += 1
            return self._counts[key]

    def number(self, key: str) -> int:
        """How many there are."""
        with self._one_at_a_time:
            self._forget_the_past()
            return self._counts[key]

    def let_wait(self, key: str, seconds: int) -> None:
        """Begin a wait."""
        with self._one_at_a_time:
            self._waits[key] = time.monotonic() + seconds

    def waits(self, key: str) -> int:
        """Seconds left of a wait."""
        with self._one_at_a_time:
            return _seconds_until(self._waits.get(key, 0.0))

    def _forget_the_past(self) -> None:
        now = time.monotonic()
        if now >= self._ends:
            self._counts.clear()
            self._waits = {key: ends for key, ends in self._waits.items() if ends > now}
            self._ends = now + WINDOW_MINUTES * 60


class SharedCounters:
    """Counters in a file, for every process that opens it. ``key`` keys the digests of all of them."""

    def __init__(self, folder: Path) -> None:
        self.key = (folder / "key").read_bytes()
        self._one_at_a_time = threading.Lock()
        self._database = sqlite3.connect(
            folder / "counters", timeout=LONGEST_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )

    def add(self, key: str) -> int:
        """Count one; how many there are now. Raises ``CountersUnavailable``."""
        with self._changing() as database:
            statement = "INSERT INTO tries VALUES (?, 1) ON CONFLICT DO UPDATE SET number = number + 1 RETURNING number"
            [(number,)] = database.execute(statement, (key,)).fetchall()
            return number

    def number(self, key: str) -> int:
        """How many there are. Raises ``CountersUnavailable``."""
        with self._changing() as database:
            found = database.execute("SELECT number FROM tries WHERE key = ?", (key,)).fetchone()
            return found[0] if found else 0

    def let_wait(self, key: str, seconds: int) -> None:
        """Begin a wait. Raises ``CountersUnavailable``."""
        with self._changing() as database:
            database.execute("INSERT OR REPLACE INTO waits VALUES (?, ?)", (key, time.monotonic() + seconds))

    def waits(self, key: str) -> int:
        """Seconds left of a wait. Raises ``CountersUnavailable``."""
        with self._changing() as database:
            found = database.execute("SELECT ends FROM waits WHERE key = ?", (key,)).fetchone()
            return _seconds_until(found[0]) if found else 0

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._one_at_a_time:
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    self._forget_the_past()
                    yield self._database
                finally:
                    self._database.execute("COMMIT")
        except sqlite3.Error as error:
            raise CountersUnavailable from error

    def _forget_the_past(self) -> None:
        now = time.monotonic()  # the same for every process of the machine
        [(ends,)] = self._database.execute("SELECT ends FROM ten_minutes")
        if now >= ends:
            self._database.execute("DELETE FROM tries")
            self._database.execute("DELETE FROM waits WHERE ends <= ?", (now,))
            self._database.execute("UPDATE ten_minutes SET ends = ?", (now + WINDOW_MINUTES * 60,))


@contextmanager
def shared_counters() -> Iterator[Path]:
    """A folder with counters that ``SharedCounters`` opens; gone when the block ends."""
    where = MEMORY_FILE_SYSTEM if os.access(MEMORY_FILE_SYSTEM, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="citizen-portal-", dir=where))  # which nobody else may open
    try:
        (folder / "key").write_bytes(secrets.token_bytes(32))
        database = sqlite3.connect(folder / "counters")
        # A crash loses ten minutes of counting, which is no loss; a journal would be a second file to look after.
        database.executescript(
            "PRAGMA secure_delete = ON; CREATE TABLE tries (key TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;"
            "CREATE TABLE waits (key TEXT PRIMARY KEY, ends REAL) WITHOUT ROWID;"
            "CREATE TABLE ten_minutes (ends REAL); INSERT INTO ten_minutes VALUES (0);"
        )
        database.close()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _seconds_until(ends: float) -> int:
    return max(0, ceil(ends - time.monotonic()))
