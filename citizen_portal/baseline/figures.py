"""Figures: every indicator of the agreement for one period, as computed, nothing hidden and nothing rounded.

Plain values that go to JSON and back unchanged, because a frozen baseline is exactly this.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

PERCENT, PER_1000 = "percent", "per_1000_residents_and_year"
# Shares: weighted to the register, weighted by whoever drew the sample, not weighted; and counts of reports.
RAKED, BROUGHT, UNWEIGHTED, COUNTED = "raked", "brought", "unweighted", "counted"

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day, both included."""

    from_day: date
    to_day: date

    def __str__(self) -> str:
        """An ISO 8601 interval."""
        return f"{self.from_day}/{self.to_day}"

    @property
    def months(self) -> tuple[str, ...]:
        """Every month that it touches, as "2026-03"."""
        first, last = (12 * day.year + day.month - 1 for day in (self.from_day, self.to_day))
        return tuple(f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1))

    @property
    def years(self) -> float:
        """Its length."""
        return ((self.to_day - self.from_day).days + 1) / DAYS_PER_YEAR


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: an indicator for everyone (``by`` and ``group`` None) or for one area, sex or age group.

    ``estimate``, ``low``, ``high`` are shares between 0 and 1, or reports per 1 000 residents and year; None where no
    honest number exists. ``n`` is the base: how many answered, or how many reports. ``counted`` is how many of them
    said what the indicator counts. ``exposure`` is in 1 000 resident-years, for reports only. ``good_enough`` is the
    quality rule of the NCHS; disclosure is decided later, over all figures together.
    """

    indicator: str
    by: str | None
    group: str | None
    n: int
    counted: int
    estimate: float | None
    low: float | None
    high: float | None
    se: float | None
    df: float | None
    exposure: float | None
    good_enough: bool

    @classmethod
    def without_number(cls, indicator: str, by: str | None = None, group: str | None = None, *, n: int = 0) -> "Figure":
        """A figure for which no honest number exists."""
        nothing = dict.fromkeys(("estimate", "low", "high", "se", "df", "exposure"))
        return cls(indicator=indicator, by=by, group=group, n=n, counted=n, good_enough=False, **nothing)


@dataclass(frozen=True, slots=True)
class IndicatorFigures:
    """An indicator with its figures; the first is for everyone. ``source`` says where from, ``method`` how."""

    indicator: str
    unit: str
    method: str
    source: str
    figures: tuple[Figure, ...]

    def of(self, by: str | None, group: str | None) -> Figure | None:
        """The figure of a group, or None."""
        return next((each for each in self.figures if (each.by, each.group) == (by, group)), None)


@dataclass(frozen=True, slots=True)
class Baseline:
    """All figures of one period. ``example_population`` says that the weights rest on example counts,
    ``unweighted_because`` why there are none.

    ``wave`` is the survey round the shares come from, ``sample`` its type; reports are those received from ``from_day``
    to ``to_day``. ``missing`` names indicators that this wave cannot give, because their question was not asked.
    ``weighted_by`` are the columns whose margins the weights fit; ``joined`` names each level (after its column) that
    nobody of answered, and the neighbour that stands in for it; ``margins_left_out`` could not hold with the others.
    ``strata`` is how many strata the sample was drawn in, 0 for one draw. ``of_groups`` names indicators that count
    only those who are in a group of every column; ``outside`` are answers of people outside the population.
    ``told_from`` is the first day (ISO) of the period on which the portal took reports.
    """

    agreement: str
    from_day: date
    to_day: date
    wave: str
    sample: str
    questionnaire: str
    answer_sets: int
    design_effect: float | None
    effective_size: float | None
    unweighted_because: str | None
    population_source: str
    example_population: bool
    indicators: tuple[IndicatorFigures, ...]
    missing: tuple[str, ...]
    weighted_by: tuple[str, ...] = ("sex", "age")  # as it was before this stood in a document
    joined: tuple[tuple[str, str, str], ...] = ()
    margins_left_out: tuple[str, ...] = ()
    strata: int = 0
    of_groups: tuple[str, ...] = ()
    outside: int = 0
    population_year: int | None = None
    told_from: str | None = None

    def figures_of(self, indicator: str) -> IndicatorFigures | None:
        """An indicator's figures, or None."""
        return next((each for each in self.indicators if each.indicator == indicator), None)

    def document(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {**asdict(self), "from_day": self.from_day.isoformat(), "to_day": self.to_day.isoformat()}

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "Baseline":
        """The same baseline again."""
        indicators = tuple(
            IndicatorFigures(**{**each, "figures": tuple(Figure(**figure) for figure in each["figures"])})
            for each in document["indicators"]
        )
        lists = ("missing", "weighted_by", "margins_left_out", "of_groups")
        tuples = {name: tuple(document[name]) for name in lists if name in document}
        joined = tuple(map(tuple, document.get("joined", ())))
        days = {name: date.fromisoformat(document[name]) for name in ("from_day", "to_day")}
        return cls(**{**document, **days, **tuples, "indicators": indicators, "joined": joined})
