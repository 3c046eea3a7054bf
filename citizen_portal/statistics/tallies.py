"""Tallies: all that is kept of the rows, and all that any estimate needs.

A weight is the same for everyone in a weighting cell and an answer has few values, so counts per cell, group and answer
say everything: after the one pass that makes them, no cost depends on how many people answered.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

# A cell holds one level of every weighting column, in the order of ``Tallies.columns``.
Cell = tuple[str, ...]
# How many in each cell gave each answer. A yes is 1 and a no is 0; a scale keeps its numbers.
Answers = Mapping[Cell, Mapping[float, int]]


class Domain(NamedTuple):
    """A part of the sample: the ``group`` of a column ``by``, or everyone (both ``None``)."""

    by: str | None
    group: str | None


EVERYONE = Domain(None, None)


class Record(NamedTuple):
    """What one person's answers come down to. ``answer`` is ``None`` when the question was not answered.

    ``domains`` leaves out a column that the person left empty; everyone belongs to ``EVERYONE`` without it being named.
    """

    cell: Cell
    domains: tuple[Domain, ...]
    answer: float | None


@dataclass(frozen=True, slots=True)
class Tallies:
    """One wave and one question, counted.

    ``sizes`` counts the people of each cell, with or without an answer: weights are made for all of them.
    ``answers`` holds, for each domain, its answers; a domain in which nobody answered is there with none.
    """

    columns: tuple[str, ...]
    sizes: Mapping[Cell, int]
    answers: Mapping[Domain, Answers]

    @classmethod
    def of(cls, columns: Iterable[str], records: Iterable[Record]) -> "Tallies":
        """Count records in one pass."""
        return cls.of_counts(columns, Counter(records))

    @classmethod
    def of_counts(cls, columns: Iterable[str], counts: Mapping[Record, int]) -> "Tallies":
        """Take records that were counted elsewhere, such as by a grouped query."""
        sizes: dict[Cell, int] = defaultdict(int)
        answers: dict[Domain, dict[Cell, dict[float, int]]] = {EVERYONE: {}}
        for (cell, domains, answer), count in counts.items():
            sizes[cell] += count
            for domain in (EVERYONE, *domains):
                cells = answers.setdefault(domain, {})
                if answer is not None:
                    values = cells.setdefault(cell, {})
                    values[answer] = values.get(answer, 0) + count
        return cls(tuple(columns), dict(sizes), answers)

    def groups(self, by: str) -> list[str]:
        """The groups of a column, sorted."""
        return sorted(domain.group for domain in self.answers if domain.by == by and domain.group is not None)


def by_value(answers: Answers) -> dict[float, int]:
    """How many gave each answer, over all cells."""
    totals: dict[float, int] = defaultdict(int)
    for values in answers.values():
        for value, count in values.items():
            totals[value] += count
    return dict(totals)
