"""The disclosure rules: the only way from estimates to anything that the public sees.

1. The plan of tables is fixed: an indicator for everyone, by area, by sex, by age; never two of these crossed.
2. A group is shown when five people or more stand on each side and its estimate passes the quality rule.
3. Where one group of a column is hidden, so is the next smallest. 4. Groups are hidden by size, the same for every
question of a wave. 5. There is one set of areas. 6. A wave is published once, after it has closed; until then staff
see bands. 7. Percentages are whole, bases rounded to five. 8. The staff's row file has its own random order and ids and
a warning. 9. No free text passes: a table holds codes and numbers. 10. Counts of reports follow the same rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, replace

from citizen_portal.statistics.estimates import GroupEstimate
from citizen_portal.statistics.hiding import Broken, People, decide, enough_on_every_side, hidden_counts
from citizen_portal.statistics.quality import enough_people
from citizen_portal.statistics.rest import Part, blurred

BREAKDOWNS = ("area", "sex", "age")
BASE_STEP = 5
REAL = 0.05
LOGIT, KORN_GRAUBARD = "logit", "korn-graubard"
# Why a cell is hidden. The last is said of every cell of a table that shows none: which of them are few would tell.
TOO_FEW, PROTECTS, WEAK, SOME_TOO_FEW = "too_few", "protects_another", "quality", "some_group_too_few"
_SEAL = object()


class NotPublishable(Exception):
    """What was asked for is not in the plan of tables, or the wave is still open."""


@dataclass(frozen=True, slots=True)
class PublishableRow:
    """A group and its figures: ``base`` people rounded to five, and for an indicator whole percentages.

    ``group`` is ``None`` for everyone. ``method`` names the interval from ``low`` to ``high``: logit for everyone,
    Korn and Graubard's for the smaller groups. Tables of counts have no percentages.
    """

    group: str | None
    base: int
    percent: int | None = None
    low: int | None = None
    high: int | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class PublishableTable:
    """A table that passed the rules. Pages, feeds and files take nothing else; only this module can make one.

    ``by`` is ``None`` for everyone. ``hidden`` names the groups that are not shown and ``reasons`` says why, in their
    order; of everyone the one reason stands there when there are no ``rows``.
    """

    title: str
    wave: str
    by: str | None
    rows: tuple[PublishableRow, ...]
    hidden: tuple[str, ...]
    reasons: tuple[str, ...]
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        """Refuse everyone who does not hold this module's seal."""
        if seal is not _SEAL:
            raise NotPublishable("a publishable table is made by the disclosure rules and by nothing else")


@dataclass(frozen=True, slots=True)
class Figure:
    """What is known of one group: how many people gave each answer, and the estimate.

    ``weight`` is that of everyone who answered; None where everybody weighs the same.
    """

    people: People
    estimate: GroupEstimate
    weight: float | None = None

    def part(self, counted: frozenset[str]) -> Part:
        """The group as its published share tells of it."""
        people = sum(self.people.values())
        yes = sum(count for answer, count in self.people.items() if answer in counted)
        share = (_whole(self.estimate.p) or 0) / 100
        return Part(share, people if self.weight is None else self.weight, people, yes)


@dataclass(frozen=True, slots=True)
class IndicatorFigures:
    """One indicator before the rules: ``counted`` answers of ``question``, for everyone and by column and group.

    ``in_groups`` is the same counted over those alone who are in a group of every column.
    """

    code: str
    question: str
    counted: frozenset[str]
    everyone: Figure
    groups: Mapping[str, Mapping[str, Figure]]
    in_groups: "IndicatorFigures | None" = None

    @property
    def blurred(self) -> dict[str, bool]:
        """For each column whether rounding hides what those said who are in none of its groups."""
        columns = {by: [each.part(self.counted) for each in found.values()] for by, found in self.groups.items()}
        return blurred(self.everyone.part(self.counted), columns)


@dataclass(frozen=True, slots=True)
class WaveFigures:
    """A whole wave before the rules, because its tables protect or betray each other.

    ``sizes`` counts the answer sets by column and group. People who left a column empty, or are in a group that the
    register does not count, belong to none of its groups.
    """

    wave: str
    closed: bool
    sizes: Mapping[str, Mapping[str, int]]
    indicators: Sequence[IndicatorFigures]


def without_what_shows_through(figures: WaveFigures) -> WaveFigures:
    """The figures with each question counted over those in groups alone, where rounding does not hide the others.

    People in no group hide nobody else. All indicators of a question are counted over the same people.
    """
    sharp = {one.question for one in figures.indicators if not all(one.blurred.values())}
    return replace(
        figures,
        indicators=[(one.question in sharp and one.in_groups) or one for one in figures.indicators],
    )


def publishable_tables(figures: WaveFigures) -> list[PublishableTable]:
    """All tables of a wave, in the order of the indicators; what is too small is named in them, without a number.

    Raises ``NotPublishable`` while the wave is open, and for a column that the plan does not have.
    """
    if not figures.closed:
        raise NotPublishable(f"the wave {figures.wave} is open: a table now and one later would differ by a person")
    for by in figures.sizes:
        if by not in BREAKDOWNS:
            raise NotPublishable(f"the plan of tables has no breakdown by {by}")
    figures = without_what_shows_through(figures)
    for_everyone = _shown_for_everyone(figures.indicators)
    decisions = {
        by: decide(sizes, [_broken(one, by) for one in figures.indicators if one.code in for_everyone])
        for by, sizes in figures.sizes.items()
    }
    tables = []
    for one in figures.indicators:
        whole = (_row(None, one.everyone),) if one.code in for_everyone else ()
        why = () if whole else (_why(one.everyone, one.counted),)
        tables.append(PublishableTable(one.code, figures.wave, None, whole, (), why, _SEAL))
        for by, shown in decisions.items():
            is_broken = one.code in shown.indicators
            hidden = tuple(sorted(shown.hidden if is_broken else figures.sizes[by]))
            reasons = tuple(
                _why(one.groups[by].get(group), one.counted) if is_broken else SOME_TOO_FEW for group in hidden
            )
            rows = (_row(by, one.groups[by][group], group) for group in figures.sizes[by] if group not in hidden)
            tables.append(PublishableTable(one.code, figures.wave, by, tuple(rows), hidden, reasons, _SEAL))
    return tables


def publishable_counts(title: str, wave: str, by: str, counts: Mapping[str, int]) -> PublishableTable:
    """A table of counts, such as reports by theme, area or month, with everyone's total in its first row.

    ``counts`` are of one column only and hold every cell of the plan, zero or not; ``wave`` names the period, which
    has to be over. Cells under five are hidden, zero like one to four, and so are the next smallest, two or more, until
    zero and four fit each of them. A rare thing has no breakdown; a total under five is not shown.
    """
    hidden = sorted(hidden_counts(counts))
    why = [TOO_FEW if counts[cell] < BASE_STEP else PROTECTS for cell in hidden]
    reasons = why if len(hidden) < len(counts) else [SOME_TOO_FEW] * len(hidden)
    whole = {None: sum(counts.values())} if sum(counts.values()) >= BASE_STEP else {}
    shown = whole | {cell: count for cell, count in counts.items() if cell not in hidden}
    rows = tuple(PublishableRow(cell, rounded_base(count)) for cell, count in shown.items())
    return PublishableTable(title, wave, by, rows, tuple(hidden), tuple(reasons), _SEAL)


def _why(figure: Figure | None, counted: frozenset[str]) -> str:
    """Why a group is hidden; of a group on its own that is neither small nor weak, to protect another."""
    part = figure.part(counted) if figure else None
    if part is None or not enough_people(part.yes, part.people - part.yes):
        return TOO_FEW
    return PROTECTS if figure.estimate.show_quality else WEAK


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
    return Broken(one.code, one.question, one.counted, one.everyone.people, people, weak, one.blurred[by])


def _row(by: str | None, figure: Figure, group: str | None = None) -> PublishableRow:
    found = figure.estimate
    low, high, method = (found.low, found.high, LOGIT) if by is None else (found.kg_low, found.kg_high, KORN_GRAUBARD)
    return PublishableRow(group, rounded_base(found.n), _whole(found.p), _whole(low), _whole(high), method)


def _whole(share: float | None) -> int | None:
    """A share in whole percent."""
    return None if share is None else round(100 * share)
