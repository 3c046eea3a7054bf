"""``citizen-portal baseline publish`` and ``withdraw``: what everyone sees of what is frozen."""

import click
from flask.cli import with_appcontext

from citizen_portal.baseline.refusals import SnapshotRefused
from citizen_portal.baseline.releasing import publish, withdraw
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.web.clock import today

YES = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command("publish")
@click.argument("code")
@click.option("--replaces", help="The public baseline that this corrects; it is withdrawn at the same moment.")
@click.option("--because", default="", help="Why that one is withdrawn; everyone reads it.")
@YES
@with_appcontext
def publish_command(code: str, replaces: str | None, because: str, yes: bool) -> None:
    """Show the frozen baseline CODE to everyone, on the pages for residents and in the feed. Asks before it does."""
    if not yes:
        click.confirm(f"Everyone will see {code}, and may keep it. Go on?", abort=True, err=True)
    try:
        with unit_of_work() as session:
            publish(session, code, today=today(), replaces=replaces, because=because)
    except SnapshotRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"Published: {code}")


@click.command("withdraw")
@click.argument("code")
@click.option("--because", required=True, help="Why; everyone reads it, where the figures were.")
@YES
@with_appcontext
def withdraw_command(code: str, because: str, yes: bool) -> None:
    """Take the public baseline CODE from pages and feed; its digest and the reason stay. Asks before it does."""
    if not yes:
        click.confirm(f"Withdrawing {code} cannot be undone. Go on?", abort=True, err=True)
    try:
        with unit_of_work() as session:
            withdraw(session, code, because=because, today=today())
    except SnapshotRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"Withdrawn: {code}")
