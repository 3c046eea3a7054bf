"""The one way in: from a checked submission to a stored report, exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from citizen_portal.reports.alike.finding import group_of, words_of_report
from citizen_portal.reports.choices import QUARANTINED, RECEIVED
from citizen_portal.reports.location import Location
from citizen_portal.reports.models import Photo, Report, ReportMessage, random_id
from citizen_portal.reports.receipts import Submission, receipt_digest
from citizen_portal.storage.insert import insert_once

# Three with the report and three afterwards.
MOST_PHOTOS_OF_A_REPORT = 6

# Made once, and past the object mapper: a post without a key asks this every time.
_BY_FINGERPRINT = select(Report.__table__.c.fingerprint).where(
    Report.__table__.c.fingerprint == bindparam("fingerprint")
)


class TooManyPhotos(ValueError):
    """A report has as many photos as it may have."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as a resident sent it, checked and ready to store. ``photos`` are re-encoded JPEGs."""

    language: str
    theme: str
    location: Location
    happened: str | None
    happened_on: date | None
    light: str | None
    unsafe: int | None
    reasons: tuple[str, ...]
    description: str
    photos: tuple[bytes, ...]

    def columns(self) -> dict[str, object]:
        """What is stored of it in the table of reports."""
        return {
            "language": self.language,
            "theme": self.theme,
            "area": self.location.area,
            "place": self.location.place,
            "place_text": self.location.place_text,
            "latitude": self.location.latitude,
            "longitude": self.location.longitude,
            "precision": self.location.precision,
            "happened": self.happened,
            "happened_on": self.happened_on,
            "light": self.light,
            "unsafe": self.unsafe,
            "reasons": self.reasons,
            "description": self.description,
            "photo_count": len(self.photos),
        }

    def words(self, received_on: date) -> bytes:
        """What is compared to find reports in the same words."""
        where = self.location
        return words_of_report(
            self.description,
            theme=self.theme,
            place=where.place,
            area=where.area,
            place_text=where.place_text,
            received_on=received_on,
        )

    def content(self) -> dict[str, object]:
        """What was said. The language of the page may change between two tries, and photos are told apart as files."""
        return {name: value for name, value in self.columns().items() if name not in {"language", "photo_count"}}


def submit(
    session: Session, draft: Draft, submission: Submission, *, secret: bytes, today: date, quarantine: str | None
) -> str:
    """Store the draft unless this submission already has a report; return its receipt, 16 digits, either way.

    ``quarantine`` is the reason to set the report aside for staff, or None. The caller commits.
    """
    salt, *earlier_salts = submission.salts
    for earlier in earlier_salts:
        if _is_stored(session, submission.fingerprint(secret, earlier)):
            return submission.receipt(secret, earlier)
    receipt = submission.receipt(secret, salt)
    report_id = random_id()
    row = {
        "id": report_id,
        "received_on": today,
        "status": QUARANTINED if quarantine else RECEIVED,
        "quarantine_reason": quarantine,
        **draft.columns(),
        "fingerprint": submission.fingerprint(secret, salt),
        "fingerprint_is_timed": submission.timed,
        "receipt_digest": receipt_digest(secret, receipt),
        "text_group": group_of(session, draft.words(today)),
    }
    if insert_once(session, Report, row, unique="fingerprint") and draft.photos:
        session.execute(
            insert(Photo),
            [
                {"report_id": report_id, "position": position, "content": content}
                for position, content in enumerate(draft.photos, start=1)
            ],
        )
    return receipt


def stored_receipt(session: Session, submission: Submission, *, secret: bytes) -> str | None:
    """The receipt of the report that this submission already has, or None."""
    for salt in submission.salts:
        if _is_stored(session, submission.fingerprint(secret, salt)):
            return submission.receipt(secret, salt)
    return None


def add_message(
    session: Session,
    report: Report,
    body: str,
    submission: Submission,
    *,
    secret: bytes,
    today: date,
    from_staff: bool = False,
) -> bool:
    """Store a message on a report; False when this submission already did. The caller commits."""
    if has_message(session, submission, secret=secret):
        return False
    values = {
        "report_id": report.id,
        "position": len(report.messages) + 1,
        "sent_on": today,
        "from_staff": from_staff,
        "body": body,
        "fingerprint": submission.fingerprint(secret, submission.salts[0]),
        "fingerprint_is_timed": submission.timed,
    }
    return insert_once(session, ReportMessage, values, unique="fingerprint")


def add_message_with_photos(
    session: Session,
    report: Report,
    body: str,
    photos: Sequence[bytes],
    submission: Submission,
    *,
    secret: bytes,
    today: date,
) -> bool:
    """Store a resident's message and the photos that came with it, once. The caller commits.

    Raises ``TooManyPhotos``.
    """
    if report.photo_count + len(photos) > MOST_PHOTOS_OF_A_REPORT:
        raise TooManyPhotos
    if not add_message(session, report, body, submission, secret=secret, today=today):
        return False
    for position, content in enumerate(photos, start=report.photo_count + 1):
        session.add(Photo(report_id=report.id, position=position, content=content))
    report.photo_count += len(photos)
    return True


def has_message(session: Session, submission: Submission, *, secret: bytes) -> bool:
    """Whether this submission has stored its message already."""
    fingerprints = submission.fingerprints(secret)
    return session.scalar(select(ReportMessage.id).where(ReportMessage.fingerprint.in_(fingerprints))) is not None


def _is_stored(session: Session, fingerprint: bytes) -> bool:
    """Whether a report has this fingerprint. The newest salt needs no such look: the insert itself finds out."""
    return session.connection().execute(_BY_FINGERPRINT, {"fingerprint": fingerprint}).first() is not None
