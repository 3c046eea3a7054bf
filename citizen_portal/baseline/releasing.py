"""Publishing and withdrawing: what everyone sees of what is frozen. Each is an act of its own, on record for good.

A withdrawn document is gone from pages and feed, where its digest, the day and the reason stay. Whoever read it may
have kept it, so every later release is judged beside it as well: a correction may say less than what it replaces, or
the same in other words, and no other number of the same people.
"""

import json
from datetime import date

from sqlalchemy.orm import Session

from citizen_portal.baseline import queries
from citizen_portal.baseline.models import PUBLISHED, WITHDRAWN, BaselineRelease
from citizen_portal.baseline.publishing import Document
from citizen_portal.baseline.queries import Standing
from citizen_portal.baseline.refusals import BaselineNotPublic, ReleaseRefused, RestsOnInvention, SnapshotRefused
from citizen_portal.publication.auditor import between, within
from citizen_portal.surveys.demonstration import EXAMPLE

MOST_REASON_CHARACTERS = 300


def publish(
    session: Session,
    code: str,
    *,
    today: date,
    replaces: str | None = None,
    because: str = "",
    invented_too: bool = False,
) -> None:
    """Show what is frozen under ``code`` to everyone; what it ``replaces`` is withdrawn with it. The caller commits.

    Publishing what is public already changes nothing. Only a demonstration publishes what is ``invented_too``. Raises
    ``SnapshotRefused`` for a code that is not frozen or was withdrawn, and what its subclasses say.
    """
    standing = _standing(session, code)
    if standing.withdrawn:
        raise SnapshotRefused(f"{code!r} was withdrawn: freeze the figures under another code")
    if standing.published:
        return
    document = json.loads(queries.snapshot(session, code).public_document)
    if not invented_too:
        _refuse_inventions(document)
    against = document["against"]
    if against and not _standing(session, against).is_public:
        raise BaselineNotPublic(f"{against!r} is not public, and the changes since it would tell its numbers")
    refuse_disclosure(session, document)
    if replaces:
        withdraw(session, replaces, because=because, today=today, replaced_by=code)
    session.add(BaselineRelease(code=code, act=PUBLISHED, done_on=today, because=""))
    session.flush()


def withdraw(session: Session, code: str, *, because: str, today: date, replaced_by: str | None = None) -> None:
    """Take what is public under ``code`` back, with the reason that everyone reads. The caller commits.

    Withdrawing what was withdrawn changes nothing. Raises ``SnapshotRefused`` for a code that is not public, and for a
    reason that is missing or longer than 300 characters.
    """
    standing = _standing(session, code)
    if standing.withdrawn:
        return
    if not standing.published:
        raise SnapshotRefused(f"{code!r} is not public, so there is nothing to withdraw")
    reason = " ".join(because.split())
    if not 0 < len(reason) <= MOST_REASON_CHARACTERS:
        raise SnapshotRefused(f"withdrawing takes a reason of at most {MOST_REASON_CHARACTERS} characters")
    session.add(BaselineRelease(code=code, act=WITHDRAWN, done_on=today, because=reason, replaced_by=replaced_by))
    session.flush()


def refuse_disclosure(session: Session, released: Document) -> None:
    """Hold a public document against itself and against every one that is or was out. Raises ``ReleaseRefused``."""
    for row in queries.ever_published(session):
        for fault in between(released, json.loads(row.public_document)):
            raise ReleaseRefused(fault, row.code)
    for fault in within(released):
        raise ReleaseRefused(fault, released["code"])


def _standing(session: Session, code: str) -> Standing:
    if queries.snapshot(session, code) is None:
        raise SnapshotRefused(f"there is no frozen baseline {code!r}")
    return queries.standing(session, code)


def _refuse_inventions(document: Document) -> None:
    survey = document["survey"]
    if survey["wave"].startswith(EXAMPLE):
        raise RestsOnInvention(f"the wave {survey['wave']!r} is of the demonstration: its answers are invented")
    if survey["example_population"]:
        raise RestsOnInvention(
            "the population is an example: import the register's (citizen-portal population import) and freeze anew"
        )
