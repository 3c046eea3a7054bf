"""From a wave's answers and a period's reports to every figure of the agreement, and to what the public may see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from citizen_portal.baseline.counted_reports import ReportCounts, figures_of_reports, report_tables
from citizen_portal.baseline.figures import PERCENT, RAKED, UNWEIGHTED, Baseline, Figure, IndicatorFigures, Period
from citizen_portal.baseline.tallying import WEIGHTED_BY, Counted, answers_counted, count_answers
from citizen_portal.municipality import Municipality
from citizen_portal.municipality.agreement import Indicator, ReportSource
from citizen_portal.reports.queries import reports_per_theme_area_and_month
from citizen_portal.statistics import disclosure
from citizen_portal.statistics.designs import Sample, raked_sample, simple_sample
from citizen_portal.statistics.disclosure import PublishableTable, WaveFigures, publishable_tables
from citizen_portal.statistics.estimates import WaveData, WaveEstimates, wave_estimates
from citizen_portal.statistics.margins import MarginMismatch
from citizen_portal.statistics.quality import kish_design_effect, kish_effective_size
from citizen_portal.statistics.raking import RakingFailed
from citizen_portal.statistics.tallies import Domain, by_value
from citizen_portal.surveys import queries as survey_queries
from citizen_portal.surveys.models import Wave
from citizen_portal.surveys.population import Population
from citizen_portal.surveys.questionnaire import BACKGROUNDS
from citizen_portal.surveys.waves import CLOSED, state_of


class NotComputable(ValueError):
    """There is no baseline for this wave and period; the text says why."""


@dataclass(frozen=True, slots=True)
class Computed:
    """All figures, in full precision and for staff only, and the tables that passed the disclosure rules."""

    baseline: Baseline
    tables: tuple[PublishableTable, ...]


@dataclass(frozen=True, slots=True)
class _Material:
    """All that figures are made of, counted and weighted once."""

    wave: Wave
    period: Period
    population: Population
    counted: Counted
    sample: Sample
    unweighted_because: str | None
    estimates: Mapping[str, WaveEstimates]
    reports: ReportCounts


def compute(
    session: Session, municipality: Municipality, *, wave: Wave, period: Period, population: Population, today: date
) -> Computed:
    """Every indicator of the agreement, for everyone and by area, sex and age, in one pass over the answers.

    Shares come from the wave, weighted to ``population`` by sex and age; where that cannot be done they are left
    unweighted, and the baseline says why. Reports come from the period. Raises ``NotComputable`` while the wave is open
    or the period not over: a figure now and one later would differ by a person.
    """
    _refuse_what_still_grows(wave, period, municipality, today)
    indicators = municipality.agreement.indicators
    questionnaire = survey_queries.questionnaire(session, wave.questionnaire_digest)
    counted = count_answers(questionnaire, indicators, survey_queries.answers_that_count(session, wave.code))
    sample, unweighted_because = _weighted(counted, population)
    material = _Material(
        wave=wave,
        period=period,
        population=population,
        counted=counted,
        sample=sample,
        unweighted_because=unweighted_because,
        estimates=_estimates(wave, sample, counted),
        reports=reports_per_theme_area_and_month(session, period.from_day, period.to_day),
    )
    tables = (*_survey_tables(material, indicators), *_report_tables(material, municipality))
    return Computed(_baseline(material, municipality), tables)


def _report_tables(material: _Material, municipality: Municipality) -> list[PublishableTable]:
    areas = [area.code for area in municipality.areas]
    return report_tables(municipality.agreement.indicators, material.reports, material.period, areas)


def _baseline(material: _Material, municipality: Municipality) -> Baseline:
    indicators = municipality.agreement.indicators
    figures = tuple(_figures_of_all(material, municipality))
    sample, population = material.sample, material.population
    return Baseline(
        agreement=municipality.agreement.code,
        from_day=material.period.from_day,
        to_day=material.period.to_day,
        wave=material.wave.code,
        sample=material.wave.sample,
        questionnaire=material.wave.questionnaire_digest,
        answer_sets=sample.size,
        design_effect=kish_design_effect(sample) if sample.size else None,
        effective_size=kish_effective_size(sample) if sample.size else None,
        unweighted_because=material.unweighted_because,
        population_source=population.source,
        example_population=population.example,
        indicators=figures,
        missing=tuple(each.code for each in indicators if each.code not in {one.indicator for one in figures}),
    )


def _figures_of_all(material: _Material, municipality: Municipality) -> Iterator[IndicatorFigures]:
    residents = material.population.margins.get("area", {})
    for indicator in municipality.agreement.indicators:
        if isinstance(indicator.source, ReportSource):
            yield figures_of_reports(indicator, material.reports, material.period, residents, municipality)
        elif indicator.code in material.counted.tallies:
            yield _of_answers(indicator, material)


def _refuse_what_still_grows(wave: Wave, period: Period, municipality: Municipality, today: date) -> None:
    if municipality.agreement is None:
        raise NotComputable("the municipality has no agreement.toml, and so no indicators")
    if state_of(wave, today) != CLOSED:
        raise NotComputable(f"the wave {wave.code} is not closed")
    if period.to_day >= today:
        raise NotComputable(f"the period ends on {period.to_day}: reports of its last day may still come in")


def _weighted(counted: Counted, population: Population) -> tuple[Sample, str | None]:
    """The sample raked to the population, or unweighted with the reason."""
    sizes = next(iter(counted.tallies.values())).sizes if counted.tallies else {}
    if not sizes:
        return simple_sample({}), "nobody has answered"
    try:
        return raked_sample(sizes, WEIGHTED_BY, population.margins), None
    except (MarginMismatch, RakingFailed) as reason:
        return simple_sample(sizes), str(reason)


def _estimates(wave: Wave, sample: Sample, counted: Counted) -> dict[str, WaveEstimates]:
    if not sample.size:
        return {}
    return {
        code: wave_estimates(code, WaveData(wave.code, sample, tallies), BACKGROUNDS)
        for code, tallies in counted.tallies.items()
    }


def _of_answers(indicator: Indicator, material: _Material) -> IndicatorFigures:
    found = material.estimates.get(indicator.code)
    return IndicatorFigures(
        indicator=indicator.code,
        unit=PERCENT,
        method=RAKED if material.unweighted_because is None else UNWEIGHTED,
        source=f"survey {material.wave.code}, question {indicator.source.question}",
        figures=tuple(_figures(indicator, material.counted, found)) or (Figure.without_number(indicator.code),),
    )


def _figures(indicator: Indicator, counted: Counted, estimates: WaveEstimates | None) -> Iterator[Figure]:
    for one in (estimates.all, *estimates.groups) if estimates else ():
        answers = counted.tallies[indicator.code].answers.get(Domain(one.by, one.group), {})
        yield Figure(
            indicator=indicator.code,
            by=one.by,
            group=one.group,
            n=one.n,
            counted=by_value(answers).get(1.0, 0),
            estimate=one.p,
            low=one.low,
            high=one.high,
            se=one.se,
            df=one.df,
            exposure=None,
            good_enough=one.show_quality,
        )


def _survey_tables(material: _Material, indicators: tuple[Indicator, ...]) -> list[PublishableTable]:
    counted, estimates = material.counted, material.estimates
    figures = [
        _before_the_rules(indicator, counted, estimates[indicator.code])
        for indicator in indicators
        if indicator.code in estimates
    ]
    # An open wave was refused at the door.
    return publishable_tables(WaveFigures(material.wave.code, True, counted.sizes, figures)) if figures else []


def _before_the_rules(indicator: Indicator, counted: Counted, found: WaveEstimates) -> disclosure.IndicatorFigures:
    people = counted.people[indicator.source.question]
    groups: dict[str, dict[str, disclosure.Figure]] = {by: {} for by in counted.sizes}
    for one in found.groups:
        groups[one.by][one.group] = disclosure.Figure(people.get(Domain(one.by, one.group), {}), one)
    return disclosure.IndicatorFigures(
        code=indicator.code,
        question=indicator.source.question,
        counted=answers_counted(indicator, people),
        everyone=disclosure.Figure(people.get(Domain(None, None), {}), found.all),
        groups=groups,
    )
