"""The only place that looks at the clock on behalf of a request."""

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app


def today() -> date:
    """The day it is in the municipality."""
    return now().date()


def now() -> datetime:
    """The time it is in the municipality, with its zone; for waiting, and never to be stored."""
    return datetime.now(ZoneInfo(current_app.config["PORTAL_TIMEZONE"]))


def seconds() -> float:
    """Seconds since the epoch, for windows of time that are never stored as such."""
    return time.time()
