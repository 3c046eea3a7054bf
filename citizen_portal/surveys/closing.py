"""Closing a wave: no answer comes in any more, codes are gone, and nothing is left of the order of answers.

What an invitation and an answer have in common while a wave is open is the transaction that wrote both, and their
place in it. Here each row is written anew, under a new id, in random order, all in one transaction, and then the tables
are written anew on the disk. Every night the same is done to waves that are open, so that at most one day's rows have
anything in common.
"""

from collections.abc import Callable, Mapping
from datetime import date
from random import SystemRandom

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.orm import Session

from citizen_portal.storage.before_upgrade import forget_copy
from citizen_portal.storage.engine import db
from citizen_portal.storage.rewrite import rewrite
from citizen_portal.storage.types import random_id
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import queries
from citizen_portal.surveys.models import AnswerSet, Invitation, SealedAnswerSet, Wave
from citizen_portal.surveys.opening import KeyElsewhere, open_sealed
from citizen_portal.surveys.waves import WaveRefused

ROWS_AT_ONCE = 500

_by_chance = SystemRandom()
Row = dict[str, object]


def close_wave(code: str, *, today: date, beside: Callable[[Session], None] | None = None) -> Wave:
    """Close a wave for good, today or on its last day, whichever was first; return it. Not inside a unit of work.

    ``beside`` writes what belongs in the commit that closes it, such as who did it. May be called again: what was not
    finished is finished. Raises ``WaveRefused`` when there is no such wave, and ``StorageUnavailable``; then the wave
    may be closed already, but is not ``purged`` before all is done.
    """
    with unit_of_work() as session:
        wave = queries.wave_held(session, code)
        if wave is None:
            raise WaveRefused(f"there is no wave {code!r}")
        if wave.purged:
            return wave
        # Also after the last day: no clock that is set back may open a wave again whose codes are gone.
        wave.closed_on = wave.closed_on or min(today, wave.closes_on)
        if beside:
            beside(session)
        key_elsewhere = _opened_or_why_not(session, wave)
        if not key_elsewhere:
            _forget_invitations(session, wave)
            _write_anew(session, AnswerSet.__table__, code, fingerprint=None, fingerprint_is_timed=False)
    if key_elsewhere:
        # No answer comes in any more; the night finishes it where the key is.
        raise key_elsewhere
    rewrite(AnswerSet, SealedAnswerSet, Invitation)
    # The copy from before an upgrade holds the codes, and the answers under the ids they had.
    forget_copy(db.engine)
    with unit_of_work() as session:
        wave = queries.wave_held(session, code)
        wave.purged = True
    return wave


def close_ended_waves(*, today: date) -> list[str]:
    """Close every wave whose last day has passed, and finish what an interrupted closing left; return their codes."""
    with unit_of_work() as session:
        codes = queries.waves_to_purge(session, today)
    for code in codes:
        close_wave(code, today=today)
    return codes


def shuffle_open_waves(*, today: date) -> list[str]:
    """Destroy the order of what has come in so far, and forget fingerprints that hold a time; return the waves' codes.

    Raises ``StorageUnavailable``; then the next night does it.
    """
    with unit_of_work() as session:
        codes = [wave.code for wave in queries.open_waves(session, today)]
        for code in codes:
            open_sealed(session, queries.wave_held(session, code))
            _write_anew(session, Invitation.__table__, code)
            _write_anew(session, AnswerSet.__table__, code)
    if codes:
        rewrite(AnswerSet, SealedAnswerSet, Invitation)
    return codes


def _opened_or_why_not(session: Session, wave: Wave) -> KeyElsewhere | None:
    try:
        open_sealed(session, wave)
    except KeyElsewhere as refusal:
        return refusal
    return None


def _forget_invitations(session: Session, wave: Wave) -> None:
    """Delete the codes, and remember how many there were and how many were used."""
    of_wave = Invitation.wave_code == wave.code
    counted = select(func.count(), func.count().filter(Invitation.used)).where(of_wave)
    invited, used = session.execute(counted).one()
    # Added, not set: a closing that is done again finds no invitations.
    wave.invited += invited
    wave.used += used
    session.execute(delete(Invitation).where(of_wave))


def _write_anew(session: Session, table: Table, wave_code: str, **changes: object) -> None:
    """Write a wave's rows anew in random order under new ids, five hundred in memory at once (and the ids of all)."""
    ids = list(session.scalars(select(table.c.id).where(table.c.wave_code == wave_code)))
    _by_chance.shuffle(ids)
    for start in range(0, len(ids), ROWS_AT_ONCE):
        these = table.c.id.in_(ids[start : start + ROWS_AT_ONCE])
        rows = [_anew(row, changes) for row in session.execute(select(table).where(these)).mappings()]
        session.execute(delete(table).where(these))
        # They come from the table in the order it has them, and few waves fill more than one handful.
        _by_chance.shuffle(rows)
        session.execute(insert(table), rows)


def _anew(row: Mapping[str, object], changes: Row) -> Row:
    timed = {"fingerprint": None, "fingerprint_is_timed": False} if row.get("fingerprint_is_timed") else {}
    return {**row, **timed, **changes, "id": random_id()}
