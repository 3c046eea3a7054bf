"""R's likelihood interval is read off a spline through a few points of the profile. This reads ours off the same way.

``svyciprop(method="likelihood")`` walks from the estimate in steps of a fifth of the limit until it has passed it, lays
R's default spline through these points, takes three times as many points from it, and joins those by lines. With
the same reading our exact profile gives R's digits; without it the two differ by what the spline is off.

R's regression stops when its deviance has settled to eight digits, and takes the naive variance from the step before
the last.
"""

import math
from itertools import pairwise

from citizen_portal.statistics.distributions import NORMAL, t_quantile
from citizen_portal.statistics.intervals import signed_root

STEPS = 5
MOST_STEPS = 9
POINTS_PER_POINT = 3
SETTLED = 1e-8


def read_off_a_spline(p, se, df, people):
    """The two ends, as R reads them, for the share ``p``; ``people`` are triples of answer, weight and number.

    The weights add up to the size of the wave, although some of it did not answer.
    """
    limit = t_quantile(0.975, df)
    n = sum(count for _answer, _weight, count in people)
    wave_size = sum(weight * count for _answer, weight, count in people)
    exact = math.sqrt(wave_size * se**2 / (p * (1 - p)))
    before_last = share_before_the_last_step(people)
    spread = exact * math.sqrt(before_last * (1 - before_last) / (p * (1 - p)))
    tail = NORMAL.cdf(-limit * spread) / 2
    # The limit up to which R walks: a quantile of F on 1 and n-1 degrees of freedom.
    farthest = t_quantile(1 - tail / 2, n - 1)
    step = farthest / STEPS * se / (p * (1 - p))
    start = math.log(p / (1 - p))
    points = [(0.0, start)]
    for side in (-1, 1):
        for number in range(1, MOST_STEPS + 1):
            logit = start + side * number * step
            # R divides by the dispersion only; what the design adds is in its limit.
            root = signed_root(p, se, n, 1 / (1 + math.exp(-logit))) * exact
            points.append((root, logit))
            if abs(root) >= farthest:
                break
    points.sort(key=lambda point: point[1])
    roots, logits = zip(*points, strict=True)
    finer = spline(logits, roots, POINTS_PER_POINT * len(points))
    at = limit * spread
    return tuple(1 / (1 + math.exp(-between(finer, target))) for target in (-at, at))


def share_before_the_last_step(people):
    """Logistic regression on a constant by reweighted least squares, as R's ``glm`` starts and stops it."""
    means = [(weight * answer + 0.5) / (weight + 1) for answer, weight, _count in people]
    deviance = deviance_of(people, means)
    while True:
        spread = [weight * count * mean * (1 - mean) for mean, (_a, weight, count) in zip(means, people, strict=True)]
        working = [
            math.log(mean / (1 - mean)) + (answer - mean) / (mean * (1 - mean))
            for mean, (answer, _weight, _count) in zip(means, people, strict=True)
        ]
        logit = math.fsum(s * z for s, z in zip(spread, working, strict=True)) / math.fsum(spread)
        share = 1 / (1 + math.exp(-logit))
        before, deviance = deviance, deviance_of(people, [share] * len(people))
        if abs(deviance - before) / (abs(deviance) + 0.1) < SETTLED:
            return means[0]
        means = [share] * len(people)


def deviance_of(people, means):
    return -2 * math.fsum(
        weight * count * math.log(mean if answer else 1 - mean)
        for mean, (answer, weight, count) in zip(means, people, strict=True)
    )


def between(points, target):
    """Linear interpolation of the first coordinate at a value of the second."""
    for (x1, y1), (x2, y2) in pairwise(points):
        if min(y1, y2) <= target <= max(y1, y2):
            return x1 + (x2 - x1) * (target - y1) / (y2 - y1)
    return math.nan


def spline(x, y, count):
    """Points of the cubic spline whose two ends bend like the cubic through their four outermost points."""
    n = len(x)
    gap = [b - a for a, b in pairwise(x)]
    slope = [(y2 - y1) / h for (y1, y2), h in zip(pairwise(y), gap, strict=True)]
    second = [(s2 - s1) / (x[i + 2] - x[i]) for i, (s1, s2) in enumerate(pairwise(slope))]
    third = [(d2 - d1) / (x[i + 3] - x[i]) for i, (d1, d2) in enumerate(pairwise(second))]
    below, middle, above = [*gap, 0.0], [-gap[0], *(2 * (a + b) for a, b in pairwise(gap)), -gap[-1]], [*gap, 0.0]
    right = [third[0] * gap[0] ** 2, *(s2 - s1 for s1, s2 in pairwise(slope)), -third[-1] * gap[-1] ** 2]
    for i in range(1, n):
        factor = below[i - 1] / middle[i - 1]
        middle[i] -= factor * above[i - 1]
        right[i] -= factor * right[i - 1]
    bend = [0.0] * n
    bend[-1] = right[-1] / middle[-1]
    for i in range(n - 2, -1, -1):
        bend[i] = (right[i] - above[i] * bend[i + 1]) / middle[i]
    at = [x[0] + (x[-1] - x[0]) * i / (count - 1) for i in range(count)]
    return [(value, cubic(x, y, gap, slope, bend, value)) for value in at]


def cubic(x, y, gap, slope, bend, at):
    """The piece of the spline that ``at`` lies in, where ``bend`` is a sixth of the second derivative at each knot."""
    i = max(0, min(len(gap) - 1, sum(knot <= at for knot in x) - 1))
    d, h = at - x[i], gap[i]
    first = slope[i] - h * (bend[i + 1] + 2 * bend[i])
    return y[i] + d * (first + d * (3 * bend[i] + d * (bend[i + 1] - bend[i]) / h))
