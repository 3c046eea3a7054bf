"""Counts of events, such as reports: how far a count would wander by chance, and whether two of them differ.

Events that come independently at a constant rate are Poisson distributed. Reports are not quite that (one event may be
reported twice), so these intervals are the least uncertainty there is.
"""

import math
from collections.abc import Callable, Sequence

from citizen_portal.statistics.change import Change
from citizen_portal.statistics.distributions import NORMAL
from citizen_portal.statistics.intervals import LEVEL, Interval, clopper_pearson

EXACT_UP_TO = 2_000


def poisson_interval(count: int, level: float = LEVEL) -> Interval:
    """The exact interval for the mean of a Poisson count (Garwood, 1936); ``count`` is 0 or more.

    Ends solve ``P(X >= count | low) = P(X <= count | high) = (1 - level) / 2``. Above 2 000 Byar's approximation
    serves, which agrees there to six digits.
    """
    if count < 0:
        raise ValueError("a count is 0 or more")
    tail = (1 - level) / 2
    if count > EXACT_UP_TO:
        return _byar(count, NORMAL.inv_cdf(1 - tail))
    low = _solve(lambda mean: 1 - _at_most(count - 1, mean), tail, 0.0, float(count)) if count else 0.0
    high = _solve(lambda mean: -_at_most(count, mean), -tail, float(count), count + 10 * math.sqrt(count + 1) + 20)
    return Interval(low, high)


def dispersion(counts: Sequence[int], exposures: Sequence[float]) -> float:
    """How much more counts of equal kind spread than Poisson counts would: Pearson's chi squared per degree of freedom.

    Never under 1: fewer reports than by chance in a month is no reason to be surer. Needs two counts.
    """
    rate = sum(counts) / sum(exposures)
    if len(counts) < 2 or not rate:
        raise ValueError("a dispersion needs two counts and something counted")
    spread = sum((count - rate * each) ** 2 / (rate * each) for count, each in zip(counts, exposures, strict=True))
    return max(1.0, spread / (len(counts) - 1))


def dispersed_interval(count: int, spread: float, level: float = LEVEL) -> Interval:
    """The interval for the mean of a count that spreads ``spread`` times as much as Poisson, on the log scale.

    ``count exp(± z sqrt(spread / count))``; ``count`` is above 0.
    """
    factor = math.exp(NORMAL.inv_cdf((1 + level) / 2) * math.sqrt(spread / count))
    return Interval(count / factor, count * factor)


def rate_change(later: int, earlier: int, *, later_exposure: float, earlier_exposure: float) -> Change:
    """The difference of two rates (count over exposure, such as 1 000 resident-years), exact given the total count.

    Of all ``later + earlier`` events, the later ones are binomial with the share that the exposures give if nothing
    changed (Przyborowski and Wilenski, 1940). ``p`` is twice the smaller tail, 1 at most. ``low`` and ``high`` come
    from the Clopper-Pearson interval of that share, with the total held fixed; there is no ``se`` and no ``df``.
    """
    total = later + earlier
    diff = later / later_exposure - earlier / earlier_exposure
    if not total:
        return Change(diff)
    share = clopper_pearson(later, total)
    low, high = (total * end / later_exposure - total * (1 - end) / earlier_exposure for end in (share.low, share.high))
    expected = later_exposure / (later_exposure + earlier_exposure)
    return Change(diff, low=low, high=high, p=_binomial_p(later, total, expected))


def _binomial_p(events: int, total: int, share: float) -> float:
    """Twice the smaller tail of a binomial count, 1 at most."""
    terms = [_log_binomial(k, total, share) for k in range(total + 1)]
    at_most = math.fsum(math.exp(term) for term in terms[: events + 1])
    at_least = math.fsum(math.exp(term) for term in terms[events:])
    return min(1.0, 2 * min(at_most, at_least))


def _log_binomial(k: int, n: int, p: float) -> float:
    chosen = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return chosen + k * math.log(p) + (n - k) * math.log1p(-p)


def _at_most(count: int, mean: float) -> float:
    """``P(X <= count)`` of a Poisson count."""
    if count < 0:
        return 0.0
    if mean == 0:
        return 1.0
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))


def _byar(count: int, z: float) -> Interval:
    def end(n: float, sign: int) -> float:
        return n * (1 - 1 / (9 * n) + sign * z / (3 * math.sqrt(n))) ** 3

    return Interval(end(count, -1), end(count + 1, 1))


def _solve(rising: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a rising function reaches ``target``, by bisection down to neighbouring floats."""
    while low < (middle := (low + high) / 2) < high:
        if rising(middle) < target:
            low = middle
        else:
            high = middle
    return low
