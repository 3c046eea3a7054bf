"""The mapping: which columns of an earlier survey's row file hold the answers to which questions, as TOML."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from citizen_portal.municipality import Table
from citizen_portal.surveys.models import INVITED
from citizen_portal.surveys.questionnaire import SEVERAL, Question, Questionnaire
from citizen_portal.surveys.waves import SAMPLES

# Encodings in which a comma is the byte of a comma. UTF-16 is not one of them, and Excel saves UTF-8 as well.
UTF_8 = "utf-8"
ENCODINGS = (UTF_8, "windows-1252", "iso-8859-1", "iso-8859-15", "macintosh")
DELIMITERS = {"semicolon": ";", "comma": ",", "tab": "\t"}
MOST_LETTERS = 10_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer stands in a row: in one column, or, with several choices, in one column for each.

    ``values`` maps column -> text of a cell -> code; None where cells hold the codes, the number or the text itself.
    Texts are kept as ``same_form`` has them. Those in ``skipped`` are no answer. ``separator`` parts several choices in
    one cell; a blank may be one.
    """

    columns: tuple[str, ...]
    values: Mapping[str, Mapping[str, str]] | None
    skipped: frozenset[str]
    separator: str | None = None


@dataclass(frozen=True, slots=True)
class EarlierWave:
    """What is known of the wave itself. ``invited`` is how many letters were sent, 0 when nobody remembers."""

    code: str
    title: str
    opens_on: date
    closes_on: date
    sample: str
    invited: int


@dataclass(frozen=True, slots=True)
class HistoryMapping:
    """A whole mapping: the wave, its questionnaire, how to read the file, and where each answer stands.

    ``language`` is the language every row was answered in, or the column that says it. ``weight`` is the column with
    the weight that each row brings, calibrated by whoever drew the sample; None where it brings none.
    """

    wave: EarlierWave
    questionnaire: Questionnaire
    encoding: str
    delimiter: str
    language: str | Source
    questions: tuple[tuple[Question, Source], ...]
    weight: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read."""
        of_language = () if isinstance(self.language, str) else self.language.columns
        of_weight = (self.weight,) if self.weight else ()
        return (
            *of_language,
            *of_weight,
            *(column for _question, source in self.questions for column in source.columns),
        )


def same_form(text: str) -> str:
    """A text as it looks: programs write one letter as one sign or as two, and blanks of several kinds and numbers."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def read_mapping(path: Path, questionnaires: Sequence[Questionnaire]) -> HistoryMapping:
    """Read a mapping file against the questionnaires there are.

    Raises ``MunicipalityError`` with file, key and reason.
    """
    table = Table.read(path.parent, path.name)
    questionnaire = _questionnaire(table, questionnaires)
    wave = _wave(table.table("wave"))
    file = table.table("file")
    encoding = _one_of(file, "encoding", ENCODINGS) if file.has("encoding") else UTF_8
    delimiter = DELIMITERS[_one_of(file, "delimiter", DELIMITERS)]
    everywhere = _skipped(file)
    language = _language(table, questionnaire)
    weight = file.word("weight") if file.has("weight") else None
    file.close()
    questions = tuple(_questions(table, questionnaire, everywhere))
    table.close()
    mapping = HistoryMapping(wave, questionnaire, encoding, delimiter, language, questions, weight)
    _refuse_column_read_twice(table, mapping)
    return mapping


def _questionnaire(table: Table, questionnaires: Sequence[Questionnaire]) -> Questionnaire:
    code, version = table.code("questionnaire"), table.whole("version", 1, 9_999)
    for each in questionnaires:
        if (each.code, each.version) == (code, version):
            return each
    known = ", ".join(f"{each.code} version {each.version}" for each in questionnaires)
    raise table.error("questionnaire", f"there is no {code!r} version {version} (there are: {known or 'none'})")


def _wave(table: Table) -> EarlierWave:
    sample = _one_of(table, "sample", SAMPLES)
    if table.has("invited") and sample != INVITED:
        raise table.error("invited", f"only a wave of the sample type {INVITED!r} has letters")
    wave = EarlierWave(
        code=table.word("code"),
        title=table.word("title"),
        opens_on=table.day("opens_on"),
        closes_on=table.day("closes_on"),
        sample=sample,
        invited=table.whole("invited", 1, MOST_LETTERS) if table.has("invited") else 0,
    )
    table.close()
    return wave


def _language(table: Table, questionnaire: Questionnaire) -> str | Source:
    row = table.table("language")
    if row.has("of_all"):
        language: str | Source = row.word("of_all")
        _refuse_unknown(row, "of_all", (language,), questionnaire.languages)
    else:
        column = row.word("column")
        values = _by_text(row)
        _refuse_unknown(row, "values", values.values(), questionnaire.languages)
        language = Source((column,), {column: values}, frozenset())
    row.close()
    return language


def _questions(
    table: Table, questionnaire: Questionnaire, everywhere: frozenset[str]
) -> Iterator[tuple[Question, Source]]:
    mapped = set[str]()
    for row in table.rows("question"):
        code = row.code("code")
        question = questionnaire.by_code.get(code)
        if question is None:
            raise row.error("code", f"{questionnaire.code!r} version {questionnaire.version} has no question {code!r}")
        if code in mapped:
            raise row.error("code", f"{code!r} is mapped twice")
        for condition in question.ask_if:
            if condition.question not in mapped:
                raise row.error(
                    "code", f"{code!r} is asked only after {condition.question!r}, which must be mapped before it"
                )
        mapped.add(code)
        skipped = everywhere | _skipped(row)
        if row.has("columns"):
            yield question, _column_per_choice(row, question, skipped)
        else:
            yield question, _one_column(row, question, skipped)


def _skipped(table: Table) -> frozenset[str]:
    return frozenset(map(same_form, table.words("skipped"))) if table.has("skipped") else frozenset()


def _by_text(row: Table) -> dict[str, str]:
    """``values`` by the form of their texts, which two of them may not share."""
    values: dict[str, str] = {}
    for text, code in row.pairs("values").items():
        if values.setdefault(same_form(text), code) != code:
            raise row.error("values", f"{text!r} looks like another text of the mapping")
    return values


def _one_column(row: Table, question: Question, skipped: frozenset[str]) -> Source:
    column = row.word("column")
    values = _by_text(row) if row.has("values") else None
    if values is not None:
        _refuse_values(row, "values", question, values.values())
        for text in skipped & values.keys():
            raise row.error("values", f"{text!r} is said to be skipped as well")
    separator = None
    if row.has("separator"):
        _refuse_unless_several(row, "separator", question)
        separator = row.string("separator")
    return Source((column,), None if values is None else {column: values}, skipped, separator)


def _column_per_choice(row: Table, question: Question, skipped: frozenset[str]) -> Source:
    """``columns`` maps column -> choice; ``chosen`` and ``not_chosen`` are the texts that say so in each."""
    _refuse_unless_several(row, "columns", question)
    columns = row.pairs("columns")
    _refuse_values(row, "columns", question, columns.values())
    chosen, not_chosen = (tuple(map(same_form, row.words(key))) for key in ("chosen", "not_chosen"))
    for text in chosen:
        if text in not_chosen or text in skipped:
            raise row.error("chosen", f"{text!r} is said to be no choice as well")
    values = {column: dict.fromkeys(chosen, choice) for column, choice in columns.items()}
    return Source(tuple(columns), values, skipped | frozenset(not_chosen))


def _refuse_unless_several(row: Table, key: str, question: Question) -> None:
    if question.kind != SEVERAL:
        raise row.error(key, f"only a question of the kind {SEVERAL!r} has it, {question.code!r} is {question.kind!r}")


def _refuse_values(row: Table, key: str, question: Question, codes: Iterable[str]) -> None:
    if question.choices is None:
        raise row.error(key, f"{question.code!r} has no choices: its cells hold the {question.kind} itself")
    _refuse_unknown(row, key, codes, [choice.code for choice in question.choices.choices])


def _refuse_unknown(row: Table, key: str, codes: Iterable[str], known: Sequence[str]) -> None:
    for code in codes:
        if code not in known:
            raise row.error(key, f"{code!r} is not one of {', '.join(known)}")


def _refuse_column_read_twice(table: Table, mapping: HistoryMapping) -> None:
    """Two questions from one column are a slip of copying far more often than they are meant."""
    seen = set[str]()
    for column in mapping.columns:
        if column in seen:
            raise table.error("question", f"the column {column!r} is mapped twice")
        seen.add(column)


def _one_of(table: Table, key: str, known: Iterable[str]) -> str:
    value = table.word(key)
    if value not in known:
        raise table.error(key, f"{value!r} is not one of {', '.join(map(repr, known))}")
    return value
