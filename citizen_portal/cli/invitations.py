"""``citizen-portal survey invite`` and ``unused``: the letters of a wave."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.surveys import queries
from citizen_portal.surveys.invitations import (
    InvitationsRefused,
    Letter,
    letters_to_remind,
    new_letters,
    store_letters,
)
from citizen_portal.surveys.print_sheet import Printing, letters_csv, letters_html
from citizen_portal.web.clock import today
from citizen_portal.web.csv_rows import FOR_EXCEL, csv_chunks

MOST_LETTERS = 100_000


@click.command()
@click.argument("wave_code", metavar="WAVE")
@click.option("--count", type=click.IntRange(1, MOST_LETTERS), required=True, help="How many letters.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="A folder; letters-WAVE-FIRST-LAST.")
@with_appcontext
def invite(wave_code: str, count: int, out: Path | None) -> None:
    """Make letters with one-time codes for the wave WAVE: letters.csv, and letters.html to print.

    The codes are nowhere else: guard the files, and delete them when the letters are in the post.
    """
    public_url = current_app.config["PORTAL_SETTINGS"].public_url
    if public_url is None:
        raise click.ClickException("set PORTAL_PUBLIC_URL=https://...: the letters say where the portal is reached")
    try:
        letters = new_letters(db.session(), wave_code, count, today=today())
        folder = out or Path(f"letters-{wave_code}-{letters[0].number}-{letters[-1].number}")
        with _new_files(folder, _files_of(public_url, wave_code, letters)), unit_of_work() as session:
            store_letters(session, wave_code, letters, secret=current_app.config["PORTAL_SECRET"], today=today())
    except InvitationsRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except StorageUnavailable as error:
        raise click.ClickException("the database took nothing right now: no letter was made") from error
    click.echo(f"Letters {letters[0].number} to {letters[-1].number} of {wave_code} are in {folder}.")


@click.command()
@click.argument("wave_code", metavar="WAVE")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@with_appcontext
def unused(wave_code: str, out: Path | None) -> None:
    """List the numbers of letters of WAVE that have not been used, as CSV, and nothing else.

    Take it once, when the reminders go out: two lists side by side show who answered in between.
    """
    try:
        numbers = letters_to_remind(db.session(), wave_code, today=today())
    except InvitationsRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    chunks = csv_chunks(["letter"], ([number] for number in numbers), FOR_EXCEL)
    if out is None:
        sys.stdout.buffer.writelines(chunks)
        return
    with _new_files(out.parent, {out.name: chunks}):
        pass


def _files_of(public_url: str, wave_code: str, letters: list[Letter]) -> dict[str, Iterable[bytes]]:
    session = db.session()
    wave = queries.wave(session, wave_code)
    questionnaire = queries.questionnaire(session, wave.questionnaire_digest)
    printing = Printing(installed().municipality, wave, questionnaire, public_url)
    return {
        "letters.csv": letters_csv(printing, letters),
        "letters.html": letters_html(printing, _with_progress(letters)),
    }


def _with_progress(letters: list[Letter]) -> Iterator[Letter]:
    """The letters, with a progress bar on a terminal."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(letters, label="Letters", file=sys.stderr, hidden=hidden) as shown:
        yield from shown


@contextmanager
def _new_files(folder: Path, files: dict[str, Iterable[bytes]]) -> Iterator[None]:
    """Write files that only their owner may read; they get their names when the block ends well, or are gone.

    Refuses to write over anything. If the machine stops between the block and the names, the part-files are whole.
    """
    for name in files:
        if (folder / name).exists():
            raise click.ClickException(f"{folder / name} exists already")
    places: dict[Path, Path] = {}
    try:
        _write_parts(folder, files, places)
        yield
    except BaseException:
        for part in places:
            part.unlink()
        raise
    for part, place in places.items():
        part.replace(place)


def _write_parts(folder: Path, files: dict[str, Iterable[bytes]], places: dict[Path, Path]) -> None:
    """Write part-files, whole and on the disk; each is noted in ``places``, with its place to be, once it is there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, chunks in files.items():
            part = folder / f"{name}.part"
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            places[part] = folder / name
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(chunks)
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        raise click.ClickException(f"{error.filename or folder} cannot be written: {error.strerror}") from error
