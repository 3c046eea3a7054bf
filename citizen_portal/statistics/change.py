"""Change between two waves, and what many comparisons at once are worth."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from citizen_portal.statistics.distributions import t_quantile, two_sided_t
from citizen_portal.statistics.intervals import LEVEL
from citizen_portal.statistics.shares import Estimate


@dataclass(frozen=True, slots=True)
class Change:
    """Later minus earlier. ``diff`` is ``None`` when a wave has no answer, the rest when one has no standard error."""

    diff: float | None
    se: float | None = None
    df: float | None = None
    t: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None


def change(later: Estimate, earlier: Estimate, level: float = LEVEL) -> Change:
    """The difference of two independent estimates with its t interval and two-sided p-value.

    ``se = sqrt(se1^2 + se2^2)`` and ``df = df1 + df2``, as when both waves are the strata of one design.
    """
    if later.value is None or earlier.value is None:
        return Change(None)
    diff = later.value - earlier.value
    if later.se is None or earlier.se is None:
        return Change(diff)
    se, df = math.hypot(later.se, earlier.se), later.df + earlier.df
    half = t_quantile((1 + level) / 2, df) * se
    return Change(diff, se, df, diff / se, diff - half, diff + half, two_sided_t(diff / se, df))


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Holm's adjusted p-values (1979), in the order given; ``None`` is a comparison that could not be made.

    The smallest of ``m`` values is multiplied by ``m``, the next by ``m-1`` and so on, none falls below the one before,
    and none passes 1.
    """
    order = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, place) in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * p))
        adjusted[place] = largest
    return adjusted
