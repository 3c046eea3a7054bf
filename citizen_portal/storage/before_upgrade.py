"""The copy of SQLite's database that is made before its tables are changed, so that an upgrade can be taken back."""

from pathlib import Path

from sqlalchemy import Connection, Engine

from citizen_portal.storage.file_times import flatten_times

SUFFIX = ".before-upgrade"


def copy_of(database: str) -> Path:
    """Where the copy of this database file lies."""
    return Path(database + SUFFIX)


def keep_copy(connection: Connection) -> None:
    """Copy the database, in place of the copy from before the last upgrade. Not inside a transaction."""
    copy = copy_of(connection.engine.url.database)
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    # Written anew, in the order of random keys, like a backup.
    connection.connection.driver_connection.execute("VACUUM INTO ?", (str(copy),))
    flatten_times(str(copy))


def forget_copy(engine: Engine) -> None:
    """Delete the copy, if there is one."""
    if engine.dialect.name == "sqlite":
        copy_of(engine.url.database).unlink(missing_ok=True)
