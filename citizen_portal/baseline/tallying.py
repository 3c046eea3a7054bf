"""One pass over a wave's answers: from answer sets to the tallies of every indicator.

A person weighs by sex and age; groups are area, sex and age. Who left a background question open, or would rather not
say, stays in the sample: weighted at the share they have in it, and in no group.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from citizen_portal.municipality.agreement import Indicator, SurveySource
from citizen_portal.statistics.tallies import Domain, Record, Tallies
from citizen_portal.surveys.questionnaire import BACKGROUNDS, Question, Questionnaire

WEIGHTED_BY = ("sex", "age")
NOT_SAID = "not_said"

StoredAnswers = Mapping[str, object]


def tallies_of(
    questionnaire: Questionnaire, indicators: Sequence[Indicator], answer_sets: Iterable[StoredAnswers]
) -> dict[str, Tallies]:
    """The tallies of each indicator that counts a question of this questionnaire, by the indicator's code."""
    counted = [each for each in indicators if _is_asked(questionnaire, each)]
    counters: dict[str, Counter[Record]] = {indicator.code: Counter() for indicator in counted}
    for answers in answer_sets:
        background = _background(questionnaire, answers)
        cell = tuple(background.get(column, NOT_SAID) for column in WEIGHTED_BY)
        domains = tuple(Domain(by, group) for by, group in background.items())
        for indicator in counted:
            question = questionnaire.by_code[indicator.source.question]
            answer = outcome(question, indicator.source.counted, answers.get(question.code))
            counters[indicator.code][Record(cell, domains, answer)] += 1
    return {code: Tallies.of_counts(WEIGHTED_BY, counter) for code, counter in counters.items()}


def outcome(question: Question, counted: Sequence[str], answer: object) -> float | None:
    """1 when a counted choice was made, 0 when others were, None without an answer that says either."""
    chosen = answer if isinstance(answer, list) else [answer]
    choices = [question.choices.choice(code) for code in chosen if isinstance(code, str)]
    if not choices or any(choice is None or choice.missing for choice in choices):
        return None
    return float(any(choice.code in counted for choice in choices))


def _is_asked(questionnaire: Questionnaire, indicator: Indicator) -> bool:
    return isinstance(indicator.source, SurveySource) and indicator.source.question in questionnaire.by_code


def _background(questionnaire: Questionnaire, answers: StoredAnswers) -> dict[str, str]:
    """What a person said of area, sex and age; what was left open or not said is not in it."""
    said = {}
    for about in BACKGROUNDS:
        question = questionnaire.background(about)
        choice = question and question.choices.choice(str(answers.get(question.code)))
        if choice and not choice.missing:
            said[about] = choice.code
    return said
