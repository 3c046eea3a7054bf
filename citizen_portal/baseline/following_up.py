"""Following up: a later baseline held against an earlier one, and whether each change is more than chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from citizen_portal.baseline.figures import PERCENT, Baseline, Figure, IndicatorFigures, Period
from citizen_portal.statistics.change import Change, change, holm
from citizen_portal.statistics.counts import rate_change
from citizen_portal.statistics.shares import Estimate
from citizen_portal.surveys.changed_meaning import what_changed
from citizen_portal.surveys.questionnaire import Questionnaire

SURE = 0.05  # of all comparisons of a family together (Holm)

NOT_IN_BOTH, QUESTION_CHANGED, OTHER_SAMPLE, OTHER_METHOD, OTHER_SEASON = (
    "not_in_both",
    "question_changed",
    "other_sample",
    "other_method",
    "other_season",
)


@dataclass(frozen=True, slots=True)
class FigureChange:
    """What changed in one group. ``p_holm`` counts the comparisons made together; ``real`` says it passes them."""

    by: str | None
    group: str | None
    change: Change
    p_holm: float | None

    @property
    def real(self) -> bool:
        """Whether the change is more than chance explains, all comparisons of its family counted."""
        return self.p_holm is not None and self.p_holm < SURE


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """An indicator held against its baseline; ``incomparable`` is the reason why it cannot be, or None."""

    indicator: str
    incomparable: str | None
    changes: tuple[FigureChange, ...]


def follow_up(
    later: Baseline, earlier: Baseline, questionnaires: tuple[Questionnaire, Questionnaire], questions: dict[str, str]
) -> tuple[IndicatorChange, ...]:
    """Hold every indicator of ``later`` against ``earlier``.

    ``questionnaires`` are those of the two, later first; ``questions`` gives the question that an indicator counts. The
    changes for everyone are one family of comparisons over all indicators; the groups of one indicator and column are
    another.
    """
    reasons = {
        each.indicator: _incomparable(each, later, earlier, questionnaires, questions) for each in later.indicators
    }
    comparable = [each for each in later.indicators if reasons[each.indicator] is None]
    overall = _family([(each.figures[0], earlier.figures_of(each.indicator).figures[0]) for each in comparable])
    found = dict(zip((each.indicator for each in comparable), overall, strict=True))
    return tuple(
        IndicatorChange(
            each.indicator,
            reasons[each.indicator],
            (found[each.indicator], *_groups(each, earlier.figures_of(each.indicator)))
            if reasons[each.indicator] is None
            else (),
        )
        for each in later.indicators
    )


def _incomparable(
    now: IndicatorFigures,
    later: Baseline,
    earlier: Baseline,
    questionnaires: tuple[Questionnaire, Questionnaire],
    questions: dict[str, str],
) -> str | None:
    before = earlier.figures_of(now.indicator)
    if before is None:
        return NOT_IN_BOTH
    if now.unit != PERCENT:
        return OTHER_SEASON if _months(later) != _months(earlier) else None
    new, old = (each.by_code.get(questions[now.indicator]) for each in questionnaires)
    if new is None or old is None:
        return NOT_IN_BOTH
    differences = {
        QUESTION_CHANGED: bool(what_changed(old, new)),
        OTHER_SAMPLE: later.sample != earlier.sample,
        OTHER_METHOD: now.method != before.method or later.weighted_by != earlier.weighted_by,
    }
    return next((reason for reason, differs in differences.items() if differs), None)


def _months(baseline: Baseline) -> set[str]:
    """The months of the year, "01" to "12", in which reports were taken: dark ones have others than light ones."""
    first = date.fromisoformat(baseline.told_from) if baseline.told_from else baseline.from_day
    return {month[-2:] for month in Period(first, baseline.to_day).months}


def _groups(now: IndicatorFigures, before: IndicatorFigures) -> list[FigureChange]:
    columns = dict.fromkeys(figure.by for figure in now.figures if figure.by)
    return [
        one
        for column in columns
        for one in _family([(figure, before.of(column, figure.group)) for figure in now.figures if figure.by == column])
    ]


def _family(pairs: Sequence[tuple[Figure, Figure | None]]) -> list[FigureChange]:
    changes = [_change(now, before) for now, before in pairs]
    adjusted = holm([one.p for one in changes])
    return [
        FigureChange(now.by, now.group, one, p_holm)
        for (now, _before), one, p_holm in zip(pairs, changes, adjusted, strict=True)
    ]


def _change(now: Figure, before: Figure | None) -> Change:
    if before is None:
        return Change(None)
    if now.exposure and before.exposure:
        return rate_change(now.counted, before.counted, later_exposure=now.exposure, earlier_exposure=before.exposure)
    return change(_estimate(now), _estimate(before))


def _estimate(figure: Figure) -> Estimate:
    return Estimate(figure.n, figure.estimate, figure.se, figure.df or 0)
