"""The style sheet of a questionnaire's routing: hides what is not to be asked, where there is no JavaScript too.

It only hides, and only on a screen: on paper every question stands. The server decides what is kept, and a browser
without ``:has()`` shows every question.
"""

from collections.abc import Iterator

from citizen_portal.surveys.questionnaire import PLACE, Condition, Question, Questionnaire


def routing_styles(questionnaire: Questionnaire) -> str:
    """One rule per condition that a question or any question on the way to it depends on. Codes need no escaping."""
    rules = [
        f"form:not(:has({_chosen(questionnaire, condition)})) #q-{question.code}{{display:none}}"
        for question in questionnaire.questions
        for condition in _on_the_way(questionnaire, question)
    ]
    return "@media screen{@supports selector(:has(*)){" + "".join(rules) + "}}" if rules else ""


def _on_the_way(questionnaire: Questionnaire, question: Question) -> Iterator[Condition]:
    for condition in question.ask_if:
        yield condition
        yield from _on_the_way(questionnaire, questionnaire.by_code[condition.question])


def _chosen(questionnaire: Questionnaire, condition: Condition) -> str:
    """A selector of any of the condition's choices when it is chosen: a button, a box, or a line of a list."""
    between = " " if questionnaire.by_code[condition.question].kind == PLACE else ""
    choices = ",".join(f'[value="{code}"]' for code in condition.any_of)
    return f'[name="{condition.question}"]{between}:is({choices}):checked'
