"""Variances by linearisation, of samples that were raked, stratified or neither.

An estimate is replaced by the sum over people of their influence ``w * u`` on it. Raking takes from ``u`` everything
that the margins already say, so the margins are projected out: what the unweighted means of all margin groups
explain is subtracted (Deville and Särndal, 1992; R's ``survey:::svyrecvar``). Then
``v = sum over strata of (1 - n_h/N_h) n_h/(n_h - 1) sum over people of (w u - their stratum's mean)^2``.
"""

from collections.abc import Sequence
from typing import NamedTuple

from citizen_portal.statistics.designs import Sample, UnusableStratum
from citizen_portal.statistics.projection import fitted
from citizen_portal.statistics.tallies import Cell


class Piece(NamedTuple):
    """People of one cell with the same influence: how many there are."""

    cell: Cell
    people: int


def with_the_rest(sample: Sample, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, then those who are in none of them, cell by cell: they count in every variance with ``u = 0``."""
    left = dict(sample.sizes)
    for cell, count in pieces:
        left[cell] -= count
    return [*pieces, *(Piece(cell, count) for cell, count in left.items() if count)]


def weighted_residuals(sample: Sample, pieces: Sequence[Piece], influence: Sequence[float]) -> list[float]:
    """``w * u`` of each piece, with the margins projected out of ``u``.

    ``pieces`` holds the whole sample (see ``with_the_rest``); ``influence`` has a ``u`` for each piece, zeros at its
    end may be left out.
    """
    influence = [*influence, *[0.0] * (len(pieces) - len(influence))]
    effects = _margin_effects(sample, pieces, influence)
    return [sample.weights[piece.cell] * (u - effects[piece.cell]) for piece, u in zip(pieces, influence, strict=True)]


def covariance(sample: Sample, pieces: Sequence[Piece], one: Sequence[float], other: Sequence[float]) -> float:
    """The covariance of two estimates from their weighted residuals; with the same one twice, its variance.

    Raises ``UnusableStratum`` when a stratum has a single answer set.
    """
    total = 0.0
    for stratum, size in sample.stratum_sizes.items():
        if size < 2:
            raise UnusableStratum(f"the stratum {stratum or 'of everyone'} has a single answer set")
        inside = [
            (count, first, second)
            for (cell, count), first, second in zip(pieces, one, other, strict=True)
            if sample.strata[cell] == stratum
        ]
        mean = sum(count * first for count, first, _second in inside) / size
        other_mean = sum(count * second for count, _first, second in inside) / size
        spread = sum(count * (first - mean) * (second - other_mean) for count, first, second in inside)
        outside = 1 - size / sample.register[stratum] if stratum in sample.register else 1.0
        total += outside * size / (size - 1) * spread
    return total


def _margin_effects(sample: Sample, pieces: Sequence[Piece], influence: Sequence[float]) -> dict[Cell, float]:
    """For each cell what its margin groups together explain of ``u``."""
    sums = dict.fromkeys(sample.sizes, 0.0)
    for (cell, count), u in zip(pieces, influence, strict=True):
        sums[cell] += count * u
    return fitted(sample.margin_basis, sums)
