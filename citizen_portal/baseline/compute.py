"""From a wave's answers and a period's reports to every figure of the agreement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from citizen_portal.baseline.figures import (
    COUNTED,
    PER_1000,
    PERCENT,
    RAKED,
    UNWEIGHTED,
    Baseline,
    Figure,
    IndicatorFigures,
)
from citizen_portal.baseline.tallying import WEIGHTED_BY, tallies_of
from citizen_portal.municipality import Municipality
from citizen_portal.municipality.agreement import Indicator, ReportSource
from citizen_portal.reports.queries import reports_per_theme_and_area
from citizen_portal.statistics.counts import poisson_interval
from citizen_portal.statistics.designs import Sample, raked_sample, simple_sample
from citizen_portal.statistics.estimates import GroupEstimate, WaveData, wave_estimates
from citizen_portal.statistics.margins import MarginMismatch
from citizen_portal.statistics.quality import kish_design_effect, kish_effective_size
from citizen_portal.statistics.raking import RakingFailed
from citizen_portal.statistics.tallies import Domain, Tallies, by_value
from citizen_portal.surveys import queries as survey_queries
from citizen_portal.surveys.models import Wave
from citizen_portal.surveys.population import Population
from citizen_portal.surveys.questionnaire import BACKGROUNDS

DAYS_PER_YEAR = 365.25

ReportCounts = Mapping[tuple[str, str | None], int]


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day, both included."""

    from_day: date
    to_day: date

    @property
    def years(self) -> float:
        """Its length."""
        return ((self.to_day - self.from_day).days + 1) / DAYS_PER_YEAR


def compute(
    session: Session, municipality: Municipality, wave: Wave, period: Period, population: Population
) -> Baseline:
    """Every indicator of the agreement, for everyone and by area, sex and age.

    Shares come from the wave, weighted to ``population`` by sex and age; where that cannot be done they are left
    unweighted, and the baseline says why. Reports come from the period. One pass over the answers.
    """
    questionnaire = survey_queries.questionnaire(session, wave.questionnaire_digest)
    indicators = municipality.agreement.indicators
    tallies = tallies_of(questionnaire, indicators, survey_queries.answers_that_count(session, wave.code))
    sizes = next(iter(tallies.values())).sizes if tallies else {}
    sample, unweighted_because = _weighted(sizes, population)
    counts = reports_per_theme_and_area(session, period.from_day, period.to_day)
    figures = [
        _of_reports(indicator, counts, period, population, municipality)
        if isinstance(indicator.source, ReportSource)
        else _of_answers(indicator, wave, sample, tallies[indicator.code], weighted=unweighted_because is None)
        for indicator in indicators
        if isinstance(indicator.source, ReportSource) or indicator.code in tallies
    ]
    return Baseline(
        agreement=municipality.agreement.code,
        from_day=period.from_day,
        to_day=period.to_day,
        wave=wave.code,
        sample=wave.sample,
        questionnaire=wave.questionnaire_digest,
        answer_sets=sample.size,
        design_effect=kish_design_effect(sample) if sample.size else None,
        effective_size=kish_effective_size(sample) if sample.size else None,
        unweighted_because=unweighted_because,
        population_source=population.source,
        example_population=population.example,
        indicators=tuple(figures),
        missing=tuple(each.code for each in indicators if each.code not in {one.indicator for one in figures}),
    )


def _weighted(sizes: Mapping[tuple[str, ...], int], population: Population) -> tuple[Sample, str | None]:
    """The sample raked to the population, or unweighted with the reason."""
    if not sizes:
        return simple_sample(sizes), "nobody has answered"
    try:
        return raked_sample(sizes, WEIGHTED_BY, population.margins), None
    except (MarginMismatch, RakingFailed) as reason:
        return simple_sample(sizes), str(reason)


def _of_answers(
    indicator: Indicator, wave: Wave, sample: Sample, tallies: Tallies, *, weighted: bool
) -> IndicatorFigures:
    return IndicatorFigures(
        indicator=indicator.code,
        unit=PERCENT,
        method=RAKED if weighted else UNWEIGHTED,
        source=f"survey {wave.code}, question {indicator.source.question}",
        figures=tuple(_survey_figures(indicator, wave, sample, tallies)),
    )


def _survey_figures(indicator: Indicator, wave: Wave, sample: Sample, tallies: Tallies) -> Iterator[Figure]:
    if not sample.size:
        yield _empty(indicator.code)
        return
    estimates = wave_estimates(indicator.code, WaveData(wave.code, sample, tallies), BACKGROUNDS)
    for one in (estimates.all, *estimates.groups):
        counted = by_value(tallies.answers.get(Domain(one.by, one.group), {})).get(1.0, 0)
        yield _survey_figure(indicator.code, one, counted)


def _survey_figure(indicator: str, one: GroupEstimate, counted: int) -> Figure:
    return Figure(
        indicator=indicator,
        by=one.by,
        group=one.group,
        n=one.n,
        counted=counted,
        estimate=one.p,
        low=one.low,
        high=one.high,
        se=one.se,
        df=one.df,
        exposure=None,
        good_enough=one.show_quality,
    )


def _of_reports(
    indicator: Indicator, counts: ReportCounts, period: Period, population: Population, municipality: Municipality
) -> IndicatorFigures:
    themes, areas = set(indicator.source.themes), indicator.source.areas
    residents = population.margins.get("area", {})
    per_area = {
        area.code: sum(count for (theme, where), count in counts.items() if theme in themes and where == area.code)
        for area in municipality.areas
        if not areas or area.code in areas
    }
    # Without areas of its own an indicator counts every report, also one whose place lies in no known area.
    total = sum(per_area.values()) if areas else sum(count for (theme, _), count in counts.items() if theme in themes)
    persons = sum(residents.get(area, 0) for area in per_area)
    groups = [
        _report_figure(indicator.code, "area", area, count, residents.get(area, 0) / 1000 * period.years)
        for area, count in per_area.items()
    ]
    return IndicatorFigures(
        indicator=indicator.code,
        unit=PER_1000,
        method=COUNTED,
        source=f"reports received {period.from_day} to {period.to_day}",
        figures=(_report_figure(indicator.code, None, None, total, persons / 1000 * period.years), *groups),
    )


def _report_figure(indicator: str, by: str | None, group: str | None, count: int, exposure: float) -> Figure:
    """Reports per 1 000 resident-years; without residents, a count and no rate."""
    if not exposure:
        return _empty(indicator, by, group, n=count)
    interval = poisson_interval(count)
    return Figure(
        indicator=indicator,
        by=by,
        group=group,
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


def _empty(indicator: str, by: str | None = None, group: str | None = None, *, n: int = 0) -> Figure:
    """A figure that has no honest number."""
    nothing = dict.fromkeys(("estimate", "low", "high", "se", "df", "exposure"))
    return Figure(indicator=indicator, by=by, group=group, n=n, counted=n, good_enough=False, **nothing)
