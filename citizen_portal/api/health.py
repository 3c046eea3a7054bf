"""What the operator's monitor asks: is the process up, and can it take a report?"""

from flask import Blueprint, Response
from sqlalchemy.exc import DBAPIError

from citizen_portal.reports.queries import any_report_exists
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """200 while the process answers at all."""
    return Response("ok\n", mimetype="text/plain")


@health.get("/readyz")
def ready() -> Response:
    """200 when the database answers and has tables; the error page of 503 when it does not."""
    try:
        any_report_exists(db.session())
    except DBAPIError as error:
        raise StorageUnavailable(type(error).__name__) from error
    return Response("ready\n", mimetype="text/plain")
