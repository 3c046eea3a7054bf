"""``citizen-portal survey export``: take a closed wave out as files."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from citizen_portal.storage.engine import db
from citizen_portal.surveys import queries
from citizen_portal.surveys.export.formats import FORMATS, ExportRefused, Format, exported
from citizen_portal.surveys.export.read_me import unique_warning
from citizen_portal.surveys.export.rows import Row
from citizen_portal.surveys.models import Wave
from citizen_portal.web.clock import today

EVERYTHING = "all"


@click.command()
@click.argument("code", metavar="WAVE")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Write to this folder.")
@click.option("--format", "name", type=click.Choice([EVERYTHING, *FORMATS]), default=EVERYTHING, show_default=True)
@with_appcontext
def export(code: str, out: Path, name: str) -> None:
    """Write the wave WAVE as files, each together with those it needs beside it."""
    session = db.session()
    wave = queries.wave(session, code)
    if wave is None:
        raise click.ClickException(f"there is no wave {code!r}")
    names = list(FORMATS) if name == EVERYTHING else [name, *FORMATS[name].beside]
    try:
        out.mkdir(parents=True, exist_ok=True)
        for wanted in (FORMATS[each] for each in names):
            _write(session, wave, wanted, out)
    except ExportRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
    if any(FORMATS[each].holds_rows for each in names):
        people = queries.number_of_answer_sets(session, code)
        click.echo(unique_warning(queries.unique_on_background(session, wave), people), err=True)


def _write(session: Session, wave: Wave, wanted: Format, folder: Path) -> None:
    """Write one file, beside its place and moved there whole, so that nobody opens half a file."""
    place = folder / wanted.file_name(wave.code)
    people = queries.number_of_answer_sets(session, wave.code)

    def watch(rows: Iterator[Row]) -> Iterator[Row]:
        hidden = not sys.stderr.isatty()
        with click.progressbar(rows, length=people, label=place.name, file=sys.stderr, hidden=hidden) as shown:
            yield from shown

    chunks = exported(session, wave, wanted, today=today(), watch=watch)
    half = place.with_name(place.name + ".part")
    try:
        with half.open("wb") as file:
            file.writelines(chunks)
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)
    click.echo(place)
