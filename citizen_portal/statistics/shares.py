"""Shares and means, of everyone or of a domain, each with its standard error.

The estimate is the ratio ``sum(w y) / sum(w)`` over those who answered (Hájek). Its influence is ``u = (y - mean) /
sum(w)`` for them and 0 for everyone else: people outside a domain stay in the sample, because how many fall inside is
itself a matter of chance. The variance is that of ``linearisation``.
"""

import math
from dataclasses import dataclass

from citizen_portal.statistics.designs import Sample
from citizen_portal.statistics.linearisation import Piece, covariance, weighted_residuals, with_the_rest
from citizen_portal.statistics.tallies import Answers, by_value

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share (answers 0 and 1) or a mean (any numbers).

    ``n`` counts the answers it rests on and ``df`` its degrees of freedom: answers minus the strata they come from.
    ``value`` is ``None`` when nobody answered. ``se`` is ``None`` when there is no honest number: with one
    answer, or when all gave the same, so that a formula would say that nothing is uncertain.
    """

    n: int
    value: float | None
    se: float | None
    df: float


def estimate(sample: Sample, answers: Answers) -> Estimate:
    """The weighted mean of the answers of a domain, with its linearised standard error."""
    groups = [(Piece(cell, count), value) for cell, values in answers.items() for value, count in values.items()]
    n = sum(piece.people for piece, _value in groups)
    if not n:
        return Estimate(0, None, None, 0)
    weight = math.fsum(sample.weights[cell] * count for (cell, count), _value in groups)
    mean = math.fsum(sample.weights[cell] * count * value for (cell, count), value in groups) / weight
    df = n - len({sample.strata[piece.cell] for piece, _value in groups})
    values = {value for _piece, value in groups}
    if len(values) == 1:
        return Estimate(n, values.pop(), None, df)
    if df < 1:
        return Estimate(n, mean, None, df)
    pieces = with_the_rest(sample, [piece for piece, _value in groups])
    residuals = weighted_residuals(sample, pieces, [(value - mean) / weight for _piece, value in groups])
    se = math.sqrt(covariance(sample, pieces, residuals, residuals))
    # When the margins decide every answer, nothing but rounding is left of the variance.
    return Estimate(n, mean, se if se > ROUNDING * (max(values) - min(values)) else None, df)


def unweighted_share(answers: Answers) -> Estimate:
    """The plain share of a sample without weights: ``p = k/n``, ``se = sqrt(p (1-p) / n)``, normal (infinite ``df``).

    ``None`` where ``Estimate`` says so.
    """
    counts = by_value(answers)
    n, yes = sum(counts.values()), counts.get(1, 0)
    if not n:
        return Estimate(0, None, None, math.inf)
    p = yes / n
    return Estimate(n, p, math.sqrt(p * (1 - p) / n) if 0 < yes < n else None, math.inf)
