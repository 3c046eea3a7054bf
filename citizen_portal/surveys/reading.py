"""From the municipality's TOML, or a frozen document, to a Questionnaire; or to an error that says what to mend.

Both have the same form, so there is one reader for both. A frozen document is complete in itself; the TOML may
name two lists that the municipality's own data gives: ``areas`` and ``places``.
"""

from collections.abc import Iterable, Iterator, Mapping

from citizen_portal.municipality import Municipality, Table, Text
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
    Questionnaire,
    Section,
)
from citizen_portal.surveys.routing import can_be_asked

AREAS, PLACES = "areas", "places"
HIGHEST_NUMBER = 1_000_000
MOST_CHARACTERS = 2_000
FROZEN = "(frozen questionnaire)"

Lists = Mapping[str, ChoiceList]


def questionnaires_of(municipality: Municipality) -> tuple[Questionnaire, ...]:
    """Read every questionnaire of the municipality.

    Raises ``MunicipalityError`` with file, key and reason for the first that is wrong, for two with the same code and
    version, and for a question code that stands for different words in two of them.
    """
    given = lists_of(municipality)
    tables = [Table(each.file, dict(each.values), "", municipality.languages) for each in municipality.questionnaires]
    read = [(table, questionnaire_of(table, given)) for table in tables]
    for at, (table, questionnaire) in enumerate(read):
        for _earlier_table, earlier in read[:at]:
            if (earlier.code, earlier.version) == (questionnaire.code, questionnaire.version):
                raise table.error("version", f"{earlier.version} of {earlier.code!r} exists already")
            refuse_changed_meaning(table, questionnaire, earlier)
    return tuple(questionnaire for _table, questionnaire in read)


def questionnaire_of_document(document: dict[str, object]) -> Questionnaire:
    """Read a frozen document again."""
    return questionnaire_of(Table(FROZEN, document, "", tuple(document["languages"])), {})


def questionnaire_of(table: Table, given: Lists) -> Questionnaire:
    """Read one questionnaire. ``given`` are lists of choices it may name without holding them.

    Raises ``MunicipalityError`` with file, key and reason.
    """
    if table.has("languages") and table.words("languages") != table.languages:
        raise table.error("languages", f"must be those of the municipality: {', '.join(table.languages)}")
    lists = {**given, **_lists(table, given)}
    sections = tuple(_sections(table, lists))
    _refuse_unused(table, lists.keys() - given.keys(), sections)
    questionnaire = Questionnaire(
        code=table.code("code"),
        version=table.whole("version", 1, 9_999),
        languages=table.languages,
        title=table.text("title"),
        intro=table.text("intro"),
        sections=sections,
    )
    table.close()
    return questionnaire


def refuse_changed_meaning(table: Table, questionnaire: Questionnaire, earlier: Questionnaire) -> None:
    """Refuse a question code that meant something else earlier: a trend over it would compare two questions.

    A language that only one of the two has is no change. Raises ``MunicipalityError``.
    """
    for number, section in enumerate(questionnaire.sections, start=1):
        for place, question in enumerate(section.questions, start=1):
            before = earlier.by_code.get(question.code)
            changed = before and what_changed(before, question)
            if changed:
                raise table.error(
                    f"section[{number}].question[{place}].code",
                    f"{question.code!r} has other {changed} than in {earlier.code!r} version {earlier.version}: "
                    "give the changed question a new code",
                )


def what_changed(before: Question, now: Question) -> str | None:
    """What makes two questions of one code different ones (kind, wording, limits, conditions, choices), or None.

    Other conditions ask other people. Help may be improved: it explains the words and is not among them.
    """
    if (before.kind, before.about) != (now.kind, now.about):
        return "kind"
    if not _same_words(before.wording, now.wording):
        return "wording"
    if (before.lowest, before.highest) != (now.lowest, now.highest):
        return "limits"
    if _asks(before) != _asks(now):
        return "conditions"
    return None if _same_choices(before.choices, now.choices) else "choices"


def _asks(question: Question) -> dict[str, frozenset[str]]:
    return {condition.question: frozenset(condition.any_of) for condition in question.ask_if}


def _same_choices(before: ChoiceList | None, now: ChoiceList | None) -> bool:
    if before is None or now is None:
        return before is now
    pairs = list(zip(before.choices, now.choices, strict=False))
    return len(before.choices) == len(now.choices) and all(
        (old.code, old.missing, old.alone) == (new.code, new.missing, new.alone) and _same_words(old.label, new.label)
        for old, new in pairs
    )


def _same_words(before: Text, now: Text) -> bool:
    new = dict(now.words)
    return all(new[language] == words for language, words in before.words if language in new)


def lists_of(municipality: Municipality) -> Lists:
    """The municipality's areas and places as lists of choices; places under the headings of their areas."""
    areas = tuple(Choice(area.code, area.name) for area in municipality.areas)
    places = tuple(
        Choice(place.code, _same_everywhere(place.name, municipality.languages), group=area.name)
        for area in municipality.areas
        for place in municipality.places_in(area.code)
    )
    return {AREAS: ChoiceList(AREAS, areas), PLACES: ChoiceList(PLACES, places)}


def _same_everywhere(name: str, languages: Iterable[str]) -> Text:
    return Text(tuple((language, name) for language in languages))


def _lists(table: Table, given: Lists) -> Lists:
    lists: dict[str, ChoiceList] = {}
    for row in table.rows("list") if table.has("list") else ():
        code = row.code("code")
        if code in given:
            raise row.error("code", f"{code!r} is the municipality's own list")
        if code in lists:
            raise row.error("code", f"{code!r} is used twice")
        lists[code] = ChoiceList(code, tuple(_choices(row)))
    return lists


def _choices(row: Table) -> Iterator[Choice]:
    seen = set[str]()
    for each in row.rows("choice"):
        group = each.text("group") if each.has("group") else None
        choice = Choice(each.code("code"), each.text("label"), each.flag("missing"), each.flag("alone"), group)
        if choice.code in seen:
            raise each.error("code", f"{choice.code!r} is used twice")
        seen.add(choice.code)
        yield choice


def _refuse_unused(table: Table, own: Iterable[str], sections: Iterable[Section]) -> None:
    """A list that no question takes is a misspelt one, or left over."""
    used = {question.choices.code for section in sections for question in section.questions if question.choices}
    for code in sorted(set(own) - used):
        raise table.error("list", f"{code!r} is taken by no question")


def _sections(table: Table, lists: Lists) -> Iterator[Section]:
    earlier: dict[str, Question] = {}
    names = set[str]()
    for row in table.rows("section"):
        code, title = _name(row, names), row.text("title")
        intro = row.text("intro") if row.has("intro") else None
        yield Section(code, title, intro, tuple(_questions(row, lists, earlier, names)))


def _questions(section: Table, lists: Lists, earlier: dict[str, Question], names: set[str]) -> Iterator[Question]:
    for row in section.rows("question"):
        question = _question(row, lists, earlier, names)
        if not can_be_asked(question, earlier):
            raise row.error("ask_if", f"{question.code!r} can never be asked: its conditions exclude each other")
        if question.about and question.about in {each.about for each in earlier.values()}:
            raise row.error("about", f"another question is about the {question.about} already")
        earlier[question.code] = question
        yield question


def _name(row: Table, names: set[str]) -> str:
    """The code of a section or a question, put among the names that are taken: it is a name on the page and in files.

    Statistics programs want a letter first.
    """
    code = row.code("code")
    if not code[0].isalpha():
        raise row.error("code", f"{code!r} must begin with a letter")
    if code in RESERVED_CODES:
        raise row.error("code", f"{code!r} is the name of another field of the page")
    if code in names:
        raise row.error("code", f"{code!r} is used twice")
    names.add(code)
    return code


def _question(row: Table, lists: Lists, earlier: Mapping[str, Question], names: set[str]) -> Question:
    kind = row.code("kind")
    if kind not in KINDS:
        raise row.error("kind", f"{kind!r} is not one of {', '.join(KINDS)}")
    about = _about(row) if kind == BACKGROUND else None
    return Question(
        code=_name(row, names),
        kind=kind,
        wording=row.text("wording"),
        choices=None if kind in WITHOUT_CHOICES else _choices_of(row, kind, lists, about),
        help=row.text("help") if row.has("help") else None,
        ask_if=_conditions(row, earlier),
        goal=row.whole("goal", 1, 3) if row.has("goal") else None,
        indicators=row.codes("indicators") if row.has("indicators") else (),
        sensitive=row.flag("sensitive"),
        about=about,
        most_characters=row.whole("most_characters", 1, MOST_CHARACTERS) if kind == TEXT else 0,
        **(_limits(row) if kind == NUMBER else {}),
    )


def _choices_of(row: Table, kind: str, lists: Lists, about: str | None) -> ChoiceList:
    code = row.code("choices")
    if code not in lists:
        raise row.error("choices", f"there is no list {code!r}")
    if kind == PLACE and code != PLACES:
        raise row.error("choices", f"a question of the kind {PLACE!r} takes the list {PLACES!r}")
    if about == AREA and code != AREAS:
        raise row.error("choices", f"a question about the {AREA} takes the list {AREAS!r}")
    counted = [choice for choice in lists[code].choices if not choice.missing]
    if kind == SCALE and len(counted) < 2:
        raise row.error("choices", f"a scale has two steps or more, {code!r} has {len(counted)}")
    return lists[code]


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


def _conditions(row: Table, earlier: Mapping[str, Question]) -> tuple[Condition, ...]:
    """Every [[...ask_if]]; all of them must hold. A question nobody could ever be asked is an error."""
    if not row.has("ask_if"):
        return ()
    conditions = tuple(_condition(each, earlier) for each in row.rows("ask_if"))
    asked_about = [condition.question for condition in conditions]
    for code in asked_about:
        if asked_about.count(code) > 1:
            raise row.error("ask_if", f"{code!r} is asked about twice: name all the choices in one any_of")
    return conditions


def _condition(row: Table, earlier: Mapping[str, Question]) -> Condition:
    code, any_of = row.code("question"), row.codes("any_of")
    question = earlier.get(code)
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
