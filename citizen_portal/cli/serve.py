"""``citizen-portal serve``: the production server."""

import logging
import os
import signal
import threading
import time
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy.exc import DBAPIError

from citizen_portal.app import create_app
from citizen_portal.settings import Settings
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.surveys.sealing import ensure_answer_key
from citizen_portal.upkeep.secret_check import PUT_KEY_BACK, is_known, note_secret
from citizen_portal.web.counters import shared_counters
from citizen_portal.web.log import DAY_ONLY, LINE
from citizen_portal.web.throttle import count_together

# The server's own lines get a day and no time, like the portal's: see web/log.py.
LOG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"day": {"format": LINE, "datefmt": DAY_ONLY}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "day"}},
    "loggers": {"_granian": {"handlers": ["console"], "level": logging.INFO, "propagate": False}},
}

# How the workers, which inherit it, learn of the counters that they share.
COUNTERS = "CITIZEN_PORTAL_COUNTERS"
LOOK_FOR_PARENT_SECONDS = 1
STOP_WITHIN_SECONDS = 5


@click.command()
@with_appcontext
def serve() -> None:
    """Serve the portal at HOST:PORT with PORTAL_WORKERS processes of PORTAL_THREADS threads."""
    settings = current_app.config["PORTAL_SETTINGS"]
    _see_to_the_keys()
    click.echo(f"Serving http://{settings.host}:{settings.port} with {settings.workers} workers. Stop with Ctrl+C.")
    with shared_counters() as folder:
        os.environ[COUNTERS] = str(folder)
        server("citizen_portal.cli.serve:app_of_worker", settings).serve()


def _see_to_the_keys() -> None:
    """Refuse to serve a database that was written with another secret; give a new one its keys."""
    try:
        with unit_of_work() as session:
            if not is_known(session, current_app.config["PORTAL_SECRETS"]):
                raise click.ClickException(f"the secret key is not the one of this database: {PUT_KEY_BACK}")
            note_secret(session, current_app.config["PORTAL_SECRET"])
        ensure_answer_key()
    except (StorageUnavailable, DBAPIError):
        # Without tables or a database it says so on /readyz, and comes up when they do.
        click.echo("The database does not answer or has no tables: see citizen-portal check.", err=True)


def app_of_worker() -> Flask:
    """The app that one worker serves, for as long as the server it belongs to lives."""
    threading.Thread(target=_stop_after, args=(os.getppid(),), daemon=True).start()
    app = create_app()
    if not app.config["PORTAL_SETTINGS"].redis_url:
        count_together(app, Path(os.environ[COUNTERS]))
    return app


def _stop_after(parent: int) -> None:
    """Stop this worker in good order once its parent is gone.

    A main process that is killed alone leaves its workers behind, and as they share the port, they would go on
    answering beside those of the next start, with the settings and the code of the last.
    """
    while os.getppid() == parent:
        time.sleep(LOOK_FOR_PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


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
        # A worker that is asked to stop while requests come in may wait for them without end. What it has acknowledged
        # is on disk by then, so it can be ended.
        workers_kill_timeout=STOP_WITHIN_SECONDS,
        websockets=False,
        log_access=False,
        log_dictconfig=LOG,
    )
