"""What a value and a change are called: one plain sentence for each case there is."""

import pytest

from citizen_portal.baseline import words
from citizen_portal.baseline.charts import bar, most_of
from citizen_portal.baseline.words import BETTER, SAME, UNKNOWN, WORSE, change_said, said
from tests.published_documents import PERCENT, RATE, change, document, hidden, indicator, value


@pytest.fixture(autouse=True)
def _in_english(app):
    with app.test_request_context("/en/results"):
        yield


def test_a_share_is_told_with_its_interval():
    assert said(value(54, 50, 58), PERCENT).whole == "54% (between 50% and 58%)"


def test_a_rate_is_told_with_its_unit_and_one_decimal():
    assert said(value(6.0, 5.8, 7.4), RATE).whole == "6.0 reports per 1,000 residents per year (between 5.8 and 7.4)"


def test_zero_events_are_a_number_like_any_other():
    assert said(value(0, 0, 1), PERCENT).number == "0%"
    assert said(value(0.0, 0.0, 0.2, base=0), RATE).number == "0.0"
    assert words.base_said(value(0.0, 0.0, 0.2, base=0), RATE) == "Reports, about: 0"


@pytest.mark.parametrize(
    ("unit", "sentence"),
    [(PERCENT, "Not shown: too few people gave some of the answers."), (RATE, "Not shown: too few reports.")],
)
def test_what_is_hidden_says_so_and_has_no_number(unit, sentence):
    assert (said(hidden(), unit).number, said(hidden(), unit).rest) == ("", sentence)
    assert words.base_said(hidden(), unit) == ""
    assert words.interval(hidden(), unit) == ""
    assert bar(hidden(), 100) is None


def test_a_value_without_an_interval_says_that_too():
    assert said(value(54, None, None), PERCENT).whole == "54% No interval can be given."


def test_a_wide_interval_warns_its_reader():
    assert said(value(54, 45, 64), PERCENT).weak == ""
    assert said(value(54, 44, 64), PERCENT).weak == "The interval is wide, so read this number with care."


@pytest.mark.parametrize(
    ("made", "direction", "kind", "sentence"),
    [
        (change(8, 3, 13), "up", BETTER, "A larger share than in the first survey: up 8 percentage points (between 3 "
         "and 13). This is an improvement, and too large to be due to chance."),
        (change(8, 3, 13), "down", WORSE, "A larger share than in the first survey: up 8 percentage points (between 3 "
         "and 13). Things have got worse, and the change is too large to be due to chance."),
        (change(-8, -13, -3), "down", BETTER, "A smaller share than in the first survey: down 8 percentage points "
         "(between 3 and 13). This is an improvement, and too large to be due to chance."),
        (change(-1, -2, 0), "up", WORSE, "A smaller share than in the first survey: down 1 percentage point (between 0 "
         "and 2). Things have got worse, and the change is too large to be due to chance."),
        (change(8, -1, 17, real=False), "up", SAME, "No change that we can be sure of."),
        (change(0, -1, 1, real=False), "up", SAME, "No change that we can be sure of."),
        (change(0, 0, 0), "up", SAME, "There is a change, but it is too small to matter."),
        (None, "up", UNKNOWN, "There is no number that this could be compared with."),
    ],
)  # fmt: skip
def test_a_change_is_better_or_worse_by_where_the_indicator_should_go(made, direction, kind, sentence):
    found = change_said(made, None, direction, PERCENT)
    assert (found.kind, found.sentence) == (kind, sentence)


def test_a_change_of_reports_is_called_neither_better_nor_worse():
    found = change_said(change(-1.4, -2.5, -0.2), None, "down", RATE)
    assert (found.kind, "how many tell us" in found.sentence) == ("unknown", True)


@pytest.mark.parametrize(
    ("reason", "words_of_it"),
    [
        ("not_in_both", "was not measured then"),
        ("question_changed", "the question has changed"),
        ("other_sample", "people were asked in another way"),
        ("other_method", "computed in another way"),
    ],
)
def test_what_cannot_be_compared_says_why_even_where_there_is_a_difference(reason, words_of_it):
    found = change_said(change(8, 3, 13), reason, "up", PERCENT)
    assert found.kind == UNKNOWN
    assert words_of_it in found.sentence
    assert "8" not in found.sentence


def test_a_target_says_which_side_is_good():
    assert words.target_said(indicator("x", target=70)) == "Target: at least 70%"
    assert words.target_said(indicator("x", target=2.5, direction="down", unit=RATE)) == "Target: at most 2.5"
    assert words.target_said(indicator("x")) == ""


def test_a_reader_is_warned_of_an_open_link_of_missing_weights_and_of_example_counts():
    assert list(words.warnings(document())) == []
    told = " ".join(words.warnings(document(sample="open_link", weighted=False, example_population=True)))
    for warning in ("not a random sample", "not weighted", "The number of residents is an example"):
        assert warning in told


def test_the_method_is_told_as_it_was():
    drawn, came = (" ".join(words.method(document(**survey))) for survey in ({}, {"sample": "open_link"}))
    assert "drawn by chance" in drawn
    assert "drawn by chance" not in came
    assert "weighted, so that" not in " ".join(words.method(document(weighted=False)))


def test_in_arabic_a_change_takes_the_form_of_its_number(app):
    with app.test_request_context("/ar/results"):
        told = {size: change_said(change(size, 1, 40), None, "up", PERCENT).sentence for size in (1, 2, 5, 11)}
    assert "نقطة مئوية واحدة" in told[1]
    assert "نقطتان مئويتان" in told[2]
    assert "5 نقاط مئوية" in told[5]
    assert "11 نقطة مئوية" in told[11]


def test_a_bar_lies_on_its_scale_and_never_beyond_it():
    drawn = bar(value(54, 50, 58), 100, target=70, before=43)
    assert (drawn.start, drawn.length, drawn.dot, drawn.target, drawn.before) == (50, 8, 54, 70, 43)
    over = bar(value(9.0, 8.0, 12.0), 10, target=20)
    assert (over.start, over.length, over.target) == (80, 20, 100)
    assert bar(value(54, None, None), 100).length == 0


@pytest.mark.parametrize(
    ("values", "most"),
    [([7.4, None, 3], 8), ([1.2], 1.5), ([20.9], 25), ([18.3], 20), ([0.45], 0.5), ([0, None], 1), ([], 1), ([10], 10)],
)
def test_the_scale_of_rates_ends_at_a_round_number(values, most):
    assert most_of(RATE, values) == pytest.approx(most)
    assert most_of(PERCENT, values) == 100
