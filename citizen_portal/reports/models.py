"""The tables of a report.

Nothing here is finer than a day, row ids are random, and tables are keyed by them (on SQLite stored in their
order), so the order in which people wrote is not kept either.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen_portal.reports.choices import HAPPENED, LIGHT, ON_DATE, PRECISION, STATUSES
from citizen_portal.storage.engine import Base
from citizen_portal.storage.types import IN_RANDOM_ORDER, CodeList, random_id


def _one_of(column: str, codes: object) -> str:
    quoted = ", ".join(f"'{code}'" for code in codes)
    return f"{column} IN ({quoted})"


class Report(Base):
    """One report of a place. ``place`` and coordinates are as coarse as the resident asked for."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        CheckConstraint(_one_of("precision", PRECISION), name="precision"),
        CheckConstraint(_one_of("happened", [*HAPPENED, ON_DATE]), name="happened"),
        CheckConstraint(_one_of("light", LIGHT), name="light"),
        CheckConstraint("unsafe BETWEEN 1 AND 4", name="unsafe"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        Index("ix_report_newest_first", "received_on", "id"),
        Index("ix_report_alike", "text_group", "status", "received_on", "id"),
        IN_RANDOM_ORDER,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id)
    received_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(20), index=True)
    quarantine_reason: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(20))
    theme: Mapped[str] = mapped_column(String(60))
    area: Mapped[str | None] = mapped_column(String(60))
    place: Mapped[str | None] = mapped_column(String(60))
    place_text: Mapped[str] = mapped_column(Text, default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    precision: Mapped[str] = mapped_column(String(10))
    happened: Mapped[str | None] = mapped_column(String(10))
    happened_on: Mapped[date | None]
    light: Mapped[str | None] = mapped_column(String(10))
    unsafe: Mapped[int | None] = mapped_column(SmallInteger)
    reasons: Mapped[tuple[str, ...]] = mapped_column(CodeList, default=())
    description: Mapped[str] = mapped_column(Text, default="")
    photo_count: Mapped[int] = mapped_column(SmallInteger, default=0)
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    fingerprint_is_timed: Mapped[bool] = mapped_column(default=False)
    receipt_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    # Of those in the same or nearly the same words (alike/); none until the night for a report from before there were.
    text_group: Mapped[UUID | None]

    photos: Mapped[list["Photo"]] = relationship(lazy="raise", order_by="Photo.position")
    messages: Mapped[list["ReportMessage"]] = relationship(lazy="raise", order_by="ReportMessage.position")
    moves: Mapped[list["ReportMove"]] = relationship(lazy="raise", order_by="ReportMove.position")


class Photo(Base):
    """A re-encoded photo of a report: pixels and nothing else."""

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("report_id", "position"), IN_RANDOM_ORDER)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ReportMessage(Base):
    """A message of the resident or an answer of the municipality; never a name. Without words it brought photos."""

    __tablename__ = "report_message"
    __table_args__ = (UniqueConstraint("report_id", "position"), IN_RANDOM_ORDER)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    position: Mapped[int]
    sent_on: Mapped[date]
    from_staff: Mapped[bool]
    body: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    fingerprint_is_timed: Mapped[bool] = mapped_column(default=False)


class ReportMove(Base):
    """A change of a report's status, with the note the resident reads."""

    __tablename__ = "report_move"
    __table_args__ = (
        UniqueConstraint("report_id", "position"),
        CheckConstraint(_one_of("to_status", STATUSES), name="to_status"),
        IN_RANDOM_ORDER,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    position: Mapped[int]
    moved_on: Mapped[date]
    to_status: Mapped[str] = mapped_column(String(20))
    public_note: Mapped[str] = mapped_column(Text, default="")
