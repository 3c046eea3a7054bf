"""``citizen-portal move``: carry a whole installation from SQLite to PostgreSQL."""

import os

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from citizen_portal.app import create_app
from citizen_portal.storage.engine import db
from citizen_portal.upkeep.moving import Moved, MoveRefused, move


@click.command("move")
@click.option("--to", "url", required=True, help="The new database, empty: postgresql+psycopg://...")
@with_appcontext
def move_command(url: str) -> None:
    """Copy everything to an empty PostgreSQL and hold it to its digests. Stop the portal first.

    The SQLite database is brought up to date, and otherwise stays as it is.
    """
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException("this portal does not run on SQLite")
    _refuse_other_than_postgresql(url)
    old = db.engine
    upgrade()
    try:
        moved = _moved(old, url)
    except MoveRefused as refusal:
        raise click.ClickException(f"{refusal}. Nothing was moved.") from refusal
    except DBAPIError as error:
        raise click.ClickException(f"the new database does not answer ({type(error.orig).__name__})") from error
    for each in moved:
        click.echo(f"{each.table:<22} {each.rows:>9} rows, digest {each.digest[:16]} on both sides")
    click.echo("Everything is there. Set PORTAL_DATABASE_URL to it, run citizen-portal check, and start the portal.")


def _moved(old: Engine, url: str) -> list[Moved]:
    with create_app({**os.environ, "PORTAL_DATABASE_URL": url}).app_context():
        try:
            upgrade()
            return move(old, db.engine)
        finally:
            db.engine.dispose()


def _refuse_other_than_postgresql(url: str) -> None:
    try:
        new = make_url(url)
    except ArgumentError as error:
        raise click.ClickException(f"--to is no address of a database: {error}") from error
    if new.get_backend_name() != "postgresql":
        raise click.ClickException("--to has to name a PostgreSQL: postgresql+psycopg://user@host/database")
