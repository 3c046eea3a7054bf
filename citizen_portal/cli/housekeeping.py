"""``citizen-portal housekeeping``: what has to be done every night."""

import click
from flask.cli import with_appcontext

from citizen_portal.reports.housekeeping import forget_timed_fingerprints
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.surveys.closing import close_ended_waves, shuffle_open_waves
from citizen_portal.web.clock import today


@click.command()
@with_appcontext
def housekeeping() -> None:
    """Run once a night: forget what was only needed for a while, and close waves whose last day has passed."""
    with unit_of_work() as session:
        forgotten = forget_timed_fingerprints(session, today=today())
    click.echo(f"Fingerprints of retries forgotten: {forgotten}")
    try:
        closed, shuffled = close_ended_waves(today=today()), shuffle_open_waves(today=today())
    except StorageUnavailable as error:
        raise click.ClickException(f"the waves are not wholly done: {error}. The next night tries again") from error
    click.echo(f"Waves closed: {', '.join(closed) or 'none'}")
    click.echo(f"Open waves shuffled: {', '.join(shuffled) or 'none'}")
