"""A database that cannot write: locked by another program, or full."""

import sqlite3
from contextlib import contextmanager

from sqlalchemy import event, text

from citizen_portal.storage.engine import db


@contextmanager
def locked(app):
    """Another program holds the database's write lock, and this one does not wait for it."""
    file = app.config["PORTAL_SETTINGS"].data_dir / "portal.sqlite3"
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        with each_connection(app, "PRAGMA busy_timeout = 0"):
            yield
    finally:
        connection.close()


@contextmanager
def full(app):
    """The disk is full: the database may not grow by a single page."""
    db.session.remove()
    with db.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
    with each_connection(app, f"PRAGMA max_page_count = {pages}"):
        yield


@contextmanager
def each_connection(app, pragma: str):
    """Run a pragma on every connection that is made meanwhile."""

    def run(connection, _record) -> None:
        connection.execute(pragma)

    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", run)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", run)
        db.session.remove()
        db.engine.dispose()
