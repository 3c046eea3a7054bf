"""Weights of whole waves: true on average, honestly uncertain in four designs, and stopped by no odd answer."""

import os

import numpy
import pytest

from citizen_portal.statistics.intervals import logit_interval
from citizen_portal.statistics.shares import estimate
from citizen_portal.statistics.tallies import EVERYONE
from citizen_portal.statistics.weighting import Joined, Strata, brought, weighted
from tests.statistics import drawn_towns
from tests.statistics.drawn_towns import COLUMNS, DESIGNS, NEIGHBOURS

WAVES = int(os.environ.get("SIMULATED_WAVES", "600"))  # many more with "make simulate"
SKIPPED = 0.02  # of each background question


@pytest.mark.parametrize("design", DESIGNS)
def test_shares_are_true_on_average_and_their_intervals_cover_the_truth(design):
    town, chance = drawn_towns.town(), numpy.random.default_rng(WAVES)
    shares, covered = [], 0
    for _wave in range(WAVES):
        tallies = drawn_towns.drawn(town, design, chance, SKIPPED)
        found = estimate(drawn_towns.weighting(town, design, tallies).sample, tallies.answers[EVERYONE])
        interval = logit_interval(found.value, found.se, found.df)
        shares.append(found.value)
        covered += interval.low <= town.share <= interval.high
    assert abs(numpy.mean(shares) - town.share) < 0.005
    assert 0.93 <= covered / WAVES <= 0.97


MARGINS = {
    "sex": {"woman": 50, "man": 50},
    "age": {"age_16_29": 20, "age_30_49": 40, "age_50_64": 20, "age_65_plus": 20},
    "area": {"centrum": 60, "runby": 30, "ed": 10},
}
CELLS = {
    ("woman", "age_16_29", "centrum"): 4,
    ("man", "age_30_49", "runby"): 5,
    ("woman", "age_50_64", "runby"): 6,
    ("man", "age_50_64", "centrum"): 7,
    ("woman", "age_30_49", "centrum"): 3,
}


def total(found, place, level):
    sample = found.sample
    return sum(size * sample.weights[cell] for cell, size in sample.sizes.items() if cell[place] == level)


def test_a_level_that_nobody_answered_is_weighted_with_its_neighbour():
    found = weighted(CELLS, COLUMNS, MARGINS, {**NEIGHBOURS, "age": {"age_65_plus": ("age_50_64",)}})
    assert found.columns == COLUMNS
    assert found.joined == (Joined("age", "age_65_plus", "age_50_64"), Joined("area", "ed", "centrum"))
    assert total(found, 1, "age_50_64") == pytest.approx(40)
    assert total(found, 2, "centrum") == pytest.approx(70)


def test_whoever_is_in_no_group_of_the_register_keeps_a_share_and_moves_nobody():
    before = weighted(CELLS, COLUMNS, MARGINS, NEIGHBOURS)
    with_one = {**CELLS, ("other", "not_said", "centrum"): 1}
    after = weighted(with_one, COLUMNS, MARGINS, NEIGHBOURS)
    assert total(after, 0, "other") == pytest.approx(100 / 26)
    assert total(after, 0, "woman") == pytest.approx(total(before, 0, "woman") * 25 / 26)


def test_a_margin_that_cannot_hold_with_the_others_is_left_out():
    cells = {("woman", "age_16_29", "centrum"): 5, ("man", "age_30_49", "runby"): 5}
    found = weighted(cells, COLUMNS, {**MARGINS, "area": {"centrum": 90, "runby": 10}}, NEIGHBOURS)
    assert (found.columns, found.left_out) == (("sex",), ("age", "area"))


def test_without_any_margin_everyone_weighs_the_same():
    found = weighted(CELLS, COLUMNS, {}, {})
    assert (found.columns, set(found.sample.weights.values())) == ((), {1.0})


def test_strata_give_the_weights_to_begin_with_and_the_correction_for_a_finite_population():
    strata = Strata(("area",), {("centrum",): 60, ("runby",): 30, ("ed",): 10})
    found = weighted({**CELLS, ("man", "age_30_49", "not_said"): 1}, COLUMNS, {}, {}, strata)
    weights = {cell[2]: weight for cell, weight in found.sample.weights.items()}
    assert weights == {"centrum": 60 / 14, "runby": 30 / 11, "not_said": 90 / 25}
    assert found.sample.register == {"centrum": 60, "runby": 30}
    assert found.sample.stratum_sizes == {"centrum": 15, "runby": 11}, "one person alone is no stratum"


def test_strata_with_one_answer_are_put_together():
    cells = {**CELLS, ("man", "age_30_49", "ed"): 1, ("man", "age_30_49", "not_said"): 1}
    strata = Strata(("area",), {("centrum",): 60, ("runby",): 30, ("ed",): 10})
    assert weighted(cells, COLUMNS, {}, {}, strata).sample.stratum_sizes == {"centrum": 14, "runby": 11, "": 2}


def test_weights_that_come_with_the_answers_are_taken_as_they_are():
    found = brought({("1.25",): 2, ("0.5",): 3})
    assert found.sample.weights == {("1.25",): 1.25, ("0.5",): 0.5}
    assert estimate(found.sample, {("1.25",): {1: 2}, ("0.5",): {0: 3}}).value == 2.5 / 4
