"""Which groups of a wave are hidden, so that nothing that is hidden can be worked out from what is shown.

People count here, not weights. The answers to a question that a reader of all its published indicators can tell apart
are called the sides: with one indicator they are those who count as yes and the rest; a second indicator on the same
question, which counts other answers, parts them further.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from citizen_portal.statistics.quality import FEWEST_PEOPLE, enough_people

STEP = 5  # counts are rounded to it
RARE = 10  # fewer things than this are not broken down
COVERS = 2

# How many people gave each answer, by the answer's code.
People = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Broken:
    """One indicator broken down by one column, before it is decided what of it is shown.

    ``groups`` holds the people of every group and ``everyone`` those of the whole wave; people who belong to no group
    are the difference. ``weak`` are the groups whose estimate the quality rule does not let pass.
    """

    indicator: str
    question: str
    counted: frozenset[str]
    everyone: People
    groups: Mapping[str, People]
    weak: Collection[str]
    blurred: bool = False

    @property
    def codes(self) -> frozenset[str]:
        """The answers that the question is known to have."""
        return self.counted | self.everyone.keys()


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a breakdown: the same ``hidden`` groups for all of its ``indicators``."""

    hidden: frozenset[str]
    indicators: frozenset[str]


def enough_on_every_side(people: People, counted_sets: Sequence[frozenset[str]], codes: Collection[str]) -> bool:
    """Whether at least five people stand on each side that these indicators of one question tell apart.

    ``codes`` are all answers that the question has: a side where nobody stands is told apart as well.
    """
    counts = dict.fromkeys((_side(code, counted_sets) for code in codes), 0)
    for answer, count in people.items():
        counts[_side(answer, counted_sets)] += count
    total = sum(people.values())
    for counted in counted_sets:
        yes = sum(count for answer, count in people.items() if answer in counted)
        if not enough_people(yes, total - yes):
            return False
    return enough_people(*counts.values())


def _side(answer: str, counted_sets: Iterable[frozenset[str]]) -> tuple[bool, ...]:
    return tuple(answer in counted for counted in counted_sets)


def decide(sizes: Mapping[str, int], tables: Sequence[Broken]) -> Shown:
    """Choose which groups to hide, by size alone, and which indicators to show for the others.

    ``sizes`` counts the answer sets of each group in the wave. The smallest groups are hidden, none or at least two
    that hold people (rule 3), down to the cut with which most cells can be shown; an indicator for which some group
    that is left is too small, or what is hidden could be worked out, is not broken down at all. So a group is hidden
    for every question or for none.
    """
    by_size = sorted(sizes, key=lambda group: (sizes[group], group))
    best = Shown(frozenset(by_size), frozenset())
    most_cells = 0
    for cut in range(len(by_size)):
        hidden = frozenset(by_size[:cut])
        if sum(sizes[group] > 0 for group in hidden) == 1:
            continue
        indicators = _that_hold(tables, hidden, sizes)
        cells = len(indicators) * (len(by_size) - cut)
        if cells > most_cells:
            best, most_cells = Shown(hidden, indicators), cells
    return best


def _that_hold(tables: Sequence[Broken], hidden: frozenset[str], sizes: Mapping[str, int]) -> frozenset[str]:
    """The indicators that can be shown together with these groups hidden; of two that clash, the first."""
    shown: list[Broken] = []
    for table in tables:
        alike = [other for other in (*shown, table) if other.question == table.question]
        if _holds(table, hidden, sizes, alike):
            shown.append(table)
    return frozenset(table.indicator for table in shown)


def _holds(table: Broken, hidden: frozenset[str], sizes: Mapping[str, int], alike: Sequence[Broken]) -> bool:
    """Whether every shown group has people enough on all sides, and what is left over hides each of its parts.

    ``alike`` are the indicators of the same question that a reader could lay beside each other, this one included.
    """
    counted = [other.counted for other in alike]
    codes = frozenset().union(*(other.codes for other in alike))
    left_over = dict(table.everyone)
    for group in sizes.keys() - hidden:
        people = table.groups.get(group, {})
        if group in table.weak or not enough_on_every_side(people, counted, codes):
            return False
        for answer, count in people.items():
            left_over[answer] -= count
    if not any(left_over.values()):
        # With nobody left over, a reader would know that nobody in the hidden groups answered.
        return not any(sizes[group] for group in hidden)
    if not any(sizes[group] for group in hidden):
        # Who is in no group hides no group: rounding hides them, or the indicator is counted without them.
        return table.blurred
    # Whoever belongs to no group is a part of what is left over, too.
    if not _hides_the_small(table, hidden, left_over, counted):
        return False
    parts = [sum(table.groups.get(group, {}).values()) for group in hidden]
    parts.append(sum(left_over.values()) - sum(parts))
    return sum(map(bool, parts)) >= 2 and enough_on_every_side(left_over, counted, codes)


def is_small(table: Broken, group: str) -> bool:
    """Whether fewer than five people of a group stand on a side of this indicator."""
    people = table.groups.get(group, {})
    return not enough_on_every_side(people, [table.counted], table.codes)


def _hides_the_small(
    table: Broken, hidden: frozenset[str], left_over: Mapping[str, int], counted: Sequence[frozenset[str]]
) -> bool:
    """Whether a reader who is told which hidden groups are small, and which protect them, still finds nobody.

    The protecting ones hold five people or more on each side; zero and four have to fit the small ones beside them.
    """
    covers = sum(not is_small(table, group) for group in hidden)
    if covers == len(hidden):
        return True
    total = sum(left_over.values())
    yes = [sum(count for answer, count in left_over.items() if answer in one) for one in counted]
    return all(side - FEWEST_PEOPLE * covers >= FEWEST_PEOPLE - 1 for one in yes for side in (one, total - one))


def hidden_counts(counts: Mapping[str, int]) -> frozenset[str]:
    """The cells of a table of counts that are hidden: under five, and the next smallest until none is told apart.

    At least two cells of five or more go with them, because one alone would say by its size what is left for the small
    ones. Nothing here depends on whether a small cell holds nobody or some: whoever knows this rule learns no more from
    what it hides. With fewer than ten things in all, nothing is broken down.
    """
    by_size = sorted(counts, key=lambda cell: (counts[cell], cell))
    small = sum(count < FEWEST_PEOPLE for count in counts.values())
    if sum(counts.values()) < RARE:
        return frozenset(by_size)
    cut = small and small + COVERS
    while 0 < cut < len(by_size) and not _covered(counts, by_size[cut:], small, cut - small):
        cut += 1
    return frozenset(by_size[:cut])


def _covered(counts: Mapping[str, int], shown: Sequence[str], small: int, covers: int) -> bool:
    """Whether zero and four both fit a small cell, for a reader of the rounded total and cells ``shown``.

    The reader is taken to know even which of the hidden cells are small, and that no hidden one exceeds a shown one.
    """
    published = [_around(counts[cell]) for cell in shown]
    total = _around(sum(counts.values()))
    least, most = total[0] - sum(high for _low, high in published), total[1] - sum(low for low, _high in published)
    largest = min(high for _low, high in published)
    smallest_rest, largest_rest = covers * FEWEST_PEOPLE, (small - 1) * (FEWEST_PEOPLE - 1) + covers * largest
    return all(max(least, smallest_rest + it) <= min(most, largest_rest + it) for it in (0, FEWEST_PEOPLE - 1))


def _around(count: int) -> tuple[int, int]:
    """The counts of five or more that are rounded to the same five as this one."""
    rounded = STEP * round(count / STEP)
    return max(FEWEST_PEOPLE, rounded - STEP // 2), rounded + STEP // 2
