"""Every read of frozen baselines, as named functions. What is read is held to its digest first."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Exists, Row, exists, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from citizen_portal.baseline.models import PUBLISHED, WITHDRAWN, BaselineRelease, BaselineSnapshot, digest_of


class Standing(NamedTuple):
    """That a snapshot was published, and withdrawn; None where it was not."""

    published: BaselineRelease | None = None
    withdrawn: BaselineRelease | None = None

    @property
    def is_public(self) -> bool:
        """Whether everyone sees it now."""
        return self.published is not None and self.withdrawn is None


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
    """The code, public digest and public document of what everyone sees now, the latest period first.

    Raises ``DigestMismatch``.
    """
    return _documents(session, ~_acted(WITHDRAWN))


def ever_published(session: Session) -> Sequence[Row[tuple[str, str, str]]]:
    """The same of what everyone has seen at some time: also of what was withdrawn. Raises ``DigestMismatch``."""
    return _documents(session)


def published_one(session: Session, code: str) -> Row[tuple[str, str, str]]:
    """The same of one that everyone sees now. Raises ``NoResultFound`` and ``DigestMismatch``."""
    (row,) = _documents(session, BaselineSnapshot.code == code, ~_acted(WITHDRAWN)) or [None]
    if row is None:
        raise NoResultFound(f"nothing is published under {code!r}")
    return row


def standing(session: Session, code: str) -> Standing:
    """Whether a snapshot is public."""
    return standings(session).get(code, Standing())


def standings(session: Session) -> dict[str, Standing]:
    """The same of every snapshot that was ever published, by code."""
    found: dict[str, Standing] = {}
    for each in session.scalars(select(BaselineRelease)):
        found[each.code] = found.get(each.code, Standing())._replace(**{each.act: each})
    return found


def withdrawals(session: Session) -> Sequence[Row[tuple[BaselineRelease, str]]]:
    """What was withdrawn, each with the public digest of its document, the latest first."""
    latest = BaselineRelease.done_on.desc(), BaselineRelease.code.desc()
    of_snapshot = select(BaselineRelease, BaselineSnapshot.public_digest).join(
        BaselineSnapshot, BaselineSnapshot.code == BaselineRelease.code
    )
    return session.execute(of_snapshot.where(BaselineRelease.act == WITHDRAWN).order_by(*latest)).all()


def changed_since_frozen(session: Session) -> Iterator[str]:
    """The codes of snapshots that no longer fit their digests, public or full."""
    for each in session.scalars(select(BaselineSnapshot).order_by(BaselineSnapshot.code)):
        try:
            _hold_to_digests(each)
        except DigestMismatch:
            yield each.code


def _acted(act: str) -> Exists:
    return exists().where(BaselineRelease.code == BaselineSnapshot.code, BaselineRelease.act == act)


def _documents(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Row[tuple[str, str, str]]]:
    columns = (BaselineSnapshot.code, BaselineSnapshot.public_digest, BaselineSnapshot.public_document)
    newest_first = (BaselineSnapshot.to_day.desc(), BaselineSnapshot.code.desc())
    rows = session.execute(select(*columns).where(_acted(PUBLISHED), *conditions).order_by(*newest_first)).all()
    for row in rows:
        _hold(row.code, row.public_document, row.public_digest)
    return rows


def _hold_to_digests(found: BaselineSnapshot) -> None:
    _hold(found.code, found.document, found.digest)
    _hold(found.code, found.public_document, found.public_digest)


def _hold(code: str, text: str, digest: str) -> None:
    if digest_of(text) != digest:
        raise DigestMismatch(f"the frozen baseline {code!r} no longer fits its digest")
