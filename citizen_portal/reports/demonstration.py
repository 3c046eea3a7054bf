"""Invented reports for a portal that has none yet, made from the municipality's own themes and places.

Every one says in its text that it is an example, so none can be taken for what a resident wrote.
"""

import random
from datetime import date, timedelta

from sqlalchemy.orm import Session

from citizen_portal.municipality import Municipality
from citizen_portal.reports import triage
from citizen_portal.reports.choices import EXACT, LIGHT, OFTEN, PLANNED, READING, STREET, THIS_WEEK, TODAY
from citizen_portal.reports.location import locate
from citizen_portal.reports.queries import report_by_receipt_digest
from citizen_portal.reports.receipts import Submission, receipt_digest
from citizen_portal.reports.submit import Draft, submit

REPORTS = 60
DAYS = 45
MOVED_ON = 0.5
WORDS = {
    "sv": "Exempel, påhittat för demonstration: {theme} vid {place}.",
    "en": "Example, invented for demonstration: {theme} at {place}.",
}


def load_demonstration(session: Session, municipality: Municipality, *, secret: bytes, today: date) -> int:
    """Store invented reports of the last weeks; return how many. The caller commits."""
    last_weeks = (today - timedelta(days=DAYS - 1), today)
    load_reports(session, municipality, secret=secret, days=last_weeks, number=REPORTS)
    return REPORTS


def load_reports(
    session: Session, municipality: Municipality, *, secret: bytes, days: tuple[date, date], number: int
) -> None:
    """Store so many invented reports, received from the first to the last of ``days``. The caller commits."""
    first, last = days
    # Seeded, so that a demonstration looks the same every time; chance guards nothing here, hence no S311.
    chance = random.Random(f"{first} {last}")  # noqa: S311
    for place in range(number):
        received = last - timedelta(days=chance.randrange((last - first).days + 1))
        submission = Submission.of({"demonstration": place}, key=f"demonstration {first} {place}", seconds=0)
        receipt = submit(
            session, _draft(municipality, chance), submission, secret=secret, today=received, quarantine=None
        )
        if chance.random() < MOVED_ON:
            report = report_by_receipt_digest(session, receipt_digest(secret, receipt))
            triage.move(session, report, chance.choice([READING, PLANNED]), public_note="", today=received)


def _draft(municipality: Municipality, chance: random.Random) -> Draft:
    # The first area weighs more: reports gather in a centre, and an even spread would show no pattern.
    area = chance.choice([*municipality.areas, *[municipality.areas[0]] * len(municipality.areas)])
    place = chance.choice(municipality.places_in(area.code))
    theme = chance.choice(municipality.themes)
    language = municipality.default_language
    words = WORDS.get(language, WORDS["en"])
    return Draft(
        language=language,
        theme=theme.code,
        location=locate(
            municipality, place=place.code, place_text="", point=None, precision=chance.choice([EXACT, STREET])
        ),
        happened=chance.choice([TODAY, THIS_WEEK, OFTEN]),
        happened_on=None,
        light=chance.choice(list(LIGHT)),
        unsafe=chance.randint(1, 4),
        reasons=tuple(reason.code for reason in chance.sample(municipality.reasons, 2)),
        description=words.format(theme=theme.label.get(language).lower(), place=place.name),
        photos=(),
    )
