"""Counts of reports: intervals and changes, held to SciPy."""

import functools
import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from citizen_portal.statistics.counts import (
    EXACT_UP_TO,
    dispersed_interval,
    dispersion,
    poisson_interval,
    rate_change,
)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 30, 400, EXACT_UP_TO])
def test_the_interval_of_a_count_is_garwoods(count):
    interval = poisson_interval(count)
    low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0
    high = stats.chi2.ppf(0.975, 2 * (count + 1)) / 2
    assert (interval.low, interval.high) == (pytest.approx(low, rel=1e-9), pytest.approx(high, rel=1e-9))


@pytest.mark.parametrize("count", [EXACT_UP_TO + 1, 50_000])
def test_a_large_count_has_the_same_interval_to_six_digits(count):
    interval = poisson_interval(count)
    assert interval.low == pytest.approx(stats.chi2.ppf(0.025, 2 * count) / 2, rel=1e-6)
    assert interval.high == pytest.approx(stats.chi2.ppf(0.975, 2 * (count + 1)) / 2, rel=1e-6)


def test_a_count_is_never_negative():
    with pytest.raises(ValueError, match="0 or more"):
        poisson_interval(-1)


@given(some.integers(0, 300), some.integers(0, 300), some.floats(0.2, 5), some.floats(0.2, 5))
def test_the_p_value_is_twice_the_smaller_tail_of_a_binomial_count(later, earlier, long, short):
    change = rate_change(later, earlier, later_exposure=long, earlier_exposure=short)
    assert change.diff == pytest.approx(later / long - earlier / short)
    if later + earlier == 0:
        assert change.p is None
        return
    binomial = stats.binom(later + earlier, long / (long + short))
    assert change.p == pytest.approx(min(1, 2 * min(binomial.cdf(later), binomial.sf(later - 1))), rel=1e-8, abs=1e-300)
    assert change.low <= change.diff <= change.high


def test_twice_as_many_reports_in_twice_the_time_is_no_change():
    assert rate_change(200, 100, later_exposure=2, earlier_exposure=1).p > 0.9
    assert rate_change(200, 100, later_exposure=1, earlier_exposure=1).p < 1e-6


def test_counts_that_come_in_pairs_spread_twice_as_much():
    """Every event is told of twice: the months' chi squared says so, and the interval is wider by the root of two."""
    chance = numpy.random.default_rng(7)
    found = [dispersion([2 * int(n) for n in chance.poisson(10, 12)], [30.0] * 12) for _year in range(400)]
    assert sum(found) / len(found) == pytest.approx(2, abs=0.15)
    single, double = dispersed_interval(100, 1), dispersed_interval(100, 2)
    assert math.log(double.high / 100) == pytest.approx(math.sqrt(2) * math.log(single.high / 100))
    assert dispersion([10] * 12, [30.0] * 12) == 1, "more even than chance makes nobody surer"
    with pytest.raises(ValueError, match="two counts"):
        dispersion([3], [1.0])


def test_a_dispersed_interval_covers_where_poissons_does_not():
    chance = numpy.random.default_rng(8)
    years = [[2 * int(n) for n in chance.poisson(12, 12)] for _year in range(1_000)]
    intervals = [dispersed_interval(sum(year), dispersion(year, [30.0] * 12)) for year in years]
    of_count = functools.cache(poisson_interval)
    poisson = [of_count(sum(year)) for year in years]
    covered, covered_by_poisson = (sum(each.low <= 288 <= each.high for each in all_) for all_ in (intervals, poisson))
    assert covered > 910
    assert covered_by_poisson < 870
