"""One pass over a wave's answers: from answer sets to all that its figures and their disclosure need.

A person weighs by sex and age; groups are area, sex and age. Who left a background question open, or would rather not
say, stays in the sample: weighted at the share they have in it, and in no group.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from citizen_portal.municipality.agreement import Indicator, SurveySource
from citizen_portal.statistics.tallies import EVERYONE, Domain, Record, Tallies
from citizen_portal.surveys.questionnaire import BACKGROUNDS, Question, Questionnaire

WEIGHTED_BY = ("sex", "age")
NOT_SAID = "not_said"
AND = "+"  # between the codes of several choices made together; no code holds it

StoredAnswers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Counted:
    """A wave, counted.

    ``tallies`` has an entry per indicator. ``people`` counts, per question and domain, who gave which answer, several
    choices made together being one answer. ``sizes`` counts the answer sets of each column's groups.
    """

    tallies: Mapping[str, Tallies]
    people: Mapping[str, Mapping[Domain, Mapping[str, int]]]
    sizes: Mapping[str, Mapping[str, int]]


def count_answers(
    questionnaire: Questionnaire, indicators: Sequence[Indicator], answer_sets: Iterable[StoredAnswers]
) -> Counted:
    """Count for every indicator whose question this questionnaire asks."""
    asked = [each for each in indicators if _is_asked(questionnaire, each)]
    # Counted in the order of what was said, not in that of the rows: the last digits of sums depend on it.
    questions = {each.source.question: questionnaire.by_code[each.source.question] for each in asked}
    patterns = Counter(_pattern(questionnaire, questions.values(), answers) for answers in answer_sets)
    people: dict[str, dict[Domain, Counter[str]]] = {code: defaultdict(Counter) for code in questions}
    records: dict[str, Counter[Record]] = {each.code: Counter() for each in asked}
    sizes: dict[str, Counter[str]] = {by: Counter() for by in BACKGROUNDS}
    for (background, given), number in sorted(patterns.items(), key=repr):
        domains = tuple(Domain(by, group) for by, group in background)
        cell = tuple(dict(background).get(column, NOT_SAID) for column in WEIGHTED_BY)
        answers = dict(zip(questions, given, strict=True))
        for by, group in background:
            sizes[by][group] += number
        for question, answer in answers.items():
            for domain in (EVERYONE, *domains) if answer is not None else ():
                people[question][domain][answer] += number
        for indicator in asked:
            records[indicator.code][Record(cell, domains, _outcome(indicator, answers))] += number
    tallies = {code: Tallies.of_counts(WEIGHTED_BY, counts) for code, counts in records.items()}
    return Counted(tallies, people, sizes)


def answers_counted(indicator: Indicator, people: Mapping[Domain, Mapping[str, int]]) -> frozenset[str]:
    """Which of the answers given, of those made together too, an indicator counts."""
    return frozenset(answer for answer in people.get(EVERYONE, {}) if _counts(indicator, answer))


def _pattern(
    questionnaire: Questionnaire, questions: Iterable[Question], answers: StoredAnswers
) -> tuple[tuple[tuple[str, str], ...], tuple[str | None, ...]]:
    """What a person said of their background, and their answer to each question; None for one that says nothing."""
    return _background(questionnaire, answers), tuple(_answer(each, answers.get(each.code)) for each in questions)


def _answer(question: Question, stored: object) -> str | None:
    codes = stored if isinstance(stored, list) else [stored]
    choices = [question.choices.choice(code) for code in codes if isinstance(code, str)]
    if not choices or any(choice is None or choice.missing for choice in choices):
        return None
    return AND.join(sorted(choice.code for choice in choices))


def _outcome(indicator: Indicator, answers: Mapping[str, str | None]) -> float | None:
    answer = answers[indicator.source.question]
    return None if answer is None else float(_counts(indicator, answer))


def _counts(indicator: Indicator, answer: str) -> bool:
    return not set(answer.split(AND)).isdisjoint(indicator.source.counted)


def _is_asked(questionnaire: Questionnaire, indicator: Indicator) -> bool:
    return isinstance(indicator.source, SurveySource) and indicator.source.question in questionnaire.by_code


def _background(questionnaire: Questionnaire, answers: StoredAnswers) -> tuple[tuple[str, str], ...]:
    """What a person said of area, sex and age; what was left open or not said is not in it."""
    said = []
    for about in BACKGROUNDS:
        question = questionnaire.background(about)
        choice = question and question.choices.choice(str(answers.get(question.code)))
        if choice and not choice.missing:
            said.append((about, choice.code))
    return tuple(said)
