"""The disclosure rules: the only way from estimates to anything that the public sees.

1. The plan of tables is fixed: an indicator for everyone, by area, by sex, by age; never two of these crossed.
2. A group is shown when five people or more stand on each side and its estimate passes the quality rule.
3. Where one group of a column is hidden, so is the next smallest. 4. Groups are hidden by size, the same for every
question of a wave. 5. There is one set of areas. 6. A wave is published once, after it has closed; until then staff
see bands. 7. Percentages are whole, bases rounded to five. 8. The staff's row file has its own random order and ids and
a warning. 9. No free text passes: a table holds codes and numbers. 10. Counts of reports follow the same rules.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import InitVar, dataclass

from citizen_portal.statistics.estimates import GroupChange, GroupEstimate
from citizen_portal.statistics.hiding import Broken, People, decide, enough_on_every_side, hidden_counts

BREAKDOWNS = ("area", "sex", "age")
BASE_STEP = 5
REAL = 0.05
LOGIT, KORN_GRAUBARD = "logit", "korn-graubard"
_SEAL = object()


class NotPublishable(Exception):
    """What was asked for is not in the plan of tables, or the wave is still open."""


@dataclass(frozen=True, slots=True)
class PublishableChange:
    """Whole percentage points since an earlier wave, with the 95 % interval.

    ``real`` says that chance alone is no good explanation: Holm's p-value is below 5 %, all groups counted.
    """

    points: int
    low: int
    high: int
    real: bool


@dataclass(frozen=True, slots=True)
class PublishableRow:
    """A group and its figures: ``base`` people rounded to five, and for an indicator whole percentages.

    ``group`` is ``None`` for everyone. ``method`` names the interval from ``low`` to ``high``: logit for everyone,
    Korn and Graubard's for the smaller groups. Tables of counts have no percentages; ``change`` is there when it can
    be shown.
    """

    group: str | None
    base: int
    percent: int | None = None
    low: int | None = None
    high: int | None = None
    method: str | None = None
    change: PublishableChange | None = None


@dataclass(frozen=True, slots=True)
class PublishableTable:
    """A table that passed the rules. Pages, feeds and files take nothing else; only this module can make one.

    ``by`` is ``None`` for everyone. ``hidden`` names the groups that are too small; with all of them hidden there are
    no ``rows`` and the table only says that there were too few answers.
    """

    title: str
    wave: str
    by: str | None
    rows: tuple[PublishableRow, ...]
    hidden: tuple[str, ...]
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        """Refuse everyone who does not hold this module's seal."""
        if seal is not _SEAL:
            raise NotPublishable("a publishable table is made by the disclosure rules and by nothing else")


@dataclass(frozen=True, slots=True)
class Figure:
    """What is known of one group: how many people gave each answer, the estimate, and what changed."""

    people: People
    estimate: GroupEstimate
    change: GroupChange | None = None


@dataclass(frozen=True, slots=True)
class IndicatorFigures:
    """One indicator before the rules: ``counted`` answers of ``question``, for everyone and by column and group."""

    code: str
    question: str
    counted: frozenset[str]
    everyone: Figure
    groups: Mapping[str, Mapping[str, Figure]]


@dataclass(frozen=True, slots=True)
class WaveFigures:
    """A whole wave before the rules, because its tables protect or betray each other.

    ``sizes`` counts the answer sets by column and group. People who left a column empty belong to none of its groups;
    where they are many, give them a group of their own, or they take a small group's place among the hidden.
    ``earlier`` are the tables of the wave that changes are counted from: what they hide has no change either.
    """

    wave: str
    closed: bool
    sizes: Mapping[str, Mapping[str, int]]
    indicators: Sequence[IndicatorFigures]
    earlier: Sequence[PublishableTable] = ()


def publishable_tables(figures: WaveFigures) -> list[PublishableTable]:
    """All tables of a wave, in the order of the indicators; what is too small is named in them, without a number.

    Raises ``NotPublishable`` while the wave is open, and for a column that the plan does not have.
    """
    if not figures.closed:
        raise NotPublishable(f"the wave {figures.wave} is open: a table now and one later would differ by a person")
    for by in figures.sizes:
        if by not in BREAKDOWNS:
            raise NotPublishable(f"the plan of tables has no breakdown by {by}")
    for_everyone = _shown_for_everyone(figures.indicators)
    decisions = {
        by: decide(sizes, [_broken(one, by) for one in figures.indicators if one.code in for_everyone])
        for by, sizes in figures.sizes.items()
    }
    before = {(table.title, table.by, row.group) for table in figures.earlier for row in table.rows}
    tables = []
    for one in figures.indicators:
        whole = (_row(one, None, None, before),) if one.code in for_everyone else ()
        tables.append(PublishableTable(one.code, figures.wave, None, whole, (), _SEAL))
        for by, shown in decisions.items():
            hidden = shown.hidden if one.code in shown.indicators else frozenset(figures.sizes[by])
            rows = (_row(one, by, group, before) for group in figures.sizes[by] if group not in hidden)
            tables.append(PublishableTable(one.code, figures.wave, by, tuple(rows), tuple(sorted(hidden)), _SEAL))
    return tables


def publishable_counts(title: str, wave: str, by: str, counts: Mapping[str, int]) -> PublishableTable:
    """A table of counts, such as reports by theme, area or month, with everyone's total in its first row.

    ``counts`` are of one column only; ``wave`` names the period, which has to be over. Cells under five are hidden,
    and so is the next smallest where a single cell or fewer than five people would be left to subtract.
    """
    hidden = hidden_counts(counts)
    whole = {None: sum(counts.values())} if sum(counts.values()) >= BASE_STEP else {}
    shown = whole | {cell: count for cell, count in counts.items() if cell not in hidden}
    rows = tuple(PublishableRow(cell, rounded_base(count)) for cell, count in shown.items())
    return PublishableTable(title, wave, by, rows, tuple(sorted(hidden)), _SEAL)


def rounded_base(people: int) -> int:
    """A number of people to the nearest five."""
    return BASE_STEP * round(people / BASE_STEP)


def _shown_for_everyone(indicators: Sequence[IndicatorFigures]) -> set[str]:
    """The codes of the indicators that can be shown for the whole wave; of two that clash, the first."""
    shown: list[IndicatorFigures] = []
    for one in indicators:
        counted = [other.counted for other in (*shown, one) if other.question == one.question]
        codes = one.everyone.people.keys() | frozenset().union(*counted)
        if one.everyone.estimate.show_quality and enough_on_every_side(one.everyone.people, counted, codes):
            shown.append(one)
    return {one.code for one in shown}


def _broken(one: IndicatorFigures, by: str) -> Broken:
    weak = [group for group, figure in one.groups[by].items() if not figure.estimate.show_quality]
    people = {group: figure.people for group, figure in one.groups[by].items()}
    return Broken(one.code, one.question, one.counted, one.everyone.people, people, weak)


def _row(
    one: IndicatorFigures, by: str | None, group: str | None, before: Collection[tuple[str, str | None, str | None]]
) -> PublishableRow:
    """The row of a group; ``before`` are the indicators, columns and groups that the earlier wave showed."""
    figure = one.everyone if by is None or group is None else one.groups[by][group]
    found = figure.estimate
    low, high = (found.low, found.high) if by is None else (found.kg_low, found.kg_high)
    method = LOGIT if by is None else KORN_GRAUBARD
    change = _change(figure.change) if (one.code, by, group) in before else None
    return PublishableRow(group, rounded_base(found.n), _whole(found.p), _whole(low), _whole(high), method, change)


def _change(found: GroupChange | None) -> PublishableChange | None:
    """The change in whole percentage points, where it has an error."""
    if found is None or found.diff is None or found.low is None or found.high is None or found.p_holm is None:
        return None
    points, low, high = round(100 * found.diff), round(100 * found.low), round(100 * found.high)
    return PublishableChange(points, low, high, real=found.p_holm < REAL)


def _whole(share: float | None) -> int | None:
    """A share in whole percent."""
    return None if share is None else round(100 * share)
