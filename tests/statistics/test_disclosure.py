"""The disclosure rules, and an attacker who lays all tables of a wave beside each other."""

from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.optimize import linprog

from citizen_portal.statistics import disclosure
from citizen_portal.statistics.disclosure import (
    BREAKDOWNS,
    NotPublishable,
    PublishableTable,
    publishable_counts,
    publishable_tables,
    rounded_base,
)
from tests.statistics.invented_wave import CODES, INDICATORS, counted_people, figures, people

# A shared machine can be slow; how long an example takes is no concern of these tests.
unhurried = settings(deadline=None, max_examples=50)
waves = some.builds(
    lambda seed, size, areas, silent: people(Random(seed), size, areas, silent),
    some.integers(0, 10**6),
    some.integers(20, 900),
    some.integers(1, 6),
    some.sampled_from([0, 0, 0.02, 0.2]),
)
counts = some.dictionaries(some.text("abcdef", min_size=1, max_size=2), some.integers(0, 12), max_size=8)


def of(tables, code, by):
    return next(table for table in tables if (table.title, table.by) == (code, by))


def shown_people(answered, table):
    """The people of every group that a table shows."""
    for row in table.rows:
        yield row, [person for person in answered if row.group is None or person.groups.get(table.by) == row.group]


def on_side(persons, code, yes):
    question, counted = INDICATORS[code]
    return sum((person.answers[question] in counted) == yes for person in persons if question in person.answers)


@unhurried
@given(waves)
def test_no_shown_group_has_fewer_than_five_on_either_side(answered):
    for table in publishable_tables(figures(answered)):
        for _row, persons in shown_people(counted_people(answered, table.title), table):
            assert min(on_side(persons, table.title, True), on_side(persons, table.title, False)) >= 5


@unhurried
@given(waves)
def test_the_same_groups_are_hidden_for_every_question(answered):
    tables = publishable_tables(figures(answered))
    for by in BREAKDOWNS:
        assert len({table.hidden for table in tables if table.by == by and table.rows}) <= 1


@unhurried
@given(waves)
def test_the_hidden_groups_are_the_smallest(answered):
    wave = figures(answered)
    for table in publishable_tables(wave):
        sizes = wave.sizes.get(table.by, {})
        if table.by:
            assert {row.group for row in table.rows} | set(table.hidden) == set(sizes)
        if table.rows and table.hidden:
            assert max(sizes[group] for group in table.hidden) <= min(sizes[row.group] for row in table.rows)


class Attacker:
    """Knows every published number to the last person, although it was rounded, and which cells add up to it."""

    def __init__(self, answered, tables, question, rounded=False):
        self.levels = [sorted({person.groups.get(by, "") for person in answered}) for by in BREAKDOWNS]
        self.cells = list(product(*self.levels, CODES[question]))
        self.known, self.between = [], []
        for table in tables:
            asked, counted = INDICATORS[table.title]
            if asked == question:
                for row, persons in shown_people(answered, table):
                    for yes in (True, False):
                        place = BREAKDOWNS.index(table.by) if table.by else None
                        row_of_ones = [
                            (place is None or cell[place] == row.group) and (cell[3] in counted) == yes
                            for cell in self.cells
                        ]
                        self.known.append((row_of_ones, on_side(persons, table.title, yes)))
                    if rounded:
                        (yes, count), (no, rest) = self.known.pop(-2), self.known.pop()
                        people = count + rest
                        self.known.append(([one or other for one, other in zip(yes, no, strict=True)], people))
                        self.between.append((yes, people * (row.percent + 0.5) / 100))
                        self.between.append(([-one for one in yes], -people * (row.percent - 0.5) / 100))

    def range_of(self, wanted):
        """The smallest and the largest sum that the wanted cells can have."""
        matrix, totals = zip(*self.known, strict=True)
        limits = dict(zip(("A_ub", "b_ub"), zip(*self.between, strict=True), strict=True)) if self.between else {}
        ends = [
            linprog([sign * (cell in wanted) for cell in self.cells], A_eq=matrix, b_eq=totals, **limits).fun
            for sign in (1, -1)
        ]
        return ends[0], -ends[1]


@settings(unhurried, max_examples=25)
@given(waves)
def test_from_all_tables_together_no_hidden_cell_can_be_worked_out(answered):
    tables = publishable_tables(figures(answered))
    for question in CODES:
        attacker = Attacker(answered, tables, question)
        for table in tables:
            asked, counted = INDICATORS[table.title]
            if asked != question or not table.rows or table.by is None:
                continue
            place = BREAKDOWNS.index(table.by)
            for group in table.hidden:
                for yes in (True, False):
                    wanted = {c for c in attacker.cells if c[place] == group and (c[3] in counted) == yes}
                    if wanted:
                        low, high = attacker.range_of(wanted)
                        assert high - low >= 5, (table.title, table.by, group, yes)


@settings(unhurried, max_examples=25)
@given(waves)
def test_rounding_hides_what_people_in_no_group_said(answered):
    """Everyone less the shown groups: where fewer than five said so, zero and two both fit all rounded shares."""
    tables = publishable_tables(figures(answered))
    for code, (question, counted) in INDICATORS.items():
        inside = counted_people(answered, code)
        # Of all tables of the question those of one indicator: each parts the answers into two sides.
        attacker = Attacker(inside, [table for table in tables if table.title == code], question, rounded=True)
        for place, by in enumerate(BREAKDOWNS):
            table = of(tables, code, by)
            rest = [person for person in inside if by not in person.groups]
            for yes in (True, False) if table.rows and not table.hidden and rest else ():
                wanted = {c for c in attacker.cells if c[place] == "" and (c[3] in counted) == yes}
                low, high = attacker.range_of(wanted)
                if on_side(rest, code, yes) < 5:
                    assert low <= 1e-6, (code, by, yes)
                    assert high >= min(2, on_side(rest, code, yes) + on_side(rest, code, not yes)) - 1e-6, (code, by)


@unhurried
@given(waves, some.sampled_from(["area", "sex", "age"]))
def test_one_person_who_skips_a_question_hides_no_group(answered, by):
    whole = [person for person in answered if person.groups.keys() >= set(BREAKDOWNS)]
    skipped = replace(whole[0], groups={column: group for column, group in whole[0].groups.items() if column != by})
    without, silent, said = (publishable_tables(figures([*whole, *one])) for one in ([], [skipped], [whole[0]]))
    for table, before, after in zip(silent, without, said, strict=True):
        assert len(table.rows) >= min(len(before.rows), len(after.rows)), (table.title, table.by)


def test_the_attacker_finds_a_group_that_was_hidden_alone():
    answered = people(Random(3), 600, 3, 0)
    everything = publishable_tables(figures(answered))
    table = of(everything, "stays in", "area")
    assert len(table.rows) == 3, "this wave is large enough to hide nothing"
    lonely = replace(table, rows=table.rows[1:], hidden=(table.rows[0].group,), seal=disclosure._SEAL)
    attacker = Attacker(answered, [of(everything, "stays in", None), lonely], "staying")
    wanted = {c for c in attacker.cells if c[0] == lonely.hidden[0] and c[3] == "1"}
    low, high = attacker.range_of(wanted)
    assert high - low == pytest.approx(0, abs=1e-6)


@unhurried
@given(waves)
def test_two_indicators_of_one_question_never_part_off_fewer_than_five(answered):
    tables = publishable_tables(figures(answered))
    for by in (None, *BREAKDOWNS):
        wide, narrow = of(tables, "unsafe", by), of(tables, "very unsafe", by)
        both = {row.group for row in wide.rows} & {row.group for row in narrow.rows}
        for row, persons in shown_people(answered, wide):
            if row.group in both:
                assert sum(person.answers.get("safety") == "3" for person in persons) >= 5


@unhurried
@given(waves)
def test_what_is_shown_is_whole_percentages_and_bases_of_five(answered):
    for table in publishable_tables(figures(answered)):
        for row, persons in shown_people(counted_people(answered, table.title), table):
            n = on_side(persons, table.title, True) + on_side(persons, table.title, False)
            assert row.base % 5 == 0
            assert abs(row.base - n) <= 2
            assert all(isinstance(value, int) for value in (row.percent, row.low, row.high))
            assert 0 <= row.low <= row.percent <= row.high <= 100


def test_groups_have_the_interval_for_small_groups():
    tables = publishable_tables(figures(people(Random(3), 600, 3, 0)))
    assert of(tables, "stays in", None).rows[0].method == "logit"
    assert {row.method for row in of(tables, "stays in", "area").rows} == {"korn-graubard"}


def test_a_large_wave_shows_everything():
    answered = people(Random(3), 600, 3, 0)
    table = of(publishable_tables(figures(answered)), "stays in", "area")
    assert (len(table.rows), table.hidden) == (3, ())


def test_an_open_wave_is_not_published():
    with pytest.raises(NotPublishable, match="open"):
        publishable_tables(figures(people(Random(1), 100, 3, 0), closed=False))


def test_a_table_outside_the_plan_is_not_published():
    wave = figures(people(Random(1), 100, 3, 0))
    with pytest.raises(NotPublishable, match="area and sex"):
        publishable_tables(replace(wave, sizes={**wave.sizes, "area and sex": {}}))


def test_nobody_else_can_make_a_publishable_table():
    with pytest.raises(NotPublishable):
        PublishableTable("made up", "2025", None, (), (), (), object())
    table = publishable_counts("reports", "2025-11", "theme", {"dark": 12, "litter": 7})
    with pytest.raises((TypeError, ValueError, NotPublishable)):
        replace(table, rows=())
    with pytest.raises(AttributeError):
        table.rows = ()


@given(counts)
def test_counts_under_five_are_hidden_and_not_left_to_subtraction(found):
    table = publishable_counts("reports", "2025-11", "theme", found)
    hidden = [found[cell] for cell in table.hidden]
    assert all(found[row.group] >= 5 for row in table.rows if row.group is not None)
    assert {row.group for row in table.rows if row.group is not None} | set(table.hidden) == set(found)
    shown = [row for row in table.rows if row.group is not None]
    if shown and any(hidden):
        # The range of a hidden cell, to someone who knows the exact total and every shown cell, is 0 to their sum.
        assert sum(hidden) >= 5
        assert sum(map(bool, hidden)) >= 2


def test_counts_show_their_total_and_are_rounded():
    table = publishable_counts("reports", "2025-11", "theme", {"dark": 33, "litter": 8, "mopeds": 7, "other": 1})
    assert [(row.group, row.base) for row in table.rows] == [(None, 50), ("dark", 35)]
    assert table.hidden == ("litter", "mopeds", "other")


@pytest.mark.parametrize(("people", "base"), [(0, 0), (2, 0), (3, 5), (12, 10), (13, 15), (291, 290)])
def test_a_base_is_rounded_to_the_nearest_five(people, base):
    assert rounded_base(people) == base
