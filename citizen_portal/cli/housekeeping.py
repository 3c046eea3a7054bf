"""``citizen-portal housekeeping``: what has to be done every night."""

import time
from datetime import date, datetime, timedelta

import click
from flask.cli import with_appcontext

from citizen_portal.reports.alike.finding import forget_who_began, group_those_without
from citizen_portal.reports.alike.models import TextBand, TextGroup
from citizen_portal.reports.housekeeping import forget_timed_fingerprints
from citizen_portal.reports.models import Photo, Report, ReportMessage, ReportMove
from citizen_portal.staff.models import AuditEntry
from citizen_portal.storage.before_upgrade import copy_of, forget_copy
from citizen_portal.storage.engine import db
from citizen_portal.storage.rewrite import rewrite_in_order_of_keys
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.surveys.closing import close_ended_waves, shuffle_open_waves
from citizen_portal.upkeep.night import ClockLeapt, note_night, refuse_a_leap
from citizen_portal.web.clock import now, today

# After half past midnight, so that a retry across midnight still finds its report.
HOUR, MINUTE = 3, 20
COPY_IS_KEPT = timedelta(days=7)


@click.command()
@click.option("--every-night", is_flag=True, help="Do it now, and then every night until stopped.")
@click.option("--date-is-right", is_flag=True, help="More than a week has passed since the last night, truly.")
@with_appcontext
def housekeeping(every_night: bool, date_is_right: bool) -> None:
    """Run once a night: forget what was only needed for a while, and close waves whose last day has passed."""
    while every_night:
        try:
            _one_night(date_is_right)
        except click.ClickException as error:
            error.show()
        db.session.remove()
        db.engine.dispose()
        date_is_right = False  # it was said of today
        time.sleep(seconds_until_the_night(now()))
    _one_night(date_is_right)


def seconds_until_the_night(at: datetime) -> float:
    """How long it is until the next twenty past three after ``at``, a time with a zone."""
    night = at.replace(hour=HOUR, minute=MINUTE, second=0, microsecond=0)
    if night <= at:
        night += timedelta(days=1)
    # In seconds that pass, where the clock is moved in between.
    return night.timestamp() - at.timestamp()


def _one_night(date_is_right: bool) -> None:
    try:
        with unit_of_work() as session:
            if not date_is_right:
                refuse_a_leap(session, today=today())
            forgotten = forget_timed_fingerprints(session, today=today())
        click.echo(f"Fingerprints of retries forgotten: {forgotten}")
        _group_alike_reports()
        closed, shuffled = close_ended_waves(today=today()), shuffle_open_waves(today=today())
        rewrite_in_order_of_keys(Report, Photo, ReportMessage, ReportMove, TextGroup, TextBand, AuditEntry)
        _forget_copy()
        with unit_of_work() as session:
            note_night(session, today=today())
    except ClockLeapt as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except StorageUnavailable as error:
        raise click.ClickException(f"the night is not wholly done: {error}. The next night tries again") from error
    click.echo(f"Waves closed: {', '.join(closed) or 'none'}")
    click.echo(f"Open waves shuffled: {', '.join(shuffled) or 'none'}")


def _forget_copy() -> None:
    """Delete the copy from before an upgrade after a week."""
    if db.engine.dialect.name != "sqlite":
        return
    copy = copy_of(db.engine.url.database)
    if copy.exists() and today() - date.fromtimestamp(copy.stat().st_mtime) > COPY_IS_KEPT:
        forget_copy(db.engine)
        click.echo(f"Deleted {copy}, the copy from before the last upgrade")


def _group_alike_reports() -> None:
    grouped = True
    while grouped:
        with unit_of_work() as session:
            grouped = group_those_without(session)
    with unit_of_work() as session:
        forget_who_began(session)
