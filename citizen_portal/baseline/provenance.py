"""Where the numbers of a public document come from, in sentences: how people were asked, and what answers weigh."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import format_date, format_decimal, format_percent
from flask_babel import gettext as _

from citizen_portal.baseline.described import LETTER, LINK, WEIGHTS_BROUGHT
from citizen_portal.baseline.publishing import IN_GROUPS
from citizen_portal.web.language import current_language

Document = Mapping[str, Any]


def asked(indicator: Document) -> Iterator[str]:
    """How an indicator was asked about, and what a later wave could see of it, a sentence each."""
    question = indicator.get("question")
    if question:
        yield _("The question: %(wording)s", wording=in_language(question["wording"]))
        names = [(each, in_language(each["label"])) for each in question["choices"] if not each["left_out"]]
        yield _("Counted here: %(answers)s", answers=" · ".join(name for each, name in names if each["counted"]))
        others = [name for each, name in names if not each["counted"]]
        if others:
            yield _("The other answers: %(answers)s", answers=" · ".join(others))
        if question["only_some_asked"]:
            yield _("It was asked only of those who had given certain answers before.")
        if question["dont_know"] is not None:
            share = _percent(question["dont_know"])
            yield _("%(share)s said that they do not know, or would rather not say. They are not counted.", share=share)
    if indicator.get("counted_people") == IN_GROUPS:
        yield _("Counted here are only those who said their age, sex and area. The few others could be worked out.")
    smallest = indicator.get("smallest_change")
    if smallest and smallest["everyone"] is not None:
        points = format_decimal(smallest["everyone"])
        yield _("The smallest change that would have been seen, in percentage points: %(points)s.", points=points)
    if smallest and smallest["areas"]:
        best, worst = (format_decimal(each) for each in smallest["areas"])
        yield _("In a single area it takes %(best)s to %(worst)s percentage points.", best=best, worst=worst)


def fieldwork(document: Document) -> Iterator[tuple[str, str]]:
    """Names and values: how people were asked, how many answered, and how unequal their weights are."""
    survey = document["survey"]
    done = survey.get("fieldwork")
    if not done:
        return
    modes = {LETTER: _("A letter with a code, answered on the web"), LINK: _("A link on the web, open to all")}
    yield _("Asked"), _("%(first)s to %(last)s", first=day(done["from"]), last=day(done["to"]))
    yield _("Days"), format_decimal(done["days"])
    if done["mode"]:
        yield _("How"), modes[done["mode"]]
    if done["letters"]:
        yield _("Letters sent"), format_decimal(done["letters"])
    yield _("Answers, about"), format_decimal(done["answers"])
    if done["response_rate"] is not None:
        yield _("Of the letters, answered"), _percent(done["response_rate"])
    if survey["population_year"]:
        yield _("Number of residents from the year"), str(survey["population_year"])
    effect = survey["weighting"]["design_effect"]
    if effect is not None:
        yield _("Design effect of the weights"), format_decimal(effect, "0.00")


def day(written: str) -> str:
    """A day of a document, in words."""
    return format_date(date.fromisoformat(written), "long")


def weighting_said(document: Document) -> Iterator[str]:
    """What each answer weighs, and who is counted where."""
    survey = document["survey"]
    weighting = survey.get("weighting", {"method": "raking", "columns": ["sex", "age"], "joined": []})
    if survey["weighted"] and weighting["method"] == WEIGHTS_BROUGHT:
        yield _("Answers are weighted as those who drew the sample have said.")
    elif survey["weighted"] and "area" in weighting["columns"]:
        yield _("Answers are weighted, so that sexes, ages and areas count as much as they do among all residents.")
    elif survey["weighted"]:
        yield _("Answers are weighted, so that sexes and ages count as much as they do among all residents.")
    for each in weighting["joined"]:
        names = document["groups"].get(each["by"], {})
        group, other = (in_language(names[code]) if code in names else code for code in (each["group"], each["with"]))
        yield _(
            "Nobody answered in the group %(group)s. Answers from %(other)s count for both.", group=group, other=other
        )
    if "weighting" in survey:
        yield _(
            "Some skip a question about themselves, or are in a group that the population register does not count. "
            "They are counted among all, and in no group. Those too young for the survey, or who live elsewhere, are "
            "counted nowhere."
        )


def in_language(texts: Document) -> str:
    """The words in the page's language; in the first of the document's when it was frozen before the language came."""
    return texts.get(current_language()) or next(iter(texts.values()))


def _percent(value: float) -> str:
    return format_percent(value / 100)
