"""Every read of frozen baselines, as named functions."""

from collections.abc import Sequence

from sqlalchemy import select
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
