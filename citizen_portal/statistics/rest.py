"""The rest: people who are in no group of a column, and whether rounding hides what they said.

Everyone's share less those of all groups is what the rest said. Shares are whole percentages, so that difference is
known only within a range of people: half a percent of everyone, and half a percent of each group. Where the rest is
few, nobody may tell from it that some of them said yes, or that none did.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from citizen_portal.statistics.quality import FEWEST_PEOPLE

HALF = 0.005  # what is lost of a share by rounding it to whole percent
DOUBT = 2  # so many, and zero, have to fit where fewer than five said so


class Part(NamedTuple):
    """A group, or everyone: the share as it is published (0 to 1), the weight of who answered, and how many said yes.

    Without weights the weight is the number of people.
    """

    share: float
    weight: float
    people: int
    yes: int


def blurred(everyone: Part, columns: Mapping[str, Sequence[Part]]) -> dict[str, bool]:
    """For each column whether zero and two fit both sides of its rest, where fewer than five people stand.

    The reader is taken to know every weight, and to lay all columns beside each other. People count as many as weigh
    what one of everyone weighs on average.
    """
    one = everyone.weight / everyone.people if everyone.people else 1.0
    sums = {by: (_sum(parts, -HALF), _sum(parts, HALF)) for by, parts in columns.items()}
    left = {by: everyone.weight - sum(part.weight for part in parts) for by, parts in columns.items()}
    low = max([everyone.weight * (everyone.share - HALF), *(least for least, _most in sums.values())])
    high = min([everyone.weight * (everyone.share + HALF), *(most + left[by] for by, (_least, most) in sums.items())])
    found = {}
    for by, parts in columns.items():
        least, most = (low - sums[by][1]) / one, (high - sums[by][0]) / one
        yes = everyone.yes - sum(part.yes for part in parts)
        no = everyone.people - sum(part.people for part in parts) - yes
        found[by] = _fits(yes, least, most) and _fits(no, left[by] / one - most, left[by] / one - least)
    return found


def _sum(parts: Sequence[Part], change: float) -> float:
    return sum(part.weight * (part.share + change) for part in parts)


def _fits(people: int, low: float, high: float) -> bool:
    return people >= FEWEST_PEOPLE or (low <= 0 and high >= DOUBT)
