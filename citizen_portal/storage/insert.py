"""Insert a row unless its like is there already, in one statement, on either database."""

from collections.abc import Mapping

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from citizen_portal.storage.engine import Base

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_once(session: Session, table: type[Base], values: Mapping[str, object], *, unique: str) -> bool:
    """Insert ``values``; False, and nothing written, when a row has the same value in the ``unique`` column."""
    insert = _INSERTS[session.get_bind().dialect.name]
    statement = insert(table).values(**values).on_conflict_do_nothing(index_elements=[unique])
    return session.execute(statement).rowcount == 1
