"""The audit trail: who did what, on which day, in the same commit as what was done."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from citizen_portal.staff.models import AuditEntry, StaffAccount


def record(
    session: Session,
    account: StaffAccount,
    action: str,
    *,
    today: date,
    report_id: UUID | None = None,
    wave_code: str | None = None,
    detail: str = "",
) -> None:
    """Write down one action. The caller commits it together with the action."""
    session.add(
        AuditEntry(
            staff_account_id=account.id,
            done_on=today,
            action=action,
            report_id=report_id,
            wave_code=wave_code,
            detail=detail,
        )
    )
