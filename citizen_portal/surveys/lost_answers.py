"""Answers whose key is lost for good: they can be read by nobody, and are given up so that nights and closing go on."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from citizen_portal.surveys.models import AnswerKey, SealedAnswerSet
from citizen_portal.surveys.sealing import private_key, public_key


class NothingLost(Exception):
    """The key is there, or there never was one: the night opens what lies sealed."""


def unreadable(session: Session) -> dict[str, int]:
    """How many answers of each wave lie sealed to a key that is not on this machine. Raises ``NothingLost``."""
    if public_key(session) is None or private_key(session) is not None:
        raise NothingLost
    by_wave = select(SealedAnswerSet.wave_code, func.count()).group_by(SealedAnswerSet.wave_code)
    return dict(session.execute(by_wave.order_by(SealedAnswerSet.wave_code)).all())


def give_up(session: Session) -> None:
    """Delete what nobody can read, and its public key. The caller commits, and makes a new pair of keys.

    The letters of those who answered stay used: which they were is not known. Raises ``NothingLost``.
    """
    unreadable(session)
    session.execute(delete(SealedAnswerSet))
    session.execute(delete(AnswerKey))
