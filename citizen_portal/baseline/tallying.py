"""One pass over a wave's answers: from answer sets to all that its figures and their disclosure need.

A person weighs by sex, age and area, which are the groups, too. Who left a background question open, would rather not
say, or is in a group that the register does not count, stays in the sample: weighted at the share they have in it, and
in no group. Who is outside the population is counted in nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from citizen_portal.baseline.weighing import Frame
from citizen_portal.municipality.agreement import Indicator, SurveySource
from citizen_portal.statistics.tallies import EVERYONE, Domain, Record, Tallies
from citizen_portal.surveys.questionnaire import BACKGROUNDS, Question, Questionnaire

WEIGHT = ("weight",)
NOT_SAID = "not_said"
UNSURE = "?"  # said not to know, or to rather not say; no code holds it
NONE = (None, UNSURE)
AND = "+"  # between the codes of several choices made together; no code holds it

StoredAnswers = Mapping[str, object]
Background = tuple[tuple[str, str], ...]
# Background, weight (empty without one) and the answer to each question, with how many people gave them.
Patterns = Mapping[tuple[Background, str, tuple[str | None, ...]], int]


@dataclass(frozen=True, slots=True)
class Counted:
    """A wave, counted.

    ``tallies`` has an entry per indicator. ``people`` counts, per question and domain, who gave which answer, several
    choices made together being one answer. ``sizes`` counts the answer sets of each column's groups, of nobody too.
    ``in_groups`` counts only those who are in a group of every column; ``outside`` is how many are counted nowhere.
    ``unsure`` counts, per question, those who answered it and those who said that they do not know.
    """

    tallies: Mapping[str, Tallies]
    people: Mapping[str, Mapping[Domain, Mapping[str, int]]]
    sizes: Mapping[str, Mapping[str, int]]
    in_groups: "Counted | None" = None
    outside: int = 0
    unsure: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def count_answers(
    questionnaire: Questionnaire,
    indicators: Sequence[Indicator],
    answer_sets: Iterable[tuple[StoredAnswers, float | None]],
    frame: Frame,
) -> Counted:
    """Count for every indicator whose question this questionnaire asks; each answer set comes with its weight, if any.

    Cells are those of the frame, or the weights alone where they come along.
    """
    asked = [each for each in indicators if _is_asked(questionnaire, each)]
    # Counted in the order of what was said, not in that of the rows: the last digits of sums depend on it.
    questions = {each.source.question: questionnaire.by_code[each.source.question] for each in asked}
    patterns: Counter[tuple[Background, str, tuple[str | None, ...]]] = Counter()
    outside = 0
    for answers, weight in answer_sets:
        said = _background(questionnaire, answers)
        if any(code in frame.outside.get(about, ()) for about, code in said):
            outside += 1
            continue
        given = tuple(_answer(each, answers.get(each.code)) for each in questions.values())
        patterns[said, "" if weight is None else repr(weight), given] += 1
    complete = {key: number for key, number in patterns.items() if _is_in_groups(key[0], frame)}
    return Counted(
        **_counted(asked, questions, patterns, frame),
        in_groups=Counted(**_counted(asked, questions, complete, frame)),
        outside=outside,
        unsure={code: _unsure(patterns, place) for place, code in enumerate(questions)},
    )


def _counted(
    asked: Sequence[Indicator], questions: Mapping[str, Question], patterns: Patterns, frame: Frame
) -> dict[str, Mapping]:
    people: dict[str, dict[Domain, Counter[str]]] = {code: defaultdict(Counter) for code in questions}
    records: dict[str, Counter[Record]] = {each.code: Counter() for each in asked}
    sizes = {by: Counter(dict.fromkeys(groups, 0)) for by, groups in frame.groups.items()}
    columns = frame.columns
    for (background, weight, given), number in sorted(patterns.items(), key=repr):
        domains = tuple(Domain(by, group) for by, group in background if group in frame.groups[by])
        cell = (weight,) if weight else tuple(dict(background).get(column, NOT_SAID) for column in frame.columns)
        columns = WEIGHT if weight else frame.columns
        answers = dict(zip(questions, given, strict=True))
        for by, group in domains:
            sizes[by][group] += number
        for question, answer in answers.items():
            for domain in (EVERYONE, *domains) if answer not in NONE else ():
                people[question][domain][answer] += number
        for indicator in asked:
            records[indicator.code][Record(cell, domains, _outcome(indicator, answers))] += number
    tallies = {code: Tallies.of_counts(columns, counts) for code, counts in records.items()}
    return {"tallies": tallies, "people": people, "sizes": {by: dict(found) for by, found in sizes.items()}}


def _unsure(patterns: Patterns, place: int) -> tuple[int, int]:
    """How many answered a question, and how many said that they do not know or would rather not say."""
    found = Counter[str | None]()
    for (_background, _weight, given), number in patterns.items():
        found[given[place] if given[place] in NONE else AND] += number
    return found[AND], found[UNSURE]


def _is_in_groups(background: Background, frame: Frame) -> bool:
    said = dict(background)
    return all(said.get(by) in groups for by, groups in frame.groups.items())


def answers_counted(indicator: Indicator, people: Mapping[Domain, Mapping[str, int]]) -> frozenset[str]:
    """Which of the answers given, of those made together too, an indicator counts."""
    return frozenset(answer for answer in people.get(EVERYONE, {}) if _counts(indicator, answer))


def _answer(question: Question, stored: object) -> str | None:
    codes = stored if isinstance(stored, list) else [stored]
    choices = [question.choices.choice(code) for code in codes if isinstance(code, str)]
    if not choices or None in choices:
        return None
    if any(choice.missing for choice in choices):
        return UNSURE
    return AND.join(sorted(choice.code for choice in choices))


def _outcome(indicator: Indicator, answers: Mapping[str, str | None]) -> float | None:
    answer = answers[indicator.source.question]
    return None if answer in NONE else float(_counts(indicator, answer))


def _counts(indicator: Indicator, answer: str) -> bool:
    return not set(answer.split(AND)).isdisjoint(indicator.source.counted)


def _is_asked(questionnaire: Questionnaire, indicator: Indicator) -> bool:
    return isinstance(indicator.source, SurveySource) and indicator.source.question in questionnaire.by_code


def _background(questionnaire: Questionnaire, answers: StoredAnswers) -> Background:
    """What a person said of area, sex and age; what was left open or not said is not in it."""
    said = []
    for about in BACKGROUNDS:
        question = questionnaire.background(about)
        choice = question and question.choices.choice(str(answers.get(question.code)))
        if choice and not choice.missing:
            said.append((about, choice.code))
    return tuple(said)
