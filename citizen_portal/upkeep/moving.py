"""Move a whole installation from SQLite to an empty PostgreSQL: every row, in one transaction, held to its digest.

Rows are written in the order of their keys, which are random where the order of arrival must not be told.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Table, func, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from citizen_portal.storage.engine import Base

ROWS_AT_ONCE = 200
DIGEST_BITS = 256


class MoveRefused(Exception):
    """Why nothing was moved, or that what arrived is not what was sent. The new database holds nothing then."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A table that was moved: how many rows, and the digest of all of them, alike on both sides."""

    table: str
    rows: int
    digest: str


def move(old: Engine, new: Engine) -> list[Moved]:
    """Copy every table. Nobody may write to the old database meanwhile: its write lock is held.

    Raises ``MoveRefused`` when the new database holds rows, lacks a table, or reads back other rows than were written.
    """
    try:
        with old.connect().execution_options(portal_writes=True) as source, new.begin() as target:
            _refuse_unless_empty(target)
            moved = [_moved(source, target, table) for table in Base.metadata.sorted_tables]
            for table in Base.metadata.sorted_tables:
                _go_on_counting(target, table)
    except DBAPIError as error:
        raise MoveRefused(f"a database does not answer ({type(error.orig).__name__})") from error
    return moved


def _refuse_unless_empty(target: Connection) -> None:
    missing = {table.name for table in Base.metadata.sorted_tables} - set(inspect(target).get_table_names())
    if missing:
        raise MoveRefused(f"the new database has no table {min(missing)}")
    for table in Base.metadata.sorted_tables:
        if target.scalar(select(func.count()).select_from(table)):
            raise MoveRefused(f"the new database is not empty: there are rows in {table.name}")


def _moved(source: Connection, target: Connection, table: Table) -> Moved:
    for rows in _batches(source, table):
        target.execute(insert(table), rows)
    sent, arrived = (_digest(connection, table) for connection in (source, target))
    if sent != arrived:
        raise MoveRefused(f"what arrived in {table.name} is not what was sent")
    rows, digest = sent
    return Moved(table.name, rows, digest)


def _batches(source: Connection, table: Table) -> Iterator[Sequence[Mapping[str, object]]]:
    statement = select(table).order_by(*table.primary_key)
    result = source.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)).mappings()
    own = [key.parent for key in table.foreign_keys if key.column.table is table]
    if own:
        yield from _those_named_first(result.all(), own[0].name, next(iter(table.primary_key)).name)
    else:
        for rows in result.partitions():
            yield [dict(row) for row in rows]


def _those_named_first(
    rows: Iterable[Mapping[str, object]], naming: str, key: str
) -> Iterator[Sequence[Mapping[str, object]]]:
    """Rows that name others of their table, each after the one it names."""
    left, there = [dict(row) for row in rows], {None}
    while left:
        ready = [row for row in left if row[naming] in there]
        yield ready
        there |= {row[key] for row in ready}
        left = [row for row in left if row[key] not in there]


def _digest(connection: Connection, table: Table) -> tuple[int, str]:
    """The number of rows and a digest that does not depend on their order: the sum of the digests of each."""
    number, total = 0, 0
    for row in connection.execute(select(table).execution_options(yield_per=ROWS_AT_ONCE)):
        number += 1
        total += int.from_bytes(hashlib.sha256(_as_text(row).encode()).digest())
    return number, f"{total % 2**DIGEST_BITS:064x}"


def _as_text(row: Sequence[object]) -> str:
    return json.dumps([each.hex() if isinstance(each, bytes) else each for each in row], sort_keys=True, default=str)


def _go_on_counting(target: Connection, table: Table) -> None:
    """Let numbers that the database gives go on after the highest that was moved."""
    counted = table.autoincrement_column
    if counted is not None:
        sequence = func.pg_get_serial_sequence(table.name, counted.name)
        highest = select(func.max(counted)).scalar_subquery()
        target.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))
