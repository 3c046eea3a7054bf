"""Every read of frozen baselines, as named functions. What is read is held to its digest first."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from citizen_portal.baseline.models import BaselineSnapshot, digest_of


class DigestMismatch(RuntimeError):
    """A frozen document is no longer what was frozen: somebody has been at the database. Nothing of it is shown."""


def snapshot(session: Session, code: str) -> BaselineSnapshot | None:
    """The snapshot with this code, or None. Raises ``DigestMismatch``."""
    found = session.get(BaselineSnapshot, code)
    if found is not None:
        _hold_to_digests(found)
    return found


def snapshots(session: Session) -> Sequence[BaselineSnapshot]:
    """Every snapshot, the latest period first. Raises ``DigestMismatch``."""
    newest_first = (BaselineSnapshot.to_day.desc(), BaselineSnapshot.code.desc())
    found = session.scalars(select(BaselineSnapshot).order_by(*newest_first)).all()
    for each in found:
        _hold_to_digests(each)
    return found


def published(session: Session) -> Sequence[Row[tuple[str, str, str]]]:
    """The code, public digest and public document of what was frozen as public, the latest period first.

    Raises ``DigestMismatch``.
    """
    columns = (BaselineSnapshot.code, BaselineSnapshot.public_digest, BaselineSnapshot.public_document)
    newest_first = (BaselineSnapshot.to_day.desc(), BaselineSnapshot.code.desc())
    rows = session.execute(select(*columns).where(BaselineSnapshot.is_public).order_by(*newest_first)).all()
    for row in rows:
        _hold(row.code, row.public_document, row.public_digest)
    return rows


def published_one(session: Session, code: str) -> Row[tuple[str, str, str]]:
    """The same of one snapshot. Raises ``NoResultFound`` and ``DigestMismatch``."""
    columns = (BaselineSnapshot.code, BaselineSnapshot.public_digest, BaselineSnapshot.public_document)
    row = session.execute(select(*columns).where(BaselineSnapshot.code == code, BaselineSnapshot.is_public)).one()
    _hold(row.code, row.public_document, row.public_digest)
    return row


def changed_since_frozen(session: Session) -> Iterator[str]:
    """The codes of snapshots that no longer fit their digests, public or full."""
    for each in session.scalars(select(BaselineSnapshot).order_by(BaselineSnapshot.code)):
        try:
            _hold_to_digests(each)
        except DigestMismatch:
            yield each.code


def _hold_to_digests(found: BaselineSnapshot) -> None:
    _hold(found.code, found.document, found.digest)
    _hold(found.code, found.public_document, found.public_digest)


def _hold(code: str, text: str, digest: str) -> None:
    if digest_of(text) != digest:
        raise DigestMismatch(f"the frozen baseline {code!r} no longer fits its digest")
