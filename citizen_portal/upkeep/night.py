"""The night: on which day housekeeping last did all of its work."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from citizen_portal.upkeep.models import Noted

NAME = "last night"
# The night of today may still be to come.
LONGEST = timedelta(days=1)
# A portal that was off for longer than this is rarer than a clock that was set wrong.
LEAP = timedelta(days=7)


class ClockLeapt(Exception):
    """The night would do for good what a clock that is set wrong says. The message is for the operator."""


def last_night(session: Session) -> date | None:
    """The day of the last night that did all of its work; None before the first."""
    noted = session.get(Noted, NAME)
    return date.fromisoformat(noted.value) if noted else None


def note_night(session: Session, *, today: date) -> None:
    """Note that the night of this day is done. The caller commits."""
    session.merge(Noted(name=NAME, value=today.isoformat()))


def is_missed(last: date | None, *, today: date) -> bool:
    """Whether a night has passed without its work, or the last was in the future. None yet is none missed."""
    return last is not None and abs(today - last) > LONGEST


def refuse_a_leap(session: Session, *, today: date) -> None:
    """Raise ``ClockLeapt`` when it is so long since the last night that the clock may be wrong."""
    last = last_night(session)
    if last is not None and today - last > LEAP:
        raise ClockLeapt(
            f"the clock says {today} and the last night was that of {last}. A wrong clock would close waves for good, "
            "so nothing was done. When the date is right (the portal was off, or an old backup was put back), run "
            "citizen-portal housekeeping --date-is-right once"
        )
