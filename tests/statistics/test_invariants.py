"""What holds for any sample: the margins are met, order does not matter, and counts say as much as rows."""

import math
from dataclasses import asdict, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from citizen_portal.statistics.designs import UnusableStratum, raked_sample, simple_sample, stratified_sample
from citizen_portal.statistics.estimates import WaveData, wave_estimates
from citizen_portal.statistics.jackknife import jackknife
from citizen_portal.statistics.margins import MarginMismatch, fitted_margins
from citizen_portal.statistics.quality import kish_design_effect
from citizen_portal.statistics.raking import RakingFailed, rake, trimmed
from citizen_portal.statistics.raoscott import independence
from citizen_portal.statistics.shares import estimate
from citizen_portal.statistics.tallies import EVERYONE, Domain, Record, Tallies
from tests.statistics import rows_in_full

COLUMNS = ("sex", "age")
LEVELS = {"sex": "KMX", "age": ["16-29", "30-49", "50-64", "65+"], "area": "ABC"}


def drawn(seed, size):
    """Rows of invented people, and margins that are not like them."""
    random = Random(seed)
    odds = {column: [random.uniform(0.2, 1) for _level in levels] for column, levels in LEVELS.items()}
    rows = [
        {column: random.choices(levels, odds[column])[0] for column, levels in LEVELS.items()}
        | {"answer": random.choice([None, 0, 1, 1, 0, 0])}
        for _number in range(size)
    ]
    margins = {
        column: {
            level: random.uniform(60, 160) * sum(row[column] == level for row in rows)
            for level in sorted({row[column] for row in rows})
        }
        for column in COLUMNS
    }
    return rows, margins


# A shared machine can be slow; how long an example takes is no concern of these tests.
unhurried = settings(deadline=None, max_examples=50)
samples = some.builds(drawn, some.integers(0, 10**6), some.integers(120, 300))


def tallied(rows):
    return Tallies.of(
        COLUMNS,
        (Record((row["sex"], row["age"]), (Domain("area", row["area"]),), row["answer"]) for row in rows),
    )


def weighted(rows, margins):
    tallies = tallied(rows)
    return tallies, raked_sample(tallies.sizes, COLUMNS, margins)


@unhurried
@given(samples)
def test_raked_weights_reproduce_every_margin(found):
    rows, margins = found
    _tallies, sample = weighted(rows, margins)
    whole = sum(margins["sex"].values())
    for place, column in enumerate(COLUMNS):
        scale = whole / sum(margins[column].values())
        for level, count in margins[column].items():
            cells = [cell for cell in sample.sizes if cell[place] == level]
            reached = sum(sample.sizes[cell] * sample.weights[cell] for cell in cells)
            assert reached == pytest.approx(count * scale, rel=1e-11)


@unhurried
@given(samples)
def test_counts_give_what_rows_give(found):
    rows, margins = found
    tallies, sample = weighted(rows, margins)
    weights = rows_in_full.raked_weights(rows, COLUMNS, margins)
    for domain in tallies.answers:
        inside = [domain.by is None or row[domain.by] == domain.group for row in rows]
        share = estimate(sample, tallies.answers[domain])
        p, se, n = rows_in_full.share(rows, weights, COLUMNS, inside)
        assert (share.n, share.value) == (n, pytest.approx(p, rel=1e-11))
        assert share.se == pytest.approx(se, rel=1e-9)


@unhurried
@given(samples, some.randoms())
def test_the_order_of_people_does_not_matter(found, random):
    rows, margins = found
    shuffled = random.sample(rows, len(rows))
    one, other = (
        wave_estimates("answer", WaveData("w", sample, tallies), ("area",))
        for tallies, sample in (weighted(rows, margins), weighted(shuffled, margins))
    )
    for first, second in zip((one.all, *one.groups), (other.all, *other.groups), strict=True):
        for key, value in asdict(first).items():
            assert value == (pytest.approx(asdict(second)[key]) if isinstance(value, float) else asdict(second)[key])


@unhurried
@given(samples)
def test_yes_and_no_are_two_sides_of_one_share(found):
    rows, margins = found
    turned = [{**row, "answer": None if row["answer"] is None else 1 - row["answer"]} for row in rows]
    (tallies, sample), (other, _sample) = weighted(rows, margins), weighted(turned, margins)
    yes, no = estimate(sample, tallies.answers[EVERYONE]), estimate(sample, other.answers[EVERYONE])
    assert yes.value + no.value == pytest.approx(1)
    assert yes.se == pytest.approx(no.se, rel=1e-9)


@unhurried
@given(samples)
def test_what_the_margins_decide_has_no_error_left(found):
    rows, margins = found
    decided = [{**row, "answer": float(row["sex"] == "K")} for row in rows]
    tallies, sample = weighted(decided, margins)
    share = estimate(sample, tallies.answers[EVERYONE])
    assert share.value == pytest.approx(margins["sex"].get("K", 0) / sum(margins["sex"].values()))
    assert share.se is None


@unhurried
@given(samples)
def test_the_scale_of_the_margins_does_not_matter(found):
    rows, margins = found
    larger = {column: {level: 7 * count for level, count in margin.items()} for column, margin in margins.items()}
    (tallies, sample), (_tallies, other) = weighted(rows, margins), weighted(rows, larger)
    assert kish_design_effect(sample) == pytest.approx(kish_design_effect(other))
    assert kish_design_effect(sample) >= 1
    one, two = estimate(sample, tallies.answers[EVERYONE]), estimate(other, tallies.answers[EVERYONE])
    assert (one.value, one.se) == (pytest.approx(two.value), pytest.approx(two.se))


@unhurried
@given(samples)
def test_the_jackknife_and_linearisation_are_two_roads_to_one_error(found):
    rows, margins = found
    tallies, sample = weighted(rows, margins)
    if min(sum(row[column] == level for row in rows) for column in COLUMNS for level in margins[column]) < 8:
        return
    answers = tallies.answers[EVERYONE]
    left_out = jackknife(tallies, COLUMNS, margins, answers)
    assert left_out.se == pytest.approx(estimate(sample, answers).se, rel=0.15)


@unhurried
@given(samples)
def test_without_weights_rao_and_scotts_test_is_nearly_pearsons(found):
    rows, _margins = found
    answered = [row for row in rows if row["answer"] is not None]
    tallies = tallied(answered)
    test = independence(simple_sample(tallies.sizes), {area: tallies.answers[Domain("area", area)] for area in "ABC"})
    n = len(answered)
    table = {(a, y): sum(row["area"] == a and row["answer"] == y for row in answered) for a in "ABC" for y in (0, 1)}
    totals = {y: sum(table[a, y] for a in "ABC") for y in (0, 1)}
    expected = {(a, y): (table[a, 0] + table[a, 1]) * totals[y] / n for a, y in table}
    pearson = sum((table[place] - expected[place]) ** 2 / expected[place] for place in table)
    assert test.f * test.ndf == pytest.approx(pearson, rel=0.25, abs=0.05)
    assert test.ndf == pytest.approx(2, rel=0.1)


def test_trimming_keeps_the_sum_of_weights():
    sizes, weights = {("a",): 2, ("b",): 5}, {("a",): 9.0, ("b",): 1.0}
    cut = trimmed(weights, sizes, 4)
    assert cut == {("a",): 4, ("b",): 3}
    with pytest.raises(ValueError, match="every weight"):
        trimmed(weights, sizes, 0.5)


@pytest.mark.parametrize(
    ("margin", "sentence"),
    [
        ({"K": 10, "M": 10, "X": 5}, "nobody answered at X"),
        ({"K": 10, "M": 0}, "counts nobody at M"),
        ({"K": 10, "M": -1}, "counts -1 people"),
        ({"K": 10, "M": math.nan}, "counts nan people"),
        ({"Z": 0}, "nobody answered at no level"),
    ],
)
def test_margins_that_do_not_fit_are_explained(margin, sentence):
    with pytest.raises(MarginMismatch, match=sentence):
        fitted_margins({"sex": margin}, ("sex",), {("K",): 3, ("M",): 4})


def test_a_missing_margin_is_named():
    with pytest.raises(MarginMismatch, match="no margin named age"):
        fitted_margins({"sex": {"K": 1}}, ("sex", "age"), {("K", "65+"): 3})


def test_a_level_that_nobody_has_in_the_register_either_is_left_alone():
    assert fitted_margins({"sex": {"K": 5, "Z": 0}}, ("sex",), {("K",): 3}) == {"sex": {"K": 5}}


def test_margins_that_cannot_hold_together_are_an_error_and_not_a_result():
    totals = {("K", "young"): 1, ("M", "old"): 1}
    with pytest.raises(RakingFailed, match="do not settle"):
        rake(totals, [{"K": 10, "M": 10}, {"young": 5, "old": 15}])


def test_the_answers_of_one_person_have_no_error():
    sample = simple_sample({("K",): 1})
    assert estimate(sample, {("K",): {1: 1}}).se is None
    assert replace(sample, sizes={("K",): 2}).size == 2


@pytest.mark.parametrize(
    ("register", "sentence"),
    [
        ({"A": 9, "B": 2}, "B has 2 persons and 3 answers"),
        ({"A": 9, "B": 9, "C": 9}, "nobody answered in the stratum C"),
    ],
)
def test_strata_that_do_not_fit_the_register_are_explained(register, sentence):
    with pytest.raises(UnusableStratum, match=sentence):
        stratified_sample({("A",): 5, ("B",): 3}, 0, register)


def test_a_stratum_with_one_answer_is_refused():
    with pytest.raises(UnusableStratum, match="A has a single answer set"):
        stratified_sample({("A",): 1, ("B",): 3}, 0, {"A": 9, "B": 9})
