"""The jackknife: a second road to the standard error, by leaving out one person at a time.

Slower than linearisation and in need of no formula, so one can be checked by the other.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

from citizen_portal.statistics.designs import raked_sample
from citizen_portal.statistics.margins import Margin
from citizen_portal.statistics.shares import Estimate, estimate
from citizen_portal.statistics.tallies import Answers, Cell, Tallies


def jackknife(tallies: Tallies, columns: Sequence[str], margins: Mapping[str, Margin], answers: Answers) -> Estimate:
    """The estimate of ``answers`` with the standard error of the JK1 jackknife, weights raked anew every time.

    ``v = (n-1)/n * sum over people of (estimate without them - mean of these)^2``. People of one cell who gave the
    same answer leave the same gap, so there are only as many rakings as kinds of people. Raises ``MarginMismatch`` when
    the only person of a margin's level would be left out.
    """
    whole = estimate(raked_sample(tallies.sizes, columns, margins), answers)
    replicates: list[tuple[int, float]] = []
    for count, sizes, answered in _each_left_out(tallies.sizes, answers):
        value = estimate(raked_sample(sizes, columns, margins), answered).value
        if value is None:
            return Estimate(whole.n, whole.value, None, whole.df)
        replicates.append((count, value))
    n = sum(count for count, _value in replicates)
    mean = sum(count * value for count, value in replicates) / n
    variance = (n - 1) / n * sum(count * (value - mean) ** 2 for count, value in replicates)
    return Estimate(whole.n, whole.value, math.sqrt(variance) or None, whole.df)


def _each_left_out(sizes: Mapping[Cell, int], answers: Answers) -> Iterator[tuple[int, dict[Cell, int], Answers]]:
    """For each kind of person: how many there are, and the sample and its answers without one of them."""
    for cell, size in sizes.items():
        fewer = {**sizes, cell: size - 1}
        if not fewer[cell]:
            del fewer[cell]
        values = answers.get(cell, {})
        for value, count in values.items():
            left = {**values, value: count - 1}
            yield count, fewer, {**answers, cell: {other: number for other, number in left.items() if number}}
        silent = size - sum(values.values())
        if silent:
            yield silent, fewer, answers
