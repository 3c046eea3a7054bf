"""The results of one area: what its people answered, beside everyone, and how many reports came from there."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import format_decimal

from citizen_portal.baseline import words
from citizen_portal.baseline.cards import change_in, in_language, label_of
from citizen_portal.baseline.charts import Bar, bar, most_of
from citizen_portal.baseline.counted_reports import BY_AREA
from citizen_portal.baseline.figures import PERCENT
from citizen_portal.baseline.published import NOT_SHOWN, Document, Snapshot, value_of
from citizen_portal.baseline.words import ChangeSaid, Said


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator in an area: what its people said, what everyone did, and the change where there is a real one."""

    label: str
    here: Said
    everyone: str
    bar: Bar | None
    change: ChangeSaid | None


@dataclass(frozen=True, slots=True)
class AreaResults:
    """What is shown of an area. ``hidden`` pairs labels with the reason that they share; so does ``reports`` counts."""

    name: str
    measures: list[Measure]
    hidden: list[tuple[list[str], str]]
    reports: list[tuple[str, str]]


def areas(snapshot: Snapshot, language: str) -> list[tuple[str, str]]:
    """The code and name of every area that the document knows, as the municipality lists them."""
    named = snapshot.document["groups"].get(BY_AREA, {})
    return [(code, in_language(names, language)) for code, names in named.items()]


def results_of(snapshot: Snapshot, area: str, language: str) -> AreaResults | None:
    """The results of an area; None when the document knows no such area."""
    name = dict(areas(snapshot, language)).get(area)
    if name is None:
        return None
    asked = [each for each in snapshot.document["indicators"] if each["unit"] == PERCENT]
    values = [(each, value_of(each, BY_AREA, area)) for each in asked]
    # Without a value at all it was not broken down by area, and is not called hidden.
    broken = [(each, value) for each, value in values if value is not NOT_SHOWN]
    hidden: dict[str, list[str]] = {}
    for indicator, value in broken:
        if not value["shown"]:
            why = words.why_hidden(value.get("reason"), PERCENT)
            hidden.setdefault(why, []).append(label_of(indicator, language))
    return AreaResults(
        name=name,
        measures=[_measure(each, value, area, language) for each, value in broken if value["shown"]],
        hidden=[(labels, why) for why, labels in hidden.items()],
        reports=list(_reports(snapshot, area, language)),
    )


def _measure(indicator: Document, value: Document, area: str, language: str) -> Measure:
    everyone, unit = value_of(indicator, None, None), indicator["unit"]
    return Measure(
        label=label_of(indicator, language),
        here=words.said(value, unit),
        everyone=words.number(everyone["value"], unit) if everyone["shown"] else "",
        bar=bar(value, most_of(unit, ())),
        change=change_in(indicator, BY_AREA, area),
    )


def _reports(snapshot: Snapshot, area: str, language: str) -> Iterator[tuple[str, str]]:
    for table in snapshot.document["reports"]:
        if table["by"] == BY_AREA:
            label = label_of(snapshot.indicator(table["indicator"]), language)
            counts = {row["group"]: row["count"] for row in table["rows"]}
            if area in counts:
                yield label, format_decimal(counts[area])
            elif area in table["hidden"]:
                yield label, words.why_hidden(table.get("reasons", {}).get(area), "")
