"""Distributions, held to their identities and to an independent implementation."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some
from scipy import special, stats

from citizen_portal.statistics.distributions import (
    beta_cdf,
    beta_quantile,
    f_tail,
    t_cdf,
    t_quantile,
    two_sided_t,
)

shapes = some.floats(0.05, 2000)
inner = some.floats(1e-6, 1 - 1e-6)
degrees = some.floats(1, 5000)


def close(value, rel=1e-12):
    return pytest.approx(value, rel=rel, abs=0)


@given(inner, shapes, shapes)
def test_the_beta_distribution_agrees_with_scipys(x, a, b):
    expected = special.betainc(a, b, x)
    assume(expected > 1e-200)
    assert beta_cdf(x, a, b) == close(expected, rel=1e-11)


@given(inner, some.integers(1, 60), some.integers(1, 60))
def test_with_whole_shapes_it_is_a_sum_of_binomial_probabilities(x, a, b):
    n = a + b - 1
    tail = math.fsum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    assert beta_cdf(x, a, b) == pytest.approx(tail, rel=1e-11, abs=1e-250)


@given(inner, shapes, shapes)
def test_the_two_tails_add_up_to_one(x, a, b):
    # Held to where x and 1-x are both exact.
    x = round(x * 2**20) / 2**20
    assume(0 < x < 1)
    assert beta_cdf(x, a, b) + beta_cdf(1 - x, b, a) == close(1, rel=1e-13)


@given(some.floats(1e-4, 1 - 1e-4), some.floats(0.5, 500), some.floats(0.5, 500))
def test_a_beta_quantile_is_where_the_distribution_reaches_p(p, a, b):
    x = beta_quantile(p, a, b)
    # Near 1 neighbouring numbers lie too far apart to hit p.
    step = beta_cdf(min(1.0, x + 4e-16), a, b) - beta_cdf(x - 4e-16, a, b) if x > 0.01 else 0.0
    assert beta_cdf(x, a, b) == pytest.approx(p, rel=1e-12, abs=step)


def test_a_beta_quantile_of_certainty_is_an_end():
    assert (beta_quantile(0, 2, 3), beta_quantile(1, 2, 3)) == (0, 1)


@given(some.floats(0.01, 12), degrees)
def test_students_t_agrees_with_scipys(t, df):
    assert two_sided_t(t, df) == close(2 * stats.t.sf(t, df), rel=1e-10)
    assert t_cdf(-t, df) == close(stats.t.cdf(-t, df), rel=1e-10)


def test_with_one_degree_of_freedom_t_is_cauchys():
    assert t_cdf(1, 1) == close(0.75)
    assert t_quantile(0.975, 1) == close(1 / math.tan(0.025 * math.pi))


def test_with_endless_degrees_of_freedom_t_is_normal():
    assert t_quantile(0.975, math.inf) == close(1.959963984540054)
    assert two_sided_t(1.959963984540054, math.inf) == close(0.05)


@given(some.floats(1e-6, 1 - 1e-6), degrees)
def test_a_quantile_of_t_is_where_the_distribution_reaches_p(p, df):
    assert t_cdf(t_quantile(p, df), df) == pytest.approx(p, rel=1e-12)
    assert t_quantile(0.5, df) == 0


@given(some.floats(0.01, 20), some.floats(0.5, 40), some.floats(0.5, 4000))
def test_f_agrees_with_scipys_for_fractional_degrees_of_freedom(f, df1, df2):
    expected = stats.f.sf(f, df1, df2)
    assume(expected > 1e-200)
    assert f_tail(f, df1, df2) == close(expected, rel=1e-10)


@pytest.mark.parametrize(
    "call",
    [
        lambda: beta_cdf(1.5, 1, 1),
        lambda: beta_cdf(0.5, 0, 1),
        lambda: beta_cdf(math.nan, 1, 1),
        lambda: beta_quantile(-0.1, 1, 1),
        lambda: t_quantile(1, 5),
        lambda: two_sided_t(1, 0),
        lambda: f_tail(-1, 1, 1),
    ],
)
def test_what_has_no_answer_is_refused(call):
    with pytest.raises(ValueError, match=r"need|never"):
        call()
