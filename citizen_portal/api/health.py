"""What the operator's monitor asks: is the process up, and can it take a report?"""

from flask import Blueprint, Response
from sqlalchemy import text

from citizen_portal.storage.engine import db

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """200 while the process answers at all."""
    return Response("ok\n", mimetype="text/plain")


@health.get("/readyz")
def ready() -> Response:
    """200 when the database answers; the error page of 503 when it does not."""
    db.session.execute(text("SELECT 1"))
    return Response("ready\n", mimetype="text/plain")
