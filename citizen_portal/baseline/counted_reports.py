"""Reports as figures of the agreement: counted for a period, per 1 000 residents and year, and as public tables."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from citizen_portal.baseline.figures import COUNTED, PER_1000, Figure, IndicatorFigures, Period
from citizen_portal.municipality import Municipality
from citizen_portal.municipality.agreement import Indicator, ReportSource
from citizen_portal.statistics.counts import poisson_interval
from citizen_portal.statistics.disclosure import PublishableTable, publishable_counts
from citizen_portal.statistics.tallies import EVERYONE, Domain

# Reports per theme, area (None: in no known area) and month ("2026-03").
ReportCounts = Mapping[tuple[str, str | None, str], int]

BY_AREA, BY_THEME, BY_MONTH = "area", "theme", "month"
NO_AREA = "no_area"


def figures_of_reports(
    indicator: Indicator,
    reports: ReportCounts,
    period: Period,
    residents: Mapping[str, int],
    municipality: Municipality,
) -> IndicatorFigures:
    """The rate of an indicator for the whole of its areas and for each; ``residents`` are persons per area.

    An indicator without areas of its own counts every report, also one whose place lies in no known area.
    """
    areas = indicator.source.areas or tuple(area.code for area in municipality.areas)
    counts = _counts(indicator.source.themes, reports, BY_AREA)
    total = sum(counts[area] for area in areas) if indicator.source.areas else counts.total()
    persons = sum(residents.get(area, 0) for area in areas)
    groups = [
        _figure(indicator.code, Domain(BY_AREA, area), counts[area], residents.get(area, 0), period) for area in areas
    ]
    return IndicatorFigures(
        indicator=indicator.code,
        unit=PER_1000,
        method=COUNTED,
        source=f"reports received {period.from_day} to {period.to_day}",
        figures=(_figure(indicator.code, EVERYONE, total, persons, period), *groups),
    )


def report_tables(
    indicators: Sequence[Indicator], reports: ReportCounts, period: Period, areas: Sequence[str]
) -> list[PublishableTable]:
    """What the public may see of reports: for each set of themes that an indicator counts, by area, theme and month.

    Sets that cross would let one table be subtracted from another, so a set that shares a theme with an earlier one is
    left out; an indicator of some areas only is read from the table of all. Every cell of the plan stands in its table,
    whatever was counted: all ``areas`` and those outside them, all themes of the set, all months of the period.
    """
    return list(_tables(sets_of_themes(indicators), reports, period, areas))


def _tables(
    sets: Iterable[tuple[str, tuple[str, ...]]], reports: ReportCounts, period: Period, areas: Sequence[str]
) -> Iterator[PublishableTable]:
    for title, themes in sets:
        plan = {BY_AREA: (*areas, NO_AREA), BY_THEME: themes, BY_MONTH: period.months}
        for by, cells in plan.items():
            if len(cells) > 1:
                counted = _counts(themes, reports, by)
                # Places of an area that the municipality no longer has lie outside every area it has.
                gone = sum(number for cell, number in counted.items() if cell not in cells)
                counts = {cell: counted[cell] + (gone if cell == NO_AREA else 0) for cell in sorted(cells)}
                yield publishable_counts(title, str(period), by, counts)


def sets_of_themes(indicators: Sequence[Indicator]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The sets of themes that indicators count and that do not cross, each under the code of its first indicator."""
    taken = set[str]()
    for indicator in indicators:
        if isinstance(indicator.source, ReportSource) and taken.isdisjoint(indicator.source.themes):
            taken.update(indicator.source.themes)
            yield indicator.code, indicator.source.themes


def _counts(themes: Sequence[str], reports: ReportCounts, by: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (theme, area, month), number in reports.items():
        if theme in themes:
            counts[{BY_AREA: area or NO_AREA, BY_THEME: theme, BY_MONTH: month}[by]] += number
    # In the order of their codes, not in that of the database: the same figures have the same digest everywhere.
    return Counter(dict(sorted(counts.items())))


def _figure(indicator: str, domain: Domain, count: int, persons: int, period: Period) -> Figure:
    """Reports per 1 000 resident-years; without residents, a count and no rate."""
    exposure = persons / 1000 * period.years
    if not exposure:
        return Figure.without_number(indicator, *domain, n=count)
    interval = poisson_interval(count)
    return Figure(
        indicator=indicator,
        by=domain.by,
        group=domain.group,
        n=count,
        counted=count,
        estimate=count / exposure,
        low=interval.low / exposure,
        high=interval.high / exposure,
        se=None,
        df=None,
        exposure=exposure,
        good_enough=True,
    )
