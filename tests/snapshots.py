"""Frozen snapshots for tests: two small closed waves of invented answers, a year of invented reports before each.

Everybody in them is invented. The same call stores the same numbers, so that a test may name them.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from sqlalchemy import insert

from citizen_portal.baseline.compute import Computed, compute
from citizen_portal.baseline.figures import Period
from citizen_portal.baseline.freezing import freeze
from citizen_portal.baseline.models import BaselineSnapshot
from citizen_portal.baseline.releasing import publish
from citizen_portal.municipality.agreement import ReportSource
from citizen_portal.municipality.installed import installed
from citizen_portal.reports.models import Report
from citizen_portal.storage.engine import db
from citizen_portal.storage.types import random_id
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import queries as survey_queries
from citizen_portal.surveys.models import INVITED, AnswerSet
from citizen_portal.surveys.questionnaire import PLACE, SEVERAL, WITHOUT_CHOICES, Question, Questionnaire
from citizen_portal.surveys.waves import open_wave
from tests.steps import report_row
from tests.waves import shipped_questionnaire

BASELINE_CODE, FOLLOW_UP_CODE = "baseline-2024", "follow-up-2026"
BEFORE, AFTER = "spring-2024", "spring-2026"
YEARS = {
    BEFORE: Period(date(2023, 4, 1), date(2024, 3, 31)),
    AFTER: Period(date(2025, 4, 1), date(2026, 3, 31)),
}
PEOPLE = 600
Said = Callable[[int, dict[str, object]], dict[str, object]]
REPORTS = {BEFORE: 400, AFTER: 300}
FROZEN_ON = {BEFORE: date(2024, 5, 2), AFTER: date(2026, 5, 4)}


def store_closed_wave(
    code: str, *, people: int = PEOPLE, first_choices: float = 0.5, said: Said | None = None, weighed: bool = False
) -> str:
    """A closed wave of the shipped questionnaire; the higher ``first_choices``, the more take a question's first half.

    ``said`` makes of each person's number and answers what they say instead; ``weighed`` ones bring weights.
    Its last day is the last of the period that YEARS has for the code. Return the code.
    """
    last_day, chance = YEARS[code].to_day, Random(code)
    questionnaire = shipped_questionnaire()
    with unit_of_work() as session:
        wave = open_wave(
            session, questionnaire, code=code, title=f"Påhittad våg {code}", sample=INVITED,
            opens_on=last_day - timedelta(days=30), closes_on=last_day,
        )  # fmt: skip
        wave.purged = True
        rows = [
            {
                "id": random_id(), "wave_code": code, "questionnaire_digest": questionnaire.digest, "language": "sv",
                "answers": (said or _as_it_is)(person, _answers(questionnaire, chance, first_choices)),
                "fingerprint_is_timed": False, "weight": 1.0 + person % 3 if weighed else None,
            }
            for person in range(people)
        ]  # fmt: skip
        if rows:
            session.execute(insert(AnswerSet), rows)
    return code


def _as_it_is(_person: int, answers: dict[str, object]) -> dict[str, object]:
    return answers


def store_reports(code: str, *, number: int | None = None) -> None:
    """Reports received during the period that YEARS has for the code, of every theme that an indicator counts."""
    municipality, chance, period = installed().municipality, Random(f"reports {code}"), YEARS[code]
    themes = sorted(
        {
            theme
            for indicator in municipality.agreement.indicators
            if isinstance(indicator.source, ReportSource)
            for theme in indicator.source.themes
        }
    )
    areas = [area.code for area in municipality.areas]
    days = (period.to_day - period.from_day).days
    rows = [
        report_row(
            theme=chance.choice(themes),
            area=chance.choices(areas, weights=range(len(areas), 0, -1))[0],
            received_on=period.from_day + timedelta(days=chance.randint(0, days)),
        )
        for _report in range(REPORTS[code] if number is None else number)
    ]
    with unit_of_work() as session:
        if rows:
            session.execute(insert(Report), rows)


def computed(code: str) -> Computed:
    """The figures of a stored wave and of the reports of its period, as on the day it is frozen."""
    session, municipality = db.session(), installed().municipality
    return compute(
        session,
        municipality,
        wave=survey_queries.wave(session, code),
        period=YEARS[code],
        today=FROZEN_ON[code],
    )


def freeze_and_publish(
    figures: Computed, code: str, *, against: str | None = None, today: date = FROZEN_ON[AFTER]
) -> None:
    """Freeze figures under ``code`` and show them to everyone, although they are invented."""
    with unit_of_work() as session:
        freeze(session, installed().municipality, figures, code=code, against=against, today=today)
        publish(session, code, today=today, invented_too=True)


def freeze_wave(wave_code: str, code: str, *, against: str | None = None) -> BaselineSnapshot:
    """Freeze and publish a stored wave under ``code`` and return the snapshot, read again."""
    freeze_and_publish(computed(wave_code), code, against=against, today=FROZEN_ON[wave_code])
    return db.session().get(BaselineSnapshot, code)


def store_baseline() -> BaselineSnapshot:
    """A frozen baseline, BASELINE_CODE."""
    store_closed_wave(BEFORE)
    store_reports(BEFORE)
    return freeze_wave(BEFORE, BASELINE_CODE)


def store_baseline_and_follow_up() -> tuple[BaselineSnapshot, BaselineSnapshot]:
    """A frozen baseline and, against it, FOLLOW_UP_CODE, when more people feel safe and fewer send reports."""
    store_baseline()
    store_closed_wave(AFTER, first_choices=0.65)
    store_reports(AFTER)
    follow_up = freeze_wave(AFTER, FOLLOW_UP_CODE, against=BASELINE_CODE)
    return db.session().get(BaselineSnapshot, BASELINE_CODE), follow_up


def _answers(questionnaire: Questionnaire, chance: Random, first_choices: float) -> dict[str, object]:
    """What one invented person answers to every question with choices; background by the example margins."""
    margins = installed().municipality.population.margins
    return {
        question.code: _background(margins[question.about], chance)
        if question.about in margins
        else _answer(question, chance, first_choices)
        for question in questionnaire.questions
        if question.kind not in WITHOUT_CHOICES and question.kind != PLACE
    }


def _background(persons: dict[str, int], chance: Random) -> str:
    return chance.choices(list(persons), weights=list(persons.values()))[0]


def _answer(question: Question, chance: Random, first_choices: float) -> object:
    choices = [choice.code for choice in question.choices.choices if not choice.missing and not choice.alone]
    half = len(choices) // 2
    one = chance.choice(choices[:half] if chance.random() < first_choices else choices[half:])
    if question.kind != SEVERAL:
        return one
    return sorted({one, *(code for code in choices if chance.random() < 0.1)})
