"""Which groups are hidden: small cases, worked out by hand."""

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


def test_counts_of_nothing_are_hidden_without_hiding_others():
    assert hidden_counts({"dark": 12, "litter": 9, "shots": 0, "threats": 0}) == {"shots", "threats"}


def test_a_single_small_count_takes_the_next_smallest_with_it():
    assert hidden_counts({"dark": 12, "litter": 9, "shots": 2, "threats": 0}) == {"shots", "threats", "litter"}
