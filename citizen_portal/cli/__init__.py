"""The console script ``citizen-portal``: one file per group of commands.

Commands parse, call one function of a room, and print. They hold no rule of their own.
"""

import os
import sys

import click
from flask.cli import FlaskGroup

from citizen_portal.app import create_app
from citizen_portal.cli.backup import backup
from citizen_portal.cli.baseline import baseline
from citizen_portal.cli.check import check
from citizen_portal.cli.demo import demo
from citizen_portal.cli.estimate import estimate
from citizen_portal.cli.history import import_answers
from citizen_portal.cli.housekeeping import housekeeping
from citizen_portal.cli.invitations import invite, unused
from citizen_portal.cli.move import move_command
from citizen_portal.cli.plan import plan
from citizen_portal.cli.population import population
from citizen_portal.cli.questionnaires import questionnaire
from citizen_portal.cli.reports import reports
from citizen_portal.cli.restore import restore
from citizen_portal.cli.serve import serve
from citizen_portal.cli.staff import staff
from citizen_portal.cli.survey import survey
from citizen_portal.cli.survey_exports import export
from citizen_portal.municipality import MunicipalityError
from citizen_portal.settings import SettingsError, data_dir_of
from citizen_portal.storage.ownership import give_to_owner, owner_to_be
from citizen_portal.web.language import MissingCatalogue

COMMANDS = (
    serve, check, demo, staff, reports, survey, population, baseline, estimate, plan, housekeeping, backup, restore,
    move_command,
)  # fmt: skip
SURVEY_COMMANDS = (invite, unused, export, import_answers, questionnaire)

cli = FlaskGroup(
    create_app=create_app,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    help="Run and look after a citizen portal. Settings come from the environment: see 'check'.",
)
for command in COMMANDS:
    cli.add_command(command)
for command in SURVEY_COMMANDS:
    survey.add_command(command)


def main() -> None:
    """Run the console script; a portal that cannot start says why, a line for each reason, and exits with 2.

    What it writes, the database or an export, is for the one who runs it and nobody else on the machine.
    """
    os.umask(0o077)
    data_dir = data_dir_of(os.environ)
    if (owner := owner_to_be(data_dir)) and "--help" not in sys.argv:
        click.echo(f"citizen-portal: {data_dir} is {owner}'s: run sudo -u {owner} citizen-portal ...", err=True)
        sys.exit(2)
    try:
        cli(prog_name="citizen-portal")
    except (SettingsError, MunicipalityError, MissingCatalogue) as error:
        for each in (error, *getattr(error, "others", ())):
            click.echo(f"citizen-portal: {each}", err=True)
        sys.exit(2)
    finally:
        give_to_owner(data_dir)
