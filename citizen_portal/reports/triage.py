"""The moves a report can make, and answers to it. The caller commits, so that an audit entry can go with it."""

from datetime import date

from sqlalchemy.orm import Session

from citizen_portal.reports.choices import STAFF_MAY_SET, WITHDRAWN
from citizen_portal.reports.models import Report, ReportMessage, ReportMove


class MoveRefused(ValueError):
    """The report cannot go to that status."""


def move(session: Session, report: Report, to_status: str, *, public_note: str, today: date) -> None:
    """Staff move a report on. ``report`` has its moves loaded. Raises ``MoveRefused``.

    A withdrawn report stays withdrawn: only the one who sent it may decide that.
    """
    if to_status not in STAFF_MAY_SET or report.status == WITHDRAWN:
        raise MoveRefused(to_status)
    _move(session, report, to_status, public_note, today)


def withdraw(session: Session, report: Report, *, today: date) -> None:
    """The resident takes the report back. Doing it twice changes nothing."""
    if report.status != WITHDRAWN:
        _move(session, report, WITHDRAWN, "", today)


def answer(session: Session, report: Report, body: str, *, today: date) -> None:
    """Staff answer the resident. ``report`` has its messages loaded."""
    position = len(report.messages) + 1
    session.add(ReportMessage(report_id=report.id, position=position, sent_on=today, from_staff=True, body=body))


def _move(session: Session, report: Report, to_status: str, public_note: str, today: date) -> None:
    report.status = to_status
    session.add(
        ReportMove(
            report_id=report.id,
            position=len(report.moves) + 1,
            moved_on=today,
            to_status=to_status,
            public_note=public_note,
        )
    )
