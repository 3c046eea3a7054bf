"""A later baseline held against an earlier one: what can be compared, and what is more than chance."""

from dataclasses import replace
from datetime import date

import pytest

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
from citizen_portal.baseline.following_up import (
    NOT_IN_BOTH,
    OTHER_METHOD,
    OTHER_SAMPLE,
    OTHER_SEASON,
    QUESTION_CHANGED,
    follow_up,
)
from citizen_portal.surveys.reading import questionnaire_of_document

WORDS = {"en": "Synthetic"}


def questionnaire(*, wording: str = "Safe?", code: str = "safe"):
    choices = [{"code": each, "label": WORDS} for each in ("yes", "no")]
    question = {"code": code, "kind": "one", "choices": "answers", "wording": {"en": wording}}
    return questionnaire_of_document(
        {
            "code": "synthetic", "version": 1, "languages": ["en"], "title": WORDS, "intro": WORDS,
            "list": [{"code": "answers", "choice": choices}],
            "section": [{"code": "all", "title": WORDS, "question": [question]}],
        }
    )  # fmt: skip


def share(p: float, *, n: int = 500, by: str | None = None, group: str | None = None) -> Figure:
    se = (p * (1 - p) / n) ** 0.5
    return Figure(
        indicator="safe", by=by, group=group, n=n, counted=round(n * p), estimate=p, low=p - 2 * se, high=p + 2 * se,
        se=se, df=n - 1, exposure=None, good_enough=True,
    )  # fmt: skip


def count(number: int, *, exposure: float = 40.0) -> Figure:
    return Figure(
        indicator="reports", by=None, group=None, n=number, counted=number, estimate=number / exposure, low=None,
        high=None, se=None, df=None, exposure=exposure, good_enough=True,
    )  # fmt: skip


def baseline(*figures: Figure, method: str = RAKED, reports: Figure | None = None) -> Baseline:
    indicators = [IndicatorFigures("safe", PERCENT, method, "synthetic", figures)] if figures else []
    if reports:
        indicators.append(IndicatorFigures("reports", PER_1000, COUNTED, "synthetic", (reports,)))
    return Baseline(
        agreement="synthetic", from_day=date(2025, 1, 1), to_day=date(2025, 12, 31), wave="2025", sample="invited",
        questionnaire="0" * 64, answer_sets=500, design_effect=1.0, effective_size=500.0, unweighted_because=None,
        population_source="synthetic", example_population=True, indicators=tuple(indicators), missing=(),
    )  # fmt: skip


def followed(later: Baseline, earlier: Baseline, *, now=None, before=None):
    questionnaires = (now or questionnaire(), before or questionnaire())
    questions = {"safe": "safe", "reports": None}
    return {each.indicator: each for each in follow_up(later, earlier, questionnaires, questions)}


@pytest.mark.parametrize(("later", "real"), [(0.70, True), (0.52, False)])
def test_a_change_is_real_when_chance_does_not_explain_it(later, real):
    (change,) = followed(baseline(share(later)), baseline(share(0.5)))["safe"].changes
    assert change.real is real
    assert change.change.diff == pytest.approx(later - 0.5)


def test_reports_are_compared_as_counts_of_their_time():
    change = followed(baseline(reports=count(90)), baseline(reports=count(30)))["reports"].changes[0]
    assert change.real
    assert change.change.diff == pytest.approx(60 / 40)
    twice_as_long = baseline(reports=count(60, exposure=80))
    assert not followed(twice_as_long, baseline(reports=count(30)))["reports"].changes[0].real


def test_many_groups_compared_at_once_must_differ_more():
    """One area in twenty would pass at p = 0.05 by chance alone."""
    areas = [f"area_{number}" for number in range(20)]
    earlier = baseline(share(0.5), *(share(0.5, by="area", group=area) for area in areas))
    others = [share(0.5, by="area", group=area) for area in areas[1:]]
    later = baseline(share(0.5), share(0.565, by="area", group=areas[0]), *others)
    first = next(each for each in followed(later, earlier)["safe"].changes if each.group == areas[0])
    assert first.change.p < 0.05
    assert not first.real


@pytest.mark.parametrize(("told_from", "reason"), [("2025-01-20", None), ("2025-06-01", OTHER_SEASON)])
def test_reports_of_other_months_of_the_year_are_not_compared(told_from, reason):
    """A portal that began in June has had no dark months yet."""
    later = replace(baseline(reports=count(90)), told_from=told_from)
    assert followed(later, baseline(reports=count(30)))["reports"].incomparable == reason


def test_waves_that_were_weighted_by_other_columns_are_not_compared():
    later = replace(baseline(share(0.6)), weighted_by=("sex", "age", "area"))
    assert followed(later, baseline(share(0.5)))["safe"].incomparable == OTHER_METHOD


def test_a_group_that_only_one_of_them_has_did_not_change():
    later = baseline(share(0.5), share(0.9, by="area", group="new"))
    new = next(each for each in followed(later, baseline(share(0.5)))["safe"].changes if each.group == "new")
    assert (new.change.diff, new.p_holm, new.real) == (None, None, False)


@pytest.mark.parametrize(
    ("later", "earlier", "questionnaires", "reason"),
    [
        (baseline(share(0.6)), baseline(), {}, NOT_IN_BOTH),
        (baseline(share(0.6)), baseline(share(0.5)), {"now": questionnaire(code="safer")}, NOT_IN_BOTH),
        (baseline(share(0.6)), baseline(share(0.5)), {"now": questionnaire(wording="Very safe?")}, QUESTION_CHANGED),
        (replace(baseline(share(0.6)), sample="open_link"), baseline(share(0.5)), {}, OTHER_SAMPLE),
        (baseline(share(0.6), method=UNWEIGHTED), baseline(share(0.5)), {}, OTHER_METHOD),
    ],
)
def test_what_cannot_be_compared_says_why_and_has_no_change(later, earlier, questionnaires, reason):
    found = followed(later, earlier, **questionnaires)["safe"]
    assert (found.incomparable, found.changes) == (reason, ())


def test_a_baseline_is_the_same_after_a_way_through_its_document():
    one = baseline(share(0.5), share(0.4, by="area", group="north"), reports=count(7))
    assert Baseline.from_document(one.document()) == one
