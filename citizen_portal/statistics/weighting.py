"""Weights of a whole wave: from its strata, if it has any, raked to every margin there is; and what had to give way.

Nothing here fails on a wave that somebody answered. A level of the register where nobody answered is weighted together
with its neighbour; a level that the register does not count keeps its share of the sample; a column whose margin cannot
hold with the others is left out. Each of these is in the result, to be said.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citizen_portal.statistics.designs import WHOLE, Sample, simple_sample
from citizen_portal.statistics.margins import Margin, fitted_margins
from citizen_portal.statistics.raking import RakingFailed, rake
from citizen_portal.statistics.tallies import Cell

# Level -> the levels that may stand in for it, the nearest first; by column.
Neighbours = Mapping[str, Mapping[str, Sequence[str]]]
FEWEST_IN_A_STRATUM = 2  # one answer tells nothing about its spread
BETWEEN = "+"


@dataclass(frozen=True, slots=True)
class Strata:
    """How a sample was drawn: ``persons`` counts the register, or the frame, by the levels of ``columns``."""

    columns: tuple[str, ...]
    persons: Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Joined:
    """A level that nobody of answered, and the neighbour whose answers stand in for it."""

    column: str
    level: str
    neighbour: str


@dataclass(frozen=True, slots=True)
class Weighting:
    """The sample, the columns whose margins it fits, and what had to give way to weight it so."""

    sample: Sample
    columns: tuple[str, ...]
    joined: tuple[Joined, ...] = ()
    left_out: tuple[str, ...] = ()
    strata: int = 0


def weighted(
    sizes: Mapping[Cell, int],
    columns: Sequence[str],
    margins: Mapping[str, Margin],
    neighbours: Neighbours,
    strata: Strata | None = None,
) -> Weighting:
    """Weight a wave. ``columns`` name the parts of a cell: those with a margin first, what to give up first last."""
    base = _stratified(sizes, columns, strata) if strata else simple_sample(sizes)
    raked, fitting, joined = [], {}, []
    for place, column in enumerate(columns):
        answered = {cell[place] for cell, size in sizes.items() if size}
        margin, stands_in = _without_empty_levels(column, margins.get(column, {}), answered, neighbours)
        if not margin:
            break
        raked.append(column)
        fitting[column] = margin
        joined += stands_in
    while raked:
        try:
            sample = _raked(base, raked, fitting)
        except RakingFailed:
            raked.pop()
            continue
        gone = tuple(column for column in columns if column in margins and column not in raked)
        stood = tuple(one for one in joined if one.column in raked)
        return Weighting(sample, tuple(raked), stood, gone, len(base.register))
    return Weighting(base, (), left_out=tuple(column for column in columns if column in margins))


def brought(sizes: Mapping[Cell, int]) -> Weighting:
    """A wave whose answers bring their weights, calibrated elsewhere: the only part of a cell is the weight.

    What they were calibrated to is not known here, so the errors are those of unequal weights, rather too large.
    """
    weights = {cell: float(cell[0]) for cell in sizes}
    return Weighting(Sample(sizes, weights, 0, dict.fromkeys(sizes, WHOLE), {}), ())


def _without_empty_levels(
    column: str, margin: Margin, answered: set[str], neighbours: Neighbours
) -> tuple[dict[str, float], list[Joined]]:
    """The margin with the persons of levels that nobody answered given to the nearest that somebody did."""
    kept = {level: persons for level, persons in margin.items() if persons and level in answered}
    joined = []
    for level, persons in margin.items() if kept else ():
        if persons and level not in kept:
            near = (other for other in neighbours.get(column, {}).get(level, ()) if other in kept)
            neighbour = next(near, min(kept))
            kept[neighbour] += persons
            joined.append(Joined(column, level, neighbour))
    return kept, joined


def _raked(base: Sample, columns: Sequence[str], margins: Mapping[str, Margin]) -> Sample:
    totals = {cell: size * base.weights[cell] for cell, size in base.sizes.items()}
    factors = rake(totals, list(fitted_margins(margins, columns, totals).values()))
    weights = {cell: weight * factors[cell] for cell, weight in base.weights.items()}
    return Sample(base.sizes, weights, len(columns), base.strata, base.register)


def _stratified(sizes: Mapping[Cell, int], columns: Sequence[str], strata: Strata) -> Sample:
    """Base weights: the persons of a stratum over its answers; the mean of these for whoever is in none.

    Strata with a single answer are one stratum, and so is everyone whose stratum nobody knows.
    """
    places = [columns.index(column) for column in strata.columns]
    of_cell = {cell: tuple(cell[place] for place in places) for cell in sizes}
    answers: dict[tuple[str, ...], int] = defaultdict(int)
    for cell, size in sizes.items():
        answers[of_cell[cell]] += size
    known = {
        key: strata.persons[key]
        for key, size in answers.items()
        if FEWEST_IN_A_STRATUM <= size <= strata.persons.get(key, 0)
    }
    if not known:
        return simple_sample(sizes)
    mean = math.fsum(known.values()) / sum(answers[key] for key in known)
    rest = sum(size for key, size in answers.items() if key not in known)
    # A single person without a stratum is counted with the largest one.
    elsewhere = WHOLE if rest >= FEWEST_IN_A_STRATUM else BETWEEN.join(max(known, key=lambda key: (answers[key], key)))
    weights = {cell: known[key] / answers[key] if key in known else mean for cell, key in of_cell.items()}
    names = {cell: BETWEEN.join(key) if key in known else elsewhere for cell, key in of_cell.items()}
    return Sample(sizes, weights, 0, names, {BETWEEN.join(key): float(count) for key, count in known.items()})
