"""Samples: who was drawn and what each answer weighs, cell by cell.

One shape serves them all. A simple sample has one stratum and no margin; a stratified one knows the register count of
each stratum; a raked one knows the margins its weights were made to fit, and a post-stratified one is raked to one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from citizen_portal.statistics.margins import Margin, fitted_margins
from citizen_portal.statistics.projection import Basis, orthonormal
from citizen_portal.statistics.raking import rake
from citizen_portal.statistics.tallies import Cell

WHOLE = ""


class UnusableStratum(ValueError):
    """A stratum that cannot be estimated from: says which and why."""


@dataclass(frozen=True)
class Sample:
    """The weighted sample of one wave.

    ``sizes`` and ``weights`` are people and persons per answer set, by cell. ``raked`` is the number of leading columns
    of a cell whose margins the weights fit. ``strata`` gives each cell's stratum and ``register`` the persons in each;
    without a register the finite population correction is left out.
    """

    sizes: Mapping[Cell, int]
    weights: Mapping[Cell, float]
    raked: int
    strata: Mapping[Cell, str]
    register: Mapping[str, float]

    @cached_property
    def margin_basis(self) -> Basis:
        """What the raked margins say, as an orthonormal basis over the cells; made once, used by every estimate."""
        return orthonormal(self.sizes, self.raked)

    @cached_property
    def stratum_sizes(self) -> dict[str, int]:
        """The answer sets of each stratum."""
        sizes: dict[str, int] = defaultdict(int)
        for cell, size in self.sizes.items():
            sizes[self.strata[cell]] += size
        return dict(sizes)

    @property
    def size(self) -> int:
        """All answer sets, whether this or that question was answered or not."""
        return sum(self.sizes.values())


def simple_sample(sizes: Mapping[Cell, int]) -> Sample:
    """Everyone weighs the same."""
    return Sample(sizes, dict.fromkeys(sizes, 1.0), 0, dict.fromkeys(sizes, WHOLE), {})


def raked_sample(sizes: Mapping[Cell, int], columns: Sequence[str], margins: Mapping[str, Margin]) -> Sample:
    """A simple sample raked to the margins of ``columns``, which are the first columns of the cells.

    With one column this is post-stratification. Raises ``MarginMismatch`` and ``RakingFailed``.
    """
    return _raked(simple_sample(sizes), columns, margins)


def stratified_sample(sizes: Mapping[Cell, int], place: int, register: Mapping[str, float]) -> Sample:
    """A sample drawn stratum by stratum: a weight is the register's persons over the answer sets of the stratum.

    ``place`` is the column of a cell that holds the stratum. Raises ``UnusableStratum`` when a stratum has fewer
    persons in the register than answers, no answer, or a single one, which tells nothing about its spread.
    """
    strata = {cell: cell[place] for cell in sizes}
    plain = Sample(sizes, dict.fromkeys(sizes, 1.0), 0, strata, register)
    answered = plain.stratum_sizes
    for stratum, size in answered.items():
        if size < 2:
            raise UnusableStratum(f"the stratum {stratum} has a single answer set")
        if not size <= register.get(stratum, 0):
            raise UnusableStratum(f"the stratum {stratum} has {register.get(stratum, 0):g} persons and {size} answers")
    for stratum, persons in register.items():
        if persons and stratum not in answered:
            raise UnusableStratum(f"nobody answered in the stratum {stratum}")
    weights = {cell: register[stratum] / answered[stratum] for cell, stratum in strata.items()}
    return Sample(sizes, weights, 0, strata, register)


def stratified_raked_sample(
    sizes: Mapping[Cell, int], columns: Sequence[str], margins: Mapping[str, Margin], register: Mapping[str, float]
) -> Sample:
    """A stratified sample raked to ``columns``, the first of the cells; the last column of a cell is the stratum.

    Without ``columns`` it stays as it was drawn. Raises what ``stratified_sample`` and ``raked_sample`` raise.
    """
    return _raked(stratified_sample(sizes, -1, register), columns, margins)


def _raked(sample: Sample, columns: Sequence[str], margins: Mapping[str, Margin]) -> Sample:
    totals = {cell: size * sample.weights[cell] for cell, size in sample.sizes.items()}
    factors = rake(totals, list(fitted_margins(margins, columns, totals).values()))
    weights = {cell: weight * factors[cell] for cell, weight in sample.weights.items()}
    return Sample(sample.sizes, weights, len(columns), sample.strata, sample.register)
