"""Who has answered a wave, beside who lives here: which groups are missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from citizen_portal.municipality import Municipality, MunicipalityError, Text
from citizen_portal.surveys.bands import Number, number
from citizen_portal.surveys.questionnaire import Question, Questionnaire

FEWER, IN_LINE, MORE, TOO_FEW, NOT_CLEAR = "fewer", "in_line", "more", "too_few", "not_clear"
# A group's share of the answers, divided by its share of the population.
CLEARLY_FEWER, CLEARLY_MORE = 0.8, 1.25
# Below this many answers in all, chance alone makes such differences.
FEWEST_TO_COMPARE = 100
POPULATION_FILE = "population.toml"


@dataclass(frozen=True, slots=True)
class Group:
    """One choice of a background question and the people who chose it; ``label`` is None for those who skipped it.

    Shares are from 0 to 1, among people of the groups that the population is counted in; ``share`` is None while
    numbers are bands, because it would give them away. ``standing`` is FEWER, IN_LINE, MORE, TOO_FEW answers to say, or
    NOT_CLEAR from the bands, and None, like ``population_share``, where there is no population to compare with.
    """

    label: Text | None
    answers: Number
    share: float | None = None
    population_share: float | None = None
    standing: str | None = None


def groups_of(
    question: Question, counts: Mapping[str | None, int], persons: Mapping[str, int], *, exact: bool
) -> tuple[Group, ...]:
    """The groups of a background question in its order, and last those who skipped it.

    ``counts`` maps choice -> people, with None for skipped; ``persons`` maps choice -> residents, and is not compared
    with when it counts in other groups than this question.
    """
    choices = question.choices.choices
    comparable = persons if persons.keys() <= {choice.code for choice in choices if not choice.missing} else {}
    answered = sum(counts.get(code, 0) for code in comparable)
    told = {code: number(counts.get(code, 0), exact=exact) for code in comparable}
    residents = sum(comparable.values())
    groups = []
    for choice in choices:
        count = counts.get(choice.code, 0)
        of_population = comparable[choice.code] / residents if choice.code in comparable else None
        compared = of_population is not None
        groups.append(
            Group(
                label=choice.label,
                answers=number(count, exact=exact),
                share=count / answered if compared and exact and answered else None,
                population_share=of_population,
                standing=_standing(choice.code, told, of_population) if compared else None,
            )
        )
    return (*groups, Group(None, number(counts.get(None, 0), exact=exact)))


def refuse_unknown_groups(municipality: Municipality, questionnaires: Iterable[Questionnaire]) -> None:
    """Refuse a population that is counted in groups no questionnaire asks about: nothing could be compared with it.

    Raises ``MunicipalityError``.
    """
    questionnaires = tuple(questionnaires)
    if municipality.population is None or not questionnaires:
        return
    for margin, persons in municipality.population.margins.items():
        known = [_counted(questionnaire.background(margin)) for questionnaire in questionnaires]
        for level in persons:
            if not any(level in codes for codes in known):
                every = ", ".join(dict.fromkeys(code for codes in known for code in codes)) or "none"
                raise MunicipalityError(
                    POPULATION_FILE, f"{margin}.{level}", f"is no choice that a questionnaire offers ({every})"
                )


def _counted(question: Question | None) -> tuple[str, ...]:
    choices = question.choices.choices if question else ()
    return tuple(choice.code for choice in choices if not choice.missing)


def _standing(code: str, told: Mapping[str, Number], of_population: float) -> str:
    """How a group stands by what may be told of all groups: a change of standing tells no more than that of a band."""
    if sum(each.lowest for each in told.values()) < FEWEST_TO_COMPARE:
        return TOO_FEW
    most = _most(told[code]) / (_most(told[code]) + sum(each.lowest for other, each in told.items() if other != code))
    least = told[code].lowest / (told[code].lowest + sum(_most(each) for other, each in told.items() if other != code))
    if most < of_population * CLEARLY_FEWER:
        return FEWER
    if least > of_population * CLEARLY_MORE:
        return MORE
    is_in_line = least >= of_population * CLEARLY_FEWER and most <= of_population * CLEARLY_MORE
    return IN_LINE if is_in_line else NOT_CLEAR


def _most(people: Number) -> float:
    """The most that a number can be; the last band has no end, and is taken to be as wide as it begins high."""
    return 2 * people.lowest if people.highest is None else people.highest
