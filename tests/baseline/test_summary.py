"""Three sentences held to the frozen document, and a page for each area: for somebody who has a minute."""

import html
import re

import pytest

from tests.published_documents import RATE, change, document, hidden, indicator, store, value

LANGUAGES = ("sv", "en", "fi", "ar")


def measured(code, now, then, diff, *, real, direction="up", goal=1):
    """An indicator of a follow-up and the same of its baseline."""
    changes = [change(diff, diff - 5, diff + 5, real=real)]
    return (
        indicator(code, value(now, now - 4, now + 4), direction=direction, goal=goal, changes=changes),
        indicator(code, value(then, then - 4, then + 4), direction=direction, goal=goal),
    )


def follow_up(*pairs, reports=()):
    later, earlier = zip(*pairs, strict=True)
    store(document("2024", *earlier), document("2026", *later, against="2024", reports=reports))


def sentences(client, language="en"):
    page = client.get(f"/{language}/results").text
    summary = re.search(r'<ul class="summary">(.*?)</ul>', page, re.DOTALL)[1]
    return [html.unescape(each).strip() for each in re.findall(r"<li[^>]*>(.*?)</li>", summary, re.DOTALL)]


BETTER = measured("light", 54, 43, 11, real=True)
MUCH_BETTER = measured("calm", 70, 40, 30, real=True)
WORSE = measured("fear", 39, 25, 14, real=True, direction="down")
UNSURE = measured("trust", 50, 48, 2, real=False)


def test_how_many_are_better_and_worse_and_which_moved_most(client, app):
    follow_up(BETTER, MUCH_BETTER, WORSE, UNSURE)
    assert sentences(client) == [
        "Measures that can be compared with 2024: 4. Better: 2. Worse: 1. No sure change: 1.",
        "Most has improved: The indicator calm. In 2024: 40%. Now: 70%.",
        "Most has got worse: The indicator fear. In 2024: 25%. Now: 39%.",
    ]


def test_when_nothing_is_better_it_says_so(client, app):
    follow_up(UNSURE, WORSE)
    assert sentences(client)[1] == "Nothing has surely become better."


def test_one_measure_alone_is_told_like_many(client, app):
    follow_up(UNSURE)
    assert sentences(client) == [
        "Measures that can be compared with 2024: 1. Better: 0. Worse: 0. No sure change: 1.",
        "Nothing has surely become better.",
        "Nothing has surely become worse.",
    ]


def test_a_first_survey_has_nothing_to_be_compared_with(client, app):
    store(document("2024", BETTER[1], MUCH_BETTER[1], UNSURE[1]))
    assert sentences(client) == [
        "This is the first survey. What changes can be told after the next one.",
        "The indicator light: 43%.",
        "The indicator calm: 40%.",
    ]


def test_with_everything_hidden_and_seven_reports_in_half_a_year_it_says_what_there_is(client, app):
    rows = {"indicator": "unsafe_reports", "by": "month", "rows": [{"group": None, "count": 5}], "hidden": ["2024-01"]}
    told = indicator("unsafe_reports", hidden(), unit=RATE, direction="down")
    store(document("2024", indicator("light", hidden()), told, reports=[rows]))
    assert sentences(client) == [
        "Too few have answered for any figure of the survey to be shown.",
        "The indicator unsafe_reports. Reports, about: 5",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_the_sentences_is_of_the_document(client, app, language):
    follow_up(BETTER, WORSE, UNSURE)
    found = set(re.findall(r"\d+", " ".join(sentences(client, language))))
    assert found == {"2024", "3", "1", "43", "54", "25", "39"}


def test_what_has_surely_changed_comes_first_among_its_goal(client, app):
    follow_up(UNSURE, BETTER, MUCH_BETTER)
    page = client.get("/en/results").text
    assert page.index('id="calm"') < page.index('id="light"') < page.index('id="trust"')


@pytest.mark.parametrize(
    ("ends", "direction", "said"),
    [
        ((71, 79), "up", "Reached."),
        ((61, 69), "up", "Not reached."),
        ((66, 74), "up", "Too close to tell."),
        ((66, 70), "down", "Reached."),
        ((71, 75), "down", "Not reached."),
        ((66, 74), "down", "Too close to tell."),
    ],
)
def test_a_target_is_judged_in_a_word_as_far_as_the_interval_lets_one(client, app, ends, direction, said):
    store(document("2024", indicator("light", value(sum(ends) // 2, *ends), direction=direction, target=70)))
    assert f"<b>{said}</b>" in client.get("/en/results").text


def test_each_area_has_a_page_of_its_own_with_everyone_beside_it(client, app):
    here, there = value(61, 48, 73, by="area", group="centrum"), hidden("area", "ed")
    light = indicator("light", value(54, 50, 58), here, there, changes=[change(23, 9, 37, by="area", group="centrum")])
    areas = {"indicator": "unsafe_reports", "by": "area", "rows": [{"group": "ed", "count": 15}], "hidden": ["centrum"]}
    reported = indicator("unsafe_reports", value(6.6, 5.8, 7.4), unit=RATE)
    store(document("2024"), document("2026", light, reported, against="2024", reports=[areas]))
    for area in ("centrum", "ed", "runby"):
        assert f'href="/en/results/area/{area}"' in client.get("/en/results").text
    centre, ed = (client.get(f"/en/results/area/{area}").text for area in ("centrum", "ed"))
    assert "<b>61%</b> <span>Everyone: 54%</span>" in centre
    assert "up 23 percentage points" in centre
    assert "Not shown: too few reports." in centre
    assert "No figure of the survey can be shown for this area." in ed
    why = "Not shown: too few people gave some of the answers."
    assert re.search(rf"{why}</summary>\s*<ul>\s*<li>The indicator light", ed)
    assert "<td>15</td>" in ed


@pytest.mark.parametrize("area", ["nowhere", "no_area"])
def test_an_area_that_nothing_is_known_of_has_no_page(client, app, area):
    assert client.get(f"/en/results/area/{area}").status_code == 404
    store(document("2024", BETTER[1]))
    assert client.get(f"/en/results/area/{area}").status_code == 404
