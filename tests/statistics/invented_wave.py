"""Waves of invented people, drawn at random, and their figures before the disclosure rules."""

from collections import Counter
from dataclasses import dataclass, replace
from random import Random

from citizen_portal.statistics.disclosure import (
    BREAKDOWNS,
    Figure,
    IndicatorFigures,
    WaveFigures,
    without_what_shows_through,
)
from citizen_portal.statistics.estimates import GroupEstimate
from citizen_portal.statistics.intervals import wilson

# Two indicators of one question can be laid beside each other; the difference is what only one of them counts.
INDICATORS = {
    "unsafe": ("safety", frozenset({"3", "4"})),
    "very unsafe": ("safety", frozenset({"4"})),
    "stays in": ("staying", frozenset({"1"})),
    "exposed": ("exposure", frozenset({"1"})),
}
CODES = {"safety": "1234", "staying": "01", "exposure": "01"}


@dataclass(frozen=True)
class Person:
    groups: dict[str, str]
    answers: dict[str, str]


def people(random: Random, size: int, areas: int, silent: float) -> list[Person]:
    """Groups of very different sizes, some left empty by the person; questions with rare and with common answers."""
    levels = {"area": [f"area {number}" for number in range(areas)], "sex": ["K", "M", "X"], "age": ["16", "30", "65"]}
    weights = {by: [random.random() ** 3 + 0.01 for _level in found] for by, found in levels.items()}
    odds = {question: [random.random() ** 2 + 0.02 for _code in codes] for question, codes in CODES.items()}
    return [
        Person(
            {by: random.choices(found, weights[by])[0] for by, found in levels.items() if random.random() > silent},
            {q: random.choices(codes, odds[q])[0] for q, codes in CODES.items() if random.random() > silent},
        )
        for _number in range(size)
    ]


def figures(answered: list[Person], closed: bool = True) -> WaveFigures:
    """What a wave's queries and estimates would hand to the rules."""
    sizes = {by: dict(Counter(person.groups[by] for person in answered if by in person.groups)) for by in BREAKDOWNS}
    inside = [person for person in answered if person.groups.keys() >= set(BREAKDOWNS)]
    both = [replace(indicator(answered, code), in_groups=indicator(inside, code)) for code in INDICATORS]
    return WaveFigures("2025", closed, sizes, both)


def counted_people(answered: list[Person], code: str) -> list[Person]:
    """The people whom an indicator's tables count: everyone, or those who are in a group of every column."""
    wave = figures(answered)
    (found,) = (one for one in without_what_shows_through(wave).indicators if one.code == code)
    everyone = sum(found.everyone.people.values()) == sum(
        next(one for one in wave.indicators if one.code == code).everyone.people.values()
    )
    return answered if everyone else [person for person in answered if person.groups.keys() >= set(BREAKDOWNS)]


def indicator(answered: list[Person], code: str) -> IndicatorFigures:
    question, counted = INDICATORS[code]
    asked = [person for person in answered if question in person.answers]

    def figure(by: str | None, group: str | None) -> Figure:
        inside = [person.answers[question] for person in asked if by is None or person.groups.get(by) == group]
        yes = sum(code in counted for code in inside)
        return Figure(dict(Counter(inside)), plain_estimate(by, group, len(inside), yes))

    groups = {by: {group: figure(by, group) for group in groups_of(answered, by)} for by in BREAKDOWNS}
    return IndicatorFigures(code, question, counted, figure(None, None), groups)


def groups_of(answered: list[Person], by: str) -> set[str]:
    return {person.groups[by] for person in answered if by in person.groups}


def plain_estimate(by: str | None, group: str | None, n: int, yes: int) -> GroupEstimate:
    """An unweighted share, made quickly; the rules take any estimate. Forty answers are good enough here."""
    low, high = wilson(yes, n) if n else (None, None)
    return GroupEstimate(by, group, n, yes / n if n else None, None, None, low, high, low, high, n >= 40, yes >= 5)
