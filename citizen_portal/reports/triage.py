"""The moves a report can make. The caller commits, so that an audit entry can go with it."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from sqlalchemy.orm import Session

from citizen_portal.reports.choices import STAFF_MAY_SET, WITHDRAWN
from citizen_portal.reports.models import Report, ReportMove


class MoveRefused(ValueError):
    """The report cannot go to that status."""


class ReportMoved(ValueError):
    """Somebody moved, answered or wrote since the page was made that this comes from."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How many moves and messages of a report stood on a page; written as "2-1"."""

    moves: int = 0
    messages: int = 0

    @classmethod
    def of(cls, report: Report) -> Self:
        """What a page of the report made now shows. Its moves and messages are loaded."""
        return cls(len(report.moves), len(report.messages))

    @classmethod
    def read(cls, text: str | None) -> Self:
        """What a form says was seen: nothing, when it says nothing that can be read."""
        found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", text or "")
        return cls(int(found[1]), int(found[2])) if found else cls()

    def __str__(self) -> str:
        """As a form holds it."""
        return f"{self.moves}-{self.messages}"

    def refuse_if_stale(self, report: Report) -> None:
        """Raise ``ReportMoved`` unless this is all there is."""
        if self != Seen.of(report):
            raise ReportMoved


def move(session: Session, report: Report, to_status: str, *, public_note: str, today: date) -> bool:
    """Staff move a report on; False when it is there already with nothing new to say. Raises ``MoveRefused``.

    ``report`` has its moves loaded. A move that arrives twice is therefore one. A withdrawn report stays withdrawn:
    only the one who sent it may decide that.
    """
    if to_status not in STAFF_MAY_SET or report.status == WITHDRAWN:
        raise MoveRefused(to_status)
    if is_there(report, to_status, public_note=public_note):
        return False
    _move(session, report, to_status, public_note, today)
    return True


def is_there(report: Report, to_status: str, *, public_note: str) -> bool:
    """Whether the report has been moved there already, with nothing new to say."""
    last_note = report.moves[-1].public_note if report.moves else ""
    return report.status == to_status and public_note in {"", last_note}


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
