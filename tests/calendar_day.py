"""The day it is in the municipality: the portal's own, which between two midnights is not this machine's."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def the_day() -> date:
    """Today in the time zone of the municipalities that tests use."""
    return datetime.now(ZoneInfo("Europe/Stockholm")).date()
