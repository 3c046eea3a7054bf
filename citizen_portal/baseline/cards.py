"""Public documents laid out for a page: a card per indicator, and tables of reports. Words and places, no markup."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, format_decimal
from flask_babel import gettext as _

from citizen_portal.baseline import words
from citizen_portal.baseline.charts import Bar, bar, most_of
from citizen_portal.baseline.counted_reports import BY_AREA, BY_MONTH, BY_THEME, NO_AREA
from citizen_portal.baseline.figures import PERCENT
from citizen_portal.baseline.models import FOLLOW_UP
from citizen_portal.baseline.provenance import asked, day
from citizen_portal.baseline.published import NOT_SHOWN, Document, Snapshot, change_of, value_of
from citizen_portal.baseline.words import ChangeSaid, Said

BREAKDOWNS = (BY_AREA, "age", "sex")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: a group or a snapshot, its value in words, and its bar. ``change`` only where it is real."""

    name: str
    said: Said
    interval: str
    base: str
    bar: Bar | None
    change: ChangeSaid | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """An indicator of a snapshot. ``history`` has the snapshots up to this one, the latest first; ``most`` ends scales.

    ``then`` is the number of the baseline that a follow-up can be compared with, or empty. ``groups`` are pairs of a
    heading and its lines. ``change`` is None in a baseline, which is held against nothing; ``size`` is how far it goes.
    ``is_told`` counts reports, which tell how many tell us and not how a goal stands.
    """

    code: str
    label: str
    said: Said
    then: str
    bar: Bar | None
    most: str
    base: str
    target: str
    target_met: str
    change: ChangeSaid | None
    size: float
    history: list[Line]
    groups: list[tuple[str, list[Line]]]
    asked: list[str]
    is_told: bool


@dataclass(frozen=True, slots=True)
class CountTable:
    """Reports by area, theme or month: pairs of a name and its number of reports (with its bar), and what is hidden.

    ``hidden`` are pairs of names and the reason that they share.
    """

    heading: str
    rows: list[tuple[str, str, Bar | None]]
    hidden: list[tuple[list[str], str]]


def cards(snapshots: Sequence[Snapshot], language: str) -> dict[int, list[Card]]:
    """The cards of the first snapshot, by goal; the others are earlier ones, the latest first."""
    found: dict[int, list[Card]] = {}
    for indicator in snapshots[0].document["indicators"]:
        found.setdefault(indicator["goal"], []).append(_card(indicator, snapshots, language))
    return {goal: sorted(each, key=_by_what_matters) for goal, each in found.items()}


def year_before(snapshots: Sequence[Snapshot]) -> str | None:
    """The year of the baseline that the first snapshot is held against; None when there is none to see."""
    against = _against(snapshots)
    return against.document["period"]["to"][:4] if against else None


def days(document: Document) -> str:
    """The period of a snapshot in words."""
    period = document["period"]
    return _("%(first)s to %(last)s", first=day(period["from"]), last=day(period["to"]))


def report_tables(snapshot: Snapshot, language: str) -> list[tuple[str, str, list[CountTable]]]:
    """For each set of themes that is counted: the label of its indicator, its total in words, and its tables."""
    document = snapshot.document
    tables: dict[str, list[Document]] = {}
    for table in document["reports"]:
        tables.setdefault(table["indicator"], []).append(table)
    return [
        (
            label_of(snapshot.indicator(code), language),
            _total(found[0]),
            [_counts(each, document, language) for each in found],
        )
        for code, found in tables.items()
    ]


def _card(indicator: Document, snapshots: Sequence[Snapshot], language: str) -> Card:
    snapshot, unit = snapshots[0], indicator["unit"]
    value, before = value_of(indicator, None, None), _before(indicator, snapshots)
    past = [each.value(indicator["code"]) for each in snapshots]
    groups = [each for each in indicator["values"] if each["by"]]
    most = most_of(unit, [indicator["target"], *(each["high"] for each in (*past, *groups))])
    follows_up = snapshot.document["kind"] == FOLLOW_UP
    return Card(
        code=indicator["code"],
        label=label_of(indicator, language),
        said=words.said(value, unit),
        then=words.number(before["value"], unit) if before["shown"] else "",
        bar=bar(value, most, target=indicator["target"], before=before["value"]),
        most=words.number(most, unit),
        base=words.base_said(value, unit),
        target=words.target_said(indicator),
        target_met=words.target_met(indicator, value),
        change=_change(indicator, None, None) if follows_up else None,
        size=abs((change_of(indicator, None, None) or {"diff": 0})["diff"]),
        history=[_line(each.code, one, unit, most) for each, one in zip(snapshots, past, strict=True)],
        groups=list(_groups(indicator, snapshot, most, language)),
        asked=list(asked(indicator)),
        is_told=unit != PERCENT,
    )


def _before(indicator: Document, snapshots: Sequence[Snapshot]) -> Document:
    """What the baseline of a follow-up says, where the two can be compared."""
    found = _against(snapshots)
    return found.value(indicator["code"]) if found and not indicator["incomparable"] else NOT_SHOWN


def _against(snapshots: Sequence[Snapshot]) -> Snapshot | None:
    against = snapshots[0].document["against"]
    return next((each for each in snapshots[1:] if each.code == against), None)


def _by_what_matters(card: Card) -> tuple[int, float]:
    """What has changed for sure comes first, the largest change before the others."""
    kind = card.change.kind if card.change else words.UNKNOWN
    is_real = kind in {words.BETTER, words.WORSE}
    return (0 if is_real else 1, -card.size if is_real else 0)


def _change(indicator: Document, by: str | None, group: str | None) -> ChangeSaid:
    change = change_of(indicator, by, group)
    return words.change_said(change, indicator["incomparable"], indicator["direction"], indicator["unit"])


def _groups(indicator: Document, snapshot: Snapshot, most: float, language: str) -> Iterator[tuple[str, list[Line]]]:
    headings = {BY_AREA: _("By area"), "age": _("By age"), "sex": _("By sex")}
    for by in BREAKDOWNS:
        names = _names(snapshot.document, by, language)
        values = {each["group"]: each for each in indicator["values"] if each["by"] == by}
        lines = [
            _line(names.get(group, group), values[group], indicator["unit"], most, change_in(indicator, by, group))
            for group in sorted(values, key=list(names).index if values.keys() <= names.keys() else None)
        ]
        if lines:
            yield headings[by], lines


def change_in(indicator: Document, by: str, group: str) -> ChangeSaid | None:
    """What has changed in a group, where that is more than chance."""
    change = change_of(indicator, by, group)
    return _change(indicator, by, group) if change and change["real"] else None


def _line(name: str, value: Document, unit: str, most: float, change: ChangeSaid | None = None) -> Line:
    base = format_decimal(value["base"]) if value["shown"] else ""
    return Line(name, words.said(value, unit), words.interval(value, unit), base, bar(value, most), change)


def _counts(table: Document, document: Document, language: str) -> CountTable:
    by = table["by"]
    headings = {BY_AREA: _("By area"), BY_THEME: _("By what it was about"), BY_MONTH: _("By month")}
    counts = {row["group"]: row["count"] for row in table["rows"] if row["group"] is not None}
    order = sorted([*counts, *table["hidden"]]) if by == BY_MONTH else _order(document, by, counts, table["hidden"])
    names = _names(document, by, language) | {NO_AREA: _("Outside every area")}
    most = most_of("", counts.values())
    rows = [
        (_name(group, by, names), format_decimal(counts[group]), bar(_counted(counts[group]), most))
        for group in order
        if group in counts
    ]
    hidden: dict[str, list[str]] = {}
    for group in order:
        if group in table["hidden"]:
            why = words.why_hidden(table.get("reasons", {}).get(group), "")
            hidden.setdefault(why, []).append(_name(group, by, names))
    return CountTable(headings[by], rows, [(found, why) for why, found in hidden.items()])


def _order(document: Document, by: str, counts: dict[str, int], hidden: list[str]) -> list[str]:
    """Groups as the municipality lists them; what it does not list comes last."""
    listed = list(document["groups"].get(by, {}))
    return sorted([*counts, *hidden], key=lambda group: listed.index(group) if group in listed else len(listed))


def _counted(count: int) -> Document:
    return {"shown": True, "value": count, "low": 0, "high": count}


def _total(table: Document) -> str:
    whole = next((row["count"] for row in table["rows"] if row["group"] is None), None)
    return words.base_said({"shown": whole is not None, "base": whole}, "")


def _name(group: str, by: str, names: dict[str, str]) -> str:
    if by == BY_MONTH:
        return format_date(date.fromisoformat(f"{group}-01"), "LLLL yyyy")
    return names.get(group, group)


def _names(document: Document, by: str, language: str) -> dict[str, str]:
    return {code: in_language(texts, language) for code, texts in document["groups"].get(by, {}).items()}


def label_of(indicator: Document, language: str) -> str:
    """What an indicator measures."""
    return in_language(indicator["label"], language)


def in_language(texts: Document, language: str) -> str:
    """The words in this language; in the first of the document's when it was frozen before the language came."""
    return texts.get(language) or next(iter(texts.values()))
