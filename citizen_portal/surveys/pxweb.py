"""Register files of Statistics Sweden: what PxWeb exports as CSV or as JSON-stat 2, read into one table of counts.

Formats: PxWeb's "comma (or semicolon, or tab) delimited with heading", and JSON-stat 2.0 (json-stat.org).
"""

import csv
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

MISSING = frozenset({"", ".", "..", "...", "-"})  # PxWeb's signs for a count that is not there
_YEAR = re.compile(r"\b(19|20)\d\d\b")


class RegisterFileRefused(ValueError):
    """A file cannot be read as a register table; the text says where and why."""


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """Persons per combination of labels. ``counts`` has a key per row, its labels in the order of ``dimensions``."""

    dimensions: tuple[str, ...]
    counts: Mapping[tuple[str, ...], int]

    def labels(self, dimension: str) -> list[str]:
        """The labels of a dimension, in the order of the file."""
        place = self.dimensions.index(dimension)
        return list(dict.fromkeys(key[place] for key in self.counts))


def read_register(content: bytes) -> RegisterTable:
    """Read a file as PxWeb writes it. Raises ``RegisterFileRefused``."""
    text = _decoded(content)
    return _json_stat(text) if text.lstrip().startswith("{") else _csv(text)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")  # PxWeb's own choice until lately; it decodes anything


def _csv(text: str) -> RegisterTable:
    dialect = max(",;\t", key=text.partition("\n")[0].count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=dialect) if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise RegisterFileRefused("the file has no rows below its heading")
    heading, body = [name.strip() for name in rows[0]], rows[1:]
    for number, row in enumerate(body, start=2):
        if len(row) != len(heading):
            raise RegisterFileRefused(f"row {number} has {len(row)} columns, the heading has {len(heading)}")
    first_value = _first_value_column(heading, body)
    values = heading[first_value:]
    counts: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(body, start=2):
        labels = tuple(cell.strip() for cell in row[:first_value])
        for name, cell in zip(values, row[first_value:], strict=True):
            _add(counts, (*labels, name), cell.strip(), f"row {number}, column {name}")
    return _without_single_values(RegisterTable((*heading[:first_value], "value"), counts))


def _first_value_column(heading: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    """Counts stand last: the columns at the end that name a year, or else the last one alone."""
    first = len(heading)
    while first > 1 and _YEAR.search(heading[first - 1]) and all(_is_count(row[first - 1]) for row in body):
        first -= 1
    return min(first, len(heading) - 1)


def _json_stat(text: str) -> RegisterTable:
    try:
        document = json.loads(text)
        dimensions = [str(name) for name in document["id"]]
        labels = [_category_labels(document["dimension"][name]) for name in dimensions]
        values, expected = document["value"], math.prod(map(len, labels))
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise RegisterFileRefused(f"this is no JSON-stat 2 dataset: {error!r}") from error
    if isinstance(values, list) and len(values) != expected:
        raise RegisterFileRefused(f"the dataset has {len(values)} values, its dimensions need {expected}")
    # A sparse dataset names its values by their place.
    dense = isinstance(values, list)
    cells = dict(enumerate(values)) if dense else {int(place): value for place, value in values.items()}
    counts: dict[tuple[str, ...], int] = {}
    for place, key in enumerate(product(*labels)):
        value = cells.get(place)
        _add(counts, key, "" if value is None else str(value), f"value {place}")
    return _without_single_values(RegisterTable(tuple(dimensions), counts))


def _category_labels(dimension: Mapping[str, object]) -> list[str]:
    category = dimension["category"]
    index, labels = category.get("index"), category.get("label", {})
    if index is None:
        codes = list(labels)
    else:
        codes = index if isinstance(index, list) else sorted(index, key=index.__getitem__)
    return [str(labels.get(code, code)) for code in codes]


def _add(counts: dict[tuple[str, ...], int], key: tuple[str, ...], cell: str, where: str) -> None:
    if cell in MISSING:
        return
    if not _is_count(cell):
        raise RegisterFileRefused(f"{where}: {cell!r} is no count of persons")
    if key in counts:
        raise RegisterFileRefused(f"{where}: {' / '.join(key)} stands there twice")
    counts[key] = round(float(cell))


def _is_count(cell: str) -> bool:
    cell = cell.strip()
    if cell in MISSING:
        return True
    try:
        number = float(cell)
    except ValueError:
        return False
    return number >= 0 and number.is_integer()


def _without_single_values(table: RegisterTable) -> RegisterTable:
    """The table without dimensions that have one label only, such as the municipality and the year."""
    kept = [place for place, name in enumerate(table.dimensions) if len(table.labels(name)) > 1]
    if not kept:
        raise RegisterFileRefused("the table has no dimension with more than one label")
    counts = {tuple(key[place] for place in kept): count for key, count in table.counts.items()}
    return RegisterTable(tuple(table.dimensions[place] for place in kept), counts)
