"""How long a server waits for PostgreSQL before it says that it does not answer.

A statement that waits for a lock, or takes too long, is ended by PostgreSQL itself. A PostgreSQL that says nothing at
all, frozen or cut off, cannot do that: then the connection is closed on this side. Only what serves pages is bound;
commands and the night take as long as they need. SQLite has one wait, for its lock, which is bounded everywhere.

The limits are set anew in each transaction, so that they also hold behind a pool of connections that hands another one
out each time (PgBouncer in transaction mode).
"""

from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Engine, event, text

from citizen_portal.storage.engine import LOCK_TIMEOUT_SECONDS

STATEMENT_SECONDS = 8
# Longer than PostgreSQL's own limit, so that a mere slow statement is ended there, where its work stops too.
ANSWER_SECONDS = 10
LONG_STATEMENT_SECONDS = 300
# A server that is gone leaves its transaction open until PostgreSQL ends it, and the locks with it. A long answer may
# pause for as long as its reader does.
IDLE_SECONDS = 60

# Each for one transaction.
_LIMITS = text(
    "SELECT set_config('lock_timeout', :lock, true), set_config('statement_timeout', :statement, true), "
    "set_config('idle_in_transaction_session_timeout', :idle, true)"
).bindparams(
    lock=f"{LOCK_TIMEOUT_SECONDS}s",
    statement=f"{STATEMENT_SECONDS}s",
    idle=f"{IDLE_SECONDS}s",
)
_LONG = text("SELECT set_config('statement_timeout', :statement, true)").bindparams(
    statement=f"{LONG_STATEMENT_SECONDS}s"
)


def bound_waits(engine: Engine) -> None:
    """Bound every wait of this engine for PostgreSQL; what takes longer raises ``OperationalError``."""
    if engine.dialect.name == "postgresql":
        # By name, because psycopg is there only where PostgreSQL is used.
        bounded = import_module("citizen_portal.storage.bounded_connection")
        event.listen(engine, "do_connect", bounded.Connecting())
        event.listen(engine, "begin", _set_limits)
        event.listen(engine, "reset", _back_to_usual)


def take_long(connection: Connection) -> None:
    """Let what follows in this transaction take minutes: a file of everything, a table written anew."""
    driver = connection.connection.driver_connection
    if hasattr(driver, "longest_wait"):
        driver.longest_wait = LONG_STATEMENT_SECONDS
        connection.execute(_LONG)


def _set_limits(connection: Connection) -> None:
    connection.execute(_LIMITS)


def _back_to_usual(driver: Any, _record: object, _state: object) -> None:
    driver.longest_wait = ANSWER_SECONDS
