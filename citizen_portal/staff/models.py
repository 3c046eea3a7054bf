"""The tables of the workplace: who may come in, and what was done."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from citizen_portal.staff.roles import ADMINISTRATOR, ROLES
from citizen_portal.storage.engine import Base
from citizen_portal.storage.types import IN_RANDOM_ORDER, random_id


class StaffAccount(Base):
    """A member of staff. ``session_number`` grows when every session of the account must end."""

    __tablename__ = "staff_account"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    session_number: Mapped[int] = mapped_column(default=1)
    role: Mapped[str] = mapped_column(String(20), default=ADMINISTRATOR, server_default=ADMINISTRATOR)


class AuditEntry(Base):
    """One thing a member of staff did, written in the same commit as the thing itself. Days, never times.

    Nor in which order within a day: whoever handles reports as they come in would write down the order they came in.
    """

    __tablename__ = "audit_entry"
    __table_args__ = IN_RANDOM_ORDER

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id)
    staff_account_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"), index=True)
    done_on: Mapped[date]
    action: Mapped[str] = mapped_column(String(40))
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id"), index=True)
    wave_code: Mapped[str | None] = mapped_column(ForeignKey("wave.code"), index=True)
    detail: Mapped[str] = mapped_column(String(200), default="")
