"""``citizen-portal serve``: the production server."""

import logging

import click
from flask import current_app
from flask.cli import with_appcontext
from granian import Granian
from granian.constants import Interfaces

from citizen_portal.settings import Settings
from citizen_portal.web.log import DAY_ONLY, LINE

# The server's own lines get a day and no time, like the portal's: see web/log.py.
LOG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"day": {"format": LINE, "datefmt": DAY_ONLY}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "day"}},
    "loggers": {"_granian": {"handlers": ["console"], "level": logging.INFO, "propagate": False}},
}


@click.command()
@with_appcontext
def serve() -> None:
    """Serve the portal at HOST:PORT with PORTAL_WORKERS processes of PORTAL_THREADS threads."""
    settings = current_app.config["PORTAL_SETTINGS"]
    click.echo(f"Serving http://{settings.host}:{settings.port} with {settings.workers} workers. Stop with Ctrl+C.")
    server("citizen_portal:create_app", settings).serve()


def server(factory: str, settings: Settings) -> Granian:
    """The production server for the app that ``factory`` (``package:function``) makes in each worker."""
    return Granian(
        factory,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        respawn_failed_workers=True,
        websockets=False,
        log_access=False,
        log_dictconfig=LOG,
    )
