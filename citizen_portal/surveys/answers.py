"""The one way in: from checked answers to a stored answer set, exactly once, with nothing that ties it to a letter."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from citizen_portal.storage.insert import insert_once
from citizen_portal.storage.types import random_id
from citizen_portal.surveys import queries
from citizen_portal.surveys.models import INVITED, AnswerSet, Invitation, SealedAnswerSet
from citizen_portal.surveys.questionnaire import Answer
from citizen_portal.surveys.sealing import public_key, seal
from citizen_portal.surveys.waves import OPEN, state_of
from citizen_portal.web.submission import Submission

StoredAnswers = dict[str, object]


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers as a resident sent them, checked and routed; ``code_digests`` are of the letter's code, if any."""

    wave_code: str
    language: str
    answers: dict[str, Answer]
    code_digests: tuple[bytes, ...]

    def content(self) -> dict[str, object]:
        """What was said, in whatever language. The code is not in it: what is stored must not depend on a letter."""
        return {"wave": self.wave_code, "answers": self.answers}


class WaveNotOpen(Exception):
    """The wave takes no answers on this day."""


class CodeRefused(Exception):
    """The letter's code takes no answers here: it is missing, unknown, of another wave, or has been used."""


def receive(
    session: Session, draft: Draft, submission: Submission, *, secret: bytes, today: date, quarantine: str | None
) -> StoredAnswers:
    """Store the draft unless this submission already has an answer set; return the answers as stored, either way.

    ``quarantine`` is the reason to set the answer set aside for staff, or None. The caller commits. Raises
    ``WaveNotOpen`` or ``CodeRefused``, and then nothing is to be stored.
    """
    wave = queries.wave_taking_answers(session, draft.wave_code)
    if state_of(wave, today) != OPEN:
        raise WaveNotOpen
    by_letter = wave.sample == INVITED
    # A one-time code is enough against storing twice, where the page brings no key of its own.
    fingerprints = () if by_letter and submission.timed else submission.fingerprints(secret)
    answers = as_stored(draft.answers)
    is_stored = queries.sent_before(session, fingerprints)
    if not is_stored and by_letter and not _use_code(session, draft):
        # Of two tries at once, the second waited for the first to use the code, and may be the same submission.
        is_stored = queries.sent_before(session, fingerprints)
        if not is_stored:
            raise CodeRefused
    if is_stored:
        # The fingerprint is of the content too: what was stored is what has been sent again.
        return answers
    row = {
        "id": random_id(),
        "wave_code": wave.code,
        "quarantine_reason": quarantine,
        "fingerprint": fingerprints[0] if fingerprints else None,
        "fingerprint_is_timed": bool(fingerprints) and submission.timed,
    }
    said = {"questionnaire_digest": wave.questionnaire_digest, "language": draft.language, "answers": answers}
    public = public_key(session)
    if public is None:
        insert_once(session, AnswerSet, {**row, **said}, unique="fingerprint")
    else:
        insert_once(session, SealedAnswerSet, {**row, "sealed": seal(public, said)}, unique="fingerprint")
    return answers


def _use_code(session: Session, draft: Draft) -> bool:
    """Use the letter's code for this wave; False when it cannot be used, or has been."""
    if not draft.code_digests:
        return False
    is_it = (Invitation.code_digest.in_(draft.code_digests), Invitation.wave_code == draft.wave_code, ~Invitation.used)
    return session.execute(update(Invitation).where(*is_it).values(used=True)).rowcount == 1


def as_stored(answers: dict[str, Answer]) -> StoredAnswers:
    """Answers as the document that is stored: plain strings, numbers and lists."""
    return {code: list(answer) if isinstance(answer, tuple) else answer for code, answer in answers.items()}
