"""The codebook: every column of the row files, what was asked, and what each value stands for, in every language."""

from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from citizen_portal.municipality import Text
from citizen_portal.surveys.export.columns import CHOSEN, NOT_ASKED, NOT_CHOSEN, SKIPPED, Column, columns_of, numbers_of
from citizen_portal.surveys.export.rows import WaveExport
from citizen_portal.surveys.questionnaire import NUMBER, TEXT, Question, Questionnaire
from citizen_portal.web.csv_rows import FOR_EXCEL, csv_chunks, safe_cell

ABOUT_A_COLUMN = (
    *("column", "question", "choice", "kind", "section", "asked_if", "goal", "indicators", "background", "sensitive"),
    *("lowest", "highest", "most_characters"),
)
ABOUT_A_VALUE = ("code", "number", "missing")


class Value(NamedTuple):
    """One value of a column: its cell among codes and among numbers, and the words for it, language by language.

    ``missing`` values are no answers. An empty ``code`` is an empty cell.
    """

    code: str | int
    number: int
    missing: bool
    words: tuple[str, ...]


def codebook_csv(export: WaveExport) -> Iterator[bytes]:
    """The codebook for Swedish Excel."""
    rows = ([_cell(value) for value in row] for row in codebook_rows(export.questionnaire))
    return csv_chunks(codebook_header(export.questionnaire), rows, FOR_EXCEL)


def codebook_header(questionnaire: Questionnaire) -> list[str]:
    """The names of the codebook's columns; those of wordings and labels end in a language."""
    languages = questionnaire.languages
    wordings, labels = (f"wording_{each}" for each in languages), (f"label_{each}" for each in languages)
    return [*ABOUT_A_COLUMN, *wordings, *ABOUT_A_VALUE, *labels]


def codebook_rows(questionnaire: Questionnaire) -> Iterator[tuple[object, ...]]:
    """The lines below the header: one per value of a column, one for a column of words. None is an empty cell."""
    languages = questionnaire.languages
    sections = {each.code: section.code for section in questionnaire.sections for each in section.questions}
    for column in columns_of(questionnaire):
        question = column.question
        said = (
            *(column.name, question.code, column.choice and column.choice.code, question.kind),
            *(sections[question.code], asked_if(question), question.goal),
            *(" ".join(question.indicators) or None, question.about),
            *(int(question.sensitive), *_limits(question), *_each(question.wording, languages)),
        )
        for value in values_of(column, languages):
            yield (*said, value.code, value.number, int(value.missing), *value.words)
        if question.kind == TEXT:
            yield said + (None,) * (len(ABOUT_A_VALUE) + len(languages))


def values_of(column: Column, languages: tuple[str, ...]) -> list[Value]:
    """Every value that stands for words: of a number only those that are no answers, of a text none."""
    question = column.question
    if question.kind == TEXT:
        return []
    numbers = numbers_of(question)
    choices = question.choices.choices if question.choices else ()
    if column.choice:
        values = [
            Value(CHOSEN, CHOSEN, column.choice.missing, _each(column.choice.label, languages)),
            Value(NOT_CHOSEN, NOT_CHOSEN, False, _translated(_l("Not chosen"), languages)),
        ]
        choices = [choice for choice in choices if choice.missing and choice is not column.choice]
    else:
        values = []
    values += [
        Value("" if column.choice else each.code, numbers[each.code], each.missing, _each(each.label, languages))
        for each in choices
    ]
    if question.ask_if:
        values.append(Value("", NOT_ASKED, True, _translated(_l("Not asked"), languages)))
    return [*values, Value("", SKIPPED, True, _translated(_l("Skipped"), languages))]


def asked_if(question: Question) -> str:
    """The conditions under which a question is asked, ``question=choice|choice``, parted by spaces; empty: always."""
    return " ".join(f"{each.question}={'|'.join(each.any_of)}" for each in question.ask_if)


def _limits(question: Question) -> tuple[int | None, ...]:
    if question.kind == NUMBER:
        return question.lowest, question.highest, None
    return None, None, question.most_characters or None


def _cell(value: object) -> object:
    return safe_cell(value) if isinstance(value, str) else value


def _each(text: Text, languages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.get(language) for language in languages)


def _translated(sentence: LazyString, languages: tuple[str, ...]) -> tuple[str, ...]:
    words = []
    for language in languages:
        with force_locale(language):
            words.append(str(sentence))
    return tuple(words)
