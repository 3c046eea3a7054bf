"""The tables of frozen baselines and of their releases. The database refuses to change or delete a row of them."""

import hashlib
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from citizen_portal.storage.engine import Base

BASELINE, FOLLOW_UP = "baseline", "follow_up"
PUBLISHED, WITHDRAWN = "published", "withdrawn"


def digest_of(text: str) -> str:
    """SHA-256 of a canonical text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


class BaselineSnapshot(Base):
    """Every indicator's values for one period, as they were when frozen.

    ``document`` is the canonical JSON of all figures in full precision, for staff; ``public_document`` is what passed
    the disclosure rules, and the only thing that leaves the house. ``digest`` and ``public_digest`` are their SHA-256.
    A follow-up names the baseline it is held ``against``. Only what was published is on a public page.
    """

    __tablename__ = "baseline_snapshot"
    __table_args__ = (
        CheckConstraint(f"kind IN ('{BASELINE}', '{FOLLOW_UP}')", name="kind"),
        CheckConstraint(f"(kind = '{FOLLOW_UP}') = (against_code IS NOT NULL)", name="follow_up_is_against"),
        CheckConstraint("from_day <= to_day", name="period"),
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    agreement_code: Mapped[str] = mapped_column(String(40))
    wave_code: Mapped[str] = mapped_column(ForeignKey("wave.code"))
    from_day: Mapped[date]
    to_day: Mapped[date]
    frozen_on: Mapped[date]
    against_code: Mapped[str | None] = mapped_column(ForeignKey("baseline_snapshot.code"))
    document: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    public_document: Mapped[str] = mapped_column(Text)
    public_digest: Mapped[str] = mapped_column(String(64))


class BaselineRelease(Base):
    """That a snapshot was published, or withdrawn: on which day, ``because`` of what, and ``replaced_by`` which."""

    __tablename__ = "baseline_release"
    __table_args__ = (
        CheckConstraint(f"act IN ('{PUBLISHED}', '{WITHDRAWN}')", name="act"),
        CheckConstraint(f"(act = '{WITHDRAWN}') = (because <> '')", name="withdrawn_because"),
        CheckConstraint(f"replaced_by IS NULL OR act = '{WITHDRAWN}'", name="replaced_by"),
    )

    code: Mapped[str] = mapped_column(ForeignKey("baseline_snapshot.code"), primary_key=True)
    act: Mapped[str] = mapped_column(String(10), primary_key=True)
    done_on: Mapped[date]
    because: Mapped[str] = mapped_column(String(300))
    replaced_by: Mapped[str | None] = mapped_column(ForeignKey("baseline_snapshot.code"))
