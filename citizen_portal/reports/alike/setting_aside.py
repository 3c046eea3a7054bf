"""Staff set a whole group of alike reports aside in one act, or take that back in one. The caller commits."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from citizen_portal.reports.alike.folding import Group, group_with
from citizen_portal.reports.choices import QUARANTINED, RECEIVED, SAME_WORDS
from citizen_portal.reports.models import Report, ReportMove
from citizen_portal.reports.triage import ReportMoved

# A state, and why a report is in it.
_UNREAD, _ASIDE = (RECEIVED, None), (QUARANTINED, SAME_WORDS)


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """What a page showed of a group that colleagues could have changed; written as "12-3".

    Not how many are unread: while thousands come in that number is never the same twice, and nobody could press.
    """

    set_aside: int = 0
    handled: int = 0

    @classmethod
    def of(cls, group: Group) -> Self:
        """What a page made now shows."""
        return cls(group.set_aside, group.handled)

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """What a form says was seen, or None."""
        found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", text or "")
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        """As a form holds it."""
        return f"{self.set_aside}-{self.handled}"


def set_aside(session: Session, group: UUID, *, seen: GroupSeen | None, today: date) -> int:
    """Set aside every report of the group that nobody has handled; how many. Raises ``ReportMoved``.

    Those that came in since the page was made are among them; what a colleague has moved stays where it is.
    """
    _refuse_if_stale(session, group, seen)
    return _move_all(session, group, _UNREAD, _ASIDE, today)


def take_back(session: Session, group: UUID, *, seen: GroupSeen | None, today: date) -> int:
    """Undo it: those set aside as a group are unread again; how many. Raises ``ReportMoved``."""
    _refuse_if_stale(session, group, seen)
    return _move_all(session, group, _ASIDE, _UNREAD, today)


def _refuse_if_stale(session: Session, group: UUID, seen: GroupSeen | None) -> None:
    found = group_with(session, group)
    if found is None or seen != GroupSeen.of(found):
        raise ReportMoved


def _move_all(
    session: Session, group: UUID, before: tuple[str, str | None], after: tuple[str, str | None], today: date
) -> int:
    """Move all of one state to another, with a move in each one's history."""
    within = Report.text_group == group
    (status, reason), (to_status, to_reason) = before, after
    reason_is = Report.quarantine_reason.is_(None) if reason is None else Report.quarantine_reason == reason
    change = update(Report).where(within, Report.status == status, reason_is)
    change = change.values(status=to_status, quarantine_reason=to_reason).returning(Report.id)
    moved = session.scalars(change, execution_options={"synchronize_session": False}).all()
    counted = select(ReportMove.report_id, func.count()).join(Report, Report.id == ReportMove.report_id).where(within)
    moves_before = dict(session.execute(counted.group_by(ReportMove.report_id)).all())
    rows = [
        {"report_id": each, "position": moves_before.get(each, 0) + 1, "moved_on": today, "to_status": to_status}
        for each in moved
    ]
    if rows:
        session.execute(insert(ReportMove), rows)
    return len(moved)
