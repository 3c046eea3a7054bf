"""``citizen-portal reports``: take reports out."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click
from flask.cli import AppGroup

from citizen_portal.municipality.installed import installed
from citizen_portal.reports.export import reports_csv
from citizen_portal.reports.queries import ReportFilter, number_of_reports
from citizen_portal.storage.engine import db
from citizen_portal.web.csv_rows import ROWS_PER_CHUNK, STYLES

reports = AppGroup("reports", help="Residents' reports.")


@reports.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option("--for", "reader", type=click.Choice(sorted(STYLES)), default="excel", show_default=True)
@click.option("--area", default="", help="Only this area, by code.")
@click.option("--theme", default="", help="Only this theme, by code.")
@click.option("--status", default="", help="Only this status, by code.")
def export(out: Path | None, reader: str, area: str, theme: str, status: str) -> None:
    """Write reports as CSV, the same rows as the workplace gives."""
    wanted = ReportFilter(area, theme, status)
    chunks = reports_csv(db.session(), installed().municipality, wanted, STYLES[reader])
    if out is None:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        return
    # Written beside its place and moved there whole, so that nobody opens half a file.
    half = out.with_name(out.name + ".part")
    try:
        with half.open("wb") as file:
            for chunk in _with_progress(chunks, number_of_reports(db.session(), wanted)):
                file.write(chunk)
        half.replace(out)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error


def _with_progress(chunks: Iterable[bytes], rows: int) -> Iterable[bytes]:
    """The chunks, with a progress bar on a terminal."""
    length = rows // ROWS_PER_CHUNK + 1
    with click.progressbar(chunks, length=length, label="Reports", file=sys.stderr) as shown:
        yield from shown
