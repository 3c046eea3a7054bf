"""``citizen-portal backup``: a copy of the database that can be put back."""

from contextlib import closing
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import inspect

from citizen_portal.storage.engine import db
from citizen_portal.storage.file_times import flatten_times


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(out: Path) -> None:
    """Copy the SQLite database to OUT while the portal runs. Keep the secret key file somewhere else."""
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException("this portal runs on PostgreSQL: use pg_dump")
    if not inspect(db.engine).has_table("alembic_version"):
        raise click.ClickException(f"{db.engine.url.database} holds no portal: is PORTAL_DATA_DIR right?")
    if out.exists():
        raise click.ClickException(f"{out} exists already")
    out.touch(mode=0o600)
    source = db.engine.raw_connection()
    with closing(source):
        # Written anew, in the order of random keys: no page of the copy holds what was deleted, or an order of arrival.
        source.driver_connection.execute("VACUUM INTO ?", (str(out),))
    flatten_times(str(out))
    click.echo(f"Copied the database to {out}.")
