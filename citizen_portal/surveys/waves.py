"""Waves: opening one with a frozen questionnaire, and the state it is in."""

import re
from datetime import date

from sqlalchemy.orm import Session

from citizen_portal.surveys import queries
from citizen_portal.surveys.changed_meaning import what_changed
from citizen_portal.surveys.models import INVITED, OPEN_LINK, FrozenQuestionnaire, Wave
from citizen_portal.surveys.questionnaire import Questionnaire

PLANNED, OPEN, CLOSED = "planned", "open", "closed"
SAMPLES = (INVITED, OPEN_LINK)

_CODE = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")  # it stands in addresses
MOST_CODE_CHARACTERS = 40


class WaveRefused(ValueError):
    """A wave cannot be opened or closed like this; the text says why."""


def is_code(text: str) -> bool:
    """Whether this could be a wave's code: small letters and digits, parted by single hyphens or underscores."""
    return _CODE.fullmatch(text) is not None


def state_of(wave: Wave, today: date) -> str:
    """``planned``, ``open`` or ``closed``: from the dates, and from an explicit close."""
    if wave.closed_on is not None or today > wave.closes_on:
        return CLOSED
    return OPEN if today >= wave.opens_on else PLANNED


def open_wave(
    session: Session,
    questionnaire: Questionnaire,
    *,
    code: str,
    title: str,
    sample: str,
    opens_on: date,
    closes_on: date,
) -> Wave:
    """Open a wave from ``opens_on`` to ``closes_on``, both included, and freeze its questionnaire. The caller commits.

    Raises ``WaveRefused`` for a code that is taken or fits no address, for dates in the wrong order, and for a
    questionnaire that changed under a code or version which an earlier wave has used.
    """
    if not is_code(code) or len(code) > MOST_CODE_CHARACTERS:
        raise WaveRefused(f"{code!r} must be small letters, digits and single hyphens, {MOST_CODE_CHARACTERS} at most")
    if queries.wave(session, code) is not None:
        raise WaveRefused(f"there is a wave {code!r} already")
    if sample not in SAMPLES:
        raise WaveRefused(f"{sample!r} is no sample type: choose one of {', '.join(SAMPLES)}")
    if closes_on < opens_on:
        raise WaveRefused(f"the last day, {closes_on}, lies before the first, {opens_on}")
    wave = Wave(
        code=code,
        title=title,
        opens_on=opens_on,
        closes_on=closes_on,
        sample=sample,
        questionnaire_digest=freeze(session, questionnaire),
    )
    session.add(wave)
    session.flush()
    return wave


def freeze(session: Session, questionnaire: Questionnaire) -> str:
    """Store the questionnaire as it is now, unless it is stored already; return its digest. The caller commits.

    Raises ``WaveRefused`` when an earlier frozen one says something else under the same version or question code.
    """
    for earlier in queries.frozen_questionnaires(session):
        if earlier.digest == questionnaire.digest:
            return earlier.digest
        if (earlier.code, earlier.version) == (questionnaire.code, questionnaire.version):
            raise WaveRefused(
                f"the questionnaire {earlier.code!r} has changed since a wave used its version {earlier.version}: "
                "give it a new version"
            )
        _refuse_changed_meaning(questionnaire, earlier)
    frozen = FrozenQuestionnaire(
        digest=questionnaire.digest,
        code=questionnaire.code,
        version=questionnaire.version,
        document=questionnaire.canonical,
    )
    session.add(frozen)
    session.flush()
    return frozen.digest


def _refuse_changed_meaning(questionnaire: Questionnaire, earlier: Questionnaire) -> None:
    for question in questionnaire.questions:
        before = earlier.by_code.get(question.code)
        changed = before and what_changed(before, question)
        if changed:
            raise WaveRefused(
                f"the question {question.code!r} has other {changed} than when {earlier.code!r} version "
                f"{earlier.version} was asked: give the changed question a new code"
            )
