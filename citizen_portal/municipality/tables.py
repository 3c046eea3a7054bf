"""Reading TOML with suspicion: every value is asked for by name and kind; what nobody asked for is a typo."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .errors import Faults, MunicipalityError
from .model import Coded, Text

CODE = re.compile(r"[a-z0-9_]+")


class Table:
    """One TOML table while it is read. Each reader takes a key, checks it and raises MunicipalityError.

    ``languages`` are those a text must have, no fewer and no more. ``close`` refuses keys that nobody took.
    """

    def __init__(self, file: str, values: dict[str, Any], path: str, languages: tuple[str, ...]) -> None:
        self.file, self.path, self.languages = file, path, languages
        self._values, self._taken = values, set[str]()

    @classmethod
    def read(cls, folder: Path, file: str, languages: tuple[str, ...] = ()) -> Table:
        """Open one file of the municipality folder; missing, unreadable or broken TOML is an error."""
        return cls(file, read_toml(folder, file), "", languages)

    def error(self, key: str, reason: str) -> MunicipalityError:
        """The error to raise about one key of this table."""
        return MunicipalityError(self.file, self._where(key), reason)

    def has(self, key: str) -> bool:
        """True when an optional key is there."""
        return key in self._values

    def written(self, key: str) -> str:
        """What stands under a key as text, unchecked: for what is said about a row that cannot be read."""
        return str(self._values.get(key))

    def names(self) -> tuple[str, ...]:
        """Every key of a table whose keys are data, in the order of the file."""
        return tuple(self._values)

    def word(self, key: str) -> str:
        """A string with something in it."""
        value = self._take(key, str, "a text in quotes")
        if not value.strip():
            raise self.error(key, "must not be empty")
        return str(value)

    def string(self, key: str) -> str:
        """A string that may be blanks, but not nothing."""
        value = str(self._take(key, str, "a text in quotes"))
        if not value:
            raise self.error(key, "must not be empty")
        return value

    def code(self, key: str) -> str:
        """A stable code: lower-case ASCII letters, digits and underscore."""
        value = self.word(key)
        if not CODE.fullmatch(value):
            raise self.error(key, f"{value!r} may hold only a-z, 0-9 and _")
        return value

    def number(self, key: str) -> float:
        """A finite number."""
        value = self._take(key, (int, float), "a number")
        if isinstance(value, bool) or not math.isfinite(value):
            raise self.error(key, "must be a number")
        return float(value)

    def whole(self, key: str, lowest: int, highest: int) -> int:
        """A whole number from lowest to highest, both included."""
        value = self._take(key, int, "a whole number")
        if isinstance(value, bool) or not lowest <= value <= highest:
            raise self.error(key, f"must be a whole number from {lowest} to {highest}")
        return int(value)

    def day(self, key: str) -> date:
        """A date without a time, written 2026-01-31 without quotes."""
        value = self._take(key, date, "a date such as 2026-01-31, without quotes")
        if isinstance(value, datetime):
            raise self.error(key, "must be a date without a time")
        return value

    def flag(self, key: str) -> bool:
        """true or false; an absent key is false."""
        return self.has(key) and bool(self._take(key, bool, "true or false"))

    def words(self, key: str) -> tuple[str, ...]:
        """A list of different strings."""
        values = self._take(key, list, "a list")
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.error(key, "must hold only texts in quotes")
        if len(set(values)) < len(values):
            raise self.error(key, "names the same thing twice")
        return tuple(values)

    def pairs(self, key: str) -> dict[str, str]:
        """A table from texts of any kind to strings, at least one; a key may need quotes in the file."""
        table = self.table(key)
        if not table.names():
            raise self.error(key, "must not be empty")
        return {name: table.word(name) for name in table.names()}

    def codes(self, key: str) -> tuple[str, ...]:
        """A list of different codes."""
        values = self.words(key)
        for value in values:
            if not CODE.fullmatch(value):
                raise self.error(key, f"{value!r} may hold only a-z, 0-9 and _")
        return values

    def text(self, key: str) -> Text:
        """Words in every language: a table from language to string, complete and with nothing over."""
        table = self.table(key)
        words = tuple((language, table.word(language)) for language in self.languages)
        table.close()
        return Text(words)

    def name(self, key: str) -> Text:
        """A proper name: one string that is the same in every language, or a text."""
        if isinstance(self._values.get(key), str):
            word = self.word(key)
            return Text(tuple((language, word) for language in self.languages))
        return self.text(key)

    def table(self, key: str) -> Table:
        """The table under a key; the caller closes it."""
        value = self._take(key, dict, "a table")
        return Table(self.file, value, self._where(key), self.languages)

    def rows(self, key: str, faults: Faults[MunicipalityError] | None = None) -> Iterator[Table]:
        """The tables of an array ([[key]]), at least one; each is closed when the next is asked for.

        With ``faults``, what closing refuses is noted there, unless the row was at fault and not read to its end.
        """
        values = self._take(key, list, f"one or more [[{key}]]")
        if not values or not all(isinstance(value, dict) for value in values):
            raise self.error(key, f"must be one or more [[{key}]]")
        for at, value in enumerate(values, start=1):
            row = Table(self.file, value, self._where(f"{key}[{at}]"), self.languages)
            before = len(faults) if faults is not None else 0
            yield row
            if faults is None:
                row.close()
            elif len(faults) == before:
                with faults.noted():
                    row.close()

    def each(self, key: str, read: Callable[[Table], Coded]) -> tuple[Coded, ...]:
        """Every [[key]] through one reader; no two may share a code."""
        items: dict[str, Coded] = {}
        for row in self.rows(key):
            item = read(row)
            if item.code in items:
                raise row.error("code", f"{item.code!r} is used twice")
            items[item.code] = item
        return tuple(items.values())

    def close(self) -> None:
        """Refuse a key that nobody took, so that a misspelt key cannot pass for an absent one."""
        for key in self._values:
            if key not in self._taken:
                known = ", ".join(sorted(self._taken))
                raise self.error(key, f"is not a key here (known: {known})")

    def _take(self, key: str, kind: type | tuple[type, ...], wanted: str) -> Any:
        if key not in self._values:
            raise self.error(key, f"is missing: must be {wanted}")
        self._taken.add(key)
        value = self._values[key]
        if not isinstance(value, kind):
            raise self.error(key, f"must be {wanted}")
        return value

    def _where(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def read_toml(folder: Path, file: str) -> dict[str, Any]:
    """The values of one TOML file; MunicipalityError when it is missing, unreadable or no TOML."""
    try:
        return tomllib.loads((folder / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise MunicipalityError(file, "(file)", "the file is missing") from None
    except (OSError, UnicodeDecodeError) as error:
        raise MunicipalityError(file, "(file)", f"the file cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise MunicipalityError(file, "(file)", f"this is not valid TOML: {error}") from error
