"""From posted or imported text to an answer, or to the reason why it is none."""

from collections.abc import Sequence

from citizen_portal.surveys.questionnaire import NUMBER, SEVERAL, TEXT, Answer, Question

UNKNOWN_CHOICE, MORE_THAN_ONE, STANDS_ALONE, NO_NUMBER, OUT_OF_RANGE, TOO_LONG = (
    "unknown_choice",
    "more_than_one",
    "stands_alone",
    "no_number",
    "out_of_range",
    "too_long",
)


class AnswerRefused(ValueError):
    """A text is no answer to the question. ``reason`` is one of the codes above, ``value`` the text at fault."""

    def __init__(self, reason: str, value: str) -> None:
        super().__init__(reason, value)
        self.reason, self.value = reason, value


def answer_from(question: Question, values: Sequence[str]) -> Answer | None:
    """The answer these texts are: a choice's code, several codes in the order of the list, a number, or a text.

    None when there is nothing in them: the question was skipped. Raises ``AnswerRefused``.
    """
    given = [value for value in values if value.strip()]
    if not given:
        return None
    if question.kind == SEVERAL:
        return _several(question, given)
    if len(set(given)) > 1:
        raise AnswerRefused(MORE_THAN_ONE, given[1])
    if question.kind == NUMBER:
        return _number(question, given[0])
    if question.kind == TEXT:
        return _text(question, given[0])
    return _choice(question, given[0])


def _choice(question: Question, value: str) -> str:
    if question.choices.choice(value) is None:
        raise AnswerRefused(UNKNOWN_CHOICE, value)
    return value


def _several(question: Question, values: Sequence[str]) -> tuple[str, ...]:
    chosen = {_choice(question, value) for value in values}
    in_order = [choice for choice in question.choices.choices if choice.code in chosen]
    if len(in_order) > 1:
        for choice in in_order:
            if choice.alone or choice.missing:
                raise AnswerRefused(STANDS_ALONE, choice.code)
    return tuple(choice.code for choice in in_order)


def _number(question: Question, value: str) -> int:
    value = value.strip()
    if not value.isdecimal() or len(value) > 9:
        raise AnswerRefused(NO_NUMBER, value)
    number = int(value)  # reads the digits of every script
    if not question.lowest <= number <= question.highest:
        raise AnswerRefused(OUT_OF_RANGE, value)
    return number


def _text(question: Question, value: str) -> str:
    if len(value) > question.most_characters:
        raise AnswerRefused(TOO_LONG, value)
    return value
