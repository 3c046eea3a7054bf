"""``citizen-portal demo``: invented reports to look around with."""

import click
from flask import current_app
from flask.cli import AppGroup

from citizen_portal.municipality.installed import installed
from citizen_portal.reports.demonstration import load_demonstration
from citizen_portal.reports.queries import any_report_exists
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.web.clock import today

demo = AppGroup("demo", help="Invented reports to look around with.")


@demo.command()
@click.option("--if-empty", is_flag=True, help="Only when there are no reports, and PORTAL_DEMO is not 0.")
def load(if_empty: bool) -> None:
    """Load invented reports. Each says in its text that it is an example."""
    if if_empty and (not current_app.config["PORTAL_SETTINGS"].demo or any_report_exists(db.session())):
        return
    with unit_of_work() as session:
        count = load_demonstration(
            session, installed().municipality, secret=current_app.config["PORTAL_SECRET"], today=today()
        )
    click.echo(f"Loaded {count} invented reports. Each says that it is an example.")
