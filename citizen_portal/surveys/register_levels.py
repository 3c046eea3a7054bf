"""From a register table to one margin: labels of the register become the questionnaire's codes, the rest is summed.

Registers have words and bands of their own ("kvinnor", "16 år", "100+ år"). Whatever does not fit is told in one
sentence each, because a label that is left out in silence moves every weight.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from citizen_portal.surveys.pxweb import RegisterTable
from citizen_portal.surveys.questionnaire import AGE

OLDEST = 130
_AGES = re.compile(
    r"(?P<first>\d{1,3})\s*(?:[-–]\s*(?P<last>\d{1,3}))?\s*(?P<open>\+|-)?\s*(?:år|years?)?"
    r"(?P<older>\s+(?:och äldre|or older|and over))?",
    re.IGNORECASE,
)
_AGE_COLUMNS = ("ålder", "alder", "age")
_TOTAL = re.compile(r"(total|samtliga|alla\b|all\b|both\b|båda\b|hela\b)", re.IGNORECASE)
# Sums over these mean nothing: persons of two years, persons and births.
_ONE_AT_A_TIME = frozenset({"value", "contentscode", "contents", "tabellinnehåll", "tid", "time", "år", "year"})


class RegisterMismatch(ValueError):
    """The register's labels and the questionnaire's codes do not fit; ``sentences`` say each reason."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = tuple(sentences)


@dataclass(frozen=True, slots=True)
class Ages:
    """Ages in whole years, both ends included."""

    first: int
    last: int

    def holds(self, other: "Ages") -> bool:
        """Whether every age of the other is one of these."""
        return self.first <= other.first and other.last <= self.last

    def touches(self, other: "Ages") -> bool:
        """Whether they have an age in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is made of a table: ``levels`` gives each code its labels (for ages, spans such as "16-29").

    ``column`` is the table's dimension with them, found by its labels when None; ``chosen`` narrows other dimensions
    to some labels; persons younger than ``from_age`` are left out wherever the table has ages.
    """

    margin: str
    levels: Mapping[str, Sequence[str]]
    from_age: int
    column: str | None = None
    chosen: Mapping[str, frozenset[str]] | None = None


def ages_of(label: str) -> Ages | None:
    """The ages that a label means ("16 år", "16-29 år", "100+ år", "65-", "16"), or None when it means none."""
    found = _AGES.fullmatch(label.strip())
    if found is None:
        return None
    first = int(found["first"])
    is_open = found["open"] or found["older"]
    last = OLDEST if is_open else int(found["last"] or first)
    return Ages(first, last) if first <= last <= OLDEST else None


def margin_of(table: RegisterTable, wanted: Wanted) -> dict[str, int]:
    """Persons per code, in the order of ``wanted.levels``. Raises ``RegisterMismatch``, with every reason there is."""
    column = _column(table, wanted)
    kept = {name: _kept_labels(table, name, wanted) for name in table.dimensions}
    codes, problems = _codes(kept[column], wanted)
    problems += [
        sentence for name in table.dimensions if name != column for sentence in _no_sum(name, kept[name], wanted)
    ]
    counted: Counter[str] = Counter()
    for key, persons in table.counts.items():
        row = dict(zip(table.dimensions, key, strict=True))
        if row[column] in codes and all(row[name] in labels for name, labels in kept.items()):
            counted[codes[row[column]]] += persons
    problems += _untold(table, column, kept, codes)
    problems += [f"nothing in the file fills {code}" for code in wanted.levels if code not in counted]
    if problems or not counted.total():
        raise RegisterMismatch(problems or ["the file counts nobody"])
    return {code: counted[code] for code in wanted.levels}


def _untold(
    table: RegisterTable, column: str, kept: Mapping[str, Collection[str]], codes: Mapping[str, str]
) -> Iterator[str]:
    """A sentence for each count of the sum that is not told: taken as nobody, it would move every weight."""
    for key, where in table.missing.items():
        row = dict(zip(table.dimensions, key, strict=True))
        if row[column] in codes and all(row[name] in labels for name, labels in kept.items()):
            yield f"{where} ({' / '.join(key)}): the count is unknown or hidden, and nothing stands in for it"


def has_ages(table: RegisterTable) -> bool:
    """Whether a column tells ages, so that the young can be left out."""
    return any(_has_ages(name, table.labels(name)) for name in table.dimensions)


def _column(table: RegisterTable, wanted: Wanted) -> str:
    """The dimension that holds the margin's labels."""
    for name in (*([wanted.column] if wanted.column else ()), *(wanted.chosen or ())):
        if name not in table.dimensions:
            raise RegisterMismatch([f"the file has no column {name!r}: it has {', '.join(table.dimensions)}"])
    if wanted.column:
        return wanted.column
    fitting = [name for name in table.dimensions if _may_hold(table, name, wanted)]
    if len(fitting) != 1:
        columns = ", ".join(fitting or table.dimensions)
        many = f"more than one column ({columns})" if fitting else f"no column (of {columns})"
        raise RegisterMismatch([f"{many} looks like that of {wanted.margin}: name it with --column"])
    return fitting[0]


def _may_hold(table: RegisterTable, name: str, wanted: Wanted) -> bool:
    if wanted.margin == AGE:
        return _has_ages(name, table.labels(name))
    taken = _by_label(wanted.levels)
    return any(label.casefold() in taken for label in table.labels(name))


def _has_ages(name: str, labels: Iterable[str]) -> bool:
    return name.casefold() in _AGE_COLUMNS and any(ages_of(label) for label in labels)


def _kept_labels(table: RegisterTable, name: str, wanted: Wanted) -> frozenset[str]:
    """The labels of a dimension that count: those chosen, and of ages those of people old enough to be asked."""
    labels = table.labels(name)
    chosen = (wanted.chosen or {}).get(name, frozenset(labels))
    unknown = sorted(chosen.difference(labels))
    if unknown:
        raise RegisterMismatch([f"the column {name} has no label {label!r}" for label in unknown])
    if _has_ages(name, labels) or (wanted.margin == AGE and name == wanted.column):
        chosen = frozenset(label for label in chosen if not _too_young(label, wanted.from_age))
    return chosen


def _too_young(label: str, from_age: int) -> bool:
    ages = ages_of(label)
    return ages is not None and ages.last < from_age


def _codes(labels: Iterable[str], wanted: Wanted) -> tuple[dict[str, str], list[str]]:
    """The code of each label that has one, and a sentence for each that has none or more than one."""
    found: dict[str, str] = {}
    problems: list[str] = []
    given = _by_label(wanted.levels)
    for label in sorted(labels):
        ages = ages_of(label) if wanted.margin == AGE else None
        codes = _codes_of_ages(ages, wanted) if ages else [given[label.casefold()]] if label.casefold() in given else []
        if not codes and _TOTAL.match(label):
            continue  # a sum of the others
        if not codes:
            problems.append(f"no level takes {label!r} of the file; choose the labels to count with --of COLUMN=LABEL")
        elif len(codes) > 1 or (ages and _is_cut(ages, codes[0], wanted)):
            problems.append(f"{' and '.join(codes)} would cut through {label!r} of the file: a finer table is needed")
        else:
            found[label] = codes[0]
    return found, problems


def _codes_of_ages(ages: Ages, wanted: Wanted) -> list[str]:
    """The codes with ages in common."""
    return [code for code, spans in _spans(wanted.levels) if any(span.touches(ages) for span in spans)]


def _is_cut(ages: Ages, code: str, wanted: Wanted) -> bool:
    spans = dict(_spans(wanted.levels))[code]
    return ages.first < wanted.from_age or not any(span.holds(ages) for span in spans)


def _spans(levels: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, list[Ages]]]:
    for code, labels in levels.items():
        yield code, [ages for label in labels if (ages := ages_of(label))]


def _by_label(levels: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {label.casefold(): code for code, labels in levels.items() for label in labels}


def _no_sum(name: str, labels: Iterable[str], wanted: Wanted) -> Iterator[str]:
    """Why the labels of a dimension cannot be added up."""
    labels = sorted(labels)
    if len(labels) > 1 and name.casefold() in _ONE_AT_A_TIME:
        yield f"{name} has {', '.join(labels)}, which make no sum: choose one with --of '{name}=LABEL'"
        return
    for label in labels if len(labels) > 1 else ():
        if _TOTAL.match(label):
            yield f"{name} has {label!r} beside its parts, and everyone would count twice: choose with --of"
    for label in labels if _has_ages(name, labels) else ():
        ages = ages_of(label)
        if ages and ages.first < wanted.from_age:
            yield f"{label!r} lies on both sides of {wanted.from_age} years: a finer table is needed"
