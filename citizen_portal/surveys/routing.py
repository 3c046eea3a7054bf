"""Routing: which questions are asked, given the answers. The server decides with this, whatever the page did."""

from collections.abc import Mapping

from citizen_portal.surveys.questionnaire import SEVERAL, Answer, Condition, Question, Questionnaire

Answers = Mapping[str, Answer]


def keep_asked(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """The answers to questions that were to be asked, in the order of asking; the others are dropped.

    An answer that is dropped cannot open the way to another: conditions look at what is kept.
    """
    kept: dict[str, Answer] = {}
    for question in questionnaire.questions:
        if question.code in answers and is_asked(question, kept):
            kept[question.code] = answers[question.code]
    return kept


def is_asked(question: Question, answers: Answers) -> bool:
    """Whether all conditions of a question hold. An earlier question that was skipped meets none."""
    return all(_holds(condition, answers.get(condition.question)) for condition in question.ask_if)


def can_be_asked(question: Question, earlier: Mapping[str, Question]) -> bool:
    """Whether any set of answers leads to this question.

    What it needs is gathered along the whole way to it. Each question on that way is answered once, so all that is
    needed of it must fit into one answer.
    """
    needs: dict[str, list[set[str]]] = {}
    waiting = list(question.ask_if)
    while waiting:
        condition = waiting.pop()
        if condition.question not in needs:  # ways that meet again are walked once
            waiting.extend(earlier[condition.question].ask_if)
        needs.setdefault(condition.question, []).append(set(condition.any_of))
    return all(_fit_into_one_answer(earlier[code], needed) for code, needed in needs.items())


def _fit_into_one_answer(question: Question, needed: list[set[str]]) -> bool:
    """Whether one answer holds a choice of each set. Of several choices, one that stands alone must meet them all."""
    if set.intersection(*needed):
        return True
    alone = {choice.code for choice in question.choices.choices if choice.alone}
    return question.kind == SEVERAL and all(each - alone for each in needed)


def _holds(condition: Condition, answer: Answer | None) -> bool:
    given = answer if isinstance(answer, tuple) else (answer,)
    return not set(condition.any_of).isdisjoint(given)
