"""Opening: the night turns the sealed answers of a wave into answer sets, all together and in random order."""

import logging
from random import SystemRandom

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from citizen_portal.storage.types import random_id
from citizen_portal.storage.unit_of_work import StorageUnavailable
from citizen_portal.surveys.models import OPEN_LINK, AnswerSet, SealedAnswerSet, Wave
from citizen_portal.surveys.sealing import SealBroken, private_key, unseal

ROWS_AT_ONCE = 500

log = logging.getLogger(__name__)
_by_chance = SystemRandom()


class KeyElsewhere(StorageUnavailable):
    """Sealed answers are there, and the key that opens them is not on this machine, or lost."""


def open_sealed(session: Session, wave: Wave) -> int:
    """Turn the sealed answers of a wave into answer sets; return how many. The caller commits, and rewrites the tables.

    One that is spoiled stays sealed and is logged. Raises ``KeyElsewhere``.
    """
    of_wave = SealedAnswerSet.wave_code == wave.code
    ids = list(session.scalars(select(SealedAnswerSet.id).where(of_wave)))
    if not ids:
        return 0
    private = private_key(session)
    if private is None:
        raise KeyElsewhere("sealed answers are there and their key is not: run it where answers.key lies")
    _by_chance.shuffle(ids)
    opened = sum(
        _open_some(session, wave, private, ids[start : start + ROWS_AT_ONCE])
        for start in range(0, len(ids), ROWS_AT_ONCE)
    )
    if opened < len(ids):
        log.error("%d sealed answers of the wave %s are spoiled and stay as they are", len(ids) - opened, wave.code)
    return opened


def _open_some(session: Session, wave: Wave, private: bytes, ids: list[object]) -> int:
    these = select(SealedAnswerSet).where(SealedAnswerSet.id.in_(ids))
    rows, done = [], []
    for sealed in session.scalars(these):
        try:
            answered = unseal(private, sealed.sealed)
        except SealBroken:
            continue
        # A fingerprint beside the sealed answer of a letter stood there with the letter: it may not come along.
        known = wave.sample == OPEN_LINK and not sealed.fingerprint_is_timed
        rows.append(
            {
                **answered,
                "id": random_id(),
                "wave_code": wave.code,
                "quarantine_reason": sealed.quarantine_reason,
                "fingerprint": sealed.fingerprint if known else None,
                "fingerprint_is_timed": False,
            }
        )
        done.append(sealed.id)
    if rows:
        _by_chance.shuffle(rows)
        session.execute(delete(SealedAnswerSet).where(SealedAnswerSet.id.in_(done)))
        session.execute(insert(AnswerSet), rows)
    return len(rows)
