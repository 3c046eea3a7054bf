"""Which waves figures can be computed from, each with the year of reports that goes with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from citizen_portal.baseline.figures import Period
from citizen_portal.surveys.models import Wave
from citizen_portal.surveys.waves import CLOSED, state_of


@dataclass(frozen=True, slots=True)
class Computable:
    """A wave that has ended, and the year up to its last day: a proposal, no rule."""

    code: str
    title: str
    period: Period


def computable(waves: Sequence[Wave], today: date) -> Iterator[Computable]:
    """The waves that have ended, in the order given."""
    for wave in waves:
        if state_of(wave, today) == CLOSED:
            last_day = min(wave.closed_on or wave.closes_on, wave.closes_on, today - timedelta(days=1))
            yield Computable(wave.code, wave.title, Period(_a_year_before(last_day), last_day))


def _a_year_before(last_day: date) -> date:
    """The first of the twelve months that end with this day."""
    day_after = last_day + timedelta(days=1)
    # The year that ends on a 28 February begins on a 1 March; there is no 29 February a year before.
    leap_day = (day_after.month, day_after.day) == (2, 29)
    return day_after.replace(year=day_after.year - 1, **({"day": 28} if leap_day else {}))
