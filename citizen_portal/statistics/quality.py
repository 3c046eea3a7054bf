"""What an estimate is worth: the price of unequal weights, and the rule for showing a share at all."""

from citizen_portal.statistics.designs import Sample
from citizen_portal.statistics.intervals import Interval
from citizen_portal.statistics.shares import Estimate

SMALLEST_EFFECTIVE_SIZE = 30
NARROW, WIDE = 0.05, 0.30
LARGEST_RELATIVE_WIDTH = 1.30
FEWEST_PEOPLE = 5


def kish_design_effect(sample: Sample) -> float:
    """``n sum(w^2) / sum(w)^2`` over all answer sets: how much unequal weights widen a variance (Kish, 1965)."""
    total = sum(size * sample.weights[cell] for cell, size in sample.sizes.items())
    squares = sum(size * sample.weights[cell] ** 2 for cell, size in sample.sizes.items())
    return sample.size * squares / total**2


def kish_effective_size(sample: Sample) -> float:
    """``n / deff``: how many equally weighted answer sets would do the same."""
    return sample.size / kish_design_effect(sample)


def design_effect(share: Estimate, sample: Sample) -> float:
    """The variance of a share over that of a simple random sample of the same size drawn from the same population.

    ``v / (p (1-p) / (n-1) * (N-n) / N)`` with the sum of weights as the population ``N``; needs everyone's answer and a
    standard error (``ValueError``).
    """
    if share.value is None or share.se is None or share.n != sample.size:
        raise ValueError("a design effect needs a share of the whole sample and its standard error")
    population = sum(size * sample.weights[cell] for cell, size in sample.sizes.items())
    simple = share.value * (1 - share.value) / (share.n - 1) * (population - share.n) / population
    return share.se**2 / simple


def good_enough(p: float, size: float, interval: Interval) -> bool:
    """The presentation standard for proportions of the US National Center for Health Statistics (Parker et al., 2017).

    ``size`` and ``interval`` are Korn and Graubard's effective size and interval of the share ``p``. Fewer than 30:
    no. A width up to 5 percentage points: yes; from 30: no; between them the width may be 130 % of the share.
    """
    if size < SMALLEST_EFFECTIVE_SIZE or interval.width >= WIDE:
        return False
    return interval.width <= NARROW or interval.width / p <= LARGEST_RELATIVE_WIDTH


def enough_people(*counts: int) -> bool:
    """Whether each of these counts, such as those who said yes and the rest, is of at least five people."""
    return all(count >= FEWEST_PEOPLE for count in counts)
