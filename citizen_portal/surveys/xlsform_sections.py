"""The sheet ``survey`` of an XLSForm workbook as the sections of a questionnaire file, row by row."""

import re
from collections.abc import Mapping
from functools import partial

from citizen_portal.municipality import Faults
from citizen_portal.surveys.question_reading import HIGHEST_NUMBER, MOST_CHARACTERS, PLACES
from citizen_portal.surveys.questionnaire import BACKGROUND, NUMBER, ONE, PLACE, TEXT
from citizen_portal.surveys.xlsform import (
    BEGIN_GROUP,
    END_GROUP,
    NOTE,
    SELECT_MULTIPLE,
    SELECT_ONE,
    TITLE_NOTE,
    TYPES,
)
from citizen_portal.surveys.xlsform_expressions import NotTaken, at_most, from_to, needed_of
from citizen_portal.surveys.xlsform_sheets import Sheet, SheetRow, XlsFormRefused

UNGROUPED = "questions"
_SELECT = re.compile(
    r"(?:add )?(?P<type>select[ _]one|select1|select[ _]multiple|select all that apply)(?: from)?\s+(?P<list>\S+)"
)
_SELECTS = {"select1": SELECT_ONE, "select all that apply": SELECT_MULTIPLE}
_OLDER_TYPES = {"int": "integer", "string": "text"}

Document = dict[str, object]


class SectionReader:
    """Reads the rows of the sheet into ``sections``; ``places`` remembers the row of each part.

    ``labels`` and ``hints`` give the headings of these texts by language, ``title`` the words above questions that
    stand in no group. What is refused is noted, and reading goes on.
    """

    def __init__(
        self,
        survey: Sheet,
        document: Document,
        refusals: Faults[XlsFormRefused],
        *,
        labels: Mapping[str, str],
        hints: Mapping[str, str],
        title: Mapping[str, str],
    ) -> None:
        self.sections: list[Document] = []
        self.places: dict[str, SheetRow] = {}
        self._document, self._labels, self._hints, self._title = document, labels, hints, title
        self._refusals = refusals
        self._group: Document | None = None
        self._group_row: SheetRow | None = None
        self._groups_within = 0
        self._conditions: list[Document] = []
        for row in survey.rows:
            with refusals.noted():
                self._take(row)
        with refusals.noted():
            if self._group_row is not None:
                raise self._group_row.refused("type", "the group has no end_group")

    def _take(self, row: SheetRow) -> None:
        kind = _type(row)
        if kind == BEGIN_GROUP:
            self._begin(row)
        elif kind == END_GROUP:
            self._end(row)
        elif kind == NOTE:
            self._note(row)
        else:
            if self._group is None:
                self._begin_ungrouped(row)
            question = self._question(row, kind)
            self._group["question"].append(question)
            self.places[f"section[{len(self.sections)}].question[{len(self._group['question'])}]"] = row

    def _begin(self, row: SheetRow) -> None:
        """A group is a section, with the form's title where it has none of its own."""
        if self._group_row is not None:
            self._groups_within += 1
            raise row.refused("type", "a group within a group has no place here: a section holds questions")
        self._group_row = row
        self._open({"code": row.get("name"), "title": {}, "question": []}, row)
        self._group["title"] = row.words("label", self._labels) or dict(self._title)
        self._conditions = _conditions(row)

    def _begin_ungrouped(self, row: SheetRow) -> None:
        """Questions outside a group, one after the other, are a section of their own."""
        earlier = sum(each["code"].startswith(UNGROUPED) for each in self.sections)
        code = f"{UNGROUPED}_{earlier + 1}" if earlier else UNGROUPED
        self._open({"code": code, "title": dict(self._title), "question": []}, row)

    def _open(self, group: Document, row: SheetRow) -> None:
        self._group, self._conditions = group, []
        self.sections.append(group)
        self.places[f"section[{len(self.sections)}]"] = row

    def _end(self, row: SheetRow) -> None:
        if self._groups_within:
            self._groups_within -= 1
            return
        if self._group_row is None:
            raise row.refused("type", "ends no group")
        self._group = self._group_row = None

    def _note(self, row: SheetRow) -> None:
        """Notes before the first group are the title and the introduction of the whole; one in a group is its own."""
        part = self._document if not self.sections else self._group
        key = "title" if row.get("name") == TITLE_NOTE and not self.sections else "intro"
        if part is None or key in part or part.get("question"):
            raise row.refused("type", "one note stands before the first group, and one first in each; no others")
        if row.get("relevant"):
            raise row.refused("relevant", "a note is shown to everyone")
        part[key] = {}
        self.places[f"section[{len(self.sections)}].{key}" if self.sections else key] = row
        part[key] = self._label(row)

    def _question(self, row: SheetRow, kind: str) -> Document:
        """One row as a question of a questionnaire file, as far as its cells can be taken; what cannot is noted."""
        question: Document = {"code": row.get("name")}
        if " " in kind:
            question["choices"] = kind.partition(" ")[2]
        for part_of in (self._wording, _answered_freely, _condition, _marks, partial(_kind_and_limits, type_=kind)):
            with self._refusals.noted():
                question |= part_of(row)
        if self._conditions:
            question["ask_if"] = self._conditions + question.get("ask_if", [])
        return question

    def _wording(self, row: SheetRow) -> Document:
        help_ = row.words("hint", self._hints)
        return {"wording": self._label(row)} | ({"help": help_} if help_ else {})

    def _label(self, row: SheetRow) -> dict[str, str]:
        label = row.words("label", self._labels)
        if not label:
            raise row.refused("label", "is empty")
        return label


def _type(row: SheetRow) -> str:
    """The type as XLSForm's newer spelling has it: "begin group" is begin_group, "int" integer."""
    kind = " ".join(row.get("type").split())
    selected = _SELECT.fullmatch(kind)
    if selected:
        older = selected["type"]
        return f"{_SELECTS.get(older, older.replace(' ', '_'))} {selected['list']}"
    kind = _OLDER_TYPES.get(kind, kind).replace(" ", "_")
    if kind not in {*TYPES.values(), BEGIN_GROUP, END_GROUP, NOTE} - {SELECT_ONE, SELECT_MULTIPLE}:
        reason = f"{row.get('type')!r} has no place in a questionnaire (--leave-out drops what programs add)"
        raise row.refused("type", reason if kind else "is empty")
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


def _answered_freely(row: SheetRow) -> Document:
    if row.flag("required"):
        raise row.refused("required", "every question may be skipped")
    return {}


def _kind_and_limits(row: SheetRow, type_: str) -> Document:
    """The kind, which must suit the type, and what goes with it."""
    kind = _kind(row, type_)
    return {"kind": kind} | _limits(row, kind)


def _condition(row: SheetRow) -> Document:
    conditions = _conditions(row)
    return {"ask_if": conditions} if conditions else {}


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
            lowest, highest = from_to(constraint) if constraint else (0, HIGHEST_NUMBER)
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
