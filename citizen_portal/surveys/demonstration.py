"""Invented waves for a portal that has none yet, answered by a seeded generator.

Nobody has said any of it: the codes and titles of the waves say so, and so does every free text.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert
from sqlalchemy.orm import Session

from citizen_portal.storage.types import random_id
from citizen_portal.surveys.models import INVITED, OPEN_LINK, AnswerSet, Wave
from citizen_portal.surveys.population import Population
from citizen_portal.surveys.questionnaire import (
    AREA,
    SEVERAL,
    TEXT,
    WITHOUT_CHOICES,
    Answer,
    Question,
    Questionnaire,
)
from citizen_portal.surveys.routing import is_asked
from citizen_portal.surveys.waves import open_wave

EXAMPLE = "example-"  # how the code of an invented wave begins
TITLES = {"sv": "Exempel, påhittade svar: {title}", "en": "Example, invented answers: {title}"}
WORDS = {"sv": "Exempel, påhittat för demonstration.", "en": "Example, invented for demonstration."}

INVITED_PER_ANSWER = 3
LEFT_OPEN, NOT_SAID, WRITES, OTHER_CHOICE = 0.04, 0.04, 0.08, 0.12
# The older answer more often: without a skew there would be nothing for the weights to do.
KEENER_PER_LEVEL = 0.3
AREA_SPREAD = 0.12
# Of the first area, where the agreement's work is to be felt most, only half as many answer.
ANSWERS_IN_FIRST_AREA = 0.5
# Of each question about themselves; and of each choice there that the register does not count.
SKIPS_OF_SELF, NOT_COUNTED = 0.02, 0.005

Answers = dict[str, Answer]


@dataclass(frozen=True, slots=True)
class Leaning:
    """The share (0 to 1) of those asked who choose one of ``counted``."""

    counted: tuple[str, ...]
    share: float


Leanings = Mapping[str, Sequence[Leaning]]


def store_answered_wave(
    session: Session,
    questionnaire: Questionnaire,
    population: Population,
    leanings: Leanings,
    *,
    code: str,
    opens_on: date,
    closes_on: date,
    number: int,
) -> Wave:
    """Store a wave that was drawn, answered by ``number`` people and closed. The caller commits.

    ``leanings`` are per question code; a question without any is answered by chance alone. The same arguments give
    the same answers.
    """
    wave = _wave(session, questionnaire, code=code, sample=INVITED, opens_on=opens_on, closes_on=closes_on)
    wave.closed_on, wave.purged = closes_on, True
    wave.invited, wave.used = INVITED_PER_ANSWER * number, number
    session.flush()
    # Chance guards nothing here, hence no S311.
    chance = random.Random(code)  # noqa: S311
    language = questionnaire.languages[0]
    rows = [
        {
            "id": random_id(),
            "wave_code": wave.code,
            "questionnaire_digest": wave.questionnaire_digest,
            "language": language,
            "answers": _stored(_invented(questionnaire, population, leanings, chance)),
        }
        for _each in range(number)
    ]
    session.execute(insert(AnswerSet), rows)
    return wave


def store_open_wave(
    session: Session, questionnaire: Questionnaire, *, code: str, opens_on: date, closes_on: date
) -> Wave:
    """Store a wave that whoever has the link can answer, to try the survey with. The caller commits."""
    return _wave(session, questionnaire, code=code, sample=OPEN_LINK, opens_on=opens_on, closes_on=closes_on)


def _wave(
    session: Session, questionnaire: Questionnaire, *, code: str, sample: str, opens_on: date, closes_on: date
) -> Wave:
    language = questionnaire.languages[0]
    title = TITLES.get(language, TITLES["en"]).format(title=questionnaire.title.get(language))
    return open_wave(
        session,
        questionnaire,
        code=EXAMPLE + code,
        title=title,
        sample=sample,
        opens_on=opens_on,
        closes_on=closes_on,
    )


def _stored(answers: Answers) -> dict[str, object]:
    return {code: list(given) if isinstance(given, tuple) else given for code, given in answers.items()}


def _invented(
    questionnaire: Questionnaire, population: Population, leanings: Leanings, chance: random.Random
) -> Answers:
    """One person: who they are first, because what they answer depends on where they live; then, in order, the rest."""
    person = {each.code: _level(each, population, chance) for each in questionnaire.questions if each.about}
    areas = population.margins.get("area", {})
    home = next((person[each.code] for each in questionnaire.questions if each.about == "area"), None)
    shift = AREA_SPREAD * (2 * list(areas).index(home) / len(areas) - 1) if home in areas else 0.0
    answers: Answers = {}
    for question in questionnaire.questions:
        if question.about:
            if chance.random() > SKIPS_OF_SELF:
                answers[question.code] = person[question.code]
        elif is_asked(question, answers) and chance.random() > LEFT_OPEN:
            given = _given(question, leanings.get(question.code, ()), shift, questionnaire.languages[0], chance)
            if given is not None:
                answers[question.code] = given
    return answers


def _level(question: Question, population: Population, chance: random.Random) -> str:
    """One of the levels that the population has counts of, seldom one that it does not count; of all without counts."""
    choices = [choice.code for choice in question.choices.choices if not choice.missing]
    persons = population.margins.get(question.about) or dict.fromkeys(choices, 1)
    seldom = NOT_COUNTED * sum(persons.values())
    weights = [persons.get(code, seldom) * (1 + KEENER_PER_LEVEL * place) for place, code in enumerate(choices)]
    if question.about == AREA:
        weights = [persons.get(code, seldom) for code in choices]
        weights[0] *= ANSWERS_IN_FIRST_AREA
    return chance.choices(choices, weights)[0]


def _given(
    question: Question, leanings: Sequence[Leaning], shift: float, language: str, chance: random.Random
) -> Answer | None:
    if question.kind in WITHOUT_CHOICES:
        writes = question.kind == TEXT and chance.random() < WRITES
        return WORDS.get(language, WORDS["en"]) if writes else None
    if chance.random() < NOT_SAID:
        missing = [choice.code for choice in question.choices.choices if choice.missing]
        given = missing[:1]
    elif question.kind == SEVERAL:
        given = list(_several(question, leanings, shift, chance))
    else:
        given = [_one(question, leanings, shift, chance)]
    if not given:
        return None
    return tuple(given) if question.kind == SEVERAL else given[0]


def _one(question: Question, leanings: Sequence[Leaning], shift: float, chance: random.Random) -> str:
    codes = [choice.code for choice in question.choices.choices if not choice.missing]
    for leaning in leanings:
        others = [code for code in codes if code not in leaning.counted] or codes
        return chance.choice(leaning.counted if chance.random() < leaning.share + shift else others)
    return chance.choice(codes)


def _several(question: Question, leanings: Sequence[Leaning], shift: float, chance: random.Random) -> Iterator[str]:
    """Some of the choices, in their order; the one that stands alone when nothing else was chosen."""
    counted = {code for leaning in leanings for code in leaning.counted}
    chosen = {chance.choice(each.counted) for each in leanings if chance.random() < each.share + shift}
    for choice in question.choices.choices:
        if not (choice.alone or choice.missing or choice.code in counted) and chance.random() < OTHER_CHOICE:
            chosen.add(choice.code)
    if not chosen:
        chosen = {choice.code for choice in question.choices.choices if choice.alone and not choice.missing}
    return (choice.code for choice in question.choices.choices if choice.code in chosen)
