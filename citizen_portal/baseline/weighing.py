"""Who is counted in a wave, in which groups, and what each answer weighs: the register held against the questionnaire.

A choice that the register counts is a group. One that it does not count is a group nowhere: of age and area it lies
outside the population (too young, lives elsewhere) and is counted in no share; of sex it is a resident like any other,
who weighs what they do in the sample.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from citizen_portal.municipality import Municipality, areas_by_distance
from citizen_portal.statistics.tallies import Cell
from citizen_portal.statistics.weighting import Neighbours, Strata, Weighting, weighted
from citizen_portal.surveys.drawing import PERSONS, columns_of
from citizen_portal.surveys.models import Wave
from citizen_portal.surveys.population import Population
from citizen_portal.surveys.questionnaire import AGE, AREA, BACKGROUNDS, SEX, Questionnaire

WEIGHTED_BY = (SEX, AGE, AREA)
BOUNDS_THE_POPULATION = (AGE, AREA)  # who is of another age, or lives elsewhere, is not who the register counts


@dataclass(frozen=True, slots=True)
class Frame:
    """``columns`` make the weighting cells, those with a margin first. ``groups`` and ``outside`` are codes by column.

    ``unfit`` says why the register cannot be used, when it cannot.
    """

    columns: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    outside: Mapping[str, frozenset[str]]
    margins: Mapping[str, Mapping[str, int]]
    neighbours: Neighbours
    unfit: str | None = None

    def weighted(self, sizes: Mapping[Cell, int], strata: Strata | None = None) -> tuple[Weighting, str | None]:
        """The weights of a wave with these cells, and why there are none, if there are none."""
        found = weighted(sizes, self.columns, self.margins, self.neighbours, strata)
        if not sizes:
            return found, "nobody has answered"
        if found.columns or found.strata:
            return found, None
        return found, self.unfit or "the register counts cannot hold for these answers"


def frame_of(questionnaire: Questionnaire, population: Population, municipality: Municipality) -> Frame:
    """Hold the register's levels against the choices of the background questions."""
    offered = dict(_offered(questionnaire))
    unfit = next(_unfit(offered, population), None)
    margins = {} if unfit else {about: population.margins[about] for about in offered if about in population.margins}
    groups = {
        about: tuple(code for code in codes if code in margins.get(about, codes)) for about, codes in offered.items()
    }
    outside = {
        about: frozenset(offered[about]).difference(groups[about])
        for about in BOUNDS_THE_POPULATION
        if about in margins
    }
    by_margin = sorted(WEIGHTED_BY, key=lambda about: about not in margins)
    if not margins:
        unfit = unfit or "there are no register counts of the groups that were asked about"
    neighbours = {**{about: dict(_next_to(codes)) for about, codes in groups.items()}, AREA: _near(municipality)}
    return Frame(tuple(by_margin), groups, outside, margins, neighbours, unfit)


def strata_of(wave: Wave) -> Strata | None:
    """The strata a wave was drawn in, or None."""
    if not wave.strata:
        return None
    columns = columns_of(wave.strata)
    return Strata(columns, {tuple(each[name] for name in columns): each[PERSONS] for each in wave.strata})


def _offered(questionnaire: Questionnaire) -> Iterator[tuple[str, tuple[str, ...]]]:
    for about in BACKGROUNDS:
        question = questionnaire.background(about)
        if question:
            yield about, tuple(choice.code for choice in question.choices.choices if not choice.missing)


def _unfit(offered: Mapping[str, tuple[str, ...]], population: Population) -> Iterator[str]:
    """A sentence for each level of the register that the questionnaire does not offer: nobody could stand in for it."""
    for about, codes in offered.items():
        for level, persons in population.margins.get(about, {}).items():
            if persons and level not in codes:
                yield f"the register counts {persons} people at {about} {level}, and no choice stands for them"


def _next_to(codes: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Levels in the order of the questionnaire, as of age: those nearest in it first."""
    for place, code in enumerate(codes):
        others = sorted(enumerate(codes), key=lambda each: (abs(each[0] - place), each[0]))
        yield code, tuple(other for _place, other in others if other != code)


def _near(municipality: Municipality) -> dict[str, tuple[str, ...]]:
    return areas_by_distance(municipality.places)
