"""The auditor of shares: whatever whole people fit the published percentages, nobody who is hidden is found."""

from random import Random

import numpy
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from citizen_portal.publication.auditor import audit
from citizen_portal.statistics.disclosure import publishable_tables
from tests.publication.public_documents import document, indicator, value
from tests.statistics.invented_wave import INDICATORS, figures, people

ROUNDING, FEWEST = 2, 5


def page(*values, weighted=False):
    return document("page", indicator("unsafe", *values), weighted=weighted)


def area(group, percent, base):
    return value(percent, base=base, by="area", group=group)


def test_few_people_who_are_left_over_and_surely_said_yes_are_found():
    """Of a hundred 20 said yes, of the ninety in shown areas 17: two or three of the hidden ten did."""
    (fault,) = audit([page(value(20, base=100), area("a", 10, 50), area("b", 30, 40), area("c", None, 0))])
    assert "said yes" in fault
    assert "told from nobody" in fault


def test_many_on_both_sides_of_what_is_left_over_are_no_fault():
    assert audit([page(value(50, base=200), area("a", 50, 100), area("b", None, 0), area("c", None, 0))]) == []


def test_a_value_that_no_whole_people_fit_breaks_nothing():
    assert audit([page(value(100, base=50), area("a", 100, 20), area("b", None, 0), area("c", None, 0))]) == []


def test_of_a_weighted_wave_no_such_sum_is_made():
    told = (value(20, base=100), area("a", 10, 50), area("b", 30, 40), area("c", None, 0))
    assert audit([page(*told, weighted=True)]) == []


def published(answered):
    """The public document of a wave in which everybody weighs the same."""
    values = {code: [] for code in INDICATORS}
    for table in publishable_tables(figures(answered)):
        rows = [value(row.percent, base=row.base, by=table.by, group=row.group) for row in table.rows]
        hidden = [value(None, by=table.by, group=group) for group in table.hidden]
        values[table.title] += [*rows, *hidden]
    return document("wave", *(indicator(code, *found) for code, found in values.items() if found), weighted=False)


@pytest.mark.parametrize("seed", range(4))
def test_no_wave_that_the_rules_let_pass_has_a_fault(seed):
    chance, hidden = Random(seed), 0
    for _wave in range(40):
        made = published(
            people(chance, chance.randrange(40, 900), chance.randrange(1, 7), chance.choice((0, 0.02, 0.2)))
        )
        assert audit([made]) == []
        hidden += sum(not each["shown"] for one in made["indicators"] for each in one["values"])
    assert hidden > 100, "and something was hidden in them"


def ends_of_the_rest(whole, groups):
    """The least and the most of the rest who said yes, by an integer program that knows nothing of those sums."""
    parts = [whole, *groups]
    size = 2 * len(parts)  # of each part the yes, then the people
    low, high = numpy.full(size, float(FEWEST)), numpy.full(size, numpy.inf)
    rows, least, most = [], [], []

    def hold(coefficients, at_least, at_most):
        row = numpy.zeros(size)
        for place, factor in coefficients.items():
            row[place] += factor
        rows.append(row), least.append(at_least), most.append(at_most)

    for place, part in enumerate(parts):
        yes, everybody = 2 * place, 2 * place + 1
        low[everybody], high[everybody] = part["base"] - ROUNDING, part["base"] + ROUNDING
        hold({everybody: 1, yes: -1}, FEWEST, numpy.inf)
        hold({yes: 100, everybody: -part["value"] - 0.5}, -numpy.inf, 0)
        hold({yes: 100, everybody: -part["value"] + 0.5}, 0, numpy.inf)
    rest_yes = {0: 1, **{2 * place: -1 for place in range(1, len(parts))}}
    rest = {1: 1, **{2 * place + 1: -1 for place in range(1, len(parts))}}
    hold(rest_yes, 0, numpy.inf)
    hold({**rest, **{place: -factor for place, factor in rest_yes.items()}}, 0, numpy.inf)
    aim = numpy.zeros(size)
    for place, factor in rest_yes.items():
        aim[place] = factor
    whole_numbers, within = numpy.ones(size), LinearConstraint(numpy.array(rows), least, most)
    found = [
        milp(sign * aim, constraints=within, integrality=whole_numbers, bounds=Bounds(low, high)) for sign in (1, -1)
    ]
    return tuple(round(sign * each.fun) for sign, each in zip((1, -1), found, strict=True) if each.success)


def test_what_the_integer_program_tells_from_nobody_the_auditor_finds():
    """Waves that hide too little, made at random: one small area alone."""
    chance, found = Random(8), 0
    for _wave in range(150):
        counts = [(chance.randrange(5, 40), chance.randrange(5, 60)) for _area in range(chance.randrange(1, 4))]
        small = chance.randrange(0, 8), chance.randrange(3, 9)
        whole_yes, whole_no = (sum(side) for side in zip(*counts, small, strict=True))

        def told(yes, no, group=None):
            return value(
                round(100 * yes / (yes + no)), base=5 * round((yes + no) / 5), by=group and "area", group=group
            )

        whole = told(whole_yes, whole_no)
        groups = [told(yes, no, f"a{number}") for number, (yes, no) in enumerate(counts)]
        least, most = ends_of_the_rest(whole, groups)
        pinned = least > 0 and most < FEWEST
        faults = [fault for fault in audit([page(whole, *groups, area("small", None, 0))]) if "said yes" in fault]
        assert not pinned or faults, (whole, groups, least, most)
        found += pinned
    assert found > 3
