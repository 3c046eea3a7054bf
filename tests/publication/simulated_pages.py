"""Pages of invented waves in which nothing has changed, made by the rules that make real ones: drawn, weighted, hidden,
rounded, compared. Whoever answers differs from wave to wave by chance alone.
"""

from itertools import product
from typing import Any

import numpy

from citizen_portal.publication.changes import public_changes
from citizen_portal.statistics.disclosure import Figure, IndicatorFigures, WaveFigures, publishable_tables
from citizen_portal.statistics.estimates import group_estimate
from citizen_portal.statistics.tallies import EVERYONE, Domain, Tallies
from tests.publication.public_documents import document, indicator
from tests.statistics.drawn_towns import COLUMNS, allocation, response, town, weighting

INDICATORS = 6
TOWN = town()
SKIPPED = 0.02
YES = frozenset({"yes"})
# Of three questions about themselves, which are skipped.
SKIPS = list(product((False, True), repeat=len(COLUMNS)))
CHANCES = [SKIPPED ** sum(skips) * (1 - SKIPPED) ** (len(COLUMNS) - sum(skips)) for skips in SKIPS]


def shares_of(chance: numpy.random.Generator) -> dict[tuple[str, ...], Any]:
    """For each cell of the town how likely a yes is to each indicator: rare and common, areas unlike each other."""
    levels = chance.uniform(0.06, 0.6, INDICATORS)
    areas = {area: chance.normal(0, 0.05, INDICATORS) for area in allocation("proportional")}
    return {cell: numpy.clip(levels + areas[cell[2]] + 0.04 * (cell[0] == "woman"), 0.01, 0.95) for cell in TOWN.people}


def page(chance: numpy.random.Generator, design: str, shares: dict[tuple[str, ...], Any]) -> dict[str, Any]:
    """The public document of one wave."""
    people: dict[tuple[str, ...], int] = {}
    yes: dict[tuple[str, ...], Any] = {}
    letters = allocation(design)
    residents = {area: sum(n for cell, n in TOWN.people.items() if cell[2] == area) for area in letters}
    for cell, persons in TOWN.people.items():
        answering = letters[cell[2]] / residents[cell[2]] * response(design, cell)
        split = chance.multinomial(chance.binomial(persons, answering), CHANCES)
        for skips, count in zip(SKIPS, split, strict=True):
            said = tuple("not_said" if gone else level for gone, level in zip(skips, cell, strict=True))
            if count:
                people[said] = people.get(said, 0) + int(count)
                yes[said] = yes.get(said, 0) + chance.binomial(count, shares[cell])
    return _document(people, yes, design)


def _document(people: dict[tuple[str, ...], int], yes: dict[tuple[str, ...], Any], design: str) -> dict[str, Any]:
    weights = weighting(TOWN, design, Tallies(COLUMNS, people, {})).sample
    figures, groups = [], {by: sorted({cell[place] for cell in TOWN.people}) for place, by in enumerate(COLUMNS)}
    sizes = {
        by: {group: sum(n for cell, n in people.items() if cell[place] == group) for group in groups[by]}
        for place, by in enumerate(COLUMNS)
    }

    def figure(number: int, domain: Domain) -> Figure:
        inside = {
            cell: {1.0: int(yes[cell][number]), 0.0: count - int(yes[cell][number])}
            for cell, count in people.items()
            if domain == EVERYONE or cell[COLUMNS.index(domain.by)] == domain.group
        }
        kept = {cell: {value: n for value, n in values.items() if n} for cell, values in inside.items()}
        found = group_estimate(weights, Tallies(COLUMNS, people, {domain: kept}), domain)
        said_yes = sum(values.get(1.0, 0) for values in kept.values())
        weight = sum(weights.weights[cell] * people[cell] for cell in kept)
        return Figure({"yes": said_yes, "no": found.n - said_yes}, found, weight)

    for number in range(INDICATORS):
        parts = {by: {group: figure(number, Domain(by, group)) for group in groups[by]} for by in ("area",)}
        figures.append(IndicatorFigures(f"i{number}", f"q{number}", YES, figure(number, EVERYONE), parts))
    tables = publishable_tables(WaveFigures("2025", True, {"area": sizes["area"]}, figures))
    values: dict[str, list[dict[str, Any]]] = {}
    for table in tables:
        values.setdefault(table.title, []).extend(_value(table.by, row) for row in table.rows)
    return document("page", *(indicator(code, *found) for code, found in values.items()))


def _value(by: str | None, row: Any) -> dict[str, Any]:
    return {
        "by": by, "group": row.group, "shown": True, "base": row.base, "value": row.percent, "low": row.low,
        "high": row.high,
    }  # fmt: skip


def says_something_false(chance: numpy.random.Generator, design: str) -> tuple[bool, int]:
    """Whether a page on which nothing has changed says that something has; and how many comparisons it makes."""
    shares = shares_of(chance)
    changes = public_changes(page(chance, design, shares), page(chance, design, shares))
    found = [change for each in changes.values() for change in each]
    return any(change["real"] for change in found), len(found)
