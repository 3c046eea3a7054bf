"""Someone who holds the machine: reads every byte of the database's files, and every system column."""

import itertools
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from citizen_portal.storage.engine import db
from tests.steps import plain_sql

SQLITE_PAGE, POSTGRESQL_PAGE = 4096, 8192


def on_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def data_files() -> dict[str, bytes]:
    """Every file of the data directory: the secret key, SQLite's file, its log and the file of the queue."""
    folder = current_app.config["PORTAL_SETTINGS"].data_dir
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def tell_the_server(command: str) -> None:
    """Run a command that is no part of a transaction."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(command))


def database_files() -> dict[str, bytes]:
    """The files that hold rows: all of the data directory; on PostgreSQL those of the database, without its log."""
    db.session.rollback()
    if on_sqlite():
        return data_files()
    tell_the_server("CHECKPOINT")
    ((folder, number),) = plain_sql(
        "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
    )
    return {path.name: path.read_bytes() for path in (Path(folder) / "base" / str(number)).iterdir() if path.is_file()}


def server_files() -> dict[str, bytes]:
    """Every file the database server has, its write-ahead log among them."""
    if on_sqlite():
        return data_files()
    ((folder,),) = plain_sql("SELECT current_setting('data_directory')")
    return {str(path): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()} | data_files()


def found_in(files: dict[str, bytes], values: list[bytes]) -> list[tuple[str, bytes]]:
    """Which of the values stand in which file, as bytes or as hexadecimal digits."""
    return [
        (name, value)
        for name, content in files.items()
        for value in values
        if value in content or value.hex().encode() in content or value.hex().upper().encode() in content
    ]


def places_of(marks: list[bytes]) -> list[tuple[str, int, int]]:
    """The last file, page and place in the page at which each mark stands."""
    page = SQLITE_PAGE if on_sqlite() else POSTGRESQL_PAGE
    files = database_files()
    places = []
    for mark in marks:
        name, at = max((name, content.rfind(mark)) for name, content in files.items() if mark in content)
        places.append((name, *divmod(at, page)))
    return places


def order_within_pages(marks: list[bytes]) -> float:
    """Kendall's tau of arrival and place in the page, over pairs on the same page: 1 or -1 is order, 0 is none."""
    pairs = [
        1 if here[2] < there[2] else -1
        for here, there in itertools.combinations(places_of(marks), 2)
        if here[:2] == there[:2]
    ]
    assert len(pairs) > 100, "there are pages with several rows to compare"
    return sum(pairs) / len(pairs)


def order_of(ranks: list[int]) -> float:
    """Kendall's tau of arrival (the order of the list) and what the list holds."""
    pairs = [1 if here < there else -1 for here, there in itertools.combinations(ranks, 2)]
    return sum(pairs) / len(pairs)


def order_in_the_table(table: str, key: str, keys_in_order: list) -> float:
    """Kendall's tau of arrival and the order in which the table gives its rows, read from its first page on."""
    place = "id" if on_sqlite() else "ctid"
    stored = [value for (value,) in plain_sql(f"SELECT {key} FROM {table} ORDER BY {place}")]
    return order_of([stored.index(value) for value in keys_in_order])
