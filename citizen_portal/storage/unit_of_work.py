"""The unit of work: the only place in the house that commits.

A write either reaches the disk whole or not at all. A database that is locked, full or away becomes
``StorageUnavailable``, so a page can keep what was typed and say so.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from citizen_portal.storage.engine import LOCK_TIMEOUT_SECONDS, db

# SQLite lets one writer in at a time and has the others poll with sleeps. Threads of one process queue here
# instead, so that only one per process polls: waiting in order beats polling (see benchmarks/).
_writers = threading.Lock()

log = logging.getLogger(__name__)


class StorageUnavailable(Exception):
    """The database could not take the write now. Nothing was stored; the same request may be sent again."""


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Give a session that may write; commit when the block ends well, roll back when it does not.

    Raises ``StorageUnavailable`` when the database is locked, full or out of reach.
    """
    session = db.session()
    queued = session.get_bind().dialect.name == "sqlite"
    if queued and not _writers.acquire(timeout=LOCK_TIMEOUT_SECONDS):
        raise StorageUnavailable("the queue of writers did not move")
    try:
        # An earlier read may have left a snapshot open, and a snapshot cannot be turned into a write.
        session.rollback()
        session.connection(execution_options={"portal_writes": True})
        yield session
        session.commit()
    except (OperationalError, PoolTimeout) as error:
        session.rollback()
        log.error("a write was refused: %s", getattr(error, "orig", error))
        raise StorageUnavailable(type(error).__name__) from error
    except DBAPIError as error:
        session.rollback()
        if error.connection_invalidated:
            raise StorageUnavailable(type(error).__name__) from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        if queued:
            _writers.release()
