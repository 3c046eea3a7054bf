"""A questionnaire and its answers in the words of one language, as pages show them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from citizen_portal.surveys.form import AnswerField, SurveyForm
from citizen_portal.surveys.questionnaire import PLACE, SEVERAL, TEXT, WITHOUT_CHOICES, Choice, Question, Questionnaire


@dataclass(frozen=True, slots=True)
class Option:
    """One choice to tick. ``apart`` begins the choices that are no answer, such as "don't know".

    ``alone`` is a choice that excludes the others.
    """

    value: str
    label: str
    chosen: bool
    apart: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on the page. ``shape`` says what it is answered with: radio, checkbox, list, number or text.

    ``groups`` are pairs of a heading (empty outside a long list) and the options under it.
    """

    id: str
    name: str
    shape: str
    wording: str
    help: str
    groups: list[tuple[str, list[Option]]]
    typed: str
    errors: list[str]
    question: Question

    @property
    def has_alone(self) -> bool:
        """Whether a choice excludes the others."""
        return self.shape == "checkbox" and any(option.alone for _heading, options in self.groups for option in options)


@dataclass(frozen=True, slots=True)
class Part:
    """A section on the page."""

    code: str
    title: str
    intro: str
    questions: list[Asked]


def parts_of(form: SurveyForm, language: str) -> list[Part]:
    """The sections of the form's questionnaire with what was typed and what is wrong with it."""
    return [
        Part(
            section.code,
            section.title.get(language),
            section.intro.get(language) if section.intro else "",
            [_asked(form.answer_field(question), language) for question in section.questions],
        )
        for section in form.questionnaire.sections
    ]


def in_words(questionnaire: Questionnaire, stored: dict[str, object], language: str) -> list[tuple[str, str]]:
    """Pairs of question and answer for everything stored, in the order of asking."""
    return [
        (question.wording.get(language), ", ".join(_answer_words(question, stored[question.code], language)))
        for question in questionnaire.questions
        if question.code in stored
    ]


def _asked(field: AnswerField, language: str) -> Asked:
    question = field.question
    return Asked(
        id=field.id,
        name=field.name,
        shape=_shape(question),
        wording=question.wording.get(language),
        help=question.help.get(language) if question.help else "",
        groups=_groups(question, set(field.typed), language),
        typed="\n".join(field.typed) if question.kind in WITHOUT_CHOICES else "",
        errors=list(field.errors),
        question=question,
    )


def _shape(question: Question) -> str:
    if question.kind in WITHOUT_CHOICES:
        return "text" if question.kind == TEXT else "number"
    if question.kind == PLACE:
        return "list"
    return "checkbox" if question.kind == SEVERAL else "radio"


def _groups(question: Question, chosen: set[str], language: str) -> list[tuple[str, list[Option]]]:
    groups: dict[str, list[Option]] = {}
    choices = question.choices.choices if question.choices else ()
    first_missing = next((choice for choice in choices if choice.missing), None)
    for choice in choices:
        group = groups.setdefault(choice.group.get(language) if choice.group else "", [])
        is_chosen, apart = choice.code in chosen, choice is first_missing
        group.append(Option(choice.code, choice.label.get(language), is_chosen, apart, choice.alone))
    return list(groups.items())


def _answer_words(question: Question, answer: object, language: str) -> Iterator[str]:
    codes: Iterable[object] = answer if isinstance(answer, list) else [answer]
    for code in codes:
        choice: Choice | None = question.choices.choice(str(code)) if question.choices else None
        yield choice.label.get(language) if choice else str(code)
