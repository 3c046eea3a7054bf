"""Weights: raking to margins, and trimming.

Raking (iterative proportional fitting; Deming and Stephan, 1940) multiplies the weights of each level by what brings
them to the register's count, margin after margin, until every margin holds at once.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from citizen_portal.statistics.tallies import Cell

LARGEST_FACTOR_ERROR = 1e-12
MOST_ROUNDS = 10_000


class RakingFailed(ArithmeticError):
    """The margins cannot all hold at once in this sample, or only after more rounds than can be waited for."""


def rake(totals: Mapping[Cell, float], margins: Sequence[Mapping[str, float]]) -> dict[Cell, float]:
    """The factor by which each cell's base weight is multiplied, so that the weighted sample has these margins.

    ``totals`` is the sum of base weights in each cell; ``margins`` gives, for each of the cell's first columns, persons
    per level, with equal totals and the levels of the sample (see ``margins.fitted_margins``). Rounds go on until the
    largest factor of a round differs from 1 by less than 1e-12; R's ``rake`` stops at a change of one person unless
    told otherwise. Raises ``RakingFailed``, never gives weights that do not fit.
    """
    factors = dict.fromkeys(totals, 1.0)
    for _round in range(MOST_ROUNDS):
        error = 0.0
        for place, margin in enumerate(margins):
            reached: dict[str, float] = defaultdict(float)
            for cell, total in totals.items():
                reached[cell[place]] += total * factors[cell]
            if not all(reached[level] > 0 for level in margin):
                raise RakingFailed("the weights of a whole level vanish: its people answered in no other combination")
            steps = {level: count / reached[level] for level, count in margin.items()}
            error = max(error, *(abs(step - 1) for step in steps.values()))
            for cell in factors:
                factors[cell] *= steps[cell[place]]
        if error < LARGEST_FACTOR_ERROR:
            return factors
    raise RakingFailed(f"the weights do not settle in {MOST_ROUNDS} rounds: too few combinations were answered")


def trimmed(weights: Mapping[Cell, float], sizes: Mapping[Cell, int], largest: float) -> dict[Cell, float]:
    """Weights cut at ``largest``, what was cut off shared out evenly among the others: one pass.

    The sum of weights stays. Weights that were just below may end above ``largest``, as in R's ``trimWeights``
    without ``strict``. ``ValueError`` when every weight would be cut.
    """
    others = sum(sizes[cell] for cell, weight in weights.items() if weight <= largest)
    if not others:
        raise ValueError("every weight is above the limit: nobody is left to carry what is cut off")
    cut_off = sum(sizes[cell] * max(0.0, weight - largest) for cell, weight in weights.items())
    return {cell: largest if weight > largest else weight + cut_off / others for cell, weight in weights.items()}
