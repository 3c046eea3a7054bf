"""The unit of work: the only place in the house that commits.

A write either reaches the disk whole or not at all. A database that is locked, full or away becomes
``StorageUnavailable``, so a page can keep what was typed and say so.
"""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from citizen_portal.storage.engine import LOCK_TIMEOUT_SECONDS, Base, db
from citizen_portal.storage.file_times import flatten_times
from citizen_portal.storage.queue import NoTurn, writers_turn

log = logging.getLogger(__name__)


class StorageUnavailable(Exception):
    """The database could not take the write now. Nothing was stored; the same request may be sent again."""


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Give a session that may write; commit when the block ends well, roll back when it does not.

    Raises ``StorageUnavailable`` when the database is locked, full or out of reach.
    """
    session = db.session()
    # An earlier read may have left a snapshot open: it cannot be turned into a write, and while this one waits it would
    # keep the night from emptying the log.
    session.rollback()
    try:
        with _turn(session):
            yield from _one_commit(session)
            _leave_no_time(session)
    except NoTurn as error:
        raise StorageUnavailable("the queue of writers did not move") from error


def try_a_write(row: Base) -> None:
    """Write a row and take it back. Raises ``StorageUnavailable`` when the database would refuse a resident's words."""
    with suppress(_TakenBack), unit_of_work() as session:
        session.add(row)
        session.flush()
        raise _TakenBack


class _TakenBack(Exception):
    """Ends a unit of work without its commit."""


def _turn(session: Session) -> AbstractContextManager[None]:
    """The turn to write, where the database does not see to that itself."""
    engine = session.get_bind()
    if engine.dialect.name != "sqlite":
        return nullcontext()
    return writers_turn(engine.url.database, seconds=LOCK_TIMEOUT_SECONDS)


def _leave_no_time(session: Session) -> None:
    engine = session.get_bind()
    if engine.dialect.name == "sqlite":
        flatten_times(engine.url.database)


def _one_commit(session: Session) -> Iterator[Session]:
    try:
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
