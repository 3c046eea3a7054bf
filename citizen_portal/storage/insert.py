"""Insert a row unless its like is there already, in one statement, on either database."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from citizen_portal.storage.engine import Base

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class RowClash(Exception):
    """The row was not written, and not because its like is there: another unique value is taken."""


@cache
def _statement(dialect: str, table: type[Base]) -> Insert:
    """The statement, made once: making it costs more than running it."""
    # No column is named for the conflict: of two writers with the same row at once, PostgreSQL lets only those
    # conflicts pass that it was told of, and a retry has the same value in every unique column.
    statement = _INSERTS[dialect](table.__table__).on_conflict_do_nothing()
    # Unasked, SQLAlchemy keeps no row count of an INSERT, and PostgreSQL's would read as "nothing written".
    return statement.execution_options(preserve_rowcount=True)


def insert_once(session: Session, table: type[Base], values: Mapping[str, object], *, unique: str) -> bool:
    """Insert ``values``; False, and nothing written, when a row has the same value in the ``unique`` column.

    Raises ``RowClash`` when the row could not be written although no row has that value.
    """
    connection = session.connection()
    if connection.execute(_statement(connection.dialect.name, table), values).rowcount == 1:
        return True
    column = table.__table__.c[unique]
    if connection.execute(select(column).where(column == values[unique])).first() is None:
        raise RowClash(unique)
    return False
