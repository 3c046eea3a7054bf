"""``citizen-portal survey questionnaire``: questionnaires to and from XLSForm workbooks."""

import re
from pathlib import Path

import click
from flask.cli import AppGroup

from citizen_portal.municipality.installed import installed
from citizen_portal.surveys.reading import lists_of, questionnaires_of
from citizen_portal.surveys.writing import toml_of
from citizen_portal.surveys.xlsform import xlsform_of
from citizen_portal.surveys.xlsform_reading import questionnaire_of_xlsform
from citizen_portal.surveys.xlsform_sheets import XlsFormRefused

questionnaire = AppGroup("questionnaire", help="Questionnaires as XLSForm workbooks (.xlsx).")


@questionnaire.command("export")
@click.argument("code")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Write to this .xlsx file.")
@click.option("--version", type=int, help="This version; the newest unless given.")
def export(code: str, out: Path, version: int | None) -> None:
    """Write the questionnaire CODE of the municipality as an XLSForm workbook."""
    versions = {each.version: each for each in questionnaires_of(installed().municipality) if each.code == code}
    if not versions:
        raise click.ClickException(f"the municipality has no questionnaire {code!r}")
    wanted = version or max(versions)
    if wanted not in versions:
        raise click.ClickException(f"{code!r} has no version {wanted}, only {', '.join(map(str, sorted(versions)))}")
    _write_whole(out, xlsform_of(versions[wanted]))
    click.echo(f"{out}: {code}, version {wanted}, {len(versions[wanted].questions)} questions")


@questionnaire.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Write to this .toml file.")
@click.option(
    "--leave-out", metavar="NAME,...", default="", help="Drop these columns, types and questions, such as start,end."
)
def import_(file: Path, out: Path, leave_out: str) -> None:
    """Turn the XLSForm workbook FILE into a questionnaire for the municipality's folder.

    Nothing is written unless all of it can be taken, and never over a file that exists.
    """
    names = [name.strip() for name in leave_out.split(",") if name.strip()]
    municipality = installed().municipality
    if out.exists():
        raise click.ClickException(f"{out} exists: name another file, or move that one away")
    try:
        reading = questionnaire_of_xlsform(file.read_bytes(), municipality, names, name=_code(file))
    except XlsFormRefused as refusal:
        reasons = "\n".join(f"{file}: {each}" for each in (refusal, *refusal.others))
        raise click.ClickException(reasons) from refusal
    read = reading.questionnaire
    for sentence in reading.told:
        click.echo(f"{file}: {sentence}", err=True)
    _write_whole(out, toml_of(read, given=lists_of(municipality)).encode())
    click.echo(f"{out}: {read.code}, version {read.version}, {len(read.questions)} questions, digest {read.digest}")


def _code(file: Path) -> str:
    """The name of a file as a code, which a form has that names itself nowhere."""
    return re.sub(r"[^a-z0-9]+", "_", file.stem.casefold()).strip("_")


def _write_whole(out: Path, content: bytes) -> None:
    """Written beside its place and moved there whole, so that nobody opens half a file."""
    half = out.with_name(out.name + ".part")
    half.write_bytes(content)
    half.replace(out)
