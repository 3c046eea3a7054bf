"""From an XLSForm workbook to a Questionnaire: the way back of ``xlsform.py``, and the way in for others' forms.

Cells are turned into the form of a questionnaire file, and ``reading.py`` judges that as it judges any file; what it
refuses is told by sheet, row and column. What a questionnaire has no place for is refused, never left out.
"""

import re
from collections.abc import Mapping

from citizen_portal.municipality import Municipality, MunicipalityError, Table
from citizen_portal.surveys.questionnaire import BACKGROUND, NUMBER, ONE, PLACE, TEXT, Questionnaire
from citizen_portal.surveys.reading import (
    MOST_CHARACTERS,
    PLACES,
    Lists,
    lists_of,
    questionnaire_of,
    questionnaires_of,
    refuse_changed_meaning,
)
from citizen_portal.surveys.xlsform import (
    BEGIN_GROUP,
    CHOICES,
    END_GROUP,
    NOTE,
    SELECT_MULTIPLE,
    SELECT_ONE,
    SETTINGS,
    SURVEY,
    TITLE_NOTE,
    TYPES,
)
from citizen_portal.surveys.xlsform_expressions import NotTaken, at_most, from_to, needed_of
from citizen_portal.surveys.xlsform_sheets import Sheet, SheetRow, XlsFormRefused, language_named, sheets_of

WORKBOOK = "(workbook)"
_SELECT = re.compile(r"(select[ _](?:one|multiple))\s+(\S+)")
# These would change what is asked or stored, and nothing here answers to them.
_NO_PLACE_FOR = (
    "default", "calculation", "choice_filter", "repeat_count", "trigger", "parameters", "read_only", "readonly",
    "disabled", "save_to",
)  # fmt: skip
# The column in which a key of the questionnaire stands.
_COLUMN_OF = {
    "code": "name", "wording": "label", "title": "label", "intro": "label", "help": "hint", "choices": "type",
    "question": "type", "choice": "name",
    "ask_if": "relevant", "lowest": "constraint", "highest": "constraint", "most_characters": "constraint",
}  # fmt: skip
_SETTING_OF = {"code": "form_id", "version": "version", "title": "form_title"}

Document = dict[str, object]


def questionnaire_of_xlsform(content: bytes, municipality: Municipality) -> Questionnaire:
    """The questionnaire in an .xlsx file, checked as if it lay in the municipality's folder.

    Raises ``XlsFormRefused`` with sheet, row, column and reason.
    """
    sheets = sheets_of(content)
    for name in (SURVEY, CHOICES, SETTINGS):
        if name not in sheets:
            raise XlsFormRefused(name, None, None, "the workbook has no such sheet")
    form = _Form(sheets, municipality)
    table = Table(WORKBOOK, form.document(), "", municipality.languages)
    try:
        questionnaire = questionnaire_of(table, form.given)
        _refuse_second_meaning(table, questionnaire, municipality)
    except MunicipalityError as error:
        raise form.refusal(error) from error
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

    def __init__(self, sheets: Mapping[str, Sheet], municipality: Municipality) -> None:
        self.given: Lists = lists_of(municipality)
        self._languages = municipality.languages
        self._survey, self._choices, settings = sheets[SURVEY], sheets[CHOICES], sheets[SETTINGS]
        if not settings.rows:
            raise XlsFormRefused(settings.name, 2, None, "is empty: form_id and version stand here")
        self._settings = settings.rows[0]
        self._places: dict[str, SheetRow] = {}
        default = language_named(self._settings.get("default_language"), self._languages)
        self._default = default if default in self._languages else municipality.default_language
        self._labels, self._hints = (self._headings(self._survey, column) for column in ("label", "hint"))
        self._choice_labels = self._headings(self._choices, "label")

    def _headings(self, sheet: Sheet, column: str) -> dict[str, str]:
        return sheet.in_languages(column, self._languages, self._default)

    def document(self) -> Document:
        """The workbook in the form of a questionnaire file."""
        code = self._settings.get("form_id")
        document: Document = {"code": code, "version": self._settings.whole("version")}
        sections = self._sections(document)
        taken = {each["choices"] for section in sections for each in section["question"] if "choices" in each}
        lists = self._lists(taken - self.given.keys())
        if "title" not in document and self._settings.get("form_title"):
            document["title"] = dict.fromkeys(self._languages, self._settings.get("form_title"))
        return document | {"section": sections} | ({"list": lists} if lists else {})

    def refusal(self, error: MunicipalityError) -> XlsFormRefused:
        """What ``reading.py`` refused, told by the cell that it came from."""
        path = error.key
        while path and path not in self._places:
            path = path.rpartition(".")[0]
        below = re.split(r"[.\[]", error.key[len(path) :].lstrip("."))[0]
        if path:
            return self._places[path].refused(_COLUMN_OF.get(below, below), error.reason)
        if below in {"section", "list"}:
            return XlsFormRefused(SURVEY if below == "section" else CHOICES, None, None, error.reason)
        if below == "intro":
            return XlsFormRefused(SURVEY, None, None, "a note before the first group is wanted: the introduction")
        return self._settings.refused(_SETTING_OF.get(below, below), error.reason)

    def _sections(self, document: Document) -> list[Document]:
        """Every group as a section; notes before the first are the title and the introduction of the whole."""
        sections: list[Document] = []
        group: Document | None = None
        conditions: list[Document] = []
        for row in self._survey.rows:
            kind = _type(row)
            if kind == BEGIN_GROUP:
                if group is not None:
                    raise row.refused("type", "a group within a group has no place here: a section holds questions")
                group = {"code": row.get("name"), "title": self._label(row), "question": []}
                conditions = _conditions(row)
                sections.append(group)
                self._places[f"section[{len(sections)}]"] = row
            elif kind == END_GROUP:
                if group is None:
                    raise row.refused("type", "ends no group")
                group = None
            elif kind == NOTE:
                self._note(row, document, sections, group)
            elif group is None:
                raise row.refused("type", "a question stands in a group (begin_group, end_group), which is its section")
            else:
                group["question"].append(self._question(row, kind, conditions))
                self._places[f"section[{len(sections)}].question[{len(group['question'])}]"] = row
        if group is not None:
            raise self._places[f"section[{len(sections)}]"].refused("type", "the group has no end_group")
        return sections

    def _note(self, row: SheetRow, document: Document, sections: list[Document], group: Document | None) -> None:
        part = document if not sections else group
        key = "title" if row.get("name") == TITLE_NOTE and not sections else "intro"
        if part is None or key in part or part.get("question"):
            raise row.refused("type", "one note stands before the first group, and one first in each; no others")
        if row.get("relevant"):
            raise row.refused("relevant", "a note is shown to everyone")
        part[key] = self._label(row)

    def _question(self, row: SheetRow, kind: str, conditions: list[Document]) -> Document:
        """One row as a question of a questionnaire file; its kind must suit its type."""
        for column in _NO_PLACE_FOR:
            if row.get(column):
                raise row.refused(column, "a questionnaire has no place for it")
        if row.flag("required"):
            raise row.refused("required", "every question may be skipped")
        question: Document = {"code": row.get("name"), "kind": _kind(row, kind), "wording": self._label(row)}
        if " " in kind:
            question["choices"] = kind.partition(" ")[2]
        help_ = row.words("hint", self._hints)
        if help_:
            question["help"] = help_
        ask_if = conditions + _conditions(row)
        if ask_if:
            question["ask_if"] = ask_if
        return question | _limits(row, question["kind"]) | _marks(row)

    def _label(self, row: SheetRow) -> dict[str, str]:
        label = row.words("label", self._labels)
        if not label:
            raise row.refused("label", "is empty")
        return label

    def _lists(self, taken: set[object]) -> list[Document]:
        """The lists that questions take. Of the municipality's own, codes that it does not have are refused."""
        lists: dict[str, Document] = {}
        for row in self._choices.rows:
            code = row.get("list_name") or row.get("list name")
            if code in self.given and self.given[code].choice(row.get("name")) is None:
                raise row.refused("name", f"the municipality has no {row.get('name')!r} among its {code}")
            if code not in taken:
                continue
            choices = lists.setdefault(code, {"code": code, "choice": []})
            choices["choice"].append(self._choice(row))
            at = list(lists).index(code) + 1
            self._places.setdefault(f"list[{at}]", row)
            self._places[f"list[{at}].choice[{len(choices['choice'])}]"] = row
        return list(lists.values())

    def _choice(self, row: SheetRow) -> Document:
        label = row.words("label", self._choice_labels)
        if not label:
            raise row.refused("label", "is empty")
        group = row.words("group", {language: f"group_{language}" for language in self._languages})
        marks = {mark: True for mark in ("missing", "alone") if row.flag(mark)}
        return {"code": row.get("name"), "label": label, **({"group": group} if group else {}), **marks}


def _type(row: SheetRow) -> str:
    """The type as XLSForm's newer spelling has it: "begin group" is begin_group, "int" integer."""
    kind = " ".join(row.get("type").split())
    selected = _SELECT.fullmatch(kind)
    if selected:
        return f"{selected[1].replace(' ', '_')} {selected[2]}"
    kind = {"int": "integer"}.get(kind, kind).replace(" ", "_")
    if kind not in {*TYPES.values(), BEGIN_GROUP, END_GROUP, NOTE} - {SELECT_ONE, SELECT_MULTIPLE}:
        raise row.refused("type", f"{row.get('type')!r} has no place in a questionnaire" if kind else "is empty")
    return kind


def _kind(row: SheetRow, type_: str) -> str:
    """The kind in its column, or the one that the type suggests."""
    base, _blank, choices = type_.partition(" ")
    kind = row.get("kind")
    if not kind:
        kind = next(kind for kind, each in TYPES.items() if each == base)
        if kind == ONE:
            kind = BACKGROUND if row.get("about") else PLACE if choices == PLACES else ONE
    if TYPES.get(kind) != base:
        fitting = ", ".join(kind for kind, each in TYPES.items() if each == base)
        raise row.refused("kind", f"{kind!r} does not suit {base}, which may be {fitting}")
    return kind


def _conditions(row: SheetRow) -> list[Document]:
    expression = row.get("relevant")
    if not expression:
        return []
    try:
        needed = needed_of(expression)
    except NotTaken as reason:
        raise row.refused("relevant", str(reason)) from reason
    return [{"question": code, "any_of": choices} for each in needed for code, choices in each.items()]


def _limits(row: SheetRow, kind: str) -> Document:
    constraint = row.get("constraint")
    try:
        if kind == NUMBER:
            lowest, highest = from_to(constraint)
            return {"lowest": lowest, "highest": highest}
        if kind == TEXT:
            return {"most_characters": at_most(constraint) if constraint else MOST_CHARACTERS}
    except NotTaken as reason:
        raise row.refused("constraint", str(reason)) from reason
    if constraint:
        raise row.refused("constraint", "only a number or a text has limits")
    return {}


def _marks(row: SheetRow) -> Document:
    """Our own columns, where they say something."""
    marks: Document = {"goal": row.whole("goal")} if row.get("goal") else {}
    if row.get("indicators"):
        marks["indicators"] = row.get("indicators").split()
    if row.flag("sensitive"):
        marks["sensitive"] = True
    if row.get("about"):
        marks["about"] = row.get("about")
    return marks
