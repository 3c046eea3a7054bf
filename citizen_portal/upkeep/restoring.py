"""Put a backup in the place of SQLite's database, after it has been looked at.

The pages of the backup are written into the database by SQLite itself, in one transaction. A file that is copied there
would be followed by the write-ahead log of the old one, whose pages SQLite would play into the new.
"""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from citizen_portal.storage.file_times import SUFFIXES, flatten_times
from citizen_portal.upkeep.secret_check import NAME, check_value

COUNTED = ("report", "answer_set", "sealed_answer_set", "baseline_snapshot")
DAMAGED = ".damaged"


class RestoreRefused(Exception):
    """Why this backup is not put back, or not now. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What a backup holds: the revision of its tables, and the number of rows by table."""

    revision: str
    rows: dict[str, int]


def examine(archive: Path, *, secrets: Sequence[bytes], revisions: Collection[str]) -> Archive:
    """Look at a backup. ``revisions`` are those that this release knows.

    Raises ``RestoreRefused`` for what is no whole backup of a portal, for one of a newer release, and for one that was
    written with a key that is not among ``secrets``.
    """
    log = archive.with_name(archive.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise RestoreRefused(f"{log} lies beside it, so it is a copied file and not a backup: part of it is in the log")
    try:
        with _opened(archive) as found:
            return _examined(found, secrets, revisions)
    except sqlite3.DatabaseError as error:
        raise RestoreRefused(f"{archive} is damaged, or no SQLite database ({error})") from error


@contextmanager
def _opened(archive: Path) -> Iterator[sqlite3.Connection]:
    """The file read and never written: nothing is left beside it."""
    with closing(sqlite3.connect(f"{archive.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        yield connection


def _examined(found: sqlite3.Connection, secrets: Sequence[bytes], revisions: Collection[str]) -> Archive:
    [[verdict], *_more] = found.execute("PRAGMA integrity_check").fetchall()
    if verdict != "ok" or found.execute("PRAGMA foreign_key_check").fetchall():
        raise RestoreRefused(f"it is damaged: {verdict}")
    tables = {name for (name,) in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" not in tables:
        raise RestoreRefused("it holds no portal")
    revision = found.execute("SELECT version_num FROM alembic_version").fetchone()
    if revision[0] not in revisions:
        raise RestoreRefused(f"it is of another, newer release (its tables are at {revision[0]}): install that first")
    noted = found.execute("SELECT value FROM noted WHERE name = ?", (NAME,)).fetchone() if "noted" in tables else None
    if noted and noted[0] not in map(check_value, secrets):
        raise RestoreRefused("it was written with another secret key: put the key file that belongs to it back first")
    counted = [name for name in COUNTED if name in tables]
    rows = {name: found.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in counted}  # noqa: S608 - ours
    return Archive(revision[0], rows)


def put_back(archive: Path, database: Path) -> None:
    """Write the backup into the database, or make one of it. Raises ``RestoreRefused`` while somebody has it open.

    A database that SQLite cannot read any more is moved aside, under ``.damaged``.
    """
    try:
        _write_into(archive, database)
    except sqlite3.OperationalError as error:
        raise RestoreRefused("somebody has the database open: stop the portal and its timer first") from error
    except sqlite3.DatabaseError:
        for suffix in SUFFIXES:
            beside = database.with_name(database.name + suffix)
            if beside.exists():
                beside.rename(beside.with_name(beside.name + DAMAGED))
        _write_into(archive, database)


def _write_into(archive: Path, database: Path) -> None:
    database.touch(mode=0o600)
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as target:
        # Held until the connection is closed, and refused while another one is open.
        target.execute("PRAGMA locking_mode=EXCLUSIVE")
        target.execute("PRAGMA secure_delete=ON")
        target.execute("BEGIN EXCLUSIVE")
        target.execute("SELECT count(*) FROM sqlite_master")
        target.execute("COMMIT")
        with _opened(archive) as source:
            source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    flatten_times(str(database))
