"""Planning a wave: how many answers a change needs to be seen, and what a wave could see and could not.

A change is seen when its interval does not reach zero. ``power`` is the chance that a real change is; of many areas
compared at once each is given its part of the error (Bonferroni), which Holm's adjustment never falls below. Shares are
fractions of 1, and ``deff`` is the design effect of the weights, 1 without any.
"""

import math

from citizen_portal.statistics.distributions import NORMAL, t_quantile
from citizen_portal.statistics.intervals import LEVEL

POWER = 0.8


def answers_needed(share: float, change: float, *, deff: float = 1, areas: int = 1, power: float = POWER) -> int:
    """How many answers each area needs, in each of two waves, for a change of this size to be seen.

    ``n = deff (z_{1-a/2m} + z_power)^2 (p1 (1-p1) + p2 (1-p2)) / change^2`` with ``p2`` the share after the change,
    up or down, whichever varies more. ``ValueError`` unless 0 < share < 1, 0 < change < 1 and a share after the
    change is possible.
    """
    _demand(0 < share < 1 and 0 < change < 1, "a plan needs a share and a change between 0 and 1")
    later = [p for p in (share - change, share + change) if 0 <= p <= 1]
    _demand(bool(later), "no share can change by that much")
    spread = share * (1 - share) + max(p * (1 - p) for p in later)
    return math.ceil(deff * _reach(areas, power) ** 2 * spread / change**2)


def smallest_change(
    share: float, answers: int, *, deff: float = 1, areas: int = 1, power: float = POWER
) -> float | None:
    """The smallest change that so many answers in each of two waves would show, in steps of a tenth of a point.

    The inverse of ``answers_needed``; ``None`` when not even the largest possible change would be seen.
    """
    for thousandths in range(1, 1000):
        change = thousandths / 1000
        if change > max(share, 1 - share):
            return None
        if answers_needed(share, change, deff=deff, areas=areas, power=power) <= answers:
            return change
    return None


def visible_change(se: float, df: float, *, comparisons: int = 1, power: float = POWER) -> float:
    """What two waves that were held could see: ``(t_{1-a/2m, df} + z_power) se``, with ``se`` of their difference."""
    return (t_quantile(1 - (1 - LEVEL) / (2 * comparisons), df) + NORMAL.inv_cdf(power)) * se


def _reach(areas: int, power: float) -> float:
    """How many standard errors a change has to be away from zero."""
    _demand(areas >= 1 and 0.5 <= power < 1, "a plan needs at least one area and a power of at least a half")
    return NORMAL.inv_cdf(1 - (1 - LEVEL) / (2 * areas)) + NORMAL.inv_cdf(power)


def _demand(condition: bool, sentence: str) -> None:
    if not condition:
        raise ValueError(sentence)
