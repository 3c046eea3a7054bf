"""A public document as tables: one row per figure, per count of reports and per name of a code.

Columns are only ever added, at the end. What is hidden has a row that says so and no number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from citizen_portal.web.csv_rows import FOR_MACHINES, csv_chunks

TEXT, WHOLE, NUMBER, YES_NO = "string", "integer", "number", "boolean"
EVERYONE = "everyone"  # in the columns by and group: a key has no empty part

Values = dict[str, Any]
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``kind`` is one of TEXT, WHOLE, NUMBER and YES_NO. One that is not ``always`` there may be empty."""

    name: str
    kind: str
    meaning: str
    always: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a snapshot; ``key`` names the columns that together stand for one row."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Callable[[Values], Iterator[Row]]


def csv_of(table: Table, document: Values) -> bytes:
    """A table as CSV: UTF-8, commas, decimal points, a header line, CRLF; booleans are true and false."""
    names = [column.name for column in table.columns]
    rows = ([_cell(row[name]) for name in names] for row in table.rows(document))
    return b"".join(csv_chunks(names, rows, FOR_MACHINES))


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _figures(document: Values) -> Iterator[Row]:
    for indicator in document["indicators"]:
        changes = {(change["by"], change["group"]): change for change in indicator["changes"]}
        for value in indicator["values"]:
            change = changes.get((value["by"], value["group"]), {})
            yield {
                "snapshot": document["code"],
                "indicator": indicator["code"],
                "goal": indicator["goal"],
                "by": value["by"] or EVERYONE,
                "group": value["group"] or EVERYONE,
                "shown": value["shown"],
                "base": value["base"],
                "value": value["value"],
                "low": value["low"],
                "high": value["high"],
                "interval": value["interval"],
                "unit": indicator["unit"],
                "method": indicator["method"],
                "source": indicator["source"],
                "against": document["against"],
                "change": change.get("diff"),
                "change_low": change.get("low"),
                "change_high": change.get("high"),
                "change_real": change.get("real"),
                "incomparable": indicator["incomparable"],
            }


def _reports(document: Values) -> Iterator[Row]:
    for table in document["reports"]:
        start = {"snapshot": document["code"], "indicator": table["indicator"], "by": table["by"]}
        for row in table["rows"]:
            yield {**start, "group": row["group"] or EVERYONE, "shown": True, "count": row["count"]}
        for group in table["hidden"]:
            yield {**start, "group": group, "shown": False, "count": None}


def _names(document: Values) -> Iterator[Row]:
    for indicator in document["indicators"]:
        yield from _words("indicator", indicator["code"], indicator["label"])
    for by, groups in document["groups"].items():
        for code, words in groups.items():
            yield from _words(by, code, words)


def _words(column: str, code: str, words: dict[str, str]) -> Iterator[Row]:
    for language, name in words.items():
        yield {"column": column, "code": code, "language": language, "name": name}


_SNAPSHOT = Column("snapshot", TEXT, "Code of the frozen baseline or follow-up")
_BY = Column("by", TEXT, f"What the group is a group of; {EVERYONE} where nobody is left out")
_GROUP = Column("group", TEXT, f"Code of the group; {EVERYONE} where nobody is left out")
_SHOWN = Column("shown", YES_NO, "Whether the figure may be shown; what is hidden, to protect people, has no number")

FIGURES = Table(
    "figures",
    "Figures of the agreement's indicators",
    (
        _SNAPSHOT,
        Column("indicator", TEXT, "Code of the indicator"),
        Column("goal", WHOLE, "Number of the agreement's goal that the indicator follows up"),
        _BY,
        _GROUP,
        _SHOWN,
        Column("base", WHOLE, "How many people answered, or how many reports were counted; rounded to five", False),
        Column("value", NUMBER, "The estimate, in the unit of the row", False),
        Column("low", NUMBER, "Lower end of the 95 % interval", False),
        Column("high", NUMBER, "Upper end of the 95 % interval", False),
        Column("interval", TEXT, "How the interval was made: logit, korn-graubard, quasi-poisson or poisson", False),
        Column("unit", TEXT, "percent, or per_1000_residents_and_year"),
        Column("method", TEXT, "How the estimate was made"),
        Column("source", TEXT, "Where the numbers come from"),
        Column("against", TEXT, "Code of the baseline that a change is counted from", False),
        Column("change", NUMBER, "Change since that baseline, in percentage points or in the unit of the row", False),
        Column("change_low", NUMBER, "Lower end of the change's 95 % interval", False),
        Column("change_high", NUMBER, "Upper end of the change's 95 % interval", False),
        Column("change_real", YES_NO, "Whether chance alone does not explain it, all comparisons counted", False),
        Column("incomparable", TEXT, "Why the indicator cannot be held against the baseline", False),
    ),
    ("snapshot", "indicator", "by", "group"),
    _figures,
)

REPORTS = Table(
    "reports",
    "Reports of residents, counted by area, theme and month",
    (
        _SNAPSHOT,
        Column("indicator", TEXT, "Code of the first indicator that counts these themes"),
        Column("by", TEXT, "What the group is a group of: area, theme or month"),
        _GROUP,
        _SHOWN,
        Column("count", WHOLE, "How many reports; rounded to five", False),
    ),
    ("snapshot", "indicator", "by", "group"),
    _reports,
)

NAMES = Table(
    "names",
    "What the codes stand for, in every language",
    (
        Column("column", TEXT, "indicator, or the value of the column by that the code is a group of"),
        Column("code", TEXT, "The code"),
        Column("language", TEXT, "Language of the name, as in BCP 47"),
        Column("name", TEXT, "The name"),
    ),
    ("column", "code", "language"),
    _names,
)
