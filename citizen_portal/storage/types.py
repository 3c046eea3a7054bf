"""Column types and row ids shared by the tables of the house."""

import secrets
from uuid import UUID

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

# A table that SQLite keeps in the order of its random key, and so not in the order people wrote.
IN_RANDOM_ORDER = {"sqlite_with_rowid": False}


def random_id() -> UUID:
    """A row id that tells nothing: 128 random bits, no time and no machine in it."""
    return UUID(bytes=secrets.token_bytes(16))


class CodeList(TypeDecorator[tuple[str, ...]]):
    """A set of codes as one text, sorted and parted by single spaces: ``"dark nobody_around"``.

    Codes hold no spaces (the municipality loader sees to it), so the text is also what the CSV shows.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        return " ".join(sorted(value or ()))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple((value or "").split())
