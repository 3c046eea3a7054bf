"""``citizen-portal restore``: put a backup back, or only try whether it could be."""

import tempfile
from pathlib import Path

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from citizen_portal import resources
from citizen_portal.storage.engine import db
from citizen_portal.upkeep.restoring import Archive, RestoreRefused, examine, put_back


@click.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--drill", is_flag=True, help="Put it back into a folder that is thrown away, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def restore(archive: Path, drill: bool, yes: bool) -> None:
    """Put ARCHIVE, which 'backup' wrote, in the place of the SQLite database. The portal has to be stopped.

    A damaged archive, one of a newer release and one whose key is not there are refused, and nothing is changed.
    """
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException("this portal runs on PostgreSQL: use pg_restore")
    database = Path(db.engine.url.database)
    scripts = ScriptDirectory(str(resources.PACKAGE / "storage" / "migrations"))
    try:
        found = examine(
            archive,
            secrets=current_app.config["PORTAL_SECRETS"],
            revisions={each.revision for each in scripts.walk_revisions()},
        )
        click.echo(_told(archive, found))
        if drill:
            _try(archive)
            return
        if not yes:
            click.confirm(f"Everything in {database} is replaced by it. Go on?", abort=True)
        db.engine.dispose()
        put_back(archive, database)
    except RestoreRefused as refusal:
        raise click.ClickException(f"{refusal}. Nothing was changed.") from refusal
    if found.revision != scripts.get_current_head():
        upgrade()
    click.echo(f"Restored {database}. Run citizen-portal check, then start the portal.")


def _told(archive: Path, found: Archive) -> str:
    rows = ", ".join(f"{number} in {table}" for table, number in found.rows.items())
    return f"{archive} is whole: {rows}."


def _try(archive: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        put_back(archive, Path(folder) / "portal.sqlite3")
    click.echo("It can be put back. Nothing was changed.")
