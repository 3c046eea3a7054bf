"""Every read of frozen baselines, as named functions."""

from collections.abc import Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from citizen_portal.baseline.models import BaselineSnapshot


def snapshot(session: Session, code: str) -> BaselineSnapshot | None:
    """The snapshot with this code, or None."""
    return session.get(BaselineSnapshot, code)


def snapshots(session: Session) -> Sequence[BaselineSnapshot]:
    """Every snapshot, the latest period first."""
    return session.scalars(
        select(BaselineSnapshot).order_by(BaselineSnapshot.to_day.desc(), BaselineSnapshot.code.desc())
    ).all()


def published(session: Session) -> Sequence[Row[tuple[str, str, str]]]:
    """Every snapshot's code, public digest and public document, the latest period first; never the full one."""
    columns = (BaselineSnapshot.code, BaselineSnapshot.public_digest, BaselineSnapshot.public_document)
    newest_first = (BaselineSnapshot.to_day.desc(), BaselineSnapshot.code.desc())
    return session.execute(select(*columns).order_by(*newest_first)).all()


def published_one(session: Session, code: str) -> Row[tuple[str, str, str]]:
    """The same of one snapshot. Raises ``NoResultFound``."""
    columns = (BaselineSnapshot.code, BaselineSnapshot.public_digest, BaselineSnapshot.public_document)
    return session.execute(select(*columns).where(BaselineSnapshot.code == code)).one()
