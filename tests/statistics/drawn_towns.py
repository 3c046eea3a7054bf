"""An invented town and samples of it, drawn in four ways; what is true of everyone in it is known."""

from dataclasses import dataclass

import numpy

from citizen_portal.statistics.tallies import Domain, Record, Tallies
from citizen_portal.statistics.weighting import Strata, Weighting, weighted

COLUMNS = ("sex", "age", "area")
SEXES = ("woman", "man")
AGES = ("age_16_29", "age_30_49", "age_50_64", "age_65_plus")
AREAS = {"centrum": 10200, "runby": 4700, "ed": 2100, "hammarby": 3300, "skalby": 3600, "vilunda": 5400}
FOCUS = "centrum"
SHARE_OF_AGE = dict(zip(AGES, (0.2, 0.35, 0.24, 0.21), strict=True))
LETTERS = 1800

DESIGNS = ("proportional", "unequal response", "equal allocation", "oversampling")
NEIGHBOURS = {"age": dict.fromkeys(AGES, AGES), "area": {area: tuple(AREAS) for area in AREAS}}


@dataclass(frozen=True)
class Town:
    """People by cell, and how many of them would say yes."""

    people: dict[tuple[str, ...], int]
    yes: dict[tuple[str, ...], int]

    @property
    def share(self) -> float:
        return sum(self.yes.values()) / sum(self.people.values())

    def margins(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {column: {} for column in COLUMNS}
        for cell, count in self.people.items():
            for column, level in zip(COLUMNS, cell, strict=True):
                found[column][level] = found[column].get(level, 0) + count
        return found


def town() -> Town:
    """What people say depends on where they live, on age and on sex, and these depend on each other."""
    people, yes = {}, {}
    for place, (area, residents) in enumerate(AREAS.items()):
        for age_place, (age, share) in enumerate(SHARE_OF_AGE.items()):
            young = 1 + (0.35 if area == FOCUS else -0.1) * (1.5 - age_place) / 1.5
            for sex in SEXES:
                cell = (sex, age, area)
                people[cell] = round(residents * share * young / 2)
                unsafe = 0.22 + 0.12 * (area == FOCUS) + 0.02 * place + 0.1 * (sex == "woman") - 0.03 * age_place
                yes[cell] = round(people[cell] * unsafe)
    return Town(people, yes)


def allocation(design: str) -> dict[str, int]:
    """Letters per area."""
    residents = sum(AREAS.values())
    letters = {area: round(LETTERS * count / residents) for area, count in AREAS.items()}
    if design == "equal allocation":
        return dict.fromkeys(AREAS, LETTERS // len(AREAS))
    if design == "oversampling":
        return {area: count * 3 if area == FOCUS else count for area, count in letters.items()}
    return letters


def response(design: str, cell: tuple[str, ...]) -> float:
    """The chance that someone answers."""
    _sex, age, area = cell
    keener = 0.05 * AGES.index(age)
    return keener + (0.2 if area == FOCUS else 0.4) if design != "proportional" else 0.35


def drawn(place: Town, design: str, chance: numpy.random.Generator, not_said: float = 0.0) -> Tallies:
    """The tallies of one wave: letters area by area, without anyone twice, and those who answer them."""
    records = {}
    for area, letters in allocation(design).items():
        cells = [cell for cell in place.people if cell[2] == area]
        kinds = [(cell, answer) for cell in cells for answer in (1.0, 0.0)]
        counts = [place.yes[cell] if answer else place.people[cell] - place.yes[cell] for cell, answer in kinds]
        one_draw = design in {"proportional", "unequal response"}
        number = chance.binomial(sum(counts), letters / sum(counts)) if one_draw else letters
        for (cell, answer), sent in zip(kinds, chance.multivariate_hypergeometric(counts, number), strict=True):
            for said in split(cell, int(chance.binomial(sent, response(design, cell))), not_said, chance):
                records[said, answer] = records.get((said, answer), 0) + 1
    found = {
        Record(cell, tuple(Domain(c, level) for c, level in zip(COLUMNS, cell, strict=True)), answer): count
        for (cell, answer), count in records.items()
    }
    return Tallies.of_counts(COLUMNS, found)


def split(cell, people, not_said, chance):
    """Each person with what they said of themselves; each question is skipped by some."""
    for _person in range(people):
        skipped = chance.random(len(cell)) < not_said if not_said else (False,) * len(cell)
        yield tuple("not_said" if gone else level for level, gone in zip(cell, skipped, strict=True))


def weighting(place: Town, design: str, tallies: Tallies) -> Weighting:
    """As a wave is weighted: one that was drawn area by area in unequal parts knows so."""
    margins = place.margins()
    is_stratified = design in {"equal allocation", "oversampling"}
    strata = Strata(("area",), {(area,): count for area, count in margins["area"].items()}) if is_stratified else None
    return weighted(tallies.sizes, COLUMNS, margins, NEIGHBOURS, strata)
