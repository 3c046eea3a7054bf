"""The columns of a wave's row files, and what stands in their cells; all from the frozen questionnaire.

Two kinds of cells: codes, as they were stored, for people and most programs; and numbers, for SPSS. Names are a
promise: documented in docs/survey-export.md, and the same for the same questionnaire for good.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

from citizen_portal.surveys.questionnaire import NUMBER, SEVERAL, TEXT, Answer, Choice, Question, Questionnaire
from citizen_portal.surveys.routing import is_asked

# What every row says of itself, before the first question.
ABOUT_THE_ROW = ("row", "wave", "questionnaire", "version", "digest", "language", "set_aside")

# In files of numbers every missing value is negative, so that one condition leaves all of them out. Choices that are
# no answer ("don't know") follow, from FIRST_MISSING_CHOICE down, in the order of their list.
NOT_ASKED, SKIPPED, FIRST_MISSING_CHOICE = -1, -2, -3
NOT_CHOSEN, CHOSEN = 0, 1

StoredAnswers = Mapping[str, object]
Cells = Callable[[StoredAnswers], list[object]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of answers: of a question, or of one ``choice`` of a question with several."""

    name: str
    question: Question
    choice: Choice | None = None


def columns_of(questionnaire: Questionnaire) -> tuple[Column, ...]:
    """The columns of answers in the order of asking: ``question``, or ``question__choice`` for several choices."""
    found = [
        (f"{question.code}__{choice.code}" if choice else question.code, question, choice)
        for question in questionnaire.questions
        for choice in (question.choices.choices if question.kind == SEVERAL else (None,))
    ]
    # A question may be called like one of our own columns.
    names = told_apart([*ABOUT_THE_ROW, *(name for name, _question, _choice in found)])[len(ABOUT_THE_ROW) :]
    return tuple(Column(name, question, choice) for name, (_name, question, choice) in zip(names, found, strict=True))


def told_apart(names: Iterable[str], longest: int = 1000) -> list[str]:
    """The names, none longer than ``longest``; one that an earlier name has already gets a number behind it."""
    given: list[str] = []
    taken = set[str]()
    for name in names:
        candidate, number = name[:longest], 1
        while candidate in taken:
            number += 1
            candidate = f"{name[: longest - len(str(number)) - 1]}_{number}"
        taken.add(candidate)
        given.append(candidate)
    return given


def numbers_of(question: Question) -> dict[str, int]:
    """The number of each choice: 1 and up in the order of the list, negative for one that is no answer."""
    numbers: dict[str, int] = {}
    answers = missing = 0
    for choice in question.choices.choices if question.choices else ():
        if choice.missing:
            numbers[choice.code] = FIRST_MISSING_CHOICE - missing
            missing += 1
        else:
            answers += 1
            numbers[choice.code] = answers
    return numbers


def code_cells(questionnaire: Questionnaire, text: Callable[[str], str]) -> Cells:
    """A function from stored answers to cells of codes; ``text`` makes a resident's words fit to stand in the file.

    An empty cell: not asked, or skipped. A choice of several is 1 or 0, and empty beside one that is no answer.
    It runs once per row, so what can be looked up is.
    """
    keys = _keys(questionnaire)
    in_order = [key for of_question in keys.values() for key in of_question]
    words = [question.code for question in questionnaire.questions if question.kind == TEXT]
    several = [question.code for question in questionnaire.questions if question.kind == SEVERAL]
    no_answer = {question.code: _no_answer(question) for question in questionnaire.questions}

    # The same few combinations come back in thousands of rows.
    @lru_cache(maxsize=4096)
    def of_several(code: str, chosen: tuple[str, ...]) -> dict[object, int]:
        others = dict.fromkeys(keys[code], NOT_CHOSEN) if no_answer[code].isdisjoint(chosen) else {}
        return others | {(code, choice): CHOSEN for choice in chosen}

    def cells(answers: StoredAnswers) -> list[object]:
        found: dict[object, object] = dict(answers)
        for code in words:
            found[code] = text(found.get(code, ""))
        for code in several:
            if code in found:
                found |= of_several(code, tuple(found[code]))
        return list(map(found.get, in_order, repeat("")))

    return cells


def number_cells(questionnaire: Questionnaire, text: Callable[[str], str]) -> Cells:
    """A function from stored answers to cells of numbers (and texts): see NOT_ASKED and what follows it.

    A text that was not asked for or skipped is empty, which no text is that was written.
    """
    keys = _keys(questionnaire)
    numbers = {question.code: numbers_of(question) for question in questionnaire.questions}
    no_answer = {question.code: _no_answer(question) for question in questionnaire.questions}

    def of_question(question: Question, given: Mapping[str, Answer]) -> Iterable[object]:
        code, answer = question.code, given.get(question.code)
        if question.kind == TEXT:
            return [text(answer or "")]
        if answer is None:
            return [SKIPPED if is_asked(question, given) else NOT_ASKED] * len(keys[code])
        if question.kind != SEVERAL:
            return [answer if question.kind == NUMBER else numbers[code][answer]]
        # "Don't know" stands alone; the other columns of its question then say so, and not that each was left out.
        other = next((numbers[code][choice] for choice in answer if choice in no_answer[code]), NOT_CHOSEN)
        return [CHOSEN if choice in answer else other for _code, choice in keys[code]]

    def cells(answers: StoredAnswers) -> list[object]:
        given = {code: tuple(answer) if isinstance(answer, list) else answer for code, answer in answers.items()}
        return [cell for question in questionnaire.questions for cell in of_question(question, given)]

    return cells


def _keys(questionnaire: Questionnaire) -> dict[str, list[object]]:
    """What the cells of each question are found by: its code, or pairs of it and each of its several choices."""
    keys: dict[str, list[object]] = {}
    for column in columns_of(questionnaire):
        code = column.question.code
        keys.setdefault(code, []).append((code, column.choice.code) if column.choice else code)
    return keys


def _no_answer(question: Question) -> frozenset[str]:
    choices = question.choices.choices if question.choices else ()
    return frozenset(choice.code for choice in choices if choice.missing)
