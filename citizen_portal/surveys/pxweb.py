"""Register files of Statistics Sweden: what PxWeb exports as CSV or as JSON-stat 2, read into one table of counts.

Formats: PxWeb's "comma (or semicolon, or tab) delimited", with and without heading, in UTF-8, UTF-16 or Latin-1, and
JSON-stat 2.0 and 1 (json-stat.org). The heading is a title in the first line and an empty line below it; notes may
stand below the table.

A count that is not there is no nought: PxWeb writes ".." for one that is unknown or hidden, "." for one that cannot
be, and "-" for nobody. Only the last is a number.
"""

import codecs
import csv
import io
import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

NOBODY = "-"
MISSING = frozenset({"", ".", "..", "...", "....", ":"})  # signs of PxWeb and Eurostat for a count that is not there
DELIMITERS = ",;\t"
YEAR_COLUMNS = frozenset({"tid", "time", "år", "year"})
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_GROUPED = re.compile(r"\d{1,3}([ \u00a0\u202f]\d{3})+")


class RegisterFileRefused(ValueError):
    """A file cannot be read as a register table; the text says where and why."""


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """Persons per combination of labels. ``counts`` has a key per row, its labels in the order of ``dimensions``.

    ``missing`` has the keys whose count the file does not tell, each with where and how it says so. ``year`` is the
    only year that the file speaks of, None when it speaks of none or of several.
    """

    dimensions: tuple[str, ...]
    counts: Mapping[tuple[str, ...], int]
    missing: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    year: int | None = None

    def labels(self, dimension: str) -> list[str]:
        """The labels of a dimension, in the order of the file; last those that have no count at all."""
        place = self.dimensions.index(dimension)
        return list(dict.fromkeys(key[place] for key in (*self.counts, *self.missing)))


def read_register(content: bytes) -> RegisterTable:
    """Read a file as PxWeb writes it. Raises ``RegisterFileRefused``."""
    text = _decoded(content)
    return _json_stat(text) if text.lstrip().startswith("{") else _csv(text)


def _decoded(content: bytes) -> str:
    if content[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:  # Excel's "Unicode text"
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise RegisterFileRefused("the file begins as UTF-16 and does not go on so; save it as UTF-8") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")  # PxWeb's own choice until lately; it decodes anything


def _csv(text: str) -> RegisterTable:
    rows = _numbered_rows(text)
    # With heading, PxWeb writes the title of the table above the names of the columns, in a cell of its own.
    if len(rows) > 1 and len(rows[0][1]) == 1 < len(rows[1][1]):
        del rows[0]
    if len(rows) < 2:
        raise RegisterFileRefused("the file has no rows below its heading")
    heading, body = [name.strip() for name in rows[0][1]], _without_footnotes(rows[1:])
    if not body:
        raise RegisterFileRefused("the file has no rows below its heading")
    for number, row in body:
        if len(row) != len(heading):
            raise RegisterFileRefused(f"row {number} has {len(row)} columns, the heading has {len(heading)}")
    first_value = _first_value_column(heading, [row for _number, row in body])
    values = _without_what_they_share(heading[first_value:])
    counts = _Counts()
    for number, row in body:
        labels = tuple(cell.strip() for cell in row[:first_value])
        for name, column, cell in zip(values, heading[first_value:], row[first_value:], strict=True):
            counts.add((*labels, name), cell.strip(), f"row {number}, column {column}")
    found = counts.table((*heading[:first_value], "value"))
    return replace(_without_single_values(found), year=_year(found, heading[first_value:]))


def _numbered_rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, as the spreadsheet counts them, by the delimiter that makes most columns of them."""
    readings = []
    for delimiter in DELIMITERS:
        rows = enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1)
        readings.append([(number, row) for number, row in rows if any(cell.strip() for cell in row)])
    # What most rows have, because the title in the first and footnotes in the last are sentences that may hold commas.
    return max(
        readings, key=lambda rows: Counter(len(row) for _number, row in rows).most_common(1)[0][0] if rows else 0
    )


def _without_footnotes(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The rows up to the notes below the table, such as its source and when it was updated: words in the first cell."""
    last = len(rows)
    while last and not any(cell.strip() for cell in rows[last - 1][1][1:]):
        last -= 1
    return rows[:last]


def _first_value_column(heading: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    """Counts stand last: the last column, and those before it that name a year or are needed to tell no row apart.

    So a table that was turned, with a variable's labels side by side, is read as well.
    """
    first = len(heading) - 1
    while first > 1 and all(_is_count(row[first - 1]) for row in body):
        others = {tuple(row[: first - 1]) for row in body}
        if not _YEAR.search(heading[first - 1]) and len(others) < len(body):
            break
        first -= 1
    return first


def _without_what_they_share(names: Sequence[str]) -> list[str]:
    """Names of columns without the words that all of them begin or end with: what is counted, and the year."""
    words = [name.split() for name in names]
    for end in (0, -1):
        while len(names) > 1 and all(len(each) > 1 for each in words) and len({each[end] for each in words}) == 1:
            for each in words:
                del each[end]
    return [" ".join(each) for each in words]


def _json_stat(text: str) -> RegisterTable:
    try:
        document = _second_version(json.loads(text))
        dimensions = [str(name) for name in document["id"]]
        labels = [_category_labels(document["dimension"][name]) for name in dimensions]
        values, expected = document["value"], math.prod(map(len, labels))
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise RegisterFileRefused(f"this is no JSON-stat dataset: {error!r}") from error
    if isinstance(values, list) and len(values) != expected:
        raise RegisterFileRefused(f"the dataset has {len(values)} values, its dimensions need {expected}")
    # A sparse dataset names its values by their place.
    dense = isinstance(values, list)
    cells = dict(enumerate(values)) if dense else {int(place): value for place, value in values.items()}
    counts = _Counts()
    for place, key in enumerate(product(*labels)):
        value = cells.get(place)
        counts.add(key, _status(document, place) if value is None else str(value), f"value {place}")
    found = counts.table(dimensions)
    return replace(_without_single_values(found), year=_year(found, ()))


def _year(table: RegisterTable, headings: Sequence[str]) -> int | None:
    """The one year in the headings of counts, or in a column of years."""
    told = [label for name in table.dimensions if name.casefold() in YEAR_COLUMNS for label in table.labels(name)]
    years = {found.group() for text in (*headings, *told) for found in _YEAR.finditer(text)}
    return int(years.pop()) if len(years) == 1 else None


def _second_version(document: dict[str, object]) -> dict[str, object]:
    """A dataset of JSON-stat 2; in version 1 it lies one level deeper, and the names of its dimensions among them."""
    if "id" in document or "dimension" in document:
        return document
    datasets = [value for value in document.values() if isinstance(value, dict) and "dimension" in value]
    if not datasets:
        raise RegisterFileRefused("this is no JSON-stat dataset: it has no dimensions")
    if len(datasets) > 1:
        raise RegisterFileRefused(f"the file holds {len(datasets)} datasets of JSON-stat 1, and must hold one")
    return {**datasets[0], "id": datasets[0]["dimension"]["id"]}


def _status(document: Mapping[str, object], place: int) -> str:
    """The sign in the place of a value that is null: one for the whole dataset, or one for each place."""
    given = document.get("status", "")
    if isinstance(given, str):
        return given
    found = given.get(str(place), "") if isinstance(given, dict) else given[place] if place < len(given) else ""
    return str(found or "")


def _category_labels(dimension: Mapping[str, object]) -> list[str]:
    category = dimension["category"]
    index, labels = category.get("index"), category.get("label", {})
    if index is None:
        codes = list(labels)
    else:
        codes = index if isinstance(index, list) else sorted(index, key=index.__getitem__)
    found = [str(labels.get(code, code)) for code in codes]
    # Two places of one name are two places: they go by their codes.
    return [str(code) if found.count(label) > 1 else label for code, label in zip(codes, found, strict=True)]


class _Counts:
    """Counts and missing ones, while a file is read."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, ...], int] = {}
        self._missing: dict[tuple[str, ...], str] = {}

    def add(self, key: tuple[str, ...], cell: str, where: str) -> None:
        """Take one cell. Raises ``RegisterFileRefused`` when it is no count or stands there twice."""
        if not _is_count(cell):
            raise RegisterFileRefused(f"{where}: {cell!r} is no count of persons")
        if key in self._counts or key in self._missing:
            raise RegisterFileRefused(f"{where}: {' / '.join(key)} stands there twice")
        if cell in MISSING:
            self._missing[key] = f"{where}: {cell!r}"
        else:
            self._counts[key] = 0 if cell == NOBODY else round(_number(cell))

    def table(self, dimensions: Sequence[str]) -> RegisterTable:
        """What was read."""
        return RegisterTable(tuple(dimensions), self._counts, self._missing)


def _is_count(cell: str) -> bool:
    cell = cell.strip()
    if cell in MISSING or cell == NOBODY:
        return True
    try:
        number = _number(cell)
    except ValueError:
        return False
    return number >= 0 and number.is_integer()


def _number(cell: str) -> float:
    """The number in a cell, with the blanks that Swedish puts between thousands. Raises ``ValueError``."""
    return float("".join(cell.split()) if _GROUPED.fullmatch(cell) else cell)


def _without_single_values(table: RegisterTable) -> RegisterTable:
    """The table without dimensions that have one label only, such as the municipality and the year."""
    kept = [place for place, name in enumerate(table.dimensions) if len(table.labels(name)) > 1]
    if not kept:
        raise RegisterFileRefused("the table has no dimension with more than one label")
    counts, missing = (
        {tuple(key[place] for place in kept): value for key, value in values.items()}
        for values in (table.counts, table.missing)
    )
    return RegisterTable(tuple(table.dimensions[place] for place in kept), counts, missing)
