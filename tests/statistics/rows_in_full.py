"""The same numbers from rows, the long way: a weight and a residual for each person, and nothing counted."""

import math
from collections import defaultdict


def raked_weights(rows, columns, margins):
    weights = [1.0] * len(rows)
    whole = sum(margins[columns[0]].values())
    for _round in range(2000):
        worst = 0.0
        for column in columns:
            scale = whole / sum(margins[column].values())
            reached = defaultdict(float)
            for row, weight in zip(rows, weights, strict=True):
                reached[row[column]] += weight
            factor = {level: margins[column][level] * scale / total for level, total in reached.items()}
            worst = max(worst, *(abs(value - 1) for value in factor.values()))
            weights = [weight * factor[row[column]] for row, weight in zip(rows, weights, strict=True)]
        if worst < 1e-13:
            break
    return weights


def share(rows, weights, columns, inside):
    """The weighted share of yes among those inside who answered, its standard error, and how many they are."""
    answered = [part and row["answer"] is not None for row, part in zip(rows, inside, strict=True)]
    weight = math.fsum(w for w, counts in zip(weights, answered, strict=True) if counts)
    yes = math.fsum(w * row["answer"] for row, w, counts in zip(rows, weights, answered, strict=True) if counts)
    p = yes / weight
    u = [(row["answer"] - p) / weight if counts else 0.0 for row, counts in zip(rows, answered, strict=True)]
    for _round in range(300):
        for column in columns:
            groups = defaultdict(list)
            for row, value in zip(rows, u, strict=True):
                groups[row[column]].append(value)
            means = {level: math.fsum(values) / len(values) for level, values in groups.items()}
            u = [value - means[row[column]] for row, value in zip(rows, u, strict=True)]
    z = [value * w for value, w in zip(u, weights, strict=True)]
    mean = math.fsum(z) / len(z)
    variance = len(z) / (len(z) - 1) * math.fsum((value - mean) ** 2 for value in z)
    return p, math.sqrt(variance), sum(answered)
