"""The night: on which day housekeeping last did all of its work."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from citizen_portal.upkeep.models import Noted

NAME = "last night"
# The night of today may still be to come.
LONGEST = timedelta(days=1)


def last_night(session: Session) -> date | None:
    """The day of the last night that did all of its work; None before the first."""
    noted = session.get(Noted, NAME)
    return date.fromisoformat(noted.value) if noted else None


def note_night(session: Session, *, today: date) -> None:
    """Note that the night of this day is done. The caller commits."""
    session.merge(Noted(name=NAME, value=today.isoformat()))


def is_missed(last: date | None, *, today: date) -> bool:
    """Whether a night has passed without its work. A portal that has had none yet has missed none."""
    return last is not None and today - last > LONGEST
