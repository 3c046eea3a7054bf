"""``citizen-portal serve``: the production server."""

import logging
import os
import resource
import signal
import threading
import time
from functools import partial
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from sqlalchemy.exc import DBAPIError

from citizen_portal.app import create_app
from citizen_portal.front.front import Front, Hashing
from citizen_portal.front.memory import Memory
from citizen_portal.settings import LOOPBACK_HOSTS, Settings
from citizen_portal.staff.gate import HASHES_AT, TOO_BUSY
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.storage.waits import bound_waits
from citizen_portal.surveys.sealing import ensure_answer_key
from citizen_portal.upkeep.secret_check import PUT_KEY_BACK, is_known, note_secret
from citizen_portal.web.counters import shared_counters
from citizen_portal.web.errors import prepare_refusals
from citizen_portal.web.log import DAY_ONLY, LINE
from citizen_portal.web.throttle import count_together
from citizen_portal.web.uploads import MAX_BODY_BYTES

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
# Of one worker. Past it they wait in the system's queue. One visitor's share is for the proxy to bound.
MOST_CONNECTIONS = 2048
# Until the head of a request is there, the first and the next on the same connection.
HEADER_SECONDS = 15
HEADER_BYTES = 64 * 1024


@click.command()
@with_appcontext
def serve() -> None:
    """Serve the portal at HOST:PORT with PORTAL_WORKERS processes of PORTAL_THREADS threads."""
    settings = current_app.config["PORTAL_SETTINGS"]
    _see_to_the_keys()
    _let_go(current_app)
    click.echo(f"Serving http://{settings.host}:{settings.port} with {settings.workers} workers. Stop with Ctrl+C.")
    with shared_counters() as folder:
        os.environ[COUNTERS] = str(folder)
        server("citizen_portal.cli.serve:front_of_worker", settings).serve()


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


def front_of_worker() -> Front:
    """What one worker serves, for as long as the server it belongs to lives."""
    threading.Thread(target=_stop_after, args=(os.getppid(),), daemon=True).start()
    app = create_app()
    with app.app_context():
        bound_waits(db.engine)
    if not app.config["PORTAL_SETTINGS"].redis_url:
        count_together(app, Path(os.environ[COUNTERS]))
    return front_of(app)


def front_of(app: Flask) -> Front:
    """The front of an app whose pages for refusals, and those with the number to call, are there before anyone asks."""
    prepare_refusals(app)
    visitor = app.test_client(use_cookies=False)
    for language in app.config["PORTAL_LANGUAGES"]:
        visitor.get(f"/{language}/", headers={"Host": LOOPBACK_HOSTS[0]})
    settings = app.config["PORTAL_SETTINGS"]
    memory = Memory(
        app.wsgi_app,
        app.extensions["kept_pages"],
        https=settings.serves_https,
        trusted_proxies=settings.trusted_proxies,
    )
    hashing = Hashing(path=HASHES_AT, too_busy=TOO_BUSY)
    return Front(
        app.wsgi_app, memory, hashing, most_bytes=MAX_BODY_BYTES, threads=settings.threads, at_end=partial(_let_go, app)
    )


def _let_go(app: Flask) -> None:
    """Close every connection to the database: with the last one SQLite empties its log into the file."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _stop_after(parent: int) -> None:
    """Stop this worker in good order once its parent is gone.

    A main process that is killed alone leaves its workers behind, and as they share the port, they would go on
    answering beside those of the next start, with the settings and the code of the last.
    """
    while os.getppid() == parent:
        time.sleep(LOOK_FOR_PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def server(factory: str, settings: Settings) -> Granian:
    """The production server for the front that ``factory`` (``package:function``) makes in each worker."""
    _allow_open_files(MOST_CONNECTIONS * 2)
    return Granian(
        factory,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        # Whoever may begin in either protocol may also begin in none, and is waited for without end.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=HEADER_BYTES),
        backlog=MOST_CONNECTIONS,
        backpressure=MOST_CONNECTIONS,
        workers=settings.workers,
        respawn_failed_workers=True,
        # A worker that is asked to stop while requests come in may wait for them without end. What it has acknowledged
        # is on disk by then, so it can be ended.
        workers_kill_timeout=STOP_WITHIN_SECONDS,
        websockets=False,
        log_access=False,
        log_dictconfig=LOG,
    )


def _allow_open_files(number: int) -> None:
    """Let the workers, which inherit it, have as many connections as they may."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now != resource.RLIM_INFINITY and now < number:
        wanted = number if most == resource.RLIM_INFINITY else min(number, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
