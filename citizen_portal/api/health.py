"""What the operator's monitor asks: is the process up, and can it take a report?"""

import time
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app
from sqlalchemy.exc import DBAPIError

from citizen_portal.reports.queries import any_report_exists
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable
from citizen_portal.upkeep.night import is_missed, last_night
from citizen_portal.upkeep.room import refuse_unless_writable
from citizen_portal.web.clock import today
from citizen_portal.web.kept import FOR_PROXY, kept_page

# Anybody may ask, so it is tried once in so many seconds and process, and asking oftener takes nobody's turn.
BETWEEN_TRIES_SECONDS = 2

health = Blueprint("health", __name__)


@health.get("/healthz")
@kept_page
def alive() -> Response:
    """200 while the process answers at all."""
    return Response("ok\n", mimetype="text/plain", headers={FOR_PROXY: "0"})


@health.get("/readyz")
def ready() -> Response:
    """200 with the day of the last night when the database could take a report; else the error page of 503."""
    try:
        any_report_exists(db.session())
        last = last_night(db.session())
    except DBAPIError as error:
        raise StorageUnavailable(type(error).__name__) from error
    _try_a_write(current_app.config["PORTAL_SETTINGS"].data_dir, int(time.monotonic() / BETWEEN_TRIES_SECONDS))
    night = f"last night: {last or 'none yet'}{' MISSED' if is_missed(last, today=today()) else ''}"
    return Response(f"ready\n{night}\n", mimetype="text/plain")


@lru_cache(maxsize=1)
def _try_a_write(data_dir: Path, _period: int) -> None:
    refuse_unless_writable(data_dir)
