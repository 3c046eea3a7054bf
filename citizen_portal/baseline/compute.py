"""From a wave's answers and a period's reports to every figure of the agreement, and to what the public may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from citizen_portal.baseline.counted_reports import ReportCounts, figures_of_reports, report_tables
from citizen_portal.baseline.described import Fieldwork
from citizen_portal.baseline.figures import (
    BROUGHT,
    PERCENT,
    RAKED,
    UNWEIGHTED,
    Baseline,
    Figure,
    IndicatorFigures,
    Period,
)
from citizen_portal.baseline.tallying import WEIGHT, Counted, answers_counted, count_answers
from citizen_portal.baseline.weighing import Frame, frame_of, strata_of
from citizen_portal.municipality import Municipality
from citizen_portal.municipality.agreement import Indicator, ReportSource
from citizen_portal.reports.queries import first_day_of_all, reports_per_theme_area_and_month
from citizen_portal.statistics import disclosure
from citizen_portal.statistics.designs import Sample
from citizen_portal.statistics.disclosure import (
    PublishableTable,
    WaveFigures,
    publishable_tables,
    without_what_shows_through,
)
from citizen_portal.statistics.estimates import group_estimate
from citizen_portal.statistics.quality import kish_design_effect, kish_effective_size
from citizen_portal.statistics.tallies import EVERYONE, Domain
from citizen_portal.statistics.weighting import Weighting, brought
from citizen_portal.surveys import queries as survey_queries
from citizen_portal.surveys.models import Wave
from citizen_portal.surveys.population import Population, population_of_wave
from citizen_portal.surveys.questionnaire import BACKGROUNDS
from citizen_portal.surveys.waves import CLOSED, state_of


class NotComputable(ValueError):
    """There is no baseline for this wave and period; the text says why."""


@dataclass(frozen=True, slots=True)
class Computed:
    """All figures, in full precision and for staff only, and the tables that passed the disclosure rules.

    ``population`` is what they were weighted with; a wave keeps it once they are frozen.
    """

    baseline: Baseline
    tables: tuple[PublishableTable, ...]
    population: Population
    fieldwork: Fieldwork


@dataclass(frozen=True, slots=True)
class _Material:
    """All that figures are made of, counted and weighted once."""

    wave: Wave
    period: Period
    population: Population
    counted: Counted
    weighting: Weighting
    unweighted_because: str | None
    figures: WaveFigures
    of_groups: frozenset[str]
    reports: ReportCounts
    told: Period  # the part of the period in which the portal took reports


def compute(
    session: Session,
    municipality: Municipality,
    *,
    wave: Wave,
    period: Period,
    today: date,
    population: Population | None = None,
) -> Computed:
    """Every indicator of the agreement, for everyone and by area, sex and age, in one pass over the answers.

    Shares come from the wave, weighted to ``population`` (that of the wave unless given) by sex, age and area, or as
    its answers bring their weights;
    where that cannot be done they are left unweighted, and the baseline says why. Reports come from the period.
    Raises ``NotComputable`` while the wave is open or the period not over: a figure then would differ by a person.
    """
    _refuse_what_still_grows(wave, period, municipality, today)
    indicators = municipality.agreement.indicators
    questionnaire = survey_queries.questionnaire(session, wave.questionnaire_digest)
    population = population or population_of_wave(session, municipality, wave)
    frame = frame_of(questionnaire, population, municipality)
    counted = count_answers(questionnaire, indicators, survey_queries.answers_that_count(session, wave.code), frame)
    weighting, unweighted_because = _weighted(counted, frame, wave)
    before = {each.code: each for each in before_the_rules(indicators, counted, weighting.sample)}
    # An open wave was refused at the door.
    figures = without_what_shows_through(WaveFigures(wave.code, True, counted.sizes, tuple(before.values())))
    material = _Material(
        wave=wave,
        period=period,
        population=population,
        counted=counted,
        weighting=weighting,
        unweighted_because=unweighted_because,
        figures=figures,
        of_groups=frozenset(each.code for each in figures.indicators if each is not before[each.code]),
        reports=reports_per_theme_area_and_month(session, period.from_day, period.to_day),
        told=_told(session, period),
    )
    tables = (*publishable_tables(figures), *_report_tables(material, municipality))
    return Computed(_baseline(material, municipality), tables, population, _fieldwork(session, material))


def _told(session: Session, period: Period) -> Period:
    """From the portal's first report on: before it nobody could tell, and no time without a portal is a quiet one."""
    first = first_day_of_all(session)
    return replace(period, from_day=first) if first and period.from_day < first <= period.to_day else period


def _fieldwork(session: Session, material: _Material) -> Fieldwork:
    wave = material.wave
    letters = survey_queries.letters_of(session, wave)
    return Fieldwork(wave.opens_on, wave.closed_on or wave.closes_on, *letters, material.counted.unsure)


def _report_tables(material: _Material, municipality: Municipality) -> list[PublishableTable]:
    areas = [area.code for area in municipality.areas]
    return report_tables(municipality.agreement.indicators, material.reports, material.period, areas)


def _baseline(material: _Material, municipality: Municipality) -> Baseline:
    indicators = municipality.agreement.indicators
    figures = tuple(_figures_of_all(material, municipality))
    weighting, population = material.weighting, material.population
    sample = weighting.sample
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
        population_year=population.year,
        example_population=population.example,
        indicators=figures,
        missing=tuple(each.code for each in indicators if each.code not in {one.indicator for one in figures}),
        weighted_by=weighting.columns,
        joined=tuple((each.column, each.level, each.neighbour) for each in weighting.joined),
        margins_left_out=weighting.left_out,
        strata=weighting.strata,
        of_groups=tuple(sorted(material.of_groups)),
        outside=material.counted.outside,
        told_from=material.told.from_day.isoformat(),
    )


def _figures_of_all(material: _Material, municipality: Municipality) -> Iterator[IndicatorFigures]:
    residents = material.population.margins.get("area", {})
    for indicator in municipality.agreement.indicators:
        if isinstance(indicator.source, ReportSource):
            yield figures_of_reports(indicator, material.reports, material.told, residents, municipality)
        elif indicator.code in material.counted.tallies:
            yield _of_answers(indicator, material)


def _refuse_what_still_grows(wave: Wave, period: Period, municipality: Municipality, today: date) -> None:
    if municipality.agreement is None:
        raise NotComputable("the municipality has no agreement.toml, and so no indicators")
    if state_of(wave, today) != CLOSED:
        raise NotComputable(f"the wave {wave.code} is not closed")
    if period.to_day >= today:
        raise NotComputable(f"the period ends on {period.to_day}: reports of its last day may still come in")


def _weighted(counted: Counted, frame: Frame, wave: Wave) -> tuple[Weighting, str | None]:
    """The sample weighted to the population, or unweighted with the reason."""
    tallies = next(iter(counted.tallies.values()), None)
    if tallies and tallies.columns == WEIGHT:
        return brought(tallies.sizes), None
    return frame.weighted(tallies.sizes if tallies else {}, strata_of(wave))


def before_the_rules(
    indicators: Sequence[Indicator], counted: Counted, sample: Sample
) -> Iterator[disclosure.IndicatorFigures]:
    """Every indicator that was asked, estimated for everyone and for every group; nothing where nobody answered."""
    for indicator in indicators:
        if indicator.code in counted.tallies and sample.size:
            in_groups = _estimated(indicator, counted.in_groups, sample)
            yield replace(_estimated(indicator, counted, sample), in_groups=in_groups)


def _estimated(indicator: Indicator, counted: Counted, sample: Sample) -> disclosure.IndicatorFigures:
    tallies, people = counted.tallies[indicator.code], counted.people[indicator.source.question]

    def figure(domain: Domain) -> disclosure.Figure:
        answers = tallies.answers.get(domain, {})
        weight = sum(sample.weights[cell] * sum(values.values()) for cell, values in answers.items())
        return disclosure.Figure(people.get(domain, {}), group_estimate(sample, tallies, domain), weight)

    return disclosure.IndicatorFigures(
        code=indicator.code,
        question=indicator.source.question,
        counted=answers_counted(indicator, people),
        everyone=figure(EVERYONE),
        groups={by: {group: figure(Domain(by, group)) for group in tallies.groups(by)} for by in counted.sizes},
    )


def _of_answers(indicator: Indicator, material: _Material) -> IndicatorFigures:
    found = next((each for each in material.figures.indicators if each.code == indicator.code), None)
    return IndicatorFigures(
        indicator=indicator.code,
        unit=PERCENT,
        method=_method(material),
        source=f"survey {material.wave.code}, question {indicator.source.question}",
        figures=tuple(_figures(found)) if found else (Figure.without_number(indicator.code),),
    )


def _method(material: _Material) -> str:
    if material.unweighted_because is not None:
        return UNWEIGHTED
    return RAKED if material.weighting.columns or material.weighting.strata else BROUGHT


def _figures(found: disclosure.IndicatorFigures) -> Iterator[Figure]:
    groups = (each for by in BACKGROUNDS for each in found.groups.get(by, {}).values())
    for each in (found.everyone, *groups):
        one = each.estimate
        yield Figure(
            indicator=found.code,
            by=one.by,
            group=one.group,
            n=one.n,
            counted=each.part(found.counted).yes,
            estimate=one.p,
            low=one.low,
            high=one.high,
            se=one.se,
            df=one.df,
            exposure=None,
            good_enough=one.show_quality,
        )
