"""``citizen-portal baseline``: the agreement's figures, computed, frozen, taken out and delivered."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from citizen_portal.api.documents import PublicDocument
from citizen_portal.api.formats import FORMATS
from citizen_portal.baseline import queries
from citizen_portal.baseline.compute import Computed, NotComputable, compute
from citizen_portal.baseline.figures import PERCENT, Figure, Period
from citizen_portal.baseline.freezing import freeze
from citizen_portal.baseline.refusals import SnapshotRefused
from citizen_portal.cli.baseline_audit import audit_command
from citizen_portal.cli.baseline_push import push
from citizen_portal.cli.baseline_release import publish_command, withdraw_command
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import queries as survey_queries
from citizen_portal.web.clock import today

baseline = AppGroup("baseline", help="The agreement's figures: compute, freeze, publish, withdraw, export, push.")
baseline.add_command(push)
baseline.add_command(audit_command)
baseline.add_command(publish_command)
baseline.add_command(withdraw_command)

DAY = click.DateTime(formats=["%Y-%m-%d"])
WAVE = click.option("--wave", "wave_code", required=True, help="The closed wave that shares come from.")
FROM = click.option("--from", "from_day", type=DAY, required=True, help="The first day of the reports' period.")
TO = click.option("--to", "to_day", type=DAY, required=True, help="The last day of the reports' period.")


@baseline.command("compute")
@WAVE
@FROM
@TO
def compute_command(wave_code: str, from_day: datetime, to_day: datetime) -> None:
    """Compute every indicator and print it, in full: for staff, not for publication."""
    for indicator in _computed(wave_code, from_day, to_day).baseline.indicators:
        click.echo(f"{indicator.indicator} ({indicator.unit}, {indicator.method}; {indicator.source})")
        for figure in indicator.figures:
            click.echo(f"  {_line(figure, indicator.unit)}")


@baseline.command("freeze")
@click.argument("code")
@WAVE
@FROM
@TO
@click.option("--against", help="The frozen baseline that this follows up.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def freeze_command(
    code: str, *, wave_code: str, from_day: datetime, to_day: datetime, against: str | None, yes: bool
) -> None:
    """Freeze the figures under CODE, for good: the database refuses every later change. Asks before it does."""
    computed = _computed(wave_code, from_day, to_day)
    if not yes:
        click.confirm(f"Freezing {code} cannot be undone. Only staff will see it. Go on?", abort=True, err=True)
    try:
        with unit_of_work() as session:
            municipality = installed().municipality
            snapshot = freeze(session, municipality, computed, code=code, against=against, today=today())
    except SnapshotRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"Frozen: {snapshot.code}, {snapshot.from_day} to {snapshot.to_day}, wave {snapshot.wave_code}")
    click.echo(f"SHA-256 of the public document: {snapshot.public_digest}")


@baseline.command("export")
@click.argument("code")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option("--format", "name", type=click.Choice([*FORMATS]), default="json", show_default=True)
@click.option("--full", is_flag=True, help="Every figure in full precision, as JSON: for staff, not for publication.")
def export_command(code: str, out: Path | None, name: str, full: bool) -> None:
    """Write a frozen baseline as the feed gives it; as JSON, byte for byte what its digest is of."""
    if full and name != "json":
        raise click.ClickException("what is not for publication exists as JSON only")
    snapshot = queries.snapshot(db.session(), code)
    if snapshot is None:
        raise click.ClickException(f"there is no frozen baseline {code!r}")
    public = PublicDocument(code, snapshot.public_digest, snapshot.public_document)
    content = snapshot.document.encode() if full else FORMATS[name].make(public)
    if out is None:
        click.echo(content, nl=False)
    else:
        out.write_bytes(content)


def _computed(wave_code: str, from_day: datetime, to_day: datetime) -> Computed:
    session, municipality = db.session(), installed().municipality
    wave = survey_queries.wave(session, wave_code)
    if wave is None:
        raise click.ClickException(f"there is no wave {wave_code!r}")
    if to_day < from_day:
        raise click.ClickException("the last day lies before the first")
    try:
        return compute(
            session,
            municipality,
            wave=wave,
            period=Period(from_day.date(), to_day.date()),
            today=today(),
        )
    except NotComputable as reason:
        raise click.ClickException(str(reason)) from reason


def _line(figure: Figure, unit: str) -> str:
    group = f"{figure.by} {figure.group}" if figure.by else "everyone"
    if figure.estimate is None:
        return f"{group:30} n {figure.n:>6}  no honest number"
    scale, sign = (100, " %") if unit == PERCENT else (1, "")
    interval = (
        f"{scale * figure.low:.1f} to {scale * figure.high:.1f}{sign}" if figure.low is not None else "no interval"
    )
    weak = "" if figure.good_enough else "  too weak to show"
    return f"{group:30} n {figure.n:>6}  {scale * figure.estimate:.1f}{sign} ({interval}){weak}"
