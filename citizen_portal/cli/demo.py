"""``citizen-portal demo``: an invented portal to look around in, from reports and answers to a frozen baseline."""

import click
from flask import current_app
from flask.cli import AppGroup

from citizen_portal.baseline.demonstration import load_baselines, refused_release
from citizen_portal.municipality.installed import installed
from citizen_portal.reports.demonstration import load_demonstration
from citizen_portal.reports.queries import any_report_exists
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.web.clock import today

demo = AppGroup("demo", help="An invented portal to look around in.")


@demo.command()
@click.option("--if-empty", is_flag=True, help="Only when there are no reports, and PORTAL_DEMO is not 0.")
def load(if_empty: bool) -> None:
    """Load invented reports, and where there is no wave yet, waves and baselines. All say that they are examples.

    A frozen baseline never changes, so this is for a portal to try, not for one that will be used in earnest.
    """
    if if_empty and (not current_app.config["PORTAL_SETTINGS"].demo or any_report_exists(db.session())):
        return
    municipality, secret = installed().municipality, current_app.config["PORTAL_SECRET"]
    with unit_of_work() as session:
        count = load_demonstration(session, municipality, secret=secret, today=today())
        snapshots = load_baselines(session, municipality, today=today())
    click.echo(f"Loaded {count} invented reports. Each says that it is an example.")
    if snapshots:
        click.echo(f"Loaded two years of invented reports and answers, frozen as the baselines {', '.join(snapshots)}.")
        click.echo(
            f"A third release was tried and refused, as it should be: {refused_release(db.session(), municipality)}."
        )
