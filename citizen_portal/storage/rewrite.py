"""Write tables anew on the disk, so that nothing is left in their files of rows that were deleted, or of their order.

A database that deletes a row leaves its bytes, its place and the mark of the transaction that wrote it until the space
is needed again. Backups, and PostgreSQL's own log until it is recycled, are not reached from here.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from sqlalchemy import Engine, Executable, inspect, text, update
from sqlalchemy.exc import DBAPIError

from citizen_portal.storage.engine import LOCK_TIMEOUT_SECONDS, Base, db
from citizen_portal.storage.file_times import flatten_times
from citizen_portal.storage.queue import NoTurn, writers_turn
from citizen_portal.storage.unit_of_work import StorageUnavailable
from citizen_portal.storage.waits import take_long

# A reader whose snapshot is older than this connection makes VACUUM keep what was deleted meanwhile, and not say so.
_OLDER_READERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend' AND backend_xmin IS NOT NULL AND xact_start < :began"
)
_MAY_CHECKPOINT = text(
    "SELECT count(*) FROM pg_roles WHERE rolname = 'pg_checkpoint' AND pg_has_role(current_user, oid, 'USAGE')"
)
_BETWEEN_LOOKS = 0.1


def rewrite(*tables: type[Base]) -> None:
    """Write the tables and their indexes anew; on SQLite the whole file, and its write-ahead log is emptied.

    Call it outside a unit of work. Raises ``StorageUnavailable`` when somebody still reads what was there before.
    """
    engine = db.engine
    if engine.dialect.name == "sqlite":
        _rewrite_sqlite(engine)
    else:
        _rewrite_postgresql(engine, [table.__tablename__ for table in tables])


def rewrite_in_order_of_keys(*tables: type[Base]) -> None:
    """Like ``rewrite``, for tables with random keys: rows lie in their order, and all bear the mark of one transaction.

    SQLite's file is written in that order anyway, long texts and photos on their own pages too.
    """
    if db.engine.dialect.name == "postgresql":
        marked = [update(table).values({key: key for key in inspect(table).primary_key}) for table in tables]
        ordered = [text(f"CLUSTER {each.__tablename__} USING {each.__table__.primary_key.name}") for each in tables]
        for statements in (marked, ordered):
            _run_together(statements)
    rewrite(*tables)


def _run_together(statements: Sequence[Executable]) -> None:
    try:
        with db.engine.begin() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = {round(LOCK_TIMEOUT_SECONDS * 1000)}"))
            for statement in statements:
                connection.execute(statement)
    except DBAPIError as error:
        raise StorageUnavailable(type(error).__name__) from error


def _rewrite_sqlite(engine: Engine) -> None:
    try:
        with closing(engine.raw_connection()) as pooled:
            connection = pooled.driver_connection
            with writers_turn(engine.url.database, seconds=LOCK_TIMEOUT_SECONDS):
                connection.execute("VACUUM")
            _empty_log(connection, engine.url.database)
    except (NoTurn, sqlite3.OperationalError) as error:
        raise StorageUnavailable("the database file could not be written anew") from error


def _empty_log(connection: sqlite3.Connection, database: str) -> None:
    """Carry the write-ahead log over and empty it, which has to wait until nobody reads what was there before."""
    last = time.monotonic() + LOCK_TIMEOUT_SECONDS
    busy = True
    while busy and time.monotonic() < last:
        # Most of it while others write; what is left takes a moment, and is not waited for with everyone behind.
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        with writers_turn(database, seconds=LOCK_TIMEOUT_SECONDS), _patience(connection, _BETWEEN_LOOKS):
            busy, *_pages = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            flatten_times(database)
        time.sleep(_BETWEEN_LOOKS if busy else 0)
    if busy:
        raise StorageUnavailable("somebody still reads what the database held before")


@contextmanager
def _patience(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Wait no longer for locks than so many seconds."""
    usual = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {usual}")


def _rewrite_postgresql(engine: Engine, names: list[str]) -> None:
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.detach()  # its time limits go with it
            take_long(connection)
            began = connection.execute(text("SELECT clock_timestamp()")).scalar()
            last = time.monotonic() + LOCK_TIMEOUT_SECONDS
            while connection.execute(_OLDER_READERS, {"began": began}).scalar():
                if time.monotonic() > last:
                    raise StorageUnavailable("somebody still reads what the database held before")
                time.sleep(_BETWEEN_LOOKS)
            connection.execute(text(f"SET lock_timeout = {round(LOCK_TIMEOUT_SECONDS * 1000)}"))
            for name in names:
                connection.execute(text(f"VACUUM (FULL) {name}"))
            if connection.execute(_MAY_CHECKPOINT).scalar():
                connection.execute(text("CHECKPOINT"))
    except DBAPIError as error:
        raise StorageUnavailable(type(error).__name__) from error
