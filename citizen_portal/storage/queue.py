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
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from citizen_portal.storage.ownership import give_to_owner_of

_threads: dict[str, threading.Lock] = {}


class NoTurn(Exception):
    """The turn did not come in time, or the file of the queue cannot be opened."""


@contextmanager
def writers_turn(database: str, *, seconds: float) -> Iterator[None]:
    """Wait for the turn to write to the SQLite file ``database`` and hold it during the block.

    Raises ``NoTurn`` when the turn did not come within so many seconds, or the queue's file is not ours to open.
    """
    deadline = time.monotonic() + seconds
    mine = _threads.setdefault(database, threading.Lock())
    if not mine.acquire(timeout=seconds):
        raise NoTurn
    try:
        # Opened for each turn: a lock belongs to the opening, and one kept open would be shared by a forked worker.
        descriptor = _opened(f"{database}-queue")
        give_to_owner_of(Path(database).parent, descriptor)
        _lock(descriptor, seconds=deadline - time.monotonic())
        try:
            yield
        finally:
            os.close(descriptor)
    finally:
        mine.release()


def _opened(file: str) -> int:
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise NoTurn from error


def _lock(descriptor: int, *, seconds: float) -> None:
    """Lock an open file. Raises ``NoTurn`` when that takes longer; then the file is closed, or will be.

    The kernel's lock comes in order but knows no deadline, so a thread of its own waits for it and may be left waiting.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass
    else:
        return
    turn: Future[None] = Future()
    threading.Thread(target=_wait_for, args=(descriptor, turn), daemon=True).start()
    try:
        turn.result(timeout=max(0.0, seconds))
    except TimeoutError:
        if turn.cancel():
            raise NoTurn from None


def _wait_for(descriptor: int, turn: "Future[None]") -> None:
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    if turn.set_running_or_notify_cancel():
        turn.set_result(None)
    else:
        os.close(descriptor)
