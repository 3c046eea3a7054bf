"""The population that a wave of the survey is about: residents by sex, age band and area, on one day.

``population.toml`` holds the counts; a municipality without one has nothing to compare its answers with. Which sexes
and age bands a questionnaire knows is not known here: the survey room checks their codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from .model import Area, Text
from .tables import Table

_SPAN = re.compile(r"\d{1,3}(-\d{1,3}|\+)")

FILE = "population.toml"
MARGINS = ("sex", "age", "area")
MOST_RESIDENTS = 10_000_000
# Registers add noise to small counts, so the margins need not agree to the person.
MOST_APART = 0.02

# Margin -> level -> labels of a register. An age has one label, a span such as "16-29" or "65+".
RegisterLevels = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class PopulationCounts:
    """Residents by each margin of MARGINS: ``margins`` maps margin -> level -> persons, none of them empty.

    ``covers`` says who is counted (16 years and older, say), ``source`` who counted them and ``day`` when. ``example``
    marks counts that are invented: whatever is made of them must say so. ``register`` maps margin -> level -> what a
    register calls it; for ages, spans of years.
    """

    day: date
    source: Text
    covers: Text
    example: bool
    margins: Mapping[str, Mapping[str, int]] = field(hash=False)
    register: RegisterLevels = field(hash=False)


def read_population(folder: Path, languages: tuple[str, ...], areas: tuple[Area, ...]) -> PopulationCounts | None:
    """Read population.toml; None when there is no such file. MunicipalityError for the first thing that is wrong."""
    if not (folder / FILE).exists():
        return None
    table = Table.read(folder, FILE, languages)
    counts = PopulationCounts(
        day=table.day("day"),
        source=table.text("source"),
        covers=table.text("covers"),
        example=table.flag("example"),
        margins={margin: _margin(table, margin) for margin in MARGINS},
        register=_register(table.table("register")) if table.has("register") else {},
    )
    _refuse_other_levels(table, counts)
    _refuse_other_areas(table, counts.margins["area"], areas)
    _refuse_margins_apart(table, counts.margins)
    table.close()
    return counts


def read_levels(file: Path) -> RegisterLevels:
    """Read a file of the form of ``[register]`` alone, for one table. Raises MunicipalityError."""
    return _register(Table.read(file.parent, file.name))


def _register(table: Table) -> RegisterLevels:
    levels = {margin: _labels(table.table(margin), margin) for margin in MARGINS if table.has(margin)}
    table.close()
    return levels


def _labels(table: Table, margin: str) -> dict[str, tuple[str, ...]]:
    if margin != "age":
        return {level: table.words(level) for level in table.names()}
    return {level: (_span(table, level),) for level in table.names()}


def _span(table: Table, level: str) -> str:
    if not _SPAN.fullmatch(table.word(level)):
        raise table.error(level, 'must be ages such as "16-29" or "65+"')
    return table.word(level)


def _margin(table: Table, key: str) -> dict[str, int]:
    margin = table.table(key)
    persons = {level: margin.whole(level, 0, MOST_RESIDENTS) for level in margin.names()}
    if not any(persons.values()):
        raise table.error(key, "must count somebody")
    return persons


def _refuse_other_areas(table: Table, persons: Mapping[str, int], areas: tuple[Area, ...]) -> None:
    known = {area.code for area in areas}
    for code in persons:
        if code not in known:
            raise table.error(f"area.{code}", "is not an area")
    for code in sorted(known - persons.keys()):
        raise table.error(f"area.{code}", "is missing: must be a whole number")


def _refuse_other_levels(table: Table, counts: PopulationCounts) -> None:
    for margin, levels in counts.register.items():
        for level in sorted(levels.keys() ^ counts.margins[margin].keys()):
            raise table.error(f"register.{margin}.{level}", f"must stand both there and in [{margin}]")


def _refuse_margins_apart(table: Table, margins: Mapping[str, Mapping[str, int]]) -> None:
    totals = {margin: sum(persons.values()) for margin, persons in margins.items()}
    first = totals[MARGINS[0]]
    for margin, total in totals.items():
        if abs(total - first) > first * MOST_APART:
            raise table.error(margin, f"counts {total} people and {MARGINS[0]} {first}: they are not the same people")
