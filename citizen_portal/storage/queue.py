"""The queue of writers: on SQLite they wait in order, threads and processes alike.

SQLite lets one writer in at a time and has the others poll, with sleeps that grow to a tenth of a second while the
database stands idle. Here the threads of a process wait on a lock and its foremost thread on a lock of the file
``<database>-queue``, which the kernel hands on at once and takes back from a process that dies. SQLite's own lock
still rules: whoever writes past this queue is only less polite.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from citizen_portal.storage.ownership import give_to_owner_of

_threads = threading.Lock()


class NoTurn(Exception):
    """The turn did not come in time, or the file of the queue cannot be opened."""


@contextmanager
def writers_turn(database: str, *, seconds: float) -> Iterator[None]:
    """Wait for the turn to write to the SQLite file ``database`` and hold it during the block.

    Raises ``NoTurn`` when the turn did not come within so many seconds, or the queue's file is not ours to open.
    """
    deadline = time.monotonic() + seconds
    if not _threads.acquire(timeout=seconds):
        raise NoTurn
    try:
        # Opened for each turn: a lock belongs to the opening, and one kept open would be shared by a forked worker.
        descriptor = _opened(f"{database}-queue")
        try:
            give_to_owner_of(Path(database).parent, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if time.monotonic() > deadline:
                raise NoTurn
            yield
        finally:
            os.close(descriptor)
    finally:
        _threads.release()


def _opened(file: str) -> int:
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise NoTurn from error
