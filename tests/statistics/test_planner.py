"""Planning: the textbook's number, the way back, and a plan that holds in simulated waves."""

from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as some

from citizen_portal.cli.plan import plan
from citizen_portal.statistics.change import change
from citizen_portal.statistics.planner import answers_needed, smallest_change, visible_change
from citizen_portal.statistics.shares import unweighted_share

shares, changes = some.floats(0.05, 0.95), some.floats(0.01, 0.4)


def test_the_textbooks_example_needs_the_textbooks_number():
    # 7.849 times (0.3 * 0.7 + 0.35 * 0.65) over 0.05 squared.
    assert answers_needed(0.30, 0.05) == 1374


@given(shares, changes)
def test_the_smallest_visible_change_of_a_plan_is_the_one_planned_for(share, size):
    needed = answers_needed(share, size)
    seen = smallest_change(share, needed)
    assert seen is not None
    assert seen <= size + 0.001


@given(shares, changes)
def test_weights_and_many_areas_need_more_answers(share, size):
    assert answers_needed(share, size, deff=1.3) >= answers_needed(share, size)
    assert answers_needed(share, size, areas=9) > answers_needed(share, size)
    assert answers_needed(share, size, power=0.9) > answers_needed(share, size)


def test_a_plan_holds_in_simulated_waves():
    random, n = Random(1), answers_needed(0.30, 0.08)

    def wave(share):
        yes = sum(random.random() < share for _person in range(n))
        return unweighted_share({(): {1: yes, 0: n - yes}})

    seen = sum(change(wave(0.38), wave(0.30)).p < 0.05 for _time in range(400))
    assert 0.73 < seen / 400 < 0.87


def test_what_could_be_seen_shrinks_with_the_error_and_grows_with_the_comparisons():
    assert visible_change(0.03, 500) == pytest.approx((1.9647 + 0.8416) * 0.03, rel=1e-4)
    assert visible_change(0.03, 500, comparisons=4) > visible_change(0.03, 500)


def test_with_a_handful_of_answers_nothing_can_be_seen():
    assert smallest_change(0.5, 4) is None


@pytest.mark.parametrize("impossible", [(0, 0.1), (0.5, 0.6), (0.5, 0), (1, 0.1)])
def test_an_impossible_plan_is_refused(impossible):
    with pytest.raises(ValueError, match=r"plan|change"):
        answers_needed(*impossible)


def said(*options):
    return CliRunner().invoke(plan, options)


def test_the_command_answers_in_a_sentence():
    assert "each area needs 1786 answers" in said("--share", "30", "--change", "5").stdout
    assert "30.0 percentage points can be seen" in said("--share", "30", "--answers", "85", "--areas", "9").stdout


@pytest.mark.parametrize("options", [(), ("--change", "5", "--answers", "9"), ("--change", "80")])
def test_the_command_refuses_what_it_cannot_answer(options):
    ran = said("--share", "30", *options)
    assert ran.exit_code == 2
    assert "Traceback" not in ran.output
