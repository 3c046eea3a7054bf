"""The auditor's sums of intervals, held to an integer program that knows nothing of them (SciPy, for tests alone)."""

from random import Random

import numpy
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from citizen_portal.publication.auditor import audit
from citizen_portal.statistics.disclosure import publishable_counts
from tests.publication.public_documents import document, table

FEWEST, ROUNDING, COVERS = 5, 2, 2


def ends(cells, shown, total, small, wanted):
    """The least and the most that a hidden cell can be, over all whole numbers that the published ones allow.

    ``shown`` are rounded counts by cell, ``total`` the rounded total, ``small`` the hidden cells said to be too few.
    """
    low, high = numpy.zeros(len(cells)), numpy.full(len(cells), float(total + ROUNDING))
    for place, cell in enumerate(cells):
        if cell in shown:
            low[place], high[place] = max(FEWEST, shown[cell] - ROUNDING), shown[cell] + ROUNDING
        elif cell in small:
            high[place] = FEWEST - 1
        else:
            low[place], high[place] = FEWEST, min(count + ROUNDING for count in shown.values())
    whole = LinearConstraint(numpy.ones((1, len(cells))), max(FEWEST, total - ROUNDING), total + ROUNDING)
    aim = numpy.array([float(cell == wanted) for cell in cells])
    found = [
        milp(sign * aim, constraints=whole, integrality=numpy.ones(len(cells)), bounds=Bounds(low, high))
        for sign in (1, -1)
    ]
    assert all(each.success for each in found), "the truth itself fits"
    return round(found[0].fun), round(-found[1].fun)


def town(chance, least=3, most=11):
    cells = [f"area_{number}" for number in range(chance.randrange(least, most))]
    uneven, counts = chance.choice((1, 2, 4)), dict.fromkeys(cells, 0)
    for _report in range(chance.choice((12, 30, 60, 120, 300))):
        counts[cells[int(len(cells) * chance.random() ** uneven)]] += 1
    return counts


@pytest.mark.parametrize("seed", range(4))
def test_zero_and_four_fit_every_small_cell_that_the_rules_hide(seed):
    chance, judged = Random(seed), 0
    for _town in range(40):
        counts = town(chance)
        made = publishable_counts("reports", "2025", "area", counts)
        shown = {row.group: row.base for row in made.rows}
        total = shown.pop(None)
        small = [cell for cell, why in zip(made.hidden, made.reasons, strict=True) if why == "too_few"]
        for cell in small[:1] if shown else ():
            judged += 1
            assert ends(list(counts), shown, total, small, cell) == (0, FEWEST - 1), counts
    assert judged > 5


def fewest_hidden(counts):
    """The fewest cells that have to be hidden, by an integer program that may choose any of them to protect the small.

    Two at least protect: with one, a reader who knows the rule tells some small cells from zero by what it hides.
    """
    small = [cell for cell, count in counts.items() if count < FEWEST]
    large = [cell for cell in counts if cell not in small]
    if not small or len(large) <= COVERS:
        return len(counts) if small else 0
    least = numpy.array([max(FEWEST, 5 * round(counts[cell] / 5) - ROUNDING) for cell in large], float)
    most = 5 * round(sum(counts.values()) / 5) + ROUNDING
    # What is hidden beside a small cell of four has to fit what the shown cells leave of the total.
    room = LinearConstraint(least - FEWEST, least.sum() + FEWEST - 1 - most, numpy.inf)
    enough = LinearConstraint(numpy.ones(len(large)), COVERS, len(large) - 1)
    ones = numpy.ones(len(large))
    found = milp(ones, constraints=[room, enough], integrality=ones, bounds=Bounds(0, 1))
    return len(small) + round(found.fun) if found.success else len(counts)


def test_the_rules_hide_at_most_a_fifth_more_cells_than_the_integer_program():
    chance, ours, fewest = Random(11), 0, 0
    for _town in range(300):
        counts = town(chance)
        ours += len(publishable_counts("reports", "2025", "area", counts).hidden)
        fewest += fewest_hidden(counts)
    assert fewest <= ours <= 1.2 * fewest


def test_what_the_integer_program_pins_the_auditor_finds():
    """Tables that hide too little, made at random: whenever the program tells a small cell from zero, so does it."""
    chance, pinned = Random(5), 0
    for _town in range(400):
        counts = town(chance, least=2, most=4)
        hidden = sorted(cell for cell, count in counts.items() if count < FEWEST)
        shown = {cell: 5 * round(count / 5) for cell, count in counts.items() if cell not in hidden}
        total = 5 * round(sum(counts.values()) / 5)
        if not hidden or not shown or sum(counts.values()) < 2 * FEWEST:
            continue
        published = {**table(total, shown, tuple(hidden)), "reasons": dict.fromkeys(hidden, "too_few")}
        faults = audit([document("town", reports=[published])])
        found = [ends(list(counts), shown, total, hidden, cell) for cell in hidden]
        tight = [low > 0 or high < FEWEST - 1 for low, high in found]
        assert len(faults) == sum(tight), (counts, found)
        pinned += any(tight)
    assert pinned > 3
