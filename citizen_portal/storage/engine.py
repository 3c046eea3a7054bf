"""The engine: one SQLAlchemy handle, and how SQLite is told to keep its promises.

SQLite runs in WAL with ``synchronous=FULL`` (acknowledged means on disk), foreign keys on, freed pages
overwritten (what is withdrawn or purged is gone), and takes its write lock when a unit of work begins.
"""

import sqlite3

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

LOCK_TIMEOUT_SECONDS = 4

# A negative size is in KiB. SQLite sorts so much without a temporary file: some 40 000 reports in an export.
SORT_IN_MEMORY = "cache_size=-16384"

# Alembic can only alter or drop a constraint that has a name.
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table in the house."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def engine_options(database_url: str, *, connections: int) -> dict[str, object]:
    """Options for the engine. Parameters stay out of error texts: they are what residents wrote."""
    options: dict[str, object] = {"hide_parameters": True, "pool_size": connections, "max_overflow": 2}
    options["pool_timeout"] = LOCK_TIMEOUT_SECONDS
    if database_url.startswith("sqlite"):
        options["connect_args"] = {"timeout": LOCK_TIMEOUT_SECONDS, "check_same_thread": False}
    else:
        options["pool_pre_ping"] = True
        # No statement is prepared: behind a pool of connections (PgBouncer in transaction mode) the next transaction
        # may be on another one, which does not know it.
        options["connect_args"] = {"connect_timeout": LOCK_TIMEOUT_SECONDS, "prepare_threshold": None}
    return options


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: object, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver's own BEGIN would open every transaction as a reader and upgrade it later, which is how
    # two writers deadlock; with isolation_level None the begin event below decides.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", SORT_IN_MEMORY):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("portal_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
