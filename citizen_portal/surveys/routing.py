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

    What it needs is gathered along the whole way to it; of a question with one answer, two needs without a choice
    in common exclude each other.
    """
    needs: dict[str, set[str]] = {}
    waiting = list(question.ask_if)
    while waiting:
        condition = waiting.pop()
        before = earlier[condition.question]
        waiting.extend(before.ask_if)
        if before.kind == SEVERAL:
            continue  # two needs may both be chosen
        needs.setdefault(condition.question, set(condition.any_of)).intersection_update(condition.any_of)
    return all(needs.values())


def _holds(condition: Condition, answer: Answer | None) -> bool:
    given = answer if isinstance(answer, tuple) else (answer,)
    return not set(condition.any_of).isdisjoint(given)
