"""``citizen-portal estimate``: the analyst's bench. Needs two files, and neither the site nor its database."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from citizen_portal.cli.estimate_table import table_lines
from citizen_portal.statistics.answer_rows import Question
from citizen_portal.statistics.bench import Request, estimate_files
from citizen_portal.statistics.rows import RowsRefused

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("answers", type=FILE)
@click.option("--margins", type=FILE, help="Register counts: wave, margin, level, persons.")
@click.option("--wave", required=True, help="The wave to estimate.")
@click.option("--against", help="An earlier wave: what has changed since?")
@click.option("--question", required=True, help="The column with the answers.")
@click.option("--counted", multiple=True, help="Answers that count as yes, parted by commas. [default: 1; 0 is no]")
@click.option("--left-out", multiple=True, help="Answers that count as no answer, such as a code for don't know.")
@click.option("--rake", multiple=True, help="Columns that make the weights. COLUMN=MARGIN where the names differ.")
@click.option("--strata", help="The column in which the sample was drawn in parts. COLUMN=MARGIN if names differ.")
@click.option("--by", multiple=True, help="Columns whose groups are estimated, too.")
@click.option("--wave-column", help="The answers' column with the wave. [default: wave, or the one that holds it]")
@click.option("--margin-columns", help="WAVE,MARGIN,LEVEL,POP of the margins. [default: told by what they hold]")
@click.option("--format", "style", type=click.Choice(["json", "text"]), default="text", show_default=True)
def estimate(answers: Path, margins: Path | None, style: str, **options: Any) -> None:
    """Estimate the share that said yes, with its uncertainty, from ANSWERS: a CSV file with one row per person.

    The user holds the rows, so nothing is hidden, only flagged. Exits with 2 and one sentence when a file cannot be
    used.
    """
    request = _request(**options)
    if bool(margins) != bool(request.margins):
        raise click.UsageError("--margins and --rake (or --strata) need each other.")
    try:
        estimates, remarks = estimate_files(request, answers, margins)
    except RowsRefused as error:
        click.echo(f"citizen-portal: {error}", err=True)
        sys.exit(2)
    for remark in remarks:
        click.echo(remark, err=True)
    if style == "json":
        click.echo(json.dumps(asdict(estimates), ensure_ascii=False, allow_nan=False, indent=2))
    else:
        click.echo("\n".join(table_lines(estimates, request.against)))


def _request(
    *,
    wave: str,
    against: str | None,
    question: str,
    counted: tuple[str, ...],
    left_out: tuple[str, ...],
    rake: tuple[str, ...],
    strata: str | None,
    by: tuple[str, ...],
    wave_column: str | None,
    margin_columns: str | None,
) -> Request:
    columns = _listed([margin_columns or ""])
    if len(columns) not in {0, 3, 4}:
        raise click.UsageError("--margin-columns takes MARGIN,LEVEL,POP or WAVE,MARGIN,LEVEL,POP.")
    return Request(
        wave=wave,
        against=against,
        question=Question(question, frozenset(_listed(counted)), frozenset(_listed(left_out))),
        raked=_margins(_listed(rake)),
        strata=_margins([strata] if strata else []),
        by=tuple(dict.fromkeys(_listed(by))),
        wave_column=wave_column,
        margin_columns=columns,
    )


def _margins(names: Iterable[str]) -> dict[str, str]:
    """The name of each column's margin: what stands after the equals sign, or the column's own."""
    parted = (name.partition("=") for name in names)
    return {column: margin or column for column, _sign, margin in parted}


def _listed(texts: Iterable[str]) -> list[str]:
    """What stands between the commas of all of them."""
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]
