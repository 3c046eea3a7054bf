"""From an XLSForm workbook to a Questionnaire: the way back of ``xlsform.py``, and the way in for others' forms.

Cells are turned into the form of a questionnaire file, and ``reading.py`` judges that as it judges any file; what it
refuses is told by sheet, row and column. What a questionnaire has no place for is refused, never left out.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from citizen_portal.municipality import Faults, Municipality, MunicipalityError, Table
from citizen_portal.surveys.changed_meaning import refuse_changed_meaning
from citizen_portal.surveys.questionnaire import Questionnaire
from citizen_portal.surveys.reading import (
    Lists,
    lists_of,
    questionnaire_of,
    questionnaires_of,
)
from citizen_portal.surveys.xlsform import (
    CHOICES,
    SETTINGS,
    SURVEY,
)
from citizen_portal.surveys.xlsform_sections import Document, SectionReader
from citizen_portal.surveys.xlsform_sheets import (
    Sheet,
    SheetRow,
    XlsFormRefused,
    language_named,
    sheets_of,
)

WORKBOOK = "(workbook)"
# XLSForm itself advises to number versions by the day, and programs write "2.1" or letters drawn by lot.
_A_VERSION_HERE = re.compile(r"[1-9]\d{0,3}")
# The rows of a part, as a questionnaire file names them.
_ROWS = re.compile(r"(section|list)(\[\d+\]\.(question|choice))?")
# The column in which a key of the questionnaire stands.
_COLUMN_OF = {
    "code": "name", "wording": "label", "title": "label", "intro": "label", "help": "hint", "choices": "type",
    "question": "type", "choice": "name",
    "ask_if": "relevant", "lowest": "constraint", "highest": "constraint", "most_characters": "constraint",
}  # fmt: skip
_SETTING_OF = {"code": "form_id", "version": "version", "title": "form_title"}


@dataclass(frozen=True, slots=True)
class XlsFormReading:
    """A questionnaire and what was left out on the way, a sentence each."""

    questionnaire: Questionnaire
    told: tuple[str, ...]


def questionnaire_of_xlsform(
    content: bytes, municipality: Municipality, leave_out: Collection[str] = (), *, name: str = ""
) -> XlsFormReading:
    """The questionnaire in an .xlsx file, checked as if it lay in the municipality's folder.

    ``leave_out`` names columns, types and questions to drop; ``name`` is the code of a form that says no form_id.
    Raises ``XlsFormRefused`` with sheet, row, column and reason, and with the others that there are.
    """
    sheets = sheets_of(content)
    if SURVEY not in sheets:
        raise XlsFormRefused(SURVEY, None, None, "the workbook has no such sheet")
    for sheet in (SURVEY, CHOICES, SETTINGS):
        sheets.setdefault(sheet, Sheet(sheet, [])).leave_out(leave_out)
    form = _Form(sheets, municipality, name)
    table = Table(WORKBOOK, form.document(), "", municipality.languages)
    try:
        questionnaire = _as_if_earlier(questionnaire_of(table, form.given, form.at_fault()), municipality)
        form.refusals.raise_if_any()
        _refuse_second_meaning(table, questionnaire, municipality)
    except MunicipalityError as error:
        form.note(error)
    form.refusals.raise_if_any()
    told = [f"left out the column {each}" for each in form.left_out]
    if form.without_intro:
        told.append("no note stands before the first group: its title is the introduction here, write a better one")
    if form.written_version != str(questionnaire.version):
        told.append(f"the version {form.written_version or '(none)'} is {questionnaire.version} here")
    return XlsFormReading(questionnaire, tuple(told))


def _as_if_earlier(questionnaire: Questionnaire, municipality: Municipality) -> Questionnaire:
    """The same with the version of an earlier one, if that is the same but for its version."""
    for earlier in questionnaires_of(municipality):
        if (
            earlier.code == questionnaire.code
            and replace(questionnaire, version=earlier.version).digest == earlier.digest
        ):
            return earlier
    return questionnaire


def _refuse_second_meaning(table: Table, questionnaire: Questionnaire, municipality: Municipality) -> None:
    """A workbook may repeat a questionnaire of the municipality or follow it, but not contradict it."""
    for earlier in questionnaires_of(municipality):
        refuse_changed_meaning(table, questionnaire, earlier)
        same_version = (earlier.code, earlier.version) == (questionnaire.code, questionnaire.version)
        if same_version and earlier.digest != questionnaire.digest:
            raise table.error("version", f"{earlier.version} of {earlier.code!r} exists and is another: raise it")


class _Form:
    """A workbook while it is turned into a document. ``places`` remembers the row of each part of the document."""

    def __init__(self, sheets: Mapping[str, Sheet], municipality: Municipality, name: str) -> None:
        self.given: Lists = lists_of(municipality)
        self._languages = municipality.languages
        self._survey, self._choices, settings = sheets[SURVEY], sheets[CHOICES], sheets[SETTINGS]
        self._settings = next(iter(settings.rows), SheetRow(SETTINGS, 2, {}, {}))
        self._code = self._settings.get("form_id") or name
        self._places: dict[str, SheetRow] = {}
        default = language_named(self._settings.get("default_language"), self._languages)
        self._default = default if default in self._languages else municipality.default_language
        self.refusals = Faults(XlsFormRefused)
        self.written_version = self._settings.get("version")
        self._version = self._numbered(municipality)
        self._labels, self._hints = (self._headings(self._survey, column) for column in ("label", "hint"))
        self._choice_labels = self._headings(self._choices, "label")

    def _headings(self, sheet: Sheet, column: str) -> dict[str, str]:
        return sheet.in_languages(column, self._languages, self._default)

    def document(self) -> Document:
        """The workbook in the form of a questionnaire file."""
        self.left_out = [each for sheet in (self._survey, self._choices) for each in sheet.left_out(self.refusals)]
        document: Document = {"code": self._code, "version": self._version}
        title = self._settings.get("form_title") or self._code
        reader = SectionReader(
            self._survey, document, self.refusals, labels=self._labels, hints=self._hints,
            title=dict.fromkeys(self._languages, title),
        )  # fmt: skip
        sections = reader.sections
        self._places |= reader.places
        taken = {each["choices"] for section in sections for each in section["question"] if "choices" in each}
        lists = self._lists(taken - self.given.keys())
        if not sections:
            self.refusals.raise_if_any()
        self.without_intro = "intro" not in document
        for key in ("title", "intro"):
            document.setdefault(key, dict.fromkeys(self._languages, title))
        return document | {"section": sections} | ({"list": lists} if lists else {})

    def _numbered(self, municipality: Municipality) -> int:
        """The version: as it is written, or the next one here when it is counted otherwise or not at all."""
        if _A_VERSION_HERE.fullmatch(self.written_version):
            return int(self.written_version)
        versions = (each.version for each in questionnaires_of(municipality) if each.code == self._code)
        return 1 + max(versions, default=0)

    def at_fault(self) -> set[str]:
        """The questions and lists of the rows that are refused."""
        rows = {(row.sheet, row.number): row for sheet in (self._survey, self._choices) for row in sheet.rows}
        found = [rows.get((each.sheet, each.row)) for each in self.refusals]
        return {row.get("list_name" if row.sheet == CHOICES else "name") for row in found if row}

    def note(self, error: MunicipalityError) -> None:
        """Note what ``reading.py`` refused, each by the cell it came from, and not what follows from refused rows."""
        rows = {(each.sheet, each.row) for each in self.refusals}
        refused = [each for each in (error, *error.others) if not (rows and _ROWS.fullmatch(each.key))]
        for refusal in map(self._refusal, refused):
            if refusal.row is None or (refusal.sheet, refusal.row) not in rows:
                with self.refusals.noted():
                    raise refusal

    def _refusal(self, error: MunicipalityError) -> XlsFormRefused:
        path = error.key
        while path and path not in self._places:
            path = path.rpartition(".")[0]
        below = re.split(r"[.\[]", error.key[len(path) :].lstrip("."))[0]
        if path:
            return self._places[path].refused(_COLUMN_OF.get(below, below), error.reason)
        if below in {"section", "list"}:
            return XlsFormRefused(SURVEY if below == "section" else CHOICES, None, None, error.reason)
        return self._settings.refused(_SETTING_OF.get(below, below), error.reason)

    def _lists(self, taken: set[object]) -> list[Document]:
        """The lists that questions take. Of the municipality's own, codes that it does not have are refused."""
        lists: dict[str, Document] = {}
        for row in self._choices.rows:
            with self.refusals.noted():
                self._take_choice(row, taken, lists)
        return list(lists.values())

    def _take_choice(self, row: SheetRow, taken: set[object], lists: dict[str, Document]) -> None:
        code = row.get("list_name")
        if code in self.given and self.given[code].choice(row.get("name")) is None:
            raise row.refused("name", f"the municipality has no {row.get('name')!r} among its {code}")
        if code not in taken:
            return
        choices = lists.setdefault(code, {"code": code, "choice": []})
        choices["choice"].append(self._choice(row))
        at = list(lists).index(code) + 1
        self._places.setdefault(f"list[{at}]", row)
        self._places[f"list[{at}].choice[{len(choices['choice'])}]"] = row

    def _choice(self, row: SheetRow) -> Document:
        label = row.words("label", self._choice_labels)
        if not label:
            raise row.refused("label", "is empty")
        group = row.words("group", {language: f"group_{language}" for language in self._languages})
        marks = {mark: True for mark in ("missing", "alone") if row.flag(mark)}
        return {"code": row.get("name"), "label": label, **({"group": group} if group else {}), **marks}
