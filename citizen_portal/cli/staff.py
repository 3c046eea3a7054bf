"""``citizen-portal staff``: accounts of the workplace."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from citizen_portal.staff.account_changes import (
    AccountRefused,
    add_account,
    change_password,
    change_role,
    close_account,
)
from citizen_portal.staff.accounts import accounts
from citizen_portal.staff.roles import ADMINISTRATOR, ROLES
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work

staff = AppGroup("staff", help="Accounts of the workplace.")

asks_for_password = click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Leave out to be asked: others on this machine can see what stands on a command line.",
)


@staff.command()
@click.argument("username")
@asks_for_password
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default=ADMINISTRATOR,
    show_default=True,
    help="reader: looks. officer: handles and takes out reports. analyst: waves and figures, and no words of a report.",
)
def add(username: str, password: str, role: str) -> None:
    """Add an account named USERNAME."""
    with _change() as session:
        add_account(session, username=username, password=password, role=role)
    click.echo(f"{username} can log in at /staff/login, as {role}.")


@staff.command("role")
@click.argument("username")
@click.argument("role", type=click.Choice(ROLES))
def give_role(username: str, role: str) -> None:
    """Give USERNAME another ROLE, at once."""
    with _change() as session:
        change_role(session, username=username, role=role)
    click.echo(f"{username} is {role} now.")


@staff.command()
@click.argument("username")
@asks_for_password
def password(username: str, password: str) -> None:
    """Give USERNAME a new password; a closed account is open again. Whoever is logged in with it has to log in anew."""
    with _change() as session:
        change_password(session, username=username, password=password)
    click.echo(f"{username} has a new password.")


@staff.command()
@click.argument("username")
def close(username: str) -> None:
    """Let nobody log in as USERNAME any more, and end the sessions there are. The audit trail keeps the name."""
    with _change() as session:
        close_account(session, username=username)
    click.echo(f"Nobody can log in as {username}.")


@staff.command("list")
def list_accounts() -> None:
    """List the accounts with their roles, and which of them are closed."""
    for username, role, is_open in accounts(db.session()):
        click.echo(f"{username} ({role})" if is_open else f"{username} (closed)")


@contextmanager
def _change() -> Iterator[Session]:
    """One commit; a refusal becomes a line on the terminal."""
    try:
        with unit_of_work() as session:
            yield session
    except AccountRefused as error:
        raise click.ClickException(str(error)) from error
