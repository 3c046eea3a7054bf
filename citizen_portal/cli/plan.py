"""``citizen-portal plan``: how many answers a change needs to be seen."""

import click

from citizen_portal.statistics.planner import answers_needed, smallest_change

PERCENT = click.FloatRange(0, 100, min_open=True, max_open=True)


@click.command()
@click.option("--share", type=PERCENT, required=True, help="The share now, in per cent.")
@click.option("--change", "points", type=PERCENT, help="The change that is to be seen, in percentage points.")
@click.option("--answers", type=click.IntRange(min=1), help="Or: how many answers there will be per area and wave.")
@click.option("--areas", type=click.IntRange(min=1), default=1, show_default=True, help="Areas compared at once.")
@click.option("--design-effect", type=click.FloatRange(min=1), default=1.3, show_default=True, help="Of the weights.")
@click.option("--power", type=click.FloatRange(50, 100, max_open=True), default=80, show_default=True, help="Per cent.")
def plan(
    *, share: float, points: float | None, answers: int | None, areas: int, design_effect: float, power: float
) -> None:
    """Say how many answers per area a change needs to be seen, or what change so many answers would show."""
    assumed = {"deff": design_effect, "areas": areas, "power": power / 100}
    chance = f"a chance of {power:g} %" + (f" and {areas} areas compared at once" if areas > 1 else "")
    if points is not None and answers is None:
        try:
            needed = answers_needed(share / 100, points / 100, **assumed)
        except ValueError as error:
            raise click.UsageError(f"{share:g} % cannot change by {points:g} percentage points.") from error
        click.echo(f"To see {share:g} % change by {points:g} percentage points, with {chance},")
        click.echo(f"each area needs {needed} answers in each of the two waves.")
    elif answers is not None and points is None:
        seen = smallest_change(share / 100, answers, **assumed)
        click.echo(f"With {answers} answers per area in each of two waves, {share:g} % of them yes, {chance},")
        click.echo("no change can be seen." if seen is None else f"{100 * seen:.1f} percentage points can be seen.")
    else:
        raise click.UsageError("Give either --change or --answers.")
