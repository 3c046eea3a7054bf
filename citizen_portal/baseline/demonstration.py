"""A demonstration to its end: two invented waves and their reports, a frozen baseline, and the follow-up of it."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from citizen_portal.baseline import queries
from citizen_portal.baseline.compute import compute
from citizen_portal.baseline.figures import Period
from citizen_portal.baseline.freezing import freeze
from citizen_portal.baseline.indicators import question_of
from citizen_portal.baseline.refusals import ReleaseRefused
from citizen_portal.baseline.releasing import publish
from citizen_portal.municipality import Municipality
from citizen_portal.municipality.agreement import UP, Indicator
from citizen_portal.reports.demonstration import load_closed_reports
from citizen_portal.surveys import demonstration as surveys
from citizen_portal.surveys import queries as survey_queries
from citizen_portal.surveys.demonstration import Leaning, Leanings
from citizen_portal.surveys.models import Wave
from citizen_portal.surveys.population import population_of
from citizen_portal.surveys.questionnaire import Questionnaire
from citizen_portal.surveys.reading import questionnaires_of

YEARS_BETWEEN = 2
ANSWERS = (640, 720)
REPORTS = (430, 340)
OPEN_DAYS = timedelta(days=30)
# Of five indicators one gets better, one worse, and three stay as they are, so that each sentence is seen.
CHANGES = (0.15, 0.0, -0.12, 0.0, 0.0)


def load_baselines(session: Session, municipality: Municipality, *, today: date) -> list[str]:
    """Store two years' waves, reports and snapshots, and a wave to try; return the snapshots' codes.

    The later year is the twelve whole months before this one; the earlier lies two years before it. Nothing is stored
    when the municipality has no agreement or no questionnaire that its indicators count, or when there is a wave. The
    caller commits.
    """
    questionnaire = _questionnaire(municipality)
    if questionnaire is None or survey_queries.any_wave_exists(session):
        return []
    this_month = today.replace(day=1)
    earlier, later = _year_before(this_month.replace(year=today.year - YEARS_BETWEEN)), _year_before(this_month)
    codes: list[str] = []
    for turn, period in enumerate((earlier, later)):
        load_closed_reports(
            session,
            municipality,
            first_day=period.from_day,
            last_day=period.to_day,
            number=REPORTS[turn],
            rare=_rare_theme(municipality),
        )
        wave = _wave(session, municipality, questionnaire, period, turn)
        _freeze(session, municipality, wave, period, against=codes[0] if codes else None)
        codes.append(str(period.to_day.year))
    surveys.store_open_wave(session, questionnaire, code="open", opens_on=today, closes_on=today + OPEN_DAYS)
    return codes


def refused_release(session: Session, municipality: Municipality) -> str:
    """Why a third release is refused whose period overlaps the last one by all but a day. Nothing is stored."""
    latest = queries.snapshots(session)[0]
    wave = survey_queries.wave(session, latest.wave_code)
    period = Period(latest.from_day + timedelta(days=1), latest.to_day)
    computed = compute(session, municipality, wave=wave, period=period, today=latest.frozen_on)
    terms = {"code": f"{latest.code}-again", "against": None, "today": latest.frozen_on}
    try:
        freeze(session, municipality, computed, **terms)
    except ReleaseRefused as refusal:
        return str(refusal)
    raise RuntimeError("a release that overlaps another was not refused")


def _rare_theme(municipality: Municipality) -> str | None:
    """The theme of the first indicator that counts one theme alone."""
    sources = (each.source for each in municipality.agreement.indicators if not question_of(each))
    return next((source.themes[0] for source in sources if len(source.themes) == 1), None)


def _questionnaire(municipality: Municipality) -> Questionnaire | None:
    """The questionnaire that asks most of what the agreement's indicators count."""
    indicators = municipality.agreement.indicators if municipality.agreement else ()
    asked = {question_of(each) for each in indicators} - {None}

    def fit(questionnaire: Questionnaire) -> int:
        return len(asked & questionnaire.by_code.keys())

    best = max(questionnaires_of(municipality), key=fit, default=None)
    return best if best and fit(best) else None


def _year_before(day: date) -> Period:
    return Period(day.replace(year=day.year - 1), day - timedelta(days=1))


def _wave(
    session: Session, municipality: Municipality, questionnaire: Questionnaire, period: Period, turn: int
) -> Wave:
    opens_on = period.to_day.replace(day=1)
    return surveys.store_answered_wave(
        session,
        questionnaire,
        population_of(session, municipality),
        _leanings(municipality, turn),
        code=str(period.to_day.year),
        opens_on=opens_on,
        closes_on=period.to_day,
        number=ANSWERS[turn],
    )


def _freeze(session: Session, municipality: Municipality, wave: Wave, period: Period, *, against: str | None) -> None:
    afterwards = period.to_day + timedelta(days=1)
    computed = compute(
        session,
        municipality,
        wave=wave,
        period=period,
        today=afterwards,
    )
    code = str(period.to_day.year)
    freeze(session, municipality, computed, code=code, against=against, today=afterwards)
    publish(session, code, today=afterwards, invented_too=True)


def _leanings(municipality: Municipality, turn: int) -> Leanings:
    leanings: dict[str, list[Leaning]] = defaultdict(list)
    for indicator, share in _shares(municipality.agreement.indicators, turn):
        leanings[question_of(indicator)].append(Leaning(indicator.source.counted, share))
    return leanings


def _shares(indicators: tuple[Indicator, ...], turn: int) -> Iterator[tuple[Indicator, float]]:
    """A share per indicator of the survey: good things common, troubles rare, and in the second turn some changed."""
    chance = random.Random(1)  # noqa: S311  # chance guards nothing here
    counting = [each for each in indicators if question_of(each)]
    for place, indicator in enumerate(counting):
        good = indicator.direction == UP
        share = chance.uniform(0.4, 0.65) if good else chance.uniform(0.18, 0.32)
        change = CHANGES[place % len(CHANGES)] * turn
        yield indicator, share + (change if good else -change)
