"""``citizen-portal staff``: accounts of the workplace."""

import click
from flask.cli import AppGroup

from citizen_portal.staff.accounts import AccountRefused, add_account
from citizen_portal.storage.unit_of_work import unit_of_work

staff = AppGroup("staff", help="Accounts of the workplace.")


@staff.command()
@click.argument("username")
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Leave out to be asked: others on this machine can see what stands on a command line.",
)
def add(username: str, password: str) -> None:
    """Add an account named USERNAME."""
    try:
        with unit_of_work() as session:
            add_account(session, username=username, password=password)
    except AccountRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{username} can log in at /staff/login.")
