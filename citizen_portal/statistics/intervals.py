"""Confidence intervals for a share.

The house's interval is ``logit_interval``; for small groups ``korn_graubard``; for an unweighted count ``wilson``. The
others are there to be compared with: each is what R's ``svyciprop`` gives under the method named in its docstring.

``p`` is the share, strictly between 0 and 1, ``se`` its standard error, ``df`` the design's degrees of freedom
(positive, ``math.inf`` allowed), ``level`` the coverage. Every function raises ``ValueError`` outside of that: with
no event, or with events only, these formulas have no answer, and ``clopper_pearson`` is the honest one.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from citizen_portal.statistics.distributions import NORMAL, beta_quantile, t_quantile

LEVEL = 0.95


class Interval(NamedTuple):
    """The two ends."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """From end to end, in the unit of the ends."""
        return self.high - self.low


def wilson(yes: int, n: int, level: float = LEVEL) -> Interval:
    """Wilson's score interval (1927) for ``yes`` of ``n``, without continuity correction; right for 0 and ``n`` too."""
    _demand(0 <= yes <= n and n > 0, "an interval needs 0 <= yes <= n and at least one answer")
    z = NORMAL.inv_cdf((1 + level) / 2)
    p = yes / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(middle - half if yes else 0.0, middle + half if yes < n else 1.0)


def clopper_pearson(yes: float, n: float, level: float = LEVEL) -> Interval:
    """The exact interval of Clopper and Pearson (1934) for ``yes`` of ``n``; effective counts may be fractions."""
    _demand(0 <= yes <= n and n > 0, "an interval needs 0 <= yes <= n and at least one answer")
    tail = (1 - level) / 2
    low = beta_quantile(tail, yes, n - yes + 1) if yes else 0.0
    high = beta_quantile(1 - tail, yes + 1, n - yes) if yes < n else 1.0
    return Interval(low, high)


def mean_interval(p: float, se: float, df: float, level: float = LEVEL) -> Interval:
    """``p ± t se`` (``method="mean"``): may leave [0, 1]. Right for means of scales, where ``p`` is any number."""
    half = _t(df, level) * se
    return Interval(p - half, p + half)


def logit_interval(p: float, se: float, df: float, level: float = LEVEL) -> Interval:
    """``logit p ± t se / (p (1-p))``, taken back to shares (``method="xlogit"``, and nearly ``"logit"``)."""
    _demand_share(p, se)
    half = _t(df, level) * se / (p * (1 - p))
    middle = math.log(p / (1 - p))
    return Interval(_from_logit(middle - half), _from_logit(middle + half))


def asin_interval(p: float, se: float, df: float, level: float = LEVEL) -> Interval:
    """``arcsin sqrt p ± t se / (2 sqrt(p (1-p)))``, taken back to shares (``method="asin"``)."""
    _demand_share(p, se)
    half = _t(df, level) * se / (2 * math.sqrt(p * (1 - p)))
    middle = math.asin(math.sqrt(p))
    return Interval(math.sin(middle - half) ** 2, math.sin(middle + half) ** 2)


def beta_interval(p: float, se: float, df: float, wave_size: int, level: float = LEVEL) -> Interval:
    """Clopper-Pearson on an effective sample (``method="beta"``): Korn and Graubard (1998) as R has it.

    ``wave_size`` counts all answer sets of the wave, also those outside the domain, and the effective size may be
    larger than the real one. ``korn_graubard`` is stricter.
    """
    _demand_share(p, se)
    size = p * (1 - p) / se**2 * (_t(wave_size - 1, level) / _t(df, level)) ** 2
    return clopper_pearson(size * p, size, level)


def effective_size(p: float, se: float, df: float, n: int, level: float = LEVEL) -> float:
    """``min(n, p (1-p) / se^2 * (t_{n-1} / t_df)^2)``: how many answers of a simple sample would say as much.

    ``n`` counts the answers of the domain, at least two (Korn and Graubard, 1998; Parker et al., NCHS, 2017).
    """
    _demand_share(p, se)
    return min(n, p * (1 - p) / se**2 * (_t(n - 1, level) / _t(df, level)) ** 2)


def korn_graubard(p: float, se: float, df: float, n: int, level: float = LEVEL) -> Interval:
    """Clopper-Pearson on the effective size ``n_e``: ``x = n_e p`` of ``n_e`` said yes."""
    size = effective_size(p, se, df, n, level)
    return clopper_pearson(size * p, size, level)


def likelihood_interval(p: float, se: float, df: float, n: int, level: float = LEVEL) -> Interval:
    """All shares whose scaled likelihood ratio stays below ``t^2`` (``method="likelihood"``).

    The ratio is divided by ``n/(n-1)``, R's dispersion, and by the design effect ``n se^2 / (p (1-p))`` (Rao and Scott,
    1984). R reads the two ends off a spline through a few points; here they are solved for, so the last digits
    differ: by about 1e-5 of the end, 1e-4 for rare answers.
    """
    limit = _t(df, level)
    ends = (_crossing(lambda share: signed_root(p, se, n, share), target, p) for target in (-limit, limit))
    return Interval(*ends)


def signed_root(p: float, se: float, n: int, share: float) -> float:
    """The signed root of the scaled likelihood ratio of ``share`` against ``p``: about ``(share - p) / se``."""
    _demand_share(p, se)
    ratio = 2 * n * (p * math.log(p / share) + (1 - p) * math.log((1 - p) / (1 - share)))
    design_effect = n * se**2 / (p * (1 - p))
    return math.copysign(math.sqrt(max(0.0, ratio) * (n - 1) / n / design_effect), share - p)


def _crossing(rising: Callable[[float], float], target: float, start: float) -> float:
    """Where a rising function of a share reaches ``target``, by bisection from ``start`` to the end of [0, 1]."""
    low, high = (0.0, start) if target < 0 else (start, 1.0)
    while low < (middle := (low + high) / 2) < high:
        if rising(middle) < target:
            low = middle
        else:
            high = middle
    return middle


def _t(df: float, level: float) -> float:
    return t_quantile((1 + level) / 2, df)


def _from_logit(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > 0 else math.exp(value) / (1 + math.exp(value))


def _demand_share(p: float, se: float) -> None:
    _demand(0 < p < 1 and 0 < se < math.inf, "this interval needs a share between 0 and 1 and its standard error")


def _demand(condition: bool, sentence: str) -> None:
    if not condition:
        raise ValueError(sentence)
