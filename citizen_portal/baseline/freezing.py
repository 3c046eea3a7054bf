"""Freezing: a period's figures become a snapshot that never changes, known by its digest."""

import json
import re
from datetime import date

from sqlalchemy.orm import Session

from citizen_portal.baseline import queries
from citizen_portal.baseline.compute import Computed
from citizen_portal.baseline.figures import Baseline
from citizen_portal.baseline.following_up import IndicatorChange, follow_up
from citizen_portal.baseline.indicators import question_of
from citizen_portal.baseline.models import BASELINE, FOLLOW_UP, BaselineSnapshot, digest_of
from citizen_portal.baseline.publishing import Document, Since, Title, public_document
from citizen_portal.baseline.refusals import SnapshotRefused
from citizen_portal.baseline.releasing import refuse_disclosure
from citizen_portal.municipality import Municipality
from citizen_portal.surveys import queries as survey_queries

_CODE = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")  # it stands in addresses
MOST_CODE_CHARACTERS = 40


def freeze(
    session: Session,
    municipality: Municipality,
    computed: Computed,
    *,
    code: str,
    against: str | None,
    today: date,
) -> BaselineSnapshot:
    """Store what was computed under ``code``; with ``against``, as the follow-up of that baseline. The caller commits.

    Freezing shows them to nobody; publishing is an act of its own. Raises ``SnapshotRefused`` for a code that is taken
    or fits no address and for an unknown ``against``, and ``ReleaseRefused`` when the auditor finds that all public
    documents together with these tables would give somebody away.
    """
    _refuse_code(session, code)
    title = Title(code, FOLLOW_UP if against else BASELINE, today.isoformat(), against)
    released = public_part(session, municipality, computed, title)
    refuse_disclosure(session, released)
    snapshot = _row(title, computed, canonical(released), today=today)
    session.add(snapshot)
    wave = survey_queries.wave(session, snapshot.wave_code)
    # Whatever is computed of the wave later, such as for another period, is weighted with the same counts.
    wave.population = wave.population or computed.population.document()
    session.flush()
    return snapshot


def _row(title: Title, computed: Computed, text: str, *, today: date) -> BaselineSnapshot:
    document = canonical(computed.baseline.document())
    return BaselineSnapshot(
        code=title.code,
        kind=title.kind,
        agreement_code=computed.baseline.agreement,
        wave_code=computed.baseline.wave,
        from_day=computed.baseline.from_day,
        to_day=computed.baseline.to_day,
        frozen_on=today,
        against_code=title.against,
        document=document,
        digest=digest_of(document),
        public_document=text,
        public_digest=digest_of(text),
    )


def public_part(session: Session, municipality: Municipality, computed: Computed, title: Title) -> Document:
    """What the public may see of the figures under this title. Raises ``SnapshotRefused`` as ``freeze`` does."""
    since = _since(session, municipality, computed.baseline, title.against) if title.against else None
    questionnaire = survey_queries.questionnaire(session, computed.baseline.questionnaire)
    return public_document(title, computed, since, municipality, questionnaire)


def is_code(text: str) -> bool:
    """Whether a snapshot can have this code: it fits into an address and into its column."""
    return _CODE.fullmatch(text) is not None and len(text) <= MOST_CODE_CHARACTERS


def _refuse_code(session: Session, code: str) -> None:
    if not is_code(code):
        raise SnapshotRefused(
            f"{code!r} must be small letters, digits and single hyphens, {MOST_CODE_CHARACTERS} at most"
        )
    if queries.snapshot(session, code) is not None:
        raise SnapshotRefused(f"{code!r} is frozen already, and a frozen baseline never changes")


def _since(session: Session, municipality: Municipality, later: Baseline, against: str) -> Since:
    changes = changes_since(session, municipality, later, against)
    return Since(changes, json.loads(queries.snapshot(session, against).public_document))


def changes_since(
    session: Session, municipality: Municipality, later: Baseline, against: str
) -> tuple[IndicatorChange, ...]:
    """What changed since a frozen baseline. Raises ``SnapshotRefused`` when there is none of that code."""
    earlier_snapshot = queries.snapshot(session, against)
    if earlier_snapshot is None:
        raise SnapshotRefused(f"there is no frozen baseline {against!r}")
    earlier = Baseline.from_document(json.loads(earlier_snapshot.document))
    new, old = (survey_queries.questionnaire(session, each.questionnaire) for each in (later, earlier))
    questions = {each.code: question_of(each) for each in municipality.agreement.indicators}
    return follow_up(later, earlier, (new, old), questions)


def canonical(document: dict[str, object]) -> str:
    """A document as JSON text, the same for the same values on any machine."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
