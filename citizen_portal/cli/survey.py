"""``citizen-portal survey``: waves of the safety survey."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.storage.rewrite import rewrite
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.surveys import lost_answers, waves
from citizen_portal.surveys.closing import close_wave
from citizen_portal.surveys.drawing import StrataRefused, read_strata
from citizen_portal.surveys.models import INVITED, SealedAnswerSet
from citizen_portal.surveys.questionnaire import Questionnaire
from citizen_portal.surveys.reading import questionnaires_of
from citizen_portal.surveys.sealing import ensure_answer_key, key_file
from citizen_portal.web.clock import today

survey = AppGroup("survey", help="Waves of the safety survey.")

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(formats=["%Y-%m-%d"])


@survey.command("open")
@click.argument("code")
@click.option("--questionnaire", "questionnaire_code", required=True, help="The questionnaire's code; newest version.")
@click.option("--sample", type=click.Choice(waves.SAMPLES), required=True, help="Letters to a drawn sample, or a link.")
@click.option("--from", "opens_on", type=DAY, required=True, help="The first day.")
@click.option("--to", "closes_on", type=DAY, required=True, help="The last day.")
@click.option("--strata", "strata_file", type=FILE, help="How the sample was drawn, a stratum a row (CSV).")
@click.option("--title", help="What staff call the wave; the questionnaire's title and CODE unless given.")
def open_(
    code: str,
    *,
    questionnaire_code: str,
    sample: str,
    opens_on: datetime,
    closes_on: datetime,
    strata_file: Path | None,
    title: str | None,
) -> None:
    """Open the wave CODE, which stands in its address, and freeze its questionnaire."""
    questionnaire = _newest(questionnaire_code)
    if strata_file and sample != INVITED:
        raise click.ClickException("only a drawn sample has strata")
    title = title or f"{questionnaire.title.get(installed().municipality.default_language)} {code}"
    try:
        with unit_of_work() as session:
            wave = waves.open_wave(
                session,
                questionnaire,
                code=code,
                title=title,
                sample=sample,
                opens_on=opens_on.date(),
                closes_on=closes_on.date(),
            )
            wave.strata = read_strata(strata_file.read_bytes(), questionnaire) if strata_file else None
    except (waves.WaveRefused, StrataRefused) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"Wave {wave.code} takes answers from {wave.opens_on} to {wave.closes_on}.")
    click.echo(f"Questionnaire {questionnaire.code}, version {questionnaire.version}, digest {questionnaire.digest}")


@survey.command()
@click.argument("code")
def close(code: str) -> None:
    """Close the wave CODE for good: no more answers, the codes of its letters deleted, the order of answers destroyed.

    Run it again if it could not finish; the nightly housekeeping does, too.
    """
    try:
        wave = close_wave(code, today=today())
    except waves.WaveRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except StorageUnavailable as error:
        raise click.ClickException(f"the wave {code!r} is not wholly closed: {error}. Run this again") from error
    letters = f" {wave.used} of {wave.invited} letters were used." if wave.sample == INVITED else ""
    click.echo(f"Wave {wave.code} closed on {wave.closed_on}.{letters}")


def _newest(code: str) -> Questionnaire:
    versions = [each for each in questionnaires_of(installed().municipality) if each.code == code]
    if not versions:
        raise click.ClickException(f"the municipality has no questionnaire {code!r}")
    return max(versions, key=lambda each: each.version)


@survey.command("give-up-sealed")
@click.option("--yes", is_flag=True, help="Do not ask.")
def give_up_sealed(*, yes: bool) -> None:
    """Give up the answers whose key (answers.key) is lost for good, and make a new key, so that nights go on."""
    try:
        lost = lost_answers.unreadable(db.session())
    except lost_answers.NothingLost as nothing:
        raise click.ClickException("nothing is lost: the night opens what lies sealed") from nothing
    for wave, number in lost.items():
        click.echo(f"{wave}: {number} answers that nobody can read")
    click.echo("Look for answers.key in backups, and on every machine that has served this database.")
    if not yes:
        click.confirm("Give these answers up for ever?", abort=True)
    with unit_of_work() as session:
        lost_answers.give_up(session)
    ensure_answer_key()
    rewrite(SealedAnswerSet)
    click.echo(f"Given up: {sum(lost.values())}. New answers are sealed to a new key: back up {key_file()} now.")
