"""A questionnaire as an XLSForm workbook, which survey people exchange: sheets survey, choices and settings.

Languages are columns like ``label::Svenska (sv)``. What XLSForm has no word for stands in columns of our own (kind,
goal, indicators, sensitive, about, missing, alone, group_sv), which other programs pass over. ``xlsform_reading.py``
reads all of it back.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from citizen_portal.municipality import Text
from citizen_portal.surveys.questionnaire import (
    BACKGROUND,
    NUMBER,
    ONE,
    PLACE,
    SCALE,
    SEVERAL,
    TEXT,
    Choice,
    Question,
    Questionnaire,
    Section,
)
from citizen_portal.surveys.xlsform_expressions import constraint_of, relevant_of
from citizen_portal.web.language import name_in_itself

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
SELECT_ONE, SELECT_MULTIPLE = "select_one", "select_multiple"
NOTE, BEGIN_GROUP, END_GROUP = "note", "begin_group", "end_group"
TYPES = {
    ONE: SELECT_ONE, SCALE: SELECT_ONE, PLACE: SELECT_ONE, BACKGROUND: SELECT_ONE, SEVERAL: SELECT_MULTIPLE,
    NUMBER: "integer", TEXT: "text",
}  # fmt: skip
TITLE_NOTE, INTRO_NOTE = "questionnaire_title", "questionnaire_intro"
YES = "yes"

Row = dict[str, object]


def language_column(column: str, language: str) -> str:
    """The heading of a column in one language: ``label::Svenska (sv)``."""
    return f"{column}::{_language_name(language)}"


def xlsform_of(questionnaire: Questionnaire) -> bytes:
    """The workbook as the bytes of an .xlsx file."""
    languages = questionnaire.languages
    labels = [language_column("label", language) for language in languages]
    hints = [language_column("hint", language) for language in languages]
    groups = [f"group_{language}" for language in languages]
    book = Workbook()
    book.remove(book.active)
    _write(
        book.create_sheet(SURVEY),
        ["type", "name", *labels, *hints, "relevant", "constraint", "kind", "goal", "indicators", "sensitive", "about"],
        _survey_rows(questionnaire),
    )
    _write(
        book.create_sheet(CHOICES),
        ["list_name", "name", *labels, "missing", "alone", *groups],
        (_choice_row(each.code, choice) for each in questionnaire.lists for choice in each.choices),
    )
    settings = {
        "form_title": questionnaire.title.get(languages[0]),
        "form_id": questionnaire.code,
        "version": str(questionnaire.version),
        "default_language": _language_name(languages[0]),
    }
    _write(book.create_sheet(SETTINGS), list(settings), [settings])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _language_name(language: str) -> str:
    return f"{name_in_itself(language)} ({language})"


def _survey_rows(questionnaire: Questionnaire) -> Iterator[Row]:
    yield _note(TITLE_NOTE, questionnaire.title)
    yield _note(INTRO_NOTE, questionnaire.intro)
    for section in questionnaire.sections:
        yield from _section_rows(section, questionnaire)


def _section_rows(section: Section, questionnaire: Questionnaire) -> Iterator[Row]:
    yield {"type": BEGIN_GROUP, "name": section.code, **_in_languages("label", section.title)}
    if section.intro:
        yield _note(f"{section.code}_intro", section.intro)
    for question in section.questions:
        yield _question_row(question, questionnaire)
    yield {"type": END_GROUP, "name": section.code}


def _note(name: str, text: Text) -> Row:
    return {"type": NOTE, "name": name, **_in_languages("label", text)}


def _question_row(question: Question, questionnaire: Questionnaire) -> Row:
    choices = f" {question.choices.code}" if question.choices else ""
    return {
        "type": TYPES[question.kind] + choices,
        "name": question.code,
        **_in_languages("label", question.wording),
        **_in_languages("hint", question.help),
        "relevant": relevant_of(question, questionnaire.by_code),
        "constraint": constraint_of(question),
        "kind": question.kind,
        "goal": question.goal,
        "indicators": " ".join(question.indicators),
        "sensitive": YES if question.sensitive else "",
        "about": question.about,
    }


def _choice_row(list_code: str, choice: Choice) -> Row:
    return {
        "list_name": list_code,
        "name": choice.code,
        **_in_languages("label", choice.label),
        "missing": YES if choice.missing else "",
        "alone": YES if choice.alone else "",
        **{f"group_{language}": words for language, words in (choice.group.words if choice.group else ())},
    }


def _in_languages(column: str, text: Text | None) -> Row:
    return {language_column(column, language): words for language, words in (text.words if text else ())}


def _write(sheet: Worksheet, columns: list[str], rows: Iterable[Row]) -> None:
    """Headings and rows; every text as text, or one that begins with "=" would be a formula."""
    for at, row in enumerate([dict(zip(columns, columns, strict=True)), *rows], start=1):
        for column, name in enumerate(columns, start=1):
            value = row.get(name)
            if value in {None, ""}:
                continue
            cell = sheet.cell(at, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
            if at == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
