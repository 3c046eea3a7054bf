"""Interval bars: where the ends and marks of one lie, so that a template only has to draw them.

Positions are percentages of the bar's width, from the side where reading begins: a right-to-left page mirrors the
drawing as a whole. Shape tells the marks apart, never colour alone.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from citizen_portal.baseline.figures import PERCENT

WHOLE = 100
ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)  # times a power of ten


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval from ``start``, ``length`` long, the value at ``dot``; ``target`` and ``before`` may be missing."""

    start: float
    length: float
    dot: float
    target: float | None
    before: float | None


def most_of(unit: str, values: Iterable[float | None]) -> float:
    """The end of a scale that begins at zero: 100 for shares, for rates the next round number; 1 without a value."""
    if unit == PERCENT:
        return WHOLE
    highest = max((value for value in values if value is not None), default=0.0)
    if highest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(highest))
    return next(step * power for step in ROUND if step * power >= highest)


def bar(
    value: Mapping[str, Any], most: float, *, target: float | None = None, before: float | None = None
) -> Bar | None:
    """The bar of a value of the public document on a scale from 0 to ``most``; None when nothing is shown."""
    if not value["shown"] or value["value"] is None:
        return None
    low, high = (value[end] if value[end] is not None else value["value"] for end in ("low", "high"))
    start = _place(low, most)
    return Bar(
        start=start,
        length=round(_place(high, most) - start, 1),
        dot=_place(value["value"], most),
        target=None if target is None else _place(target, most),
        before=None if before is None else _place(before, most),
    )


def _place(value: float, most: float) -> float:
    return round(min(max(value / most, 0), 1) * WHOLE, 1)
