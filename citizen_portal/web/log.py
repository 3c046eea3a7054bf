"""The log: what went wrong, on which day. Never a visitor's address, browser or words, and never the time."""

import logging

from flask.logging import default_handler

DAY_ONLY = "%Y-%m-%d"
LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def init_log() -> None:
    """Give the app's log lines a day and nothing finer: a line at the minute of a report would date the report."""
    default_handler.setFormatter(logging.Formatter(LINE, DAY_ONLY))
    # The app's own logger lies below this one, so every room's lines pass through the one handler.
    house = logging.getLogger("citizen_portal")
    house.setLevel(logging.INFO)
    if default_handler not in house.handlers:
        house.addHandler(default_handler)
