"""Which groups are hidden: small cases, worked out by hand."""

from collections import defaultdict
from itertools import product

from citizen_portal.statistics.disclosure import publishable_counts
from citizen_portal.statistics.hiding import Broken, decide, hidden_counts

YES = frozenset({"1"})


def asked(groups, unplaced=(0, 0), question="q", indicator="i", weak=()):
    people = {group: {"1": yes, "0": no} for group, (yes, no) in groups.items()}
    everyone = {
        code: sum(one[code] for one in people.values()) + extra for code, extra in zip("10", unplaced, strict=True)
    }
    return Broken(indicator, question, YES, everyone, people, weak)


def sizes(**found):
    return found


def test_groups_that_are_large_enough_are_all_shown():
    shown = decide(sizes(A=30, B=20), [asked({"A": (10, 20), "B": (5, 15)})])
    assert (shown.hidden, shown.indicators) == (frozenset(), {"i"})


def test_with_one_small_group_the_next_smallest_is_hidden_too():
    shown = decide(sizes(A=30, B=20, C=9), [asked({"A": (10, 20), "B": (10, 10), "C": (4, 5)})])
    assert shown.hidden == {"B", "C"}


def test_a_weak_estimate_hides_a_group_like_few_people_do():
    shown = decide(sizes(A=30, B=20, C=20), [asked({"A": (10, 20), "B": (10, 10), "C": (10, 10)}, weak=("B",))])
    assert shown.hidden == {"B", "C"}


def test_people_without_a_group_do_not_take_the_place_of_the_second_hidden_one():
    shown = decide(sizes(A=30, B=20, C=9), [asked({"A": (10, 20), "B": (10, 10), "C": (4, 5)}, unplaced=(3, 3))])
    assert shown.hidden == {"B", "C"}


def test_a_handful_of_people_without_a_group_hides_small_groups_until_they_blur():
    shown = decide(sizes(A=40, B=30, C=20), [asked({"A": (20, 20), "B": (15, 15), "C": (10, 10)}, unplaced=(1, 0))])
    assert shown.hidden == {"B", "C"}


def test_two_hidden_groups_that_together_hold_fewer_than_five_hide_a_third():
    shown = decide(sizes(A=30, B=20, C=4, D=4), [asked({"A": (10, 20), "B": (10, 10), "C": (2, 2), "D": (2, 2)})])
    assert shown.hidden == {"B", "C", "D"}


def test_a_question_with_rare_answers_is_not_broken_down_rather_than_hiding_groups_of_all_others():
    common = [asked({"A": (10, 20), "B": (10, 10)}, question=q, indicator=q) for q in ("q1", "q2")]
    rare = asked({"A": (5, 25), "B": (1, 19)}, question="q3", indicator="q3")
    shown = decide(sizes(A=30, B=20), [*common, rare])
    assert (shown.hidden, shown.indicators) == (frozenset(), {"q1", "q2"})


def test_a_question_that_nobody_in_the_hidden_groups_answered_is_not_broken_down():
    answered = asked({"A": (10, 20), "B": (3, 3), "C": (4, 4)}, question="q1", indicator="q1")
    unanswered = asked({"A": (10, 20), "B": (0, 0), "C": (0, 0)}, question="q2", indicator="q2")
    assert decide(sizes(A=30, B=6, C=8), [answered, unanswered]).indicators == {"q1"}


def test_a_group_without_people_is_hidden_and_hides_nobody_else():
    shown = decide(sizes(A=30, B=20, C=0), [asked({"A": (10, 20), "B": (10, 10), "C": (0, 0)})])
    assert (shown.hidden, shown.indicators) == ({"C"}, {"i"})


def test_with_nothing_to_show_everything_is_hidden():
    shown = decide(sizes(A=6, B=5), [asked({"A": (3, 3), "B": (2, 3)})])
    assert (shown.hidden, shown.indicators) == ({"A", "B"}, frozenset())


def test_counts_of_nothing_hide_as_much_as_counts_of_a_few():
    nothing, few = ({"dark": 31, "lamps": 22, "litter": 19, "mopeds": 12, "shots": it, "threats": it} for it in (0, 2))
    assert hidden_counts(nothing) == hidden_counts(few) == {"shots", "threats", "mopeds", "litter"}


def test_a_single_small_count_takes_the_two_next_smallest_with_it():
    assert hidden_counts({"dark": 22, "lamps": 21, "litter": 19, "shots": 2}) == {"shots", "litter", "lamps"}


def test_a_rare_thing_has_no_breakdown():
    assert hidden_counts({"north": 9, "south": 0}) == {"north", "south"}


def test_who_knows_the_rules_and_runs_them_over_every_town_tells_no_hidden_count_from_zero():
    """Every town of so many cells, grouped by what is published of it: what can a hidden cell of such a group be?"""
    for cells, most in ((2, 30), (3, 22), (4, 14)):
        names, towns = "abcd"[:cells], defaultdict(list)
        for counts in product(range(most + 1), repeat=cells):
            town = dict(zip(names, counts, strict=True))
            table = publishable_counts("reports", "2025", "area", town)
            towns[tuple((row.group, row.base) for row in table.rows), table.hidden].append(town)
        for (_rows, hidden), alike in towns.items():
            if max(max(town.values()) for town in alike) > most - 3:
                continue  # a larger town, which was not tried, could be alike
            for name in hidden:
                possible = {town[name] for town in alike}
                assert {0, 4} <= possible or not possible & {0, 1, 2, 3, 4}, (alike[:3], name, possible)
