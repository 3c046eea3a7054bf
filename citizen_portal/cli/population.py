"""``citizen-portal population``: the register's counts that samples are weighted to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from citizen_portal.municipality import MARGINS, MunicipalityError, read_levels
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys.population import (
    MOST_SOURCE_CHARACTERS,
    NOT_KNOWN,
    import_margin,
    imported_margins,
    margins_apart,
)
from citizen_portal.surveys.pxweb import RegisterFileRefused, read_register
from citizen_portal.surveys.questionnaire import AGE
from citizen_portal.surveys.register_levels import RegisterMismatch, Wanted, has_ages

population = AppGroup("population", help="The population that samples stand for.")

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@population.command("import")
@click.argument("file", type=FILE)
@click.option("--margin", type=click.Choice(MARGINS), required=True, help="What the residents are counted by.")
@click.option("--column", help="The file's column with that; found by its labels unless given.")
@click.option("--of", "chosen", multiple=True, metavar="COLUMN=LABEL", help="Count only this label; may be repeated.")
@click.option("--from-age", type=click.IntRange(0, 120), default=16, show_default=True, help="The youngest asked.")
@click.option("--source", required=True, help="Where the counts are from: shown wherever they are used.")
@click.option(
    "--year", type=click.IntRange(1900, 2100), help="The year of the counts; read from the file unless given."
)
@click.option("--levels", "levels_file", type=FILE, help="Which labels are which code (TOML); see population.toml.")
def import_(
    file: Path,
    *,
    margin: str,
    column: str | None,
    chosen: tuple[str, ...],
    from_age: int,
    source: str,
    year: int | None,
    levels_file: Path | None,
) -> None:
    """Read FILE, a table of Statistics Sweden's as PxWeb exports it (CSV or JSON-stat 2), and store one margin.

    It takes the place of the margin's earlier counts of the year; a wave is weighted with those of the year before it
    ended. When anything in the file does not fit, nothing is stored.
    """
    if not 0 < len(source.strip()) <= MOST_SOURCE_CHARACTERS:
        raise click.BadParameter(f"must have 1 to {MOST_SOURCE_CHARACTERS} characters", param_hint="--source")
    wanted = Wanted(margin, _levels(margin, levels_file), from_age, column, _chosen(chosen))
    try:
        table = read_register(file.read_bytes())
        year = year or table.year or NOT_KNOWN
        with unit_of_work() as session:
            persons = import_margin(session, installed().municipality, table, wanted, source=source.strip(), year=year)
    except RegisterFileRefused as refusal:
        raise click.ClickException(f"{file.name}: {refusal}; nothing is stored") from refusal
    except RegisterMismatch as mismatch:
        raise click.ClickException(_each_on_a_line(file, mismatch.sentences)) from mismatch
    _tell(margin, persons, source, year)
    if year == NOT_KNOWN:
        click.echo("The file does not say of which one year it is; with --year, waves keep to their own.", err=True)
    if margin != AGE and not has_ages(table):
        click.echo(f"The file has no ages: does it count only people of {from_age} years and older?", err=True)
    for sentence in margins_apart(imported_margins(db.session())):
        click.echo(f"Look at this: {sentence}", err=True)


def _levels(margin: str, file: Path | None) -> Mapping[str, Sequence[str]]:
    counts = installed().municipality.population
    try:
        given = read_levels(file) if file else counts.register if counts else {}
    except MunicipalityError as error:
        raise click.ClickException(str(error)) from error
    if not given.get(margin):
        where = file.name if file else f"the municipality's population.toml (register.{margin})"
        raise click.ClickException(f"{where} does not say which labels of the file are which {margin}: give --levels")
    return given[margin]


def _chosen(pairs: Iterable[str]) -> dict[str, frozenset[str]]:
    chosen: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        column, equals, label = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair!r} must be COLUMN=LABEL", param_hint="--of")
        chosen[column].add(label)
    return {column: frozenset(labels) for column, labels in chosen.items()}


def _each_on_a_line(file: Path, sentences: Sequence[str]) -> str:
    return "\n".join([f"{file.name} does not fit, and nothing is stored:", *(f"  {each}" for each in sentences)])


def _tell(margin: str, persons: Mapping[str, int], source: str, year: int) -> None:
    total = sum(persons.values())
    of_year = f", {year}" if year else ""
    click.echo(f"Stored the population by {margin}{of_year}: {total} people. Source: {source}")
    for code, count in persons.items():
        click.echo(f"  {code:<24} {count:>9} {100 * count / total if total else 0:>6.1f} %")
