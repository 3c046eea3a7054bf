"""Probabilities and quantiles of the t, F and beta distributions, to about fourteen digits.

All of them rest on one function, the regularised incomplete beta function
``I_x(a, b) = B(a, b)^-1 * integral from 0 to x of t^(a-1) (1-t)^(b-1) dt``.
It is summed as a continued fraction (Didonato and Morris, "Algorithm 708", 1992, formula 9). The factor in front of
the fraction is computed as a binomial probability in Loader's saddle-point form ("Fast and accurate computation of
binomial probabilities", 2000), because the difference of three logarithms of gamma functions loses digits as n grows.

Everywhere: ``x`` and ``p`` in [0, 1]; ``a``, ``b`` and degrees of freedom positive; ``ValueError`` for anything else.
"""

import math
import struct
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist

SMALLEST = 1e-300
LARGEST_T = 1e150
PRECISION = 1e-15
MOST_TERMS = 100_000
LARGE_ENOUGH_FOR_STIRLING = 16
NORMAL = NormalDist()


def beta_cdf(x: float, a: float, b: float) -> float:
    """The probability that a beta(a, b) variable is at most ``x``: ``I_x(a, b)``."""
    return _incomplete_beta(x, 1 - x, a, b)


def beta_quantile(p: float, a: float, b: float) -> float:
    """The ``x`` with ``beta_cdf(x, a, b) == p``."""
    _demand(0 <= p <= 1 and a > 0 and b > 0, "a beta quantile needs 0 <= p <= 1 and positive shapes")
    if p in {0, 1}:
        return float(p)
    return _root(lambda x: beta_cdf(x, a, b) - p, SMALLEST, 1.0)


def t_cdf(t: float, df: float) -> float:
    """The probability that Student's t with ``df`` degrees of freedom (``math.inf`` is the normal) is at most ``t``."""
    tail = two_sided_t(t, df) / 2
    return tail if t < 0 else 1 - tail


def two_sided_t(t: float, df: float) -> float:
    """The p-value ``P(|T| >= |t|) = I_{df/(df+t^2)}(df/2, 1/2)``, exact far out in the tail."""
    _demand(df > 0, "Student's t needs positive degrees of freedom")
    if math.isinf(df):
        return math.erfc(abs(t) / math.sqrt(2))
    return _incomplete_beta(df / (df + t * t), t * t / (df + t * t), df / 2, 0.5)


@lru_cache(maxsize=10_000)
def t_quantile(p: float, df: float) -> float:
    """The ``t`` with ``t_cdf(t, df) == p``, for 0 < p < 1."""
    _demand(0 < p < 1 and df > 0, "a quantile of t needs 0 < p < 1 and positive degrees of freedom")
    normal = NORMAL.inv_cdf(p)
    if math.isinf(df) or normal == 0:
        return normal
    tails = 2 * min(p, 1 - p)
    return math.copysign(_root(lambda t: tails - two_sided_t(t, df), 0.0, LARGEST_T), normal)


def f_tail(f: float, df1: float, df2: float) -> float:
    """The probability that F with ``df1`` and ``df2`` degrees of freedom (fractions allowed) is at least ``f``."""
    _demand(f >= 0, "F is never negative")
    return _incomplete_beta(df2 / (df2 + df1 * f), df1 * f / (df2 + df1 * f), df2 / 2, df1 / 2)


def _incomplete_beta(x: float, y: float, a: float, b: float) -> float:
    """``I_x(a, b)`` where ``y`` is ``1 - x``, handed over because the caller may know it better than subtraction."""
    _demand(0 <= x <= 1 and a > 0 and b > 0, "the incomplete beta function needs 0 <= x <= 1 and positive shapes")
    if x == 0 or y == 0:
        return float(y == 0)
    # The fraction converges quickly below the mean; above it the other tail is computed.
    if x > (a + 1) / (a + b + 2):
        return 1 - _tail(y, x, b, a)
    return _tail(x, y, a, b)


def _tail(x: float, y: float, a: float, b: float) -> float:
    """``x^a y^b / B(a, b)`` times the continued fraction."""
    return _binomial(x, y, a, b) * a * b / (a + b) / _fraction(x, y, a, b)


def _fraction(x: float, y: float, a: float, b: float) -> float:
    """The fraction ``b0 + a1/(b1 + a2/(b2 + ...`` of Didonato and Morris, by the modified method of Lentz.

    ``a_m = (a+m-1)(a+b+m-1) m (b-m) x^2 / (a+2m-1)^2`` and
    ``b_m = m + m (b-m) x / (a+2m-1) + (a+m) (a - (a+b) x + 1 + m (2-x)) / (a+2m+1)``.
    """
    below_mean = (a + b) * y - b if a > b else a - (a + b) * x
    value = c = a * (below_mean + 1) / (a + 1)
    d = 0.0
    for m in range(1, MOST_TERMS):
        odd = a + 2 * m - 1
        numerator = (a + m - 1) * (a + b + m - 1) * m * (b - m) * (x / odd) ** 2
        denominator = m + m * (b - m) * x / odd + (a + m) * (below_mean + 1 + m * (1 + y)) / (odd + 2)
        d = 1 / _away_from_zero(denominator + numerator * d)
        c = _away_from_zero(denominator + numerator / c)
        value *= c * d
        if abs(c * d - 1) < PRECISION:
            return value
    raise ArithmeticError(f"the incomplete beta function does not converge for x={x}, a={a}, b={b}")


def _binomial(x: float, y: float, a: float, b: float) -> float:
    """``Gamma(n+1) / (Gamma(a+1) Gamma(b+1)) * x^a * y^b`` with ``n = a + b``: a binomial probability."""
    n = a + b
    correction = _stirling_error(n) - _stirling_error(a) - _stirling_error(b)
    deviance = _deviance(a, n * x) + _deviance(b, n * y)
    return math.exp(correction - deviance) * math.sqrt(n / (2 * math.pi * a * b))


def _stirling_error(n: float) -> float:
    """``log Gamma(n+1)`` minus Stirling's ``(n+1/2) log n - n + log(2 pi)/2``, without cancellation."""
    if n < LARGE_ENOUGH_FOR_STIRLING:
        return _stirling_error(n + 1) + (n + 0.5) * math.log1p(1 / n) - 1
    square = n * n
    # The series of DLMF 5.11.1; the first term left out is below 1e-17.
    series = 1 / 1188 - 691 / (360360 * square)
    for term in (1 / 1680, 1 / 1260, 1 / 360, 1 / 12):
        series = term - series / square
    return series / n


def _deviance(observed: float, expected: float) -> float:
    """``observed * log(observed/expected) + expected - observed``, without cancellation when the two are close."""
    difference = observed - expected
    if abs(difference) >= 0.1 * (observed + expected):
        return observed * math.log(observed / expected) - difference
    ratio = difference / (observed + expected)
    total = difference * ratio
    term = 2 * observed * ratio
    for power in range(3, 1000, 2):
        term *= ratio * ratio
        longer = total + term / power
        if longer == total:
            break
        total = longer
    return total


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function crosses zero between ``low`` and ``high``, to the last bit.

    Works on the ordered row of floating point numbers themselves, so that a root near zero gets all its digits too.
    Two of three steps follow the line between the ends and go a little past the root, so that both ends close in on it;
    the third halves what is left.
    """
    below, above = _place_in_row(low), _place_in_row(high)
    at_below = at_above = 0.0
    turn = 0
    while above - below > 1:
        turn += 1
        middle = (below + above) // 2
        if turn % 3 and at_below < 0 < at_above:
            along = int((above - below) * (at_below / (at_below - at_above)))
            back = above - below - along
            past = below + along + along // 16 + 1 if along < back else above - back - back // 16 - 1
            middle = min(max(past, below + 1), above - 1)
        value = function(_from_place(middle))
        if value < 0:
            below, at_below = middle, value
        else:
            above, at_above = middle, value
    return _from_place(above)


def _place_in_row(number: float) -> int:
    """The place of a number, zero or larger, in the row of all floating point numbers."""
    return int.from_bytes(struct.pack(">d", number))


def _from_place(place: int) -> float:
    return float(struct.unpack(">d", place.to_bytes(8))[0])


def _away_from_zero(value: float) -> float:
    return value if abs(value) > SMALLEST else SMALLEST


def _demand(condition: bool, sentence: str) -> None:
    if not condition:
        raise ValueError(sentence)
