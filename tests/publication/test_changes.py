"""Changes between public documents: from public numbers only, and false in fewer than five pages of a hundred."""

from random import Random

from citizen_portal.publication.changes import public_changes
from citizen_portal.statistics.intervals import clopper_pearson
from tests.publication.public_documents import document, indicator, value

AREAS = [f"area_{number}" for number in range(6)]


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


def drawn(chance: Random, people: int, share: float, **group: str):
    yes = sum(chance.random() < share for _person in range(people))
    interval = clopper_pearson(yes, people)
    found = value(round(100 * yes / people), base=people, **group)
    return {**found, "low": round(100 * interval.low), "high": round(100 * interval.high)}


def page(chance: Random, shares: list[float]):
    return document(
        "page",
        *(
            indicator(f"i{n}", drawn(chance, 600, p), *(drawn(chance, 100, p, by="area", group=area) for area in AREAS))
            for n, p in enumerate(shares)
        ),
    )


def test_fewer_than_five_of_a_hundred_pages_say_something_false_when_nothing_has_changed():
    chance = Random(10)
    false = 0
    for _page in range(200):
        shares = [chance.uniform(0.1, 0.6) for _indicator in range(5)]
        changes = public_changes(page(chance, shares), page(chance, shares))
        false += any(change["real"] for each in changes.values() for change in each)
    assert false < 10
