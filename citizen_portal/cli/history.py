"""``citizen-portal survey import-answers``: an earlier survey as a wave of the same series."""

import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path

import click
from flask.cli import with_appcontext

from citizen_portal.municipality import MunicipalityError
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys.history.importing import Summary, import_wave
from citizen_portal.surveys.history.mapping import HistoryMapping, read_mapping
from citizen_portal.surveys.history.row_file import NumberedRow, RowRefused, open_rows, rows_of
from citizen_portal.surveys.reading import questionnaires_of
from citizen_portal.surveys.waves import WaveRefused
from citizen_portal.web.clock import today

ROWS_PER_STEP = 500
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import-answers")
@click.argument("file", type=FILE)
@click.option("--mapping", "mapping_file", type=FILE, required=True, help="Which column answers which question (TOML).")
@click.option("--check", is_flag=True, help="Only look: read and check everything, and store nothing.")
@with_appcontext
def import_answers(file: Path, *, mapping_file: Path, check: bool) -> None:
    """Store the row file FILE of an earlier survey as a wave that has ended."""
    try:
        mapping = read_mapping(mapping_file, questionnaires_of(installed().municipality))
        with unit_of_work() as session, open_rows(file, mapping) as opened:
            rows = _with_progress(rows_of(opened, mapping), opened, file.stat().st_size)
            summary = import_wave(session, mapping, rows, today=today())
            if check:
                session.rollback()
    except (MunicipalityError, WaveRefused) as refusal:
        raise click.ClickException(f"{refusal}; nothing is stored") from refusal
    except RowRefused as refusal:
        raise click.ClickException(f"{file.name}: {refusal}; nothing is stored") from refusal
    _tell(mapping, summary, check)


def _with_progress(rows: Iterable[NumberedRow], file: TextIOWrapper, size: int) -> Iterator[NumberedRow]:
    """The rows, with a progress bar on a terminal that goes by the bytes that have been read."""
    with click.progressbar(length=size, label="Rows", file=sys.stderr) as bar:
        for row, cells in rows:
            yield row, cells
            if row % ROWS_PER_STEP == 0:
                bar.update(file.buffer.tell() - bar.pos)
        bar.update(size - bar.pos)


def _tell(mapping: HistoryMapping, summary: Summary, check: bool) -> None:
    if check:
        click.echo(f"Wave {mapping.wave.code} could be imported with {summary.stored} answer sets; nothing is stored.")
    else:
        click.echo(f"Wave {mapping.wave.code} is imported with {summary.stored} answer sets.")
    if summary.unanswered:
        click.echo(f"Rows without any answer, left out: {summary.unanswered}")
    for code, dropped in sorted(summary.not_asked.items()):
        click.echo(f"Answers to {code!r} where it was not to be asked, left out: {dropped}")
    mapped = {question.code for question, _source in mapping.questions}
    missing = [code for code in mapping.questionnaire.by_code if code not in mapped]
    if missing:
        click.echo(f"Questions that the mapping leaves without answers: {', '.join(missing)}")
