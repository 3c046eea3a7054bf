"""The tables of the survey.

An answer set and an invitation share no key, time or order. Row ids are random, nothing here is finer than a day,
and an answer set has no time at all. What rows of both still have in common while a wave is open (the transaction that
wrote them) is destroyed when it closes: see ``closing.py`` and the threat model.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Double, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from citizen_portal.storage.engine import Base
from citizen_portal.storage.types import IN_RANDOM_ORDER, random_id

INVITED, OPEN_LINK = "invited", "open_link"
COUNTED, LEFT_OUT = "counted", "left_out"  # what staff decided about answers that were set aside

AnswerDocument = JSON().with_variant(JSONB(), "postgresql")


class FrozenQuestionnaire(Base):
    """A questionnaire as it was when a wave opened; never changed, found by its digest."""

    __tablename__ = "questionnaire"
    __table_args__ = (UniqueConstraint("code", "version"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    document: Mapped[str] = mapped_column(Text)


class Wave(Base):
    """One round of the survey. ``opens_on`` and ``closes_on`` are its first and last day.

    ``sample`` is ``invited`` (a drawn sample, each with a one-time code) or ``open_link`` (whoever comes).
    ``closed_on`` is set by an explicit close. ``purged`` says that codes are gone and the order of answers destroyed;
    after that, ``invited`` and ``used`` remember how many letters there were and how many came back. ``strata`` says
    how the sample was drawn (see ``drawing.py``), None for one draw; ``population`` keeps the register counts that
    its published figures were weighted with.
    """

    __tablename__ = "wave"
    __table_args__ = (
        CheckConstraint(f"sample IN ('{INVITED}', '{OPEN_LINK}')", name="sample"),
        CheckConstraint("opens_on <= closes_on", name="dates"),
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    closed_on: Mapped[date | None]
    sample: Mapped[str] = mapped_column(String(10))
    questionnaire_digest: Mapped[str] = mapped_column(ForeignKey("questionnaire.digest"))
    purged: Mapped[bool] = mapped_column(default=False)
    invited: Mapped[int] = mapped_column(default=0)
    used: Mapped[int] = mapped_column(default=0)
    strata: Mapped[list[dict[str, object]] | None] = mapped_column(JSON(none_as_null=True))
    population: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))


class AnswerSet(Base):
    """One person's answers: question code -> choice code, list of codes, number or text. Nothing about when.

    With a ``quarantine_reason`` it was set aside, and counts only when staff reviewed it so. An earlier survey may
    bring a ``weight`` with each answer set, calibrated by whoever drew its sample.
    """

    __tablename__ = "answer_set"
    __table_args__ = (IN_RANDOM_ORDER,)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id)
    wave_code: Mapped[str] = mapped_column(ForeignKey("wave.code"), index=True)
    questionnaire_digest: Mapped[str] = mapped_column(ForeignKey("questionnaire.digest"))
    language: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, object]] = mapped_column(AnswerDocument)
    quarantine_reason: Mapped[str | None] = mapped_column(String(40))
    review: Mapped[str | None] = mapped_column(String(10))
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    fingerprint_is_timed: Mapped[bool] = mapped_column(default=False)
    weight: Mapped[float | None] = mapped_column(Double)


class AnswerKey(Base):
    """The public key that answers are sealed to. The private half is a file, and in no table."""

    __tablename__ = "answer_key"

    # There is one, also when two machines start at once.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    public: Mapped[bytes] = mapped_column(LargeBinary(32))


class SealedAnswerSet(Base):
    """One person's answers until the night: what was said is in ``sealed``, which the database cannot read."""

    __tablename__ = "sealed_answer_set"
    __table_args__ = (IN_RANDOM_ORDER,)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id)
    wave_code: Mapped[str] = mapped_column(ForeignKey("wave.code"), index=True)
    quarantine_reason: Mapped[str | None] = mapped_column(String(40))
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    fingerprint_is_timed: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Invitation(Base):
    """A one-time code of a letter, as a keyed digest. ``letter`` is the number printed on it."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("wave_code", "letter"), IN_RANDOM_ORDER)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id)
    wave_code: Mapped[str] = mapped_column(ForeignKey("wave.code"))
    letter: Mapped[int]
    code_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    used: Mapped[bool] = mapped_column(default=False)
