"""The moves a report can make. The caller commits, so that an audit entry can go with it."""

from datetime import date

from sqlalchemy.orm import Session

from citizen_portal.reports.choices import STAFF_MAY_SET, WITHDRAWN
from citizen_portal.reports.models import Report, ReportMove


class MoveRefused(ValueError):
    """The report cannot go to that status."""


def move(session: Session, report: Report, to_status: str, *, public_note: str, today: date) -> bool:
    """Staff move a report on; False when it is there already with nothing new to say. Raises ``MoveRefused``.

    ``report`` has its moves loaded. A move that arrives twice is therefore one. A withdrawn report stays withdrawn:
    only the one who sent it may decide that.
    """
    if to_status not in STAFF_MAY_SET or report.status == WITHDRAWN:
        raise MoveRefused(to_status)
    last_note = report.moves[-1].public_note if report.moves else ""
    if report.status == to_status and public_note in {"", last_note}:
        return False
    _move(session, report, to_status, public_note, today)
    return True


def withdraw(session: Session, report: Report, *, today: date) -> None:
    """The resident takes the report back. Doing it twice changes nothing."""
    if report.status != WITHDRAWN:
        _move(session, report, WITHDRAWN, "", today)


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
