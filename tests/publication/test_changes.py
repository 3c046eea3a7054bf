"""Changes between public documents: from public numbers only, and false in fewer than five pages of a hundred."""

import os

import numpy
import pytest

from citizen_portal.publication.changes import public_changes
from tests.publication.public_documents import document, indicator, value
from tests.publication.simulated_pages import page, says_something_false, shares_of
from tests.statistics.drawn_towns import DESIGNS

PAGES = int(os.environ.get("SIMULATED_PAGES", "60"))  # many more with "make simulate"


def test_a_change_never_contradicts_the_values_beside_it():
    later, earlier = (document(code, indicator("safe", value(it))) for code, it in (("two", 61), ("one", 50)))
    (change,) = public_changes(later, earlier)["safe"]
    assert (change["diff"], change["real"]) == (11, True)
    assert change["low"] < 11 < change["high"]


def test_what_one_of_them_hides_has_no_change():
    later, earlier = (document(code, indicator("safe", value(it))) for code, it in (("two", 61), ("one", None)))
    assert public_changes(later, earlier) == {}


def test_an_open_link_has_no_change():
    later, earlier = (
        document(c, indicator("safe", value(it)), sample="open_link") for c, it in (("two", 90), ("one", 20))
    )
    assert public_changes(later, earlier) == {}


def test_counts_of_reports_are_never_more_than_chance():
    later, earlier = (
        document(code, indicator("reports", value(rate, half=1, base=base), unit="per_1000_residents_and_year"))
        for code, rate, base in (("two", 9.0, 900), ("one", 2.0, 200))
    )
    (change,) = public_changes(later, earlier)["reports"]
    assert (change["diff"], change["real"]) == (7.0, False)


@pytest.mark.parametrize("design", DESIGNS if PAGES > 200 else ["equal allocation"])
def test_fewer_than_five_of_a_hundred_pages_say_something_false_when_nothing_has_changed(design):
    """Two waves of one town, drawn, weighted, hidden and rounded as real ones; letters in equal parts are the worst."""
    chance = numpy.random.default_rng(2026)
    said = [says_something_false(chance, design) for _page in range(PAGES)]
    assert sum(comparisons for _false, comparisons in said) > 25 * PAGES
    assert sum(false for false, _comparisons in said) < 0.05 * PAGES


def test_a_sentence_and_its_interval_are_one():
    chance = numpy.random.default_rng(3)
    for _page in range(5):
        earlier, later = (page(chance, "proportional", shares_of(chance)) for _wave in range(2))
        changes = [change for each in public_changes(later, earlier).values() for change in each]
        assert any(change["real"] for change in changes), "two towns with nothing in common"
        for change in changes:
            assert change["real"] == (not change["low"] <= 0 <= change["high"]), change
            assert change["low"] <= change["diff"] <= change["high"]


def test_a_rise_from_almost_nothing_is_judged_by_the_ends_that_face_it():
    later, earlier = (
        document(code, indicator("rare", {**value(it, base=60), "low": low, "high": high}))
        for code, it, low, high in (("two", 22, 15, 40), ("one", 3, 0, 12))
    )
    (rise,) = public_changes(later, earlier)["rare"]
    (fall,) = public_changes(earlier, later)["rare"]
    assert (rise["low"], rise["high"]) == (-fall["high"], -fall["low"])
    assert rise["diff"] - rise["low"] != rise["high"] - rise["diff"], "no interval is read as if it were even"
