"""``citizen-portal baseline audit``: whether published documents, all of them together, give somebody away."""

import json
from pathlib import Path

import click

from citizen_portal.publication.auditor import audit


@click.command("audit")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def audit_command(files: tuple[Path, ...]) -> None:
    """Audit public documents (the JSON of the feed) together; exit with 1 when something can be found out.

    Reads nothing but FILES, so anyone can run it. Give it every document that has been published.
    """
    faults = audit([_document(each) for each in files])
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(f"Documents audited together: {len(files)}. No hidden count can be told from zero.")


def _document(file: Path) -> dict[str, object]:
    try:
        document = json.loads(file.read_bytes())
    except ValueError as error:
        raise click.ClickException(f"{file}: this is no JSON document: {error}") from error
    if not isinstance(document, dict) or "reports" not in document or "survey" not in document:
        raise click.ClickException(f"{file}: this is no public document of a baseline")
    return document
