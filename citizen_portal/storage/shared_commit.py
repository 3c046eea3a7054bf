"""The shared commit: writes that wait at the same moment reach the disk together.

A commit costs the same for one row as for ten: opening and ending the transaction, and the wait for the disk. While
one thread of a process holds the turn to write, the writes of the others gather; the foremost of them takes all that
have gathered into the next transaction. Nobody waits for company, so a lone write is as quick as ever, and nobody is
answered before the commit that holds their row.

Only for writes that are alike and independent, such as what residents send. A failure in company rolls all of it back
and each is tried again alone, so that one bad write cannot take others with it.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from flask import Flask, current_app
from sqlalchemy.orm import Session

from citizen_portal.storage.engine import LOCK_TIMEOUT_SECONDS, db
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work

T = TypeVar("T")


class _Write(Generic[T]):
    """One write that waits, and what became of it."""

    def __init__(self, write: Callable[[Session], T]) -> None:
        self.write = write
        self.woken = threading.Event()
        self.leads = self.committed = False
        self.error: Exception | None = None

    def run(self, session: Session) -> None:
        self.result = self.write(session)

    def outcome(self) -> T:
        if self.error is not None:
            raise self.error
        if not self.committed:
            raise StorageUnavailable("the write was given up")
        return self.result


class SharedCommit:
    """The writes of one process to one database. The first to come leads, and hands over when it has committed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Write] = []
        self._is_led = False

    def store(self, write: Callable[[Session], T]) -> T:
        """Run ``write`` in a transaction, perhaps with others, and return its result once that is committed."""
        mine = _Write(write)
        with self._lock:
            self._waiting.append(mine)
            mine.leads = not self._is_led
            self._is_led = True
        if not mine.leads:
            mine.woken.wait()
        if mine.leads:
            self._lead()
        return mine.outcome()

    def _lead(self) -> None:
        company: list[_Write] = []
        try:
            with unit_of_work() as session:
                # Only now: whoever came while the turn was waited for comes along.
                company = self._all_waiting()
                for each in company:
                    each.run(session)
            for each in company:
                each.committed = True
        except Exception as error:
            if len(company) > 1:
                _store_each_alone(company)
            else:
                # The one write failed, or no transaction could be opened, and then not for anyone.
                company = company or self._all_waiting()
                for each in company:
                    each.error = error
        finally:
            self._hand_over(company or self._all_waiting())

    def _all_waiting(self) -> list[_Write]:
        with self._lock:
            taken, self._waiting = self._waiting, []
        return taken

    def _hand_over(self, company: list[_Write]) -> None:
        with self._lock:
            successor = self._waiting[0] if self._waiting else None
            self._is_led = successor is not None
        if successor is not None:
            successor.leads = True
            successor.woken.set()
        for each in company:
            each.woken.set()


def _store_each_alone(company: list[_Write]) -> None:
    """A transaction for each, until the time is up that anyone waits for a lock; the rest are given up."""
    deadline = time.monotonic() + LOCK_TIMEOUT_SECONDS
    for each in company:
        if time.monotonic() > deadline:
            return
        try:
            with unit_of_work() as session:
                each.run(session)
            each.committed = True
        except Exception as error:  # whatever it is, it is raised to the one it belongs to
            each.error = error


def init_store_together(app: Flask) -> None:
    """Give the app the place where its writes gather."""
    app.extensions["shared_commit"] = SharedCommit()


def store_together(write: Callable[[Session], T]) -> T:
    """Run ``write`` in a transaction that others may share; return its result once that is on disk.

    ``write`` is run in the thread of whoever leads, perhaps a second time after a failure in company, so it may ask
    nothing of the request and must leave nothing behind but rows. Raises what ``write`` raises, and
    ``StorageUnavailable`` like a unit of work.
    """
    # A snapshot that was read is of no use here, and the one who leads may wait long.
    db.session.rollback()
    return current_app.extensions["shared_commit"].store(write)
