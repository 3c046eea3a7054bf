"""The public document of a baseline: what passed the disclosure rules, complete in itself, in every language.

It is the only thing that pages, feeds and files are made from. Every value in it comes from a ``PublishableTable``;
shares are whole percentages, rates have one decimal, bases are rounded to five, and what is hidden says so.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from citizen_portal.baseline.compute import Computed
from citizen_portal.baseline.counted_reports import BY_AREA, BY_MONTH, sets_of_themes
from citizen_portal.baseline.described import question_part, survey_part
from citizen_portal.baseline.figures import PERCENT, IndicatorFigures
from citizen_portal.baseline.following_up import IndicatorChange
from citizen_portal.municipality import Municipality, Text
from citizen_portal.municipality.agreement import Agreement, Indicator, ReportSource
from citizen_portal.publication.changes import public_changes, smallest_changes
from citizen_portal.reports.choices import NOT_COUNTED
from citizen_portal.statistics.counts import dispersed_interval, dispersion
from citizen_portal.statistics.disclosure import TOO_FEW, PublishableRow, PublishableTable
from citizen_portal.surveys.models import INVITED
from citizen_portal.surveys.questionnaire import Questionnaire

SCHEMA = "citizen-portal-baseline-1"
ALL, IN_GROUPS = "all", "in_groups"  # the people of an indicator: all, or those in a group of every column
NO_RESIDENTS = "no_residents"  # why there is no rate: the register counts nobody there
FEWEST_MONTHS = 6
ASSUMED_SPREAD = 2.0  # as when each event is told of twice
DISPERSED = "quasi-poisson"  # the interval of a rate; those of shares are named by the disclosure rules

Document = dict[str, object]
Tables = Mapping[tuple[str, str | None], PublishableTable]


@dataclass(frozen=True, slots=True)
class Title:
    """What a snapshot is called, and when it was frozen (ISO day); ``against`` is the baseline of a follow-up."""

    code: str
    kind: str
    frozen_on: str
    against: str | None


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since an earlier snapshot, and the public document of that one."""

    changes: Sequence[IndicatorChange]
    earlier: Document

    def of(self, indicator: str) -> IndicatorChange | None:
        """The changes of an indicator, or None."""
        return next((each for each in self.changes if each.indicator == indicator), None)


def public_document(
    title: Title,
    computed: Computed,
    since: Since | None,
    municipality: Municipality,
    questionnaire: Questionnaire,
) -> Document:
    """Plain values for JSON: the period, the sources, every indicator with its values, and the report tables."""
    document = _document(title, computed, since, municipality, questionnaire)
    if document["survey"]["sample"] != INVITED:
        _take_intervals_away(document)
    changes = public_changes(document, since.earlier) if since else {}
    smallest = smallest_changes(document)
    for each in document["indicators"]:
        each["changes"] = changes.get(each["code"], [])
        each["smallest_change"] = smallest.get(each["code"])
    return document


def _document(
    title: Title,
    computed: Computed,
    since: Since | None,
    municipality: Municipality,
    questionnaire: Questionnaire,
) -> Document:
    """The document before its changes, which are made of nothing but what stands in it and in the earlier one."""
    agreement, baseline = municipality.agreement, computed.baseline
    tables = {(table.title, table.by): table for table in computed.tables}
    return {
        "schema": SCHEMA,
        "code": title.code,
        "kind": title.kind,
        "frozen_on": title.frozen_on,
        "against": title.against,
        "municipality": municipality.name,
        "agreement": agreement.code,
        "period": {"from": baseline.from_day.isoformat(), "to": baseline.to_day.isoformat()},
        "survey": survey_part(baseline, computed.fieldwork),
        "groups": dict(_groups(municipality, questionnaire)),
        "indicators": [
            {
                **_indicator(each, found, tables, agreement, since),
                "question": question_part(each, questionnaire, computed.fieldwork),
                "counted_people": IN_GROUPS if each.code in baseline.of_groups else ALL,
            }
            for each in agreement.indicators
            if (found := baseline.figures_of(each.code))
        ],
        "missing": list(baseline.missing),
        "not_counted": list(NOT_COUNTED),
        "reports": [_report_table(table) for table in computed.tables if _counts_reports(table, agreement)],
    }


def _take_intervals_away(document: Document) -> None:
    """Whoever came to an open link was not drawn by chance, so there is no sampling error to tell of."""
    for indicator in document["indicators"]:
        for value in indicator["values"] if indicator["unit"] == PERCENT else ():
            value.update(low=None, high=None, interval=None)


def _groups(municipality: Municipality, questionnaire: Questionnaire) -> Iterator[tuple[str, dict[str, object]]]:
    """The names of all groups, by column and code."""
    for by in ("area", "sex", "age"):
        question = questionnaire.background(by)
        if question:
            yield by, {choice.code: _words(choice.label) for choice in question.choices.choices if not choice.missing}
    yield "theme", {theme.code: _words(theme.label) for theme in municipality.themes}


def _indicator(
    indicator: Indicator,
    found: IndicatorFigures,
    tables: Tables,
    agreement: Agreement,
    since: Since | None,
) -> Document:
    values = list(
        _report_values(indicator, found, tables, agreement)
        if isinstance(indicator.source, ReportSource)
        else _survey_values(indicator, tables)
    )
    change = since and since.of(indicator.code)
    return {
        "code": indicator.code,
        "goal": indicator.goal,
        "label": _words(indicator.label),
        "direction": indicator.direction,
        "target": indicator.target,
        "unit": found.unit,
        "method": found.method,
        "source": found.source,
        "values": values,
        "incomparable": change.incomparable if change else None,
    }


def _survey_values(indicator: Indicator, tables: Tables) -> Iterator[Document]:
    for by in (None, "area", "sex", "age"):
        table = tables.get((indicator.code, by))
        if table is None or (by is None and not table.rows):
            yield from [_hidden(None, None, table.reasons[0] if table else TOO_FEW)] if by is None else []
            continue
        for row in table.rows:
            yield _value(by, row)
        yield from (_hidden(by, *each) for each in zip(table.hidden, table.reasons, strict=True))


def _report_values(
    indicator: Indicator, found: IndicatorFigures, tables: Tables, agreement: Agreement
) -> Iterator[Document]:
    """Rates from the public counts of all areas; an indicator of some areas only has those that are shown there."""
    bases = _bases(indicator, tables, agreement)
    areas = indicator.source.areas
    everywhere = [bases.get(area) for area in areas] if areas else [bases.get(None)]
    why, spread = _reasons(indicator, tables, agreement), _spread(indicator, tables, agreement)
    yield _rate(found, (None, None), None if None in everywhere else sum(everywhere), why, spread)
    if len(areas) != 1:
        for figure in found.figures[1:]:
            yield _rate(found, (BY_AREA, figure.group), bases.get(figure.group), why, spread)


def _bases(indicator: Indicator, tables: Tables, agreement: Agreement) -> dict[str | None, int]:
    """The public counts by area of an indicator's themes; none for a set of themes that crosses another's."""
    table = _table(indicator, tables, agreement, BY_AREA)
    return {row.group: row.base for row in table.rows} if table else {}


def _reasons(indicator: Indicator, tables: Tables, agreement: Agreement) -> dict[str | None, str]:
    """Why counts by area are hidden."""
    table = _table(indicator, tables, agreement, BY_AREA)
    return dict(zip(table.hidden, table.reasons, strict=True)) if table else {}


def _table(indicator: Indicator, tables: Tables, agreement: Agreement, by: str) -> PublishableTable | None:
    themes = set(indicator.source.themes)
    titles = [code for code, counted in sets_of_themes(agreement.indicators) if themes == set(counted)]
    return tables.get((titles[0], by)) if titles else None


def _spread(indicator: Indicator, tables: Tables, agreement: Agreement) -> float:
    """How much more than by chance the public counts of whole months spread; twice as much where they are too few."""
    table = _table(indicator, tables, agreement, BY_MONTH)
    days = (
        {row.group: monthrange(*map(int, row.group.split("-")))[1] for row in table.rows if row.group} if table else {}
    )
    whole = sorted(days)[1:-1]  # a period need not begin or end with a month
    if len(whole) < FEWEST_MONTHS:
        return ASSUMED_SPREAD
    counts = {row.group: row.base for row in table.rows}
    return dispersion([counts[month] for month in whole], [days[month] for month in whole])


def _rate(
    found: IndicatorFigures,
    domain: tuple[str | None, str | None],
    base: int | None,
    why: Mapping[str | None, str],
    spread: float,
) -> Document:
    by, group = domain
    figure = found.of(by, group)
    if base is None or not figure.exposure:
        return _hidden(by, group, why.get(group, TOO_FEW) if base is None else NO_RESIDENTS)
    interval = dispersed_interval(base, spread)
    rate, low, high = (round(count / figure.exposure, 1) for count in (base, *interval))
    return {
        "by": by,
        "group": group,
        "shown": True,
        "base": base,
        "value": rate,
        "low": low,
        "high": high,
        "interval": DISPERSED,
        "reason": None,
    }


def _value(by: str | None, row: PublishableRow) -> Document:
    return {
        "by": by,
        "group": row.group,
        "shown": True,
        "base": row.base,
        "value": row.percent,
        "low": row.low,
        "high": row.high,
        "interval": row.method,
        "reason": None,
    }


def _hidden(by: str | None, group: str | None, reason: str) -> Document:
    nothing = dict.fromkeys(("base", "value", "low", "high", "interval"))
    return {"by": by, "group": group, "shown": False, **nothing, "reason": reason}


def _report_table(table: PublishableTable) -> Document:
    rows = [{"group": row.group, "count": row.base} for row in table.rows]
    reasons = dict(zip(table.hidden, table.reasons, strict=True))
    return {"indicator": table.title, "by": table.by, "rows": rows, "hidden": list(table.hidden), "reasons": reasons}


def _counts_reports(table: PublishableTable, agreement: Agreement) -> bool:
    titles: Iterable[str] = (code for code, _themes in sets_of_themes(agreement.indicators))
    return table.title in titles


def _words(text: Text) -> dict[str, str]:
    return dict(text.words)
