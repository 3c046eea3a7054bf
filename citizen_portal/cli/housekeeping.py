"""``citizen-portal housekeeping``: what has to be done every night."""

import click
from flask.cli import with_appcontext

from citizen_portal.reports.housekeeping import forget_timed_fingerprints
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.web.clock import today


@click.command()
@with_appcontext
def housekeeping() -> None:
    """Run once a night: forget what was only needed for a while."""
    with unit_of_work() as session:
        forgotten = forget_timed_fingerprints(session, today=today())
    click.echo(f"Fingerprints of retries forgotten: {forgotten}")
