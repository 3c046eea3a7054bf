"""Invented reports for a portal that has none yet, made from the municipality's own themes and places.

Every one says in its text that it is an example, so none can be taken for what a resident wrote.
"""

import random
from datetime import date, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from citizen_portal.municipality import Municipality
from citizen_portal.reports import triage
from citizen_portal.reports.choices import (
    EXACT,
    FIXED,
    LIGHT,
    NOT_FIXED,
    OFTEN,
    PLANNED,
    READING,
    STREET,
    THIS_WEEK,
    TODAY,
)
from citizen_portal.reports.location import locate
from citizen_portal.reports.models import Report, ReportMove
from citizen_portal.reports.queries import report_by_receipt_digest
from citizen_portal.reports.receipts import Submission, receipt_digest
from citizen_portal.reports.submit import Draft, submit
from citizen_portal.storage.types import random_id

REPORTS = 60
SEVEN = 7
DAYS = 45
WORDS = {
    "sv": "Exempel, påhittat för demonstration: {theme} vid {place}. {reasons}.",
    "en": "Example, invented for demonstration: {theme} at {place}. {reasons}.",
}


def load_demonstration(session: Session, municipality: Municipality, *, secret: bytes, today: date) -> int:
    """Store invented reports of the last weeks; return how many. The caller commits."""
    # Seeded, so that a demonstration looks the same every time; chance guards nothing here, hence no S311.
    chance = random.Random(1)  # noqa: S311
    for number in range(REPORTS):
        received = today - timedelta(days=chance.randrange(DAYS))
        submission = Submission.of({"demonstration": number}, key=f"demonstration {number}", seconds=0)
        receipt = submit(
            session, _draft(municipality, chance), submission, secret=secret, today=received, quarantine=None
        )
        report = report_by_receipt_digest(session, receipt_digest(secret, receipt))
        _move_along(session, report, chance, received)
    return REPORTS


def load_closed_reports(
    session: Session,
    municipality: Municipality,
    *,
    first_day: date,
    last_day: date,
    number: int,
    rare: str | None = None,
) -> None:
    """Store so many invented reports of a period that is over, each closed the day it came in. The caller commits.

    Of the theme ``rare`` there are seven, so that a theme which is not broken down is seen as well. They are written
    all at once, and have no receipt that anybody could hold.
    """
    chance = random.Random(f"{first_day}")  # noqa: S311  # chance guards nothing here
    reports, moves = [], []
    for place in range(number):
        day = first_day + timedelta(days=chance.randrange((last_day - first_day).days + 1))
        columns = _draft(municipality, chance).columns()
        if place < SEVEN and rare:
            columns["theme"] = rare
        while place >= SEVEN and columns["theme"] == rare:
            columns["theme"] = chance.choice(municipality.themes).code
        report_id, status = random_id(), chance.choice([FIXED, NOT_FIXED])
        digest = chance.randbytes(32)
        reports.append({**columns, "id": report_id, "received_on": day, "status": status, "receipt_digest": digest})
        moves.append({"report_id": report_id, "position": 1, "moved_on": day, "to_status": status})
    session.execute(insert(Report), reports)
    session.execute(insert(ReportMove), moves)


def _draft(municipality: Municipality, chance: random.Random) -> Draft:
    # The first area weighs more: reports gather in a centre, and an even spread would show no pattern.
    area = chance.choice([*municipality.areas, *[municipality.areas[0]] * len(municipality.areas)])
    place = chance.choice(municipality.places_in(area.code))
    theme = chance.choice(municipality.themes)
    language = municipality.default_language
    words = WORDS.get(language, WORDS["en"])
    reasons = chance.sample(municipality.reasons, 2)
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
        reasons=tuple(reason.code for reason in reasons),
        description=words.format(
            theme=theme.label.get(language).lower(),
            place=place.name,
            # Said as well as ticked, or many would be in nearly the same words.
            reasons=", ".join(reason.label.get(language).lower() for reason in reasons).capitalize(),
        ),
        photos=(),
    )


def _move_along(session: Session, report: Report, chance: random.Random, received: date) -> None:
    if chance.random() < 0.5:
        triage.move(session, report, chance.choice([READING, PLANNED]), public_note="", today=received)
