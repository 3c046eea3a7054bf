"""A questionnaire: questions as data, frozen values that say what may be asked and answered.

Only ``reading.py`` builds these, from the municipality's TOML or from a document that was frozen when a wave
opened, so whoever holds one may trust it: codes are unique, every text has every language, and a question asks
only about questions before it.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from citizen_portal.municipality import Text

KINDS = ("one", "several", "scale", "number", "place", "text", "background")
ONE, SEVERAL, SCALE, NUMBER, PLACE, TEXT, BACKGROUND = KINDS
WITHOUT_CHOICES = frozenset({NUMBER, TEXT})

# What a background question can be about; the figures are weighted and grouped by these.
AGE, SEX, AREA = BACKGROUNDS = ("age", "sex", "area")

# Names that other fields of the page have.
RESERVED_CODES = frozenset({"code", "website", "submission_key"})

Answer = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose. ``code`` is what is stored.

    ``missing`` marks an answer that is none ("don't know", "prefer not to say"): it is stored, and left out of
    shares. ``alone`` marks one that no other may stand beside ("none of these"). ``group`` is a heading in a long list.
    """

    code: str
    label: Text
    missing: bool = False
    alone: bool = False
    group: Text | None = None


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """Choices in their order, which questions share by ``code``."""

    code: str
    choices: tuple[Choice, ...]

    def choice(self, code: str) -> Choice | None:
        """The choice with this code, or None."""
        return next((choice for choice in self.choices if choice.code == code), None)


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask only if an earlier question was answered with one of these choices."""

    question: str
    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``code`` stands for one wording, one list of choices and one order, for good.

    ``choices`` is None for a number or a text. ``goal`` is the goal of the agreement (1-3) it bears on, ``indicators``
    the indicators that count its answers. A number lies from ``lowest`` to ``highest``; a text has ``most_characters``.
    ``about`` is one of BACKGROUNDS for a background question. ``sensitive`` answers are never shown singly.
    """

    code: str
    kind: str
    wording: Text
    choices: ChoiceList | None
    help: Text | None = None
    ask_if: tuple[Condition, ...] = ()
    goal: int | None = None
    indicators: tuple[str, ...] = ()
    sensitive: bool = False
    about: str | None = None
    lowest: int = 0
    highest: int = 0
    most_characters: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one heading; a page of its own where there is JavaScript."""

    code: str
    title: Text
    intro: Text | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """A whole questionnaire, in every language of ``languages`` (the reference first).

    ``document`` is its canonical form: plain dictionaries, lists, strings and numbers, complete in itself, from
    which ``reading.questionnaire_of`` makes the same questionnaire again.
    """

    code: str
    version: int
    languages: tuple[str, ...]
    title: Text
    intro: Text
    sections: tuple[Section, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the order of asking."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def by_code(self) -> dict[str, Question]:
        """Questions by their codes."""
        return {question.code: question for question in self.questions}

    def background(self, about: str) -> Question | None:
        """The background question about ``age``, ``sex`` or ``area``, or None."""
        return next((question for question in self.questions if question.about == about), None)

    @cached_property
    def lists(self) -> tuple[ChoiceList, ...]:
        """Every list of choices, in the order in which questions first take them."""
        return tuple({each.choices.code: each.choices for each in self.questions if each.choices}.values())

    @cached_property
    def document(self) -> dict[str, object]:
        """The canonical form."""
        lists = [_list_document(choices) for choices in self.lists]
        return {
            "code": self.code,
            "version": self.version,
            "languages": list(self.languages),
            "title": _words(self.title),
            "intro": _words(self.intro),
            **({"list": lists} if lists else {}),
            "section": [_section_document(section) for section in self.sections],
        }

    @cached_property
    def canonical(self) -> str:
        """The document as JSON text, the same for the same questionnaire on any machine."""
        return json.dumps(self.document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical text, 64 hexadecimal digits: what a wave and every answer set carry."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()


def _words(text: Text) -> dict[str, str]:
    return dict(text.words)


def _list_document(choices: ChoiceList) -> dict[str, object]:
    return {"code": choices.code, "choice": [_choice_document(choice) for choice in choices.choices]}


def _choice_document(choice: Choice) -> dict[str, object]:
    document: dict[str, object] = {"code": choice.code, "label": _words(choice.label)}
    if choice.group:
        document["group"] = _words(choice.group)
    marks = {"missing": choice.missing, "alone": choice.alone}
    return document | {name: True for name, is_set in marks.items() if is_set}


def _section_document(section: Section) -> dict[str, object]:
    intro = {"intro": _words(section.intro)} if section.intro else {}
    questions = [_question_document(question) for question in section.questions]
    return {"code": section.code, "title": _words(section.title), **intro, "question": questions}


def _question_document(question: Question) -> dict[str, object]:
    document: dict[str, object] = {"code": question.code, "kind": question.kind, "wording": _words(question.wording)}
    if question.choices:
        document["choices"] = question.choices.code
    if question.help:
        document["help"] = _words(question.help)
    if question.ask_if:
        document["ask_if"] = [{"question": each.question, "any_of": list(each.any_of)} for each in question.ask_if]
    if question.sensitive:
        document["sensitive"] = True
    if question.kind == NUMBER:
        document |= {"lowest": question.lowest, "highest": question.highest}
    if question.kind == TEXT:
        document["most_characters"] = question.most_characters
    if question.indicators:
        document["indicators"] = list(question.indicators)
    named = {"goal": question.goal, "about": question.about}
    return document | {name: value for name, value in named.items() if value is not None}
