"""Insert a row unless its like is there already, in one statement, on either database."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from citizen_portal.storage.engine import Base

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@cache
def _statement(dialect: str, table: type[Base], unique: str) -> Insert:
    """The statement, made once: making it costs more than running it."""
    statement = _INSERTS[dialect](table.__table__).on_conflict_do_nothing(index_elements=[unique])
    # Unasked, SQLAlchemy keeps no row count of an INSERT, and PostgreSQL's would read as "nothing written".
    return statement.execution_options(preserve_rowcount=True)


def insert_once(session: Session, table: type[Base], values: Mapping[str, object], *, unique: str) -> bool:
    """Insert ``values``; False, and nothing written, when a row has the same value in the ``unique`` column."""
    statement = _statement(session.get_bind().dialect.name, table, unique)
    return session.connection().execute(statement, values).rowcount == 1
