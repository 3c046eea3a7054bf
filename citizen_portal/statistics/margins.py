"""Register margins: what the population looks like, level by level, made ready for raking.

A margin is a mapping from level (``"16-29"``) to persons. Margins from a register need not agree with each other
(Statistics Sweden adds noise to small counts), and need not know a category that the questionnaire offers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from citizen_portal.statistics.tallies import Cell

Margin = Mapping[str, float]


class MarginMismatch(ValueError):
    """The levels of a margin and of the sample do not fit each other: says which."""


def fitted_margins(
    margins: Mapping[str, Margin], columns: Sequence[str], totals: Mapping[Cell, float]
) -> dict[str, dict[str, float]]:
    """The margins of ``columns``, each with every level of the sample and all with the same total (persons).

    ``totals`` is the sum of base weights in each cell of the sample. The first margin's total is kept, the others are
    scaled to it. A level of the sample that its margin does not know, such as a third sex category, keeps the
    share it has in the sample, and the known levels share the rest. Raises ``MarginMismatch`` for a margin that is
    missing or that counts people in a level where nobody answered: no weight can stand in for them.
    """
    fitted: dict[str, dict[str, float]] = {}
    for place, column in enumerate(columns):
        if column not in margins:
            raise MarginMismatch(f"there is no margin named {column}")
        sample = _level_totals(totals, place)
        margin = _known_levels(column, margins[column], sample)
        whole = sum(next(iter(fitted.values())).values()) if fitted else sum(margin.values())
        unknown = {level: total for level, total in sample.items() if level not in margin}
        left_over = whole * (1 - sum(unknown.values()) / sum(sample.values()))
        fitted[column] = {level: count * left_over / sum(margin.values()) for level, count in margin.items()} | {
            level: whole * total / sum(sample.values()) for level, total in unknown.items()
        }
    return fitted


def levels_without_margin(margin: Margin, levels: Iterable[str]) -> list[str]:
    """The levels of a sample that a margin does not know, sorted: worth a remark to whoever reads the estimate."""
    return sorted(set(levels) - margin.keys())


def _known_levels(column: str, margin: Margin, sample: Mapping[str, float]) -> dict[str, float]:
    """The levels of a margin that hold people. All of them have to be in the sample."""
    for level, count in margin.items():
        if not 0 <= count < float("inf"):
            raise MarginMismatch(f"the margin {column} counts {count} people at {level}")
        if count == 0 and level in sample:
            raise MarginMismatch(f"the margin {column} counts nobody at {level}, but somebody answered there")
    populated = {level: count for level, count in margin.items() if count}
    missing = sorted(populated.keys() - sample.keys())
    if missing or not populated:
        raise MarginMismatch(
            f"the margin {column} has {_listed(sorted(margin))}, but the sample has {_listed(sorted(sample))}: nobody "
            f"answered at {_listed(missing)}"
        )
    return populated


def _level_totals(totals: Mapping[Cell, float], place: int) -> dict[str, float]:
    levels: dict[str, float] = defaultdict(float)
    for cell, total in totals.items():
        levels[cell[place]] += total
    return dict(levels)


def _listed(levels: Sequence[str]) -> str:
    return ", ".join(levels) or "no level"
