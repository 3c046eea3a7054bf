"""Column types shared by the tables of the house."""

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator


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
