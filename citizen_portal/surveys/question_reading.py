"""The lists, sections and questions of one questionnaire table, with every fault of them noted."""

from collections.abc import Iterable, Iterator, Mapping

from citizen_portal.municipality import Faults, MunicipalityError, Table
from citizen_portal.surveys.questionnaire import (
    AREA,
    BACKGROUND,
    BACKGROUNDS,
    KINDS,
    NUMBER,
    PLACE,
    RESERVED_CODES,
    SCALE,
    TEXT,
    WITHOUT_CHOICES,
    Choice,
    ChoiceList,
    Condition,
    Question,
    Section,
)
from citizen_portal.surveys.routing import can_be_asked

PLACES, AREAS = "places", "areas"
HIGHEST_NUMBER = 1_000_000
MOST_CHARACTERS = 2_000

Lists = Mapping[str, ChoiceList]


class QuestionReader:
    """Reads the rows of a questionnaire. ``given`` are lists of choices it may name without holding them.

    What is wrong is noted in ``faults``, one per row. ``at_fault`` are codes of questions and lists that were refused
    before; what depends on a row at fault is not judged.
    """

    def __init__(self, given: Lists, at_fault: Iterable[str] = ()) -> None:
        self.faults = Faults(MunicipalityError)
        self._given = given
        self._lists = dict(given)
        self._earlier: dict[str, Question] = {}
        self._names = set[str]()
        self._at_fault = {code.casefold() for code in at_fault}

    def read(self, table: Table) -> tuple[Section, ...]:
        """Every section, after the lists that its questions take."""
        for row in table.rows("list", self.faults) if table.has("list") else ():
            before = len(self.faults)
            with self.faults.noted():
                self._read_list(row)
            self._know_fault(row, before)
        sections = tuple(self._sections(table))
        if not self._at_fault and not self.faults:
            self._refuse_unused(table, sections)
        return sections

    def _know_fault(self, row: Table, before: int) -> None:
        if len(self.faults) > before:
            self._at_fault.add(row.written("code").casefold())

    def _read_list(self, row: Table) -> None:
        code = row.code("code")
        if code in self._given:
            raise row.error("code", f"{code!r} is the municipality's own list")
        if code in self._lists:
            raise row.error("code", f"{code!r} is used twice")
        self._lists[code] = ChoiceList(code, tuple(self._choices(row)))

    def _choices(self, row: Table) -> Iterator[Choice]:
        seen = set[str]()
        for each in row.rows("choice", self.faults):
            with self.faults.noted():
                group = each.text("group") if each.has("group") else None
                code = each.code("code")
                if code in seen:
                    raise each.error("code", f"{code!r} is used twice")
                seen.add(code)
                yield Choice(code, each.text("label"), each.flag("missing"), each.flag("alone"), group)

    def _refuse_unused(self, table: Table, sections: tuple[Section, ...]) -> None:
        """A list that no question takes is a misspelt one, or left over."""
        used = {question.choices.code for section in sections for question in section.questions if question.choices}
        for code in sorted(self._lists.keys() - self._given.keys() - used):
            with self.faults.noted():
                raise table.error("list", f"{code!r} is taken by no question")

    def _sections(self, table: Table) -> Iterator[Section]:
        for row in table.rows("section", self.faults):
            heading, questions = None, ()
            with self.faults.noted():
                heading = self._name(row), row.text("title"), row.text("intro") if row.has("intro") else None
            with self.faults.noted():
                questions = tuple(self._questions(row))
            if heading:
                yield Section(*heading, questions)

    def _questions(self, section: Table) -> Iterator[Question]:
        for row in section.rows("question", self.faults):
            before = len(self.faults)
            with self.faults.noted():
                question = self._question(row)
                self._refuse_beside_earlier(row, question)
                self._earlier[question.code] = question
                yield question
            self._know_fault(row, before)

    def _refuse_beside_earlier(self, row: Table, question: Question) -> None:
        if not can_be_asked(question, self._earlier):
            raise row.error("ask_if", f"{question.code!r} can never be asked: its conditions exclude each other")
        if question.about and question.about in {each.about for each in self._earlier.values()}:
            raise row.error("about", f"another question is about the {question.about} already")

    def _name(self, row: Table) -> str:
        """The code of a section or a question, put among the names that are taken.

        It is a name on the page and in files; statistics programs want a letter first.
        """
        code = row.code("code")
        if not code[0].isalpha():
            raise row.error("code", f"{code!r} must begin with a letter")
        if code in RESERVED_CODES:
            raise row.error("code", f"{code!r} is the name of another field of the page")
        if code in self._names:
            raise row.error("code", f"{code!r} is used twice")
        self._names.add(code)
        return code

    def _question(self, row: Table) -> Question:
        kind = row.code("kind")
        if kind not in KINDS:
            raise row.error("kind", f"{kind!r} is not one of {', '.join(KINDS)}")
        about = _about(row) if kind == BACKGROUND else None
        return Question(
            code=self._name(row),
            kind=kind,
            wording=row.text("wording"),
            choices=None if kind in WITHOUT_CHOICES else self._choices_of(row, kind, about),
            help=row.text("help") if row.has("help") else None,
            ask_if=self._conditions(row),
            goal=row.whole("goal", 1, 3) if row.has("goal") else None,
            indicators=row.codes("indicators") if row.has("indicators") else (),
            sensitive=row.flag("sensitive"),
            about=about,
            most_characters=row.whole("most_characters", 1, MOST_CHARACTERS) if kind == TEXT else 0,
            **(_limits(row) if kind == NUMBER else {}),
        )

    def _choices_of(self, row: Table, kind: str, about: str | None) -> ChoiceList:
        code = row.code("choices")
        if code in self._at_fault:
            return self._lists.get(code) or ChoiceList(code, ())
        if code not in self._lists:
            raise row.error("choices", f"there is no list {code!r}")
        if kind == PLACE and code != PLACES:
            raise row.error("choices", f"a question of the kind {PLACE!r} takes the list {PLACES!r}")
        if about == AREA and code != AREAS:
            raise row.error("choices", f"a question about the {AREA} takes the list {AREAS!r}")
        counted = [choice for choice in self._lists[code].choices if not choice.missing]
        if kind == SCALE and len(counted) < 2:
            raise row.error("choices", f"a scale has two steps or more, {code!r} has {len(counted)}")
        return self._lists[code]

    def _conditions(self, row: Table) -> tuple[Condition, ...]:
        """Every [[...ask_if]]; all of them must hold. A question nobody could ever be asked is an error."""
        if not row.has("ask_if"):
            return ()
        conditions = [self._condition(each) for each in row.rows("ask_if")]
        asked_about = [condition.question for condition in conditions if condition]
        for code in asked_about:
            if asked_about.count(code) > 1:
                raise row.error("ask_if", f"{code!r} is asked about twice: name all the choices in one any_of")
        return tuple(condition for condition in conditions if condition)

    def _condition(self, row: Table) -> Condition | None:
        """One condition; None when it is about a question or a list at fault, so that nothing can be said of it."""
        code, any_of = row.code("question"), row.codes("any_of")
        question = self._earlier.get(code)
        if code in self._at_fault or (question and question.choices and question.choices.code in self._at_fault):
            return None
        if question is None:
            raise row.error("question", f"no question before this one is called {code!r}")
        if question.choices is None:
            raise row.error("question", f"{code!r} has no choices to depend on")
        if not any_of:
            raise row.error("any_of", "must name at least one choice, or the question can never be asked")
        for choice in any_of:
            if question.choices.choice(choice) is None:
                raise row.error("any_of", f"{choice!r} is no choice of {code!r}")
        return Condition(code, any_of)


def _about(row: Table) -> str:
    about = row.code("about")
    if about not in BACKGROUNDS:
        raise row.error("about", f"{about!r} is not one of {', '.join(BACKGROUNDS)}")
    return about


def _limits(row: Table) -> dict[str, int]:
    lowest, highest = row.whole("lowest", 0, HIGHEST_NUMBER), row.whole("highest", 0, HIGHEST_NUMBER)
    if highest <= lowest:
        raise row.error("highest", f"must be more than {lowest}")
    return {"lowest": lowest, "highest": highest}
