"""Every read of the survey's tables, as named functions."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from citizen_portal.storage.waits import take_long
from citizen_portal.surveys.models import COUNTED, AnswerSet, FrozenQuestionnaire, Invitation, SealedAnswerSet, Wave
from citizen_portal.surveys.questionnaire import BACKGROUNDS, Questionnaire
from citizen_portal.surveys.reading import questionnaire_of_document

ROWS_PER_FETCH = 2_000

# A frozen questionnaire never changes, so each is read once for the life of the process.
_read_before: dict[str, Questionnaire] = {}


def wave(session: Session, code: str) -> Wave | None:
    """The wave with this code, or None."""
    return session.get(Wave, code)


def waves(session: Session) -> Sequence[Wave]:
    """Every wave, the newest first."""
    return session.scalars(select(Wave).order_by(Wave.opens_on.desc(), Wave.code.desc())).all()


def any_wave_exists(session: Session) -> bool:
    """Whether there is any wave at all."""
    return session.scalar(select(exists().select_from(Wave))) or False


def open_waves(session: Session, today: date) -> Sequence[Wave]:
    """The waves that take answers on this day, the one that ends first first."""
    is_open = (Wave.closed_on.is_(None), Wave.opens_on <= today, Wave.closes_on >= today)
    return session.scalars(select(Wave).where(*is_open).order_by(Wave.closes_on, Wave.code)).all()


def wave_taking_answers(session: Session, code: str) -> Wave:
    """The wave, read anew and held so that nobody closes it before this transaction ends.

    Raises ``NoResultFound``.
    """
    statement = select(Wave).where(Wave.code == code).with_for_update(read=True)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def wave_held(session: Session, code: str) -> Wave | None:
    """The wave, read anew and held alone: answers that are coming in are waited for, and those after them wait."""
    statement = select(Wave).where(Wave.code == code).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def waves_to_purge(session: Session, today: date) -> list[str]:
    """Codes of the waves that have ended and still have codes of letters, or an order of their answers."""
    has_ended = Wave.closed_on.is_not(None) | (Wave.closes_on < today)
    return list(session.scalars(select(Wave.code).where(~Wave.purged, has_ended).order_by(Wave.code)))


def questionnaire(session: Session, digest: str) -> Questionnaire:
    """The frozen questionnaire with this digest. Raises ``NoResultFound``."""
    if digest not in _read_before:
        frozen = session.get_one(FrozenQuestionnaire, digest)
        _read_before[digest] = questionnaire_of_document(json.loads(frozen.document))
    return _read_before[digest]


def frozen_questionnaires(session: Session) -> list[Questionnaire]:
    """Every questionnaire that a wave has used."""
    return [questionnaire(session, digest) for digest in session.scalars(select(FrozenQuestionnaire.digest))]


def sent_before(session: Session, fingerprints: Sequence[bytes]) -> bool:
    """Whether one of these fingerprints was stored with answers, sealed or not."""
    return any(
        session.scalar(select(exists().where(table.fingerprint.in_(fingerprints))))
        for table in (AnswerSet, SealedAnswerSet)
        if fingerprints
    )


def invitation(session: Session, code_digests: Sequence[bytes]) -> Invitation | None:
    """The invitation whose code has one of these digests, or None."""
    return session.scalars(select(Invitation).where(Invitation.code_digest.in_(code_digests))).one_or_none()


def _is_set_aside() -> ColumnElement[bool]:
    """Whether an answer set counts nowhere: it was set aside, and staff have not decided to count it."""
    return and_(AnswerSet.quarantine_reason.is_not(None), AnswerSet.review.is_distinct_from(COUNTED))


def answers_that_count(session: Session, wave_code: str) -> Iterator[tuple[dict[str, object], float | None]]:
    """The answers of everyone in a wave but those set aside as possible spam, a few thousand in memory at a time.

    With each its weight, where it came with one.
    """
    counts = (AnswerSet.wave_code == wave_code, ~_is_set_aside())
    statement = select(AnswerSet.answers, AnswerSet.weight).where(*counts)
    take_long(session.connection())
    yield from session.execute(statement.execution_options(yield_per=ROWS_PER_FETCH))


def last_letter(session: Session, wave_code: str) -> int:
    """The highest number of a wave's letters; 0 when it has none."""
    return session.scalar(select(func.max(Invitation.letter)).where(Invitation.wave_code == wave_code)) or 0


def number_of_used_letters(session: Session, wave_code: str) -> int:
    """How many letters of a wave have been used."""
    return session.scalar(select(func.count()).where(Invitation.wave_code == wave_code, Invitation.used)) or 0


def unused_letters(session: Session, wave_code: str) -> Sequence[int]:
    """The numbers of a wave's letters that have not been used, in order."""
    of_wave = (Invitation.wave_code == wave_code, ~Invitation.used)
    return session.scalars(select(Invitation.letter).where(*of_wave).order_by(Invitation.letter)).all()


def number_of_answer_sets(session: Session, wave_code: str) -> int:
    """How many people have answered a wave, those set aside included."""
    return session.scalar(select(func.count()).where(AnswerSet.wave_code == wave_code)) or 0


def answers_between(session: Session, wave_code: str, first: UUID, last: UUID) -> Sequence[Sequence[object]]:
    """Language, reason to be set aside (or empty) and answers of a wave's answer sets with ids from first to last."""
    set_aside = case((_is_set_aside(), AnswerSet.quarantine_reason), else_="")
    statement = select(AnswerSet.language, set_aside, AnswerSet.answers)
    return session.execute(statement.where(AnswerSet.wave_code == wave_code, AnswerSet.id.between(first, last))).all()


def unique_on_background(session: Session, wave: Wave) -> int:
    """How many people share their answers on age, sex and area with nobody else of the wave.

    Counted in one pass over all rows, those set aside too. To have skipped a question is an answer like any other here.
    """
    asked = (questionnaire(session, wave.questionnaire_digest).background(about) for about in BACKGROUNDS)
    combination = [AnswerSet.answers[question.code].as_string() for question in asked if question]
    if not combination:
        return 0
    of_one = (
        select(func.count().label("people"))
        .where(AnswerSet.wave_code == wave.code)
        .group_by(*combination)
        .having(func.count() == 1)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(of_one)) or 0


def answers_per_wave(session: Session) -> dict[str, tuple[int, int]]:
    """Wave -> how many answers count, and how many are set aside, sealed ones too; waves without any are left out."""
    found: dict[str, tuple[int, int]] = {}
    sealed_aside = SealedAnswerSet.quarantine_reason.is_not(None)
    for table, is_aside in ((AnswerSet, _is_set_aside()), (SealedAnswerSet, sealed_aside)):
        aside = func.count().filter(is_aside)
        statement = select(table.wave_code, func.count() - aside, aside).group_by(table.wave_code)
        for wave_code, counted, set_aside in session.execute(statement):
            earlier = found.get(wave_code, (0, 0))
            found[wave_code] = (earlier[0] + counted, earlier[1] + set_aside)
    return found


def answers_per_choice(session: Session, wave_code: str, question_code: str) -> dict[str | None, int]:
    """Choice -> how many chose it in this wave, and None -> how many skipped the question; none of them set aside.

    The question takes one choice.
    """
    choice = AnswerSet.answers[question_code].as_string()
    counted = (AnswerSet.wave_code == wave_code, ~_is_set_aside())
    statement = select(choice, func.count()).where(*counted).group_by(choice)
    return dict(session.execute(statement).all())


def letters_of(session: Session, wave: Wave) -> tuple[int, int]:
    """How many letters a wave has, and how many of their codes are used: remembered, or still there to count."""
    counted = select(func.count(), func.count().filter(Invitation.used)).where(Invitation.wave_code == wave.code)
    sent, used = session.execute(counted).one()
    return wave.invited + sent, wave.used + used
