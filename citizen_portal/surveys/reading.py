"""From the municipality's TOML, or a frozen document, to a Questionnaire; or to an error that says what to mend.

Both have the same form, so there is one reader for both. A frozen document is complete in itself; the TOML may
name two lists that the municipality's own data gives: ``areas`` and ``places``.
"""

from collections.abc import Iterable

from citizen_portal.municipality import Faults, Municipality, MunicipalityError, Table, Text
from citizen_portal.surveys.changed_meaning import refuse_changed_meaning
from citizen_portal.surveys.question_reading import AREAS, PLACES, Lists, QuestionReader
from citizen_portal.surveys.questionnaire import Choice, ChoiceList, Questionnaire

FROZEN = "(frozen questionnaire)"


def questionnaires_of(municipality: Municipality) -> tuple[Questionnaire, ...]:
    """Read every questionnaire of the municipality.

    Raises ``MunicipalityError`` with file, key and reason for all that is wrong, for two with the same code and
    version, and for a question code that stands for different words in two of them.
    """
    given = lists_of(municipality)
    tables = [Table(each.file, dict(each.values), "", municipality.languages) for each in municipality.questionnaires]
    faults, read = Faults(MunicipalityError), []
    for table in tables:
        with faults.noted():
            read.append((table, questionnaire_of(table, given)))
    faults.raise_if_any()
    for at, (table, questionnaire) in enumerate(read):
        for _earlier_table, earlier in read[:at]:
            if (earlier.code, earlier.version) == (questionnaire.code, questionnaire.version):
                raise table.error("version", f"{earlier.version} of {earlier.code!r} exists already")
            refuse_changed_meaning(table, questionnaire, earlier)
    return tuple(questionnaire for _table, questionnaire in read)


def questionnaire_of_document(document: dict[str, object]) -> Questionnaire:
    """Read a frozen document again."""
    return questionnaire_of(Table(FROZEN, document, "", tuple(document["languages"])), {})


def questionnaire_of(table: Table, given: Lists, at_fault: Iterable[str] = ()) -> Questionnaire:
    """Read one questionnaire. ``given`` are lists of choices it may name without holding them.

    ``at_fault`` are codes of questions and lists that were refused already and are missing.
    Raises ``MunicipalityError`` with file, key and reason, and with the others that there are.
    """
    if table.has("languages") and table.words("languages") != table.languages:
        raise table.error("languages", f"must be those of the municipality: {', '.join(table.languages)}")
    reader, sections = QuestionReader(given, at_fault), ()
    with reader.faults.noted():
        sections = reader.read(table)
    with reader.faults.noted():
        questionnaire = Questionnaire(
            code=table.code("code"),
            version=table.whole("version", 1, 9_999),
            languages=table.languages,
            title=table.text("title"),
            intro=table.text("intro"),
            sections=sections,
        )
        table.close()
    reader.faults.raise_if_any()
    return questionnaire


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
